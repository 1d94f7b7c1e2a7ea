-- Problem 8: Incomplete Knowledge Base
--
-- phase: 3

-- check: the knowledge base has sections, feedback and related articles
WITH tables AS (
    SELECT c.oid, c.relname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relkind IN ('r', 'p', 'f')
)

SELECT 'kb_articles' AS table_name, 'kb_articles' AS object, 'issue' AS status,
    'Missing ' || pg_catalog.string_agg(w.what, ', ' ORDER BY w.what DESC) AS why
FROM tables AS t
JOIN (VALUES ('section_id'), ('kb_article_feedback')) AS w (what) ON true
WHERE t.relname = 'kb_articles'
  AND NOT EXISTS (SELECT FROM tables AS f WHERE f.relname = w.what)
  AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = t.oid AND a.attname = w.what AND NOT a.attisdropped)
GROUP BY t.relname
UNION ALL
SELECT * FROM (
    SELECT w.table_name, w.table_name, 'missing', 'Not implemented'
    FROM (
        VALUES
        (1, 'kb_sections'), (2, 'kb_article_feedback'), (3, 'kb_article_related')
    ) AS w (place, table_name)
    WHERE NOT EXISTS (SELECT FROM tables AS t WHERE t.relname = w.table_name)
    ORDER BY w.place
) AS missing;
