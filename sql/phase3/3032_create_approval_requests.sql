-- Create approval requests with their documents and their history: who may offer services, apart from verification.
--
-- kind: expand
-- depends: 3031_create_verification_requests
-- locks: public.users, public.employees and public.user_role_profiles SHARE ROW EXCLUSIVE for the foreign keys, brief; the tables are new

-- What the wizard on the pages needs (onboarding_configs: its steps; onboarding_states: the step on which a user stands) has
-- no successor here: it belongs to the page, not to the domain. 3092 parks it with the tables that have one.

-- unit: requests

CREATE TABLE public.approval_requests (
    id                   uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id              uuid        NOT NULL,
    user_role_profile_id uuid,
    role_key             text        NOT NULL,
    form_data            jsonb       NOT NULL DEFAULT '{}',
    status               text        NOT NULL DEFAULT 'submitted',
    rejection_reason     text,
    reviewed_by          uuid,
    reviewed_by_label    text,
    submitted_at         timestamptz DEFAULT now(),
    reviewed_at          timestamptz,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT approval_requests_pkey PRIMARY KEY (id),
    CONSTRAINT approval_requests_status_check
        CHECK (status IN ('draft', 'submitted', 'under_review', 'approved', 'rejected', 'withdrawn')),
    CONSTRAINT approval_requests_reviewed_by_label_check CHECK (reviewed_by IS NULL OR reviewed_by_label IS NULL)
);

COMMENT ON TABLE  public.approval_requests IS
    'nxtgauge-migrate: one row per form in which somebody asks to be let in with a role. Whether papers are genuine is verification_requests.';
COMMENT ON COLUMN public.approval_requests.id                   IS 'The same as that of the row of onboarding_submissions it came from.';
COMMENT ON COLUMN public.approval_requests.user_id              IS 'Who asks.';
COMMENT ON COLUMN public.approval_requests.user_role_profile_id IS
    'The profile that the approval is about; NULL as long as the user has none of that role.';
COMMENT ON COLUMN public.approval_requests.role_key             IS 'The role that is asked for.';
COMMENT ON COLUMN public.approval_requests.form_data            IS 'The form as it was handed in.';
COMMENT ON COLUMN public.approval_requests.status               IS 'draft, submitted, under_review, approved, rejected or withdrawn.';
COMMENT ON COLUMN public.approval_requests.rejection_reason     IS 'Why it was rejected, as the user is told.';
COMMENT ON COLUMN public.approval_requests.reviewed_by          IS 'The employee who decided; NULL before.';
COMMENT ON COLUMN public.approval_requests.reviewed_by_label    IS
    'Who decided, where that is no employee of this database: a name, or the id of an employee who is gone.';
COMMENT ON COLUMN public.approval_requests.submitted_at         IS 'When the form was handed in.';
COMMENT ON COLUMN public.approval_requests.reviewed_at          IS 'When it was decided.';
COMMENT ON COLUMN public.approval_requests.created_at           IS 'When the row came into being.';
COMMENT ON COLUMN public.approval_requests.updated_at           IS 'When the row was last changed.';

SELECT nxtgauge_migration.refer_to('public.approval_requests', 'user_id', 'public.users');
SELECT nxtgauge_migration.refer_to('public.approval_requests', 'reviewed_by', 'public.employees');

CREATE INDEX approval_requests_user_id_idx              ON public.approval_requests (user_id);
CREATE INDEX approval_requests_user_role_profile_id_idx ON public.approval_requests (user_role_profile_id);
CREATE INDEX approval_requests_reviewed_by_idx          ON public.approval_requests (reviewed_by);
CREATE INDEX approval_requests_open_idx                 ON public.approval_requests (submitted_at)
    WHERE status IN ('submitted', 'under_review');

COMMENT ON INDEX public.approval_requests_user_id_idx              IS 'A user''s requests; for the foreign key, too.';
COMMENT ON INDEX public.approval_requests_user_role_profile_id_idx IS 'For the foreign key.';
COMMENT ON INDEX public.approval_requests_reviewed_by_idx          IS 'For the foreign key.';
COMMENT ON INDEX public.approval_requests_open_idx                 IS 'The queue of the reviewers, oldest first.';

-- unit: documents

