-- Create the procedure that carries a backfill through a big table in short, resumable batches.
--
-- depends: 1001_create_migration_support
-- kind: expand
-- locks: none

-- A backfill is one SQL statement that is run again and again, each time for the next keys of the source. The keys of
-- the batch stand in pg_temp.nxtgauge_batch, in columns named like the key columns of the source:
--
--     CALL nxtgauge_migration.run_batches(
--         '1040_fill_locale', 'public.users',
--         $sql$ UPDATE public.users AS u SET locale = 'en'
--               FROM pg_temp.nxtgauge_batch AS b WHERE u.id = b.id AND u.locale IS NULL $sql$);
--
-- A fallback, if one is given, is run instead for a batch in which the statement violates a unique key: so the statement
-- itself can do without ON CONFLICT, which costs much for what hardly ever happens.
--
-- Each batch is one transaction: rows locked, statement, cursor. Rows that a client has locked are never waited for;
-- their keys are written down and swept up at the end, so a backfill can neither block a client nor deadlock with it.

CREATE TABLE nxtgauge_migration.backfill (
    job           text        NOT NULL,
    source        text        NOT NULL,
    cursor        text[],
    rows_done     bigint      NOT NULL DEFAULT 0,
    rows_total    bigint      NOT NULL,
    batch_size    integer     NOT NULL DEFAULT 5000,
    pause_ms      integer     NOT NULL DEFAULT 0,
    max_lag_bytes bigint      NOT NULL DEFAULT 67108864,
    paused        boolean     NOT NULL DEFAULT false,
    started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at   timestamptz,
    CONSTRAINT backfill_pkey PRIMARY KEY (job),
    CONSTRAINT backfill_batch_size_check CHECK (batch_size > 0),
    CONSTRAINT backfill_pause_ms_check CHECK (pause_ms >= 0)
);

COMMENT ON TABLE nxtgauge_migration.backfill IS
    'How far each backfill has come; batch_size, pause_ms, max_lag_bytes and paused may be updated while it runs.';
COMMENT ON COLUMN nxtgauge_migration.backfill.cursor IS
    'Key of the last row that a batch has taken; NULL before the first.';
COMMENT ON COLUMN nxtgauge_migration.backfill.rows_total IS
    'Rows of the source when the job began; an estimate for tables of more than a million rows.';
COMMENT ON COLUMN nxtgauge_migration.backfill.batch_size IS
    'Most rows in a batch; batches that take too long are made smaller than this by themselves.';
COMMENT ON COLUMN nxtgauge_migration.backfill.pause_ms IS
    'Pause after each batch; where a client has waited for the batch it is 5 ms at least.';
COMMENT ON COLUMN nxtgauge_migration.backfill.max_lag_bytes IS
    'The backfill rests while a standby is further behind than this.';

CREATE TABLE nxtgauge_migration.backfill_skipped (
    job text   NOT NULL,
    key text[] NOT NULL,
    CONSTRAINT backfill_skipped_pkey PRIMARY KEY (job, key),
    CONSTRAINT backfill_skipped_job_fkey FOREIGN KEY (job)
        REFERENCES nxtgauge_migration.backfill (job) ON DELETE CASCADE
);

COMMENT ON TABLE nxtgauge_migration.backfill_skipped IS
    'Keys of rows that a client held locked when their batch came by; they are swept up before the job ends.';

-- Triggers that must rest while a batch writes.

