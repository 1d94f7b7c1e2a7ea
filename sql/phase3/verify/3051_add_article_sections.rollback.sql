-- check: which section an article stood in is parked, not lost
SELECT 'public.kb_articles.section_id' AS column_name, 'nothing is parked' AS reason
WHERE NOT EXISTS (
    SELECT 1 FROM nxtgauge_migration.parked AS p
    WHERE p.step = '3051_add_article_sections' AND p.source = 'public.kb_articles' AND p.state = 'parked');
