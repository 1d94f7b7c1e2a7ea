-- Index the references to the root.
--
-- kind: expand
-- depends: 3012_add_profile_references
-- locks: none that keeps clients out: the indexes are built concurrently
-- transactional: false

-- The file runs outside any transaction, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

CREATE INDEX CONCURRENTLY IF NOT EXISTS professionals_user_role_profile_id_idx
    ON public.professionals (user_role_profile_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS portfolio_items_user_role_profile_id_idx
    ON public.portfolio_items (user_role_profile_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS services_user_role_profile_id_idx
    ON public.services (user_role_profile_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS lead_requests_user_role_profile_id_idx
    ON public.lead_requests (user_role_profile_id);

COMMENT ON INDEX public.professionals_user_role_profile_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.portfolio_items_user_role_profile_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.services_user_role_profile_id_idx IS 'nxtgauge-migrate: for the foreign key.';
COMMENT ON INDEX public.lead_requests_user_role_profile_id_idx IS 'nxtgauge-migrate: for the foreign key.';
