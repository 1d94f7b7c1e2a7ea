-- Create the sections of the knowledge base, the feedback on its articles, and which articles are related.
--
-- kind: expand
-- depends: 2090_retire_legacy_profile_columns
-- locks: public.kb_categories, public.kb_articles and public.users SHARE ROW EXCLUSIVE for foreign keys, brief

-- Squawk takes the file for one transaction; it is one per unit, and what validates runs outside any.
-- squawk-ignore-file constraint-missing-not-valid

-- The references to legacy tables come after the rows that an earlier rollback parked: what a row refers to may have gone
-- meanwhile, and what the foreign key would have done is then done before it is validated.

-- unit: tables

CREATE TABLE public.kb_sections (
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    category_id uuid,
    slug        text        NOT NULL,
    title       text        NOT NULL,
    description text,
    sort_order  integer     NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT kb_sections_pkey PRIMARY KEY (id),
    CONSTRAINT kb_sections_category_id_slug_key UNIQUE (category_id, slug)
);

COMMENT ON TABLE  public.kb_sections IS
    'nxtgauge-migrate: the sections of a category of the knowledge base. Each category begins with one called general.';
COMMENT ON COLUMN public.kb_sections.category_id IS
    'The category it is part of; NULL: of none, such as the section of articles without a category.';
COMMENT ON COLUMN public.kb_sections.slug        IS 'Its name in addresses, unique in the category.';
COMMENT ON COLUMN public.kb_sections.title       IS 'Its name as readers see it.';
COMMENT ON COLUMN public.kb_sections.description IS 'What it is about, if that needs saying.';
COMMENT ON COLUMN public.kb_sections.sort_order  IS 'Its place among the sections of the category, smallest first.';

CREATE TABLE public.kb_article_feedback (
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    article_id uuid        NOT NULL,
    user_id    uuid,
    is_helpful boolean     NOT NULL,
    comment    text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT kb_article_feedback_pkey PRIMARY KEY (id),
    CONSTRAINT kb_article_feedback_article_id_user_id_key UNIQUE (article_id, user_id)
);

COMMENT ON TABLE  public.kb_article_feedback IS
    'nxtgauge-migrate: whether an article helped its readers; one opinion per user and article, any number from unknown readers.';
COMMENT ON COLUMN public.kb_article_feedback.article_id IS 'The article.';
COMMENT ON COLUMN public.kb_article_feedback.user_id    IS 'Who says so; NULL: nobody who was signed in, or a user who is gone.';
COMMENT ON COLUMN public.kb_article_feedback.is_helpful IS 'Whether the article helped.';
COMMENT ON COLUMN public.kb_article_feedback.comment    IS 'What the reader adds in words.';

CREATE TABLE public.kb_article_related (
    id                 uuid        NOT NULL DEFAULT gen_random_uuid(),
    article_id         uuid        NOT NULL,
    related_article_id uuid        NOT NULL,
    sort_order         integer     NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT kb_article_related_pkey PRIMARY KEY (id),
    CONSTRAINT kb_article_related_related_article_id_check CHECK (related_article_id <> article_id)
);

COMMENT ON TABLE  public.kb_article_related IS
    'nxtgauge-migrate: pairs of articles that belong together. A pair stands once, and holds in both directions.';
COMMENT ON COLUMN public.kb_article_related.article_id         IS 'One article.';
COMMENT ON COLUMN public.kb_article_related.related_article_id IS 'The other one.';
COMMENT ON COLUMN public.kb_article_related.sort_order         IS 'Its place among the pairs of an article, smallest first.';

-- In some databases the ids of legacy tables are text that holds a uuid; references take their type. Those of a table in one
-- statement, since a check compares two of them.
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT r.target AS name, string_agg(pg_catalog.format('ALTER COLUMN %I TYPE %s', r.column_name, r.id_type), ', ') AS actions
        FROM (
            SELECT v.target, v.column_name, nxtgauge_migration.type_of_id(v.source) AS id_type
            FROM (VALUES ('public.kb_sections', 'category_id', 'public.kb_categories'),
                         ('public.kb_article_feedback', 'article_id', 'public.kb_articles'),
                         ('public.kb_article_feedback', 'user_id', 'public.users'),
                         ('public.kb_article_related', 'article_id', 'public.kb_articles'),
                         ('public.kb_article_related', 'related_article_id', 'public.kb_articles')
            ) AS v (target, column_name, source)
        ) AS r
        WHERE r.id_type <> 'uuid'
        GROUP BY r.target
        ORDER BY r.target
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s %s', target.name, target.actions);
    END LOOP;
END
$$;

CREATE INDEX kb_article_feedback_user_id_idx           ON public.kb_article_feedback (user_id);
CREATE INDEX kb_article_related_article_id_idx         ON public.kb_article_related (article_id, sort_order);
CREATE INDEX kb_article_related_related_article_id_idx ON public.kb_article_related (related_article_id, sort_order);
CREATE UNIQUE INDEX kb_article_related_pair_idx
    ON public.kb_article_related (least(article_id, related_article_id), greatest(article_id, related_article_id));

COMMENT ON INDEX public.kb_article_related_pair_idx IS 'A pair stands once, whichever article is named first.';

CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.kb_sections
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.kb_article_feedback
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.kb_article_related
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['kb_sections', 'kb_article_feedback', 'kb_article_related'] LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN public.%I.id IS %L', name, 'Key.');
        EXECUTE pg_catalog.format('COMMENT ON COLUMN public.%I.created_at IS %L', name, 'When the row came into being.');
        EXECUTE pg_catalog.format('COMMENT ON COLUMN public.%I.updated_at IS %L', name, 'When it was last changed.');
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER keep_timestamps ON public.%I IS %L', name,
                                  'nxtgauge-migrate: keeps created_at and updated_at.');
    END LOOP;
    -- Where policies choose which rows a role may see, nobody may see more by way of the new tables.
    IF (SELECT c.relrowsecurity FROM pg_catalog.pg_class AS c WHERE c.oid = 'public.kb_categories'::pg_catalog.regclass) THEN
        ALTER TABLE public.kb_sections ENABLE ROW LEVEL SECURITY;
        RAISE NOTICE 'kb_categories has row-level security: so has kb_sections, which nobody but its owner can read until you '
                     'create policies on it';
    END IF;
    IF (SELECT c.relrowsecurity FROM pg_catalog.pg_class AS c WHERE c.oid = 'public.kb_articles'::pg_catalog.regclass) THEN
        ALTER TABLE public.kb_article_feedback ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.kb_article_related ENABLE ROW LEVEL SECURITY;
        RAISE NOTICE 'kb_articles has row-level security: so have kb_article_feedback and kb_article_related, which nobody but '
                     'their owner can read until you create policies on them';
    END IF;
END
$$;

SELECT nxtgauge_migration.copy_privileges('public.kb_categories', 'public.kb_sections');
SELECT nxtgauge_migration.copy_privileges('public.kb_articles', 'public.kb_article_feedback');
SELECT nxtgauge_migration.copy_privileges('public.kb_articles', 'public.kb_article_related');

-- unit: rows of an earlier time
-- transactional: false

CALL nxtgauge_migration.restore_rows('3050_create_knowledge_base_tables', 'public.kb_sections');
CALL nxtgauge_migration.restore_rows('3050_create_knowledge_base_tables', 'public.kb_article_feedback');
CALL nxtgauge_migration.restore_rows('3050_create_knowledge_base_tables', 'public.kb_article_related');

-- unit: reference to kb_categories
-- locks: public.kb_categories SHARE ROW EXCLUSIVE, public.kb_sections SHARE ROW EXCLUSIVE

-- SET NULL: the old backend deletes categories and lets their articles stay.
ALTER TABLE public.kb_sections ADD CONSTRAINT kb_sections_category_id_fkey
    FOREIGN KEY (category_id) REFERENCES public.kb_categories (id) ON UPDATE CASCADE ON DELETE SET NULL NOT VALID;

-- unit: references to kb_articles
-- locks: public.kb_articles SHARE ROW EXCLUSIVE, public.kb_article_feedback SHARE ROW EXCLUSIVE, public.kb_article_related SHARE ROW EXCLUSIVE

ALTER TABLE public.kb_article_feedback ADD CONSTRAINT kb_article_feedback_article_id_fkey
    FOREIGN KEY (article_id) REFERENCES public.kb_articles (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;
ALTER TABLE public.kb_article_related ADD CONSTRAINT kb_article_related_article_id_fkey
    FOREIGN KEY (article_id) REFERENCES public.kb_articles (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;
ALTER TABLE public.kb_article_related ADD CONSTRAINT kb_article_related_related_article_id_fkey
    FOREIGN KEY (related_article_id) REFERENCES public.kb_articles (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;

-- unit: reference to users
-- locks: public.users SHARE ROW EXCLUSIVE, public.kb_article_feedback SHARE ROW EXCLUSIVE

ALTER TABLE public.kb_article_feedback ADD CONSTRAINT kb_article_feedback_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE SET NULL NOT VALID;

-- unit: validation
-- transactional: false

-- Articles deleted while this step was rolled back take along what hangs on them, as they would have done.
DELETE FROM public.kb_article_feedback AS f
WHERE NOT EXISTS (SELECT FROM public.kb_articles AS a WHERE a.id = f.article_id);
DELETE FROM public.kb_article_related AS r
WHERE NOT EXISTS (SELECT FROM public.kb_articles AS a WHERE a.id = r.article_id)
   OR NOT EXISTS (SELECT FROM public.kb_articles AS a WHERE a.id = r.related_article_id);

SELECT nxtgauge_migration.validate_rule('public.kb_sections', 'kb_sections_category_id_fkey');
SELECT nxtgauge_migration.validate_rule('public.kb_article_feedback', 'kb_article_feedback_user_id_fkey');
ALTER TABLE public.kb_article_feedback VALIDATE CONSTRAINT kb_article_feedback_article_id_fkey;
ALTER TABLE public.kb_article_related VALIDATE CONSTRAINT kb_article_related_article_id_fkey;
ALTER TABLE public.kb_article_related VALIDATE CONSTRAINT kb_article_related_related_article_id_fkey;