CREATE FUNCTION nxtgauge_migration.triggers_to_rest(relation oid) RETURNS TABLE (trigger_name name, enabled "char")
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A trigger that knows the setting nxtgauge_migration.backfill looks after itself, as all of the kit's own do.
    -- Constraint triggers stay on: they check, and a check must hold for a backfill as well.
    -- The cheap conditions come first: describing a trigger costs more than finding that it is the kit's.
    RETURN QUERY
    WITH suspect AS MATERIALIZED (
        SELECT t.oid, t.tgname, t.tgenabled, to_jsonb(t) ->> 'tgparentid' AS parent
        FROM pg_trigger AS t
        JOIN pg_proc AS f ON f.oid = t.tgfoid
        JOIN pg_namespace AS n ON n.oid = f.pronamespace
        WHERE t.tgrelid = relation AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgconstraint = 0
          AND n.nspname NOT LIKE 'nxtgauge\_migration%'
          AND strpos(f.prosrc, 'nxtgauge_migration.backfill') = 0
    )
    SELECT s.tgname, s.tgenabled FROM suspect AS s
    WHERE s.parent = '0' AND strpos(pg_get_triggerdef(s.oid), 'nxtgauge_migration.backfill') = 0
    ORDER BY s.tgname;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.triggers_to_rest(oid) IS
    'Legacy triggers that would act on a backfill''s writes: bump updated_at, write logs.';

CREATE FUNCTION nxtgauge_migration.rest_triggers(tables text[]) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    source   text;
    relation oid;
    has_rule boolean;
    found    record;
    names    name[];
    states   "char"[];
    patience text := current_setting('lock_timeout');
    settle   text[] := '{}';
    undo     text[] := '{}';
BEGIN
    -- Disabled and enabled again in the batch's own transaction: no client ever sees the trigger off, because the lock
    -- keeps writers out until the commit (readers go on). It is taken only where there is a trigger to rest, it waits
    -- 25 ms at most, and the batches are kept short. A rule needs the strongest lock; it is as rare as it is old.
    FOREACH source IN ARRAY tables LOOP
        relation := nxtgauge_migration.table_oid(source);
        has_rule := EXISTS (SELECT FROM pg_rewrite AS r WHERE r.ev_class = relation AND r.ev_enabled IN ('O', 'A'));
        CONTINUE WHEN NOT has_rule AND NOT EXISTS (SELECT FROM nxtgauge_migration.triggers_to_rest(relation));
        source := nxtgauge_migration.table_name(relation);
        PERFORM set_config('lock_timeout', '25ms', true);
        EXECUTE format('LOCK TABLE %s IN %s MODE', source,
            CASE WHEN has_rule THEN 'ACCESS EXCLUSIVE' ELSE 'SHARE ROW EXCLUSIVE' END);
        PERFORM set_config('lock_timeout', patience, true);
        SELECT array_agg(t.trigger_name), array_agg(t.enabled) INTO names, states
        FROM nxtgauge_migration.triggers_to_rest(relation) AS t;
        FOR position IN 1..coalesce(cardinality(names), 0) LOOP
            EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', source, names[position]);
            undo := undo || format('ALTER TABLE %s ENABLE %s TRIGGER %I', source,
                                   CASE states[position] WHEN 'A' THEN 'ALWAYS' ELSE '' END, names[position]);
        END LOOP;
        CONTINUE WHEN NOT has_rule AND names IS NULL;
        -- ALTER TABLE refuses while deferred checks of the table are waiting. By name, not ALL: the runner's own guard,
        -- which finds a COMMIT hidden in a file, is a deferred constraint of the support schema and must go on waiting.
        settle := settle || ARRAY(
            SELECT format('SET CONSTRAINTS %I.%I IMMEDIATE', n.nspname, c.conname)
            FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace
            WHERE c.condeferrable AND relation IN (c.conrelid, c.confrelid));
        CONTINUE WHEN NOT has_rule;
        FOR found IN SELECT r.rulename, r.ev_enabled FROM pg_rewrite AS r
                     WHERE r.ev_class = relation AND r.ev_enabled IN ('O', 'A') LOOP
            EXECUTE format('ALTER TABLE %s DISABLE RULE %I', source, found.rulename);
            undo := undo || format('ALTER TABLE %s ENABLE %s RULE %I', source,
                                   CASE found.ev_enabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, found.rulename);
        END LOOP;
    END LOOP;
    RETURN settle || undo;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.rest_triggers(text[]) IS
    'Disables the legacy triggers and rules of the tables until wake_triggers; returns what that function needs.';

