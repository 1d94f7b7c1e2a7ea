-- Make the current database as hostile as a well-meaning administrator could: run as superuser, for the role that
-- torture.role names. Nothing here may reach a step, in either direction, at any place.
--
-- A schema of look-alikes stands before pg_catalog, every setting that bends the meaning of SQL is bent, the clock jumps,
-- new tables go to another tablespace and another access method, from 17 on a login trigger sets it all once more, and an
-- event trigger raises an error wherever a step can see a hostile setting.

CREATE SCHEMA trap;
GRANT USAGE ON SCHEMA trap TO PUBLIC;

CREATE FUNCTION trap.spring(what text) RETURNS void LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'trapped: %', what; END $$;

CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'not at all' $$;
CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('current_setting')::text $$;
CREATE FUNCTION trap.pg_backend_pid() RETURNS integer LANGUAGE sql AS $$ SELECT trap.spring('pid')::text::integer $$;
CREATE FUNCTION trap.current_database() RETURNS name LANGUAGE sql AS $$ SELECT trap.spring('database')::text::name $$;
CREATE FUNCTION trap.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION trap.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '-infinity' $$;
CREATE FUNCTION trap.lower(text) RETURNS text LANGUAGE sql AS $$ SELECT trap.spring('lower')::text $$;
CREATE FUNCTION trap.to_regclass(text) RETURNS regclass LANGUAGE sql AS $$ SELECT NULL::regclass $$;
CREATE FUNCTION trap.same(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT NULL::boolean $$;
CREATE FUNCTION trap.same(name, name) RETURNS boolean LANGUAGE sql AS $$ SELECT NULL::boolean $$;
CREATE FUNCTION trap.same(name, text) RETURNS boolean LANGUAGE sql AS $$ SELECT NULL::boolean $$;
CREATE FUNCTION trap.same(uuid, uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT NULL::boolean $$;
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.same);
CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = trap.same);
CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = text, FUNCTION = trap.same);
CREATE OPERATOR trap.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = trap.same);
CREATE TABLE trap.users (id integer);
CREATE TABLE trap.pg_class (oid oid);
CREATE TABLE trap.pg_namespace (oid oid);
GRANT ALL ON ALL TABLES IN SCHEMA trap TO PUBLIC;

CREATE ACCESS METHOD trap_heap TYPE TABLE HANDLER heap_tableam_handler;

-- What `value` says stands in ALTER ROLE, `shown` is what current_setting makes of it.
CREATE TABLE trap.setting (name text, value text, shown text);
GRANT SELECT ON trap.setting TO PUBLIC;
INSERT INTO trap.setting (name, value, shown) VALUES
    ('search_path',                         'trap, pg_catalog, public', 'trap, pg_catalog, public'),
    ('lock_timeout',                        '''877s''',                 '877s'),
    ('statement_timeout',                   '''878s''',                 '878s'),
    ('idle_in_transaction_session_timeout', '''10ms''',                 '10ms'),
    ('idle_session_timeout',                '''879s''',                 '879s'),
    ('default_transaction_read_only',       'on',                       'on'),
    ('default_transaction_isolation',       'serializable',             'serializable'),
    ('default_transaction_deferrable',      'on',                       'on'),
    ('row_security',                        'off',                      NULL),  -- some functions of the kit want this
    ('default_tablespace',                  'trap_space',               'trap_space'),
    ('temp_tablespaces',                    'trap_space',               'trap_space'),
    ('default_table_access_method',         'trap_heap',                'trap_heap'),
    ('exit_on_error',                       'on',                       'on'),
    ('plpgsql.extra_errors',                '''all''',                  'all'),
    ('plpgsql.extra_warnings',              '''all''',                  'all'),
    ('client_min_messages',                 'error',                    'error'),
    ('check_function_bodies',               'off',                      'off'),
    ('datestyle',                           '''SQL, DMY''',             'SQL, DMY'),
    ('intervalstyle',                       'iso_8601',                 'iso_8601'),
    ('timezone',                            '''Asia/Kolkata''',         'Asia/Kolkata'),
    ('bytea_output',                        'escape',                   'escape'),
    ('quote_all_identifiers',               'on',                       'on'),
    ('extra_float_digits',                  '-15',                      '-15'),
    ('array_nulls',                         'off',                      'off'),
    ('transform_null_equals',               'on',                       'on'),
    ('xmloption',                           '''document''',             'document'),
    ('client_encoding',                     '''LATIN1''',               'LATIN1'),
    ('synchronous_commit',                  'local',                    'local'),
    ('jit_above_cost',                      '0',                        NULL),
    ('cursor_tuple_fraction',               '0.001',                    '0.001'),
    ('enable_seqscan',                      'off',                      NULL),
    ('enable_hashjoin',                     'off',                      NULL),
    ('enable_indexscan',                    'off',                      NULL);
INSERT INTO trap.setting (name, value, shown)
SELECT 'transaction_timeout', '''880s''', '880s' WHERE current_setting('server_version_num')::integer >= 170000;
INSERT INTO trap.setting (name, value, shown)
SELECT 'standard_conforming_strings', 'off', 'off' WHERE current_setting('server_version_num')::integer < 190000;

DO $$
DECLARE
    s record;
BEGIN
    FOR s IN SELECT name, value FROM trap.setting LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %s = %s',
                       current_setting('torture.role'), current_database(), s.name, s.value);
    END LOOP;
END
$$;

CREATE FUNCTION trap.login() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    s record;
BEGIN
    IF (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) session_user) THEN
        RETURN;
    END IF;
    FOR s IN SELECT name, value FROM trap.setting WHERE name NOT IN ('client_encoding', 'search_path') LOOP
        EXECUTE pg_catalog.format('SET %s = %s', s.name, s.value);
    END LOOP;
    SET search_path = trap, pg_catalog, public;
END
$$;

-- Without a search_path of its own: it looks at that of the step.
CREATE FUNCTION trap.look() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    SELECT pg_catalog.string_agg(pg_catalog.format('%s = %s', s.name, s.shown), ', ') INTO seen
    FROM trap.setting AS s
    WHERE pg_catalog.current_setting(s.name) OPERATOR(pg_catalog.=) s.shown
       OR s.name OPERATOR(pg_catalog.=) 'search_path'
          AND pg_catalog.strpos(pg_catalog.current_setting(s.name), 'trap') OPERATOR(pg_catalog.>) 0;
    IF seen IS NOT NULL OR pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.=) 'serializable' THEN
        RAISE EXCEPTION 'a step sees %', coalesce(seen, 'the isolation level of the role');
    END IF;
END
$$;

DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        EXECUTE 'CREATE EVENT TRIGGER trap_login ON login EXECUTE FUNCTION trap.login()';
    END IF;
END
$$;

-- A clock that jumps by up to two days either way at each look. The built-in one cannot be replaced, but renamed.
SET allow_system_table_mods = on;
ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO trap_clock;
CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.trap_clock() + interval '2 days' * (1 - 2 * pg_catalog.random()) $$;

CREATE EVENT TRIGGER trap_look ON ddl_command_end EXECUTE FUNCTION trap.look();