CREATE TABLE public.approval_request_documents (
    id                  uuid        NOT NULL DEFAULT gen_random_uuid(),
    approval_request_id uuid        NOT NULL,
    document_type       text        NOT NULL,
    file_key            text        NOT NULL,
    file_name           text,
    status              text        NOT NULL DEFAULT 'uploaded',
    uploaded_at         timestamptz DEFAULT now(),
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT approval_request_documents_pkey PRIMARY KEY (id),
    CONSTRAINT approval_request_documents_status_check CHECK (status IN ('uploaded', 'accepted', 'rejected')),
    CONSTRAINT approval_request_documents_approval_request_id_fkey FOREIGN KEY (approval_request_id)
        REFERENCES public.approval_requests (id) ON DELETE CASCADE
);

COMMENT ON TABLE  public.approval_request_documents IS
    'nxtgauge-migrate: papers that were handed in with an approval request, by their key in the object store.';
COMMENT ON COLUMN public.approval_request_documents.id                  IS 'The same as that of the row of submission_documents it came from.';
COMMENT ON COLUMN public.approval_request_documents.approval_request_id IS 'The request it belongs to, and leaves with.';
COMMENT ON COLUMN public.approval_request_documents.document_type       IS 'What it is: aadhaar, pan, certificate, gst and so on.';
COMMENT ON COLUMN public.approval_request_documents.file_key            IS 'Its key in the object store.';
COMMENT ON COLUMN public.approval_request_documents.file_name           IS 'What the user''s file was called.';
COMMENT ON COLUMN public.approval_request_documents.status              IS 'uploaded, accepted or rejected.';
COMMENT ON COLUMN public.approval_request_documents.uploaded_at         IS 'When it was uploaded; NULL: not known.';
COMMENT ON COLUMN public.approval_request_documents.created_at          IS 'When the row came into being.';
COMMENT ON COLUMN public.approval_request_documents.updated_at          IS 'When the row was last changed.';

CREATE INDEX approval_request_documents_approval_request_id_idx ON public.approval_request_documents (approval_request_id);

COMMENT ON INDEX public.approval_request_documents_approval_request_id_idx IS 'The documents of a request; for the foreign key, too.';

-- unit: history

CREATE TABLE public.approval_request_history (
    id                  uuid        NOT NULL DEFAULT gen_random_uuid(),
    approval_request_id uuid        NOT NULL,
    sequence_no         integer     NOT NULL,
    event               text        NOT NULL,
    status              text        NOT NULL,
    performed_by        uuid,
    notes               text,
    occurred_at         timestamptz NOT NULL DEFAULT now(),
    created_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT approval_request_history_pkey PRIMARY KEY (id),
    CONSTRAINT approval_request_history_approval_request_id_sequence_no_key UNIQUE (approval_request_id, sequence_no),
    CONSTRAINT approval_request_history_event_check
        CHECK (event IN ('drafted', 'submitted', 'review_started', 'decided', 'withdrawn')),
    CONSTRAINT approval_request_history_status_check
        CHECK (status IN ('draft', 'submitted', 'under_review', 'approved', 'rejected', 'withdrawn')),
    CONSTRAINT approval_request_history_approval_request_id_fkey FOREIGN KEY (approval_request_id)
        REFERENCES public.approval_requests (id) ON DELETE CASCADE
);

COMMENT ON TABLE  public.approval_request_history IS
    'nxtgauge-migrate: what happened to an approval request. A trigger adds a row whenever its status changes; rows are never changed.';
COMMENT ON COLUMN public.approval_request_history.id                  IS 'Made of the request''s id and sequence_no, so that it is the same at each apply.';
COMMENT ON COLUMN public.approval_request_history.approval_request_id IS 'The request it happened to; its history leaves with it.';
COMMENT ON COLUMN public.approval_request_history.sequence_no         IS 'The order in which the events of one request happened, from 1.';
COMMENT ON COLUMN public.approval_request_history.event               IS 'drafted, submitted, review_started, decided or withdrawn.';
COMMENT ON COLUMN public.approval_request_history.status              IS 'The status that the request had afterwards.';
COMMENT ON COLUMN public.approval_request_history.performed_by        IS 'The employee who decided; NULL where it is not known, or nobody of the staff.';
COMMENT ON COLUMN public.approval_request_history.notes               IS 'The reason of a rejection.';
COMMENT ON COLUMN public.approval_request_history.occurred_at         IS 'When it happened, as far as the request says.';
COMMENT ON COLUMN public.approval_request_history.created_at          IS 'When the row came into being.';

SELECT nxtgauge_migration.refer_to('public.approval_request_history', 'performed_by', 'public.employees');

CREATE INDEX approval_request_history_performed_by_idx ON public.approval_request_history (performed_by);

