-- Create the audit log: who did what to which row, with old and new values, and nobody can change it afterwards.
--
-- kind: expand
-- depends: 2090_retire_legacy_profile_columns
-- locks: none; the tables are new

-- Append-only by enforcement: triggers refuse UPDATE, DELETE and TRUNCATE for everybody, the owner too, also in a session that
-- replicates; and nobody is granted them. An entry must outlive what it speaks of, so actor_user_id has no foreign key: the
-- deletion of a user could only change the entry or be refused.

-- unit: tables

CREATE SEQUENCE public.audit_logs_activity_no_seq;

COMMENT ON SEQUENCE public.audit_logs_activity_no_seq IS
    'nxtgauge-migrate: numbers activities once activity_logs has retired; it starts where that ended.';

CREATE TABLE public.audit_logs (
    id             uuid        NOT NULL DEFAULT gen_random_uuid(),
    source         text        NOT NULL DEFAULT 'activity',
    action         text        NOT NULL,
    actor_user_id  uuid,
    actor          text,
    database_role  text        DEFAULT session_user,
    entity_schema  text,
    entity_type    text,
    entity_id      text,
    request_id     text,
    ip_address     inet,
    user_agent     text,
    details        jsonb,
    transaction_id bigint,
    activity_no    bigint,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
    CONSTRAINT audit_logs_activity_no_key UNIQUE (activity_no),
    CONSTRAINT audit_logs_source_check CHECK (source IN ('activity', 'row change'))
);

COMMENT ON TABLE  public.audit_logs IS
    'nxtgauge-migrate: the audit log, append-only: every row change on the tables where compliance needs it, and what users did.';
COMMENT ON COLUMN public.audit_logs.source         IS 'activity: written by the backend; row change: written by a trigger.';
COMMENT ON COLUMN public.audit_logs.action         IS 'insert, update, delete or truncate; of an activity, what the backend calls it.';
COMMENT ON COLUMN public.audit_logs.actor_user_id  IS
    'The user who did it; NULL: nobody was named, or no user. Without a foreign key, since entries outlive users.';
COMMENT ON COLUMN public.audit_logs.actor          IS 'Who did it, as the session said in nxtgauge.actor_id: a user''s id, or the name of a job.';
COMMENT ON COLUMN public.audit_logs.database_role  IS 'The role that had logged in to the database; NULL: not known.';
COMMENT ON COLUMN public.audit_logs.entity_schema  IS 'Schema of the table whose row changed; NULL for activities.';
COMMENT ON COLUMN public.audit_logs.entity_type    IS 'Table whose row changed; of an activity, what the backend calls it.';
COMMENT ON COLUMN public.audit_logs.entity_id      IS 'Key of the row as text; a key of several columns as JSON.';
COMMENT ON COLUMN public.audit_logs.request_id     IS 'The request, as the session said in nxtgauge.request_id.';
COMMENT ON COLUMN public.audit_logs.ip_address     IS 'Where the request came from, as the session said in nxtgauge.ip_address.';
COMMENT ON COLUMN public.audit_logs.user_agent     IS 'What it was made with, as the session said in nxtgauge.user_agent.';
COMMENT ON COLUMN public.audit_logs.details        IS 'Whatever else an activity tells; secrets in it are replaced.';
COMMENT ON COLUMN public.audit_logs.transaction_id IS 'What changed together has the same number; NULL for activities.';
COMMENT ON COLUMN public.audit_logs.activity_no    IS 'Number of an activity, which was activity_logs.id; NULL for row changes.';

CREATE INDEX audit_logs_created_at_idx ON public.audit_logs (created_at);
CREATE INDEX audit_logs_actor_user_id_idx ON public.audit_logs (actor_user_id, created_at) WHERE actor_user_id IS NOT NULL;
-- By hash, because an entity_id may be of any length, and a business write must not fail of it.
CREATE INDEX audit_logs_entity_id_idx ON public.audit_logs USING hash (entity_id);

