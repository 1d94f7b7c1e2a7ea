-- What the steps of the knowledge base build on. Everything here asks the catalogue alone, so it answers on any database, and on
-- one where the phase is applied already.

-- check: no relation of somebody else has a name that the knowledge base needs
SELECT pg_catalog.format('%I.%I', 'public', c.relname) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 3 creates something of this name.' AS next_step
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = pg_catalog.to_regnamespace('public')
  AND c.relname IN (
    'kb_sections', 'kb_article_feedback', 'kb_article_related', 'kb_sections_pkey', 'kb_sections_category_id_slug_key',
    'kb_article_feedback_pkey', 'kb_article_feedback_article_id_user_id_key', 'kb_article_feedback_user_id_idx',
    'kb_article_related_pkey', 'kb_article_related_article_id_idx', 'kb_article_related_related_article_id_idx',
    'kb_article_related_pair_idx', 'kb_articles_section_id_idx')
  AND coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  AND coalesce(pg_catalog.obj_description(i.indrelid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  -- An index that was built, or interrupted, before it got its comment.
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      AND pg_catalog.col_description(a.attrelid, a.attnum) LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: no column of somebody else has a name that the knowledge base needs
SELECT 'public.kb_articles.section_id' AS object, 'was not made by this kit' AS reason,
    'ALTER TABLE public.kb_articles RENAME COLUMN section_id TO …;' AS next_step
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass('public.kb_articles') AND a.attname = 'section_id' AND NOT a.attisdropped
  AND coalesce(pg_catalog.col_description(a.attrelid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%';

-- check: no constraint of somebody else has a name that the knowledge base needs
SELECT pg_catalog.format('constraint %I of public.kb_articles', k.conname) AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.kb_articles RENAME CONSTRAINT %I TO …;', k.conname) AS next_step
FROM pg_catalog.pg_constraint AS k
WHERE k.conrelid = pg_catalog.to_regclass('public.kb_articles')
  AND k.conname IN ('kb_articles_section_id_fkey', 'kb_articles_section_id_present_check')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = k.conrelid AND a.attname = 'section_id' AND NOT a.attisdropped
      AND pg_catalog.col_description(a.attrelid, a.attnum) LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: no trigger of somebody else has a name that the knowledge base needs
SELECT pg_catalog.format('trigger %I on %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS object,
    'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TRIGGER %I ON %s RENAME TO …;', t.tgname, t.tgrelid::pg_catalog.regclass) AS next_step
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
WHERE NOT t.tgisinternal AND n.nspname <> 'nxtgauge_migration'
  AND ((t.tgrelid = pg_catalog.to_regclass('public.kb_articles')
        AND t.tgname IN ('place_article', 'move_article', 'keep_article_section'))
       OR (t.tgrelid = pg_catalog.to_regclass('public.kb_categories')
           AND t.tgname IN ('make_general_section', 'remove_general_section')))
ORDER BY 1;

-- check: the tables of the knowledge base are there, as ordinary tables
SELECT 'public.' || w.table_name AS object,
    CASE WHEN c.oid IS NULL THEN 'missing' WHEN c.relkind = 'p' THEN 'partitioned' ELSE 'not a table' END AS reason,
    'Create the table, even empty, or make an ordinary table of it.' AS next_step
FROM (VALUES ('users'), ('kb_categories'), ('kb_articles')) AS w (table_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE c.oid IS NULL OR c.relkind <> 'r'
ORDER BY 1;

-- check: articles and categories have the columns by which they are placed, each of a usable type
SELECT 'public.' || w.table_name || '.' || w.column_name AS object,
    CASE WHEN a.attname IS NULL THEN 'missing' ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 3 needs it as uuid, or a string that holds one; an article''s category_id as the id it refers to.' AS next_step
FROM (VALUES ('kb_articles', 'id'), ('kb_categories', 'id'), ('kb_articles', 'category_id')) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attribute AS i
    ON w.column_name = 'category_id' AND i.attrelid = pg_catalog.to_regclass('public.kb_categories') AND i.attname = 'id'
LEFT JOIN pg_catalog.pg_type AS u ON u.oid = i.atttypid
WHERE NOT coalesce(t.oid = 'uuid'::pg_catalog.regtype OR t.typcategory = 'S', false)
   OR (u.oid <> t.oid AND NOT (t.typcategory = 'S' AND u.typcategory = 'S'))
   OR a.attgenerated <> ''
ORDER BY 1;

-- check: articles and categories are identified by their id
SELECT 'public.' || c.relname || '.id' AS object, 'is not unique and NOT NULL' AS reason,
    pg_catalog.format('ALTER TABLE public.%I ADD PRIMARY KEY (id);', c.relname) AS next_step
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id' AND NOT a.attisdropped
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND c.relname IN ('kb_categories', 'kb_articles')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND a.attnotnull)
ORDER BY 1;

-- check: this role may change the tables of the knowledge base, and sees all their rows
SELECT 'public.' || c.relname AS object,
    CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN 'row-level security hides rows from this role'
         ELSE 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) END AS reason,
    'Run the kit as the owner of the tables, and let row-level security not be forced on the owner.' AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r' AND c.relname IN ('kb_categories', 'kb_articles')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.row_security_active(c.oid))
ORDER BY 1;
