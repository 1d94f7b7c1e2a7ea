-- References kept as text: what Phase 3 needs to make references of them, and what their values would lose at contract.

-- check: every table with a text reference, and every one referred to, is there, as an ordinary table
SELECT 'public.' || w.table_name AS object,
    CASE WHEN c.oid IS NULL THEN 'missing'
         WHEN c.relkind = 'p' THEN 'partitioned'
         WHEN c.relkind <> 'r' THEN 'not a table'
         ELSE 'takes part in inheritance' END AS reason,
    'Create the table, even empty, or make an ordinary table of it: the kit changes no other.' AS next_step
FROM (
    SELECT t.table_name FROM (
        VALUES
        ('departments'),
        ('email_logs'),
        ('employees'),
        ('kb_articles'),
        ('lead_requests'),
        ('payments'),
        ('pricing_packages'),
        ('runtime_configs'),
        ('support_ticket_messages'),
        ('support_tickets'),
        ('tracecoin_ledger'),
        ('users')
    ) AS t (table_name)
    UNION ALL
    SELECT CASE WHEN pg_catalog.to_regclass('public.coupon_redemptions') IS NULL THEN 'coupon_uses' ELSE 'coupon_redemptions' END
) AS w
LEFT JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
WHERE c.oid IS NULL OR c.relkind <> 'r'
   OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent))
ORDER BY 1;

-- check: every text reference is there, a string or a uuid, wide enough and written by the backend
SELECT 'public.' || w.table_name || '.' || w.old_column AS object,
    CASE WHEN a.attname IS NULL THEN 'missing'
         WHEN a.attgenerated <> '' THEN 'is generated'
         ELSE 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) END AS reason,
    'Phase 3 needs it as a string of at least 36 characters, or as uuid, and writes it.' AS next_step
FROM (
    VALUES
    ('employees', 'department_id', 'assigned_department_id'),
    ('payments', 'package_id', 'pricing_package_id'),
    ('email_logs', 'user_id', 'recipient_user_id'),
    ('support_tickets', 'assigned_to', 'assigned_employee_id'),
    ('support_ticket_messages', 'sender_id', 'sender_user_id'),
    ('kb_articles', 'author_id', 'author_employee_id'),
    ('runtime_configs', 'updated_by', 'updated_by_employee_id'),
    ('tracecoin_ledger', 'reference_id', 'payment_id'),
    ('tracecoin_ledger', 'reference_id', 'lead_request_id'),
    ('coupon_uses', 'payment_id', 'payment_id')
) AS w (table_name, old_column, new_column)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.old_column AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE (a.attname IS NULL OR a.attgenerated <> ''
       OR (t.oid <> 'uuid'::pg_catalog.regtype AND (t.typcategory <> 'S' OR t.typtype = 'd'))
       OR (t.typcategory = 'S' AND a.atttypmod BETWEEN 0 AND 39))
  -- Phase 1 adds it where it is missing; after 3094 it rests in the support schema.
  AND NOT (a.attname IS NULL AND ((w.table_name, w.old_column) = ('employees', 'department_id') OR EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS n
    WHERE n.attrelid = c.oid AND n.attname = w.new_column AND NOT n.attisdropped
      AND pg_catalog.col_description(c.oid, n.attnum) LIKE 'nxtgauge-migrate:%')))
ORDER BY 1;

-- check: every table referred to is identified by its id, a uuid or a string that holds one
SELECT 'public.' || w.table_name || '.id' AS object,
    CASE WHEN a.attname IS NULL THEN 'missing'
         WHEN t.oid <> 'uuid'::pg_catalog.regtype AND t.typcategory <> 'S' THEN 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
         ELSE 'no primary key or unique constraint is on it alone' END AS reason,
    'Phase 3 refers to it by a foreign key.' AS next_step
