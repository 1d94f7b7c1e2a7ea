-- Let a later apply fill the columns anew.
--
-- locks: none

SELECT nxtgauge_migration.reset_batches('3022_fill_renamed_columns: jobs');
SELECT nxtgauge_migration.reset_batches('3022_fill_renamed_columns: invoices');
SELECT nxtgauge_migration.reset_batches('3022_fill_renamed_columns: reviews');
SELECT nxtgauge_migration.reset_batches('3022_fill_renamed_columns: lead_requests');
