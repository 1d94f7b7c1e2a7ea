-- Be the only runner on this database, until the session ends. One look each time that it is run: a statement that
-- waited for the lock would be waited for by a CREATE INDEX CONCURRENTLY of the runner that has it.
DO $alone$
DECLARE
    holder text;
BEGIN
    IF current_setting('nxtgauge_migration.alone', true) = 'on' THEN
        RETURN;
    END IF;
    IF pg_try_advisory_lock(7960240328943429490) THEN
        PERFORM set_config('nxtgauge_migration.alone', 'on', false);
        RETURN;
    END IF;
    SELECT format('process %s (%s@%s), connected since %s UTC', a.pid, a.usename, coalesce(host(a.client_addr), 'local'),
                  to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS'))
      INTO holder
      FROM pg_catalog.pg_locks AS l
      JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1853387879 AND l.objid = 1835624306 AND l.objsubid = 1
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database());
    IF holder IS DISTINCT FROM current_setting('nxtgauge_migration.holder', true) THEN
        RAISE NOTICE 'another runner works: %', holder;
        PERFORM set_config('nxtgauge_migration.holder', coalesce(holder, 'a session that has just ended'), false);
    END IF;
    PERFORM pg_sleep(0.5);
END
$alone$;
