-- Make it impossible that a department stands under itself, or an employee reports to himself, through any chain.
--
-- kind: expand
-- depends: 1032_extend_employees
-- locks: public.departments SHARE ROW EXCLUSIVE, then public.employees SHARE ROW EXCLUSIVE, for milliseconds

-- unit: functions

-- The triggers walk from the new superior up to the top. They fire after the statement, so that one statement may turn a
-- chain round, and they lock each ancestor FOR SHARE: whoever is changing an ancestor's place at the same time holds it FOR
-- NO KEY UPDATE, and so two changes that would close a circle only together meet. Then the second one waits and sees the
-- first, or, in REPEATABLE READ, fails with 40001, or the two of them end as a deadlock: never in a circle.
-- SECURITY DEFINER, because locking needs a privilege that a backend's role may lack, and so that no policy hides a link
-- of the chain.

CREATE FUNCTION public.refuse_department_cycle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ancestor public.departments.id%TYPE;
    chain    text[];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
        RETURN NULL;
    END IF;

    chain := ARRAY[NEW.id::text];
    ancestor := NEW.parent_id::text;
    WHILE ancestor IS NOT NULL LOOP
        chain := chain || ancestor::text;
        IF ancestor::text = ANY (chain[:cardinality(chain) - 1]) THEN
            RAISE EXCEPTION 'department % cannot stand under %: that closes a circle', chain[1], chain[2]
                USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
                      DETAIL = 'The chain is ' || array_to_string(chain, ' -> ') || '.',
                      HINT = 'Choose another parent_id, or set it to NULL.';
        END IF;
        SELECT t.parent_id::text INTO ancestor
        FROM public.departments AS t WHERE t.id = ancestor
        FOR SHARE;
        EXIT WHEN NOT FOUND;
    END LOOP;
    RETURN NULL;
EXCEPTION WHEN invalid_text_representation THEN
    -- Where a legacy column keeps the reference as text, it may hold what is no id: that is the chain's end.
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.refuse_department_cycle() IS
    'nxtgauge-migrate: no department stands under itself, through any chain, under any concurrency.';

CREATE FUNCTION public.refuse_manager_cycle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ancestor public.employees.id%TYPE;
    chain    text[];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.manager_id IS NOT DISTINCT FROM OLD.manager_id THEN
        RETURN NULL;
    END IF;

    chain := ARRAY[NEW.id::text];
    ancestor := NEW.manager_id::text;
    WHILE ancestor IS NOT NULL LOOP
        chain := chain || ancestor::text;
        IF ancestor::text = ANY (chain[:cardinality(chain) - 1]) THEN
            RAISE EXCEPTION 'employee % cannot report to %: that closes a circle', chain[1], chain[2]
                USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
                      DETAIL = 'The chain is ' || array_to_string(chain, ' -> ') || '.',
                      HINT = 'Choose another manager_id, or set it to NULL.';
        END IF;
        SELECT t.manager_id::text INTO ancestor
        FROM public.employees AS t WHERE t.id = ancestor
        FOR SHARE;
        EXIT WHEN NOT FOUND;
    END LOOP;
    RETURN NULL;
EXCEPTION WHEN invalid_text_representation THEN
    -- Where a legacy column keeps the reference as text, it may hold what is no id: that is the chain's end.
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.refuse_manager_cycle() IS
    'nxtgauge-migrate: no employee reports to himself, through any chain, under any concurrency.';

SELECT nxtgauge_migration.close_routines('public.refuse_department_cycle()', 'public.refuse_manager_cycle()');

-- unit: departments
-- locks: public.departments SHARE ROW EXCLUSIVE

CREATE CONSTRAINT TRIGGER refuse_department_cycle
    AFTER INSERT OR UPDATE ON public.departments
    NOT DEFERRABLE
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
    EXECUTE FUNCTION public.refuse_department_cycle();

COMMENT ON TRIGGER refuse_department_cycle ON public.departments IS
    'nxtgauge-migrate: a constraint trigger, so that it holds during a backfill, too.';

-- unit: employees
-- locks: public.employees SHARE ROW EXCLUSIVE

CREATE CONSTRAINT TRIGGER refuse_manager_cycle
    AFTER INSERT OR UPDATE ON public.employees
    NOT DEFERRABLE
    FOR EACH ROW WHEN (NEW.manager_id IS NOT NULL)
    EXECUTE FUNCTION public.refuse_manager_cycle();

COMMENT ON TRIGGER refuse_manager_cycle ON public.employees IS
    'nxtgauge-migrate: a constraint trigger, so that it holds during a backfill, too.';
