-- check: articles have a section, by an indexed foreign key
SELECT w.what AS missing
FROM (VALUES ('column section_id'), ('foreign key kb_articles_section_id_fkey'), ('index kb_articles_section_id_idx')) AS w (what)
WHERE NOT CASE w.what
    WHEN 'column section_id' THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = pg_catalog.to_regclass('public.kb_articles') AND a.attname = 'section_id'
          AND a.atttypid = 'uuid'::pg_catalog.regtype AND NOT a.attisdropped)
    WHEN 'foreign key kb_articles_section_id_fkey' THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = pg_catalog.to_regclass('public.kb_articles') AND k.conname = 'kb_articles_section_id_fkey'
          AND k.confrelid = pg_catalog.to_regclass('public.kb_sections') AND k.condeferred)
    ELSE EXISTS (
        SELECT 1 FROM pg_catalog.pg_index AS i
        WHERE i.indexrelid = pg_catalog.to_regclass('public.kb_articles_section_id_idx') AND i.indisvalid) END
ORDER BY 1;

-- check: the triggers keep categories and sections of articles equal
SELECT w.table_name, w.trigger_name, coalesce(t.tgenabled::text, 'missing') AS found
FROM (
    VALUES
    ('public.kb_articles', 'place_article'), ('public.kb_articles', 'move_article'), ('public.kb_articles', 'keep_article_section'),
    ('public.kb_sections', 'carry_section'), ('public.kb_categories', 'make_general_section'),
    ('public.kb_categories', 'remove_general_section')
) AS w (table_name, trigger_name)
LEFT JOIN pg_catalog.pg_trigger AS t
    ON t.tgrelid = pg_catalog.to_regclass(w.table_name) AND t.tgname = w.trigger_name AND NOT t.tgisinternal
WHERE coalesce(t.tgenabled NOT IN ('O', 'A'), true)
ORDER BY 1, 2;

-- check: the functions behind them act for their owner, with everything pinned
SELECT w.name AS function_name, p.prosecdef, p.proconfig
FROM (
    VALUES ('place_article'), ('keep_article_section'), ('carry_section'), ('make_general_section'), ('remove_general_section')
) AS w (name)
LEFT JOIN pg_catalog.pg_proc AS p
    ON p.proname = w.name AND p.pronamespace = pg_catalog.to_regnamespace('nxtgauge_migration')
WHERE p.prosecdef IS NOT TRUE
   OR NOT p.proconfig @> ARRAY['search_path=pg_catalog, public, pg_temp', 'row_security=off']
ORDER BY 1;
