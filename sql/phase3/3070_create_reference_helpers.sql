-- Create the helpers that turn references kept as text into references.
--
-- kind: expand
-- depends: 3010_create_portfolio_helpers 3060_create_audit_logs
-- locks: none

CREATE TABLE nxtgauge_migration.unresolved_reference (
    source      text   NOT NULL,
    column_name text   NOT NULL,
    row_key     text[] NOT NULL,
    value       text   NOT NULL,
    CONSTRAINT unresolved_reference_pkey PRIMARY KEY (source, column_name, row_key)
);

COMMENT ON TABLE nxtgauge_migration.unresolved_reference IS
    'Text references that were no uuid, or pointed nowhere, when the text columns were parked.';
COMMENT ON COLUMN nxtgauge_migration.unresolved_reference.column_name IS 'The text column, which rests in the support schema.';
COMMENT ON COLUMN nxtgauge_migration.unresolved_reference.row_key     IS 'The row''s key, each part as text.';
COMMENT ON COLUMN nxtgauge_migration.unresolved_reference.value       IS 'The text, by which a rollback knows that it is still the same.';

CREATE FUNCTION nxtgauge_migration.same_reference(one text, other text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(one OPERATOR(pg_catalog.=) other
        OR nxtgauge_migration.as_uuid(one) OPERATOR(pg_catalog.=) nxtgauge_migration.as_uuid(other), false)
$$;

COMMENT ON FUNCTION nxtgauge_migration.same_reference(text, text) IS
    'Whether two texts mean the same row: capitals, hyphens and braces make no difference to a uuid.';

CREATE FUNCTION nxtgauge_migration.reference_kind(reference_type text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT k.kind FROM unnest(ARRAY['payment', 'lead_request']) AS k (kind)
    WHERE k.kind = translate(lower(btrim(reference_type)), ' -', '__')
$$;

COMMENT ON FUNCTION nxtgauge_migration.reference_kind(text) IS
    'What a ledger entry''s reference_type says that it refers to: payment or lead_request, however it is spelled.';

CREATE FUNCTION nxtgauge_migration.no_reference(source oid, column_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN nxtgauge_migration.is_required(source, column_name) THEN '00000000-0000-0000-0000-000000000000' END
$$;

COMMENT ON FUNCTION nxtgauge_migration.no_reference(oid, text) IS
    'What a text reference holds that refers to nothing: NULL, or the uuid of zeros where the column must hold something.';

CREATE FUNCTION nxtgauge_migration.drop_invalid_index(index_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '50ms'
AS $$
DECLARE
    name text := nxtgauge_migration.canonical_name(index_name);
BEGIN
    WHILE EXISTS (SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(name) AND NOT i.indisvalid) LOOP
        BEGIN
            EXECUTE format('DROP INDEX %s', name);
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1 + random() / 5);
        END;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.drop_invalid_index(text) IS
    'Drops what an interrupted CREATE INDEX CONCURRENTLY left, waiting 50 ms at most for each lock.';

CREATE FUNCTION nxtgauge_migration.goal_condition(target text, given text, prefix text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE nxtgauge_migration.type_of_id(target)
        WHEN 'uuid' THEN format('%1$sid = nxtgauge_migration.as_uuid(%2$s)', prefix, given)
        ELSE format('%1$sid IN (nxtgauge_migration.as_uuid(%2$s)::text, CASE WHEN nxtgauge_migration.as_uuid(%2$s) IS NOT NULL THEN %2$s END)',
                    prefix, given)
    END
$$;

COMMENT ON FUNCTION nxtgauge_migration.goal_condition(text, text, text) IS
    'The condition that finds the row which a text means, by the index of its id; where ids are text, in capitals as well.';

CREATE PROCEDURE nxtgauge_migration.fill_reference(
    job text, source text, old_column text, new_column text, target text, condition text DEFAULT 'true'
)
    LANGUAGE plpgsql
AS $$
DECLARE
    keys text[] := nxtgauge_migration.key_columns(nxtgauge_migration.table_oid(source));
BEGIN
    -- The goals are locked as the foreign key would lock them: one that a client is deleting is waited for, and gone then.
    CALL nxtgauge_migration.run_batches(job, source, pg_catalog.format($sql$
        WITH found AS MATERIALIZED (
            SELECT %1$s, g.id AS nxtgauge_goal
            FROM pg_temp.nxtgauge_batch AS b
            CROSS JOIN LATERAL (
                SELECT * FROM %2$s AS t WHERE %3$s AND t.%4$I IS NULL AND t.%5$I IS NOT NULL AND (%6$s) OFFSET 0
            ) AS t
            CROSS JOIN LATERAL (SELECT g.id FROM %7$s AS g WHERE %8$s LIMIT 1 FOR KEY SHARE) AS g
        )
        UPDATE %2$s AS t SET %4$I = b.nxtgauge_goal FROM found AS b WHERE %3$s$sql$,
        nxtgauge_migration.column_list(keys, 'b.'), nxtgauge_migration.canonical_name(source),
        nxtgauge_migration.column_match(keys, 't.', 'b.'), new_column, old_column, condition,
        nxtgauge_migration.canonical_name(target),
        nxtgauge_migration.goal_condition(target, pg_catalog.format('t.%I::text', old_column), 'g.')));
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.fill_reference(text, text, text, text, text, text) IS
    'Fills a reference, in batches, from the text that means the same; condition, over t, says which rows'' text means this target.';

CREATE PROCEDURE nxtgauge_migration.note_unresolved(job text, source text, old_column text, new_columns text[])
    LANGUAGE plpgsql
AS $$
DECLARE
    name  text   := nxtgauge_migration.canonical_name(source);
    keys  text[] := nxtgauge_migration.key_columns(nxtgauge_migration.table_oid(source));
    empty text;
    found bigint;
BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('t.%I IS NULL', c.name), ' AND ') INTO empty
    FROM pg_catalog.unnest(new_columns) AS c (name);
    CALL nxtgauge_migration.run_batches(job, source, pg_catalog.format($sql$
        INSERT INTO nxtgauge_migration.unresolved_reference (source, column_name, row_key, value)
        SELECT %1$L, %2$L, %3$s, t.%2$I::text
        FROM pg_temp.nxtgauge_batch AS b CROSS JOIN LATERAL (SELECT * FROM %4$s AS t WHERE %5$s OFFSET 0) AS t
        WHERE t.%2$I IS NOT NULL AND %6$s
        ON CONFLICT ON CONSTRAINT unresolved_reference_pkey DO UPDATE SET value = excluded.value$sql$,
        name, old_column, nxtgauge_migration.key_as_text(keys, 't.'), name, nxtgauge_migration.column_match(keys, 't.', 'b.'),
        empty), '{}', false);
    SELECT count(*) INTO found FROM nxtgauge_migration.unresolved_reference AS u
    WHERE u.source = name AND u.column_name = note_unresolved.old_column;
    IF found > 0 THEN
        RAISE NOTICE '% values of %.% are no uuid, or point nowhere; they rest in the parked column', found, name, old_column;
    END IF;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.note_unresolved(text, text, text, text[]) IS
    'Writes down, and counts in a NOTICE, the text references that no new column stands in for.';

CREATE FUNCTION nxtgauge_migration.reference_rules(step text, source text, old_column text, expression text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_object(old_column, CASE
        WHEN EXISTS (
            SELECT FROM nxtgauge_migration.parked AS p
            JOIN nxtgauge_migration.parked_definition AS d ON d.parked_id = p.id AND d.stage = 'not null'
            WHERE p.step = reference_rules.step AND p.source = nxtgauge_migration.canonical_name(reference_rules.source)
              AND old_column = ANY (p.column_names))
        THEN format('coalesce(%s, %L)', expression, '00000000-0000-0000-0000-000000000000')
        ELSE expression END)
$$;

COMMENT ON FUNCTION nxtgauge_migration.reference_rules(text, text, text, text) IS
    'The rule for rows that came while a text reference was parked; zeros where it must hold something and there is nothing.';

CREATE PROCEDURE nxtgauge_migration.return_reference(
    job text, step text, source text, old_column text, new_columns text[], targets text[], conditions text[]
)
    LANGUAGE plpgsql
AS $$
DECLARE
    name     text   := nxtgauge_migration.canonical_name(source);
    keys     text[] := nxtgauge_migration.key_columns(nxtgauge_migration.table_oid(source));
    given    text   := pg_catalog.format('t.%I::text', old_column);
    current  text;
    points   text;
    fallback text;
    old_type text;
BEGIN
    SELECT pg_catalog.format('coalesce(%s)', pg_catalog.string_agg(pg_catalog.format('t.%I::text', c.name), ', ' ORDER BY c.position)),
           pg_catalog.string_agg(pg_catalog.format('((%s) AND EXISTS (SELECT FROM %s AS g WHERE %s))', conditions[c.position],
               nxtgauge_migration.canonical_name(targets[c.position]),
               nxtgauge_migration.goal_condition(targets[c.position], given, 'g.')), ' OR ' ORDER BY c.position)
    INTO current, points
    FROM pg_catalog.unnest(new_columns) WITH ORDINALITY AS c (name, position);
    fallback := nxtgauge_migration.reference_rules(step, source, old_column, 'NULL') ->> old_column;
    SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) INTO old_type FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = old_column;

    -- The new reference wins, unless the text means it already. A text that points at a row while there is no reference was
    -- taken back since, unless it pointed nowhere at contract.
    CALL nxtgauge_migration.run_batches(job, source, pg_catalog.format($sql$
        UPDATE %1$s AS t SET %2$I = coalesce(%3$s, %4$s)::%5$s
        FROM pg_temp.nxtgauge_batch AS b
        WHERE %6$s
          AND CASE WHEN %3$s IS NOT NULL THEN NOT nxtgauge_migration.same_reference(%7$s, %3$s)
                   WHEN t.%2$I IS NULL THEN %4$s IS NOT NULL
                   ELSE (%8$s) AND NOT EXISTS (
                       SELECT FROM nxtgauge_migration.unresolved_reference AS u
                       WHERE u.source = %9$L AND u.column_name = %10$L AND u.row_key = %11$s AND u.value = %7$s) END$sql$,
        name, old_column, current, fallback, old_type, nxtgauge_migration.column_match(keys, 't.', 'b.'), given, points,
        name, old_column, nxtgauge_migration.key_as_text(keys, 't.')));
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.return_reference(text, text, text, text, text[], text[], text[]) IS
    'Brings a text reference that came back up to date with the new columns that stood in for it.';

-- The triggers. They act for their owner, because a backend that may write a ticket need not see employees, and let an
-- error be raised where row-level security would hide a row.

CREATE FUNCTION nxtgauge_migration.pair_employees() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.departments.id%TYPE;
    given     public.departments.id%TYPE;
BEGIN
    IF NEW.assigned_department_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.assigned_department_id IS DISTINCT FROM OLD.assigned_department_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.department_id::text, NEW.assigned_department_id::text) THEN
            NEW.department_id := NEW.assigned_department_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.assigned_department_id IS NULL AND OLD.assigned_department_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.departments AS g WHERE g.id = OLD.assigned_department_id) THEN
            NEW.department_id := nxtgauge_migration.no_reference(TG_RELID, 'department_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.assigned_department_id IS NULL OR NEW.department_id IS DISTINCT FROM OLD.department_id THEN
        canonical := nxtgauge_migration.as_uuid(NEW.department_id::text)::text;
        NEW.assigned_department_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.department_id::text;
            SELECT g.id INTO NEW.assigned_department_id FROM public.departments AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_employees() IS
    'Keeps employees.department_id, a text, and employees.assigned_department_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_payments() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.pricing_packages.id%TYPE;
    given     public.pricing_packages.id%TYPE;
BEGIN
    IF NEW.pricing_package_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.pricing_package_id IS DISTINCT FROM OLD.pricing_package_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.package_id::text, NEW.pricing_package_id::text) THEN
            NEW.package_id := NEW.pricing_package_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.pricing_package_id IS NULL AND OLD.pricing_package_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.pricing_packages AS g WHERE g.id = OLD.pricing_package_id) THEN
            NEW.package_id := nxtgauge_migration.no_reference(TG_RELID, 'package_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.pricing_package_id IS NULL OR NEW.package_id IS DISTINCT FROM OLD.package_id THEN
        canonical := nxtgauge_migration.as_uuid(NEW.package_id::text)::text;
        NEW.pricing_package_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.package_id::text;
            SELECT g.id INTO NEW.pricing_package_id FROM public.pricing_packages AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_payments() IS
    'Keeps payments.package_id, a text, and payments.pricing_package_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_email_logs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.users.id%TYPE;
    given     public.users.id%TYPE;
BEGIN
    IF NEW.recipient_user_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.recipient_user_id IS DISTINCT FROM OLD.recipient_user_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.user_id::text, NEW.recipient_user_id::text) THEN
            NEW.user_id := NEW.recipient_user_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.recipient_user_id IS NULL AND OLD.recipient_user_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.users AS g WHERE g.id = OLD.recipient_user_id) THEN
            NEW.user_id := nxtgauge_migration.no_reference(TG_RELID, 'user_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.recipient_user_id IS NULL OR NEW.user_id IS DISTINCT FROM OLD.user_id THEN
        canonical := nxtgauge_migration.as_uuid(NEW.user_id::text)::text;
        NEW.recipient_user_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.user_id::text;
            SELECT g.id INTO NEW.recipient_user_id FROM public.users AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_email_logs() IS
    'Keeps email_logs.user_id, a text, and email_logs.recipient_user_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_support_tickets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.employees.id%TYPE;
    given     public.employees.id%TYPE;
BEGIN
    IF NEW.assigned_employee_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.assigned_employee_id IS DISTINCT FROM OLD.assigned_employee_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.assigned_to::text, NEW.assigned_employee_id::text) THEN
            NEW.assigned_to := NEW.assigned_employee_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.assigned_employee_id IS NULL AND OLD.assigned_employee_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.employees AS g WHERE g.id = OLD.assigned_employee_id) THEN
            NEW.assigned_to := nxtgauge_migration.no_reference(TG_RELID, 'assigned_to');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.assigned_employee_id IS NULL OR NEW.assigned_to IS DISTINCT FROM OLD.assigned_to THEN
        canonical := nxtgauge_migration.as_uuid(NEW.assigned_to::text)::text;
        NEW.assigned_employee_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.assigned_to::text;
            SELECT g.id INTO NEW.assigned_employee_id FROM public.employees AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_support_tickets() IS
    'Keeps support_tickets.assigned_to, a text, and support_tickets.assigned_employee_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_support_ticket_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.users.id%TYPE;
    given     public.users.id%TYPE;
