-- Create the functions that delete parked data for good. Nothing in `apply` or `rollback` calls them.
--
-- The bookkeeping brings them, not a step, because what a rollback has parked must be purgeable when all steps are rolled
-- back. By hand, each set in a transaction of its own:
--
--     CALL nxtgauge_migration.purge_step('3092_retire_onboarding', 'name of this database');
--
-- A parked set is deleted and written down in the same transaction: a crash leaves it whole, or purged and recorded. The
-- parked table is in nobody's way; only where parked values follow the rows of a table in use, the triggers that let them
-- follow are dropped, under ACCESS EXCLUSIVE on that table, for which nobody waits longer than 40 ms.

CREATE OR REPLACE FUNCTION nxtgauge_migration.refuse_to_purge(step text, database_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_busy boolean;
BEGIN
    IF database_name IS DISTINCT FROM current_database() THEN
        RAISE EXCEPTION 'nothing is purged: "%" is not the name of this database', database_name
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'What is purged cannot be brought back. To confirm it, give the name of the database.';
    ELSIF NOT pg_try_advisory_xact_lock(7960240328943429490) THEN
        -- The runner's lock. The runner itself holds it already, which does not count as another one.
        RAISE EXCEPTION 'nothing is purged: a runner works on this database'
            USING ERRCODE = 'object_in_use', HINT = 'Wait until it has finished.';
    END IF;
    is_busy := EXISTS (SELECT FROM nxtgauge_migration.parked AS p
        WHERE p.step = refuse_to_purge.step AND (p.state IN ('prepared', 'capturing', 'restoring') OR (p.state = 'refilled' AND p.kind = 'columns')));
    IF NOT is_busy AND to_regclass('nxtgauge_migration.step_unit') IS NOT NULL THEN
        is_busy := EXISTS (SELECT FROM nxtgauge_migration.step_unit AS u
            WHERE u.step_id = refuse_to_purge.step AND (u.direction = 'rollback'
                OR NOT EXISTS (SELECT FROM nxtgauge_migration._yoyo_migration AS m WHERE m.migration_id = u.step_id)));
    END IF;
    IF is_busy THEN
        RAISE EXCEPTION 'nothing is purged: % is applied or rolled back in part', step
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Finish it first: run apply or rollback again.';
    END IF;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.refuse_to_purge(text, text) IS
    'Refuses a purge that is not confirmed, or that would come in between the units of a step or the work of a runner.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.forget_rows_of(source text, kind text, column_names text[])
    RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    forgotten bigint := 0;
    found     bigint;
BEGIN
    IF forget_rows_of.kind = 'columns' AND to_regclass('nxtgauge_migration.unresolved_reference') IS NOT NULL THEN
        DELETE FROM nxtgauge_migration.unresolved_reference AS u
        WHERE u.source = forget_rows_of.source AND u.column_name = ANY (forget_rows_of.column_names);
        GET DIAGNOSTICS found = ROW_COUNT;
        forgotten := forgotten + found;
    END IF;
    IF forget_rows_of.kind = 'table' AND to_regclass('nxtgauge_migration.request_status_spelling') IS NOT NULL THEN
        DELETE FROM nxtgauge_migration.request_status_spelling AS s WHERE s.source = forget_rows_of.source;
        GET DIAGNOSTICS found = ROW_COUNT;
        forgotten := forgotten + found;
    END IF;
    IF 'status' = ANY (forget_rows_of.column_names) AND to_regclass('nxtgauge_migration.status_spelling') IS NOT NULL
       AND EXISTS (SELECT FROM pg_attribute AS a
                   WHERE a.attrelid = to_regclass(forget_rows_of.source) AND a.attname = 'user_role_profile_id' AND NOT a.attisdropped) THEN
        EXECUTE format('DELETE FROM nxtgauge_migration.status_spelling AS s USING %s AS e WHERE s.root_id = e.user_role_profile_id',
                       forget_rows_of.source);
        GET DIAGNOSTICS found = ROW_COUNT;
        forgotten := forgotten + found;
    END IF;
    RETURN forgotten;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.forget_rows_of(text, text, text[]) IS
    'Deletes what a step wrote down of the values that it has parked, and returns how many rows that was; runner/parked.py lists the same.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.purge_parked(parked_id bigint, database_name text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    SET lock_timeout = '40ms'
AS $$
DECLARE
    entry         record;
    item          record;
    name          text;
    row_count     bigint;
    byte_count    bigint;
    forgotten     bigint := 0;
    ends_rollback boolean;
BEGIN
    SELECT p.* INTO entry FROM nxtgauge_migration.parked AS p WHERE p.id = parked_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no parking %', parked_id
            USING ERRCODE = 'no_data_found', HINT = 'See the table nxtgauge_migration.parked.';
    END IF;
    PERFORM nxtgauge_migration.refuse_to_purge(entry.step, database_name);
    ends_rollback := entry.state <> 'refilled' AND entry.returns_with = 'rollback';
    name := format('%I.%I', entry.holder, (parse_ident(entry.source))[2]);
    -- Counted before any table is locked.
    EXECUTE format('SELECT count(*) FROM %s', name) INTO row_count;
    byte_count := pg_total_relation_size(name::regclass);

    -- Clients come to the parked table through the triggers of the table in use, so that one is locked first.
    IF EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
               WHERE t.tgrelid = to_regclass(entry.source) AND f.pronamespace = quote_ident(entry.holder)::regnamespace) THEN
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', entry.source);
    END IF;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', name);
    FOR item IN
        SELECT t.tgname FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
        WHERE t.tgrelid = to_regclass(entry.source) AND f.pronamespace = quote_ident(entry.holder)::regnamespace
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, entry.source);
    END LOOP;
    FOR item IN SELECT f.oid::regprocedure AS routine FROM pg_proc AS f
                 WHERE f.pronamespace = quote_ident(entry.holder)::regnamespace LOOP
        EXECUTE format('DROP FUNCTION %s', item.routine);
    END LOOP;
    EXECUTE format('DROP TABLE %s', name);
    EXECUTE format('DROP SCHEMA %I', entry.holder);
    DELETE FROM nxtgauge_migration.parked AS p WHERE p.id = entry.id;
    INSERT INTO nxtgauge_migration.purge (step, source, kind, column_names, parked_at, row_count, byte_count, ends_rollback)
    VALUES (entry.step, entry.source, entry.kind, entry.column_names, entry.parked_at, row_count, byte_count, ends_rollback);
    -- Of what a rollback has parked nothing else is written down.
    IF entry.returns_with = 'rollback' THEN
        forgotten := nxtgauge_migration.forget_rows_of(entry.source, entry.kind, entry.column_names);
    END IF;
    IF forgotten > 0 THEN
        INSERT INTO nxtgauge_migration.purge (step, source, kind, column_names, parked_at, row_count, byte_count, ends_rollback)
        VALUES (entry.step, entry.source, 'notes', entry.column_names, entry.parked_at, forgotten, 0, ends_rollback);
    END IF;
    RETURN row_count + forgotten;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.purge_parked(bigint, text) IS
    'Deletes one parked set for good, records it, and returns the number of its rows; fails if a lock is not free.';

