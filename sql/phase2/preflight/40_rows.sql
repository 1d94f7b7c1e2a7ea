-- Rows that cannot have a root. With --accept-quarantine they are set aside, whole, and a rollback puts them back. The tables
-- may be of another shape than expected, so each query is put together from what the catalogue has. ts_stat() is the one
-- function of PostgreSQL that runs a query given as text; it wants its findings as a tsvector, and gives them back as words.

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
SELECT 'public.' || w.table_name AS object, split_part(x.word, ' ', 1) AS id,
    'its user ' || split_part(x.word, ' ', 2) || ' is gone' AS reason,
    'Restore the user, or agree that the row is set aside: --accept-quarantine.' AS next_step
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
    'SELECT array_to_tsvector(ARRAY[concat(e.id, '' '', left(e.user_id::text, 100))]) FROM public.%I AS e'
    ' WHERE e.user_id::text <> '''' AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id::text = %s)',
    w.table_name, CASE WHEN w.user_id_type = 'uuid'::regtype THEN 'lower(e.user_id::text)' ELSE 'e.user_id::text' END)) AS x
ORDER BY 1, 2;

-- check: no user has two rows in one profile table
-- consent: accept-quarantine
-- Of several rows stays the one that has a root already, else an approved one, else the one created first, else the one with
-- the smallest id.
SELECT 'public.' || w.table_name AS object, split_part(x.word, ' ', 1) AS id,
    'user ' || split_part(x.word, ' ', 2) || ' has another row, ' || split_part(x.word, ' ', 3) || ', which stays' AS reason,
    'Join the two, or agree that this one is set aside: --accept-quarantine.' AS next_step
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
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format($query$
    SELECT array_to_tsvector(ARRAY[concat_ws(' ', r.id, r.owner, r.kept)])
    FROM (
        SELECT e.id, p.owner, first_value(e.id) OVER ranking AS kept, row_number() OVER ranking AS place
        FROM (
            SELECT %2$s AS owner, array_agg(o.id) AS ids FROM public.%1$I AS o WHERE o.user_id::text <> ''
            GROUP BY 1 HAVING count(*) > 1
        ) AS p
        JOIN public.%1$I AS e ON e.id = ANY (p.ids)
        WHERE EXISTS (SELECT FROM public.users AS u WHERE u.id::text = p.owner)
        WINDOW ranking AS (PARTITION BY p.owner
            ORDER BY to_jsonb(e) ->> 'user_role_profile_id' IS NULL,
                lower(btrim(e.status::text)) IS DISTINCT FROM 'approved',
                (to_jsonb(e) ->> 'created_at')::timestamptz NULLS LAST, e.id)
    ) AS r
    WHERE r.place > 1$query$,
    w.table_name, CASE WHEN w.user_id_type = 'uuid'::regtype THEN 'lower(o.user_id::text)' ELSE 'o.user_id::text' END)) AS x
ORDER BY 1, 2;

-- check: no other table refers to a row that would be set aside
-- Which of a user's rows its children belong to is for a person to say, so they are neither moved along nor left behind.
SELECT 'public.' || w.table_name AS object, split_part(x.word, ' ', 1) AS id,
    pg_catalog.format('%s rows of %s refer to it by %I', split_part(x.word, ' ', 2), f.conrelid::regclass, f.conname) AS reason,
    'Let them refer to the row that stays, or mend this one.' AS next_step
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
        SELECT e.id, %2$s AS owner, row_number() OVER (PARTITION BY %2$s
            ORDER BY to_jsonb(e) ->> 'user_role_profile_id' IS NULL,
                lower(btrim(e.status::text)) IS DISTINCT FROM 'approved',
                (to_jsonb(e) ->> 'created_at')::timestamptz NULLS LAST, e.id) AS place
        FROM public.%1$I AS e
    ) AS r
    JOIN %3$s AS child ON child.%4$I = r.id
    LEFT JOIN public.users AS u ON u.id::text = r.owner
    WHERE r.place > 1 OR u.id IS NULL
    GROUP BY r.id$query$,
    w.table_name, CASE WHEN w.user_id_type = 'uuid'::regtype THEN 'lower(e.user_id::text)' ELSE 'e.user_id::text' END,
    f.conrelid::regclass, f.attname)) AS x
ORDER BY 1, 2;
