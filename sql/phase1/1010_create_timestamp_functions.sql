-- Create what keeps created_at and updated_at true: the shared triggers' functions and the helpers of the next steps.
--
-- kind: expand
-- depends: 1004_create_column_parking
-- locks: none

-- The shared triggers. Three demands meet in them:
--   · a backend that writes NULL, or knows nothing of the columns, goes on working: the gap is filled;
--   · a change moves updated_at, unless the statement itself says which time it wants;
--   · a backfill is no change: while nxtgauge_migration.backfill is 'on', an update keeps what its statement says.
-- They touch a column only where it is wanted, so a legacy trigger that does the same may fire before or after.

CREATE FUNCTION public.keep_timestamps() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_changed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.created_at := coalesce(NEW.created_at, now());
        NEW.updated_at := coalesce(NEW.updated_at, now());
        RETURN NEW;
    END IF;

    IF current_setting('nxtgauge_migration.backfill', true) = 'on' THEN
        RETURN NEW;
    END IF;

    -- A row that still waits for its true created_at keeps waiting: this update doesn't know it.
    NEW.created_at := coalesce(NEW.created_at, OLD.created_at);

    IF NEW.updated_at IS DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := coalesce(NEW.updated_at, now());
        RETURN NEW;
    END IF;

    -- Row images are compared, since some types (json, point) know no equality. Generated columns are computed only
    -- after this trigger; a table that has some names them as arguments, and they are left out.
    IF TG_NARGS = 0 THEN
        is_changed := NEW OPERATOR(pg_catalog.*<>) OLD;
    ELSE
        is_changed := to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV;
    END IF;
    IF is_changed THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.keep_timestamps() IS
    'nxtgauge-migrate: fills created_at and updated_at, and moves updated_at when a row changes.';

CREATE FUNCTION public.keep_created_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.created_at := coalesce(NEW.created_at, now());
    ELSIF current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on' THEN
        NEW.created_at := coalesce(NEW.created_at, OLD.created_at);
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION public.keep_created_at() IS
    'nxtgauge-migrate: fills created_at on append-only logs, which need no updated_at.';

-- The memory of 1012 and 1013. Their rollbacks empty it, so it leaves with this step.

CREATE TABLE nxtgauge_migration.filled_timestamp (
    source     text        NOT NULL,
    row_key    text        NOT NULL,
    created_at timestamptz,
    updated_at timestamptz,
    CONSTRAINT filled_timestamp_pkey PRIMARY KEY (source, row_key)
);

COMMENT ON TABLE  nxtgauge_migration.filled_timestamp IS
    'Rows whose legacy column held NULL, with the time that was filled in; a rollback restores the NULL.';
COMMENT ON COLUMN nxtgauge_migration.filled_timestamp.row_key IS
    'The row''s key as text; a key of several columns as the text of a record.';
COMMENT ON COLUMN nxtgauge_migration.filled_timestamp.created_at IS
    'What was filled in; NULL: this column was not filled, or is the kit''s own.';
COMMENT ON COLUMN nxtgauge_migration.filled_timestamp.updated_at IS
    'What was filled in; NULL: this column was not filled, or is the kit''s own.';

CREATE TABLE nxtgauge_migration.enforced_timestamp (
    source      text NOT NULL,
    column_name text NOT NULL,
    CONSTRAINT enforced_timestamp_pkey PRIMARY KEY (source, column_name)
);

COMMENT ON TABLE nxtgauge_migration.enforced_timestamp IS
    'Columns that this phase made NOT NULL; its rollback lets these be NULL again, and no others.';

-- Which columns of which table.

