-- Make it a rule that every article stands in a section.
--
-- kind: expand
-- depends: 3052_place_articles
-- locks: public.kb_articles ACCESS EXCLUSIVE twice, for milliseconds; the table is read without keeping clients out

-- Squawk takes the file for one transaction; it is one per unit, and the check it drops is this step's own.
-- squawk-ignore-file ban-drop-constraint, constraint-missing-not-valid, adding-not-nullable-field

-- unit: require a section
-- locks: public.kb_articles ACCESS EXCLUSIVE

ALTER TABLE public.kb_articles
    ADD CONSTRAINT kb_articles_section_id_present_check CHECK (section_id IS NOT NULL) NOT VALID;

-- unit: validation
-- transactional: false

ALTER TABLE public.kb_articles VALIDATE CONSTRAINT kb_articles_section_id_present_check;

-- unit: make it NOT NULL
-- locks: public.kb_articles ACCESS EXCLUSIVE

ALTER TABLE public.kb_articles ALTER COLUMN section_id SET NOT NULL;
ALTER TABLE public.kb_articles DROP CONSTRAINT kb_articles_section_id_present_check;
