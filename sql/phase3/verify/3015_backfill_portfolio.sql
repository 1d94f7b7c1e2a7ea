-- Tables and columns that a later step takes away are looked for first: ts_stat() is the one function of PostgreSQL that runs a
-- query given as text; it wants its findings as a tsvector, and gives them back as words. Two uuids are compared as
-- they are: their spellings take ten times as long.

-- check: every table of the portfolio has been gone through to its end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3015_backfill_portfolio: professionals'),
    ('3015_backfill_portfolio: returned roots'),
    ('3015_backfill_portfolio: portfolio_items'),
    ('3015_backfill_portfolio: services'),
    ('3015_backfill_portfolio: lead_requests')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: what hangs on a professional hangs on the root of that professional
SELECT w.table_name, split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS professional_id,
    split_part(x.word, ' ', 3) AS root_id, split_part(x.word, ' ', 4) AS root_of_professional
FROM (
    SELECT c.relname AS table_name,
        CASE WHEN 'uuid'::regtype = ALL (ARRAY[a.atttypid, k.atttypid])
             THEN 'p.id = e.professional_id' ELSE 'p.id::text COLLATE "C" = lower(e.professional_id::text)' END AS is_professional
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'professional_id' AND NOT a.attisdropped
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = to_regclass('public.professionals') AND k.attname = 'id' AND NOT k.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND c.relname IN ('portfolio_items', 'services', 'lead_requests')
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(format(
    'SELECT array_to_tsvector(ARRAY[concat_ws('' '', e.id, e.professional_id, e.user_role_profile_id,'
    ' p.user_role_profile_id)])'
    ' FROM public.%I AS e JOIN public.professionals AS p ON %s'
    ' WHERE e.user_role_profile_id <> p.user_role_profile_id',
    w.table_name, w.is_professional)) AS x
ORDER BY 1, 2;

-- check: every professional whose profession means a role hangs on the root of that role and user
-- What a profession means is asked once for each.
SELECT 'professionals' AS table_name, split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS root_id
FROM (
    SELECT CASE WHEN 'uuid'::regtype = ALL (ARRAY[a.atttypid, k.atttypid])
                THEN 'u.id = p.user_id' ELSE 'u.id::text = lower(p.user_id::text)' END AS is_user
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = to_regclass('public.users') AND k.attname = 'id' AND NOT k.attisdropped
    WHERE a.attrelid = to_regclass('public.professionals') AND a.attname = 'user_id' AND NOT a.attisdropped
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(format(
    'SELECT array_to_tsvector(ARRAY[concat_ws('' '', p.id, p.user_role_profile_id)])'
    ' FROM (SELECT s.name, nxtgauge_migration.profession_role(s.name) AS role_key'
    ' FROM (SELECT DISTINCT o.profession::text COLLATE "C" AS name FROM public.professionals AS o) AS s OFFSET 0) AS t'
    ' JOIN public.professionals AS p ON p.profession::text COLLATE "C" = t.name'
    ' JOIN public.users AS u ON %s'
    ' LEFT JOIN public.user_role_profiles AS r ON r.id = p.user_role_profile_id'
    ' WHERE t.role_key IS NOT NULL AND (r.user_id, r.role_key) IS DISTINCT FROM (u.id, t.role_key)',
    w.is_user)) AS x
ORDER BY 2;
