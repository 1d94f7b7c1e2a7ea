-- Take away the columns of the new names; the old ones hold the same.
--
-- locks: lead_requests, reviews, invoices, jobs, and what they refer to, ACCESS EXCLUSIVE, for milliseconds

-- unit: jobs
-- locks: public.jobs ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.jobs;
SELECT nxtgauge_migration.drop_renamed_rules('public.jobs', ARRAY['employment_type']);

-- unit: invoices
-- locks: public.invoices ACCESS EXCLUSIVE, public.coupon_redemptions ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.invoices;
SELECT nxtgauge_migration.drop_renamed_rules('public.invoices', ARRAY['coupon_redemption_id']);

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE, public.job_applications ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.reviews;
SELECT nxtgauge_migration.drop_renamed_rules('public.reviews', ARRAY['lead_id', 'job_application_id']);

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE

DROP TRIGGER zz_match_renamed_columns ON public.lead_requests;
SELECT nxtgauge_migration.drop_renamed_rules('public.lead_requests', ARRAY['lead_id']);

-- unit: columns of jobs
-- locks: public.jobs ACCESS EXCLUSIVE

ALTER TABLE public.jobs DROP COLUMN employment_type;
SELECT nxtgauge_migration.forget_added_columns('public.jobs', ARRAY['employment_type']);

-- unit: columns of invoices
-- locks: public.invoices ACCESS EXCLUSIVE

ALTER TABLE public.invoices DROP COLUMN coupon_redemption_id;
SELECT nxtgauge_migration.forget_added_columns('public.invoices', ARRAY['coupon_redemption_id']);

-- unit: columns of reviews
-- locks: public.reviews ACCESS EXCLUSIVE

ALTER TABLE public.reviews DROP COLUMN lead_id, DROP COLUMN job_application_id;
SELECT nxtgauge_migration.forget_added_columns('public.reviews', ARRAY['lead_id', 'job_application_id']);

-- unit: columns of lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

ALTER TABLE public.lead_requests DROP COLUMN lead_id;
SELECT nxtgauge_migration.forget_added_columns('public.lead_requests', ARRAY['lead_id']);

-- unit: functions

DROP FUNCTION nxtgauge_migration.set_parked_aside(text, text);
DROP FUNCTION nxtgauge_migration.hand_over_default(text, text, text);
DROP FUNCTION nxtgauge_migration.relax_renamed(text, text[]);
DROP FUNCTION nxtgauge_migration.require_renamed(text, text[]);
DROP FUNCTION nxtgauge_migration.validate_renamed_rules(text, text[]);
DROP FUNCTION nxtgauge_migration.match_statement(text, text[], text[]);
DROP FUNCTION nxtgauge_migration.match_jobs();
DROP FUNCTION nxtgauge_migration.match_invoices();
DROP FUNCTION nxtgauge_migration.match_reviews();
DROP FUNCTION nxtgauge_migration.match_lead_requests();
DROP FUNCTION nxtgauge_migration.name_other_indexes(text, text[], text[]);
DROP FUNCTION nxtgauge_migration.drop_renamed_rules(text, text[]);
DROP FUNCTION nxtgauge_migration.add_renamed_rules(text, text[], text[]);
DROP FUNCTION nxtgauge_migration.add_renamed_column(text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.in_new_names(text, text[], text[]);