CREATE FUNCTION nxtgauge_migration.wake_triggers(undo text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY undo LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.wake_triggers(text[]) IS
    'Enables again, each in its former state, what rest_triggers disabled; deferred checks are made first.';

-- Reading and picking keys. Plain plpgsql functions: they keep their plans from batch to batch, SQL functions plan anew.

CREATE FUNCTION nxtgauge_migration.key_path(relation oid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT concat_ws(', ', 'pg_catalog',
            string_agg(DISTINCT quote_ident(n.nspname), ', ') FILTER (WHERE n.nspname <> 'pg_catalog'), 'pg_temp')
        FROM unnest(nxtgauge_migration.key_columns(relation)) AS k (name)
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = k.name
        JOIN pg_type AS t ON t.oid = a.atttypid
        JOIN pg_namespace AS n ON n.oid = t.typnamespace);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.key_path(oid) IS
    'The search_path under which keys are compared: it finds the operators of the key''s own types, for example those'
    ' of citext.';

CREATE FUNCTION nxtgauge_migration.writing_path(relation oid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- pg_catalog first; then what the keys need, and the schemas that the functions of legacy triggers count on.
    RETURN (SELECT format('%s, %I, public', nxtgauge_migration.key_path(relation), n.nspname)
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.writing_path(oid) IS
    'The search_path under which the kit writes to a legacy table, because legacy triggers rarely qualify their '
    'names.';

CREATE FUNCTION nxtgauge_migration.key_literal(relation oid, key_columns text[], key text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT string_agg(format('%L::%s', key[k.position], format_type(a.atttypid, a.atttypmod)), ', '
            ORDER BY k.position)
        FROM unnest(key_columns) WITH ORDINALITY AS k (name, position)
        JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = k.name);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.key_literal(oid, text[], text[]) IS
    'A key, kept as text, as literals of its own types.';

CREATE FUNCTION nxtgauge_migration.key_as_text(key_columns text[], prefix text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT format('ARRAY[%s]', string_agg(format('%s%I::text', prefix, k.name), ', ' ORDER BY k.position))
        FROM unnest(key_columns) WITH ORDINALITY AS k (name, position));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.key_as_text(text[], text) IS
    'The expression that turns a row''s key into the text array that the cursor keeps.';

CREATE FUNCTION nxtgauge_migration.replica_lag() RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Without pg_monitor the positions of the standbys are NULL: then nothing is known, and nothing is waited for.
    RETURN (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)) FROM pg_stat_replication AS r);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.replica_lag() IS
    'Bytes that the slowest visible standby has still to replay; NULL if none is visible.';

CREATE FUNCTION nxtgauge_migration.open_job(job text, source text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET client_min_messages = warning
AS $$
DECLARE
    relation oid    := nxtgauge_migration.table_oid(source);
    name     text   := nxtgauge_migration.table_name(relation);
    keys     text[] := nxtgauge_migration.key_columns(relation);
    known    text;
    total    bigint;
BEGIN
    SELECT b.source INTO known FROM nxtgauge_migration.backfill AS b WHERE b.job = open_job.job;
    IF known IS NULL THEN
        PERFORM nxtgauge_migration.assert_all_rows_visible(relation);
        SELECT c.reltuples INTO total FROM pg_class AS c WHERE c.oid = relation AND c.reltuples > 1000000;
        IF total IS NULL THEN
            EXECUTE format('SELECT count(*) FROM %s', name) INTO total;
        END IF;
        INSERT INTO nxtgauge_migration.backfill (job, source, rows_total) VALUES (open_job.job, name, total)
        ON CONFLICT ON CONSTRAINT backfill_pkey DO NOTHING;
    ELSIF known <> name THEN
        RAISE EXCEPTION 'backfill % was begun on %, not on %', job, known, name
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = format('Choose another name for the job, or SELECT nxtgauge_migration.reset_batches(%L);',
                      job);
    END IF;

    EXECUTE 'DROP TABLE IF EXISTS pg_temp.nxtgauge_batch';
    EXECUTE format('CREATE TEMPORARY TABLE nxtgauge_batch ON COMMIT DELETE ROWS AS SELECT %s FROM %s WITH NO DATA',
                   nxtgauge_migration.column_list(keys), name);
    RETURN (SELECT b.finished_at IS NULL FROM nxtgauge_migration.backfill AS b WHERE b.job = open_job.job);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.open_job(text, text) IS
    'Begins or resumes a backfill and makes this session''s batch table; false if the job is finished.';

CREATE FUNCTION nxtgauge_migration.pick_batch(
    job text, relation oid, keys text[], path text, cursor_key text[], size integer, lock_rows boolean,
    OUT seen bigint, OUT taken bigint, OUT last_key text[]
)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ahead text := 'true';
BEGIN
    -- On the key alone: any further condition makes the planner read all that is left, again in each batch. The rows are
    -- locked by a second scan of the same piece of the key's index, so no join can be planned badly.
    IF cursor_key IS NOT NULL THEN
        ahead := format('(%s) > (%s)', nxtgauge_migration.column_list(keys, 't.'),
                        nxtgauge_migration.key_literal(relation, keys, cursor_key));
    END IF;
    PERFORM set_config('search_path', path, true);
    EXECUTE format('
        WITH seen AS MATERIALIZED (
            SELECT %1$s FROM %2$s AS t WHERE %3$s ORDER BY %1$s LIMIT %4$s
        ), last AS MATERIALIZED (
            SELECT * FROM seen OFFSET greatest((SELECT count(*) FROM seen) - 1, 0)
        ), free AS MATERIALIZED (
            SELECT %1$s FROM %2$s AS t WHERE %3$s AND (%1$s) <= (SELECT %5$s FROM last AS l) ORDER BY %1$s %6$s
        ), batch AS (
            INSERT INTO pg_temp.nxtgauge_batch SELECT * FROM free
        ), left_out AS (
            INSERT INTO nxtgauge_migration.backfill_skipped (job, key)
            SELECT %7$L, %8$s FROM (SELECT * FROM seen EXCEPT SELECT * FROM free) AS l
            ON CONFLICT DO NOTHING
        )
        SELECT (SELECT count(*) FROM seen), (SELECT count(*) FROM free), (SELECT %8$s FROM last AS l)',
        nxtgauge_migration.column_list(keys, 't.'), nxtgauge_migration.table_name(relation), ahead, size,
        nxtgauge_migration.column_list(keys, 'l.'), CASE WHEN lock_rows THEN 'FOR NO KEY UPDATE OF t SKIP LOCKED' END,
        job, nxtgauge_migration.key_as_text(keys, 'l.'))
    INTO seen, taken, last_key;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pick_batch(text, oid, text[], text, text[], integer, boolean) IS
    'Puts the next keys of the source into the batch table and locks their rows; those that a client has locked are'
    ' written down.';

CREATE FUNCTION nxtgauge_migration.lock_batch(job text, relation oid, keys text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('search_path', nxtgauge_migration.key_path(relation), true);
    EXECUTE format('
        WITH locked AS MATERIALIZED (
            SELECT t.* FROM (SELECT %7$s FROM pg_temp.nxtgauge_batch AS b ORDER BY %7$s) AS b
            CROSS JOIN LATERAL (SELECT %1$s FROM %2$s AS t WHERE %3$s FOR NO KEY UPDATE SKIP LOCKED) AS t
        ), left_out AS (
            DELETE FROM pg_temp.nxtgauge_batch AS b
            WHERE NOT EXISTS (SELECT FROM locked AS l WHERE %4$s)
            RETURNING b.*
        )
        INSERT INTO nxtgauge_migration.backfill_skipped (job, key)
        SELECT %5$L, %6$s FROM left_out AS s
        ON CONFLICT DO NOTHING',
        nxtgauge_migration.column_list(keys, 't.'), nxtgauge_migration.table_name(relation),
        nxtgauge_migration.column_match(keys, 't.', 'b.'), nxtgauge_migration.column_match(keys, 'l.', 'b.'),
        job, nxtgauge_migration.key_as_text(keys, 's.'), nxtgauge_migration.column_list(keys, 'b.'));
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.lock_batch(text, oid, text[]) IS
    'Locks the rows of the batch in key order; those that a client has locked leave the batch and are written down.';

CREATE FUNCTION nxtgauge_migration.pick_skipped(job text, relation oid, keys text[], size integer) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    of_key   text;
    picked   bigint;
BEGIN
    -- What was deleted meanwhile needs no sweeping; what can be locked now leaves the list.
    SELECT string_agg(format('s.key[%s]::%s', k.position, format_type(a.atttypid, a.atttypmod)), ', '
        ORDER BY k.position)
    INTO of_key
    FROM unnest(keys) WITH ORDINALITY AS k (name, position)
    JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = k.name;
    PERFORM set_config('search_path', nxtgauge_migration.key_path(relation), true);
    EXECUTE format('DELETE FROM nxtgauge_migration.backfill_skipped AS s
                    WHERE s.job = %L AND NOT EXISTS (SELECT FROM %s AS t WHERE (%s) = (%s))',
                   job, nxtgauge_migration.table_name(relation), nxtgauge_migration.column_list(keys, 't.'), of_key);
    EXECUTE format('INSERT INTO pg_temp.nxtgauge_batch SELECT %s FROM nxtgauge_migration.backfill_skipped AS s
                    WHERE s.job = %L ORDER BY s.key LIMIT %s', of_key, job, size);
    PERFORM nxtgauge_migration.lock_batch(job, relation, keys);
    EXECUTE format('DELETE FROM nxtgauge_migration.backfill_skipped AS s USING pg_temp.nxtgauge_batch AS b
                    WHERE s.job = %L AND (%s) = (%s)', job, nxtgauge_migration.column_list(keys, 'b.'), of_key);
    GET DIAGNOSTICS picked = ROW_COUNT;
    RETURN picked;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pick_skipped(text, oid, text[], integer) IS
    'Fills the batch table with rows that were skipped before and are free now.';

CREATE FUNCTION nxtgauge_migration.run_batch(
    job text, statement text, may_conflict boolean, writes text[], lock_rows boolean, size integer, keys text[],
    key_path text, writing_path text,
    OUT outcome text, OUT taken bigint, OUT at_end boolean, OUT was_awaited boolean
)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET datestyle = 'ISO, YMD'
    SET timezone = 'UTC'
    SET extra_float_digits = 3
    SET random_page_cost = 1.1
    SET jit = off
    SET enable_mergejoin = off
    SET lock_timeout = '25ms'
AS $$
DECLARE
    progress nxtgauge_migration.backfill%ROWTYPE;
    relation oid;
    undo     text[];
    picked   record;
    sweeping boolean;
    is_left  boolean;
BEGIN
    taken := 0;
    at_end := false;
    was_awaited := false;
    SELECT * INTO progress FROM nxtgauge_migration.backfill AS b WHERE b.job = run_batch.job FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        -- Another runner has a batch of it under way, or an operator is about to change something.
        SELECT * INTO STRICT progress FROM nxtgauge_migration.backfill AS b WHERE b.job = run_batch.job;
        outcome := 'busy';
        RETURN;
    END IF;
    outcome := CASE WHEN progress.finished_at IS NOT NULL THEN 'finished' WHEN progress.paused THEN 'paused'
                    WHEN nxtgauge_migration.replica_lag() > progress.max_lag_bytes THEN 'lagging' END;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;
    relation := nxtgauge_migration.table_oid(progress.source);
    PERFORM set_config('nxtgauge_migration.backfill', 'on', true);

    -- What waits for a client (a foreign key for a user's row, a unique index for a root) keeps others waiting for the
    -- rows of the batch: after lock_timeout the batch is given up, and tried again.
    BEGIN
        undo := nxtgauge_migration.rest_triggers(writes);
        size := least(size, progress.batch_size);
        SELECT * INTO picked
        FROM nxtgauge_migration.pick_batch(job, relation, keys, key_path, progress.cursor, size, lock_rows) AS p;
        taken := picked.taken;
        at_end := picked.seen < size;
        is_left := at_end
            AND EXISTS (SELECT FROM nxtgauge_migration.backfill_skipped AS s WHERE s.job = run_batch.job);
        sweeping := picked.seen = 0 AND is_left;
        IF sweeping THEN
            taken := nxtgauge_migration.pick_skipped(job, relation, keys, size);
            is_left := EXISTS (SELECT FROM nxtgauge_migration.backfill_skipped AS s WHERE s.job = run_batch.job);
        END IF;
        IF taken > 0 THEN
            -- Once is enough: from then on the planner knows how many keys fill a page, and counts the pages. What is
            -- done badly for a few rows does not matter.
            IF taken >= 50
                AND (SELECT c.reltuples < 0 FROM pg_class AS c WHERE c.oid = 'pg_temp.nxtgauge_batch'::regclass) THEN
                ANALYZE pg_temp.nxtgauge_batch;
            END IF;
            PERFORM set_config('search_path', writing_path, true);
            EXECUTE statement;
            PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
        END IF;
        PERFORM nxtgauge_migration.wake_triggers(undo);
    EXCEPTION WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN
        outcome := 'busy';
        RETURN;
    WHEN unique_violation THEN
        IF NOT may_conflict THEN
            RAISE;
        END IF;
        outcome := 'conflict';
        RETURN;
    END;

    -- Who waits in line for what this batch holds.
    was_awaited := EXISTS (SELECT FROM pg_locks AS l
        WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid)));
    outcome := CASE WHEN at_end AND NOT is_left THEN 'finished'
                    WHEN taken > 0 OR NOT sweeping THEN 'worked'
                    ELSE 'busy' END;
    UPDATE nxtgauge_migration.backfill AS b
    SET cursor = coalesce(picked.last_key, b.cursor), rows_done = b.rows_done + taken, updated_at = clock_timestamp(),
        finished_at = CASE outcome WHEN 'finished' THEN clock_timestamp() END
    WHERE b.job = run_batch.job;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.run_batch(
    text, text, boolean, text[], boolean, integer, text[], text, text
) IS
    'One batch, to be committed by the caller: worked, finished (nothing is left), busy (what it needs is locked),'
    ' conflict (a key is taken), paused or lagging.';

CREATE FUNCTION nxtgauge_migration.report_backfill(job text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    progress nxtgauge_migration.backfill%ROWTYPE;
BEGIN
    SELECT * INTO progress FROM nxtgauge_migration.backfill AS b WHERE b.job = report_backfill.job;
    RAISE NOTICE 'backfill %: % of % rows', job, progress.rows_done, greatest(progress.rows_total, progress.rows_done);
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.report_backfill(text) IS
    'Says how far a backfill has come, in the form from which the runner draws its bar.';

CREATE FUNCTION nxtgauge_migration.analyze_grown(tables text[], rows_done bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    source text;
BEGIN
    -- Plans that triggers and foreign keys cached while a table was empty read it sequentially; ANALYZE discards them.
    FOREACH source IN ARRAY tables LOOP
        IF (SELECT c.reltuples * 2 < rows_done FROM pg_class AS c WHERE c.oid = nxtgauge_migration.table_oid(source))
            THEN
            EXECUTE format('ANALYZE %s', nxtgauge_migration.canonical_name(source));
        END IF;
    END LOOP;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.analyze_grown(text[], bigint) IS
    'Analyzes the tables that have at least doubled by the rows written so far.';

CREATE PROCEDURE nxtgauge_migration.run_batches(
    job text, source text, statement text, writes text[] DEFAULT NULL, lock_rows boolean DEFAULT true,
    fallback text DEFAULT NULL
)
    LANGUAGE plpgsql
AS $$
DECLARE
    tables       text[]      := coalesce(writes, ARRAY[source]);
    size         integer     := 500;
    growth       numeric     := 2;
    goal_ms      numeric     := 35;
    taken_ms     numeric;
    best_ms      numeric;
    analyze_at   bigint      := 1000;
    began        timestamptz;
    reported     timestamptz := pg_catalog.clock_timestamp();
    unfinished   boolean;
    is_conflict  boolean     := false;
    keys         text[];
    key_path     text;
    writing_path text;
    batch        record;
    progress     record;
BEGIN
    -- A procedure that commits can have no SET clause of its own, so all that reads or writes is in functions that do.
    unfinished := nxtgauge_migration.open_job(job, source);
    keys := nxtgauge_migration.key_columns(nxtgauge_migration.table_oid(source));
    key_path := nxtgauge_migration.key_path(nxtgauge_migration.table_oid(source));
    writing_path := nxtgauge_migration.writing_path(nxtgauge_migration.table_oid(source));
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    WHILE unfinished LOOP
        began := pg_catalog.clock_timestamp();
        SELECT * INTO batch FROM nxtgauge_migration.run_batch(
            job, CASE WHEN is_conflict THEN fallback ELSE statement END, NOT is_conflict AND fallback IS NOT NULL,
            tables, lock_rows, size, keys, key_path, writing_path);
        COMMIT;
        taken_ms := greatest(1000 * extract(epoch FROM pg_catalog.clock_timestamp() - began), 0.1);
        SELECT b.rows_done, b.batch_size, b.pause_ms INTO progress FROM nxtgauge_migration.backfill AS b
            WHERE b.job = run_batches.job;
        IF batch.outcome IN ('worked', 'finished') THEN
            -- Short enough for those who wait: 25 ms once somebody did, whether for a row or, where legacy triggers rest,
            -- for the table; from there on longer again, up to 45 ms. A slow batch counts at once; after it the batches
            -- grow slowly, since what slowed it may go on. But where the machine is busy, a batch is slow however small,
            -- and small ones cost more in all: never fewer rows than would take 15 ms at the best rate seen so far.
            goal_ms := CASE WHEN batch.was_awaited THEN 25 ELSE least(goal_ms * 1.1, 45) END;
            growth := CASE WHEN taken_ms > goal_ms * 2 THEN 1.1 ELSE least(growth * 1.2, 2) END;
            -- A clock that was set back makes a batch look as if it had taken no time; that is no rate.
            IF batch.taken >= 50 AND taken_ms > 0.1 THEN
                best_ms := least(best_ms, taken_ms / batch.taken);
            END IF;
            size := least(greatest(size * least(greatest(goal_ms / greatest(taken_ms, 1.0), 0.2), growth),
                coalesce(15 / best_ms, 50), 50), progress.batch_size);
            IF progress.rows_done >= analyze_at THEN
                PERFORM nxtgauge_migration.analyze_grown(tables, progress.rows_done);
                analyze_at := progress.rows_done * 2;
            END IF;
        END IF;
        EXIT WHEN batch.outcome = 'finished';
        IF pg_catalog.clock_timestamp() - reported >= interval '1 second' THEN
            PERFORM nxtgauge_migration.report_backfill(job);
            reported := pg_catalog.clock_timestamp();
        END IF;
        COMMIT;
        -- Not after the last rows: a step has many tables, and most are small.
        IF batch.outcome = 'worked' AND NOT batch.at_end THEN
            PERFORM pg_catalog.pg_sleep(greatest(progress.pause_ms, CASE WHEN batch.was_awaited THEN 5 END) / 1000.0);
        ELSIF batch.outcome NOT IN ('worked', 'conflict') THEN
            PERFORM pg_catalog.pg_sleep(0.05 + pg_catalog.random() / 10);
        END IF;
        is_conflict := batch.outcome = 'conflict';
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END LOOP;
    IF unfinished THEN
        PERFORM nxtgauge_migration.report_backfill(job);
    END IF;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.run_batches(text, text, text, text[], boolean, text) IS
    'Runs a statement for all rows of a table in short batches, each committed with its cursor; a rerun goes on where'
    ' it stopped, and a finished job is not run again. Where the statement meets a taken key, the fallback runs instead.';

CREATE FUNCTION nxtgauge_migration.reset_batches(job text) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM nxtgauge_migration.backfill AS b WHERE b.job = reset_batches.job
$$;

COMMENT ON FUNCTION nxtgauge_migration.reset_batches(text) IS
    'Forgets a backfill, so that it begins anew; the rollback of a step that fills in batches calls it.';

REVOKE ALL ON ALL ROUTINES IN SCHEMA nxtgauge_migration FROM PUBLIC;
