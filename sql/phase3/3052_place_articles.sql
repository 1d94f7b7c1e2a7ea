-- Place every existing article: in the section it was in before a rollback, if that is still one of its category, else in the
-- general one.
--
-- kind: backfill
-- depends: 3051_add_article_sections
-- locks: none; each batch locks its rows, and skips those that a client has locked
-- transactional: false

SELECT nxtgauge_migration.make_general_sections();

CALL nxtgauge_migration.run_batches('3052_place_articles', 'public.kb_articles', $$
    UPDATE public.kb_articles AS t
    SET section_id = nxtgauge_migration.section_of(w.category)
    FROM (
        SELECT a.id, c.id::text AS category
        FROM pg_temp.nxtgauge_batch AS b
        JOIN public.kb_articles AS a ON a.id = b.id
        LEFT JOIN public.kb_categories AS c ON c.id = a.category_id
        LEFT JOIN public.kb_sections AS s ON s.id = a.section_id
        WHERE s.id IS NULL OR s.category_id IS DISTINCT FROM c.id
    ) AS w
    WHERE t.id = w.id
$$);

-- General sections that came back of categories which were deleted meanwhile, and of which no article is left.
DELETE FROM public.kb_sections AS s
WHERE s.category_id IS NULL AND s.slug = 'general' AND s.id <> nxtgauge_migration.general_section_id(NULL)
  AND NOT EXISTS (SELECT FROM public.kb_articles AS a WHERE a.section_id = s.id);

ALTER TABLE public.kb_articles VALIDATE CONSTRAINT kb_articles_section_id_fkey;

ANALYZE public.kb_sections;
