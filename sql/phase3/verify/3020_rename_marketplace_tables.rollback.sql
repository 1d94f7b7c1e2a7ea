-- check: every table has its old name again
SELECT w.old_name, coalesce(c.relkind::text, 'missing') AS found
FROM (VALUES ('applications'), ('requirements'), ('coupon_uses')) AS w (old_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.old_name AND c.relnamespace = 'public'::pg_catalog.regnamespace
WHERE c.relkind IS DISTINCT FROM 'r'
ORDER BY 1;

-- check: no new name is left
SELECT t.old_table, t.new_table, p.kind, p.new_name
FROM nxtgauge_migration.renamed_table AS t
LEFT JOIN nxtgauge_migration.renamed_part AS p ON p.old_table = t.old_table
ORDER BY 1, 3, 4;
