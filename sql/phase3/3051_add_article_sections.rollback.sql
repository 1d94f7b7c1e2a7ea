-- Take the sections of articles away. Which section each stood in is parked; the categories say what they always said.
--
-- locks: public.kb_articles ACCESS EXCLUSIVE; it with public.kb_sections, and public.kb_categories: each brief

-- unit: articles
-- locks: public.kb_articles ACCESS EXCLUSIVE, public.kb_sections ACCESS EXCLUSIVE

DROP TRIGGER carry_section ON public.kb_sections;
DROP TRIGGER keep_article_section ON public.kb_articles;
DROP TRIGGER move_article ON public.kb_articles;
DROP TRIGGER place_article ON public.kb_articles;
ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_section_id_fkey;

-- unit: categories
-- locks: public.kb_categories ACCESS EXCLUSIVE

DROP TRIGGER remove_general_section ON public.kb_categories;
DROP TRIGGER make_general_section ON public.kb_categories;

-- unit: functions

DROP FUNCTION nxtgauge_migration.carry_section();
DROP FUNCTION nxtgauge_migration.remove_general_section();
DROP FUNCTION nxtgauge_migration.make_general_section();
DROP FUNCTION nxtgauge_migration.keep_article_section();
DROP FUNCTION nxtgauge_migration.place_article();
DROP FUNCTION nxtgauge_migration.make_general_sections();
DROP FUNCTION nxtgauge_migration.section_of(text);
DROP FUNCTION nxtgauge_migration.general_section_id(text);

-- unit: index
-- transactional: false

-- IF EXISTS, because this must be able to run again after an interruption.
DROP INDEX CONCURRENTLY IF EXISTS public.kb_articles_section_id_idx;

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('3051_add_article_sections', 'public.kb_articles', ARRAY['section_id']);

-- unit: capture
-- locks: public.kb_articles SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3051_add_article_sections', 'public.kb_articles', ARRAY['section_id']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3051_add_article_sections', 'public.kb_articles');

-- unit: column
-- locks: public.kb_articles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('3051_add_article_sections', 'public.kb_articles', follow => false);
