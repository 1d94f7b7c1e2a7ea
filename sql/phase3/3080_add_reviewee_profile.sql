-- Give a review the root it is about, and what the home page shows of it a table of its own.
--
-- kind: expand
-- depends: 3016_enforce_portfolio
-- locks: public.reviews ACCESS EXCLUSIVE for a column, SHARE ROW EXCLUSIVE for a foreign key, for milliseconds

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE

ALTER TABLE public.reviews ADD COLUMN reviewee_profile_id uuid;

COMMENT ON COLUMN public.reviews.reviewee_profile_id IS
    'nxtgauge-migrate: the root that the review is about; NULL where the old reference leads nowhere.';

SELECT nxtgauge_migration.copy_column_privileges('public.reviews', 'reviewee_id', 'reviewee_profile_id');

-- unit: review_highlights
-- locks: public.reviews SHARE ROW EXCLUSIVE for the foreign key, brief; the table is new

CREATE TABLE public.review_highlights (
    review_id           uuid        NOT NULL,
    is_featured_on_home boolean     NOT NULL DEFAULT false,
    display_order       integer,
    card_color          text,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT review_highlights_pkey PRIMARY KEY (review_id)
);

COMMENT ON TABLE  public.review_highlights IS
    'nxtgauge-migrate: how the home page shows a review; only reviews that it treats in some way have a row.';
COMMENT ON COLUMN public.review_highlights.review_id           IS 'The review.';
COMMENT ON COLUMN public.review_highlights.is_featured_on_home IS 'Whether the home page shows it.';
COMMENT ON COLUMN public.review_highlights.display_order       IS 'Its place among those shown, the lowest first.';
COMMENT ON COLUMN public.review_highlights.card_color          IS 'The colour of its card.';
COMMENT ON COLUMN public.review_highlights.created_at          IS 'When the row was made.';
COMMENT ON COLUMN public.review_highlights.updated_at          IS 'When it was last changed.';

-- As in reviews, so that both can hold the same. The table is empty: nothing is rewritten.
DO $$
DECLARE
    field record;
BEGIN
    FOR field IN
        SELECT n.new_name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
        FROM (VALUES ('id', 'review_id'), ('display_order', 'display_order'), ('card_color', 'card_color')) AS n (name, new_name)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = 'public.reviews'::pg_catalog.regclass AND a.attname = n.name
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE public.review_highlights ALTER COLUMN %I TYPE %s', field.new_name, field.type);
    END LOOP;
END
$$;

ALTER TABLE public.review_highlights
    ADD CONSTRAINT review_highlights_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.reviews (id) ON DELETE CASCADE;

CREATE INDEX review_highlights_display_order_idx ON public.review_highlights (display_order) WHERE is_featured_on_home;

COMMENT ON INDEX public.review_highlights_display_order_idx IS 'nxtgauge-migrate: what the home page reads.';

CREATE TRIGGER keep_timestamps
    BEFORE INSERT OR UPDATE ON public.review_highlights
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();

COMMENT ON TRIGGER keep_timestamps ON public.review_highlights IS 'nxtgauge-migrate: keeps created_at and updated_at.';

SELECT nxtgauge_migration.copy_privileges('public.reviews', 'public.review_highlights');

-- unit: rows
-- transactional: false

-- What a rollback parked; 3083 lets what the old backend has written since prevail.
CALL nxtgauge_migration.refill_columns('3080_add_reviewee_profile', 'public.reviews');
CALL nxtgauge_migration.restore_rows('3080_add_reviewee_profile', 'public.review_highlights');