COMMENT ON INDEX public.approval_request_history_performed_by_idx IS 'For the foreign key.';

-- unit: triggers

CREATE FUNCTION public.keep_reviewer_label() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Also while nxtgauge_migration.backfill is on: it only computes.
    IF NEW.reviewed_by IS NULL AND NEW.reviewed_by_label IS NULL
        AND NOT EXISTS (SELECT FROM public.employees AS e WHERE e.id = OLD.reviewed_by) THEN
        NEW.reviewed_by_label := OLD.reviewed_by::text;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.keep_reviewer_label() IS
    'nxtgauge-migrate: when an employee is deleted, the request keeps the id of who it was, as text.';

CREATE FUNCTION public.link_approval_request() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
BEGIN
    -- Also while nxtgauge_migration.backfill is on: it only computes.
    IF TG_OP = 'UPDATE' AND NEW.user_role_profile_id IS NOT DISTINCT FROM OLD.user_role_profile_id
        AND (NEW.user_id, NEW.role_key) IS DISTINCT FROM (OLD.user_id, OLD.role_key) THEN
        NEW.user_role_profile_id := NULL;
    END IF;
    IF NEW.user_role_profile_id IS NULL THEN
        SELECT r.id INTO NEW.user_role_profile_id FROM public.user_role_profiles AS r
        WHERE r.user_id = NEW.user_id AND r.role_key = lower(btrim(NEW.role_key));
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.link_approval_request() IS
    'nxtgauge-migrate: an approval request is about the profile that its user has of its role, if there is one.';