FROM (
    VALUES
    ('departments'),
    ('pricing_packages'),
    ('users'),
    ('employees'),
    ('payments'),
    ('lead_requests')
) AS w (table_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id' AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attname IS NULL OR (t.oid <> 'uuid'::pg_catalog.regtype AND t.typcategory <> 'S')
   OR NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
      AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
ORDER BY 1;

-- check: every table with a text reference has a key by which its rows are found again
SELECT 'public.' || c.relname AS object, 'has no primary key' AS reason,
    'Add a primary key, or a unique index on NOT NULL columns: rows are filled in batches.' AS next_step
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
  AND c.relname IN (
    'employees', 'payments', 'email_logs', 'support_tickets', 'support_ticket_messages', 'kb_articles', 'runtime_configs',
    'tracecoin_ledger', 'coupon_uses', 'coupon_redemptions')
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull))
ORDER BY 1;

-- check: this role may change the tables with text references, and sees all rows of them and of what they refer to
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
    'departments', 'email_logs', 'employees', 'kb_articles', 'lead_requests',
    'payments', 'pricing_packages', 'runtime_configs', 'support_ticket_messages', 'support_tickets',
    'tracecoin_ledger', 'users',
    'coupon_uses', 'coupon_redemptions')
  AND (NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.row_security_active(c.oid))
ORDER BY 1;

-- check: no column of somebody else has a name that the references need
SELECT 'public.' || c.relname || '.' || a.attname AS object, 'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.%I RENAME COLUMN %I TO …;', c.relname, a.attname) AS next_step
FROM (
    VALUES
    ('employees', 'assigned_department_id'),
    ('payments', 'pricing_package_id'),
    ('email_logs', 'recipient_user_id'),
    ('support_tickets', 'assigned_employee_id'),
    ('support_ticket_messages', 'sender_user_id'),
    ('kb_articles', 'author_employee_id'),
    ('runtime_configs', 'updated_by_employee_id'),
    ('tracecoin_ledger', 'payment_id'),
    ('tracecoin_ledger', 'lead_request_id'),
    ('coupon_uses', 'legacy_payment_id')
) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
WHERE coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
ORDER BY 1;

-- check: no relation of somebody else has a name that the references need
SELECT pg_catalog.format('public.%I', c.relname) AS object, 'was not made by this kit' AS reason,
    'Rename it: Phase 3 creates an index of this name.' AS next_step
FROM (
    VALUES
    ('employees', 'assigned_department_id'),
    ('payments', 'pricing_package_id'),
    ('email_logs', 'recipient_user_id'),
    ('support_tickets', 'assigned_employee_id'),
    ('support_ticket_messages', 'sender_user_id'),
    ('kb_articles', 'author_employee_id'),
    ('runtime_configs', 'updated_by_employee_id'),
    ('tracecoin_ledger', 'payment_id'),
    ('tracecoin_ledger', 'lead_request_id')
) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name || '_' || w.column_name || '_idx' AND c.relnamespace = pg_catalog.to_regnamespace('public')
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
WHERE coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate:%'
  -- An index that was built, or interrupted, before it got its comment.
  AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      AND pg_catalog.col_description(a.attrelid, a.attnum) LIKE 'nxtgauge-migrate:%')
ORDER BY 1;

-- check: no constraint or trigger of somebody else has a name that the references need
SELECT pg_catalog.format('constraint %I of public.%I', k.conname, c.relname) AS object,
    'was not made by this kit' AS reason,
    pg_catalog.format('ALTER TABLE public.%I RENAME CONSTRAINT %I TO …;', c.relname, k.conname) AS next_step
FROM (
    VALUES
    ('employees', 'assigned_department_id'),
    ('payments', 'pricing_package_id'),
    ('email_logs', 'recipient_user_id'),
    ('support_tickets', 'assigned_employee_id'),
    ('support_ticket_messages', 'sender_user_id'),
    ('kb_articles', 'author_employee_id'),
    ('runtime_configs', 'updated_by_employee_id'),
    ('tracecoin_ledger', 'payment_id'),
    ('tracecoin_ledger', 'lead_request_id')
) AS w (table_name, column_name)
JOIN pg_catalog.pg_class AS c
    ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public')
JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = c.oid
   AND k.conname IN (w.table_name || '_' || w.column_name || '_fkey', w.table_name || '_' || w.column_name || '_check')
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
      AND pg_catalog.col_description(c.oid, a.attnum) LIKE 'nxtgauge-migrate:%')
UNION ALL
SELECT pg_catalog.format('trigger %I of %s', t.tgname, t.tgrelid::regclass), 'was not made by this kit',
    pg_catalog.format('ALTER TRIGGER %I ON %s RENAME TO …;', t.tgname, t.tgrelid::regclass)
FROM pg_catalog.pg_trigger AS t
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
WHERE t.tgname = 'zz_pair_references' AND NOT t.tgisinternal
  AND p.pronamespace IS DISTINCT FROM pg_catalog.to_regnamespace('nxtgauge_migration')
ORDER BY 1;

-- check: nothing outside its table uses a text reference, which will leave
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM (
        VALUES
        ('employees', 'department_id'),
        ('payments', 'package_id'),
        ('email_logs', 'user_id'),
        ('support_tickets', 'assigned_to'),
        ('support_ticket_messages', 'sender_id'),
        ('kb_articles', 'author_id'),
        ('runtime_configs', 'updated_by'),
        ('tracecoin_ledger', 'reference_id'),
        ('coupon_uses', 'payment_id'),
        ('coupon_redemptions', 'payment_id'),
        ('coupon_redemptions', 'legacy_payment_id')
    ) AS w (table_name, column_name)
    JOIN pg_catalog.pg_class AS c
        ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
    -- payment_id of coupon_redemptions is the text until 3076, and the reference from then on.
    WHERE coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
       OR (w.table_name, w.column_name) = ('employees', 'department_id')
)
SELECT DISTINCT CASE
        WHEN v.oid IS NOT NULL THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, v.oid, 0)
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS object,
    pg_catalog.format('uses public.%I.%I, which leaves', l.relname, l.attname) AS reason,
    'Let it use the reference that stands in for it, or drop it and keep its definition.' AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_depend AS d
    ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = l.relation AND d.refobjsubid = l.attnum
   AND d.deptype IN ('n', 'a')
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
-- The view under a renamed table's old name leaves before.
WHERE coalesce(pg_catalog.obj_description(v.oid, 'pg_class'), '') NOT LIKE 'nxtgauge-migrate: the old name of %'
  AND NOT CASE d.classid
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
        SELECT 1 FROM pg_catalog.pg_trigger AS o WHERE o.oid = d.objid AND o.tgrelid = l.relation)
    ELSE d.classid = 'pg_catalog.pg_statistic_ext'::regclass
END
ORDER BY 1, 2;

-- check: no trigger's function reads a text reference, which will leave
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM (
        VALUES
        ('employees', 'department_id'),
        ('payments', 'package_id'),
        ('email_logs', 'user_id'),
        ('support_tickets', 'assigned_to'),
        ('support_ticket_messages', 'sender_id'),
        ('kb_articles', 'author_id'),
        ('runtime_configs', 'updated_by'),
        ('tracecoin_ledger', 'reference_id'),
        ('coupon_uses', 'payment_id'),
        ('coupon_redemptions', 'payment_id'),
        ('coupon_redemptions', 'legacy_payment_id')
    ) AS w (table_name, column_name)
    JOIN pg_catalog.pg_class AS c
        ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
    -- payment_id of coupon_redemptions is the text until 3076, and the reference from then on.
    WHERE coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
       OR (w.table_name, w.column_name) = ('employees', 'department_id')
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

