-- What Phase 2 builds on. Everything here asks the catalogue alone, so it answers on any database, and on one where the
-- phase is applied already.

-- check: every profile table is there, as an ordinary table
SELECT 'public.' || w.table_name AS object,
    CASE WHEN c.oid IS NULL THEN 'missing'
         WHEN c.relkind = 'p' THEN 'partitioned'
         WHEN c.relkind <> 'r' THEN 'not a table'
         ELSE 'takes part in inheritance' END AS reason,
    'Create the table, even empty, or make an ordinary table of it: the kit changes no other.' AS next_step
FROM (
    VALUES
    ('users'),
    ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
    ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
    ('job_seeker_profiles')
) AS w (table_name)
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE c.oid IS NULL OR c.relkind <> 'r'
   OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent))
ORDER BY 1;

-- check: every profile table has its user and the six common fields, each of a usable type
SELECT 'public.' || w.table_name || '.' || f.column_name AS object,
    CASE WHEN a.attname IS NULL THEN 'missing'
         ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 2 needs it as ' || f.family || '.' AS next_step
FROM (
    VALUES
    ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
    ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
    ('job_seeker_profiles')
) AS w (table_name)
CROSS JOIN (
    VALUES
    ('id', 'uuid, or a string that holds one'), ('user_id', 'uuid, or a string that holds one'),
    ('display_name', 'a string'), ('bio', 'a string'), ('location', 'a string'), ('status', 'a string or an enum'),
    ('rejection_reason', 'a string'), ('approved_at', 'timestamptz or timestamp')
) AS f (column_name, family)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = f.column_name AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS d ON d.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END
WHERE NOT coalesce(CASE f.family
        WHEN 'uuid, or a string that holds one' THEN t.oid = 'uuid'::pg_catalog.regtype OR t.typcategory = 'S'
        WHEN 'a string' THEN t.typcategory = 'S'
        WHEN 'a string or an enum' THEN t.typcategory = 'S' OR t.typtype = 'e'
        ELSE t.oid IN ('timestamptz'::pg_catalog.regtype, 'timestamp'::pg_catalog.regtype) END, false)
  -- After 2090 they are in the root; what it took away rests in the support schema.
  AND NOT (a.attname IS NULL AND f.column_name <> 'id' AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS l
    WHERE l.attrelid = c.oid AND l.attname = 'user_role_profile_id' AND NOT l.attisdropped
      AND pg_catalog.col_description(c.oid, l.attnum) LIKE 'nxtgauge-migrate:%'))
  AND coalesce(a.attgenerated, '') = ''
ORDER BY 1;

-- check: user and common fields are plain columns
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'is generated' AS reason,
    'Phase 2 writes it. Make it a plain column that the backend fills.' AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE NOT a.attisdropped AND a.attgenerated <> ''
  AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
  AND c.relname IN (
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
ORDER BY 1;

-- check: profiles and users are identified by their id
SELECT 'public.' || w.table_name || '.id' AS object,
    coalesce('the primary key is (' || k.columns || ')', 'it is no primary key') AS reason,
    pg_catalog.format('ALTER TABLE public.%I ADD PRIMARY KEY (id);', w.table_name) AS next_step
FROM (
    VALUES
    ('users'),
    ('photographer_profiles'), ('tutor_profiles'), ('makeup_artist_profiles'),
    ('developer_profiles'), ('video_editor_profiles'), ('graphic_designer_profiles'),
    ('social_media_manager_profiles'), ('fitness_trainer_profiles'), ('catering_service_profiles'),
    ('ugc_content_creator_profiles'), ('company_profiles'), ('customer_profiles'),
    ('job_seeker_profiles')
) AS w (table_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN LATERAL (
    SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = c.oid AND i.indisprimary
    GROUP BY i.indexrelid
) AS k ON true
WHERE k.columns IS DISTINCT FROM 'id'
ORDER BY 1;

-- check: users.id is a uuid, or a string that holds one
SELECT 'public.users.id' AS object,
    'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) AS reason,
    'Phase 2 refers to it as uuid, or as a string that holds one.' AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = pg_catalog.to_regclass('public.users') AND a.attname = 'id' AND NOT a.attisdropped
  AND t.oid <> 'uuid'::pg_catalog.regtype AND t.typcategory <> 'S';

-- check: this role may change the profile tables, and sees all their rows
SELECT 'public.' || c.relname AS object,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ', not to ' || current_user
         ELSE 'row-level security hides rows of it from ' || current_user END AS reason,
    CASE WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
         THEN 'Run the kit as the owner, or with --role ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) || '.'
         ELSE 'Run the kit as a role with BYPASSRLS, or as an owner without FORCE ROW LEVEL SECURITY.' END AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN (
    'users',
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.row_security_active(c.oid))
ORDER BY 1;

-- check: no column that will leave is of a domain
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'is of the domain ' || t.oid::pg_catalog.regtype AS reason,
    pg_catalog.format('ALTER TABLE public.%I ALTER COLUMN %I TYPE %s;', c.relname, a.attname,
                      pg_catalog.format_type(t.typbasetype, t.typtypmod)) AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid AND t.typtype = 'd'
WHERE NOT a.attisdropped
  AND c.relname IN (
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
  AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at',
                    'github_url', 'portfolio_url', 'reel_url')
ORDER BY 1;
