-- Keep the tables of verification and onboarding and their successors equal from now on, whichever of the two backends writes.
--
-- kind: expand
-- depends: 3032_create_approval_requests
-- locks: each pair of tables SHARE ROW EXCLUSIVE, one after the other, with public.users and public.employees where triggers come on them; for milliseconds

-- How it works, and why:
--   · A row and its successor have the same id. One function per direction and table writes the one as the other says; the
--     triggers, the backfill and the way back of 3092 all call it.
--   · An echo ends where it changes nothing: each side compares before it writes.
--   · Where an old value still means what the new one says (how a status is spelled, who a text names, '' for NULL), it stays.
--   · The triggers act for their owner, so the old backend needs no right on the new tables; row_security = off turns rows that
--     a policy would hide into an error.
--   · They rest while nxtgauge_migration.backfill is 'on'.
--   · Locks are taken in the order old row, new row; before a user or an employee is deleted, the old rows that this concerns
--     are locked, so that the cascades keep that order, too. A backend that writes a new row at the same time may get 40P01 and tries again.

-- unit: functions

CREATE TABLE nxtgauge_migration.request_status_spelling (
    source   text NOT NULL,
    row_id   uuid NOT NULL,
    spelling text,
    written  text,
    CONSTRAINT request_status_spelling_pkey PRIMARY KEY (source, row_id)
);

COMMENT ON TABLE nxtgauge_migration.request_status_spelling IS
    'How the old backend spelled a status that the new one has since changed; it returns with its meaning.';
COMMENT ON COLUMN nxtgauge_migration.request_status_spelling.spelling IS 'The last status that the old backend wrote.';
COMMENT ON COLUMN nxtgauge_migration.request_status_spelling.written IS
    'What stands in the old table instead; anything else was written by the old backend.';

CREATE FUNCTION nxtgauge_migration.find_user(reference text) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    found public.users.id%TYPE;
BEGIN
    IF reference !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN NULL;
    END IF;
    found := reference;
    SELECT u.id INTO found FROM public.users AS u WHERE u.id = found;
    RETURN found;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.find_user(text) IS 'The id of the user that a text names, or NULL.';

CREATE FUNCTION nxtgauge_migration.find_employee(reference text) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    found public.employees.id%TYPE;
BEGIN
    IF reference !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN NULL;
    END IF;
    found := reference;
    SELECT e.id INTO found FROM public.employees AS e WHERE e.id = found;
    RETURN found;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.find_employee(text) IS 'The id of the employee that a text names, or NULL.';

CREATE FUNCTION nxtgauge_migration.hold_user(reference text) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    person   public.users.id%TYPE := nxtgauge_migration.find_user(reference);
    patience text                   := current_setting('lock_timeout');
BEGIN
    IF person IS NULL OR current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        RETURN person;
    END IF;
    PERFORM FROM public.users AS u WHERE u.id = person FOR KEY SHARE SKIP LOCKED;
    IF FOUND THEN
        RETURN person;
    END IF;
    -- Somebody is deleting the user, or holds the row for another purpose. The old table knew no foreign key here, so its
    -- writer never waited for that, nor met it in a deadlock: after a moment the text is kept instead of the reference.
    BEGIN
        PERFORM set_config('lock_timeout', '200ms', true);
        PERFORM FROM public.users AS u WHERE u.id = person FOR KEY SHARE;
        IF NOT FOUND THEN
            person := NULL;
        END IF;
        PERFORM set_config('lock_timeout', patience, true);
    EXCEPTION WHEN lock_not_available OR serialization_failure THEN
        person := NULL;
    END;
    RETURN person;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.hold_user(text) IS
    'The id of the user that a text names, locked so that it can be referred to without waiting; NULL if that cannot be had.';

CREATE FUNCTION nxtgauge_migration.hold_employee(reference text) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    person   public.employees.id%TYPE := nxtgauge_migration.find_employee(reference);
    patience text                   := current_setting('lock_timeout');
BEGIN
    IF person IS NULL OR current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        RETURN person;
    END IF;
    PERFORM FROM public.employees AS e WHERE e.id = person FOR KEY SHARE SKIP LOCKED;
    IF FOUND THEN
        RETURN person;
    END IF;
    -- Somebody is deleting the employee, or holds the row for another purpose. The old table knew no foreign key here, so its
    -- writer never waited for that, nor met it in a deadlock: after a moment the text is kept instead of the reference.
    BEGIN
        PERFORM set_config('lock_timeout', '200ms', true);
        PERFORM FROM public.employees AS e WHERE e.id = person FOR KEY SHARE;
        IF NOT FOUND THEN
            person := NULL;
        END IF;
        PERFORM set_config('lock_timeout', patience, true);
    EXCEPTION WHEN lock_not_available OR serialization_failure THEN
        person := NULL;
    END;
    RETURN person;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.hold_employee(text) IS
    'The id of the employee that a text names, locked so that it can be referred to without waiting; NULL if that cannot be had.';

