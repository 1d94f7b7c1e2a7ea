-- Give articles their section, and let the two backends agree on it: one knows categories, the other sections.
--
-- kind: expand
-- depends: 3050_create_knowledge_base_tables
-- locks: public.kb_articles ACCESS EXCLUSIVE for the column; it and public.kb_categories SHARE ROW EXCLUSIVE for key and triggers

-- How it works, and why:
--   · An article that names a section has that section's category. An article that names none, or whose category the old
--     backend changes, goes to the general section of its category. The trigger before the write only computes.
--   · Each new category gets its general section at once. Where it has been deleted, another of its sections does; where there is
--     none at all, the trigger after the write of the article makes it, and so the foreign key is checked at the end.
--   · The id of a general section is computed from its category's, so that each apply gives it the same.
--   · When the old backend deletes a category, its sections stay as sections of no category and keep their articles; those of
--     its general section go to the general section of articles without a category.
--   · The triggers act for their owner, and rest while nxtgauge_migration.backfill is 'on'.

-- unit: column
-- locks: public.kb_articles ACCESS EXCLUSIVE

ALTER TABLE public.kb_articles ADD COLUMN section_id uuid;

COMMENT ON COLUMN public.kb_articles.section_id IS
    'nxtgauge-migrate: the section of the knowledge base in which the article stands; category_id is that section''s category.';

-- unit: sections of an earlier time
-- transactional: false

-- The file runs outside any transaction here, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

-- While the column is all NULL the index is built in no time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS kb_articles_section_id_idx ON public.kb_articles (section_id);
COMMENT ON INDEX public.kb_articles_section_id_idx IS 'nxtgauge-migrate: for the foreign key, and the list of a section.';

CALL nxtgauge_migration.refill_columns('3051_add_article_sections', 'public.kb_articles');

-- unit: functions

CREATE FUNCTION nxtgauge_migration.general_section_id(category_id text) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
RETURN overlay(overlay(
    encode(substr(sha256(convert_to('kb_section/' || coalesce(category_id, ''), 'UTF8')), 1, 16), 'hex'), '8', 13), '8', 17)::uuid;

COMMENT ON FUNCTION nxtgauge_migration.general_section_id(text) IS
    'The id of the general section of a category, or (NULL) of articles without one: a uuid (version 8), the same at each apply.';

CREATE FUNCTION nxtgauge_migration.section_of(category text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    key   public.kb_sections.category_id%TYPE := category;
    found uuid;
BEGIN
    SELECT s.id INTO found FROM public.kb_sections AS s
    WHERE s.category_id IS NOT DISTINCT FROM key AND s.id = nxtgauge_migration.general_section_id(category);
    IF found IS NULL AND key IS NOT NULL THEN
        SELECT s.id INTO found FROM public.kb_sections AS s
        WHERE s.category_id = key ORDER BY s.slug <> 'general', s.sort_order, s.id LIMIT 1;
    END IF;
    RETURN coalesce(found, nxtgauge_migration.general_section_id(category));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.section_of(text) IS
    'The section for an article of which only the category is known: the general one, else the first, else the id of one to be made.';

CREATE FUNCTION nxtgauge_migration.make_general_sections() RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
    INSERT INTO public.kb_sections (id, category_id, slug, title)
    SELECT nxtgauge_migration.general_section_id(c.id::text), c.id, 'general', 'General'
    FROM public.kb_categories AS c
    WHERE NOT EXISTS (SELECT FROM public.kb_sections AS s WHERE s.category_id = c.id)
    UNION ALL
    SELECT nxtgauge_migration.general_section_id(NULL), NULL, 'general', 'General'
    ON CONFLICT DO NOTHING
$$;

COMMENT ON FUNCTION nxtgauge_migration.make_general_sections() IS
    'Makes the general section of each category that has no section, and that of articles without a category.';

CREATE FUNCTION nxtgauge_migration.place_article() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    home       record;
    known      public.kb_categories.id%TYPE;
    is_leaving boolean;
BEGIN
    IF NEW.section_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.section_id IS DISTINCT FROM OLD.section_id) THEN
        -- As the new backend writes it. The section is locked, so that it does not change its category unseen.
        SELECT s.category_id INTO home FROM public.kb_sections AS s WHERE s.id = NEW.section_id FOR SHARE;
        IF FOUND AND NEW.category_id IS DISTINCT FROM home.category_id THEN
            NEW.category_id := home.category_id;
        END IF;
        RETURN NEW;
    END IF;

    -- As the old one writes it. Without a foreign key it may name a category that is not there.
    SELECT c.id INTO known FROM public.kb_categories AS c WHERE c.id = NEW.category_id;
    IF NEW.section_id IS NOT NULL THEN
        -- A category that is being deleted leaves its sections behind, and their articles in them, but for its general one;
        -- which of them the server takes it from first depends on the names of its own triggers.
        is_leaving := NEW.category_id IS NULL AND NOT EXISTS (SELECT FROM public.kb_categories AS c WHERE c.id = OLD.category_id);
        SELECT s.category_id INTO home FROM public.kb_sections AS s WHERE s.id = NEW.section_id;
        IF FOUND AND (CASE WHEN is_leaving
                           THEN NEW.section_id <> nxtgauge_migration.general_section_id(OLD.category_id::text)
                           ELSE home.category_id IS NOT DISTINCT FROM known END) THEN
            RETURN NEW;
        END IF;
    END IF;
    NEW.section_id := nxtgauge_migration.section_of(known::text);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.place_article() IS
    'Before an article is written: gives it the category of the section it names, or a section of its category.';

