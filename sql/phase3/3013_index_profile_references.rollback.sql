-- Drop the indexes of the references.
--
-- locks: none that keeps clients out
-- transactional: false

-- IF EXISTS, because this runs statement by statement and must be able to run again after an interruption.
DROP INDEX CONCURRENTLY IF EXISTS public.lead_requests_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.services_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.portfolio_items_user_role_profile_id_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.professionals_user_role_profile_id_idx;