CREATE FUNCTION nxtgauge_migration.names_same_person(legacy text, reference text, label text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(legacy, '') = coalesce(reference, label, '') OR (reference IS NOT NULL AND lower(legacy) IS NOT DISTINCT FROM lower(reference));

COMMENT ON FUNCTION nxtgauge_migration.names_same_person(text, text, text) IS
    'Whether the text of an old table names who a new one refers to, or calls by a label.';

CREATE FUNCTION nxtgauge_migration.empty_if_required(source text, column_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT '' FROM pg_attribute AS a
    WHERE a.attrelid = to_regclass(source) AND a.attname = column_name AND NOT a.attisdropped AND a.attnotnull
$$;

COMMENT ON FUNCTION nxtgauge_migration.empty_if_required(text, text) IS
    'What an old column holds where the new one is NULL: an empty string if it must not be NULL.';

CREATE FUNCTION nxtgauge_migration.spelled_request_status(kind text, relation oid, wanted text, VARIADIC models text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    model    text;
    spelling text;
    label    text;
    enum     oid;
BEGIN
    SELECT m.name INTO spelling
    FROM unnest(models) WITH ORDINALITY AS m (name, position)
    WHERE m.name IS NOT NULL AND nxtgauge_migration.normalised_request_status(kind, m.name) = wanted
    ORDER BY m.position LIMIT 1;

    IF spelling IS NULL THEN
        SELECT m.name INTO model FROM unnest(models) WITH ORDINALITY AS m (name, position)
        WHERE m.name IS NOT NULL ORDER BY m.position LIMIT 1;
        IF model IS NULL THEN
            -- A new row: in the manner of the column's default.
            SELECT split_part(pg_get_expr(d.adbin, d.adrelid), '''', 2) INTO model
            FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
            WHERE d.adrelid = relation AND a.attname = 'status';
            IF nxtgauge_migration.normalised_request_status(kind, model) = wanted AND model <> '' THEN
                spelling := model;
            END IF;
        END IF;
        spelling := coalesce(spelling, CASE WHEN model = lower(model)   THEN wanted
                                            WHEN model = upper(model)   THEN upper(wanted)
                                            WHEN model = initcap(model) THEN initcap(wanted)
                                            ELSE wanted END);
    END IF;

    SELECT e.oid INTO enum
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    JOIN pg_type AS e ON e.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
    WHERE a.attrelid = relation AND a.attname = 'status' AND NOT a.attisdropped AND e.typtype = 'e';
    IF enum IS NULL THEN
        RETURN spelling;
    END IF;

    SELECT e.enumlabel INTO label FROM pg_enum AS e
    WHERE e.enumtypid = enum AND nxtgauge_migration.normalised_request_status(kind, e.enumlabel) = wanted
    ORDER BY e.enumlabel = spelling DESC, lower(e.enumlabel) = wanted DESC, e.enumsortorder LIMIT 1;
    IF label IS NULL THEN
        RAISE EXCEPTION 'the status of % has no label for %', relation::regclass, wanted
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Until the old tables have left, a status must be one that the old backend can read.';
    END IF;
    RETURN label;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.spelled_request_status(text, oid, text, text[]) IS
    'How an old table writes a status: like the model that means it, else in the manner of the first; an enum''s own label.';

CREATE FUNCTION nxtgauge_migration.legacy_request_status(kind text, source text, id uuid, wanted text, known_as text, is_known boolean)
    RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    memory   nxtgauge_migration.request_status_spelling;
    spelling text;
BEGIN
    IF is_known AND nxtgauge_migration.normalised_request_status(kind, known_as) = wanted THEN
        RETURN known_as;
    END IF;
    SELECT * INTO memory FROM nxtgauge_migration.request_status_spelling AS s WHERE s.source = legacy_request_status.source AND s.row_id = id;
    IF memory.row_id IS NOT NULL AND nxtgauge_migration.normalised_request_status(kind, memory.spelling) = wanted THEN
        spelling := memory.spelling;
    ELSE
        spelling := nxtgauge_migration.spelled_request_status(kind, to_regclass(source), wanted, memory.spelling, known_as);
    END IF;
    IF is_known THEN
        INSERT INTO nxtgauge_migration.request_status_spelling AS s (source, row_id, spelling, written)
        VALUES (source, id, known_as, spelling)
        ON CONFLICT ON CONSTRAINT request_status_spelling_pkey DO UPDATE SET written = excluded.written;
    END IF;
    RETURN spelling;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.legacy_request_status(text, text, uuid, text, text, boolean) IS
    'How an old row spells the status that its successor has now; the spelling it replaces returns with its meaning.';

CREATE FUNCTION nxtgauge_migration.forget_request_status(source text, id uuid, written text) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM nxtgauge_migration.request_status_spelling AS s
    WHERE s.source = forget_request_status.source AND s.row_id = id AND s.written IS DISTINCT FROM forget_request_status.written
$$;

COMMENT ON FUNCTION nxtgauge_migration.forget_request_status(text, uuid, text) IS
    'A spelling that is not the kit''s own is the old backend''s, and the newest; NULL: the row is gone.';

CREATE FUNCTION nxtgauge_migration.stale_rows_statement(target text, origin text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('DELETE FROM %1$s AS t USING pg_temp.nxtgauge_batch AS b
                   WHERE t.id = b.id AND NOT EXISTS (SELECT FROM %2$s AS o WHERE o.id = b.id::text::%3$s)',
                  nxtgauge_migration.canonical_name(target), nxtgauge_migration.canonical_name(origin), nxtgauge_migration.type_of_id(origin))
$$;

COMMENT ON FUNCTION nxtgauge_migration.stale_rows_statement(text, text) IS
    'The statement that deletes, of a batch, the rows whose counterpart is gone.';

-- From old to new.

CREATE FUNCTION nxtgauge_migration.write_to_verification_requests(legacy record) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    request public.verification_requests;
    owner   text := nxtgauge_migration.find_user(legacy.user_id::text);
BEGIN
    -- Without its user it cannot stand; the backfill leaves it to the quarantine, a client gets the foreign key's error.
    IF owner IS NULL AND current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        RETURN;
    END IF;
    request.id                := legacy.id;
    request.user_id           := coalesce(owner, legacy.user_id::text);
    request.verification_type := coalesce(legacy.verification_type::text, '');
    request.document_number   := legacy.document_number;
    request.status            := nxtgauge_migration.normalised_request_status('verification', legacy.status::text);
    request.verified_by       := nxtgauge_migration.find_user(legacy.verified_by::text);
    request.verified_at       := legacy.verified_at;
    request.created_at        := legacy.created_at;
    request.updated_at        := legacy.updated_at;
    INSERT INTO public.verification_requests AS r VALUES (request.*)
    ON CONFLICT (id) DO UPDATE
    SET user_id = excluded.user_id, verification_type = excluded.verification_type, document_number = excluded.document_number,
        status = excluded.status, verified_by = excluded.verified_by, verified_at = excluded.verified_at,
        created_at = excluded.created_at, updated_at = excluded.updated_at
    WHERE (r.user_id, r.verification_type, coalesce(r.document_number, ''), r.status, r.verified_by, r.verified_at, r.created_at,
           r.updated_at)
        IS DISTINCT FROM (excluded.user_id, excluded.verification_type, coalesce(excluded.document_number, ''), excluded.status,
           excluded.verified_by, excluded.verified_at, excluded.created_at, excluded.updated_at);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_verification_requests(record) IS
    'Makes the successor of a row of verifications say what that says.';

CREATE FUNCTION nxtgauge_migration.write_to_verification_request_history(legacy record) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    entry public.verification_request_history;
    known public.verification_request_history;
BEGIN
    -- Without its request it cannot stand, either.
    IF current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        IF legacy.verification_id::text !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
            RETURN;
        END IF;
        PERFORM FROM public.verification_requests AS r WHERE r.id = legacy.verification_id::text::uuid;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    entry.id                      := legacy.id;
    entry.verification_request_id := legacy.verification_id;
    entry.action                  := coalesce(legacy.action::text, '');
    entry.notes                   := legacy.notes;
    entry.created_at              := coalesce(legacy.logged_at::timestamptz, legacy.created_at::timestamptz);
    SELECT * INTO known FROM public.verification_request_history AS h WHERE h.id = entry.id;
    IF known.id IS NOT NULL
        AND nxtgauge_migration.names_same_person(legacy.performed_by::text, known.performed_by::text, known.performed_by_label) THEN
        entry.performed_by       := known.performed_by;
        entry.performed_by_label := known.performed_by_label;
    ELSE
        entry.performed_by       := nxtgauge_migration.hold_user(legacy.performed_by::text);
        entry.performed_by_label := CASE WHEN entry.performed_by IS NULL THEN nullif(legacy.performed_by::text, '') END;
    END IF;
    INSERT INTO public.verification_request_history AS h VALUES (entry.*)
    ON CONFLICT (id) DO UPDATE
    SET verification_request_id = excluded.verification_request_id, action = excluded.action, performed_by = excluded.performed_by,
        performed_by_label = excluded.performed_by_label, notes = excluded.notes, created_at = excluded.created_at
    WHERE (h.verification_request_id, h.action, h.performed_by, h.performed_by_label, coalesce(h.notes, ''), h.created_at)
        IS DISTINCT FROM (excluded.verification_request_id, excluded.action, excluded.performed_by, excluded.performed_by_label,
            coalesce(excluded.notes, ''), excluded.created_at);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_verification_request_history(record) IS
    'Makes the successor of a row of verification_logs say what that says.';

CREATE FUNCTION nxtgauge_migration.write_to_approval_requests(legacy record) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    request     public.approval_requests;
    known       public.approval_requests;
    is_backfill boolean := coalesce(current_setting('nxtgauge_migration.backfill', true) = 'on', false);
    owner       text    := nxtgauge_migration.find_user(legacy.user_id::text);
BEGIN
    IF owner IS NULL AND is_backfill THEN
        RETURN;
    END IF;
    request.id               := legacy.id;
    request.user_id          := coalesce(owner, legacy.user_id::text);
    request.role_key         := coalesce(legacy.role_key::text, '');
    request.form_data        := coalesce(legacy.form_data::text::jsonb, '{}');
    request.status           := nxtgauge_migration.normalised_request_status('approval', legacy.status::text);
    request.rejection_reason := legacy.rejection_reason;
    request.submitted_at     := legacy.submitted_at;
    request.reviewed_at      := legacy.reviewed_at;
    request.created_at       := legacy.created_at;
    request.updated_at       := legacy.updated_at;
    SELECT * INTO known FROM public.approval_requests AS r WHERE r.id = request.id;
    IF known.id IS NOT NULL
        AND nxtgauge_migration.names_same_person(legacy.reviewed_by::text, known.reviewed_by::text, known.reviewed_by_label) THEN
        request.reviewed_by       := known.reviewed_by;
        request.reviewed_by_label := known.reviewed_by_label;
    ELSE
        request.reviewed_by       := nxtgauge_migration.hold_employee(legacy.reviewed_by::text);
        request.reviewed_by_label := CASE WHEN request.reviewed_by IS NULL THEN nullif(legacy.reviewed_by::text, '') END;
    END IF;
    INSERT INTO public.approval_requests AS r VALUES (request.*)
    ON CONFLICT (id) DO UPDATE
    SET user_id = excluded.user_id, role_key = excluded.role_key, form_data = excluded.form_data, status = excluded.status,
        rejection_reason = excluded.rejection_reason, reviewed_by = excluded.reviewed_by,
        reviewed_by_label = excluded.reviewed_by_label, submitted_at = excluded.submitted_at, reviewed_at = excluded.reviewed_at,
        created_at = excluded.created_at, updated_at = excluded.updated_at
    WHERE (r.user_id, r.role_key, r.form_data, r.status, coalesce(r.rejection_reason, ''), r.reviewed_by, r.reviewed_by_label,
           r.submitted_at, r.reviewed_at, r.created_at, r.updated_at)
        IS DISTINCT FROM (excluded.user_id, excluded.role_key, excluded.form_data, excluded.status,
            coalesce(excluded.rejection_reason, ''), excluded.reviewed_by, excluded.reviewed_by_label, excluded.submitted_at,
            excluded.reviewed_at, excluded.created_at, excluded.updated_at);
    IF is_backfill THEN
        PERFORM public.note_approval_status(request.id);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_approval_requests(record) IS
    'Makes the successor of a row of onboarding_submissions say what that says.';

CREATE FUNCTION nxtgauge_migration.write_to_approval_request_documents(legacy record) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    document public.approval_request_documents;
BEGIN
    IF current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        IF legacy.submission_id::text !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
            RETURN;
        END IF;
        PERFORM FROM public.approval_requests AS r WHERE r.id = legacy.submission_id::text::uuid;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    document.id                  := legacy.id;
    document.approval_request_id := legacy.submission_id;
    document.document_type       := coalesce(legacy.document_type::text, '');
    document.file_key            := coalesce(legacy.file_key::text, '');
    document.file_name           := legacy.file_name;
    document.status              := nxtgauge_migration.normalised_request_status('document', legacy.status::text);
    document.uploaded_at         := legacy.uploaded_at;
    document.created_at          := legacy.created_at;
    document.updated_at          := legacy.updated_at;
    INSERT INTO public.approval_request_documents AS d VALUES (document.*)
    ON CONFLICT (id) DO UPDATE
    SET approval_request_id = excluded.approval_request_id, document_type = excluded.document_type, file_key = excluded.file_key,
        file_name = excluded.file_name, status = excluded.status, uploaded_at = excluded.uploaded_at,
        created_at = excluded.created_at, updated_at = excluded.updated_at
    WHERE (d.approval_request_id, d.document_type, d.file_key, coalesce(d.file_name, ''), d.status, d.uploaded_at, d.created_at,
           d.updated_at)
        IS DISTINCT FROM (excluded.approval_request_id, excluded.document_type, excluded.file_key, coalesce(excluded.file_name, ''),
            excluded.status, excluded.uploaded_at, excluded.created_at, excluded.updated_at);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_approval_request_documents(record) IS
    'Makes the successor of a row of submission_documents say what that says.';

-- From new to old.

CREATE FUNCTION nxtgauge_migration.write_to_verifications(request public.verification_requests) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    known    public.verifications;
    legacy   public.verifications;
    is_known boolean;
BEGIN
    legacy.id := request.id;
    SELECT * INTO known FROM public.verifications AS v WHERE v.id = legacy.id FOR NO KEY UPDATE;
    is_known := FOUND;
    IF is_known THEN
        legacy := known;
    END IF;
    IF lower(known.user_id::text) IS DISTINCT FROM request.user_id::text THEN
        legacy.user_id := request.user_id;
    END IF;
    IF coalesce(known.verification_type::text, '') <> request.verification_type OR NOT is_known THEN
        legacy.verification_type := request.verification_type;
    END IF;
    IF coalesce(known.document_number::text, '') <> coalesce(request.document_number, '') OR NOT is_known THEN
        legacy.document_number := coalesce(
            request.document_number, nxtgauge_migration.empty_if_required('public.verifications', 'document_number'));
    END IF;
    legacy.status := nxtgauge_migration.legacy_request_status(
        'verification', 'public.verifications', request.id, request.status, known.status::text, is_known);
    -- A user who is gone, where no foreign key says so, is no one; the old row goes on naming him.
    IF nxtgauge_migration.find_user(known.verified_by::text) IS DISTINCT FROM request.verified_by::text THEN
        legacy.verified_by := request.verified_by;
    END IF;
    legacy.verified_at := request.verified_at;
    legacy.created_at  := request.created_at;
    legacy.updated_at  := request.updated_at;
    IF NOT is_known THEN
        INSERT INTO public.verifications (
            id, user_id, verification_type, document_number, status, verified_by, verified_at, created_at, updated_at
        )
        VALUES (legacy.id, legacy.user_id, legacy.verification_type, legacy.document_number, legacy.status, legacy.verified_by,
                legacy.verified_at, legacy.created_at, legacy.updated_at);
    ELSIF (known.user_id, known.verification_type, known.document_number, known.status, known.verified_by, known.verified_at,
           known.created_at, known.updated_at)
        IS DISTINCT FROM (legacy.user_id, legacy.verification_type, legacy.document_number, legacy.status, legacy.verified_by,
            legacy.verified_at, legacy.created_at, legacy.updated_at) THEN
        UPDATE public.verifications AS v
        SET user_id = legacy.user_id, verification_type = legacy.verification_type, document_number = legacy.document_number,
            status = legacy.status, verified_by = legacy.verified_by, verified_at = legacy.verified_at,
            created_at = legacy.created_at, updated_at = legacy.updated_at
        WHERE v.id = legacy.id;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_verifications(public.verification_requests) IS
    'Makes the old row of a verification request say what that says, in its own spelling where that means the same.';

CREATE FUNCTION nxtgauge_migration.write_to_verification_logs(entry public.verification_request_history) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    known    public.verification_logs;
    legacy   public.verification_logs;
    is_known boolean;
BEGIN
    legacy.id := entry.id;
    SELECT * INTO known FROM public.verification_logs AS l WHERE l.id = legacy.id FOR NO KEY UPDATE;
    is_known := FOUND;
    IF is_known THEN
        legacy := known;
    END IF;
    IF lower(known.verification_id::text) IS DISTINCT FROM entry.verification_request_id::text THEN
        legacy.verification_id := entry.verification_request_id;
    END IF;
    IF coalesce(known.action::text, '') <> entry.action OR NOT is_known THEN
        legacy.action := entry.action;
    END IF;
    IF NOT is_known
        OR NOT nxtgauge_migration.names_same_person(known.performed_by::text, entry.performed_by::text, entry.performed_by_label) THEN
        legacy.performed_by := coalesce(entry.performed_by::text, entry.performed_by_label,
            nxtgauge_migration.empty_if_required('public.verification_logs', 'performed_by'));
    END IF;
    IF coalesce(known.notes::text, '') <> coalesce(entry.notes, '') OR NOT is_known THEN
        legacy.notes := coalesce(entry.notes, nxtgauge_migration.empty_if_required('public.verification_logs', 'notes'));
    END IF;
    IF coalesce(known.logged_at::timestamptz, known.created_at::timestamptz) IS DISTINCT FROM entry.created_at THEN
        legacy.logged_at  := entry.created_at;
        legacy.created_at := coalesce(known.created_at::timestamptz, entry.created_at);
    END IF;
    IF NOT is_known THEN
        INSERT INTO public.verification_logs (id, verification_id, action, performed_by, notes, logged_at, created_at)
        VALUES (legacy.id, legacy.verification_id, legacy.action, legacy.performed_by, legacy.notes, legacy.logged_at, legacy.created_at);
    ELSIF (known.verification_id, known.action, known.performed_by, known.notes, known.logged_at, known.created_at)
        IS DISTINCT FROM (legacy.verification_id, legacy.action, legacy.performed_by, legacy.notes, legacy.logged_at,
            legacy.created_at) THEN
        UPDATE public.verification_logs AS l
        SET verification_id = legacy.verification_id, action = legacy.action, performed_by = legacy.performed_by,
            notes = legacy.notes, logged_at = legacy.logged_at, created_at = legacy.created_at
        WHERE l.id = legacy.id;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_verification_logs(public.verification_request_history) IS
    'Makes the old row of an entry of the history say what that says.';

CREATE FUNCTION nxtgauge_migration.write_to_onboarding_submissions(request public.approval_requests) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    known    public.onboarding_submissions;
    legacy   public.onboarding_submissions;
    is_known boolean;
BEGIN
    legacy.id := request.id;
    SELECT * INTO known FROM public.onboarding_submissions AS s WHERE s.id = legacy.id FOR NO KEY UPDATE;
    is_known := FOUND;
    IF is_known THEN
        legacy := known;
    END IF;
    IF lower(known.user_id::text) IS DISTINCT FROM request.user_id::text THEN
        legacy.user_id := request.user_id;
    END IF;
    IF coalesce(known.role_key::text, '') <> request.role_key OR NOT is_known THEN
        legacy.role_key := request.role_key;
    END IF;
    IF coalesce(known.form_data::text::jsonb, '{}') <> request.form_data OR NOT is_known THEN
        legacy.form_data := request.form_data;
    END IF;
    legacy.status := nxtgauge_migration.legacy_request_status(
        'approval', 'public.onboarding_submissions', request.id, request.status, known.status::text, is_known);
    IF coalesce(known.rejection_reason::text, '') <> coalesce(request.rejection_reason, '') OR NOT is_known THEN
        legacy.rejection_reason := coalesce(
            request.rejection_reason, nxtgauge_migration.empty_if_required('public.onboarding_submissions', 'rejection_reason'));
    END IF;
    IF NOT is_known
        OR NOT nxtgauge_migration.names_same_person(known.reviewed_by::text, request.reviewed_by::text, request.reviewed_by_label) THEN
        legacy.reviewed_by := coalesce(request.reviewed_by::text, request.reviewed_by_label,
            nxtgauge_migration.empty_if_required('public.onboarding_submissions', 'reviewed_by'));
    END IF;
    legacy.submitted_at := request.submitted_at;
    legacy.reviewed_at  := request.reviewed_at;
    legacy.created_at   := request.created_at;
    legacy.updated_at   := request.updated_at;
    IF NOT is_known THEN
        INSERT INTO public.onboarding_submissions (
            id, user_id, role_key, form_data, status, rejection_reason, reviewed_by, submitted_at, reviewed_at, created_at, updated_at
        )
        VALUES (legacy.id, legacy.user_id, legacy.role_key, legacy.form_data, legacy.status, legacy.rejection_reason,
                legacy.reviewed_by, legacy.submitted_at, legacy.reviewed_at, legacy.created_at, legacy.updated_at);
    ELSIF (known.user_id, known.role_key, known.form_data::text, known.status, known.rejection_reason, known.reviewed_by,
           known.submitted_at, known.reviewed_at, known.created_at, known.updated_at)
        IS DISTINCT FROM (legacy.user_id, legacy.role_key, legacy.form_data::text, legacy.status, legacy.rejection_reason,
            legacy.reviewed_by, legacy.submitted_at, legacy.reviewed_at, legacy.created_at, legacy.updated_at) THEN
        UPDATE public.onboarding_submissions AS s
        SET user_id = legacy.user_id, role_key = legacy.role_key, form_data = legacy.form_data, status = legacy.status,
            rejection_reason = legacy.rejection_reason, reviewed_by = legacy.reviewed_by, submitted_at = legacy.submitted_at,
            reviewed_at = legacy.reviewed_at, created_at = legacy.created_at, updated_at = legacy.updated_at
        WHERE s.id = legacy.id;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_onboarding_submissions(public.approval_requests) IS
    'Makes the old row of an approval request say what that says; its config_id and whatever else the old table has stay.';

CREATE FUNCTION nxtgauge_migration.write_to_submission_documents(document public.approval_request_documents) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    known    public.submission_documents;
    legacy   public.submission_documents;
    is_known boolean;
BEGIN
    legacy.id := document.id;
    SELECT * INTO known FROM public.submission_documents AS d WHERE d.id = legacy.id FOR NO KEY UPDATE;
    is_known := FOUND;
    IF is_known THEN
        legacy := known;
    END IF;
    IF lower(known.submission_id::text) IS DISTINCT FROM document.approval_request_id::text THEN
        legacy.submission_id := document.approval_request_id;
    END IF;
    IF coalesce(known.document_type::text, '') <> document.document_type OR NOT is_known THEN
        legacy.document_type := document.document_type;
    END IF;
    IF coalesce(known.file_key::text, '') <> document.file_key OR NOT is_known THEN
        legacy.file_key := document.file_key;
    END IF;
    IF coalesce(known.file_name::text, '') <> coalesce(document.file_name, '') OR NOT is_known THEN
        legacy.file_name := coalesce(document.file_name, nxtgauge_migration.empty_if_required('public.submission_documents', 'file_name'));
    END IF;
    legacy.status := nxtgauge_migration.legacy_request_status(
        'document', 'public.submission_documents', document.id, document.status, known.status::text, is_known);
    legacy.uploaded_at := document.uploaded_at;
    legacy.created_at  := document.created_at;
    legacy.updated_at  := document.updated_at;
    IF NOT is_known THEN
        INSERT INTO public.submission_documents (
            id, submission_id, document_type, file_key, file_name, status, uploaded_at, created_at, updated_at
        )
        VALUES (legacy.id, legacy.submission_id, legacy.document_type, legacy.file_key, legacy.file_name, legacy.status,
                legacy.uploaded_at, legacy.created_at, legacy.updated_at);
    ELSIF (known.submission_id, known.document_type, known.file_key, known.file_name, known.status, known.uploaded_at,
           known.created_at, known.updated_at)
        IS DISTINCT FROM (legacy.submission_id, legacy.document_type, legacy.file_key, legacy.file_name, legacy.status,
            legacy.uploaded_at, legacy.created_at, legacy.updated_at) THEN
        UPDATE public.submission_documents AS d
        SET submission_id = legacy.submission_id, document_type = legacy.document_type, file_key = legacy.file_key,
            file_name = legacy.file_name, status = legacy.status, uploaded_at = legacy.uploaded_at,
            created_at = legacy.created_at, updated_at = legacy.updated_at
        WHERE d.id = legacy.id;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.write_to_submission_documents(public.approval_request_documents) IS
    'Makes the old row of a document say what that says, in its own spelling where that means the same.';

-- The triggers' functions.

CREATE FUNCTION nxtgauge_migration.carry_verifications() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this uuid;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.verification_requests;
        DELETE FROM nxtgauge_migration.request_status_spelling AS s WHERE s.source = 'public.verifications';
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.verification_requests AS n WHERE n.id = this;
        PERFORM nxtgauge_migration.forget_request_status('public.verifications', this, NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.id <> OLD.id THEN
            this := OLD.id;
            DELETE FROM public.verification_requests AS n WHERE n.id = this;
        END IF;
        IF NEW.status IS DISTINCT FROM OLD.status THEN
            this := NEW.id;
            PERFORM nxtgauge_migration.forget_request_status('public.verifications', this, NEW.status::text);
        END IF;
        -- A cascade may have changed the row and then deleted it.
        IF EXISTS (SELECT FROM public.verifications AS l WHERE l.id = NEW.id) THEN
            PERFORM nxtgauge_migration.write_to_verification_requests(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_verification_requests(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_verifications() IS
    'After verifications is written: writes verification_requests.';

CREATE FUNCTION nxtgauge_migration.carry_verification_requests() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this public.verifications.id%TYPE;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.verifications;
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.verifications AS l WHERE l.id = this;
    ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        this := OLD.id;
        DELETE FROM public.verifications AS l WHERE l.id = this;
        PERFORM nxtgauge_migration.write_to_verifications(NEW);
    ELSIF TG_OP = 'UPDATE' THEN
        -- A cascade may have changed the row and then deleted it, and the old one before.
        this := NEW.id;
        IF EXISTS (SELECT FROM public.verifications AS l WHERE l.id = this) THEN
            PERFORM nxtgauge_migration.write_to_verifications(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_verifications(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_verification_requests() IS
    'After verification_requests is written: writes verifications.';

CREATE FUNCTION nxtgauge_migration.carry_verification_logs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this uuid;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.verification_request_history;
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.verification_request_history AS n WHERE n.id = this;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.id <> OLD.id THEN
            this := OLD.id;
            DELETE FROM public.verification_request_history AS n WHERE n.id = this;
        END IF;
        -- A cascade may have changed the row and then deleted it.
        IF EXISTS (SELECT FROM public.verification_logs AS l WHERE l.id = NEW.id) THEN
            PERFORM nxtgauge_migration.write_to_verification_request_history(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_verification_request_history(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_verification_logs() IS
    'After verification_logs is written: writes verification_request_history.';

CREATE FUNCTION nxtgauge_migration.carry_verification_request_history() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this public.verification_logs.id%TYPE;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.verification_logs;
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.verification_logs AS l WHERE l.id = this;
    ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        this := OLD.id;
        DELETE FROM public.verification_logs AS l WHERE l.id = this;
        PERFORM nxtgauge_migration.write_to_verification_logs(NEW);
    ELSIF TG_OP = 'UPDATE' THEN
        -- A cascade may have changed the row and then deleted it, and the old one before.
        this := NEW.id;
        IF EXISTS (SELECT FROM public.verification_logs AS l WHERE l.id = this) THEN
            PERFORM nxtgauge_migration.write_to_verification_logs(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_verification_logs(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_verification_request_history() IS
    'After verification_request_history is written: writes verification_logs.';

CREATE FUNCTION nxtgauge_migration.carry_onboarding_submissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this uuid;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.approval_requests;
        DELETE FROM nxtgauge_migration.request_status_spelling AS s WHERE s.source = 'public.onboarding_submissions';
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.approval_requests AS n WHERE n.id = this;
        PERFORM nxtgauge_migration.forget_request_status('public.onboarding_submissions', this, NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.id <> OLD.id THEN
            this := OLD.id;
            DELETE FROM public.approval_requests AS n WHERE n.id = this;
        END IF;
        IF NEW.status IS DISTINCT FROM OLD.status THEN
            this := NEW.id;
            PERFORM nxtgauge_migration.forget_request_status('public.onboarding_submissions', this, NEW.status::text);
        END IF;
        -- A cascade may have changed the row and then deleted it.
        IF EXISTS (SELECT FROM public.onboarding_submissions AS l WHERE l.id = NEW.id) THEN
            PERFORM nxtgauge_migration.write_to_approval_requests(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_approval_requests(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_onboarding_submissions() IS
    'After onboarding_submissions is written: writes approval_requests.';

CREATE FUNCTION nxtgauge_migration.carry_approval_requests() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this public.onboarding_submissions.id%TYPE;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.onboarding_submissions;
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.onboarding_submissions AS l WHERE l.id = this;
    ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        this := OLD.id;
        DELETE FROM public.onboarding_submissions AS l WHERE l.id = this;
        PERFORM nxtgauge_migration.write_to_onboarding_submissions(NEW);
    ELSIF TG_OP = 'UPDATE' THEN
        -- A cascade may have changed the row and then deleted it, and the old one before.
        this := NEW.id;
        IF EXISTS (SELECT FROM public.onboarding_submissions AS l WHERE l.id = this) THEN
            PERFORM nxtgauge_migration.write_to_onboarding_submissions(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_onboarding_submissions(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_approval_requests() IS
    'After approval_requests is written: writes onboarding_submissions.';

CREATE FUNCTION nxtgauge_migration.carry_submission_documents() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this uuid;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.approval_request_documents;
        DELETE FROM nxtgauge_migration.request_status_spelling AS s WHERE s.source = 'public.submission_documents';
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.approval_request_documents AS n WHERE n.id = this;
        PERFORM nxtgauge_migration.forget_request_status('public.submission_documents', this, NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.id <> OLD.id THEN
            this := OLD.id;
            DELETE FROM public.approval_request_documents AS n WHERE n.id = this;
        END IF;
        IF NEW.status IS DISTINCT FROM OLD.status THEN
            this := NEW.id;
            PERFORM nxtgauge_migration.forget_request_status('public.submission_documents', this, NEW.status::text);
        END IF;
        -- A cascade may have changed the row and then deleted it.
        IF EXISTS (SELECT FROM public.submission_documents AS l WHERE l.id = NEW.id) THEN
            PERFORM nxtgauge_migration.write_to_approval_request_documents(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_approval_request_documents(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_submission_documents() IS
    'After submission_documents is written: writes approval_request_documents.';

CREATE FUNCTION nxtgauge_migration.carry_approval_request_documents() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
    SET timezone = 'UTC'
AS $$
DECLARE
    this public.submission_documents.id%TYPE;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM public.submission_documents;
    ELSIF TG_OP = 'DELETE' THEN
        this := OLD.id;
        DELETE FROM public.submission_documents AS l WHERE l.id = this;
    ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        this := OLD.id;
        DELETE FROM public.submission_documents AS l WHERE l.id = this;
        PERFORM nxtgauge_migration.write_to_submission_documents(NEW);
    ELSIF TG_OP = 'UPDATE' THEN
        -- A cascade may have changed the row and then deleted it, and the old one before.
        this := NEW.id;
        IF EXISTS (SELECT FROM public.submission_documents AS l WHERE l.id = this) THEN
            PERFORM nxtgauge_migration.write_to_submission_documents(NEW);
        END IF;
    ELSE
        PERFORM nxtgauge_migration.write_to_submission_documents(NEW);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_approval_request_documents() IS
    'After approval_request_documents is written: writes submission_documents.';

-- A foreign key's cascade or SET NULL reaches the new row first where the old table has no such foreign key. These lock the old
-- rows before, in the order in which others do.

CREATE FUNCTION nxtgauge_migration.lock_verifications() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    owner public.verifications.user_id%TYPE;
    this  public.verifications.id%TYPE;
BEGIN
    owner := OLD.id;
    PERFORM FROM public.verifications AS l WHERE l.user_id = owner ORDER BY l.id FOR UPDATE;
    FOR this IN SELECT n.id FROM public.verification_requests AS n WHERE n.verified_by = OLD.id ORDER BY n.id LOOP
        PERFORM FROM public.verifications AS l WHERE l.id = this FOR NO KEY UPDATE;
    END LOOP;
    RETURN OLD;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.lock_verifications() IS
    'Before a user is deleted: locks the verifications of the user, and those that the user decided, before their successors.';

CREATE FUNCTION nxtgauge_migration.lock_verification_logs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    this public.verification_logs.id%TYPE;
BEGIN
    -- After the verifications (triggers fire in the order of their names): whoever deletes one locks its entries after it.
    FOR this IN SELECT n.id FROM public.verification_request_history AS n WHERE n.performed_by = OLD.id ORDER BY n.id LOOP
        PERFORM FROM public.verification_logs AS l WHERE l.id = this FOR NO KEY UPDATE;
    END LOOP;
    RETURN OLD;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.lock_verification_logs() IS
    'Before a user is deleted: locks the log entries that name the user before their successors.';

CREATE FUNCTION nxtgauge_migration.lock_submissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    owner public.onboarding_submissions.user_id%TYPE;
BEGIN
    owner := OLD.id;
    PERFORM FROM public.onboarding_submissions AS l WHERE l.user_id = owner ORDER BY l.id FOR UPDATE;
    RETURN OLD;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.lock_submissions() IS
    'Before a user is deleted: locks the submissions of the user before their successors.';

CREATE FUNCTION nxtgauge_migration.lock_reviewed_submissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET row_security = off
AS $$
DECLARE
    this public.onboarding_submissions.id%TYPE;
BEGIN
    FOR this IN SELECT n.id FROM public.approval_requests AS n WHERE n.reviewed_by = OLD.id ORDER BY n.id LOOP
        PERFORM FROM public.onboarding_submissions AS l WHERE l.id = this FOR NO KEY UPDATE;
    END LOOP;
    RETURN OLD;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.lock_reviewed_submissions() IS
    'Before an employee is deleted: locks the submissions that the employee reviewed before their successors.';

-- For the way back of 3092. (It stands here, so that a step which was interrupted anywhere can be rolled back.)

CREATE FUNCTION nxtgauge_migration.refuse_unfit_requests(source text, origin text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    kind     text := CASE source WHEN 'public.verifications' THEN 'verification' WHEN 'public.onboarding_submissions' THEN 'approval'
                                 WHEN 'public.submission_documents' THEN 'document' END;
    relation oid;
    entry    nxtgauge_migration.parked;
    field    record;
    value    text;
    misfits  bigint;
    first_id text;
BEGIN
    SELECT p.* INTO entry FROM nxtgauge_migration.parked AS p
    WHERE p.step = '3092_retire_onboarding' AND p.kind = 'table' AND p.source = refuse_unfit_requests.source AND p.state = 'parked'
    ORDER BY p.id DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    relation := nxtgauge_migration.table_oid(nxtgauge_migration.parked_name(entry));
    FOR field IN
        SELECT a.attname AS name, w.expression, format_type(a.atttypid, a.atttypmod) AS type,
            CASE WHEN t.typcategory = 'S' AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
            a.attnotnull AND t.typcategory <> 'S' AS is_required
        FROM (VALUES
            ('verification_type', 'n.verification_type'), ('document_number', 'n.document_number'), ('status', 'n.status'),
            ('verified_by', 'n.verified_by::text'), ('verified_at', 'n.verified_at::text'),
            ('action', 'n.action'), ('performed_by', 'coalesce(n.performed_by::text, n.performed_by_label)'), ('notes', 'n.notes'),
            ('role_key', 'n.role_key'), ('rejection_reason', 'n.rejection_reason'),
            ('reviewed_by', 'coalesce(n.reviewed_by::text, n.reviewed_by_label)'),
            ('submitted_at', 'n.submitted_at::text'), ('reviewed_at', 'n.reviewed_at::text'),
            ('document_type', 'n.document_type'), ('file_key', 'n.file_key'), ('file_name', 'n.file_name'),
            ('uploaded_at', 'n.uploaded_at::text')) AS w (name, expression)
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = w.name AND NOT a.attisdropped
        JOIN pg_type AS t ON t.oid = a.atttypid
        ORDER BY a.attnum
    LOOP
        CONTINUE WHEN field.length IS NULL AND NOT field.is_required;
        EXECUTE format('SELECT count(*), min(n.id::text) FROM %s AS n WHERE %s', origin,
            CASE WHEN field.length IS NOT NULL THEN format('char_length(rtrim(%s, '' '')) > %s', field.expression, field.length)
                 ELSE format('%s IS NULL', field.expression) END)
        INTO misfits, first_id;
        IF misfits > 0 THEN
            RAISE EXCEPTION '% rows of % have a % that %.% (%) cannot hold; the first is %', misfits, origin, field.name, source,
                field.name, field.type || CASE WHEN field.is_required THEN ', NOT NULL' ELSE '' END, first_id
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('Shorten or fill them in %s, then run the rollback again; nothing was changed.', origin);
        END IF;
    END LOOP;
    IF kind IS NULL THEN
        RETURN;
    END IF;
    -- Raises if an enum has no label for it.
    FOR value IN EXECUTE format('SELECT DISTINCT n.status FROM %s AS n', origin) LOOP
        PERFORM nxtgauge_migration.spelled_request_status(kind, relation, value, NULL::text);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refuse_unfit_requests(text, text) IS
    'Before an old table comes back: refuses, naming the first, what its columns cannot hold.';

REVOKE ALL ON FUNCTION nxtgauge_migration.find_user(text), nxtgauge_migration.find_employee(text),
    nxtgauge_migration.hold_user(text), nxtgauge_migration.hold_employee(text),
    nxtgauge_migration.empty_if_required(text, text), nxtgauge_migration.spelled_request_status(text, oid, text, text[]),
    nxtgauge_migration.legacy_request_status(text, text, uuid, text, text, boolean),
    nxtgauge_migration.forget_request_status(text, uuid, text), nxtgauge_migration.stale_rows_statement(text, text),
    nxtgauge_migration.write_to_verification_requests(record), nxtgauge_migration.write_to_verification_request_history(record),
    nxtgauge_migration.write_to_approval_requests(record), nxtgauge_migration.write_to_approval_request_documents(record),
    nxtgauge_migration.write_to_verifications(public.verification_requests),
    nxtgauge_migration.write_to_verification_logs(public.verification_request_history),
    nxtgauge_migration.write_to_onboarding_submissions(public.approval_requests),
    nxtgauge_migration.write_to_submission_documents(public.approval_request_documents),
    nxtgauge_migration.carry_verifications(), nxtgauge_migration.carry_verification_requests(),
    nxtgauge_migration.carry_verification_logs(), nxtgauge_migration.carry_verification_request_history(),
    nxtgauge_migration.carry_onboarding_submissions(), nxtgauge_migration.carry_approval_requests(),
    nxtgauge_migration.carry_submission_documents(), nxtgauge_migration.carry_approval_request_documents(),
    nxtgauge_migration.lock_verifications(), nxtgauge_migration.lock_verification_logs(), nxtgauge_migration.lock_submissions(),
    nxtgauge_migration.lock_reviewed_submissions(),
    nxtgauge_migration.refuse_unfit_requests(text, text) FROM PUBLIC;

-- The verification queries call it as whoever runs them.
GRANT EXECUTE ON FUNCTION nxtgauge_migration.names_same_person(text, text, text) TO PUBLIC;

-- unit: verifications
-- locks: public.verifications SHARE ROW EXCLUSIVE, public.verification_requests SHARE ROW EXCLUSIVE, public.users SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_verifications
    AFTER INSERT OR UPDATE OR DELETE ON public.verifications FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verifications();
CREATE TRIGGER carry_verifications_truncate
    AFTER TRUNCATE ON public.verifications FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verifications();
CREATE TRIGGER carry_verification_requests
    AFTER INSERT OR UPDATE OR DELETE ON public.verification_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_requests();
CREATE TRIGGER carry_verification_requests_truncate
    AFTER TRUNCATE ON public.verification_requests FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_requests();
CREATE TRIGGER aa_lock_verifications
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_verifications();

-- unit: verification_logs
-- locks: public.verification_logs SHARE ROW EXCLUSIVE, public.verification_request_history SHARE ROW EXCLUSIVE,
--   public.users SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_verification_logs
    AFTER INSERT OR UPDATE OR DELETE ON public.verification_logs FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_logs();
CREATE TRIGGER carry_verification_logs_truncate
    AFTER TRUNCATE ON public.verification_logs FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_logs();
CREATE TRIGGER carry_verification_request_history
    AFTER INSERT OR UPDATE OR DELETE ON public.verification_request_history FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_request_history();
CREATE TRIGGER carry_verification_request_history_truncate
    AFTER TRUNCATE ON public.verification_request_history FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_verification_request_history();
CREATE TRIGGER ab_lock_verification_logs
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_verification_logs();

-- unit: onboarding_submissions
-- locks: public.onboarding_submissions SHARE ROW EXCLUSIVE, public.approval_requests SHARE ROW EXCLUSIVE,
--   public.users SHARE ROW EXCLUSIVE, public.employees SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_onboarding_submissions
    AFTER INSERT OR UPDATE OR DELETE ON public.onboarding_submissions FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_onboarding_submissions();
CREATE TRIGGER carry_onboarding_submissions_truncate
    AFTER TRUNCATE ON public.onboarding_submissions FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_onboarding_submissions();
CREATE TRIGGER carry_approval_requests
    AFTER INSERT OR UPDATE OR DELETE ON public.approval_requests FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_requests();
CREATE TRIGGER carry_approval_requests_truncate
    AFTER TRUNCATE ON public.approval_requests FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_requests();
CREATE TRIGGER aa_lock_submissions
    BEFORE DELETE ON public.users FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_submissions();
CREATE TRIGGER aa_lock_reviewed_submissions
    BEFORE DELETE ON public.employees FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.lock_reviewed_submissions();

-- unit: submission_documents
-- locks: public.submission_documents SHARE ROW EXCLUSIVE, public.approval_request_documents SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_submission_documents
    AFTER INSERT OR UPDATE OR DELETE ON public.submission_documents FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_submission_documents();
CREATE TRIGGER carry_submission_documents_truncate
    AFTER TRUNCATE ON public.submission_documents FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_submission_documents();
CREATE TRIGGER carry_approval_request_documents
    AFTER INSERT OR UPDATE OR DELETE ON public.approval_request_documents FOR EACH ROW
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_request_documents();
CREATE TRIGGER carry_approval_request_documents_truncate
    AFTER TRUNCATE ON public.approval_request_documents FOR EACH STATEMENT
    WHEN (pg_catalog.current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.carry_approval_request_documents();
