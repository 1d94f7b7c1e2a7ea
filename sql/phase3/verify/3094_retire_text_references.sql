-- check: no reference is kept as text
SELECT w.table_name, w.column_name
FROM (
    VALUES
    ('employees', 'department_id'),
    ('payments', 'package_id'),
    ('email_logs', 'user_id'),
    ('support_tickets', 'assigned_to'),
    ('support_ticket_messages', 'sender_id'),
    ('kb_articles', 'author_id'),
    ('runtime_configs', 'updated_by'),
    ('coupon_redemptions', 'legacy_payment_id'),
    ('tracecoin_ledger', 'reference_id')
) AS w (table_name, column_name)
JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
ORDER BY 1;

-- check: every text reference rests in the support schema
SELECT w.table_name, w.column_name, p.state
FROM (
    VALUES
    ('employees', 'department_id'),
    ('payments', 'package_id'),
    ('email_logs', 'user_id'),
    ('support_tickets', 'assigned_to'),
    ('support_ticket_messages', 'sender_id'),
    ('kb_articles', 'author_id'),
    ('runtime_configs', 'updated_by'),
    ('coupon_redemptions', 'legacy_payment_id'),
    ('tracecoin_ledger', 'reference_id')
) AS w (table_name, column_name)
LEFT JOIN nxtgauge_migration.parked AS p
    ON p.step = '3094_retire_text_references' AND p.source = 'public.' || w.table_name AND w.column_name = ANY (p.column_names)
WHERE p.state IS DISTINCT FROM 'parked'
  -- Unless it was purged.
  AND NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.purge AS g
    WHERE g.step = '3094_retire_text_references' AND g.source = 'public.' || w.table_name)
ORDER BY 1;

-- check: no trigger keeps a text reference any more
SELECT t.tgrelid::regclass AS table_name, t.tgname AS trigger_name
FROM pg_catalog.pg_trigger AS t
WHERE t.tgname = 'zz_pair_references' AND NOT t.tgisinternal
ORDER BY 1;
