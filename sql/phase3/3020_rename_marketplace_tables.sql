-- Rename applications, requirements and coupon_uses to job_applications, leads and coupon_redemptions.
--
-- kind: expand
-- depends: 3001_create_rename_helpers
-- locks: each of the three tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds
-- units: any order

-- The old names go on answering, as views, until 3091. Statements that clients have prepared are planned anew by the server.

-- unit: applications
-- locks: public.applications ACCESS EXCLUSIVE

SELECT nxtgauge_migration.rename_table('public.applications', 'job_applications');

-- unit: requirements
-- locks: public.requirements ACCESS EXCLUSIVE

SELECT nxtgauge_migration.rename_table('public.requirements', 'leads');

-- unit: coupon_uses
-- locks: public.coupon_uses ACCESS EXCLUSIVE

SELECT nxtgauge_migration.rename_table('public.coupon_uses', 'coupon_redemptions');
