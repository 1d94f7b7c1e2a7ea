-- Let the columns of the new names be NULL again.
--
-- locks: lead_requests, reviews, invoices, jobs ACCESS EXCLUSIVE, for milliseconds

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE

SELECT nxtgauge_migration.relax_renamed('public.jobs', ARRAY['employment_type']);

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE

SELECT nxtgauge_migration.relax_renamed('public.invoices', ARRAY['coupon_redemption_id']);

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.relax_renamed('public.reviews', ARRAY['lead_id', 'job_application_id']);

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.relax_renamed('public.lead_requests', ARRAY['lead_id']);
