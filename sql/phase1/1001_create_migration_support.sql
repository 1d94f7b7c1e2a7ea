-- Create the memory of the migration: what is parked, what the kit added, and the small helpers every later step uses.
--
-- kind: expand
-- locks: none

-- The tables are memory: they outlive the rollback of this step, because what a rollback parks must come back when the
-- phases are applied again. That is why they, alone in this kit, are created IF NOT EXISTS.

CREATE SCHEMA IF NOT EXISTS nxtgauge_migration;

CREATE TABLE IF NOT EXISTS nxtgauge_migration.parked (
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    step         text        NOT NULL,
    source       text        NOT NULL,
    kind         text        NOT NULL,
    state        text        NOT NULL,
    returns_with text        NOT NULL DEFAULT 'apply',
    column_names text[]      NOT NULL DEFAULT '{}',
    key_columns  text[]      NOT NULL DEFAULT '{}',
    is_sparse    boolean     NOT NULL DEFAULT false,
    discarded    bigint      NOT NULL DEFAULT 0,
    parked_at    timestamptz NOT NULL DEFAULT now(),
    holder       text        NOT NULL GENERATED ALWAYS AS ('nxtgauge_migration_p' || id::text) STORED,
    CONSTRAINT parked_pkey PRIMARY KEY (id),
    CONSTRAINT parked_kind_check CHECK (kind IN ('table', 'rows', 'columns')),
    CONSTRAINT parked_state_check CHECK (state IN ('prepared', 'capturing', 'parked', 'restoring', 'refilled')),
    CONSTRAINT parked_returns_with_check CHECK (returns_with IN ('apply', 'rollback'))
);

COMMENT ON TABLE nxtgauge_migration.parked IS
    'One row per parked table, set of rows or set of columns; the values lie in the schema named by holder.';
COMMENT ON COLUMN nxtgauge_migration.parked.step IS 'The step that parked it, and whose way back restores it.';
COMMENT ON COLUMN nxtgauge_migration.parked.source IS 'Quoted name, with schema, of the table it was taken from.';
COMMENT ON COLUMN nxtgauge_migration.parked.state IS
    'prepared: columns will be captured soon; capturing: columns still in use are being copied; parked: at rest; '
    'restoring: columns are back but not yet filled; refilled: filled, but not all of their definitions are back. '
    'Of rows, refilled: what was accepted has come back, these are left.';
COMMENT ON COLUMN nxtgauge_migration.parked.returns_with IS
    'rollback: a step took it from the legacy schema, and its rollback needs it; apply: a rollback took it from the new '
    'schema, and the next apply brings it back.';
COMMENT ON COLUMN nxtgauge_migration.parked.key_columns IS
    'The key by which parked column values find their rows again.';
COMMENT ON COLUMN nxtgauge_migration.parked.is_sparse IS 'Rows that held only the default were not copied.';
COMMENT ON COLUMN nxtgauge_migration.parked.discarded IS
    'Parked values given up on the way back, because their rows had been deleted meanwhile.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration.parked_definition (
    parked_id bigint NOT NULL,
    position  bigint GENERATED ALWAYS AS IDENTITY,
    stage     text   NOT NULL,
    object    text   NOT NULL,
    statement text   NOT NULL,
    run_as    text,
    CONSTRAINT parked_definition_pkey PRIMARY KEY (parked_id, position),
    CONSTRAINT parked_definition_parked_id_fkey FOREIGN KEY (parked_id)
        REFERENCES nxtgauge_migration.parked (id) ON DELETE CASCADE
);

COMMENT ON TABLE nxtgauge_migration.parked_definition IS
    'The statements that bring back everything that hung on a parked table or column, in the order of stage and '
    'position.';
COMMENT ON COLUMN nxtgauge_migration.parked_definition.object IS 'What the statement restores, for messages.';
COMMENT ON COLUMN nxtgauge_migration.parked_definition.run_as IS
    'The role that granted a privilege; the grant is repeated in its name.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration.added_column (
    source      text        NOT NULL,
    column_name text        NOT NULL,
    step        text        NOT NULL,
    added_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT added_column_pkey PRIMARY KEY (source, column_name)
);

