-- Bring the columns of the home page back to reviews, with what the highlights say now.
--
-- locks: public.reviews, with review_highlights, ACCESS EXCLUSIVE twice, for milliseconds

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.review_highlights SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3095_retire_review_page_columns', 'public.reviews');

CREATE TRIGGER carry_highlight_insert
    AFTER INSERT ON public.reviews FOR EACH ROW
    WHEN ((NEW.is_featured_on_home IS TRUE OR NEW.display_order IS NOT NULL OR NEW.card_color IS NOT NULL)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_highlight();
CREATE TRIGGER carry_highlight_update
    AFTER UPDATE ON public.reviews FOR EACH ROW
    WHEN ((NEW.is_featured_on_home, NEW.display_order, NEW.card_color)
            IS DISTINCT FROM (OLD.is_featured_on_home, OLD.display_order, OLD.card_color)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_highlight();
CREATE TRIGGER carry_highlight_back
    AFTER INSERT OR UPDATE OR DELETE ON public.review_highlights FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_highlight_back();

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns('3095_retire_review_page_columns', 'public.reviews', pg_catalog.jsonb_build_object(
    'is_featured_on_home', 'coalesce((SELECT h.is_featured_on_home FROM public.review_highlights AS h WHERE h.review_id = t.id), false)',
    'display_order', '(SELECT h.display_order FROM public.review_highlights AS h WHERE h.review_id = t.id)',
    'card_color', '(SELECT h.card_color FROM public.review_highlights AS h WHERE h.review_id = t.id)'));
CALL nxtgauge_migration.run_batches(
    '3095_retire_review_page_columns: changed', 'public.reviews', nxtgauge_migration.changed_highlight_statement());
CALL nxtgauge_migration.restore_column_definitions('3095_retire_review_page_columns', 'public.reviews');

-- unit: rest
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3095_retire_review_page_columns', 'public.reviews');
SELECT nxtgauge_migration.reset_batches('3095_retire_review_page_columns: changed');

-- unit: capture
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3095_retire_review_page_columns', 'public.reviews');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('3095_retire_review_page_columns', 'public.reviews');
