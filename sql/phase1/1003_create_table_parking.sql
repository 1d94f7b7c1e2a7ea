-- Create the functions that park whole tables and sets of rows, and bring them back.
--
-- depends: 1002_create_batch_procedures
-- kind: expand
-- locks: none

-- Parking is SET SCHEMA into a schema of its own: no row is copied, and indexes, constraints, triggers, policies,
-- privileges, comments and owned sequences move along. What ties the table to others is taken off and written down as
-- the statements that put it back: foreign keys in both directions, publications. What would silently go on using the
-- parked table (views, functions, other tables' columns) is a reason to refuse.

-- The memory: statements written down when something is parked, run when it comes back.

CREATE FUNCTION nxtgauge_migration.remember(
    parked_id bigint, stage text, object text, statement text, run_as text DEFAULT NULL
) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO nxtgauge_migration.parked_definition (parked_id, stage, object, statement, run_as)
    VALUES (remember.parked_id, remember.stage, remember.object, remember.statement, remember.run_as)
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember(bigint, text, text, text, text) IS
    'Writes down one statement that brings back a part of what is parked.';

CREATE FUNCTION nxtgauge_migration.run_as(role_name text, statement text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before   text := current_setting('role');
    needed   text := CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END;
    affected bigint;
BEGIN
    IF role_name IS NOT NULL AND NOT pg_has_role(current_user, role_name, needed) THEN
        RAISE WARNING '% is not a member of %, so this is done in its own name: %', current_user, role_name, statement;
    ELSIF role_name IS NOT NULL THEN
        EXECUTE format('SET LOCAL ROLE %I', role_name);
    END IF;
    EXECUTE statement;
    GET DIAGNOSTICS affected = ROW_COUNT;
    PERFORM set_config('role', before, true);
    RETURN affected;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.run_as(text, text) IS
    'Runs a statement as another role, so that a privilege keeps its grantor; as the current one, with a warning, '
    'where that is not allowed.';

CREATE FUNCTION nxtgauge_migration.as_written(definition text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- PostgreSQL shows "v IN (...)" of a varchar as (v)::text = ANY ((ARRAY[...])::text[]), but reads that as something else:
    -- a cast of each element. Without the casts it adds them where they were.
    SELECT regexp_replace(definition,
        '\((\w+|"[^"]+")\)::text (= ANY|<> ALL) \(\((ARRAY\[(?:''(?:[^'']|'''')*''::character varying(?:, )?)+\])\)::text\[\]\)',
        '\1 \2 (\3)', 'g')
$$;

COMMENT ON FUNCTION nxtgauge_migration.as_written(text) IS
    'A definition as PostgreSQL must be given it to show the same again.';

CREATE FUNCTION nxtgauge_migration.strike_built_index(entry nxtgauge_migration.parked_definition) RETURNS boolean
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH struck AS (
        DELETE FROM nxtgauge_migration.parked_definition AS d
        WHERE d.parked_id = entry.parked_id AND d.position = entry.position
          AND EXISTS (SELECT FROM pg_index AS i WHERE i.indisvalid
                      AND nxtgauge_migration.as_written(pg_get_indexdef(i.indexrelid)) = entry.statement)
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM struck)
$$;

COMMENT ON FUNCTION nxtgauge_migration.strike_built_index(nxtgauge_migration.parked_definition) IS
    'True, and the entry is struck off, if the index it would create stands already.';

CREATE FUNCTION nxtgauge_migration.recall(
    parked_id bigint, stages text[], only_position bigint DEFAULT NULL
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    entry    nxtgauge_migration.parked_definition;
    affected bigint;
    detail   text;
    hint     text;
BEGIN
    FOR entry IN
        SELECT d.* FROM nxtgauge_migration.parked_definition AS d
        WHERE d.parked_id = recall.parked_id AND d.stage = ANY (stages)
            AND d.position = coalesce(only_position, d.position)
        ORDER BY array_position(stages, d.stage), d.position
    LOOP
        -- An index that was built CONCURRENTLY beforehand is taken as it stands.
        CONTINUE WHEN entry.stage = 'index' AND nxtgauge_migration.strike_built_index(entry);
        BEGIN
            affected := nxtgauge_migration.run_as(entry.run_as, entry.statement);
        EXCEPTION WHEN lock_not_available OR deadlock_detected OR query_canceled THEN
            RAISE;
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            RAISE EXCEPTION 'cannot restore %: %', entry.object, SQLERRM
                USING ERRCODE = SQLSTATE, DETAIL = concat_ws(E'\n', nullif(detail, ''), entry.statement),
                      HINT = coalesce(nullif(hint, ''),
                          'Remove what stands in the way and run the step again; nothing was changed.');
        END;
        IF entry.stage = 'orphan' AND affected > 0 THEN
            RAISE NOTICE '%: % rows', entry.object, affected;
        END IF;
        DELETE FROM nxtgauge_migration.parked_definition AS d
        WHERE d.parked_id = recall.parked_id AND d.position = entry.position;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.recall(bigint, text[], bigint) IS
    'Runs, stage by stage, the statements written down for a parking, and strikes them off; an error names the '
    'object.';

CREATE FUNCTION nxtgauge_migration.open_holder(
    step text, source text, kind text, state text, returns_with text
) RETURNS nxtgauge_migration.parked
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry   nxtgauge_migration.parked;
    grantee text;
BEGIN
    INSERT INTO nxtgauge_migration.parked AS p (step, source, kind, state, returns_with)
    VALUES (step, nxtgauge_migration.canonical_name(source), kind, state, returns_with)
    RETURNING p.* INTO entry;
    EXECUTE format('CREATE SCHEMA %I', entry.holder);
    -- Default privileges are for the application's schemas; nobody but the owner looks at what is parked.
    FOR grantee IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
        FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
        WHERE n.nspname = entry.holder AND a.grantee <> n.nspowner
    LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', entry.holder, grantee);
    END LOOP;
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', entry.holder,
        format('Parked by step %s: %s of %s.', step, kind, entry.source));
    RETURN entry;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.open_holder(text, text, text, text, text) IS
    'Makes the schema that holds one parking, and its entry in the memory. One schema each: names of tables and '
    'indexes can then never collide.';

CREATE FUNCTION nxtgauge_migration.close_holder(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('DROP SCHEMA %I', entry.holder);
    DELETE FROM nxtgauge_migration.parked AS p WHERE p.id = entry.id;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.close_holder(nxtgauge_migration.parked) IS
    'Drops the empty schema of a parking that has come back, and its entry.';

CREATE FUNCTION nxtgauge_migration.parked_name(entry nxtgauge_migration.parked) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%I.%I', entry.holder, (parse_ident(entry.source))[2])
$$;

COMMENT ON FUNCTION nxtgauge_migration.parked_name(nxtgauge_migration.parked) IS
    'Quoted name of the table in which a parking lies.';

-- What hangs on a table.

CREATE FUNCTION nxtgauge_migration.describe_dependent(class oid, object oid, sub_id integer) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- A view depends through its rule; a person looks for the view.
    SELECT CASE
        WHEN class = 'pg_rewrite'::regclass THEN (
            SELECT CASE WHEN c.relkind IN ('v', 'm') THEN pg_describe_object('pg_class'::regclass, c.oid, 0)
                        ELSE pg_describe_object(class, object, 0) END
            FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class WHERE r.oid = object)
        ELSE pg_describe_object(class, object, sub_id)
    END
$$;

COMMENT ON FUNCTION nxtgauge_migration.describe_dependent(oid, oid, integer) IS
    'Names a dependent object as a person would.';

CREATE FUNCTION nxtgauge_migration.reasons_not_to_park_table(relation oid) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'it is partitioned' FROM pg_class AS c WHERE c.oid = relation AND c.relkind = 'p'
    UNION ALL
    SELECT CASE WHEN i.inhrelid = relation THEN 'it inherits from ' ELSE 'it is inherited by ' END
           || nxtgauge_migration.table_name(CASE WHEN i.inhrelid = relation THEN i.inhparent ELSE i.inhrelid END)
    FROM pg_inherits AS i WHERE relation IN (i.inhrelid, i.inhparent)
    UNION ALL
    SELECT DISTINCT nxtgauge_migration.describe_dependent(d.classid, d.objid, d.objsubid) || ' uses it'
    FROM pg_class AS c
    JOIN pg_type AS t ON t.oid = c.reltype
    JOIN pg_depend AS d ON d.deptype IN ('n', 'a') AND (
        (d.refclassid = 'pg_class'::regclass AND d.refobjid = relation)
        OR (d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray))
        -- a sequence that belongs to the table leaves with it
        OR (d.refclassid = 'pg_class'::regclass AND d.refobjid IN (
                SELECT s.objid FROM pg_depend AS s JOIN pg_class AS q ON q.oid = s.objid AND q.relkind = 'S'
                WHERE s.classid = 'pg_class'::regclass AND s.refclassid = 'pg_class'::regclass
                  AND s.refobjid = relation AND s.refobjsubid > 0 AND s.deptype IN ('a', 'i'))))
    WHERE c.oid = relation
      AND NOT CASE d.classid
          WHEN 'pg_class'::regclass THEN d.objid = relation
              OR EXISTS (SELECT FROM pg_class AS o WHERE o.oid = d.objid AND o.relkind IN ('i', 'S', 't'))
          WHEN 'pg_rewrite'::regclass THEN EXISTS (SELECT FROM pg_rewrite AS o WHERE o.oid = d.objid
              AND o.ev_class = relation)
          WHEN 'pg_constraint'::regclass
              THEN EXISTS (SELECT FROM pg_constraint AS o WHERE o.oid = d.objid AND relation
              IN (o.conrelid, o.confrelid))
          WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger AS o WHERE o.oid = d.objid
              AND o.tgrelid = relation)
          WHEN 'pg_attrdef'::regclass THEN EXISTS (SELECT FROM pg_attrdef AS o WHERE o.oid = d.objid
              AND o.adrelid = relation)
          WHEN 'pg_policy'::regclass THEN EXISTS (SELECT FROM pg_policy AS o WHERE o.oid = d.objid
              AND o.polrelid = relation)
          ELSE d.classid IN ('pg_publication_rel'::regclass, 'pg_statistic_ext'::regclass)
      END
    UNION ALL
    SELECT format('foreign key %s of %s has triggers switched off, which only a superuser can repeat',
                  quote_ident(k.conname), nxtgauge_migration.table_name(k.conrelid))
    FROM pg_constraint AS k
    WHERE k.contype = 'f' AND relation IN (k.conrelid, k.confrelid)
      AND EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
$$;

COMMENT ON FUNCTION nxtgauge_migration.reasons_not_to_park_table(oid) IS
    'Everything that forbids parking a table, each object named; preflights call it too.';

CREATE FUNCTION nxtgauge_migration.refuse(what text, reasons text[], hint text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF cardinality(reasons) > 0 THEN
        RAISE EXCEPTION 'cannot %: %', what, array_to_string(reasons, '; ')
            USING ERRCODE = 'dependent_objects_still_exist', HINT = hint;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refuse(text, text[], text) IS
    'Raises one error that lists all reasons; none, no error.';

CREATE FUNCTION nxtgauge_migration.remember_foreign_key(parked_id bigint, key_oid oid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    k           record;
    object      text;
    definition  text;
    remark      text := obj_description(key_oid, 'pg_constraint');
BEGIN
    SELECT c.*, r.relkind INTO k FROM pg_constraint AS c JOIN pg_class AS r ON r.oid = c.conrelid WHERE c.oid = key_oid;
    object := format('foreign key %I of %s', k.conname, nxtgauge_migration.table_name(k.conrelid));
    definition := pg_get_constraintdef(key_oid);

    -- NOT VALID first and VALIDATE after, so that the strong lock is short; partitioned tables know no NOT VALID.
    PERFORM nxtgauge_migration.remember(parked_id, 'foreign key', object,
        format('ALTER TABLE %s ADD CONSTRAINT %I %s%s',
        nxtgauge_migration.table_name(k.conrelid), k.conname, definition,
        CASE WHEN k.convalidated AND k.relkind <> 'p' THEN ' NOT VALID' ELSE '' END));
    IF k.convalidated AND k.relkind <> 'p' THEN
        PERFORM nxtgauge_migration.remember(parked_id, 'validation', object,
            format('ALTER TABLE %s VALIDATE CONSTRAINT %I',
            nxtgauge_migration.table_name(k.conrelid), k.conname));
    END IF;
    IF remark IS NOT NULL THEN
        PERFORM nxtgauge_migration.remember(parked_id, 'comment', object, format('COMMENT ON CONSTRAINT %I ON %s IS %L',
            k.conname, nxtgauge_migration.table_name(k.conrelid), remark));
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_foreign_key(bigint, oid) IS
    'Writes down how to put a foreign key back: definition, validity, comment.';

CREATE FUNCTION nxtgauge_migration.take_off_foreign_key(parked_id bigint, key_oid oid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM nxtgauge_migration.remember_foreign_key(parked_id, key_oid);
    EXECUTE (SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', nxtgauge_migration.table_name(k.conrelid), k.conname)
             FROM pg_constraint AS k WHERE k.oid = key_oid);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.take_off_foreign_key(bigint, oid) IS
    'Drops a foreign key and remembers how to put it back.';

CREATE FUNCTION nxtgauge_migration.remember_orphans(parked_id bigint, key_oid oid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    k       pg_constraint%ROWTYPE;
    own     text[];
    other   text[];
    nulled  text[];
    missing text;
BEGIN
    -- While the table is parked, its foreign keys do not act. What they would have done to rows whose parent was
    -- deleted meanwhile is done when the table comes back.
    SELECT * INTO k FROM pg_constraint AS c WHERE c.oid = key_oid;
    SELECT array_agg(a.attname::text ORDER BY n.position), array_agg(f.attname::text ORDER BY n.position) INTO own,
        other
    FROM generate_subscripts(k.conkey, 1) AS n (position)
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[n.position]
    JOIN pg_attribute AS f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[n.position];
    SELECT coalesce(array_agg(a.attname::text), own) INTO nulled
    FROM jsonb_array_elements_text(nullif(to_jsonb(k) -> 'confdelsetcols', 'null')) AS s (attnum)
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = s.attnum::int2;

    SELECT string_agg(format('t.%I IS NOT NULL', o),
        ' AND ') || format(' AND NOT EXISTS (SELECT FROM %s AS r WHERE (%s) = (%s))',
               nxtgauge_migration.table_name(k.confrelid),
               nxtgauge_migration.column_list(other, 'r.'), nxtgauge_migration.column_list(own, 't.'))
    INTO missing FROM unnest(own) AS o;
    IF k.confdeltype = 'c' THEN
        PERFORM nxtgauge_migration.remember(parked_id, 'orphan',
            format('deleted from %s as foreign key %I would have done', nxtgauge_migration.table_name(k.conrelid),
                k.conname),
            format('DELETE FROM %s AS t WHERE %s', nxtgauge_migration.table_name(k.conrelid), missing));
    ELSIF k.confdeltype = 'n' THEN
        PERFORM nxtgauge_migration.remember(parked_id, 'orphan',
            format('set to NULL in %s as foreign key %I would have done', nxtgauge_migration.table_name(k.conrelid),
                k.conname),
            format('UPDATE %s AS t SET %s WHERE %s', nxtgauge_migration.table_name(k.conrelid),
                   (SELECT string_agg(format('%I = NULL', o), ', ') FROM unnest(nulled) AS o), missing));
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remember_orphans(bigint, oid) IS
    'Remembers what ON DELETE CASCADE or SET NULL has to catch up with when the table comes back.';

CREATE FUNCTION nxtgauge_migration.take_off_publications(parked_id bigint, relation oid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    member       record;
    columns_part text;
    where_part   text := '';
BEGIN
    FOR member IN
        SELECT r.oid, p.pubname, r.prrelid, nullif(to_jsonb(r) -> 'prattrs', 'null') AS attnums
        FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
        WHERE r.prrelid = relation ORDER BY p.pubname
    LOOP
        SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')' INTO columns_part
        FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum::text
            IN (SELECT jsonb_array_elements_text(member.attnums));
        IF current_setting('server_version_num')::integer >= 150000 THEN
            SELECT coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '') INTO where_part
            FROM pg_publication_rel AS r WHERE r.oid = member.oid;
        END IF;
        PERFORM nxtgauge_migration.remember(parked_id, 'publication', format('publication %I', member.pubname),
            format('ALTER PUBLICATION %I ADD TABLE ONLY %s%s%s', member.pubname,
                nxtgauge_migration.table_name(relation),
                   coalesce(columns_part, ''), where_part));
        EXECUTE format('ALTER PUBLICATION %I DROP TABLE ONLY %s', member.pubname,
            nxtgauge_migration.table_name(relation));
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.take_off_publications(bigint, oid) IS
    'Takes a table out of the publications that name it, remembering column list and condition.';

-- Whole tables.

CREATE FUNCTION nxtgauge_migration.park_table(step text, source text, returns_with text DEFAULT 'apply') RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid  := nxtgauge_migration.table_oid(source);
    name     text := nxtgauge_migration.table_name(relation);
    home     text := (parse_ident(name))[1];
    entry    nxtgauge_migration.parked;
    found    record;
BEGIN
    PERFORM nxtgauge_migration.refuse('park table ' || name,
        ARRAY(SELECT nxtgauge_migration.reasons_not_to_park_table(relation)),
        'Change or drop what uses the table (keep its definition), then run the step again.');
    entry := nxtgauge_migration.open_holder(step, name, 'table', 'parked', returns_with);

    FOR found IN
        SELECT k.oid, k.conrelid = relation AS outgoing FROM pg_constraint AS k
        WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid <> k.confrelid AND relation
            IN (k.conrelid, k.confrelid)
        ORDER BY k.conrelid <> relation, nxtgauge_migration.table_name(k.conrelid), k.conname
    LOOP
        IF found.outgoing THEN
            PERFORM nxtgauge_migration.remember_orphans(entry.id, found.oid);
        END IF;
        PERFORM nxtgauge_migration.take_off_foreign_key(entry.id, found.oid);
    END LOOP;
    PERFORM nxtgauge_migration.take_off_publications(entry.id, relation);

    EXECUTE format('ALTER TABLE %s SET SCHEMA %I', name, entry.holder);
    FOR found IN
        SELECT s.stxname AS name, s.stxnamespace::regnamespace::text AS home
        FROM pg_statistic_ext AS s WHERE s.stxrelid = relation ORDER BY s.stxname
    LOOP
        EXECUTE format('ALTER STATISTICS %s.%I SET SCHEMA %I', found.home, found.name, entry.holder);
        PERFORM nxtgauge_migration.remember(entry.id, 'statistics', format('statistics %s.%I', found.home, found.name),
            format('ALTER STATISTICS %I.%I SET SCHEMA %s', entry.holder, found.name, found.home));
    END LOOP;
    PERFORM nxtgauge_migration.forget_added_columns(name, ARRAY(
        SELECT m.column_name FROM nxtgauge_migration.added_column AS m WHERE m.source = name
            AND m.step = park_table.step));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.park_table(text, text, text) IS
    'Moves a table, as it is, into a schema of its own; takes milliseconds and ACCESS EXCLUSIVE on it and its foreign'
    ' keys'' partners. A step that retires a table says returns_with => ''rollback''.';

CREATE FUNCTION nxtgauge_migration.assert_names_free(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    home text := (parse_ident(entry.source))[1];
BEGIN
    IF to_regnamespace(quote_ident(home)) IS NULL THEN
        RAISE EXCEPTION 'cannot restore %: schema % does not exist any more', entry.source, home
            USING ERRCODE = 'undefined_schema', HINT = 'Create the schema and run the step again.';
    END IF;
    PERFORM nxtgauge_migration.refuse('restore ' || entry.source, ARRAY(
        SELECT pg_describe_object('pg_class'::regclass, other.oid, 0) || ' has taken a name that is needed'
        FROM pg_class AS mine
        JOIN pg_class AS other ON other.relname = mine.relname AND other.relnamespace = quote_ident(home)::regnamespace
        WHERE mine.relnamespace = quote_ident(entry.holder)::regnamespace
        UNION ALL
        SELECT pg_describe_object('pg_type'::regclass, other.oid, 0) || ' has taken a name that is needed'
        FROM pg_class AS mine
        JOIN pg_type AS other ON other.typname = mine.relname AND other.typnamespace = quote_ident(home)::regnamespace
            AND other.typrelid = 0
        WHERE mine.relnamespace = quote_ident(entry.holder)::regnamespace AND mine.relkind = 'r'
        ORDER BY 1), 'Rename it and run the step again.');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.assert_names_free(nxtgauge_migration.parked) IS
    'Refuses to bring a table back while others bear its name or those of its indexes and sequences; names them.';

CREATE FUNCTION nxtgauge_migration.refuse_purged(step text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone record;
BEGIN
    SELECT count(*) AS number, sum(p.row_count) AS row_count, max(p.purged_at) AS purged_at,
           string_agg(DISTINCT p.source, ', ') AS sources, string_agg(DISTINCT p.purged_by, ', ') AS purged_by
    INTO gone
    FROM nxtgauge_migration.purge AS p WHERE p.step = refuse_purged.step AND p.ends_rollback;
    IF gone.number > 0 THEN
        RAISE EXCEPTION '% cannot be rolled back: what it had parked was purged at % by % (% rows of %)', step,
            to_char(gone.purged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), gone.purged_by, gone.row_count, gone.sources
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Only a backup from before the purge has the data. Steps above this one can still be rolled back.';
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refuse_purged(text) IS
    'Refuses to roll back a step whose parked data was purged; every function that brings data back calls it first.';

CREATE FUNCTION nxtgauge_migration.find_parked(step text, source text, kind text) RETURNS nxtgauge_migration.parked
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    PERFORM nxtgauge_migration.refuse_purged(step);
    SELECT p.* INTO entry FROM nxtgauge_migration.parked AS p
    WHERE p.step = find_parked.step AND p.source = nxtgauge_migration.canonical_name(find_parked.source)
        AND p.kind = find_parked.kind
    ORDER BY p.id DESC LIMIT 1;
    IF entry.id IS NULL THEN
        RAISE EXCEPTION 'step % has parked no % of %', step, kind, source
            USING ERRCODE = 'no_data_found',
                  HINT = 'It was never parked, or has come back already; see the table nxtgauge_migration.parked.';
    END IF;
    RETURN entry;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.find_parked(text, text, text) IS
    'The newest parking of that step, table and kind, or an error.';

CREATE FUNCTION nxtgauge_migration.restore_table(step text, source text, validate boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    entry nxtgauge_migration.parked := nxtgauge_migration.find_parked(step, source, 'table');
    undo  text[];
BEGIN
    PERFORM nxtgauge_migration.assert_names_free(entry);
    EXECUTE format('ALTER TABLE %s SET SCHEMA %I', nxtgauge_migration.parked_name(entry),
        (parse_ident(entry.source))[1]);
    PERFORM nxtgauge_migration.recall(entry.id, ARRAY['statistics', 'foreign key', 'comment', 'publication']);
    EXECUTE format('DROP SCHEMA %I', entry.holder);
    IF validate THEN
        undo := nxtgauge_migration.rest_triggers(ARRAY[entry.source]);
        PERFORM nxtgauge_migration.recall(entry.id, ARRAY['orphan']);
        PERFORM nxtgauge_migration.wake_triggers(undo);
        PERFORM nxtgauge_migration.recall(entry.id, ARRAY['validation']);
        DELETE FROM nxtgauge_migration.parked AS p WHERE p.id = entry.id;
    ELSE
        UPDATE nxtgauge_migration.parked AS p SET state = 'restoring' WHERE p.id = entry.id;
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.restore_table(text, text, boolean) IS
    'Brings a parked table back as it was. With validate => false the foreign keys are left to '
    'validate_restored_table, so that no lock is held while tables are read.';

CREATE PROCEDURE nxtgauge_migration.validate_restored_table(step text, source text)
    LANGUAGE plpgsql
AS $$
DECLARE
    entry nxtgauge_migration.parked;
    undo  text[];
BEGIN
    SELECT p.* INTO entry FROM nxtgauge_migration.parked AS p
    WHERE p.step = validate_restored_table.step AND p.kind = 'table' AND p.state = 'restoring'
      AND p.source = nxtgauge_migration.canonical_name(validate_restored_table.source);
    IF entry.id IS NULL THEN
        RETURN;
    END IF;
    undo := nxtgauge_migration.rest_triggers(ARRAY[entry.source]);
    PERFORM nxtgauge_migration.recall(entry.id, ARRAY['orphan']);
    PERFORM nxtgauge_migration.wake_triggers(undo);
    COMMIT;
    PERFORM nxtgauge_migration.recall(entry.id, ARRAY['validation']);
    DELETE FROM nxtgauge_migration.parked AS p WHERE p.id = entry.id;
    COMMIT;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.validate_restored_table(text, text) IS
    'Validates the foreign keys of a table that restore_table brought back without; does nothing if there are none to'
    ' validate.';

-- Rows.

CREATE FUNCTION nxtgauge_migration.common_columns(
    from_relation oid, to_relation oid, OUT targets text, OUT sources text
)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- A column whose type has changed meanwhile is carried across in its text form.
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
           string_agg(CASE WHEN a.atttypid = o.atttypid THEN format('g.%I', a.attname)
                           ELSE format('g.%I::text::%s', a.attname, format_type(a.atttypid, a.atttypmod)) END, ', '
                               ORDER BY a.attnum)
    FROM pg_attribute AS a
    JOIN pg_attribute AS o ON o.attrelid = from_relation AND o.attname = a.attname AND o.attnum > 0
        AND NOT o.attisdropped
    WHERE a.attrelid = to_relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
$$;

COMMENT ON FUNCTION nxtgauge_migration.common_columns(oid, oid) IS
    'The columns by which rows can move from one table to another, and the expressions that carry them.';

CREATE FUNCTION nxtgauge_migration.reasons_not_to_park_rows(relation oid, condition text) RETURNS SETOF text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    k       record;
    is_used boolean;
BEGIN
    -- Taking a row away must not take or change rows of other tables unseen. What forbids it says so itself.
    FOR k IN
        SELECT c.conname, c.conrelid,
               string_agg(format('(c.%I = t.%I)', a.attname, f.attname), ' AND ') AS match
        FROM pg_constraint AS c
        CROSS JOIN LATERAL generate_subscripts(c.conkey, 1) AS n (position)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[n.position]
        JOIN pg_attribute AS f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[n.position]
        WHERE c.contype = 'f' AND c.confrelid = relation AND c.confdeltype IN ('c', 'n', 'd') AND c.conparentid = 0
        GROUP BY c.oid, c.conname, c.conrelid
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s AS c JOIN (SELECT * FROM %s WHERE %s) AS t ON %s)',
                       nxtgauge_migration.table_name(k.conrelid), nxtgauge_migration.table_name(relation), condition,
                           k.match)
        INTO is_used;
        IF is_used THEN
            RETURN NEXT format('rows of %s refer to them by %I', nxtgauge_migration.table_name(k.conrelid), k.conname);
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.reasons_not_to_park_rows(oid, text) IS
    'Tables whose rows would be deleted or changed along with the rows to be parked.';

CREATE FUNCTION nxtgauge_migration.park_rows(
    step text, source text, condition text, returns_with text DEFAULT 'apply'
) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    relation oid  := nxtgauge_migration.table_oid(source);
    name     text := nxtgauge_migration.table_name(relation);
    entry    nxtgauge_migration.parked;
    undo     text[];
    moved    bigint;
    is_any   boolean;
BEGIN
    PERFORM nxtgauge_migration.assert_all_rows_visible(relation);
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s)', name, condition) INTO is_any;
    IF NOT is_any THEN
        RETURN 0;
    END IF;
    PERFORM nxtgauge_migration.refuse('park rows of ' || name,
        ARRAY(SELECT nxtgauge_migration.reasons_not_to_park_rows(relation, condition)),
        'Park those rows first.');
    entry := nxtgauge_migration.open_holder(step, name, 'rows', 'parked', returns_with);
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    undo := nxtgauge_migration.rest_triggers(ARRAY[name]);
    EXECUTE format('CREATE TABLE %s (LIKE %s)', nxtgauge_migration.parked_name(entry), name);
    EXECUTE format('WITH gone AS (DELETE FROM %s WHERE %s RETURNING *) INSERT INTO %s SELECT * FROM gone',
                   name, condition, nxtgauge_migration.parked_name(entry));
    GET DIAGNOSTICS moved = ROW_COUNT;
    PERFORM nxtgauge_migration.wake_triggers(undo);
    PERFORM set_config('nxtgauge_migration.backfill', '', true);
    RETURN moved;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.park_rows(text, text, text, text) IS
    'Moves the rows that meet the condition out of a table, whole, and returns their number; restore_rows brings them'
    ' back. A step that sets rows aside says returns_with => ''rollback''.';

CREATE FUNCTION nxtgauge_migration.prepare_return(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name     text := nxtgauge_migration.parked_name(entry);
    relation oid  := nxtgauge_migration.table_oid(name);
    found    record;
BEGIN
    -- From now on the parked table is a heap of rows to be carried over; nothing in it may act on their leaving.
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY',
        name);
    FOR found IN SELECT k.conname FROM pg_constraint AS k
                 WHERE k.contype = 'f' AND k.conrelid = relation AND k.conparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', name, found.conname);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.prepare_return(nxtgauge_migration.parked) IS
    'Puts triggers, policies and self-references of a parked table out of action before its rows leave.';

CREATE FUNCTION nxtgauge_migration.move_rows(statement text, rows_at tid[], OUT moved bigint, OUT reason text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    half  integer := cardinality(rows_at) / 2;
    other record;
BEGIN
    BEGIN
        EXECUTE statement USING rows_at;
        GET DIAGNOSTICS moved = ROW_COUNT;
        SET CONSTRAINTS ALL IMMEDIATE;
        RETURN;
    EXCEPTION WHEN integrity_constraint_violation OR raise_exception OR data_exception THEN
        moved := 0;
        reason := SQLERRM;
    END;
    -- Some row is not accepted. Halving finds it; the others go.
    IF half > 0 THEN
        SELECT * INTO moved, reason FROM nxtgauge_migration.move_rows(statement, rows_at[:half]);
        SELECT * INTO other FROM nxtgauge_migration.move_rows(statement, rows_at[half + 1:]);
        moved := moved + other.moved;
        reason := coalesce(reason, other.reason);
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.move_rows(text, tid[]) IS
    'Moves the parked rows that the target accepts, and says why the first of the others stays.';

CREATE FUNCTION nxtgauge_migration.acceptable(from_relation oid, to_relation oid, batch text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- Rows that would meet a taken key or miss their parent are told apart beforehand; what else may be wrong with a
    -- row (a check, an exclusion constraint, a partial unique index) shows when it is moved.
    SELECT coalesce(string_agg(c.condition, ' AND '), 'true')
    FROM (
        SELECT format('NOT EXISTS (SELECT FROM %s AS t WHERE %s)', nxtgauge_migration.table_name(to_relation),
                      string_agg(format('t.%1$I = g.%1$I', a.attname), ' AND '))
        FROM pg_index AS i
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
        JOIN pg_attribute AS a ON a.attrelid = to_relation AND a.attnum = k.attnum
        LEFT JOIN pg_attribute AS o ON o.attrelid = from_relation AND o.attname = a.attname
            AND o.atttypid = a.atttypid AND NOT o.attisdropped
        WHERE i.indrelid = to_relation AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
            AND k.position <= i.indnkeyatts
        GROUP BY i.indexrelid HAVING bool_and(o.attname IS NOT NULL)
        UNION ALL
        SELECT format('(%s OR EXISTS (SELECT FROM %s AS t WHERE %s)%s)',
                      string_agg(format('g.%I IS NULL', a.attname), ' OR '),
                      nxtgauge_migration.table_name(c.confrelid),
                      string_agg(format('t.%I = g.%I', f.attname, a.attname), ' AND '),
                      CASE WHEN c.confrelid = to_relation
                          THEN format(' OR EXISTS (SELECT FROM (%s) AS t WHERE %s)', batch,
                          string_agg(format('t.%I = g.%I', f.attname, a.attname), ' AND ')) ELSE '' END)
        FROM pg_constraint AS c
        CROSS JOIN LATERAL generate_subscripts(c.conkey, 1) AS n (position)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[n.position]
        JOIN pg_attribute AS f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[n.position]
        LEFT JOIN pg_attribute AS o ON o.attrelid = from_relation AND o.attname = a.attname
            AND o.atttypid = a.atttypid AND NOT o.attisdropped
        WHERE c.contype = 'f' AND c.conrelid = to_relation AND c.conparentid = 0
        GROUP BY c.oid, c.confrelid HAVING bool_and(o.attname IS NOT NULL)
    ) AS c (condition)
$$;

COMMENT ON FUNCTION nxtgauge_migration.acceptable(oid, oid, text) IS
    'The condition under which a parked row g can go back: no key of it is taken, and its parents exist, in the '
    'target or in its own batch.';

CREATE FUNCTION nxtgauge_migration.return_batch(
    entry nxtgauge_migration.parked, first_page bigint, pages integer, OUT moved bigint, OUT reason text
)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET random_page_cost = 1.1
    SET jit = off
AS $$
DECLARE
    name    text := nxtgauge_migration.parked_name(entry);
    parked  oid  := nxtgauge_migration.table_oid(name);
    target  oid  := nxtgauge_migration.table_oid(entry.source);
    batch   text;
    carried record;
    undo    text[];
    ready   tid[];
    refused tid[];
    candidates tid[];
BEGIN
    SELECT * INTO carried FROM nxtgauge_migration.common_columns(parked, target);
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);
    undo := nxtgauge_migration.rest_triggers(ARRAY[entry.source]);
    PERFORM set_config('search_path', nxtgauge_migration.writing_path(target), true);
    EXECUTE format('SELECT array_agg(p.ctid) FROM %s AS p WHERE p.ctid >= %L::tid AND p.ctid < %L::tid',
                   name, format('(%s,0)', first_page), format('(%s,0)', first_page + pages)) INTO ready;
    -- A row that stays keeps its children of the same batch from going, and they theirs.
    LOOP
        candidates := ready;
        batch := format('SELECT p.ctid, p.* FROM %s AS p WHERE p.ctid = ANY (%L::tid[])', name, candidates);
        EXECUTE format('SELECT array_agg(g.ctid) FILTER (WHERE g.ok),
                               coalesce(%L::tid[], (array_agg(g.ctid) FILTER (WHERE NOT g.ok))[:1])
                        FROM (SELECT g.ctid, %s AS ok FROM (%s) AS g) AS g',
                       refused, nxtgauge_migration.acceptable(parked, target, batch), batch)
        INTO ready, refused;
        EXIT WHEN ready IS NULL OR cardinality(ready) = cardinality(candidates);
    END LOOP;
    -- One of those that cannot go is tried all the same: its error is the reason to be told.
    SELECT coalesce(sum(m.moved), 0), max(m.reason) INTO moved, reason
    FROM (VALUES (ready), (refused)) AS r (rows_at)
    CROSS JOIN LATERAL nxtgauge_migration.move_rows(format(
        'WITH gone AS (DELETE FROM %s AS p WHERE p.ctid = ANY ($1) RETURNING p.*)
         INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM gone AS g',
        name, entry.source, carried.targets, carried.sources), r.rows_at) AS m
    WHERE r.rows_at IS NOT NULL;
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
    PERFORM nxtgauge_migration.wake_triggers(undo);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.return_batch(nxtgauge_migration.parked, bigint, integer) IS
    'Carries the rows on a few pages of a parked table into the table they came from.';

CREATE FUNCTION nxtgauge_migration.advance_sequences(entry nxtgauge_migration.parked) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    name     text := nxtgauge_migration.parked_name(entry);
    relation oid  := nxtgauge_migration.table_oid(entry.source);
    found    record;
    former   text;
    reached  bigint;
    highest  bigint;
BEGIN
    FOR found IN
        SELECT a.attname, pg_get_serial_sequence(entry.source, a.attname) AS sequence
        FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
    LOOP
        CONTINUE WHEN found.sequence IS NULL;
        former := NULL;
        reached := NULL;
        EXECUTE format('SELECT max(%I) FROM %s', found.attname, entry.source) INTO highest;
        -- A number that the parked table had given out, even to a row since deleted, is not given out again.
        IF EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass(name) AND a.attname = found.attname
            AND NOT a.attisdropped) THEN
            former := pg_get_serial_sequence(name, found.attname);
        END IF;
        IF former IS NOT NULL THEN
            EXECUTE format('SELECT CASE WHEN is_called THEN last_value END FROM %s', former) INTO reached;
        END IF;
        reached := greatest(highest, reached);
        EXECUTE format('SELECT setval(%L, %s) FROM %s WHERE last_value < %s OR (last_value = %s AND NOT is_called)',
                       found.sequence, coalesce(reached::text, 'NULL'), found.sequence,
                       coalesce(reached::text, 'NULL'), coalesce(reached::text, 'NULL'));
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.advance_sequences(nxtgauge_migration.parked) IS
    'Lets the sequences of a table go on behind the highest number that came back.';

CREATE FUNCTION nxtgauge_migration.end_return(entry nxtgauge_migration.parked, reason text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name text := nxtgauge_migration.parked_name(entry);
    left_over bigint;
BEGIN
    PERFORM nxtgauge_migration.advance_sequences(entry);
    EXECUTE format('SELECT count(*) FROM %s', name) INTO left_over;
    IF left_over > 0 THEN
        UPDATE nxtgauge_migration.parked AS p SET state = 'refilled' WHERE p.id = entry.id;
        RAISE NOTICE '% rows of % stay parked in %: %', left_over, entry.source, name, reason;
        RETURN;
    END IF;
    EXECUTE format('DROP TABLE %s', name);
    PERFORM nxtgauge_migration.close_holder(entry);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.end_return(nxtgauge_migration.parked, text) IS
    'Drops a parked table that has become empty, or says how many rows stay and why.';

CREATE PROCEDURE nxtgauge_migration.return_rows(entry nxtgauge_migration.parked)
    LANGUAGE plpgsql
AS $$
DECLARE
    name     text := nxtgauge_migration.parked_name(entry);
    pages    integer := 8;
    page     bigint;
    last     bigint;
    done     bigint := 0;
    total    bigint;
    in_pass  bigint;
    reason   text;
    batch    record;
    began    timestamptz;
    reported timestamptz := pg_catalog.clock_timestamp();
BEGIN
    PERFORM nxtgauge_migration.prepare_return(entry);
    EXECUTE pg_catalog.format('SELECT count(*) FROM %s', name) INTO total;
    COMMIT;
    -- Again while it helps: a row may wait for another one of the same table.
    LOOP
        in_pass := 0;
        page := 0;
        last := pg_catalog.pg_relation_size(name::regclass) / pg_catalog.current_setting('block_size')::integer;
        reason := NULL;
        WHILE page < last LOOP
            began := pg_catalog.clock_timestamp();
            SELECT * INTO batch FROM nxtgauge_migration.return_batch(entry, page, pages);
            COMMIT;
            page := page + pages;
            in_pass := in_pass + batch.moved;
            reason := coalesce(reason, batch.reason);
            pages := CASE WHEN pg_catalog.clock_timestamp() - began > interval '50 ms' THEN greatest(pages / 2, 1)
                          WHEN pg_catalog.clock_timestamp() - began < interval '20 ms' THEN least(pages * 2, 64)
                              ELSE pages END;
            IF pg_catalog.clock_timestamp() - reported >= interval '1 second' THEN
                RAISE NOTICE 'backfill return of %: % of % rows', entry.source, done + in_pass, total;
                reported := pg_catalog.clock_timestamp();
            END IF;
        END LOOP;
        done := done + in_pass;
        EXIT WHEN in_pass = 0 OR reason IS NULL;
    END LOOP;
    PERFORM nxtgauge_migration.end_return(entry, reason);
    COMMIT;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.return_rows(nxtgauge_migration.parked) IS
    'Carries the rows of one parking back, page by page, each batch committed.';

CREATE PROCEDURE nxtgauge_migration.restore_rows(step text, target text)
    LANGUAGE plpgsql
AS $$
DECLARE
    entry nxtgauge_migration.parked;
BEGIN
    PERFORM nxtgauge_migration.refuse_purged(step);
    -- The newest first: of two rows with the same key it is the one that counts.
    FOR entry IN
        SELECT p.* FROM nxtgauge_migration.parked AS p
        WHERE p.step = restore_rows.step AND p.kind IN ('table', 'rows')
          AND p.source = nxtgauge_migration.canonical_name(target)
        ORDER BY p.id DESC
    LOOP
        CALL nxtgauge_migration.return_rows(entry);
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.restore_rows(text, text) IS
    'Carries rows that a step''s rollback parked into the table that the step has made anew. Rows it does not accept '
    'any more stay parked and are counted in a NOTICE; does nothing if nothing is parked.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;