COMMENT ON TABLE nxtgauge_migration.added_column IS
    'Columns that the kit added to tables it found; a rollback takes these away and leaves adopted ones alone.';

CREATE TABLE IF NOT EXISTS nxtgauge_migration.purge (
    id            bigint      GENERATED ALWAYS AS IDENTITY,
    step          text        NOT NULL,
    source        text        NOT NULL,
    kind          text        NOT NULL,
    column_names  text[]      NOT NULL,
    parked_at     timestamptz NOT NULL,
    row_count     bigint      NOT NULL,
    byte_count    bigint      NOT NULL,
    ends_rollback boolean     NOT NULL,
    purged_by     text        NOT NULL DEFAULT session_user,
    purged_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT purge_pkey PRIMARY KEY (id)
);

COMMENT ON TABLE nxtgauge_migration.purge IS
    'Parked data that was deleted for good: what, how much, when and by whom. Nothing brings it back.';
COMMENT ON COLUMN nxtgauge_migration.purge.ends_rollback IS
    'The step cannot be rolled back any more, because its rollback would have needed the data.';

-- Names. What reads a definition runs under a pinned search_path, so that PostgreSQL spells out every schema.

CREATE FUNCTION nxtgauge_migration.canonical_name(source text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[] := parse_ident(source);
BEGIN
    IF cardinality(parts) <> 2 THEN
        RAISE EXCEPTION '"%" does not name a table with its schema', source
            USING ERRCODE = 'invalid_name', HINT = 'Write it as schema.table, for example public.users.';
    END IF;
    RETURN format('%I.%I', parts[1], parts[2]);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.canonical_name(text) IS
    'The one spelling of a table''s name under which the memory files it, whether the table exists or not.';

CREATE FUNCTION nxtgauge_migration.table_name(relation oid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = relation
$$;

COMMENT ON FUNCTION nxtgauge_migration.table_name(oid) IS 'Quoted name of a relation, always with its schema.';

CREATE FUNCTION nxtgauge_migration.table_oid(source text) RETURNS oid
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name  text := nxtgauge_migration.canonical_name(source);
    found_oid oid := to_regclass(name);
    found_kind "char";
BEGIN
    SELECT c.relkind INTO found_kind FROM pg_class AS c WHERE c.oid = found_oid;
    IF found_oid IS NULL THEN
        RAISE EXCEPTION 'table % does not exist', name
            USING ERRCODE = 'undefined_table',
                HINT = 'Run the preflight of this phase: it names what the audited database has and this one lacks.';
    ELSIF found_kind NOT IN ('r', 'p') THEN
        RAISE EXCEPTION '% is not a table', name
            USING ERRCODE = 'wrong_object_type',
                HINT = 'The kit moves and changes tables only; give the table behind it.';
    END IF;
    RETURN found_oid;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.table_oid(text) IS 'The table of that name, or an error that names it.';

CREATE FUNCTION nxtgauge_migration.column_list(column_names text[], prefix text DEFAULT '') RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(prefix || quote_ident(c.name), ', ' ORDER BY c.position)
    FROM unnest(column_names) WITH ORDINALITY AS c (name, position)
$$;

COMMENT ON FUNCTION nxtgauge_migration.column_list(text[], text) IS
    'Column names quoted and joined by commas, each behind the prefix (for example "t.").';

CREATE FUNCTION nxtgauge_migration.column_match(column_names text[], left_prefix text, right_prefix text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s%I = %s%I', left_prefix, c.name, right_prefix, c.name), ' AND ' ORDER BY c.position)
    FROM unnest(column_names) WITH ORDINALITY AS c (name, position)
$$;

COMMENT ON FUNCTION nxtgauge_migration.column_match(text[], text, text) IS
    'A join condition that compares the columns of two row sources pairwise.';

CREATE FUNCTION nxtgauge_migration.key_columns(relation oid) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key text[];
BEGIN
    -- The primary key, else the first unique index that identifies every row: no NULL, no condition, no expression.
    SELECT (SELECT array_agg(a.attname::text ORDER BY k.position)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
            JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = k.attnum
            WHERE k.position <= i.indnkeyatts)
    INTO key
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = relation AND i.indisunique AND i.indimmediate AND i.indisvalid
      AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (
          SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
          JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = k.attnum
          WHERE k.position <= i.indnkeyatts AND NOT a.attnotnull)
    ORDER BY i.indisprimary DESC, c.relname
    LIMIT 1;
    IF key IS NULL THEN
        RAISE EXCEPTION 'table % has no primary key', nxtgauge_migration.table_name(relation)
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Rows cannot be found again without one. Add a primary key, or a unique index on NOT NULL columns.';
    END IF;
    RETURN key;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.key_columns(oid) IS
    'The columns that identify a row: the primary key, else a unique index on NOT NULL columns; an error that names '
    'the table if there is neither.';

CREATE FUNCTION nxtgauge_migration.assert_all_rows_visible(relation oid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF row_security_active(relation) THEN
        RAISE EXCEPTION 'row-level security hides rows of % from role %', nxtgauge_migration.table_name(relation),
            current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Run the kit as a role with BYPASSRLS, or as the owner of a table without FORCE ROW LEVEL SECURITY.';
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.assert_all_rows_visible(oid) IS
    'Refuses to move rows that the current role may see only in part.';

CREATE FUNCTION nxtgauge_migration.close_routines(VARIADIC routines regprocedure[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT DISTINCT f.oid::regprocedure AS routine,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_proc AS f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
        WHERE f.oid = ANY (routines) AND a.grantee <> f.proowner
    LOOP
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM %s', item.routine, item.grantee);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.close_routines(regprocedure[]) IS
    'Leaves routines that act for their owner to the owner alone, whatever default privileges have given away.';

CREATE FUNCTION nxtgauge_migration.close_acting_routines() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    item regprocedure;
BEGIN
    FOR item IN
        SELECT f.oid FROM pg_proc AS f
        WHERE f.pronamespace = 'nxtgauge_migration'::regnamespace AND (f.provolatile = 'v' OR f.prosecdef)
    LOOP
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', item);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.close_acting_routines() IS
    'Closes to PUBLIC whatever may change something. What only computes stays open, for verification by whoever may look.';

-- Columns added to tables of unknown shape.

CREATE FUNCTION nxtgauge_migration.add_column(step text, source text, column_name text, definition text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid  := nxtgauge_migration.table_oid(source);
    name     text := nxtgauge_migration.table_name(relation);
BEGIN
    IF EXISTS (SELECT FROM pg_attribute AS a
               WHERE a.attrelid = relation AND a.attname = add_column.column_name AND a.attnum > 0
                   AND NOT a.attisdropped) THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', name, add_column.column_name, definition);
    INSERT INTO nxtgauge_migration.added_column (source, column_name, step)
    VALUES (name, add_column.column_name, add_column.step)
    ON CONFLICT ON CONSTRAINT added_column_pkey DO UPDATE SET step = excluded.step, added_at = now();
    RETURN true;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_column(text, text, text, text) IS
    'Adds a column and remembers it; false if the table already has one of that name, which is then adopted as it is.';

CREATE FUNCTION nxtgauge_migration.added_columns(step text, source text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(m.column_name ORDER BY a.attnum), '{}')
    FROM nxtgauge_migration.added_column AS m
    JOIN pg_attribute AS a ON a.attrelid = nxtgauge_migration.table_oid(added_columns.source)
                          AND a.attname = m.column_name AND NOT a.attisdropped
    WHERE m.step = added_columns.step AND m.source = nxtgauge_migration.canonical_name(added_columns.source)
$$;

COMMENT ON FUNCTION nxtgauge_migration.added_columns(text, text) IS
    'The columns that this step added to the table and that are still there.';

CREATE FUNCTION nxtgauge_migration.forget_added_columns(source text, column_names text[]) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM nxtgauge_migration.added_column AS m
    WHERE m.source = nxtgauge_migration.canonical_name(forget_added_columns.source)
      AND m.column_name = ANY (forget_added_columns.column_names)
$$;

COMMENT ON FUNCTION nxtgauge_migration.forget_added_columns(text, text[]) IS
    'Strikes columns from the list of those the kit added, when they leave.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;
