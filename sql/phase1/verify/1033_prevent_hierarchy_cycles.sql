-- check: the trigger on departments is on
SELECT 'refuse_department_cycle' AS trigger_name, 'missing, switched off, or its function not pinned' AS reason
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = pg_catalog.to_regclass('public.departments') AND f.proname = 'refuse_department_cycle'
      AND t.tgenabled IN ('O', 'A') AND t.tgconstraint <> 0
      AND f.prosecdef AND 'search_path=pg_catalog, pg_temp' = ANY (f.proconfig));

-- check: the trigger on employees is on
SELECT 'refuse_manager_cycle' AS trigger_name, 'missing, switched off, or its function not pinned' AS reason
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger AS t
    JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
    WHERE t.tgrelid = pg_catalog.to_regclass('public.employees') AND f.proname = 'refuse_manager_cycle'
      AND t.tgenabled IN ('O', 'A') AND t.tgconstraint <> 0
      AND f.prosecdef AND 'search_path=pg_catalog, pg_temp' = ANY (f.proconfig));

-- check: no department stands under itself
WITH RECURSIVE chain AS (
    SELECT t.id::text AS start, t.parent_id::text AS above, ARRAY[t.id::text] AS path
    FROM public.departments AS t
    WHERE t.parent_id IS NOT NULL
    UNION ALL
    SELECT c.start, t.parent_id::text, c.path || t.id::text
    FROM chain AS c
    JOIN public.departments AS t ON t.id::text = c.above
    WHERE t.id::text <> ALL (c.path)
)
SELECT c.start AS id, pg_catalog.array_to_string(c.path || c.start, ' -> ') AS chain
FROM chain AS c
WHERE c.above = c.start
ORDER BY 1;

-- check: no employee reports to himself
WITH RECURSIVE chain AS (
    SELECT t.id::text AS start, t.manager_id::text AS above, ARRAY[t.id::text] AS path
    FROM public.employees AS t
    WHERE t.manager_id IS NOT NULL
    UNION ALL
    SELECT c.start, t.manager_id::text, c.path || t.id::text
    FROM chain AS c
    JOIN public.employees AS t ON t.id::text = c.above
    WHERE t.id::text <> ALL (c.path)
)
SELECT c.start AS id, pg_catalog.array_to_string(c.path || c.start, ' -> ') AS chain
FROM chain AS c
WHERE c.above = c.start
ORDER BY 1;