BEGIN
    IF NEW.sender_user_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.sender_user_id IS DISTINCT FROM OLD.sender_user_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.sender_id::text, NEW.sender_user_id::text) THEN
            NEW.sender_id := NEW.sender_user_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.sender_user_id IS NULL AND OLD.sender_user_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.users AS g WHERE g.id = OLD.sender_user_id) THEN
            NEW.sender_id := nxtgauge_migration.no_reference(TG_RELID, 'sender_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.sender_user_id IS NULL OR NEW.sender_id IS DISTINCT FROM OLD.sender_id THEN
        canonical := nxtgauge_migration.as_uuid(NEW.sender_id::text)::text;
        NEW.sender_user_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.sender_id::text;
            SELECT g.id INTO NEW.sender_user_id FROM public.users AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_support_ticket_messages() IS
    'Keeps support_ticket_messages.sender_id, a text, and support_ticket_messages.sender_user_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_kb_articles() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.employees.id%TYPE;
    given     public.employees.id%TYPE;
BEGIN
    IF NEW.author_employee_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.author_employee_id IS DISTINCT FROM OLD.author_employee_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.author_id::text, NEW.author_employee_id::text) THEN
            NEW.author_id := NEW.author_employee_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.author_employee_id IS NULL AND OLD.author_employee_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.employees AS g WHERE g.id = OLD.author_employee_id) THEN
            NEW.author_id := nxtgauge_migration.no_reference(TG_RELID, 'author_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.author_employee_id IS NULL OR NEW.author_id IS DISTINCT FROM OLD.author_id THEN
        canonical := nxtgauge_migration.as_uuid(NEW.author_id::text)::text;
        NEW.author_employee_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.author_id::text;
            SELECT g.id INTO NEW.author_employee_id FROM public.employees AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_kb_articles() IS
    'Keeps kb_articles.author_id, a text, and kb_articles.author_employee_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_runtime_configs() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.employees.id%TYPE;
    given     public.employees.id%TYPE;
BEGIN
    IF NEW.updated_by_employee_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.updated_by_employee_id IS DISTINCT FROM OLD.updated_by_employee_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.updated_by::text, NEW.updated_by_employee_id::text) THEN
            NEW.updated_by := NEW.updated_by_employee_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.updated_by_employee_id IS NULL AND OLD.updated_by_employee_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.employees AS g WHERE g.id = OLD.updated_by_employee_id) THEN
            NEW.updated_by := nxtgauge_migration.no_reference(TG_RELID, 'updated_by');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.updated_by_employee_id IS NULL OR NEW.updated_by IS DISTINCT FROM OLD.updated_by THEN
        canonical := nxtgauge_migration.as_uuid(NEW.updated_by::text)::text;
        NEW.updated_by_employee_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.updated_by::text;
            SELECT g.id INTO NEW.updated_by_employee_id FROM public.employees AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_runtime_configs() IS
    'Keeps runtime_configs.updated_by, a text, and runtime_configs.updated_by_employee_id equal.';