COMMENT ON INDEX public.audit_logs_created_at_idx IS 'The log by time.';
COMMENT ON INDEX public.audit_logs_actor_user_id_idx IS 'What a user did.';
COMMENT ON INDEX public.audit_logs_entity_id_idx IS 'What happened to a row.';

CREATE TABLE public.audit_log_changes (
    audit_log_id uuid        NOT NULL,
    column_name  text        NOT NULL,
    old_value    jsonb,
    new_value    jsonb,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_log_changes_pkey PRIMARY KEY (audit_log_id, column_name),
    CONSTRAINT audit_log_changes_audit_log_id_fkey FOREIGN KEY (audit_log_id) REFERENCES public.audit_logs (id)
);

COMMENT ON TABLE  public.audit_log_changes IS
    'nxtgauge-migrate: the columns of a row change, append-only: those that an update changed, those that an inserted or deleted '
    'row held.';
COMMENT ON COLUMN public.audit_log_changes.audit_log_id IS 'The entry that this belongs to.';
COMMENT ON COLUMN public.audit_log_changes.column_name  IS 'The column; updated_at is left out.';
COMMENT ON COLUMN public.audit_log_changes.old_value    IS
    'Value before; NULL in an insert. Of a column that holds a secret: "[not recorded]".';
COMMENT ON COLUMN public.audit_log_changes.new_value    IS
    'Value after; NULL in a delete. Of a column that holds a secret: "[not recorded]".';

-- unit: functions

