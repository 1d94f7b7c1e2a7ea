-- What uses the columns that the contract steps take away: the user, the six common fields, the forbidden links. Indexes,
-- constraints, defaults, statistics and triggers that name a column leave and come back with it; these here do not.

-- check: nothing outside its table uses a column that will leave
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
      AND (a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
           OR (c.relname, a.attname) IN (
            ('developer_profiles', 'github_url'), ('developer_profiles', 'portfolio_url'),
            ('video_editor_profiles', 'reel_url'), ('graphic_designer_profiles', 'portfolio_url')))
)
SELECT DISTINCT CASE
        WHEN v.oid IS NOT NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    pg_catalog.format('uses public.%I.%I, which leaves', l.relname, l.attname) AS reason,
    pg_catalog.format('Let it read user_role_profiles, or drop it and keep its definition (%s).',
        CASE WHEN v.oid IS NOT NULL THEN 'pg_get_viewdef' ELSE 'pg_dump -s' END) AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = l.relation AND d.refobjsubid = l.attnum
   AND d.deptype IN ('n', 'a')
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
WHERE NOT CASE d.classid
    -- an index, or another column of the table that is made of it
    WHEN 'pg_catalog.pg_class'::regclass THEN
        CASE WHEN d.objid = l.relation THEN d.objsubid IN (SELECT o.attnum FROM leaving AS o WHERE o.relation = l.relation)
             ELSE true END
    WHEN 'pg_catalog.pg_attrdef'::regclass THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_attrdef AS o JOIN leaving AS m ON m.relation = o.adrelid AND m.attnum = o.adnum
        WHERE o.oid = d.objid AND o.adrelid = l.relation)
    WHEN 'pg_catalog.pg_constraint'::regclass THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint AS o
        WHERE o.oid = d.objid AND o.contype <> 'p' AND l.relation IN (o.conrelid, o.confrelid))
    WHEN 'pg_catalog.pg_trigger'::regclass THEN EXISTS (
        SELECT 1 FROM pg_catalog.pg_trigger AS o
        WHERE o.oid = d.objid AND (o.tgrelid = l.relation OR pg_catalog.starts_with(o.tgname, 'carry_root_to_')))
    ELSE d.classid = 'pg_catalog.pg_statistic_ext'::regclass
END
ORDER BY 1, 2;

-- check: no trigger's function reads a column that will leave
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
      AND (a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
           OR (c.relname, a.attname) IN (
            ('developer_profiles', 'github_url'), ('developer_profiles', 'portfolio_url'),
            ('video_editor_profiles', 'reel_url'), ('graphic_designer_profiles', 'portfolio_url')))
)
SELECT DISTINCT pg_catalog.format('trigger %I of public.%I', t.tgname, l.relname) AS object,
    pg_catalog.format('its function %s reads NEW.%I or OLD.%I, which leaves', t.tgfoid::regprocedure, l.attname, l.attname)
        AS reason,
    'Let the function do without it, or drop the trigger and keep its definition (pg_get_triggerdef).' AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = l.relation AND NOT t.tgisinternal AND t.tgenabled <> 'D'
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT LIKE 'nxtgauge\_migration%'
  AND p.prosrc ~* ('\m(new|old)\."?' || l.attname || '\M')
  -- A trigger that names the column itself is parked with it.
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = l.relation AND d.refobjsubid = l.attnum)
ORDER BY 1, 2;

-- check: no foreign key on a column that will leave has triggers that were switched off
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
      AND c.relname IN (
        'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
        'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
        'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
        'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
        'job_seeker_profiles')
      AND (a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at')
           OR (c.relname, a.attname) IN (
            ('developer_profiles', 'github_url'), ('developer_profiles', 'portfolio_url'),
            ('video_editor_profiles', 'reel_url'), ('graphic_designer_profiles', 'portfolio_url')))
)
SELECT DISTINCT pg_catalog.format('foreign key %I of %s', k.conname, k.conrelid::regclass) AS object,
    'has triggers switched off, which only a superuser can repeat' AS reason,
    'Switch them on, or drop the key and keep its definition.' AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_constraint AS k ON k.contype = 'f'
    AND ((k.conrelid = l.relation AND l.attnum = ANY (k.conkey)) OR (k.confrelid = l.relation AND l.attnum = ANY (k.confkey)))
WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
ORDER BY 1;

-- check: every privilege on a column that will leave can be granted again in its grantor's name
-- stage: contract
SELECT DISTINCT 'public.' || c.relname || '.' || a.attname AS object,
    pg_catalog.format('%s granted %s on it to %s', pg_catalog.pg_get_userbyid(g.grantor), g.privilege_type,
                      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END) AS reason,
    pg_catalog.format('GRANT %I TO %I; or revoke the privilege and grant it again afterwards.',
                      pg_catalog.pg_get_userbyid(g.grantor), current_user) AS next_step
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS g
WHERE NOT a.attisdropped AND g.grantor <> c.relowner AND NOT pg_catalog.pg_has_role(g.grantor, 'MEMBER')
  AND c.relname IN (
    'photographer_profiles', 'tutor_profiles', 'makeup_artist_profiles',
    'developer_profiles', 'video_editor_profiles', 'graphic_designer_profiles',
    'social_media_manager_profiles', 'fitness_trainer_profiles', 'catering_service_profiles',
    'ugc_content_creator_profiles', 'company_profiles', 'customer_profiles',
    'job_seeker_profiles')
  AND a.attname IN ('user_id', 'display_name', 'bio', 'location', 'status', 'rejection_reason', 'approved_at',
                    'github_url', 'portfolio_url', 'reel_url')
ORDER BY 1, 2;
