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