CREATE FUNCTION public.note_approval_status(request_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    request public.approval_requests;
    former  public.approval_request_history;
BEGIN
    SELECT * INTO request FROM public.approval_requests AS r WHERE r.id = request_id;
    SELECT * INTO former FROM public.approval_request_history AS h
    WHERE h.approval_request_id = request_id ORDER BY h.sequence_no DESC LIMIT 1;

    -- Whatever became of it since, it was handed in first.
    IF former.id IS NULL AND request.status <> 'draft' THEN
        former.sequence_no := 1;
        former.status      := 'submitted';
        INSERT INTO public.approval_request_history (id, approval_request_id, sequence_no, event, status, occurred_at)
        VALUES (overlay(overlay(encode(substr(sha256(convert_to('approval_request_history/' || request_id || '/1', 'UTF8')), 1, 16),
                                       'hex'), '8', 13), '8', 17)::uuid,
                request_id, 1, 'submitted', 'submitted', coalesce(request.submitted_at, request.created_at));
    END IF;

    IF former.status IS DISTINCT FROM request.status THEN
        former.sequence_no := coalesce(former.sequence_no, 0) + 1;
        INSERT INTO public.approval_request_history (
            id, approval_request_id, sequence_no, event, status, performed_by, notes, occurred_at
        )
        VALUES (overlay(overlay(encode(substr(sha256(convert_to(
                    'approval_request_history/' || request_id || '/' || former.sequence_no, 'UTF8')), 1, 16), 'hex'), '8', 13), '8', 17)::uuid,
                request_id, former.sequence_no,
                CASE request.status WHEN 'draft' THEN 'drafted' WHEN 'submitted' THEN 'submitted'
                    WHEN 'under_review' THEN 'review_started' WHEN 'withdrawn' THEN 'withdrawn' ELSE 'decided' END,
                request.status,
                CASE WHEN request.status IN ('approved', 'rejected') THEN request.reviewed_by END,
                CASE WHEN request.status = 'rejected' THEN request.rejection_reason END,
                coalesce(CASE WHEN request.status IN ('approved', 'rejected') THEN request.reviewed_at END, request.updated_at));
    END IF;
END
$$;

COMMENT ON FUNCTION public.note_approval_status(uuid) IS
    'nxtgauge-migrate: adds to the history of an approval request what its status says and the history does not yet.';

CREATE FUNCTION public.record_approval_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
BEGIN
    -- A backfill (nxtgauge_migration.backfill is on) notes the status itself, when the row's history has come back.
    IF current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on' THEN
        PERFORM public.note_approval_status(NEW.id);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.record_approval_event() IS
    'nxtgauge-migrate: after an approval request is made, or its status changes: adds the event to its history.';

SELECT nxtgauge_migration.close_routines('public.keep_reviewer_label()', 'public.link_approval_request()',
    'public.note_approval_status(uuid)', 'public.record_approval_event()');

CREATE TRIGGER keep_timestamps
    BEFORE INSERT OR UPDATE ON public.approval_requests
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_reviewer_label
    BEFORE UPDATE OF reviewed_by ON public.approval_requests
    FOR EACH ROW WHEN (OLD.reviewed_by IS NOT NULL)
    EXECUTE FUNCTION public.keep_reviewer_label();
CREATE TRIGGER link_approval_request
    BEFORE INSERT OR UPDATE ON public.approval_requests
    FOR EACH ROW EXECUTE FUNCTION public.link_approval_request();
CREATE TRIGGER record_approval_event_insert
    AFTER INSERT ON public.approval_requests
    FOR EACH ROW EXECUTE FUNCTION public.record_approval_event();
CREATE TRIGGER record_approval_event_update
    AFTER UPDATE ON public.approval_requests
    FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION public.record_approval_event();
CREATE TRIGGER keep_timestamps
    BEFORE INSERT OR UPDATE ON public.approval_request_documents
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_created_at
    BEFORE INSERT OR UPDATE ON public.approval_request_history
    FOR EACH ROW EXECUTE FUNCTION public.keep_created_at();

COMMENT ON TRIGGER keep_timestamps ON public.approval_requests IS 'nxtgauge-migrate: keeps created_at and updated_at.';
COMMENT ON TRIGGER keep_reviewer_label ON public.approval_requests IS
    'nxtgauge-migrate: when an employee is deleted, keeps the id of who it was, as text.';
COMMENT ON TRIGGER link_approval_request ON public.approval_requests IS 'nxtgauge-migrate: finds the profile it is about.';
COMMENT ON TRIGGER record_approval_event_insert ON public.approval_requests IS 'nxtgauge-migrate: keeps the history.';
COMMENT ON TRIGGER record_approval_event_update ON public.approval_requests IS 'nxtgauge-migrate: keeps the history.';
COMMENT ON TRIGGER keep_timestamps ON public.approval_request_documents IS 'nxtgauge-migrate: keeps created_at and updated_at.';
COMMENT ON TRIGGER keep_created_at ON public.approval_request_history IS 'nxtgauge-migrate: keeps created_at.';

-- What a role may do with the old tables it may do with the new ones, but for one thing: a history is added to and read.
SELECT nxtgauge_migration.copy_privileges('public.onboarding_submissions', 'public.approval_requests');
SELECT nxtgauge_migration.copy_privileges('public.submission_documents', 'public.approval_request_documents');
SELECT nxtgauge_migration.copy_privileges('public.onboarding_submissions', 'public.approval_request_history');
SELECT nxtgauge_migration.keep_append_only('public.approval_request_history');

-- unit: rows of an earlier time
-- transactional: false

-- Requests that a rollback parked come back; on the first apply there are none. The foreign keys come after them: a row whose
-- profile or reviewer is gone is not kept back.
CALL nxtgauge_migration.restore_rows('3032_create_approval_requests', 'public.approval_requests');
CALL nxtgauge_migration.restore_rows('3032_create_approval_requests', 'public.approval_request_documents');
CALL nxtgauge_migration.restore_rows('3032_create_approval_requests', 'public.approval_request_history');

-- unit: users
-- locks: public.users SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.set_reference(
    'public.approval_requests', 'user_id', 'public.users', 'public.onboarding_submissions', 'user_id', 'CASCADE');

-- unit: employees
-- locks: public.employees SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.set_reference(
    'public.approval_requests', 'reviewed_by', 'public.employees', 'public.onboarding_submissions', 'reviewed_by', 'SET NULL');
SELECT nxtgauge_migration.set_reference(
    'public.approval_request_history', 'performed_by', 'public.employees', 'public.onboarding_submissions', 'reviewed_by', 'SET NULL');

-- unit: profiles
-- locks: public.user_role_profiles SHARE ROW EXCLUSIVE

ALTER TABLE public.approval_requests
    ADD CONSTRAINT approval_requests_user_role_profile_id_fkey FOREIGN KEY (user_role_profile_id)
        REFERENCES public.user_role_profiles (id) ON DELETE SET NULL NOT VALID;

-- unit: goals
-- transactional: false

SELECT nxtgauge_migration.settle_reference('public.approval_requests', 'user_id', 'public.users');
SELECT nxtgauge_migration.settle_reference('public.approval_requests', 'reviewed_by', 'public.employees');
SELECT nxtgauge_migration.settle_reference('public.approval_requests', 'user_role_profile_id', 'public.user_role_profiles');
SELECT nxtgauge_migration.settle_reference('public.approval_request_history', 'performed_by', 'public.employees');
