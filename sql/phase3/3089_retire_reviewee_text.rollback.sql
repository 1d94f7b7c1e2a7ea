-- Bring the old reference to the reviewed party back, with what was written since.
--
-- locks: public.reviews, with professionals, ACCESS EXCLUSIVE twice, for milliseconds

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.professionals SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3089_retire_reviewee_text', 'public.reviews');

CREATE TRIGGER aa_link_review
    BEFORE INSERT ON public.reviews FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_review();
CREATE TRIGGER aa_relink_review
    BEFORE UPDATE ON public.reviews FOR EACH ROW
    WHEN ((NEW.reviewee_profile_id, NEW.reviewee_type, NEW.reviewee_id)
            IS DISTINCT FROM (OLD.reviewee_profile_id, OLD.reviewee_type, OLD.reviewee_id)
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.link_review();
CREATE TRIGGER make_reviewee_insert
    AFTER INSERT ON public.reviews FOR EACH ROW
    WHEN (NEW.reviewee_profile_id IS NOT NULL
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_reviewee();
CREATE TRIGGER make_reviewee_update
    AFTER UPDATE ON public.reviews FOR EACH ROW
    WHEN (NEW.reviewee_profile_id IS NOT NULL AND NEW.reviewee_profile_id IS DISTINCT FROM OLD.reviewee_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.make_reviewee();
CREATE TRIGGER carry_professional_to_reviews
    AFTER UPDATE ON public.professionals FOR EACH ROW
    WHEN (NEW.user_role_profile_id IS DISTINCT FROM OLD.user_role_profile_id
        AND pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_professional_to_reviews();

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns('3089_retire_reviewee_text', 'public.reviews', pg_catalog.jsonb_build_object(
    'reviewee_type', 'nxtgauge_migration.reviewee_type_of_root(t.reviewee_profile_id)',
    'reviewee_id', 'nxtgauge_migration.reviewee_id_of_root(t.reviewee_profile_id)'));
CALL nxtgauge_migration.run_batches(
    '3089_retire_reviewee_text: changed', 'public.reviews', nxtgauge_migration.changed_reviewee_statement());
CALL nxtgauge_migration.run_batches(
    '3089_retire_reviewee_text: professionals', 'public.reviews', nxtgauge_migration.missing_reviewee_statement(),
    ARRAY['public.professionals']);
CALL nxtgauge_migration.restore_column_definitions('3089_retire_reviewee_text', 'public.reviews');

-- unit: rest
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_restoring_columns('3089_retire_reviewee_text', 'public.reviews');
SELECT nxtgauge_migration.reset_batches('3089_retire_reviewee_text: professionals');
SELECT nxtgauge_migration.reset_batches('3089_retire_reviewee_text: changed');

-- unit: capture
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3089_retire_reviewee_text', 'public.reviews');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('3089_retire_reviewee_text', 'public.reviews');
