-- Bring the old names back: the views, and the five columns with what the new ones hold now.
--
-- locks: the tables ACCESS EXCLUSIVE, each for milliseconds

-- In the moment in which a column stands again, still empty, the trigger keeps it equal to the new one, so clients may write
-- throughout. Its WHEN comes last, since the type of a column that it names could not change. What is parked is not needed: when
-- it was parked both were equal, and what was written since is newer.

-- unit: coupon_uses

SELECT nxtgauge_migration.refuse_purged('3091_retire_old_names');

SELECT nxtgauge_migration.recall_old_name('public.coupon_uses');

-- unit: requirements

SELECT nxtgauge_migration.recall_old_name('public.requirements');

-- unit: applications

SELECT nxtgauge_migration.recall_old_name('public.applications');

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3091_retire_old_names', 'public.jobs');
SELECT nxtgauge_migration.set_parked_aside('3091_retire_old_names', 'public.jobs');
-- The default is job_type's again.
ALTER TABLE public.jobs ALTER COLUMN employment_type DROP DEFAULT;
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.jobs FOR EACH ROW EXECUTE FUNCTION nxtgauge_migration.match_jobs();

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3091_retire_old_names', 'public.invoices');
SELECT nxtgauge_migration.set_parked_aside('3091_retire_old_names', 'public.invoices');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.invoices FOR EACH ROW EXECUTE FUNCTION nxtgauge_migration.match_invoices();

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3091_retire_old_names', 'public.reviews');
SELECT nxtgauge_migration.set_parked_aside('3091_retire_old_names', 'public.reviews');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.reviews FOR EACH ROW EXECUTE FUNCTION nxtgauge_migration.match_reviews();

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.begin_restoring_columns('3091_retire_old_names', 'public.lead_requests');
SELECT nxtgauge_migration.set_parked_aside('3091_retire_old_names', 'public.lead_requests');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.lead_requests FOR EACH ROW EXECUTE FUNCTION nxtgauge_migration.match_lead_requests();

-- unit: refill
-- transactional: false

CALL nxtgauge_migration.refill_columns('3091_retire_old_names', 'public.lead_requests', '{"requirement_id": "t.lead_id"}');
CALL nxtgauge_migration.restore_column_definitions('3091_retire_old_names', 'public.lead_requests');
CALL nxtgauge_migration.refill_columns('3091_retire_old_names', 'public.reviews', '{"requirement_id": "t.lead_id", "application_id": "t.job_application_id"}');
CALL nxtgauge_migration.restore_column_definitions('3091_retire_old_names', 'public.reviews');
CALL nxtgauge_migration.refill_columns('3091_retire_old_names', 'public.invoices', '{"coupon_use_id": "t.coupon_redemption_id"}');
CALL nxtgauge_migration.restore_column_definitions('3091_retire_old_names', 'public.invoices');
CALL nxtgauge_migration.refill_columns('3091_retire_old_names', 'public.jobs', '{"job_type": "t.employment_type"}');
CALL nxtgauge_migration.restore_column_definitions('3091_retire_old_names', 'public.jobs');

-- unit: rest of jobs
-- locks: public.jobs ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.jobs;
SELECT nxtgauge_migration.finish_restoring_columns('3091_retire_old_names', 'public.jobs');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.jobs FOR EACH ROW
    WHEN (NEW.employment_type IS DISTINCT FROM NEW.job_type)
    EXECUTE FUNCTION nxtgauge_migration.match_jobs();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.jobs IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: rest of invoices
-- locks: public.invoices ACCESS EXCLUSIVE, public.coupon_redemptions ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.invoices;
SELECT nxtgauge_migration.finish_restoring_columns('3091_retire_old_names', 'public.invoices');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.invoices FOR EACH ROW
    WHEN (NEW.coupon_redemption_id IS DISTINCT FROM NEW.coupon_use_id)
    EXECUTE FUNCTION nxtgauge_migration.match_invoices();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.invoices IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: rest of reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE, public.job_applications ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.reviews;
SELECT nxtgauge_migration.finish_restoring_columns('3091_retire_old_names', 'public.reviews');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.reviews FOR EACH ROW
    WHEN (NEW.lead_id IS DISTINCT FROM NEW.requirement_id OR NEW.job_application_id IS DISTINCT FROM NEW.application_id)
    EXECUTE FUNCTION nxtgauge_migration.match_reviews();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.reviews IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: rest of lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.lead_requests;
SELECT nxtgauge_migration.finish_restoring_columns('3091_retire_old_names', 'public.lead_requests');
CREATE TRIGGER zz_match_renamed_columns
    BEFORE INSERT OR UPDATE ON public.lead_requests FOR EACH ROW
    WHEN (NEW.lead_id IS DISTINCT FROM NEW.requirement_id)
    EXECUTE FUNCTION nxtgauge_migration.match_lead_requests();
COMMENT ON TRIGGER zz_match_renamed_columns ON public.lead_requests IS 'nxtgauge-migrate: old and new names, until 3091.';

-- unit: capture jobs
-- locks: public.jobs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.jobs');

-- unit: capture invoices
-- locks: public.invoices ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.invoices');

-- unit: capture reviews
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.reviews');

-- unit: capture lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.lead_requests');

-- unit: ready

SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.jobs');
SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.invoices');
SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.reviews');
SELECT nxtgauge_migration.cancel_parking_columns('3091_retire_old_names', 'public.lead_requests');
