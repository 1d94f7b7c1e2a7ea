-- Keep activity_logs and the activities of the audit log together from now on, whichever backend writes.
--
-- kind: expand
-- depends: 3060_create_audit_logs
-- locks: public.activity_logs SHARE ROW EXCLUSIVE, public.audit_logs SHARE ROW EXCLUSIVE, for milliseconds

-- What the old backend writes into activity_logs comes into the audit log in the same moment, and the other way round, under the
-- same number. The audit log is append-only: what the old backend changes or deletes in activity_logs afterwards, for example by
-- its retention, is not carried. The log keeps what was written first.

-- unit: functions

CREATE FUNCTION nxtgauge_migration.as_inet(value text) RETURNS inet
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN nullif(btrim(value), '')::inet;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.as_inet(text) IS 'The address that a text holds; NULL where it holds none.';

CREATE FUNCTION nxtgauge_migration.as_jsonb(value text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN value::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN to_jsonb(value);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.as_jsonb(text) IS 'A text as JSON; a text that is none becomes a JSON string.';

CREATE FUNCTION nxtgauge_migration.activity_entry(
    number bigint, user_id text, action text, entity_type text, entity_id text, details text, ip_address text, created_at timestamptz
) RETURNS public.audit_logs
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry   public.audit_logs;
    address inet := nxtgauge_migration.as_inet(activity_entry.ip_address);
BEGIN
    -- The same id each time, so that an activity is the same entry after a rollback and a further apply.
    entry.id            := left(encode(sha256(convert_to('activity_logs/' || number, 'UTF8')), 'hex'), 32)::uuid;
    entry.source        := 'activity';
    entry.action        := coalesce(activity_entry.action, 'unknown');
    entry.actor_user_id := nxtgauge_migration.as_uuid(activity_entry.user_id);
    entry.actor         := activity_entry.user_id;
    entry.database_role := CASE WHEN current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on' THEN session_user END;
    entry.entity_type   := activity_entry.entity_type;
    entry.entity_id     := activity_entry.entity_id;
    entry.ip_address    := address;
    entry.details       := nxtgauge_migration.as_jsonb(activity_entry.details);
    entry.activity_no   := number;
    entry.created_at    := coalesce(activity_entry.created_at, now());
    IF address IS NULL AND btrim(activity_entry.ip_address) <> '' AND coalesce(jsonb_typeof(entry.details), 'object') = 'object' THEN
        entry.details := jsonb_build_object('ip_address', activity_entry.ip_address) || coalesce(entry.details, '{}');
    END IF;
    RETURN entry;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.activity_entry(bigint, text, text, text, text, text, text, timestamptz) IS
    'The entry of the audit log that an activity becomes. An address that is none is kept in its details.';

CREATE FUNCTION nxtgauge_migration.carry_activity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    INSERT INTO public.audit_logs
    SELECT (nxtgauge_migration.activity_entry(NEW.id, NEW.user_id::text, NEW.action::text, NEW.entity_type::text, NEW.entity_id::text,
                                              NEW.details::text, NEW.ip_address::text, NEW.created_at)).*
    WHERE NOT EXISTS (SELECT FROM public.audit_logs AS l WHERE l.activity_no = NEW.id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.carry_activity() IS 'Writes an activity of the old backend into the audit log.';

CREATE FUNCTION nxtgauge_migration.room_of(column_name text) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 1000000 END FROM pg_attribute AS a
    WHERE a.attrelid = 'public.activity_logs'::regclass AND a.attname = column_name AND NOT a.attisdropped
$$;

COMMENT ON FUNCTION nxtgauge_migration.room_of(text) IS 'How many characters a column of activity_logs holds.';

CREATE FUNCTION nxtgauge_migration.copy_activity(entry public.audit_logs) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    shown public.activity_logs;
BEGIN
    IF EXISTS (SELECT FROM public.activity_logs AS a WHERE a.id = entry.activity_no) THEN
        RETURN;
    END IF;
    -- What the old table has no room for is cut: it is a copy.
    shown.id          := entry.activity_no;
    shown.action      := left(entry.action, nxtgauge_migration.room_of('action'));
    shown.entity_type := left(entry.entity_type, nxtgauge_migration.room_of('entity_type'));
    shown.details     := entry.details;
    shown.ip_address  := left(CASE WHEN masklen(entry.ip_address) = CASE family(entry.ip_address) WHEN 4 THEN 32 ELSE 128 END
                                   THEN host(entry.ip_address) ELSE entry.ip_address::text END,
                              nxtgauge_migration.room_of('ip_address'));
    shown.created_at  := entry.created_at;
    BEGIN
        shown.user_id   := left(coalesce(entry.actor, entry.actor_user_id::text), nxtgauge_migration.room_of('user_id'));
        shown.entity_id := left(entry.entity_id, nxtgauge_migration.room_of('entity_id'));
    EXCEPTION WHEN OTHERS THEN
        -- They are uuids here, and one of the two is none.
        shown.user_id := entry.actor_user_id;
        shown.entity_id := nxtgauge_migration.as_uuid(entry.entity_id);
    END;
    IF shown.details IS NULL AND nxtgauge_migration.is_required('public.activity_logs'::regclass, 'details') THEN
        shown.details := '{}';
    END IF;
    BEGIN
        INSERT INTO public.activity_logs (id, user_id, action, entity_type, entity_id, details, ip_address, created_at)
        VALUES (shown.id, shown.user_id, shown.action, shown.entity_type, shown.entity_id, shown.details, shown.ip_address,
                shown.created_at);
    EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
        -- A rule of the old table; the audit log has the activity, and a copy is no reason to refuse it.
        RAISE WARNING 'activity % of the audit log is not shown in activity_logs: %', entry.activity_no, SQLERRM;
    END;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.copy_activity(public.audit_logs) IS
    'Writes an activity of the audit log into activity_logs, unless it is there.';

CREATE FUNCTION nxtgauge_migration.show_activity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM nxtgauge_migration.copy_activity(NEW);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.show_activity() IS 'Shows an activity of the audit log in activity_logs.';

CREATE FUNCTION nxtgauge_migration.missing_activities() RETURNS TABLE (activity_id bigint)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('public.activity_logs') IS NOT NULL THEN
        RETURN QUERY EXECUTE 'SELECT a.id::bigint FROM public.activity_logs AS a
                              WHERE NOT EXISTS (SELECT FROM public.audit_logs AS l WHERE l.activity_no = a.id) ORDER BY 1';
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.missing_activities() IS
    'Activities of the old backend that are not in the audit log; none once activity_logs has retired.';

SELECT nxtgauge_migration.close_acting_routines();

-- unit: triggers
-- locks: public.activity_logs SHARE ROW EXCLUSIVE, public.audit_logs SHARE ROW EXCLUSIVE

CREATE TRIGGER carry_activity
    AFTER INSERT ON public.activity_logs
    FOR EACH ROW EXECUTE FUNCTION nxtgauge_migration.carry_activity();

COMMENT ON TRIGGER carry_activity ON public.activity_logs IS 'nxtgauge-migrate: writes the activity into the audit log too.';

CREATE TRIGGER show_activity
    AFTER INSERT ON public.audit_logs
    FOR EACH ROW WHEN (NEW.source = 'activity' AND current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.show_activity();

COMMENT ON TRIGGER show_activity ON public.audit_logs IS 'nxtgauge-migrate: shows the activity to the old backend.';