CREATE FUNCTION nxtgauge_migration.keep_article_section() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.kb_sections AS s WHERE s.id = NEW.section_id) THEN
        INSERT INTO public.kb_sections (id, category_id, slug, title)
        SELECT NEW.section_id, c.id, 'general', 'General'
        FROM (SELECT 1) AS one
        LEFT JOIN public.kb_categories AS c ON c.id = NEW.category_id
        WHERE NEW.section_id = nxtgauge_migration.general_section_id(c.id::text)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.keep_article_section() IS
    'After an article is written: makes the general section it was placed in, where it is missing.';

CREATE FUNCTION nxtgauge_migration.make_general_section() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    INSERT INTO public.kb_sections (id, category_id, slug, title)
    VALUES (nxtgauge_migration.general_section_id(NEW.id::text), NEW.id, 'general', 'General')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.make_general_section() IS 'After a category is made: makes its general section.';

CREATE FUNCTION nxtgauge_migration.remove_general_section() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    DELETE FROM public.kb_sections AS s
    WHERE s.id = nxtgauge_migration.general_section_id(OLD.id::text)
      AND NOT EXISTS (SELECT FROM public.kb_articles AS a WHERE a.section_id = s.id);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_general_section() IS
    'After a category is deleted: deletes its general section, when no article is left in it.';

CREATE FUNCTION nxtgauge_migration.carry_section() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
BEGIN
    -- When a category is deleted, its own foreign key says what becomes of category_id.
    IF NEW.category_id IS NOT NULL OR EXISTS (SELECT FROM public.kb_categories AS c WHERE c.id = OLD.category_id) THEN
        UPDATE public.kb_articles AS a
        SET category_id = NEW.category_id
        WHERE a.section_id = NEW.id AND a.category_id IS DISTINCT FROM NEW.category_id;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_section() IS
    'After a section is moved to another category: moves its articles there, where the old backend sees them.';

REVOKE ALL ON FUNCTION nxtgauge_migration.section_of(text)         FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.make_general_sections()  FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.place_article()          FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.keep_article_section()   FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.make_general_section()   FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.remove_general_section() FROM PUBLIC;
REVOKE ALL ON FUNCTION nxtgauge_migration.carry_section()          FROM PUBLIC;

-- unit: categories
-- locks: public.kb_categories SHARE ROW EXCLUSIVE

CREATE TRIGGER make_general_section
    AFTER INSERT ON public.kb_categories
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_general_section();

CREATE TRIGGER remove_general_section
    AFTER DELETE ON public.kb_categories
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.remove_general_section();

COMMENT ON TRIGGER make_general_section   ON public.kb_categories IS 'nxtgauge-migrate: each category has a section.';
COMMENT ON TRIGGER remove_general_section ON public.kb_categories IS 'nxtgauge-migrate: the general section goes with its category.';

-- unit: articles
-- locks: public.kb_articles SHARE ROW EXCLUSIVE, public.kb_sections SHARE ROW EXCLUSIVE

-- A choice that came back while a section did not is given up: the article is placed anew.
ALTER TABLE public.kb_articles ADD CONSTRAINT kb_articles_section_id_fkey
    FOREIGN KEY (section_id) REFERENCES public.kb_sections (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;

CREATE TRIGGER place_article
    BEFORE INSERT ON public.kb_articles
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.place_article();

CREATE TRIGGER move_article
    BEFORE UPDATE ON public.kb_articles
    FOR EACH ROW
    WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on'
          AND (NEW.section_id IS NULL OR NEW.section_id IS DISTINCT FROM OLD.section_id
               OR NEW.category_id IS DISTINCT FROM OLD.category_id))
    EXECUTE FUNCTION nxtgauge_migration.place_article();

CREATE TRIGGER keep_article_section
    AFTER INSERT OR UPDATE ON public.kb_articles
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.keep_article_section();

CREATE TRIGGER carry_section
    AFTER UPDATE ON public.kb_sections
    FOR EACH ROW
    WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on'
          AND NEW.category_id IS DISTINCT FROM OLD.category_id)
    EXECUTE FUNCTION nxtgauge_migration.carry_section();

COMMENT ON TRIGGER place_article        ON public.kb_articles IS 'nxtgauge-migrate: each article stands in a section.';
COMMENT ON TRIGGER move_article         ON public.kb_articles IS 'nxtgauge-migrate: an article has the category of its section.';
COMMENT ON TRIGGER keep_article_section ON public.kb_articles IS 'nxtgauge-migrate: the section of an article is there.';
COMMENT ON TRIGGER carry_section        ON public.kb_sections IS 'nxtgauge-migrate: articles move with their section.';
