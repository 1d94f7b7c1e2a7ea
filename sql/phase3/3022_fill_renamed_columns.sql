-- Fill the columns of the new names.
--
-- kind: backfill
-- depends: 3021_add_renamed_columns
-- locks: rows of one batch at a time
-- transactional: false

CALL nxtgauge_migration.run_batches('3022_fill_renamed_columns: lead_requests', 'public.lead_requests',
    nxtgauge_migration.match_statement('public.lead_requests', ARRAY['requirement_id'], ARRAY['lead_id']));
CALL nxtgauge_migration.run_batches('3022_fill_renamed_columns: reviews', 'public.reviews',
    nxtgauge_migration.match_statement('public.reviews', ARRAY['requirement_id', 'application_id'], ARRAY['lead_id', 'job_application_id']));
CALL nxtgauge_migration.run_batches('3022_fill_renamed_columns: invoices', 'public.invoices',
    nxtgauge_migration.match_statement('public.invoices', ARRAY['coupon_use_id'], ARRAY['coupon_redemption_id']));
CALL nxtgauge_migration.run_batches('3022_fill_renamed_columns: jobs', 'public.jobs',
    nxtgauge_migration.match_statement('public.jobs', ARRAY['job_type'], ARRAY['employment_type']));
