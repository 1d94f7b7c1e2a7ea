-- Make it impossible that a user has two rows of settings.
--
-- kind: expand
-- depends: 1040_guard_user_settings
-- locks: public.user_settings ACCESS EXCLUSIVE, for milliseconds, where the index turns out to be needless

-- unit: build
-- transactional: false

-- What an interrupted build leaves is INVALID and must go first; preflight refuses any other index of this name.
DROP INDEX CONCURRENTLY IF EXISTS public.user_settings_one_per_user_idx;
-- This unit runs outside any transaction, which squawk cannot see.
-- squawk-ignore ban-concurrent-index-creation-in-transaction
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS user_settings_one_per_user_idx ON public.user_settings (user_id);
COMMENT ON INDEX public.user_settings_one_per_user_idx IS 'nxtgauge-migrate: one row of settings per user.';

-- unit: keep one
-- locks: public.user_settings ACCESS EXCLUSIVE

-- Where the database had such an index already, a second one would only cost. (It is built first and judged afterwards,
-- because CREATE INDEX CONCURRENTLY can stand in no condition.)
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = 'user_id'
        WHERE i.indrelid = 'public.user_settings'::pg_catalog.regclass
          AND i.indexrelid <> 'public.user_settings_one_per_user_idx'::pg_catalog.regclass
          AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
          AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum
    ) THEN
        DROP INDEX public.user_settings_one_per_user_idx;
    END IF;
END
$$;
