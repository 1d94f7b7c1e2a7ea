-- Create verification requests and their history: checks of a user's identity, phone or papers, apart from approval.
--
-- kind: expand
-- depends: 3030_quarantine_requests
-- locks: public.users SHARE ROW EXCLUSIVE for the foreign keys, brief; the tables are new

-- unit: helpers

-- The old tables spell a status in many ways; one meaning each. What no one knows counts as not decided.

CREATE FUNCTION nxtgauge_migration.normalised_request_status(kind text, spelling text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind
    WHEN 'verification' THEN CASE lower(btrim(spelling COLLATE "C"))
        WHEN 'in_review' THEN 'in_review' WHEN 'under_review' THEN 'in_review'
        WHEN 'verified'  THEN 'verified'  WHEN 'approved'     THEN 'verified'
        WHEN 'failed'    THEN 'failed'    WHEN 'rejected'     THEN 'failed'
        WHEN 'expired'   THEN 'expired'
        ELSE 'pending' END
    WHEN 'approval' THEN CASE lower(btrim(spelling COLLATE "C"))
        WHEN 'draft'        THEN 'draft'
        WHEN 'under_review' THEN 'under_review' WHEN 'in_review' THEN 'under_review'
        WHEN 'approved'     THEN 'approved'
        WHEN 'rejected'     THEN 'rejected'
        WHEN 'withdrawn'    THEN 'withdrawn'    WHEN 'cancelled' THEN 'withdrawn'
        ELSE 'submitted' END
    WHEN 'document' THEN CASE lower(btrim(spelling COLLATE "C"))
        WHEN 'accepted' THEN 'accepted' WHEN 'approved' THEN 'accepted'
        WHEN 'rejected' THEN 'rejected'
        ELSE 'uploaded' END
END;

COMMENT ON FUNCTION nxtgauge_migration.normalised_request_status(text, text) IS
    'What a status of a verification, an approval or a document means, whatever its spelling. Unknown and NULL: not decided.';

-- Nothing secret, and the verification queries call it as whoever runs them.
GRANT EXECUTE ON FUNCTION nxtgauge_migration.normalised_request_status(text, text) TO PUBLIC;

CREATE FUNCTION nxtgauge_migration.refer_to(target text, column_name text, goal text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    id_type text := nxtgauge_migration.type_of_id(goal);
BEGIN
    -- The table is empty: a change of type rewrites nothing.
    IF id_type <> 'uuid' THEN
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', target, column_name, id_type);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refer_to(text, text, text) IS
    'Gives a column of a new table the type of the id that it will refer to.';

CREATE FUNCTION nxtgauge_migration.set_reference(target text, column_name text, goal text, legacy text, legacy_column text, otherwise text)
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    action text;
BEGIN
    -- What deleting the goal does, it goes on doing: as the old table's foreign key says, where that has one.
    SELECT CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END
    INTO action
    FROM pg_constraint AS k
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
    WHERE k.contype = 'f' AND k.conrelid = to_regclass(legacy) AND a.attname = legacy_column
      AND k.confrelid = nxtgauge_migration.table_oid(goal);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s (id) ON DELETE %s NOT VALID',
                   target, (parse_ident(target))[2] || '_' || column_name || '_fkey', column_name, goal, coalesce(action, otherwise));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.set_reference(text, text, text, text, text, text) IS
    'Adds a foreign key to a new table, not validated, with what the old table''s did on DELETE.';

CREATE FUNCTION nxtgauge_migration.settle_reference(target text, column_name text, goal text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    is_required boolean;
    missing     text := format('%I IS NOT NULL AND NOT EXISTS (SELECT FROM %s AS g WHERE g.id = t.%1$I)', column_name, goal);
BEGIN
    -- Rows that a rollback had parked may have lost their goal meanwhile; what the foreign key would have done is done now. It
    -- stands already, so no new ones can come.
    SELECT a.attnotnull INTO is_required FROM pg_attribute AS a
    WHERE a.attrelid = nxtgauge_migration.table_oid(target) AND a.attname = column_name;
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    IF is_required THEN
        EXECUTE format('DELETE FROM %s AS t WHERE %s', target, missing);
    ELSE
        EXECUTE format('UPDATE %s AS t SET %I = NULL WHERE %s', target, column_name, missing);
    END IF;
    PERFORM set_config('nxtgauge_migration.backfill', '', true);
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', target, (parse_ident(target))[2] || '_' || column_name || '_fkey');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.settle_reference(text, text, text) IS
    'Validates such a foreign key, after deleting, or setting to NULL, what has lost its goal.';

REVOKE ALL ON FUNCTION nxtgauge_migration.refer_to(text, text, text), nxtgauge_migration.settle_reference(text, text, text),
    nxtgauge_migration.set_reference(text, text, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION nxtgauge_migration.keep_append_only(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
        FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = nxtgauge_migration.table_oid(source) AND a.grantee <> c.relowner
          AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %s', source, grantee);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.keep_append_only(text) IS
    'Leaves of the privileges on a history those to read it and to add to it. The cascade from its request needs none.';

REVOKE ALL ON FUNCTION nxtgauge_migration.keep_append_only(text) FROM PUBLIC;

CREATE FUNCTION public.keep_performer_label() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Also while nxtgauge_migration.backfill is on: it only computes.
    IF NEW.performed_by IS NULL AND NEW.performed_by_label IS NULL
        AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = OLD.performed_by) THEN
        NEW.performed_by_label := OLD.performed_by::text;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.keep_performer_label() IS
    'nxtgauge-migrate: when a user is deleted, the history keeps the id of who it was, as text.';

SELECT nxtgauge_migration.close_routines('public.keep_performer_label()');

-- unit: requests

CREATE TABLE public.verification_requests (
    id                uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id           uuid        NOT NULL,
    verification_type text        NOT NULL,
    document_number   text,
    status            text        NOT NULL DEFAULT 'pending',
    verified_by       uuid,
    verified_at       timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT verification_requests_pkey PRIMARY KEY (id),
    CONSTRAINT verification_requests_status_check
        CHECK (status IN ('pending', 'in_review', 'verified', 'failed', 'expired'))
);

COMMENT ON TABLE  public.verification_requests IS
    'nxtgauge-migrate: one row per check of a user''s identity, phone or papers. Whether somebody may offer services is approval_requests.';
COMMENT ON COLUMN public.verification_requests.id                IS 'The same as that of the row of verifications it came from.';
COMMENT ON COLUMN public.verification_requests.user_id           IS 'Whose identity, phone or papers are checked.';
COMMENT ON COLUMN public.verification_requests.verification_type IS 'What is checked: phone, aadhaar, pan, gst and so on.';
COMMENT ON COLUMN public.verification_requests.document_number   IS 'Masked but for the last four characters.';
COMMENT ON COLUMN public.verification_requests.status            IS 'pending, in_review, verified, failed or expired.';
COMMENT ON COLUMN public.verification_requests.verified_by       IS 'The user who decided; NULL before, for the system, and when that user is gone.';
COMMENT ON COLUMN public.verification_requests.verified_at       IS 'When it was decided.';
COMMENT ON COLUMN public.verification_requests.created_at        IS 'When the check was asked for.';
COMMENT ON COLUMN public.verification_requests.updated_at        IS 'When the row was last changed.';

SELECT nxtgauge_migration.refer_to('public.verification_requests', 'user_id', 'public.users');
SELECT nxtgauge_migration.refer_to('public.verification_requests', 'verified_by', 'public.users');

CREATE INDEX verification_requests_user_id_idx     ON public.verification_requests (user_id);
CREATE INDEX verification_requests_verified_by_idx ON public.verification_requests (verified_by);
CREATE INDEX verification_requests_open_idx        ON public.verification_requests (created_at)
    WHERE status IN ('pending', 'in_review');

COMMENT ON INDEX public.verification_requests_user_id_idx     IS 'A user''s checks; for the foreign key, too.';
COMMENT ON INDEX public.verification_requests_verified_by_idx IS 'For the foreign key.';
COMMENT ON INDEX public.verification_requests_open_idx        IS 'The queue of those who check, oldest first.';

CREATE TRIGGER keep_timestamps
    BEFORE INSERT OR UPDATE ON public.verification_requests
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();

COMMENT ON TRIGGER keep_timestamps ON public.verification_requests IS 'nxtgauge-migrate: keeps created_at and updated_at.';

-- unit: history

CREATE TABLE public.verification_request_history (
    id                      uuid        NOT NULL DEFAULT gen_random_uuid(),
    verification_request_id uuid        NOT NULL,
    action                  text        NOT NULL,
    performed_by            uuid,
    performed_by_label      text,
    notes                   text,
    created_at              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT verification_request_history_pkey PRIMARY KEY (id),
    CONSTRAINT verification_request_history_performed_by_label_check
        CHECK (performed_by IS NULL OR performed_by_label IS NULL),
    CONSTRAINT verification_request_history_verification_request_id_fkey FOREIGN KEY (verification_request_id)
        REFERENCES public.verification_requests (id) ON DELETE CASCADE
);

COMMENT ON TABLE  public.verification_request_history IS
    'nxtgauge-migrate: what happened to a verification request, in order of created_at. Rows are added, never changed.';
COMMENT ON COLUMN public.verification_request_history.id                      IS 'The same as that of the row of verification_logs it came from.';
COMMENT ON COLUMN public.verification_request_history.verification_request_id IS 'The request it happened to; its history leaves with it.';
COMMENT ON COLUMN public.verification_request_history.action                  IS 'What was done: created, decided and so on.';
COMMENT ON COLUMN public.verification_request_history.performed_by            IS 'The user who did it; NULL for the system.';
COMMENT ON COLUMN public.verification_request_history.performed_by_label      IS
    'Who did it, where that is no user of this database: a name, or the id of a user who is gone.';
COMMENT ON COLUMN public.verification_request_history.notes                   IS 'What was remarked.';
COMMENT ON COLUMN public.verification_request_history.created_at              IS 'When it happened.';

SELECT nxtgauge_migration.refer_to('public.verification_request_history', 'performed_by', 'public.users');

CREATE INDEX verification_request_history_verification_request_id_idx
    ON public.verification_request_history (verification_request_id, created_at);
CREATE INDEX verification_request_history_performed_by_idx ON public.verification_request_history (performed_by);

COMMENT ON INDEX public.verification_request_history_verification_request_id_idx IS 'The history of a request, in order; for the foreign key, too.';
COMMENT ON INDEX public.verification_request_history_performed_by_idx            IS 'For the foreign key.';

CREATE TRIGGER keep_created_at
    BEFORE INSERT OR UPDATE ON public.verification_request_history
    FOR EACH ROW EXECUTE FUNCTION public.keep_created_at();
CREATE TRIGGER keep_performer_label
    BEFORE UPDATE OF performed_by ON public.verification_request_history
    FOR EACH ROW WHEN (OLD.performed_by IS NOT NULL)
    EXECUTE FUNCTION public.keep_performer_label();

COMMENT ON TRIGGER keep_created_at ON public.verification_request_history IS 'nxtgauge-migrate: keeps created_at.';
COMMENT ON TRIGGER keep_performer_label ON public.verification_request_history IS
    'nxtgauge-migrate: when a user is deleted, keeps the id of who it was, as text.';

-- What a role may do with the old tables it may do with the new ones, but for one thing: a history is added to and read.
SELECT nxtgauge_migration.copy_privileges('public.verifications', 'public.verification_requests');
SELECT nxtgauge_migration.copy_privileges('public.verification_logs', 'public.verification_request_history');
SELECT nxtgauge_migration.keep_append_only('public.verification_request_history');

-- unit: rows of an earlier time
-- transactional: false

-- Requests that a rollback parked come back; on the first apply there are none. The foreign keys come after them: a row whose
-- reviewer is gone is not kept back.
CALL nxtgauge_migration.restore_rows('3031_create_verification_requests', 'public.verification_requests');
CALL nxtgauge_migration.restore_rows('3031_create_verification_requests', 'public.verification_request_history');

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.set_reference(
    'public.verification_requests', 'user_id', 'public.users', 'public.verifications', 'user_id', 'CASCADE');
SELECT nxtgauge_migration.set_reference(
    'public.verification_requests', 'verified_by', 'public.users', 'public.verifications', 'verified_by', 'SET NULL');
SELECT nxtgauge_migration.set_reference(
    'public.verification_request_history', 'performed_by', 'public.users', 'public.verification_logs', 'performed_by', 'SET NULL');

-- unit: goals
-- transactional: false

SELECT nxtgauge_migration.settle_reference('public.verification_requests', 'user_id', 'public.users');
SELECT nxtgauge_migration.settle_reference('public.verification_requests', 'verified_by', 'public.users');
SELECT nxtgauge_migration.settle_reference('public.verification_request_history', 'performed_by', 'public.users');