-- check: no foreign key on a text reference has triggers that were switched off
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM (
        VALUES
        ('employees', 'department_id'),
        ('payments', 'package_id'),
        ('email_logs', 'user_id'),
        ('support_tickets', 'assigned_to'),
        ('support_ticket_messages', 'sender_id'),
        ('kb_articles', 'author_id'),
        ('runtime_configs', 'updated_by'),
        ('tracecoin_ledger', 'reference_id'),
        ('coupon_uses', 'payment_id'),
        ('coupon_redemptions', 'payment_id'),
        ('coupon_redemptions', 'legacy_payment_id')
    ) AS w (table_name, column_name)
    JOIN pg_catalog.pg_class AS c
        ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
    -- payment_id of coupon_redemptions is the text until 3076, and the reference from then on.
    WHERE coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
       OR (w.table_name, w.column_name) = ('employees', 'department_id')
)
SELECT DISTINCT pg_catalog.format('foreign key %I of %s', k.conname, k.conrelid::regclass) AS object,
    'has triggers switched off, which only a superuser can repeat' AS reason,
    'Switch them on, or drop the key and keep its definition.' AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_constraint AS k ON k.contype = 'f'
    AND ((k.conrelid = l.relation AND l.attnum = ANY (k.conkey)) OR (k.confrelid = l.relation AND l.attnum = ANY (k.confkey)))
WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
ORDER BY 1;

-- check: every privilege on a text reference can be granted again in its grantor's name
-- stage: contract
WITH leaving AS (
    SELECT c.oid AS relation, c.relname, a.attnum, a.attname
    FROM (
        VALUES
        ('employees', 'department_id'),
        ('payments', 'package_id'),
        ('email_logs', 'user_id'),
        ('support_tickets', 'assigned_to'),
        ('support_ticket_messages', 'sender_id'),
        ('kb_articles', 'author_id'),
        ('runtime_configs', 'updated_by'),
        ('tracecoin_ledger', 'reference_id'),
        ('coupon_uses', 'payment_id'),
        ('coupon_redemptions', 'payment_id'),
        ('coupon_redemptions', 'legacy_payment_id')
    ) AS w (table_name, column_name)
    JOIN pg_catalog.pg_class AS c
        ON c.relname = w.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.column_name AND NOT a.attisdropped
    -- payment_id of coupon_redemptions is the text until 3076, and the reference from then on.
    WHERE coalesce(pg_catalog.col_description(c.oid, a.attnum), '') NOT LIKE 'nxtgauge-migrate:%'
       OR (w.table_name, w.column_name) = ('employees', 'department_id')
)
SELECT DISTINCT 'public.' || l.relname || '.' || l.attname AS object,
    pg_catalog.format('%s granted %s on it to %s', pg_catalog.pg_get_userbyid(g.grantor), g.privilege_type,
                      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END) AS reason,
    pg_catalog.format('GRANT %I TO %I; or revoke the privilege and grant it again afterwards.',
                      pg_catalog.pg_get_userbyid(g.grantor), current_user) AS next_step
FROM leaving AS l
JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = l.relation AND a.attnum = l.attnum
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS g
WHERE g.grantor <> c.relowner AND NOT pg_catalog.pg_has_role(g.grantor, 'MEMBER')
ORDER BY 1, 2;

-- check: every text reference points at a row
-- stage: contract
-- consent: accept-quarantine
-- A value that is no uuid, or points nowhere, has no reference to stand in for it: at contract it goes out of the backend's sight
-- and rests in the support schema; a rollback brings it back. The tables may be of another shape than expected, so each query
-- is put together from what the catalogue has; ts_stat() runs it, and gives its findings back as words.
SELECT 'public.' || w.table_name || '.' || w.old_column AS object, split_part(x.word, chr(31), 1) AS key,
    '"' || split_part(x.word, chr(31), 2) || '" is no uuid, or points nowhere in ' || w.target_names AS reason,
    'Mend it, or agree that it is set aside: --accept-quarantine.' AS next_step
