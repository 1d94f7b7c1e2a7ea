-- Give professionals, and what hangs on them, a reference to the root.
--
-- kind: expand
-- depends: 3011_quarantine_professionals
-- locks: each of the 4 tables ACCESS EXCLUSIVE, one after the other, for a few milliseconds

-- What a professional hangs on is known to the old backend by nothing but its user and profession; the column in professionals
-- keeps what was found, so that it holds when one of the two is changed, and when the table is parked.

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE

ALTER TABLE public.professionals ADD COLUMN user_role_profile_id uuid;

COMMENT ON COLUMN public.professionals.user_role_profile_id IS
    'nxtgauge-migrate: the root that stands for this professional, in user_role_profiles.';

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE

ALTER TABLE public.portfolio_items ADD COLUMN user_role_profile_id uuid;

COMMENT ON COLUMN public.portfolio_items.user_role_profile_id IS
    'nxtgauge-migrate: the root whose work this is, in user_role_profiles.';

SELECT nxtgauge_migration.copy_column_privileges('public.portfolio_items', 'professional_id', 'user_role_profile_id');

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE

ALTER TABLE public.services ADD COLUMN user_role_profile_id uuid;

COMMENT ON COLUMN public.services.user_role_profile_id IS
    'nxtgauge-migrate: the root that offers this service, in user_role_profiles.';

SELECT nxtgauge_migration.copy_column_privileges('public.services', 'professional_id', 'user_role_profile_id');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

ALTER TABLE public.lead_requests ADD COLUMN user_role_profile_id uuid;

COMMENT ON COLUMN public.lead_requests.user_role_profile_id IS
    'nxtgauge-migrate: the root that asks, in user_role_profiles.';

SELECT nxtgauge_migration.copy_column_privileges('public.lead_requests', 'professional_id', 'user_role_profile_id');

-- unit: roots
-- transactional: false

-- Roots that were made for professionals and parked by a rollback, each if its user is there and has no such root; those
-- whose professionals were deleted meanwhile go.
CALL nxtgauge_migration.restore_rows('3012_add_profile_references', 'public.user_role_profiles');
