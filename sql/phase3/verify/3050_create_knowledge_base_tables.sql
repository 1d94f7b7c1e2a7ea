-- check: the three tables have their columns
SELECT w.table_name, w.column_name, w.type AS wanted, pg_catalog.format_type(a.atttypid, a.atttypmod) AS found
FROM (
    VALUES
    ('kb_sections', 'id', 'uuid'), ('kb_sections', 'slug', 'text'), ('kb_sections', 'title', 'text'),
    ('kb_sections', 'sort_order', 'integer'), ('kb_article_feedback', 'id', 'uuid'), ('kb_article_feedback', 'is_helpful', 'boolean'),
    ('kb_article_feedback', 'comment', 'text'), ('kb_article_related', 'id', 'uuid'), ('kb_article_related', 'sort_order', 'integer')
) AS w (table_name, column_name, type)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
WHERE pg_catalog.format_type(a.atttypid, a.atttypmod) IS DISTINCT FROM w.type
ORDER BY 1, 2;

-- check: every reference of the three tables is a validated foreign key with an index
SELECT w.table_name, w.column_name,
    CASE WHEN k.oid IS NULL THEN 'no foreign key' WHEN NOT k.convalidated THEN 'not validated' ELSE 'no index' END AS reason
FROM (
    VALUES
    ('kb_sections', 'category_id', 'kb_categories'), ('kb_article_feedback', 'article_id', 'kb_articles'),
    ('kb_article_feedback', 'user_id', 'users'), ('kb_article_related', 'article_id', 'kb_articles'),
    ('kb_article_related', 'related_article_id', 'kb_articles')
) AS w (table_name, column_name, target)
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = pg_catalog.to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
    AND k.confrelid = pg_catalog.to_regclass('public.' || w.target)
WHERE k.convalidated IS NOT TRUE
   OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index AS i WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indisvalid)
ORDER BY 1, 2;

-- check: no article is related to itself, and no pair stands twice
SELECT r.id, r.article_id, r.related_article_id
FROM public.kb_article_related AS r
WHERE r.article_id = r.related_article_id
   OR EXISTS (
    SELECT 1 FROM public.kb_article_related AS o
    WHERE o.id <> r.id
      AND ((o.article_id = r.article_id AND o.related_article_id = r.related_article_id)
           OR (o.article_id = r.related_article_id AND o.related_article_id = r.article_id)))
ORDER BY 1;

-- check: no user has two opinions on an article
SELECT f.article_id, f.user_id, count(*) AS opinions
FROM public.kb_article_feedback AS f
WHERE f.user_id IS NOT NULL
GROUP BY f.article_id, f.user_id
HAVING count(*) > 1
ORDER BY 1, 2;

-- check: whoever may use categories and articles may use what belongs to them
SELECT w.table_name, g.grantee::pg_catalog.regrole AS grantee, g.privilege_type
FROM (
    VALUES ('kb_categories', 'kb_sections'), ('kb_articles', 'kb_article_feedback'), ('kb_articles', 'kb_article_related')
) AS w (source, table_name)
CROSS JOIN LATERAL (
    SELECT a.grantee, a.privilege_type
    FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
    WHERE c.oid = pg_catalog.to_regclass('public.' || w.source) AND a.grantee <> c.relowner
) AS g
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS a
    WHERE c.oid = pg_catalog.to_regclass('public.' || w.table_name) AND a.privilege_type = g.privilege_type
      AND (a.grantee = g.grantee OR c.relowner = g.grantee))
ORDER BY 1, 2, 3;
