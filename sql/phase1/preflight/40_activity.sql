-- What goes on in the database at this moment. How long a transaction may have been open is the setting
-- nxtgauge_migration.longest_transaction (default: 5 minutes).

-- check: no transaction has been open for long
-- It would hold back vacuum and every CREATE INDEX CONCURRENTLY. Without pg_read_all_stats only the role's own are seen.
SELECT 'session ' || a.pid AS object,
       pg_catalog.format('%s of %s has a transaction open for %s', coalesce(nullif(a.application_name, ''), 'a client'),
                         a.usename, pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start)) AS reason,
       pg_catalog.format('Wait for it, or SELECT pg_terminate_backend(%s);', a.pid) AS next_step
FROM pg_catalog.pg_stat_activity AS a
WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
  AND a.backend_type = 'client backend' AND a.application_name <> 'nxtgauge-migrate'
  AND a.xact_start < pg_catalog.clock_timestamp()
      - coalesce(nullif(pg_catalog.current_setting('nxtgauge_migration.longest_transaction', true), ''), '5 minutes')::interval
ORDER BY a.xact_start;

-- check: no prepared transaction is left lying about
SELECT 'prepared transaction ' || pg_catalog.quote_literal(p.gid) AS object,
       'prepared by ' || p.owner || ' at ' || pg_catalog.date_trunc('second', p.prepared) AS reason,
       pg_catalog.format('COMMIT PREPARED %L; or ROLLBACK PREPARED %1$L;', p.gid) AS next_step
FROM pg_catalog.pg_prepared_xacts AS p
WHERE p.database = pg_catalog.current_database()
  AND (p.prepared < pg_catalog.clock_timestamp()
           - coalesce(nullif(pg_catalog.current_setting('nxtgauge_migration.longest_transaction', true), ''), '5 minutes')::interval
       OR EXISTS (
           -- Its locks are those of the virtual transaction that holds its own number.
           SELECT FROM pg_catalog.pg_locks AS own
           JOIN pg_catalog.pg_locks AS l ON l.virtualtransaction = own.virtualtransaction AND l.pid IS NULL
           JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
           WHERE own.locktype = 'transactionid' AND own.transactionid = p.transaction AND own.pid IS NULL
             AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'))
ORDER BY p.prepared;
