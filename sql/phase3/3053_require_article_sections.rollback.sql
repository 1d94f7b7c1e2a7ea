-- Let articles be without a section again.
--
-- locks: public.kb_articles ACCESS EXCLUSIVE, brief

-- unit: make it NOT NULL
-- locks: public.kb_articles ACCESS EXCLUSIVE

ALTER TABLE public.kb_articles ALTER COLUMN section_id DROP NOT NULL;

-- unit: forget the check
-- locks: public.kb_articles ACCESS EXCLUSIVE

-- IF EXISTS: it is there only where the step was interrupted.
ALTER TABLE public.kb_articles DROP CONSTRAINT IF EXISTS kb_articles_section_id_present_check;
