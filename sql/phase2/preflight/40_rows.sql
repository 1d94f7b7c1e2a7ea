-- Rows that cannot have a root. With --accept-quarantine they are set aside, whole, and a rollback puts them back. The tables
-- may be of another shape than expected, so each query is put together from what the catalogue has. ts_stat() is the one
-- function of PostgreSQL that runs a query given as text; it wants its findings as a tsvector, and gives them back as words.
-- Where user and profile both have uuids, these are compared as they are: their spellings take ten times as long.

-- check: every profile has a user
-- consent: accept-quarantine
SELECT 'public.' || w.table_name AS object, x.word AS id, 'it has no user' AS reason,
    'Give it its user, or agree that it is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT c.oid AS relation, c.relname AS table_name, k.attnum AS id_attnum, u.atttypid AS user_id_type
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attname = 'id' AND NOT k.attisdropped
    JOIN pg_catalog.pg_attribute AS u
        ON u.attrelid = pg_catalog.to_regclass('public.users') AND u.attname = 'id' AND NOT u.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
      -- What 10_profile_tables refuses is not read here.
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND pg_catalog.has_table_privilege(u.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(u.attrelid)
      AND 2 = (
        SELECT count(*) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'status') AND NOT a.attisdropped)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[e.id::text]) FROM public.%I AS e WHERE coalesce(e.user_id::text, '''') = ''''',
    w.table_name)) AS x
ORDER BY 1, 2;

-- check: the user of every profile exists
-- consent: accept-quarantine
-- The tables are one query, or two where some of them have no uuids, so that the users are read once.
SELECT 'public.' || split_part(x.word, ' ', 1) AS object, split_part(x.word, ' ', 2) AS id,
    'its user ' || split_part(x.word, ' ', 3) || ' is gone' AS reason,
    'Restore the user, or agree that the row is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT w.user_id, pg_catalog.string_agg(pg_catalog.format(
            'SELECT %L AS table_name, e.id::text AS id, e.user_id::text AS spelling, %s AS owner FROM public.%I AS e',
            w.table_name, w.owner, w.table_name), ' UNION ALL ') AS every_table
    FROM (
        SELECT c.relname AS table_name,
            CASE WHEN u.atttypid <> 'uuid'::regtype THEN 'e.user_id::text'
                 WHEN o.atttypid <> 'uuid'::regtype THEN 'lower(e.user_id::text)'
                 ELSE 'e.user_id' END AS owner,
            CASE WHEN 'uuid'::regtype = ALL (ARRAY[u.atttypid, o.atttypid]) THEN 'u.id' ELSE 'u.id::text' END AS user_id
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attname = 'id' AND NOT k.attisdropped
        JOIN pg_catalog.pg_attribute AS o ON o.attrelid = c.oid AND o.attname = 'user_id' AND NOT o.attisdropped
        JOIN pg_catalog.pg_attribute AS u
            ON u.attrelid = pg_catalog.to_regclass('public.users') AND u.attname = 'id' AND NOT u.attisdropped
        WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
          AND c.relname IN (
            'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
            'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
            'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
            'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
            'job_seeker_profiles')
          -- What 10_profile_tables refuses is not read here.
          AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
          AND pg_catalog.has_table_privilege(u.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(u.attrelid)
          AND 2 = (
            SELECT count(*) FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'status') AND NOT a.attisdropped)
    ) AS w
    GROUP BY w.user_id
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    SELECT array_to_tsvector(ARRAY[concat_ws(' ', e.table_name, e.id, left(e.spelling, 100))])
    FROM (%s) AS e
    WHERE e.spelling <> '' AND NOT EXISTS (SELECT FROM public.users AS u WHERE %s = e.owner)$query$,
    w.every_table, w.user_id)) AS x
ORDER BY 1, 2;

