-- Begin a unit in the open transaction: guard it against a COMMIT hidden in its SQL, and take its locks. Whoever keeps
-- a table is not queued behind: all locks are had within lock_timeout, or given back and asked for again after a pause,
-- until lock_budget is spent. What then follows holds them, so each of its statements has lock_hold to end in.
DO $begin$
DECLARE
    wanted  text[]   := string_to_array(nullif(current_setting('nxtgauge_migration.locks'), ''), ', ');
    place   text     := concat_ws(', ', current_setting('nxtgauge_migration.step'),
                                        nullif(current_setting('nxtgauge_migration.unit'), ''));
    patient interval := make_interval(secs => current_setting('nxtgauge_migration.lock_budget')::float8);
    timeout interval := make_interval(secs => current_setting('nxtgauge_migration.lock_timeout')::float8 / 1000);
    begun   timestamptz := clock_timestamp();
    tried   timestamptz;
    wish    text;
    missing text;
    seen    text[];
    holders text;
    reason  text;
    told    text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS l
                    WHERE l.locktype = 'advisory' AND l.granted AND l.pid = pg_backend_pid()
                      AND l.classid = 1853387879 AND l.objid = 1835624306 AND l.objsubid = 1) THEN
        RAISE EXCEPTION '%: this session no longer holds the lock that keeps other runners out', place
            USING HINT = 'connect to the server directly: a pooler in transaction mode changes sessions; then run the script again';
    END IF;
    INSERT INTO nxtgauge_migration.transaction_guard VALUES (1), (1);
    PERFORM set_config('lock_timeout', current_setting('nxtgauge_migration.lock_timeout'), true);
    IF wanted IS NULL THEN
        RETURN;
    END IF;

    SELECT string_agg(w.wish, ', ') INTO missing
      FROM unnest(wanted) AS w (wish)
     WHERE to_regclass(split_part(w.wish, ': ', 1)) IS NULL;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION '%: its "-- locks:" line names a table that does not exist: %', place, missing
            USING HINT = 'is this the audited database? Else correct the line, and print the script again';
    END IF;

    LOOP
        -- Two looks: who holds a table in both will not yield soon, and clients would queue behind us meanwhile.
        reason := NULL;
        seen := NULL;
        FOR look IN 1..2 LOOP
            PERFORM pg_stat_clear_snapshot();
            SELECT array_agg(format('%s %s %s', l.pid, l.virtualtransaction, l.relation)),
                   string_agg(DISTINCT format(E'\n    %s holds %s on %s',
                       CASE WHEN l.pid IS NULL THEN 'a prepared transaction (see pg_prepared_xacts)'
                            ELSE format('process %s (%s, %s)', l.pid, coalesce(a.usename, 'no user'),
                                       coalesce(nullif(a.application_name, ''), a.backend_type, 'no application name')) END,
                       l.mode, l.relation::regclass), ''),
                   min(l.relation::regclass::text) || ' is kept locked'
              INTO seen, holders, reason
              FROM unnest(wanted) AS w (wish)
              JOIN (VALUES
                      ('ACCESS SHARE',           '{AccessExclusiveLock}'::text[]),
                      ('ROW SHARE',              '{ExclusiveLock,AccessExclusiveLock}'),
                      ('ROW EXCLUSIVE',          '{ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
                      ('SHARE UPDATE EXCLUSIVE', '{ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,'
                                                 'AccessExclusiveLock}'),
                      ('SHARE',                  '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareRowExclusiveLock,'
                                                 'ExclusiveLock,AccessExclusiveLock}'),
                      ('SHARE ROW EXCLUSIVE',    '{RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,'
                                                 'ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
                      ('EXCLUSIVE',              '{RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,'
                                                 'ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'),
                      ('ACCESS EXCLUSIVE',       '{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,'
                                                 'ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}')
                   ) AS conflicts (mode, with_modes) ON conflicts.mode = split_part(w.wish, ': ', 2)
              JOIN pg_catalog.pg_locks AS l
                ON l.relation = to_regclass(split_part(w.wish, ': ', 1)) AND l.mode = ANY (conflicts.with_modes)
              LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
             WHERE l.granted AND l.locktype = 'relation' AND l.pid IS DISTINCT FROM pg_backend_pid()
               AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
               AND (look = 1 OR format('%s %s %s', l.pid, l.virtualtransaction, l.relation) = ANY (seen));
            EXIT WHEN reason IS NULL OR look = 2;
            PERFORM pg_sleep(0.04);
        END LOOP;

        IF reason IS NULL THEN
            BEGIN
                tried := clock_timestamp();
                FOREACH wish IN ARRAY wanted LOOP
                    PERFORM set_config('lock_timeout', greatest(1,
                        ceil(extract(epoch FROM tried + timeout - clock_timestamp()) * 1000))::int::text, true);
                    EXECUTE format('LOCK TABLE %s IN %s MODE', split_part(wish, ': ', 1), split_part(wish, ': ', 2));
                END LOOP;
                PERFORM set_config('lock_timeout', current_setting('nxtgauge_migration.lock_timeout'), true),
                        set_config('statement_timeout', current_setting('nxtgauge_migration.lock_hold'), true);
                RETURN;
            EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
                reason := SQLERRM || ' on ' || wish;
                holders := '';
            END;
        END IF;

        IF clock_timestamp() > begun + patient THEN
            RAISE EXCEPTION '%: lock budget of % s spent: %', place, current_setting('nxtgauge_migration.lock_budget'),
                reason || holders
                USING ERRCODE = 'lock_not_available',
                      HINT = 'end or wait for what holds the tables, then run the script again';
        END IF;
        IF reason IS DISTINCT FROM told THEN
            RAISE NOTICE '%: gives way: %', place, reason || holders;
            told := reason;
        END IF;
        PERFORM pg_sleep(0.1 + random() * 0.2);
    END LOOP;
END
$begin$;
