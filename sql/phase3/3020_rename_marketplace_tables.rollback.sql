-- Give the three tables, and all that is named after them, their old names back.
--
-- locks: each of the three tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds
-- units: any order

-- unit: coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE, public.coupon_redemptions ACCESS EXCLUSIVE

SELECT nxtgauge_migration.restore_table_name('public.coupon_uses');

-- unit: requirements
-- locks: public.requirements ACCESS EXCLUSIVE, public.leads ACCESS EXCLUSIVE

SELECT nxtgauge_migration.restore_table_name('public.requirements');

-- unit: applications
-- locks: public.applications ACCESS EXCLUSIVE, public.job_applications ACCESS EXCLUSIVE

SELECT nxtgauge_migration.restore_table_name('public.applications');
