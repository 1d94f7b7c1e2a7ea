-- Drop the index of the root that a review is about.
--
-- locks: none that keeps clients out
-- transactional: false

-- IF EXISTS, because this must be able to run again after an interruption.
DROP INDEX CONCURRENTLY IF EXISTS public.reviews_reviewee_profile_id_idx;