CREATE OR REPLACE FUNCTION nxtgauge_migration.try_to_purge(parked_id bigint, database_name text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN nxtgauge_migration.purge_parked(parked_id, database_name);
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.try_to_purge(bigint, text) IS
    'As purge_parked; NULL, and nothing is changed, if somebody uses what must be locked.';

CREATE OR REPLACE PROCEDURE nxtgauge_migration.purge_step(
    step text, database_name text, lock_budget interval DEFAULT '2 minutes'
)
    LANGUAGE plpgsql
AS $$
DECLARE
    entry     record;
    row_count bigint;
    began     timestamptz;
BEGIN
    PERFORM nxtgauge_migration.refuse_to_purge(step, database_name);
    FOR entry IN
        SELECT p.id, p.source FROM nxtgauge_migration.parked AS p WHERE p.step = purge_step.step ORDER BY p.id
    LOOP
        began := pg_catalog.clock_timestamp();
        LOOP
            row_count := nxtgauge_migration.try_to_purge(entry.id, database_name);
            COMMIT;
            EXIT WHEN row_count IS NOT NULL;
            IF pg_catalog.clock_timestamp() > began + lock_budget THEN
                RAISE EXCEPTION 'what % has parked of % is not purged: somebody kept it, or the table, locked for %',
                                step, entry.source, lock_budget
                    USING ERRCODE = 'lock_not_available',
                          HINT = 'What was purged before is recorded. Run it again when the long transaction has ended.';
            END IF;
            PERFORM pg_catalog.pg_sleep(0.1 + pg_catalog.random() / 5);
        END LOOP;
        RAISE NOTICE 'purged: % rows of %, parked by %', row_count, entry.source, step;
    END LOOP;
END
$$;

COMMENT ON PROCEDURE nxtgauge_migration.purge_step(text, text, interval) IS
    'Deletes for good all that a step has parked, one set after the other, each committed; to confirm it, give the name of '
    'the database.';

REVOKE ALL ON ROUTINE
    nxtgauge_migration.refuse_to_purge(text, text), nxtgauge_migration.forget_rows_of(text, text, text[]),
    nxtgauge_migration.purge_parked(bigint, text),
    nxtgauge_migration.try_to_purge(bigint, text), nxtgauge_migration.purge_step(text, text, interval)
FROM PUBLIC;