CREATE FUNCTION nxtgauge_migration.kept_timestamps(source text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN bool_or(f.proname = 'keep_timestamps') THEN ARRAY['created_at', 'updated_at']
                WHEN bool_or(f.proname = 'keep_created_at') THEN ARRAY['created_at']
                ELSE '{}' END
    FROM pg_trigger AS t
    JOIN pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = nxtgauge_migration.table_oid(source) AND NOT t.tgisinternal
      AND f.pronamespace = 'public'::regnamespace
$$;

COMMENT ON FUNCTION nxtgauge_migration.kept_timestamps(text) IS
    'The timestamps that the shared triggers keep on a table; none before 1011 has come to it.';

CREATE FUNCTION nxtgauge_migration.row_key(key_columns text[], prefix text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE count(*) WHEN 1 THEN '(%s)::text' ELSE 'ROW(%s)::text' END,
                  string_agg(prefix || quote_ident(k.name), ', ' ORDER BY k.position))
    FROM unnest(key_columns) WITH ORDINALITY AS k (name, position)
$$;

COMMENT ON FUNCTION nxtgauge_migration.row_key(text[], text) IS
    'The expression that turns a row''s key into the text kept in filled_timestamp.';

-- Helpers of 1011: columns and triggers.

CREATE FUNCTION nxtgauge_migration.add_timestamps(source text, append_only boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name        text   := nxtgauge_migration.canonical_name(source);
    relation    oid    := nxtgauge_migration.table_oid(source);
    wanted      text[] := CASE WHEN append_only THEN '{created_at}' ELSE '{created_at,updated_at}' END;
    keep        text   := CASE WHEN append_only THEN 'keep_created_at' ELSE 'keep_timestamps' END;
    column_name text;
    generated   text;
BEGIN
    FOREACH column_name IN ARRAY wanted LOOP
        IF nxtgauge_migration.add_column('1011_add_timestamp_columns', source, column_name, 'timestamptz') THEN
            -- The default comes after the column, so that rows which exist keep NULL until their true time is found.
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT now()', name, column_name);
            EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', name, column_name,
                CASE column_name WHEN 'created_at' THEN 'When the row came into being.'
                                 ELSE 'When the row was last changed.' END);
        END IF;
    END LOOP;

    SELECT string_agg(quote_literal(a.attname), ', ' ORDER BY a.attnum)
    INTO generated
    FROM pg_attribute AS a
    WHERE a.attrelid = relation AND a.attgenerated <> '' AND NOT a.attisdropped AND NOT append_only;

    EXECUTE format('CREATE TRIGGER %1$I BEFORE INSERT OR UPDATE ON %2$s FOR EACH ROW EXECUTE FUNCTION public.%1$I(%3$s)',
                   keep, name, generated);
    EXECUTE format('COMMENT ON TRIGGER %I ON %s IS %L', keep, name,
                   'nxtgauge-migrate: keeps ' || array_to_string(wanted, ' and ') || '.');
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.add_timestamps(text, boolean) IS
    'Gives a table the timestamps it lacks and the shared trigger; an append-only log gets created_at alone.';

CREATE FUNCTION nxtgauge_migration.remove_timestamps(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name  text   := nxtgauge_migration.canonical_name(source);
    kept  text[] := nxtgauge_migration.kept_timestamps(source);
BEGIN
    EXECUTE format('DROP TRIGGER %I ON %s',
                   CASE cardinality(kept) WHEN 1 THEN 'keep_created_at' ELSE 'keep_timestamps' END, name);
    PERFORM nxtgauge_migration.finish_parking_columns('1011_add_timestamp_columns', source, follow => false);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.remove_timestamps(text) IS
    'Takes the shared trigger and the kit''s own columns off a table; their values are parked.';

-- Helpers of 1012: the true time of rows that are older than the columns.

CREATE FUNCTION nxtgauge_migration.own_times(source text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- Columns that say when something happened to the row: times, named …_at, that the kit did not add. What a name
    -- shows to be a plan (expires_at, starts_at) or a fact of life (hired_at) says nothing about the row.
    SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}')
    FROM pg_attribute AS a
    WHERE a.attrelid = nxtgauge_migration.table_oid(source) AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype)
      AND a.attname LIKE '%\_at'
      AND a.attname !~ ('(^|_)(expires?|expiry|valid|due|starts?|ends?|begins?|scheduled|planned|deadline|next|retry'
                        '|locked|available|needed|remind|joined|left|hired|born|renews?)_')
      AND a.attname <> ALL (nxtgauge_migration.added_columns('1011_add_timestamp_columns', source))
$$;

COMMENT ON FUNCTION nxtgauge_migration.own_times(text) IS
    'Legacy columns that tell when something happened to a row.';

CREATE FUNCTION nxtgauge_migration.reference_match(child_type oid, child text, parent_type oid, parent text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- A reference may be kept as text. What is no uuid matches nothing, instead of failing.
    SELECT CASE
        WHEN child_type = parent_type THEN format('%s = %s', parent, child)
        WHEN parent_type = 'uuid'::regtype THEN
            format('%s = CASE WHEN %s::text ~* ''^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'' THEN %s::text::uuid END',
                   parent, child, child)
        ELSE format('%s::text = %s::text', parent, child)
    END
$$;

COMMENT ON FUNCTION nxtgauge_migration.reference_match(oid, text, oid, text) IS
    'The condition that joins a reference, uuid or text, to the id it means, so that an index on the id serves.';

CREATE FUNCTION nxtgauge_migration.past_time(expression text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    -- Sentinels (infinity, the epoch) and times to come are nobody's past.
    SELECT format('CASE WHEN %1$s > ''1970-01-02'' AND %1$s <= now() THEN %1$s::timestamptz END', expression)
$$;

COMMENT ON FUNCTION nxtgauge_migration.past_time(text) IS 'The expression that keeps a time if it can be a true past one.';

CREATE FUNCTION nxtgauge_migration.earliest_time(source text) RETURNS timestamptz
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    own_time text;
    found    timestamptz;
    earliest timestamptz;
BEGIN
    FOREACH own_time IN ARRAY nxtgauge_migration.own_times(source) LOOP
        EXECUTE format('SELECT min(%s) FROM %s AS t',
                       nxtgauge_migration.past_time(format('t.%I', own_time)), nxtgauge_migration.canonical_name(source))
        INTO found;
        earliest := least(earliest, found);
    END LOOP;
    IF earliest IS NULL THEN
        SELECT min(u.created_at) INTO earliest FROM public.users AS u WHERE u.created_at > '1970-01-02';
    END IF;
    RETURN earliest;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.earliest_time(text) IS
    'The earliest time that the table knows, else the time of the first user: the last resort before "now".';

CREATE FUNCTION nxtgauge_migration.fill_statement(source text, born text[], parents text[], children text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    name     text   := nxtgauge_migration.canonical_name(source);
    relation oid    := nxtgauge_migration.table_oid(source);
    keys     text[] := nxtgauge_migration.key_columns(relation);
    kept     text[] := nxtgauge_migration.kept_timestamps(source);
    added    text[] := nxtgauge_migration.added_columns('1011_add_timestamp_columns', source);
    has_updated_at boolean := 'updated_at' = ANY (kept);
    known    text;
    own      text[] := '{}';
    above    text[] := '{}';
    below    text[] := '{}';
    joins    text   := '';
    guesses  text[];
    entry    text[];
    item     text;
    pair    record;
BEGIN
    -- What the row itself says: when it came into being, and all that happened to it later.
    SELECT string_agg(format('(%s)', nxtgauge_migration.past_time(format('t.%I', o.name))), ', ')
    INTO known
    FROM unnest(nxtgauge_migration.own_times(source)) AS o (name);

    -- What it hangs on: it cannot be older than its parent.
    FOREACH item IN ARRAY parents LOOP
        entry := regexp_match(item, '^(\w+) -> (\w+\.\w+)$');
        SELECT c.atttypid AS child_type, p.atttypid AS parent_type INTO pair
        FROM pg_attribute AS c, pg_attribute AS p
        WHERE c.attrelid = relation AND c.attname = entry[1] AND NOT c.attisdropped
          AND p.attrelid = to_regclass(entry[2]) AND p.attname = 'id' AND NOT p.attisdropped;
        CONTINUE WHEN NOT FOUND;
        above := above || format('p%s.created_at::timestamptz', cardinality(above));
        joins := joins || format(E'\n    LEFT JOIN %s AS p%s ON %s', entry[2], cardinality(above) - 1,
            nxtgauge_migration.reference_match(pair.child_type, format('t.%I', entry[1]),
                                               pair.parent_type, format('p%s.id', cardinality(above) - 1)));
    END LOOP;

    -- A date is a fact of life (hired on …), true of the row from its parent on.
    FOR pair IN
        SELECT format('t.%I', a.attname) AS expression, a.atttypid = 'date'::regtype AS is_date
        FROM unnest(born) WITH ORDINALITY AS b (name, position)
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = b.name AND NOT a.attisdropped
        WHERE a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
        ORDER BY b.position
    LOOP
        item := nxtgauge_migration.past_time(pair.expression);
        own := own || CASE WHEN pair.is_date AND cardinality(above) > 0
                           THEN format('CASE WHEN %s IS NOT NULL THEN greatest(%s, %s) END',
                                       item, item, array_to_string(above, ', '))
                           ELSE item END;
    END LOOP;

    -- What hangs on it: it cannot be younger than its first child.
    FOREACH item IN ARRAY children LOOP
        entry := regexp_match(item, '^(\w+\.\w+)\.(\w+)$');
        SELECT c.atttypid AS child_type, p.atttypid AS parent_type INTO pair
        FROM pg_attribute AS c, pg_attribute AS p
        WHERE c.attrelid = to_regclass(entry[1]) AND c.attname = entry[2] AND NOT c.attisdropped
          AND p.attrelid = relation AND p.attname = 'id' AND NOT p.attisdropped;
        CONTINUE WHEN NOT FOUND;
        below := below || format('(SELECT min(c.created_at)::timestamptz FROM %s AS c WHERE %s)', entry[1],
            nxtgauge_migration.reference_match(pair.child_type, format('c.%I', entry[2]), pair.parent_type, 't.id'));
    END LOOP;

    guesses := own || above || below || ARRAY[
        'own.earliest', format('%L::timestamptz', nxtgauge_migration.earliest_time(source)), 'now()'];
    RETURN format($sql$
WITH due AS MATERIALIZED (
    SELECT %1$s,
           %2$s AS row_key,
           t.created_at IS NULL AS lacks_created_at,
           %3$s AS lacks_updated_at,
           coalesce(t.created_at::timestamptz, least(%4$s, own.earliest)) AS created_at,
           own.latest
    FROM pg_temp.nxtgauge_batch AS b
    JOIN %5$s AS t ON %6$s
    CROSS JOIN LATERAL (SELECT min(k.known), max(k.known) FROM (VALUES %7$s) AS k (known)) AS own (earliest, latest)%8$s
    WHERE t.created_at IS NULL OR %3$s
), remembered AS (
    INSERT INTO nxtgauge_migration.filled_timestamp (source, row_key, created_at, updated_at)
    SELECT %9$L, d.row_key,
           CASE WHEN d.lacks_created_at AND %10$L THEN d.created_at END,
           CASE WHEN d.lacks_updated_at AND %11$L THEN greatest(d.created_at, d.latest) END
    FROM due AS d
    WHERE (d.lacks_created_at AND %10$L) OR (d.lacks_updated_at AND %11$L)
    ON CONFLICT ON CONSTRAINT filled_timestamp_pkey DO UPDATE
    SET created_at = coalesce(excluded.created_at, filled_timestamp.created_at),
        updated_at = coalesce(excluded.updated_at, filled_timestamp.updated_at)
)
UPDATE %5$s AS t
SET %12$s
FROM due AS d
WHERE %13$s$sql$,
        nxtgauge_migration.column_list(keys, 't.'),
        nxtgauge_migration.row_key(keys, 't.'),
        CASE WHEN has_updated_at THEN 't.updated_at IS NULL' ELSE 'false' END,
        format('coalesce(%s)', array_to_string(guesses, ', ')),
        name,
        nxtgauge_migration.column_match(keys, 't.', 'b.'),
        coalesce(known, '(NULL::timestamptz)'),
        joins,
        name,
        'created_at' <> ALL (added),
        'updated_at' <> ALL (added),
        'created_at = coalesce(t.created_at, d.created_at)'
            || CASE WHEN has_updated_at
                    THEN E',\n    updated_at = coalesce(t.updated_at, greatest(d.created_at, d.latest))' ELSE '' END,
        nxtgauge_migration.column_match(keys, 't.', 'd.'));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.fill_statement(text, text[], text[], text[]) IS
    'The statement that fills the timestamps of one batch: from the row''s own times, its parent, its first child, or the earliest time.';

CREATE PROCEDURE nxtgauge_migration.fill_timestamps(
    source text, born text[] DEFAULT '{}', parents text[] DEFAULT '{}', children text[] DEFAULT '{}'
)
    LANGUAGE plpgsql
AS $$
DECLARE
    column_name text;
    is_due      boolean := false;
BEGIN
    -- Rows without NULL need no pass through the whole table.
    FOREACH column_name IN ARRAY nxtgauge_migration.kept_timestamps(source) LOOP
        EXECUTE pg_catalog.format('SELECT %L OR EXISTS (SELECT FROM %s WHERE %I IS NULL)', is_due,
                                  nxtgauge_migration.canonical_name(source), column_name)
        INTO is_due;
    END LOOP;
    IF is_due THEN
        CALL nxtgauge_migration.run_batches(
            '1012_backfill_timestamps of ' || nxtgauge_migration.canonical_name(source), source,
            nxtgauge_migration.fill_statement(source, born, parents, children));
    END IF;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.fill_timestamps(text, text[], text[], text[]) IS
    'Fills the timestamps of old rows. born: own columns with the time of birth; parents: "column -> table"; children: "table.column".';

CREATE FUNCTION nxtgauge_migration.empty_statement(source text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name text   := nxtgauge_migration.canonical_name(source);
    keys text[] := nxtgauge_migration.key_columns(nxtgauge_migration.table_oid(source));
BEGIN
    RETURN format($sql$
UPDATE %1$s AS t
SET %2$s
FROM pg_temp.nxtgauge_batch AS b
JOIN nxtgauge_migration.filled_timestamp AS f ON f.source = %3$L AND f.row_key = %4$s
WHERE %5$s$sql$,
        name,
        (SELECT string_agg(format('%1$I = CASE WHEN t.%1$I = f.%1$I THEN NULL ELSE t.%1$I END', k.name), ', ')
         FROM unnest(nxtgauge_migration.kept_timestamps(source)) AS k (name)),
        name,
        nxtgauge_migration.row_key(keys, 'b.'),
        nxtgauge_migration.column_match(keys, 't.', 'b.'));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.empty_statement(text) IS
    'The statement that restores NULL in one batch of rows, where the filled time still stands.';

CREATE PROCEDURE nxtgauge_migration.empty_timestamps(source text)
    LANGUAGE plpgsql
AS $$
DECLARE
    name text := nxtgauge_migration.canonical_name(source);
    job  text := '1012_backfill_timestamps undone of ' || nxtgauge_migration.canonical_name(source);
BEGIN
    IF EXISTS (SELECT FROM nxtgauge_migration.filled_timestamp AS f WHERE f.source = name) THEN
        CALL nxtgauge_migration.run_batches(job, source, nxtgauge_migration.empty_statement(source));
        DELETE FROM nxtgauge_migration.filled_timestamp AS f WHERE f.source = name;
    END IF;
    PERFORM nxtgauge_migration.reset_batches(job);
    PERFORM nxtgauge_migration.reset_batches('1012_backfill_timestamps of ' || name);
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.empty_timestamps(text) IS
    'Restores NULL in legacy columns where the filled time still stands, and forgets the backfill of the table.';

-- Helpers of 1013: NOT NULL without reading the table under a strong lock.

CREATE FUNCTION nxtgauge_migration.check_timestamps(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT k.name, c.relname || '_' || k.name || '_present_check' AS constraint_name
        FROM unnest(nxtgauge_migration.kept_timestamps(source)) AS k (name)
        JOIN pg_attribute AS a ON a.attrelid = nxtgauge_migration.table_oid(source) AND a.attname = k.name
        JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE NOT a.attnotnull
    LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID',
                       nxtgauge_migration.canonical_name(source), found.constraint_name, found.name);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.check_timestamps(text) IS
    'Adds, unvalidated, the checks that a later SET NOT NULL relies on instead of reading the table.';

CREATE FUNCTION nxtgauge_migration.present_checks(source text) RETURNS TABLE (column_name text, constraint_name text, is_valid boolean)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT k.name, o.conname::text, o.convalidated
    FROM pg_constraint AS o
    JOIN pg_class AS c ON c.oid = o.conrelid
    CROSS JOIN unnest('{created_at,updated_at}'::text[]) AS k (name)
    WHERE o.conrelid = nxtgauge_migration.table_oid(source) AND o.contype = 'c'
      AND o.conname = c.relname || '_' || k.name || '_present_check'
$$;

COMMENT ON FUNCTION nxtgauge_migration.present_checks(text) IS 'The checks of 1013 that stand on a table just now.';

CREATE FUNCTION nxtgauge_migration.validate_timestamps(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT * FROM nxtgauge_migration.present_checks(source) AS p WHERE NOT p.is_valid LOOP
        EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I',
                       nxtgauge_migration.canonical_name(source), found.constraint_name);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.validate_timestamps(text) IS
    'Validates the checks of 1013: reads the table under a lock that stops neither readers nor writers.';

CREATE FUNCTION nxtgauge_migration.enforce_timestamps(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name  text := nxtgauge_migration.canonical_name(source);
    found record;
BEGIN
    FOR found IN SELECT * FROM nxtgauge_migration.present_checks(source) AS p WHERE p.is_valid LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', name, found.column_name);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', name, found.constraint_name);
        INSERT INTO nxtgauge_migration.enforced_timestamp (source, column_name) VALUES (name, found.column_name);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.enforce_timestamps(text) IS
    'Turns the validated checks into NOT NULL and remembers which columns were not so before.';

CREATE FUNCTION nxtgauge_migration.relax_timestamps(source text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name  text := nxtgauge_migration.canonical_name(source);
    found record;
BEGIN
    FOR found IN
        DELETE FROM nxtgauge_migration.enforced_timestamp AS e WHERE e.source = name RETURNING e.column_name
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', name, found.column_name);
    END LOOP;
    -- What an interrupted run left.
    FOR found IN SELECT * FROM nxtgauge_migration.present_checks(source) LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', name, found.constraint_name);
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.relax_timestamps(text) IS
    'Lets the columns be NULL again that 1013 made NOT NULL.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;