-- Without a search_path of its own, so that the server can put it into the query; every name is qualified.
CREATE FUNCTION nxtgauge_migration.as_uuid(value text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        -- As the server writes it: told apart at a sixth of the cost of all the forms that it reads.
        WHEN value OPERATOR(pg_catalog.~~) '________-____-____-____-____________'
            AND value OPERATOR(pg_catalog.~) '^[0-9A-Fa-f]+-[0-9A-Fa-f]+-[0-9A-Fa-f]+-[0-9A-Fa-f]+-[0-9A-Fa-f]+$' THEN value::uuid
        WHEN value OPERATOR(pg_catalog.~*) '^([0-9a-f]{4}-?){7}[0-9a-f]{4}$|^\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\}$' THEN value::uuid
    END
$$;

COMMENT ON FUNCTION nxtgauge_migration.as_uuid(text) IS
    'The uuid that a text holds, in any form that the server reads; NULL where it holds none.';

CREATE FUNCTION public.forbid_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Also while nxtgauge_migration.backfill is 'on'.
    RAISE EXCEPTION '% of %.% is refused: it is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Write a further entry that says what was wrong with this one.';
END
$$;

COMMENT ON FUNCTION public.forbid_change() IS 'nxtgauge-migrate: refuses to change or delete entries of the audit log.';

CREATE FUNCTION public.is_secret(name text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT name OPERATOR(pg_catalog.~*) ('passw|passphrase|(^|[_-])pwd($|[_-])|secret|token|hash|salt|credential|signature|otp($|[_-])|cvv|cvc'
        '|api[_-]?key|private[_-]?key|access[_-]?key|signing[_-]?key|encryption[_-]?key|(^|[_-])key[_-]?pair|(^|[_-])pin($|[_-])|card[_-]?number|(^|[_-])pan($|[_-])'
        '|account[_-]?number|(^|[_-])iban($|[_-])|(^|[_-])auth($|[_-])|authorization|bearer|cookie|mnemonic')
$$;

COMMENT ON FUNCTION public.is_secret(text) IS
    'nxtgauge-migrate: whether something of that name may hold a password, token, key or payment credential.';

CREATE FUNCTION public.without_secrets(value jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF jsonb_typeof(value) = 'object' THEN
        RETURN coalesce((
            SELECT jsonb_object_agg(e.key, CASE
                WHEN jsonb_typeof(e.value) IN ('object', 'array') AND NOT public.is_secret(e.key) THEN public.without_secrets(e.value)
                WHEN public.is_secret(e.key) AND jsonb_typeof(e.value) <> 'null' THEN '"[not recorded]"'
                ELSE e.value END)
            FROM jsonb_each(value) AS e), value);
    ELSIF jsonb_typeof(value) = 'array' THEN
        RETURN coalesce((
            SELECT jsonb_agg(public.without_secrets(e.value) ORDER BY e.position)
            FROM jsonb_array_elements(value) WITH ORDINALITY AS e (value, position)), value);
    END IF;
    RETURN value;
END
$$;

COMMENT ON FUNCTION public.without_secrets(jsonb) IS
    'nxtgauge-migrate: the value with everything in it replaced whose name says that it is a secret.';

CREATE FUNCTION public.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    entry    uuid := gen_random_uuid();
    actor    text := nullif(current_setting('nxtgauge.actor_id', true), '');
    address  text := nullif(current_setting('nxtgauge.ip_address', true), '');
    old_row  jsonb;
    new_row  jsonb;
    key_text text;
    remark   jsonb;
BEGIN
    -- A backfill of the kit is no change that somebody made. Only who could switch the trigger off may say that it is one.
    IF current_setting('nxtgauge_migration.backfill', true) = 'on'
       AND pg_has_role(session_user, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = TG_RELID), 'MEMBER') THEN
        RETURN NULL;
    END IF;

    -- No value may make a write fail. What jsonb cannot hold (a zero character in json) is taken as text.
    IF TG_LEVEL = 'ROW' THEN
        IF TG_OP = 'UPDATE' AND NEW OPERATOR(pg_catalog.*=) OLD THEN
            RETURN NULL;
        END IF;
        BEGIN
            old_row := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'updated_at' END;
            new_row := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'updated_at' END;
        EXCEPTION WHEN OTHERS THEN
            BEGIN
                old_row := CASE WHEN TG_OP <> 'INSERT' THEN nxtgauge_migration.row_as_text(TG_RELID, OLD) - 'updated_at' END;
                new_row := CASE WHEN TG_OP <> 'DELETE' THEN nxtgauge_migration.row_as_text(TG_RELID, NEW) - 'updated_at' END;
            EXCEPTION WHEN OTHERS THEN
                remark := jsonb_build_object('values_not_recorded', SQLSTATE);
            END;
        END;
        IF old_row = new_row THEN
            RETURN NULL;
        END IF;
        IF TG_NARGS = 1 THEN
            key_text := coalesce(new_row, old_row) ->> TG_ARGV[0];
        ELSE
            SELECT jsonb_object_agg(a.name, coalesce(new_row, old_row) -> a.name)::text INTO key_text FROM unnest(TG_ARGV) AS a (name);
        END IF;
    END IF;
    IF address IS NOT NULL THEN
        BEGIN
            address := address::inet::text;
        EXCEPTION WHEN OTHERS THEN
            remark := coalesce(remark, '{}') || jsonb_build_object('ip_address', left(address, 100));
            address := NULL;
        END;
    END IF;

    INSERT INTO public.audit_logs (
        id, source, action, actor_user_id, actor, entity_schema, entity_type, entity_id, request_id, ip_address, user_agent, details,
        transaction_id)
    VALUES (
        entry, 'row change', lower(TG_OP), nxtgauge_migration.as_uuid(actor), actor, TG_TABLE_SCHEMA, TG_TABLE_NAME, key_text,
        nullif(current_setting('nxtgauge.request_id', true), ''), address::inet,
        nullif(current_setting('nxtgauge.user_agent', true), ''), remark, pg_current_xact_id()::text::bigint);

    -- Asked once for each column, since the answer costs more than the rest. OFFSET 0 keeps it from being asked again.
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO public.audit_log_changes (audit_log_id, column_name, old_value, new_value)
        SELECT entry, c.key, nxtgauge_migration.recorded_value(c.secret, c.old_value), nxtgauge_migration.recorded_value(c.secret, c.new_value)
        FROM (
            SELECT n.key, old_row -> n.key AS old_value, n.value AS new_value, public.is_secret(n.key) AS secret
            FROM jsonb_each(new_row) AS n
            WHERE n.value IS DISTINCT FROM old_row -> n.key
            OFFSET 0
        ) AS c;
    ELSIF TG_LEVEL = 'ROW' THEN
        INSERT INTO public.audit_log_changes (audit_log_id, column_name, old_value, new_value)
        SELECT entry, c.key, CASE WHEN TG_OP = 'DELETE' THEN c.value END, CASE WHEN TG_OP = 'INSERT' THEN c.value END
        FROM (
            SELECT r.key, nxtgauge_migration.recorded_value(public.is_secret(r.key), r.value) AS value
            FROM jsonb_each(coalesce(new_row, old_row)) AS r
            WHERE r.value <> 'null'
            OFFSET 0
        ) AS c;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.record_change() IS
    'nxtgauge-migrate: writes a row change, with actor, old and new values, into the audit log. Its arguments are the key columns.';

CREATE FUNCTION nxtgauge_migration.recorded_value(secret boolean, value jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN value OPERATOR(pg_catalog.=) 'null' THEN value
        WHEN secret THEN '"[not recorded]"'
        WHEN pg_catalog.jsonb_typeof(value) IN ('object', 'array') THEN public.without_secrets(value)
        ELSE value
    END
$$;

COMMENT ON FUNCTION nxtgauge_migration.recorded_value(boolean, jsonb) IS 'What the audit log may hold of a column''s value.';

CREATE FUNCTION nxtgauge_migration.row_as_text(relation oid, image record) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made jsonb;
BEGIN
    EXECUTE (
        SELECT format('SELECT jsonb_object(ARRAY[%s], ARRAY[%s]) FROM (SELECT ($1::text::%s).*) AS r',
                      string_agg(quote_literal(a.attname), ', ' ORDER BY a.attnum),
                      string_agg(format('r.%I::text', a.attname), ', ' ORDER BY a.attnum), relation::regclass)
        FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped)
    INTO made USING image;
    RETURN made;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.row_as_text(oid, record) IS 'A row as JSON, each value in its text form.';

CREATE FUNCTION public.number_activity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Side by side with the old backend the numbers are those of activity_logs.
    IF NEW.activity_no IS NULL THEN
        NEW.activity_no := nextval(CASE WHEN to_regclass('public.activity_logs') IS NULL THEN 'public.audit_logs_activity_no_seq'
                                        ELSE pg_get_serial_sequence('public.activity_logs', 'id') END::regclass);
    END IF;
    NEW.details := public.without_secrets(NEW.details);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.number_activity() IS 'nxtgauge-migrate: gives an activity its number, and replaces secrets in its details.';

CREATE FUNCTION public.refuse_forged_entry() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The triggers write as the table's owner.
    IF NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION 'row changes, and the numbers of activities, are written by triggers only'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Write an entry with source = ''activity'' and without activity_no.';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.refuse_forged_entry() IS
    'nxtgauge-migrate: refuses row changes that no trigger has seen.';

REVOKE ALL ON FUNCTION public.forbid_change(), public.without_secrets(jsonb), public.record_change(),
    public.number_activity(), public.refuse_forged_entry(), nxtgauge_migration.recorded_value(boolean, jsonb),
    nxtgauge_migration.row_as_text(oid, record) FROM PUBLIC;
SELECT nxtgauge_migration.close_routines('public.record_change()', 'public.number_activity()');

-- unit: entries of an earlier time
-- transactional: false

-- What a rollback parked comes back; on the first apply there is nothing.
CALL nxtgauge_migration.restore_rows('3060_create_audit_logs', 'public.audit_logs');
CALL nxtgauge_migration.restore_rows('3060_create_audit_logs', 'public.audit_log_changes');

-- unit: enforcement
-- locks: public.audit_logs SHARE ROW EXCLUSIVE, public.audit_log_changes SHARE ROW EXCLUSIVE

CREATE TRIGGER aa_refuse_forged_entry
    BEFORE INSERT ON public.audit_logs
    FOR EACH ROW WHEN (NEW.source = 'row change' OR NEW.activity_no IS NOT NULL)
    EXECUTE FUNCTION public.refuse_forged_entry();

CREATE TRIGGER number_activity
    BEFORE INSERT ON public.audit_logs
    FOR EACH ROW WHEN (NEW.source = 'activity') EXECUTE FUNCTION public.number_activity();

CREATE TRIGGER forbid_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION public.forbid_change();

CREATE TRIGGER forbid_row_change
    BEFORE UPDATE OR DELETE ON public.audit_logs
    FOR EACH ROW EXECUTE FUNCTION public.forbid_change();

CREATE TRIGGER forbid_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.audit_log_changes
    FOR EACH STATEMENT EXECUTE FUNCTION public.forbid_change();

CREATE TRIGGER forbid_row_change
    BEFORE UPDATE OR DELETE ON public.audit_log_changes
    FOR EACH ROW EXECUTE FUNCTION public.forbid_change();

ALTER TABLE public.audit_logs ENABLE ALWAYS TRIGGER forbid_change;
ALTER TABLE public.audit_logs ENABLE ALWAYS TRIGGER forbid_row_change;
ALTER TABLE public.audit_log_changes ENABLE ALWAYS TRIGGER forbid_change;
ALTER TABLE public.audit_log_changes ENABLE ALWAYS TRIGGER forbid_row_change;

-- Who may read or write activities may do the same here, but never change or delete. The values are for those who may read
-- activities and each of the tables that they come from.
DO $$
DECLARE
    item record;
BEGIN
    -- What default privileges of the schema have given away is taken back first.
    FOR item IN
        SELECT DISTINCT c.oid::pg_catalog.regclass AS table_name,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
        WHERE c.oid IN ('public.audit_logs'::pg_catalog.regclass, 'public.audit_log_changes'::pg_catalog.regclass,
                        'public.audit_logs_activity_no_seq'::pg_catalog.regclass)
          AND a.grantee <> c.relowner
    LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON %s FROM %s', item.table_name, item.grantee);
    END LOOP;
    -- Who could see only some of the activities sees none here until a policy says which.
    IF (SELECT c.relrowsecurity FROM pg_catalog.pg_class AS c WHERE c.oid = pg_catalog.to_regclass('public.activity_logs')) THEN
        ALTER TABLE public.audit_logs ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.audit_log_changes ENABLE ROW LEVEL SECURITY;
        RAISE NOTICE 'row-level security is on for the audit log, as it is for public.activity_logs: give it policies';
    END IF;
    FOR item IN
        SELECT a.privilege_type, a.is_grantable, a.grantee AS role_oid,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
        WHERE c.oid = pg_catalog.to_regclass('public.activity_logs') AND a.grantee <> c.relowner
          AND a.privilege_type IN ('SELECT', 'INSERT')
        ORDER BY 4, 1
    LOOP
        EXECUTE pg_catalog.format('GRANT %s ON TABLE public.audit_logs TO %s%s', item.privilege_type, item.grantee,
                                  CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
        IF item.privilege_type = 'SELECT' AND item.role_oid <> 0 AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_class AS c
            WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'r'
              AND c.relname IN (
                'users', 'roles', 'role_permissions', 'user_roles', 'user_role_profiles', 'payments', 'invoices', 'tracecoin_wallets',
                'tracecoin_ledger', 'pricing_packages', 'coupons', 'photographer_profiles', 'tutor_profiles',
                'makeup_artist_profiles', 'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
                'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
                'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles', 'job_seeker_profiles')
              AND (NOT pg_catalog.has_table_privilege(item.role_oid, c.oid, 'SELECT') OR c.relrowsecurity)) THEN
            EXECUTE pg_catalog.format('GRANT SELECT ON TABLE public.audit_log_changes TO %s', item.grantee);
        END IF;
    END LOOP;
END
$$;
