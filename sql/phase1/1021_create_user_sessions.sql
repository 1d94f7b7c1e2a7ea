-- Create the sessions that a user signs in with.
--
-- kind: expand
-- depends: 1013_enforce_timestamps 1020_create_structure_helpers
-- locks: public.users SHARE ROW EXCLUSIVE for the foreign key, brief; the table is new

-- unit: table
-- locks: public.users SHARE ROW EXCLUSIVE for the foreign key, brief

CREATE TABLE public.user_sessions (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id      uuid        NOT NULL,
    token_hash   bytea       NOT NULL,
    device       text,
    user_agent   text,
    ip_address   inet,
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT user_sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT user_sessions_token_hash_check CHECK (octet_length(token_hash) = 32),
    CONSTRAINT user_sessions_expires_at_check CHECK (expires_at > created_at)
);

-- In some databases users.id is text that holds a uuid; the reference takes its type.

DO $$
DECLARE
    id_type text;
BEGIN
    SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) INTO id_type FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = 'public.users'::pg_catalog.regclass AND a.attname = 'id';
    IF id_type <> 'uuid' THEN
        EXECUTE pg_catalog.format('ALTER TABLE public.user_sessions ALTER COLUMN user_id TYPE %s', id_type);
    END IF;
END
$$;

ALTER TABLE public.user_sessions
    ADD CONSTRAINT user_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

COMMENT ON TABLE  public.user_sessions IS
    'nxtgauge-migrate: one row per signed-in device; ended sessions stay for the audit.';
COMMENT ON COLUMN public.user_sessions.token_hash   IS 'sha256 of the token; the token itself is never stored.';
COMMENT ON COLUMN public.user_sessions.device       IS 'What the user calls it, or the client reports: "Pixel 9", "Chrome on Linux".';
COMMENT ON COLUMN public.user_sessions.ip_address   IS 'Where the session was last seen from.';
COMMENT ON COLUMN public.user_sessions.last_seen_at IS 'Last request made with this session.';
COMMENT ON COLUMN public.user_sessions.revoked_at   IS 'When it was ended before its time, by the user or by us; NULL while it lives.';

-- "Is now before expires_at" cannot stand in an index; the user's few unrevoked sessions can.
CREATE INDEX user_sessions_user_id_live_idx ON public.user_sessions (user_id, expires_at) WHERE revoked_at IS NULL;

-- The cascade from users looks for all sessions of a user, ended ones as well.
CREATE INDEX user_sessions_user_id_idx ON public.user_sessions (user_id);

COMMENT ON INDEX public.user_sessions_user_id_live_idx IS 'A user''s live sessions.';
COMMENT ON INDEX public.user_sessions_user_id_idx IS 'All sessions of a user; the foreign key''s cascade needs it.';

CREATE TRIGGER keep_timestamps
    BEFORE INSERT OR UPDATE ON public.user_sessions
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();

COMMENT ON TRIGGER keep_timestamps ON public.user_sessions IS 'nxtgauge-migrate: keeps created_at and updated_at.';

-- Whoever may use the refresh tokens, which these sessions will replace, may use the sessions.
SELECT nxtgauge_migration.copy_privileges('public.refresh_tokens', 'public.user_sessions');

-- unit: sessions of an earlier time
-- transactional: false

-- Sessions that a rollback parked come back; on the first apply there are none.
CALL nxtgauge_migration.restore_rows('1021_create_user_sessions', 'public.user_sessions');