-- check: no user has two rows in one profile table
-- consent: accept-quarantine
-- Of several rows stays the one that has a root already, else an approved one, else the one created first, else the one with
-- the smallest id.
SELECT 'public.' || w.table_name AS object, split_part(x.word, ' ', 1) AS id,
    'user ' || split_part(x.word, ' ', 2) || ' has another row, ' || split_part(x.word, ' ', 3) || ', which stays' AS reason,
    'Join the two, or agree that this one is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT c.oid AS relation, c.relname AS table_name, k.attnum AS id_attnum,
        CASE WHEN u.atttypid <> 'uuid'::regtype THEN 'e.user_id::text'
             WHEN o.atttypid <> 'uuid'::regtype THEN 'lower(e.user_id::text)'
             ELSE 'e.user_id' END AS owner,
        CASE WHEN 'uuid'::regtype = ALL (ARRAY[u.atttypid, o.atttypid]) THEN 'u.id' ELSE 'u.id::text' END AS user_id
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attname = 'id' AND NOT k.attisdropped
    JOIN pg_catalog.pg_attribute AS o ON o.attrelid = c.oid AND o.attname = 'user_id' AND NOT o.attisdropped
    JOIN pg_catalog.pg_attribute AS u
        ON u.attrelid = pg_catalog.to_regclass('public.users') AND u.attname = 'id' AND NOT u.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
      -- What 10_profile_tables refuses is not read here.
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND pg_catalog.has_table_privilege(u.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(u.attrelid)
      AND 2 = (
        SELECT count(*) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'status') AND NOT a.attisdropped)
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    SELECT array_to_tsvector(ARRAY[concat_ws(' ', r.id, r.owner, r.kept)])
    FROM (
        SELECT e.id, p.owner, first_value(e.id) OVER ranking AS kept, row_number() OVER ranking AS place
        FROM (
            SELECT %2$s AS owner, array_agg(e.id) AS ids FROM public.%1$I AS e GROUP BY 1 HAVING count(*) > 1
        ) AS p
        JOIN public.%1$I AS e ON e.id = ANY (p.ids)
        WHERE p.owner::text <> '' AND EXISTS (SELECT FROM public.users AS u WHERE %3$s = p.owner)
        WINDOW ranking AS (PARTITION BY p.owner
            ORDER BY to_jsonb(e) ->> 'user_role_profile_id' IS NULL,
                lower(btrim(e.status::text)) IS DISTINCT FROM 'approved',
                (to_jsonb(e) ->> 'created_at')::timestamptz NULLS LAST, e.id)
    ) AS r
    WHERE r.place > 1$query$,
    w.table_name, w.owner, w.user_id)) AS x
ORDER BY 1, 2;

-- check: no other table refers to a row that would be set aside
-- Which of a user's rows its children belong to is for a person to say, so they are neither moved along nor left behind.
SELECT 'public.' || w.table_name AS object, split_part(x.word, ' ', 1) AS id,
    pg_catalog.format('%s rows of %s refer to it by %I', split_part(x.word, ' ', 2), f.conrelid::regclass, f.conname) AS reason,
    'Let them refer to the row that stays, or mend this one.' AS next_step
FROM (
    SELECT c.oid AS relation, c.relname AS table_name, k.attnum AS id_attnum,
        CASE WHEN u.atttypid <> 'uuid'::regtype THEN 'e.user_id::text'
             WHEN o.atttypid <> 'uuid'::regtype THEN 'lower(e.user_id::text)'
             ELSE 'e.user_id' END AS owner,
        CASE WHEN 'uuid'::regtype = ALL (ARRAY[u.atttypid, o.atttypid]) THEN 'u.id' ELSE 'u.id::text' END AS user_id
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attname = 'id' AND NOT k.attisdropped
    JOIN pg_catalog.pg_attribute AS o ON o.attrelid = c.oid AND o.attname = 'user_id' AND NOT o.attisdropped
    JOIN pg_catalog.pg_attribute AS u
        ON u.attrelid = pg_catalog.to_regclass('public.users') AND u.attname = 'id' AND NOT u.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
      -- What 10_profile_tables refuses is not read here.
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND pg_catalog.has_table_privilege(u.attrelid, 'SELECT') AND NOT pg_catalog.row_security_active(u.attrelid)
      AND 2 = (
        SELECT count(*) FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'status') AND NOT a.attisdropped)
    OFFSET 0
) AS w
CROSS JOIN LATERAL (
    SELECT k.conname, k.conrelid, c.attname
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_attribute AS c ON c.attrelid = k.conrelid AND c.attnum = k.conkey[1]
    WHERE k.confrelid = w.relation AND k.contype = 'f' AND k.confkey = ARRAY[w.id_attnum]
      AND pg_catalog.has_table_privilege(k.conrelid, 'SELECT') AND NOT pg_catalog.row_security_active(k.conrelid)
    OFFSET 0
) AS f
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    SELECT array_to_tsvector(ARRAY[concat_ws(' ', r.id, count(*))])
    FROM (
        SELECT e.id, p.is_gone, row_number() OVER (PARTITION BY p.owner
            ORDER BY to_jsonb(e) ->> 'user_role_profile_id' IS NULL,
                lower(btrim(e.status::text)) IS DISTINCT FROM 'approved',
                (to_jsonb(e) ->> 'created_at')::timestamptz NULLS LAST, e.id) AS place
        FROM (
            SELECT g.owner, g.ids, u.id IS NULL AS is_gone
            FROM (SELECT %2$s AS owner, array_agg(e.id) AS ids FROM public.%1$I AS e GROUP BY 1) AS g
            LEFT JOIN public.users AS u ON %3$s = g.owner
            WHERE u.id IS NULL OR cardinality(g.ids) > 1
        ) AS p
        JOIN public.%1$I AS e ON e.id = ANY (p.ids)
    ) AS r
    JOIN %4$s AS child ON child.%5$I = r.id
    WHERE r.place > 1 OR r.is_gone
    GROUP BY r.id$query$,
    w.table_name, w.owner, w.user_id, f.conrelid::regclass, f.attname)) AS x
ORDER BY 1, 2;
