-- Take away the old names: the three views, the five columns and the triggers that kept them equal.
--
-- kind: contract
-- depends: 3023_enforce_renamed_columns
-- locks: the tables and views ACCESS EXCLUSIVE, each for milliseconds

-- The old backend stops working here. The columns are parked with all that hangs on them; their values stand in the new
-- columns.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('3091_retire_old_names', 'public.lead_requests', ARRAY['requirement_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3091_retire_old_names', 'public.reviews', ARRAY['requirement_id', 'application_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3091_retire_old_names', 'public.invoices', ARRAY['coupon_use_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3091_retire_old_names', 'public.jobs', ARRAY['job_type']);

-- unit: capture lead_requests
-- locks: public.lead_requests SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3091_retire_old_names', 'public.lead_requests', ARRAY['requirement_id']);

-- unit: capture reviews
-- locks: public.reviews SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3091_retire_old_names', 'public.reviews', ARRAY['requirement_id', 'application_id']);

-- unit: capture invoices
-- locks: public.invoices SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3091_retire_old_names', 'public.invoices', ARRAY['coupon_use_id']);

-- unit: capture jobs
-- locks: public.jobs SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3091_retire_old_names', 'public.jobs', ARRAY['job_type']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3091_retire_old_names', 'public.lead_requests');
CALL nxtgauge_migration.copy_parked_columns('3091_retire_old_names', 'public.reviews');
CALL nxtgauge_migration.copy_parked_columns('3091_retire_old_names', 'public.invoices');
CALL nxtgauge_migration.copy_parked_columns('3091_retire_old_names', 'public.jobs');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.lead_requests;
SELECT nxtgauge_migration.finish_parking_columns('3091_retire_old_names', 'public.lead_requests');

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE, public.job_applications ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.reviews;
SELECT nxtgauge_migration.finish_parking_columns('3091_retire_old_names', 'public.reviews');

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE, public.coupon_redemptions ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.invoices;
SELECT nxtgauge_migration.finish_parking_columns('3091_retire_old_names', 'public.invoices');

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.jobs;
SELECT nxtgauge_migration.hand_over_default('public.jobs', 'job_type', 'employment_type');
SELECT nxtgauge_migration.finish_parking_columns('3091_retire_old_names', 'public.jobs');

-- unit: applications
-- locks: public.applications ACCESS EXCLUSIVE, public.job_applications ACCESS EXCLUSIVE

SELECT nxtgauge_migration.retire_old_name('public.applications');

-- unit: requirements
-- locks: public.requirements ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE

SELECT nxtgauge_migration.retire_old_name('public.requirements');

-- unit: coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE, public.coupon_redemptions ACCESS EXCLUSIVE

SELECT nxtgauge_migration.retire_old_name('public.coupon_uses');
