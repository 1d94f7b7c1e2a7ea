-- Validate what the columns of the new names must fulfil, and make them NOT NULL where the old ones are.
--
-- kind: backfill
-- depends: 3022_fill_renamed_columns
-- locks: lead_requests, reviews, invoices, jobs ACCESS EXCLUSIVE, for milliseconds

-- unit: validate
-- transactional: false

SELECT nxtgauge_migration.validate_renamed_rules('public.lead_requests', ARRAY['lead_id']);
SELECT nxtgauge_migration.validate_renamed_rules('public.reviews', ARRAY['lead_id', 'job_application_id']);
SELECT nxtgauge_migration.validate_renamed_rules('public.invoices', ARRAY['coupon_redemption_id']);
SELECT nxtgauge_migration.validate_renamed_rules('public.jobs', ARRAY['employment_type']);

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.require_renamed('public.lead_requests', ARRAY['lead_id']);

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.require_renamed('public.reviews', ARRAY['lead_id', 'job_application_id']);

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE

SELECT nxtgauge_migration.require_renamed('public.invoices', ARRAY['coupon_redemption_id']);

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.require_renamed('public.jobs', ARRAY['employment_type']);
