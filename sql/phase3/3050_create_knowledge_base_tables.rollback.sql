-- Park the three tables: they move aside whole, and a later apply brings their rows back.
--
-- locks: each of the three with the legacy tables it refers to, ACCESS EXCLUSIVE, brief

-- unit: kb_article_related
-- locks: public.kb_articles ACCESS EXCLUSIVE, public.kb_article_related ACCESS EXCLUSIVE

-- The trigger would tie the parked table to a function that leaves with 1010.
DROP TRIGGER keep_timestamps ON public.kb_article_related;
SELECT nxtgauge_migration.park_table('3050_create_knowledge_base_tables', 'public.kb_article_related');

-- unit: kb_article_feedback
-- locks: public.kb_articles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE, public.kb_article_feedback ACCESS EXCLUSIVE

DROP TRIGGER keep_timestamps ON public.kb_article_feedback;
SELECT nxtgauge_migration.park_table('3050_create_knowledge_base_tables', 'public.kb_article_feedback');

-- unit: kb_sections
-- locks: public.kb_categories ACCESS EXCLUSIVE, public.kb_sections ACCESS EXCLUSIVE

DROP TRIGGER keep_timestamps ON public.kb_sections;
SELECT nxtgauge_migration.park_table('3050_create_knowledge_base_tables', 'public.kb_sections');
