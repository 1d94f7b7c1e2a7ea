-- check: the articles have been gone through to their end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3052_place_articles')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: every article stands in a section, and has the category of that section
SELECT a.id AS article_id, a.slug, a.section_id, a.category_id, s.category_id AS category_of_section
FROM public.kb_articles AS a
LEFT JOIN public.kb_categories AS c ON c.id = a.category_id
LEFT JOIN public.kb_sections AS s ON s.id = a.section_id
WHERE s.id IS NULL OR s.category_id IS DISTINCT FROM c.id
ORDER BY 1;

-- check: every category has a section
SELECT c.id AS category_id, c.slug
FROM public.kb_categories AS c
WHERE NOT EXISTS (SELECT 1 FROM public.kb_sections AS s WHERE s.category_id = c.id)
ORDER BY 1;
