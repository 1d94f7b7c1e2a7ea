-- check: the tables of the knowledge base left the public schema
SELECT c.oid::pg_catalog.regclass AS table_name
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = 'public'::pg_catalog.regnamespace
  AND c.relname IN ('kb_sections', 'kb_article_feedback', 'kb_article_related')
ORDER BY 1;

-- check: the tables of the knowledge base are parked, not lost
SELECT w.source, 'nothing is parked' AS reason
FROM (VALUES ('public.kb_sections'), ('public.kb_article_feedback'), ('public.kb_article_related')) AS w (source)
WHERE NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.parked AS p
    WHERE p.step = '3050_create_knowledge_base_tables' AND p.source = w.source AND p.state = 'parked')
ORDER BY 1;
