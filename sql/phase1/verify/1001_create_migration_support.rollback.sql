-- What must hold after the support functions have gone: the memory stays whole, for a later apply.

-- check: the tables of this step are there and belong to the owner of the schema
SELECT t.name, coalesce('belongs to ' || pg_catalog.pg_get_userbyid(c.relowner), 'is missing') AS defect
FROM (VALUES ('parked'), ('parked_definition'), ('added_column'), ('purge')) AS t (name)
CROSS JOIN pg_catalog.pg_namespace AS n
LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.name AND c.relkind = 'r'
WHERE n.nspname = 'nxtgauge_migration' AND (c.oid IS NULL OR c.relowner <> n.nspowner)
ORDER BY t.name;

-- check: whatever is parked lies in its schema
SELECT p.id, p.step, p.source, p.kind, p.holder || ' does not hold it' AS defect
FROM nxtgauge_migration.parked AS p
WHERE NOT (p.kind = 'table' AND p.state = 'restoring')
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = p.holder AND c.relkind = 'r' AND c.relname = (pg_catalog.parse_ident(p.source))[2])
ORDER BY p.id;
