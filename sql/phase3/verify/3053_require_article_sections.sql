-- check: every article requires a section, by a validated foreign key
SELECT 'public.kb_articles.section_id' AS column_name, a.attnotnull AS is_required, k.convalidated AS is_validated
FROM pg_catalog.pg_attribute AS a
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = a.attrelid AND k.conname = 'kb_articles_section_id_fkey'
WHERE a.attrelid = pg_catalog.to_regclass('public.kb_articles') AND a.attname = 'section_id' AND NOT a.attisdropped
  AND (NOT a.attnotnull OR k.convalidated IS NOT TRUE);