CREATE FUNCTION nxtgauge_migration.pair_tracecoin_ledger() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    kind          text := nxtgauge_migration.reference_kind(NEW.reference_type::text);
    meant         text := nxtgauge_migration.as_uuid(NEW.reference_id::text)::text;
    payment       public.payments.id%TYPE;
    request       public.lead_requests.id%TYPE;
    given_payment public.payments.id%TYPE;
    given_request public.lead_requests.id%TYPE;
BEGIN
    -- The reference_type says which of the two a text means. A new reference brings its type along.
    IF NEW.payment_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.reference_id::text, NEW.payment_id::text) THEN
            NEW.reference_id := NEW.payment_id::text;
        END IF;
        IF kind IS DISTINCT FROM 'payment' THEN
            NEW.reference_type := 'payment';
        END IF;
    ELSIF NEW.lead_request_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.lead_request_id IS DISTINCT FROM OLD.lead_request_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.reference_id::text, NEW.lead_request_id::text) THEN
            NEW.reference_id := NEW.lead_request_id::text;
        END IF;
        IF kind IS DISTINCT FROM 'lead_request' THEN
            NEW.reference_type := 'lead_request';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.payment_id IS NULL AND NEW.lead_request_id IS NULL
          AND (OLD.payment_id IS NOT NULL OR OLD.lead_request_id IS NOT NULL) THEN
        IF EXISTS (SELECT FROM public.payments AS g WHERE g.id = OLD.payment_id)
           OR EXISTS (SELECT FROM public.lead_requests AS g WHERE g.id = OLD.lead_request_id) THEN
            NEW.reference_id := nxtgauge_migration.no_reference(TG_RELID, 'reference_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR (NEW.payment_id IS NULL AND NEW.lead_request_id IS NULL)
          OR NEW.reference_id IS DISTINCT FROM OLD.reference_id OR NEW.reference_type IS DISTINCT FROM OLD.reference_type THEN
        NEW.payment_id := NULL;
        NEW.lead_request_id := NULL;
        IF meant IS NOT NULL AND kind = 'payment' THEN
            payment := meant;
            given_payment := NEW.reference_id::text;
            SELECT g.id INTO NEW.payment_id FROM public.payments AS g
            WHERE g.id IN (payment, given_payment) LIMIT 1 FOR KEY SHARE;
        ELSIF meant IS NOT NULL AND kind = 'lead_request' THEN
            request := meant;
            given_request := NEW.reference_id::text;
            SELECT g.id INTO NEW.lead_request_id FROM public.lead_requests AS g
            WHERE g.id IN (request, given_request) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_tracecoin_ledger() IS
    'Keeps tracecoin_ledger.reference_id, a text, equal with payment_id or lead_request_id, as reference_type says.';

SELECT nxtgauge_migration.close_acting_routines();
