-- Drop the unique index on user_settings, if the kit's own stands.
--
-- locks: none that stops anybody
-- transactional: false

-- Where the database had a unique index of its own, the forward file has dropped this one again.
DROP INDEX CONCURRENTLY IF EXISTS public.user_settings_one_per_user_idx;
