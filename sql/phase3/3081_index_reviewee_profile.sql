-- Index the root that a review is about.
--
-- kind: expand
-- depends: 3080_add_reviewee_profile
-- locks: none that keeps clients out: the index is built concurrently
-- transactional: false

-- The file runs outside any transaction, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_reviewee_profile_id_idx ON public.reviews (reviewee_profile_id);

COMMENT ON INDEX public.reviews_reviewee_profile_id_idx IS 'nxtgauge-migrate: for the foreign key.';