FROM (
    SELECT o.table_name, o.old_column, o.key_column, o.target_names, pg_catalog.string_agg(pg_catalog.format(
            'NOT EXISTS (SELECT FROM public.%I AS g WHERE %s g.id::text = CASE'
            ' WHEN t.%I::text ~* ''^([0-9a-f]{4}-?){7}[0-9a-f]{4}$|^\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\}$'''
            ' THEN t.%I::text::uuid::text END)', o.target,
            CASE WHEN o.kind <> '' THEN pg_catalog.format(
                'translate(lower(btrim(t.reference_type::text)), '' -'', ''__'') = %L AND', o.kind) ELSE '' END,
            o.old_column, o.old_column), ' AND ') AS condition,
        pg_catalog.string_agg(pg_catalog.format(
            'NOT EXISTS (SELECT FROM public.%I AS g WHERE %s g.id::text = t.%I::text%s)', o.target,
            CASE WHEN o.kind <> '' THEN pg_catalog.format(
                'translate(lower(btrim(t.reference_type::text)), '' -'', ''__'') = %L AND', o.kind) ELSE '' END,
            o.old_column,
            -- What is spelled like a uuid is one, and is asked no more.
            CASE WHEN i.atttypid <> 'uuid'::pg_catalog.regtype THEN pg_catalog.format(
                ' AND t.%I::text LIKE ''________-____-____-____-____________'''
                ' AND t.%I::text ~ ''^[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$''',
                o.old_column, o.old_column) ELSE '' END), ' AND ') AS as_written
    FROM (
        SELECT v.*, pg_catalog.string_agg(v.target, ' and ') OVER (PARTITION BY v.table_name, v.old_column) AS target_names
        FROM (
            VALUES
            ('employees', 'department_id', 'id', 'departments', ''),
            ('payments', 'package_id', 'id', 'pricing_packages', ''),
            ('email_logs', 'user_id', 'id', 'users', ''),
            ('support_tickets', 'assigned_to', 'id', 'employees', ''),
            ('support_ticket_messages', 'sender_id', 'id', 'users', ''),
            ('kb_articles', 'author_id', 'id', 'employees', ''),
            ('runtime_configs', 'updated_by', 'key', 'employees', ''),
            ('tracecoin_ledger', 'reference_id', 'id', 'payments', 'payment'),
            ('tracecoin_ledger', 'reference_id', 'id', 'lead_requests', 'lead_request'),
            ('coupon_uses', 'payment_id', 'id', 'payments', ''),
            ('coupon_redemptions', 'legacy_payment_id', 'id', 'payments', '')
        ) AS v (table_name, old_column, key_column, target, kind)
    ) AS o
    JOIN pg_catalog.pg_class AS c
        ON c.relname = o.table_name AND c.relnamespace = pg_catalog.to_regnamespace('public') AND c.relkind = 'r'
    JOIN pg_catalog.pg_class AS g
        ON g.relname = o.target AND g.relnamespace = pg_catalog.to_regnamespace('public') AND g.relkind = 'r'
    JOIN pg_catalog.pg_attribute AS i ON i.attrelid = g.oid AND i.attname = 'id' AND NOT i.attisdropped
    -- What the checks above refuse is not read here.
    WHERE pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid)
      AND pg_catalog.has_table_privilege(g.oid, 'SELECT') AND NOT pg_catalog.row_security_active(g.oid)
      AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute AS a
           WHERE a.attrelid = c.oid AND NOT a.attisdropped
             AND (a.attname IN (o.old_column, o.key_column) OR (o.kind <> '' AND a.attname = 'reference_type')))
          = CASE WHEN o.kind <> '' THEN 3 ELSE 2 END
    GROUP BY o.table_name, o.old_column, o.key_column, o.target_names
    OFFSET 0
) AS w
-- Nearly all are found as they are written; only the others are asked whether they mean a row in another spelling.
CROSS JOIN LATERAL pg_catalog.ts_stat(pg_catalog.format(
    'SELECT array_to_tsvector(ARRAY[concat(t.%I, chr(31), left(t.%I::text, 100))]) FROM (SELECT * FROM public.%I AS t'
    ' WHERE t.%I::text NOT IN ('''', ''00000000-0000-0000-0000-000000000000'') AND %s OFFSET 0) AS t WHERE %s',
    w.key_column, w.old_column, w.table_name, w.old_column, w.as_written, w.condition)) AS x
ORDER BY 1, 2;
