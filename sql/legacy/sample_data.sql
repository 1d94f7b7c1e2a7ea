-- Sample rows for the legacy database: as many users as the setting nxtgauge.sample_users says, 1000 where it says
-- nothing.
--
-- The same number gives the same rows on every server: everything is derived from md5 of a number, and no clock, no
-- random source, no session time zone has a say (an interval in hours is the same everywhere; one in days is not).
-- All times lie in 2023 to 2025. The rows are clean in that nothing dangles and nothing is doubled, and awkward in all
-- the ways that a production database is: users of several roles and of none, one status in three spellings, missing
-- bios, names in many scripts, links that are empty strings, professionals without a profile, times nobody wrote down.
--
-- Plain SQL without meta-commands and without transaction control. What it needs on the way lies in pg_temp and is
-- dropped at the end.

-- For the session that runs it, and given back at the end: sorts in memory, and no compiling of expressions, which
-- takes longer than running them.

SET client_encoding = 'UTF8';
SET jit = off;
SET work_mem = '64MB';


-- =====================================================================================================================
-- Words and helpers
-- =====================================================================================================================

CREATE FUNCTION pg_temp.sample_id(kind text, n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE
AS $$ SELECT md5(kind || ':' || n::text)::uuid $$;

CREATE FUNCTION pg_temp.sample_bytes(kind text, n bigint) RETURNS bytea
    LANGUAGE sql IMMUTABLE
AS $$ SELECT decode(md5(kind || '#' || n::text), 'hex') $$;

CREATE FUNCTION pg_temp.pick(words text[], n bigint) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$ SELECT words[1 + n % cardinality(words)] $$;

CREATE FUNCTION pg_temp.hours(n bigint) RETURNS interval
    LANGUAGE sql IMMUTABLE
AS $$ SELECT n * interval '1 hour' $$;

CREATE TEMPORARY TABLE sample_size AS
SELECT coalesce(nullif(current_setting('nxtgauge.sample_users', true), ''), '1000')::integer AS users;

CREATE TEMPORARY TABLE sample_words AS
SELECT
    ARRAY[
        'Aarav', 'Aditi', 'Akash', 'Ananya', 'Arjun', 'Bhavna', 'Chetan', 'Deepika', 'Dev', 'Divya', 'Farhan',
        'Gauri', 'Gurpreet', 'Harini', 'Imran', 'Ishaan', 'Jaya', 'Kabir', 'Kavya', 'Lakshmi', 'Manish', 'Meera',
        'Mohammed', 'Nandini', 'Neha', 'Nikhil', 'Ojas', 'Pooja', 'Priya', 'Rahul', 'Riya', 'Rohan', 'Saanvi',
        'Sameer', 'Shreya', 'Siddharth', 'Sneha', 'Sunita', 'Tanvi', 'Tarun', 'Uma', 'Varun', 'Vidya', 'Vikram',
        'Yash', 'Zainab', 'Zoya'
    ] AS first_names,
    ARRAY[
        'Agarwal', 'Ahmed', 'Banerjee', 'Bhat', 'Chatterjee', 'Chopra', 'Das', 'Deshmukh', 'D''Souza', 'Fernandes',
        'Ghosh', 'Gill', 'Gupta', 'Iyer', 'Jain', 'Joshi', 'Kapoor', 'Khan', 'Kulkarni', 'Kumar', 'Malhotra', 'Mehta',
        'Menon', 'Mishra', 'Naidu', 'Nair', 'Patel', 'Pillai', 'Rao', 'Reddy', 'Saxena', 'Sharma', 'Shetty', 'Singh',
        'Sinha', 'Thomas', 'Trivedi', 'Varma', 'Yadav'
    ] AS last_names,
    -- Devanagari, Tamil, Bengali, Arabic script (right to left), emoji (one of several code points), a combining
    -- diaeresis, a quote and a backslash.
    ARRAY[
        'अनन्या शर्मा', 'தமிழ்செல்வி முருகன்', 'অর্ণব মুখোপাধ্যায়', 'فاطمہ خان', 'Riya ✨ Kapoor', '👩🏽‍🍳 Chef Meera',
        E'Zoe\u0308 Fernandes', E'O''Brien \\ Sons', 'ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ'
    ] AS other_names,
    ARRAY[
        'Mumbai', 'Delhi', 'Bengaluru', 'Hyderabad', 'Chennai', 'Kolkata', 'Pune', 'Ahmedabad', 'Jaipur', 'Lucknow',
        'Kochi', 'Indore', 'Nagpur', 'Surat', 'Chandigarh', 'Bhopal', 'Visakhapatnam', 'Coimbatore', 'Mysuru',
        'Guwahati', 'Bhubaneswar', 'Panaji', 'Dehradun', 'मुंबई'
    ] AS cities,
    ARRAY[
        'Documents are not legible', 'Name differs from the identity card', 'Profile photo missing',
        'Please add at least three pieces of work', 'फ़ोटो साफ़ नहीं है'
    ] AS reasons;

-- tags: what the trade is made of; rate: its lowest usual price in rupees.

CREATE TEMPORARY TABLE sample_role AS
SELECT no, key, title, is_trade, rate, tags
FROM (
    VALUES
    (1, 'photographer', 'Photographer', true, 8000, ARRAY['weddings', 'portraits', 'products', 'fashion', 'food']),
    (2, 'tutor', 'Tutor', true, 400, ARRAY['mathematics', 'physics', 'chemistry', 'English', 'हिन्दी']),
    (3, 'makeup_artist', 'Makeup Artist', true, 6000, ARRAY['bridal', 'editorial', 'party', 'airbrush', 'mehendi']),
    (4, 'developer', 'Developer', true, 900, ARRAY['rust', 'typescript', 'postgresql', 'c++', 'kubernetes']),
    (5, 'video_editor', 'Video Editor', true, 700, ARRAY['reels', 'documentaries', 'colour', 'sound', 'titles']),
    (6, 'graphic_designer', 'Graphic Designer', true, 5000, ARRAY['logos', 'packaging', 'posters', 'type', 'icons']),
    (7, 'social_media_manager', 'Social Media Manager', true, 15000,
        ARRAY['instagram', 'youtube', 'linkedin', 'x', 'pinterest']),
    (8, 'fitness_trainer', 'Fitness Trainer', true, 600, ARRAY['yoga', 'strength', 'pilates', 'boxing', 'zumba']),
    (9, 'catering_service', 'Catering Service', true, 350,
        ARRAY['south indian', 'punjabi', 'gujarati', 'continental', 'chaat']),
    (10, 'ugc_content_creator', 'UGC Content Creator', true, 2500,
        ARRAY['beauty', 'travel', 'gadgets', 'parenting', 'food']),
    (11, 'company', 'Company', false, 0, ARRAY['software', 'retail', 'hospitality', 'education', 'media']),
    (12, 'customer', 'Customer', false, 0, ARRAY['home', 'events', 'learning', 'business', 'health']),
    (13, 'job_seeker', 'Job Seeker', false, 25000, ARRAY['sales', 'accounts', 'design', 'support', 'operations']),
    (14, 'admin', 'Administrator', false, 0, NULL),
    (15, 'support_agent', 'Support Agent', false, 0, NULL),
    (16, 'content_editor', 'Content Editor', false, 0, NULL),
    (17, 'finance_manager', 'Finance Manager', false, 0, NULL)
) AS role (no, key, title, is_trade, rate, tags);

-- Users come in turns of 25: the first thirteen have one role each, in the order of the roles, the rest as listed here.
-- User 19 of each turn has no role; 22 is a professional, of one trade after the other, who never made a profile; the
-- last is a tutor who looks for a job, or, every second turn, a member of the staff.

CREATE TEMPORARY TABLE sample_turn AS
SELECT slot, place, role_no
FROM (
    VALUES
    (1, 0, 1), (2, 0, 2), (3, 0, 3), (4, 0, 4), (5, 0, 5), (6, 0, 6), (7, 0, 7), (8, 0, 8), (9, 0, 9), (10, 0, 10),
    (11, 0, 11), (12, 0, 12), (13, 0, 13), (14, 0, 12), (15, 0, 13), (16, 0, 12), (17, 0, 1), (17, 1, 5), (18, 0, 4),
    (18, 1, 6), (18, 2, 13), (20, 0, 12), (21, 0, 13), (22, 0, NULL), (23, 0, 11), (24, 0, 12), (0, 0, 2), (0, 1, 13)
) AS turn (slot, place, role_no);


-- =====================================================================================================================
-- What does not grow with the users
-- =====================================================================================================================

INSERT INTO public.roles (id, key, name, description, is_staff, created_at)
SELECT
    pg_temp.sample_id('role', no),
    key,
    title,
    CASE WHEN no % 4 <> 0 THEN 'May act as ' || lower(title) || '.' END,
    no > 13,
    CASE WHEN no <> 10 THEN timestamptz '2023-01-01 00:00:00+00' + pg_temp.hours(no) END
FROM pg_temp.sample_role;

INSERT INTO public.role_permissions (id, role_id, permission)
SELECT
    pg_temp.sample_id('role_permission', r.no * 100 + p.no),
    pg_temp.sample_id('role', r.no),
    p.permission
FROM pg_temp.sample_role AS r
JOIN (
    VALUES
    (1, 'profile.read', 1, 17), (2, 'profile.write', 1, 13), (3, 'portfolio.write', 1, 10), (4, 'leads.request', 1, 10),
    (5, 'jobs.write', 11, 11), (6, 'requirements.write', 12, 12), (7, 'jobs.apply', 13, 13),
    (8, 'users.manage', 14, 14), (9, 'tickets.answer', 14, 15), (10, 'kb.write', 14, 16),
    (11, 'payments.refund', 17, 17)
) AS p (no, permission, first_role, last_role) ON r.no BETWEEN p.first_role AND p.last_role;

INSERT INTO public.departments (id, name, created_at)
SELECT
    pg_temp.sample_id('department', no),
    name,
    CASE WHEN no <> 6 THEN timestamptz '2023-01-03 04:30:00+00' + pg_temp.hours(no * 24) END
FROM unnest(ARRAY[
    'Engineering', 'Product', 'Customer Support', 'Trust & Safety', 'Finance', 'Marketing', 'People', 'Content'
]) WITH ORDINALITY AS department (name, no);

-- One title is there twice: nothing forbids it.

INSERT INTO public.designations (id, title)
SELECT pg_temp.sample_id('designation', no), title
FROM unnest(ARRAY[
    'Software Engineer', 'Product Manager', 'Support Executive', 'Verification Officer', 'Accountant',
    'Marketing Manager', 'HR Manager', 'Content Writer', 'Team Lead', 'Support Executive'
]) WITH ORDINALITY AS designation (title, no);

INSERT INTO public.onboarding_configs (id, role_key, steps, version, is_enabled)
SELECT
    pg_temp.sample_id('onboarding_config', no),
    key,
    jsonb_build_array('details', CASE WHEN is_trade THEN 'portfolio' ELSE 'about' END, 'documents', 'review'),
    1 + no % 3,
    no <> 10
FROM pg_temp.sample_role
WHERE no <= 13;

INSERT INTO public.dashboard_configs (id, role_key, layout, is_active, created_at, updated_at)
SELECT
    pg_temp.sample_id('dashboard_config', no),
    key,
    jsonb_build_object('columns', 2 + no % 2, 'widgets', jsonb_build_array('wallet', 'notifications', key)),
    true,
    timestamp '2023-02-01 06:00:00' + pg_temp.hours(no),
    CASE WHEN no % 5 <> 0 THEN timestamp '2024-02-01 06:00:00' + pg_temp.hours(no) END
FROM pg_temp.sample_role;

INSERT INTO public.pricing_packages (
    id, name, role_key, tracecoins, price, currency, description, is_active, created_at
)
SELECT
    pg_temp.sample_id('pricing_package', no),
    name,
    role_key,
    tracecoins,
    price,
    currency,
    CASE WHEN no <> 3 THEN tracecoins || ' tracecoins' END,
    no <> 5,
    CASE WHEN no <> 4 THEN timestamptz '2023-01-05 05:00:00+00' + pg_temp.hours(no) END
FROM (
    VALUES
    (1, 'Starter', NULL, 50, 499.00, 'INR'), (2, 'Growth', NULL, 120, 999.00, 'INR'),
    (3, 'Pro', 'photographer', 300, 2199.50, 'INR'), (4, 'Hiring', 'company', 500, 3499.99, 'INR'),
    (5, 'Launch offer', NULL, 75, 599.00, 'INR'), (6, 'Global', NULL, 120, 14.99, 'USD')
) AS package (no, name, role_key, tracecoins, price, currency);

INSERT INTO public.discounts (id, name, applies_to, percentage, starts_at, ends_at, is_active)
SELECT
    pg_temp.sample_id('discount', no),
    name,
    applies_to,
    percentage,
    starts_at,
    starts_at + pg_temp.hours(240),
    no <> 2
FROM (
    VALUES
    (1, 'दीपावली Sale', 'all', 15, timestamptz '2023-11-10 00:00:00+00'),
    (2, 'Monsoon Offer', 'photographer', 7.5, timestamptz '2024-07-01 00:00:00+00'),
    (3, 'Holi 🎨', 'all', 12.5, timestamptz '2025-03-10 00:00:00+00'),
    (4, 'Founding members', 'company', 33.3, NULL)
) AS discount (no, name, applies_to, percentage, starts_at);

INSERT INTO public.kb_categories (id, slug, name, description, sort_order)
SELECT
    pg_temp.sample_id('kb_category', no),
    slug,
    name,
    CASE WHEN no <> 4 THEN 'All about: ' || name END,
    no * 10
FROM (
    VALUES
    (1, 'getting-started', 'Getting started'), (2, 'leads', 'Leads and tracecoins'), (3, 'payments', 'Payments'),
    (4, 'safety', 'Safety'), (5, 'hindi', 'सहायता')
) AS category (no, slug, name);


-- =====================================================================================================================
-- Users
-- =====================================================================================================================

CREATE TEMPORARY TABLE sample_user AS
SELECT
    drawn.*,
    CASE WHEN i % 13 = 5 THEN pg_temp.pick(w.other_names, i / 13) ELSE first_name || ' ' || last_name END AS name,
    lower(first_name || '.' || replace(last_name, '''', '')) || i AS handle
FROM (
    SELECT
        i,
        (i % 25)::integer                                          AS slot,
        (i % 50 = 25 OR i % 100 = 24)                              AS is_staff,
        pg_temp.sample_id('user', i)                               AS user_id,
        bytes,
        pg_temp.pick(w.first_names, get_byte(bytes, 0))            AS first_name,
        pg_temp.pick(w.last_names, get_byte(bytes, 1))             AS last_name,
        pg_temp.pick(w.cities, get_byte(bytes, 2))                 AS city,
        -- Somewhere in the 700 days from the beginning of 2023.
        timestamptz '2023-01-01 00:00:00+00'
            + ((get_byte(bytes, 3) * 65536 + get_byte(bytes, 4) * 256 + get_byte(bytes, 5)) * 3.6) * interval '1 second'
            AS created_at
    FROM pg_temp.sample_size AS s
    CROSS JOIN pg_temp.sample_words AS w
    CROSS JOIN generate_series(1, s.users) AS i
    CROSS JOIN LATERAL pg_temp.sample_bytes('user', i) AS bytes
) AS drawn
CROSS JOIN pg_temp.sample_words AS w;

INSERT INTO public.users (id, email, phone, password_hash, status, created_at, updated_at)
SELECT
    user_id,
    CASE WHEN i % 17 = 3 THEN upper(left(handle, 1)) || substr(handle, 2) || '@Example.COM'
        ELSE handle || pg_temp.pick(ARRAY['@example.com', '@example.org', '@example.net'], get_byte(bytes, 6)) END,
    CASE WHEN i % 9 <> 8 THEN '+919' || lpad((i::bigint * 7919 % 999999937)::text, 9, '0') END,
    '$argon2id$v=19$m=19456,t=2,p=1$' || encode(bytes, 'base64'),
    CASE i % 11
        WHEN 4 THEN 'ACTIVE'
        WHEN 6 THEN 'Active'
        WHEN 7 THEN 'inactive'
        WHEN 9 THEN pg_temp.pick(ARRAY['suspended', 'Blocked', 'SUSPENDED'], i / 11)
        ELSE 'active'
    END,
    created_at,
    created_at + pg_temp.hours(get_byte(bytes, 7) * 30)
FROM pg_temp.sample_user;

INSERT INTO public.refresh_tokens (id, user_id, token_hash, expires_at, revoked, created_at)
SELECT
    pg_temp.sample_id('refresh_token', u.i),
    u.user_id,
    encode(u.bytes, 'hex') || encode(pg_temp.sample_bytes('refresh_token', u.i), 'hex'),
    signed_in_at + pg_temp.hours(720),
    u.i % 10 = 3,
    CASE WHEN u.i % 13 <> 2 THEN signed_in_at END
FROM pg_temp.sample_user AS u
CROSS JOIN LATERAL (SELECT u.created_at + pg_temp.hours(1 + get_byte(u.bytes, 8) * 30)) AS token (signed_in_at)
WHERE u.i % 5 = 3;

INSERT INTO public.user_settings (
    id, user_id, email_notifications, sms_notifications, push_notifications, profile_visibility, theme, preferences,
    updated_at
)
SELECT
    pg_temp.sample_id('user_settings', i),
    user_id,
    i % 6 <> 0,
    i % 4 = 0,
    i % 3 <> 0,
    pg_temp.pick(ARRAY['public', 'private', 'members'], get_byte(bytes, 9)),
    pg_temp.pick(ARRAY['system', 'dark', 'light'], get_byte(bytes, 10)),
    CASE
        WHEN i % 3 = 1 THEN jsonb_build_object('language', pg_temp.pick(ARRAY['en', 'hi', 'ta', 'ur'], i / 3))
        ELSE '{}'
    END,
    CASE WHEN i % 11 <> 6 THEN created_at + pg_temp.hours(2 + get_byte(bytes, 9) * 30) END
FROM pg_temp.sample_user
WHERE i % 7 IN (1, 2, 4, 6);

INSERT INTO public.account_deletion_requests (id, user_id, reason, status, requested_at, processed_at)
SELECT
    pg_temp.sample_id('account_deletion_request', u.i),
    u.user_id,
    pg_temp.pick(ARRAY['I found a job', NULL, 'Too many e-mails', '', 'अब ज़रूरत नहीं'], u.i / 50),
    CASE WHEN is_processed THEN pg_temp.pick(ARRAY['rejected', 'Rejected', 'cancelled'], u.i / 100) ELSE 'pending' END,
    asked_at,
    CASE WHEN is_processed THEN asked_at + pg_temp.hours(30 + get_byte(u.bytes, 9)) END
FROM pg_temp.sample_user AS u
CROSS JOIN LATERAL (
    SELECT u.created_at + pg_temp.hours(100 + get_byte(u.bytes, 8) * 20), u.i % 100 = 7
) AS request (asked_at, is_processed)
WHERE u.i % 50 = 7;

CREATE TEMPORARY TABLE sample_employee AS
SELECT
    row_number() OVER (ORDER BY i) AS no,
    pg_temp.sample_id('employee', i) AS id,
    *
FROM pg_temp.sample_user
WHERE is_staff;

INSERT INTO public.employees (id, user_id, department_id, designation, is_active, joined_on)
SELECT
    id,
    user_id,
    CASE WHEN no % 7 <> 6 THEN pg_temp.sample_id('department', 1 + no % 8)::text END,
    CASE no % 9
        WHEN 5 THEN 'support executive'
        WHEN 7 THEN NULL
        WHEN 8 THEN 'Consultant'
        ELSE pg_temp.pick(ARRAY['Software Engineer', 'Product Manager', 'Accountant', 'Team Lead'], no)
    END,
    CASE WHEN no % 6 <> 4 THEN no % 5 <> 3 END,
    CASE WHEN no % 4 <> 3 THEN (created_at AT TIME ZONE 'UTC')::date END
FROM pg_temp.sample_employee;

INSERT INTO public.kb_articles (
    id, category_id, slug, title, body, author_id, is_published, view_count, published_at, updated_at
)
SELECT
    pg_temp.sample_id('kb_article', a.no),
    CASE WHEN a.no % 9 <> 8 THEN pg_temp.sample_id('kb_category', 1 + a.no % 5) END,
    'article-' || a.no,
    topic || CASE WHEN a.no > 6 THEN ' (' || a.no || ')' ELSE '' END,
    '# ' || topic || E'\n\nOpen your dashboard and follow the steps. ' || repeat('Wait for the review. ', a.no % 20),
    e.id::text,
    a.no % 4 <> 3,
    (a.no * 37 % 1000)::integer,
    CASE WHEN a.no % 4 <> 3 THEN timestamptz '2023-03-01 08:00:00+00' + pg_temp.hours(a.no * 17 % 9000) END,
    CASE WHEN a.no % 8 <> 7 THEN timestamptz '2024-05-01 08:00:00+00' + pg_temp.hours(a.no * 17 % 9000) END
FROM pg_temp.sample_size AS s
CROSS JOIN generate_series(1, 12 + s.users / 200) AS a (no)
CROSS JOIN LATERAL pg_temp.pick(ARRAY[
    'How to request a lead', 'What is a tracecoin?', 'Why was my profile rejected?', 'Paying by UPI',
    'भुगतान कैसे करें', 'Posting a job'
], a.no) AS topic
LEFT JOIN pg_temp.sample_employee AS e
    ON e.no = 1 + a.no % nullif((SELECT count(*) FROM pg_temp.sample_employee), 0) AND a.no % 6 <> 5;

INSERT INTO public.runtime_configs (key, value, description, updated_by, updated_at)
SELECT
    flag.key,
    flag.value,
    CASE WHEN flag.no <> 2 THEN 'Set by the product team' END,
    e.id::text,
    CASE WHEN flag.no <> 4 THEN timestamptz '2024-06-01 10:00:00+00' + pg_temp.hours(flag.no) END
FROM (
    VALUES
    (1, 'signup.enabled', jsonb 'true'), (2, 'leads.max_per_day', '10'), (3, 'home.banner', '{"text": "नमस्ते 🙏"}'),
    (4, 'payments.gateways', '["razorpay", "stripe"]'), (5, 'kb.enabled', 'true')
) AS flag (no, key, value)
LEFT JOIN pg_temp.sample_employee AS e ON e.no = 1 AND flag.no IN (1, 3);


-- =====================================================================================================================
-- Roles and profiles
-- =====================================================================================================================

-- One row per user and role of the marketplace, with the six common fields as they will be spelled. m numbers the rows,
-- with gaps; its remainders deal out the awkward cases.

CREATE TEMPORARY TABLE sample_member AS
SELECT
    member.m, member.i, member.user_id, member.slot, member.has_profile, member.name, member.handle, member.city,
    member.role_no, member.role_key, member.title, member.bytes, member.first_tag, member.tags, member.rate,
    member.years, member.made_at,
    row_number() OVER (PARTITION BY role_no ORDER BY m) AS no,
    pg_temp.sample_id('profile', m) AS profile_id,
    CASE
        WHEN role_no = 11 THEN last_name || ' ' || initcap(first_tag)
        ELSE name
    END AS display_name,
    CASE
        WHEN m % 11 = 3 THEN NULL
        WHEN m % 37 = 20 THEN ''
        WHEN m % 13 = 7 THEN 'नमस्ते 🙏 ' || city || E' से।\nI speak हिन्दी, தமிழ், اردو and English.'
        WHEN m % 19 = 8 THEN 'السلام عليكم، ' || name || E': cre\u0300me bru\u0302le\u0301e, "quoted", 50% off; a\\b\tc'
        WHEN m % 101 = 28 THEN rpad('Award-winning. ', 2000, 'Experienced, punctual, insured. ')
        ELSE title || ' in ' || city || ', at home in ' || first_tag
            || pg_temp.pick(ARRAY['. Ask me anything!', '. Open on weekends.', '.'], get_byte(bytes, 3))
    END AS bio,
    CASE
        WHEN m % 17 <> 9 THEN city || pg_temp.pick(ARRAY['', ', India', ' (and around)'], get_byte(bytes, 4))
    END AS location,
    CASE m % 7
        WHEN 0 THEN upper(state)
        WHEN 3 THEN initcap(state)
        ELSE state
    END AS status,
    CASE
        WHEN state = 'rejected' OR (state = 'approved' AND m % 19 = 3) THEN pg_temp.pick(w.reasons, get_byte(bytes, 5))
    END AS rejection_reason,
    CASE
        WHEN state IN ('approved', 'suspended') AND m % 23 <> 4 THEN made_at + pg_temp.hours(20 + get_byte(bytes, 6))
    END AS approved_at,
    CASE WHEN m % 17 <> 5 THEN made_at END AS created_at,
    CASE WHEN m % 17 <> 6 THEN made_at + pg_temp.hours(300 + get_byte(bytes, 7) * 20) END AS updated_at
FROM (
    SELECT
        numbered.m,
        u.i,
        u.user_id,
        u.slot,
        u.slot <> 22 AS has_profile,
        u.name,
        u.last_name,
        u.handle,
        u.city,
        r.no AS role_no,
        r.key AS role_key,
        r.title,
        drawn.bytes,
        r.tags[1 + get_byte(drawn.bytes, 0) % 5] AS first_tag,
        r.tags[1 + get_byte(drawn.bytes, 0) % 5:5 - get_byte(drawn.bytes, 1) % 3] AS tags,
        r.rate + r.rate * (get_byte(drawn.bytes, 2) % 40) / 20 + CASE m % 9 WHEN 4 THEN 0.50 ELSE 0 END AS rate,
        get_byte(drawn.bytes, 8) % 15 AS years,
        CASE
            WHEN r.no = 12 THEN CASE WHEN (u.i + r.no) % 11 = 9 THEN 'suspended' ELSE 'approved' END
            WHEN (u.i + r.no) % 11 < 6 THEN 'approved'
            WHEN (u.i + r.no) % 11 < 8 THEN 'pending'
            WHEN (u.i + r.no) % 11 < 9 THEN 'rejected'
            WHEN (u.i + r.no) % 11 < 10 THEN 'suspended'
            WHEN r.no IN (2, 10) THEN NULL
            WHEN r.no = 5 THEN 'in review'
            WHEN r.no = 6 THEN 'draft'
            ELSE 'pending'
        END AS state,
        u.created_at + pg_temp.hours(1 + get_byte(u.bytes, 11)) AS made_at
    FROM pg_temp.sample_user AS u
    JOIN pg_temp.sample_turn AS turn ON turn.slot = u.slot AND NOT (u.slot = 0 AND u.is_staff)
    JOIN pg_temp.sample_role AS r ON r.no = coalesce(turn.role_no, 1 + u.i / 25 % 10)
    CROSS JOIN LATERAL (SELECT u.i::bigint * 4 + turn.place) AS numbered (m)
    CROSS JOIN LATERAL (SELECT pg_temp.sample_bytes('member', numbered.m)) AS drawn (bytes)
) AS member
CROSS JOIN pg_temp.sample_words AS w;

INSERT INTO public.user_roles (user_id, role_id, assigned_at)
SELECT
    user_id,
    pg_temp.sample_id('role', role_no),
    CASE WHEN m % 13 <> 4 THEN made_at END
FROM (
    SELECT m, user_id, role_no, made_at FROM pg_temp.sample_member
    UNION ALL
    SELECT i::bigint * 4 + 3, user_id, (14 + no % 4)::integer, created_at FROM pg_temp.sample_employee
) AS assigned (m, user_id, role_no, made_at);

INSERT INTO public.photographer_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, specialties, camera_gear,
    price_per_day, travels, created_at, updated_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at, tags,
    pg_temp.pick(ARRAY['Canon R5, 24-70 mm', 'Nikon Z8', NULL, 'Sony A7 IV', ''], get_byte(bytes, 9)),
    CASE WHEN years > 0 THEN rate END, years > 6, created_at, updated_at
FROM pg_temp.sample_member
WHERE role_no = 1 AND has_profile;

INSERT INTO public.tutor_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, subjects, teaching_mode,
    hourly_rate, experience_years, created_at, updated_at
)
SELECT
    profile_id, user_id, CASE WHEN no % 6 <> 5 THEN display_name END, bio, location, status, rejection_reason,
    approved_at, tags, pg_temp.pick(ARRAY['online', 'home', 'both'], get_byte(bytes, 9)), rate, years, created_at,
    updated_at
FROM pg_temp.sample_member
WHERE role_no = 2 AND has_profile;

INSERT INTO public.makeup_artist_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, styles, brands_used, bridal_price,
    home_service, created_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at, tags,
    pg_temp.pick(ARRAY['Lakmé, M·A·C', NULL, 'Vegan brands only'], get_byte(bytes, 9)), rate, years <> 3, made_at
FROM pg_temp.sample_member
WHERE role_no = 3 AND has_profile;

INSERT INTO public.developer_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, headline, skills, experience_years,
    hourly_rate, github_url, portfolio_url, created_at, updated_at
)
SELECT
    profile_id, user_id, CASE WHEN no % 7 <> 4 THEN display_name END, bio, location, status, rejection_reason,
    approved_at, years || ' years of ' || first_tag, tags, years, rate,
    CASE no % 5 WHEN 1 THEN '' WHEN 2 THEN NULL ELSE 'https://github.com/' || handle END,
    CASE no % 4 WHEN 2 THEN '' WHEN 3 THEN NULL ELSE 'https://example.com/' || handle || '?q=a%20b' END,
    created_at, updated_at
FROM pg_temp.sample_member
WHERE role_no = 4 AND has_profile;

INSERT INTO public.video_editor_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, software, turnaround_days,
    price_per_minute, reel_url, created_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at, tags, 1 + years, rate,
    CASE no % 4 WHEN 1 THEN '' WHEN 2 THEN NULL ELSE 'https://video.example.com/watch?v=' || m END, created_at
FROM pg_temp.sample_member
WHERE role_no = 5 AND has_profile;

INSERT INTO public.graphic_designer_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, design_tools, project_rate,
    revisions, portfolio_url, created_at, updated_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at, tags, rate, years % 6,
    CASE WHEN no % 3 = 2 THEN '' ELSE 'http://' || replace(handle, '.', '-') || '.example.net/रंग' END, created_at,
    updated_at
FROM pg_temp.sample_member
WHERE role_no = 6 AND has_profile;

INSERT INTO public.social_media_manager_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, platforms, managed_accounts,
    monthly_retainer, created_at, updated_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at AT TIME ZONE 'UTC', tags,
    years * 3, rate, created_at AT TIME ZONE 'UTC', updated_at AT TIME ZONE 'UTC'
FROM pg_temp.sample_member
WHERE role_no = 7 AND has_profile;

INSERT INTO public.fitness_trainer_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, disciplines, certifications,
    session_price, at_home, created_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at, tags,
    CASE WHEN years > 4 THEN jsonb_build_array(jsonb_build_object('name', 'ACE', 'year', 2010 + years)) ELSE '[]' END,
    rate, years % 2 = 0, created_at
FROM pg_temp.sample_member
WHERE role_no = 8 AND has_profile;

INSERT INTO public.catering_service_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, cuisines, min_guests, max_guests,
    price_per_plate, is_pure_veg, fssai_number
)
SELECT
    profile_id, user_id, display_name || ' Caterers', bio, coalesce(location, ''), status, rejection_reason,
    approved_at, tags, 10 + years, CASE WHEN no % 4 <> 3 THEN 100 + years * 50 END, rate, years % 3 = 0,
    CASE WHEN no % 5 <> 4 THEN '1' || lpad(no::text, 13, '0') END
FROM pg_temp.sample_member
WHERE role_no = 9 AND has_profile;

INSERT INTO public.ugc_content_creator_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, niches, follower_count,
    price_per_post
)
SELECT
    profile_id, user_id, CASE WHEN no % 5 <> 3 THEN display_name END, bio, location, status, rejection_reason,
    approved_at, tags, get_byte(bytes, 9)::bigint * get_byte(bytes, 10) * get_byte(bytes, 11), rate
FROM pg_temp.sample_member
WHERE role_no = 10 AND has_profile;

-- The five letters and four digits of a GST number, here, number the companies.

INSERT INTO public.company_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, legal_name, gst_number, industry,
    company_size, website, created_at, updated_at
)
SELECT
    profile_id, user_id, display_name, bio, location, upper(status)::public.company_status, rejection_reason,
    approved_at, display_name || ' Private Limited',
    CASE
        WHEN no % 6 <> 5 THEN pg_temp.pick(ARRAY['27', '29', '07', '33'], get_byte(bytes, 9))
            || translate(lpad(to_hex(no / 10000), 5, '0'), '0123456789abcdef', 'ABCDEFGHIJKLMNOP')
            || lpad((no % 10000)::text, 4, '0') || 'C1Z' || years % 10
    END,
    first_tag, pg_temp.pick(ARRAY['1-10', '11-50', '51-200', '200+'], get_byte(bytes, 10)),
    CASE no % 4 WHEN 1 THEN NULL WHEN 2 THEN '' ELSE 'https://company-' || no || '.example.com' END,
    made_at, made_at + pg_temp.hours(300 + get_byte(bytes, 7) * 20)
FROM pg_temp.sample_member
WHERE role_no = 11 AND has_profile;

INSERT INTO public.customer_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, preferred_contact, pincode,
    created_at
)
SELECT
    profile_id, user_id, CASE WHEN no % 8 <> 5 THEN display_name END, CASE WHEN no % 2 = 0 THEN bio END, location,
    status, rejection_reason, approved_at, pg_temp.pick(ARRAY['phone', 'email', 'whatsapp'], get_byte(bytes, 9)),
    CASE WHEN no % 5 <> 2 THEN (110001 + m * 37 % 700000)::text END, created_at
FROM pg_temp.sample_member
WHERE role_no = 12 AND has_profile;

INSERT INTO public.job_seeker_profiles (
    id, user_id, display_name, bio, location, status, rejection_reason, approved_at, headline, skills, experience_years,
    expected_salary, preferred_employment_type, resume_file_key, created_at, updated_at
)
SELECT
    profile_id, user_id, display_name, bio, location, status, rejection_reason, approved_at,
    CASE WHEN no % 6 <> 1 THEN initcap(first_tag) || ', ' || years || ' years' END, tags, years, rate * 12,
    pg_temp.pick(ARRAY['full_time', 'part_time', 'contract', 'internship', 'freelance'], get_byte(bytes, 9)),
    CASE no % 3 WHEN 1 THEN 'resumes/' || m || '.pdf' WHEN 2 THEN '' END, created_at, updated_at
FROM pg_temp.sample_member
WHERE role_no = 13 AND has_profile;

-- The old root knows the trade as words, each time spelled as it came; newer professionals never got a row in it.

CREATE TEMPORARY TABLE sample_professional AS
SELECT
    row_number() OVER (ORDER BY m) AS no,
    pg_temp.sample_id('professional', m) AS id,
    m, i, user_id, role_no, role_key, title, display_name, first_tag, city, rate, years, bytes, made_at, created_at
FROM pg_temp.sample_member
WHERE role_no <= 10 AND (NOT has_profile OR i % 3 <> 2);

INSERT INTO public.professionals (
    id, user_id, profession, display_name, city, experience_years, rating, is_verified, created_at
)
SELECT
    id,
    user_id,
    CASE no % 5 WHEN 1 THEN role_key WHEN 3 THEN upper(title) WHEN 4 THEN lower(title) ELSE title END,
    CASE WHEN no % 9 <> 7 THEN display_name END,
    CASE WHEN no % 11 <> 8 THEN city END,
    years,
    (get_byte(bytes, 12) % 51)::numeric / 10,
    no % 3 = 0,
    created_at
FROM pg_temp.sample_professional;


-- =====================================================================================================================
-- Portfolio
-- =====================================================================================================================

CREATE TEMPORARY TABLE sample_portfolio_item AS
SELECT
    p.no * 4 + k AS no,
    pg_temp.sample_id('portfolio_item', p.no * 4 + k) AS id,
    p.id AS professional_id,
    p.first_tag,
    p.city,
    p.bytes,
    k,
    p.made_at + pg_temp.hours(30 + k * 24) AS made_at
FROM pg_temp.sample_professional AS p
CROSS JOIN generate_series(1, 2) AS k
WHERE k <= p.no % 3;

INSERT INTO public.portfolio_items (
    id, professional_id, title, description, category, is_featured, sort_order, created_at, updated_at
)
SELECT
    id,
    professional_id,
    initcap(first_tag) || ' in ' || city || CASE WHEN no % 7 = 5 THEN ' 📷' ELSE '' END,
    CASE no % 5 WHEN 1 THEN NULL WHEN 2 THEN '' ELSE 'Made for a client in ' || city || '.' END,
    CASE WHEN no % 11 <> 6 THEN first_tag END,
    k = 1 AND no % 3 = 0,
    k,
    CASE WHEN no % 13 <> 6 THEN made_at END,
    CASE WHEN no % 17 <> 6 THEN made_at + pg_temp.hours(get_byte(bytes, 13) * 20) END
FROM pg_temp.sample_portfolio_item;

INSERT INTO public.portfolio_images (id, portfolio_item_id, file_key, caption, sort_order, uploaded_at)
SELECT
    pg_temp.sample_id('portfolio_image', item.no * 4 + image),
    item.id,
    'portfolio/' || item.id || '/' || image || '.jpg',
    CASE WHEN item.no % 4 <> 1 THEN 'Photo ' || image END,
    image,
    item.made_at + pg_temp.hours(image)
FROM pg_temp.sample_portfolio_item AS item
CROSS JOIN generate_series(1, 2) AS image
WHERE image <= item.no % 3;

INSERT INTO public.services (
    id, professional_id, title, description, price, price_unit, duration_minutes, is_active, created_at
)
SELECT
    pg_temp.sample_id('service', p.no * 4 + k),
    p.id,
    CASE k WHEN 1 THEN 'Basic ' ELSE 'Premium ' END || p.first_tag,
    CASE WHEN p.no % 5 <> 2 THEN 'Includes a first talk and ' || k || ' rounds of changes.' END,
    p.rate * k,
    pg_temp.pick(ARRAY['per_hour', 'per_day', 'per_project', 'PER_EVENT'], p.role_no),
    CASE WHEN p.no % 3 <> 1 THEN 60 * k END,
    p.no % 7 <> 4,
    CASE WHEN p.no % 13 <> 9 THEN p.made_at + pg_temp.hours(26) END
FROM pg_temp.sample_professional AS p
CROSS JOIN generate_series(1, 2) AS k
WHERE k <= (p.no + 1) % 3;


-- =====================================================================================================================
-- Marketplace
-- =====================================================================================================================

CREATE TEMPORARY TABLE sample_job AS
SELECT
    posted.*,
    pg_temp.sample_id('job', no) AS id,
    -- Drafts have no open_no: nobody can have applied for one.
    CASE WHEN no % 9 <> 8 THEN row_number() OVER (PARTITION BY no % 9 <> 8 ORDER BY no) END AS open_no
FROM (
    SELECT
        c.no * 4 + k AS no,
        c.profile_id,
        c.user_id,
        c.city,
        c.bytes,
        c.slot,
        c.made_at + pg_temp.hours(40 + k * 100 + get_byte(c.bytes, 12)) AS made_at
    FROM pg_temp.sample_member AS c
    CROSS JOIN generate_series(0, 2) AS k
    WHERE c.role_no = 11 AND k <= c.no % 3
) AS posted;

INSERT INTO public.jobs (
    id, company_id, title, description, location, job_type, salary_min, salary_max, skills, status, expires_at,
    created_at, updated_at
)
SELECT
    id,
    profile_id,
    pg_temp.pick(ARRAY['Sales Executive', 'Rust Developer', 'Store Manager', 'Video Editor', 'अध्यापक'], no),
    CASE WHEN no % 7 <> 3 THEN E'What you do:\n* the work\n* the rest' END,
    CASE WHEN no % 8 <> 6 THEN city END,
    pg_temp.pick(ARRAY['full_time', 'part_time', 'contract', 'internship', 'freelance'], no),
    CASE WHEN no % 5 <> 2 THEN 180000 + no % 40 * 10000 END,
    CASE WHEN no % 5 <> 3 THEN 600000 + no % 40 * 10000 END,
    CASE WHEN no % 3 = 0 THEN ARRAY['excel', 'english'] ELSE '{}' END,
    CASE
        WHEN open_no IS NULL THEN 'draft'
        ELSE pg_temp.pick(ARRAY['open', 'open', 'paused', 'closed', 'filled'], no)
    END::public.job_status,
    CASE WHEN no % 6 <> 1 THEN made_at + pg_temp.hours(1440) END,
    made_at,
    made_at + pg_temp.hours(get_byte(bytes, 13))
FROM pg_temp.sample_job;

CREATE TEMPORARY TABLE sample_application AS
SELECT
    row_number() OVER (ORDER BY s.m, k) AS no,
    pg_temp.sample_id('application', s.m * 4 + k) AS id,
    s.m,
    s.user_id AS seeker_user_id,
    s.profile_id AS seeker_id,
    s.rate,
    j.id AS job_id,
    j.user_id AS company_user_id,
    greatest(s.made_at, j.made_at) + pg_temp.hours(10 + k * 20 + get_byte(s.bytes, 12)) AS made_at
FROM pg_temp.sample_member AS s
CROSS JOIN generate_series(0, 1) AS k
CROSS JOIN (SELECT count(open_no) AS open FROM pg_temp.sample_job) AS jobs
JOIN pg_temp.sample_job AS j ON j.open_no = 1 + (s.no * 7 + k) % nullif(jobs.open, 0)
WHERE s.role_no = 13 AND k < least(s.no % 3, jobs.open);

INSERT INTO public.applications (
    id, application_no, job_id, job_seeker_id, cover_letter, expected_salary, status, applied_at, updated_at
)
SELECT
    id,
    no,
    job_id,
    seeker_id,
    CASE no % 5 WHEN 2 THEN NULL WHEN 3 THEN '' ELSE 'Dear team, I would like to join you. ' || no END,
    CASE WHEN no % 4 <> 1 THEN rate * 12 END,
    pg_temp.pick(ARRAY['hired', 'applied', 'shortlisted', 'REJECTED', 'applied', 'Withdrawn', 'interview'], no),
    CASE WHEN no % 13 <> 6 THEN made_at END,
    CASE WHEN no % 11 <> 6 THEN made_at + pg_temp.hours(no % 200) END
FROM pg_temp.sample_application;

CREATE TEMPORARY TABLE sample_requirement AS
SELECT
    asked.*,
    pg_temp.sample_id('requirement', asked.no) AS id,
    r.key AS category,
    r.title,
    r.rate,
    r.tags[1 + asked.no % 5] AS tag
FROM (
    SELECT
        row_number() OVER (ORDER BY c.m, k) AS no,
        c.user_id,
        c.city,
        c.made_at + pg_temp.hours(5 + k * 300 + get_byte(c.bytes, 12)) AS made_at
    FROM pg_temp.sample_member AS c
    CROSS JOIN generate_series(1, 2) AS k
    WHERE c.role_no = 12 AND k <= c.no % 3
) AS asked
JOIN pg_temp.sample_role AS r ON r.no = 1 + (asked.no - 1) % 10;

INSERT INTO public.requirements (
    id, reference_no, customer_id, title, description, category, location, budget_min, budget_max, needed_on, status,
    created_at
)
SELECT
    id,
    no,
    user_id,
    title || ' for ' || tag || ' in ' || city,
    CASE WHEN no % 6 <> 4 THEN 'Please send your price. ' || pg_temp.pick(ARRAY['', '🙏', 'धन्यवाद'], no) END,
    category,
    CASE WHEN no % 9 <> 7 THEN city END,
    CASE WHEN no % 5 <> 4 THEN rate * (1 + no % 3) END,
    CASE WHEN no % 5 <> 3 THEN rate * (2 + no % 4 * 1.5 + no % 3) END,
    CASE WHEN no % 4 <> 2 THEN (made_at AT TIME ZONE 'UTC')::date + 30 END,
    pg_temp.pick(ARRAY['open', 'OPEN', 'closed', 'fulfilled', 'Open', 'cancelled'], no),
    made_at
FROM pg_temp.sample_requirement;

-- A professional asks for requirements of the own trade, as soon as there are enough of them.

CREATE TEMPORARY TABLE sample_lead_request AS
SELECT
    p.no * 4 + k AS no,
    pg_temp.sample_id('lead_request', p.no * 4 + k) AS id,
    p.id AS professional_id,
    p.i,
    r.id AS requirement_id,
    r.user_id AS customer_id,
    5 + p.role_no AS coins,
    p.no % 7 IN (1, 5) AS is_accepted,
    greatest(p.made_at, r.made_at) + pg_temp.hours(1 + k * 3 + get_byte(p.bytes, 13)) AS made_at
FROM pg_temp.sample_professional AS p
CROSS JOIN generate_series(0, 1) AS k
CROSS JOIN (SELECT count(*) AS count FROM pg_temp.sample_requirement) AS requirements
JOIN pg_temp.sample_requirement AS r ON r.no = CASE
    WHEN requirements.count < 20 THEN 1 + (p.no + k) % nullif(requirements.count, 0)
    ELSE p.role_no + 10 * ((p.no + k) % (requirements.count / 10))
END
WHERE k < least(p.no % 3, requirements.count);

INSERT INTO public.lead_requests (
    id, requirement_id, professional_id, message, coins_spent, status, requested_at, responded_at
)
SELECT
    id,
    requirement_id,
    professional_id::text,
    CASE no % 5 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'Namaste, I am free. ' || pg_temp.pick(ARRAY['', '✅'], no) END,
    coins,
    CASE WHEN is_accepted THEN pg_temp.pick(ARRAY['accepted', 'ACCEPTED'], no / 7)
        ELSE pg_temp.pick(ARRAY['sent', 'declined', 'Sent'], no) END,
    CASE WHEN no % 13 <> 5 THEN made_at END,
    CASE WHEN is_accepted THEN made_at + pg_temp.hours(12 + no % 48) END
FROM pg_temp.sample_lead_request;

-- Customers review the professional who served them, by the id of the old root; job seekers the company that hired
-- them, by the id of its user.

INSERT INTO public.reviews (
    id, reviewer_id, reviewee_type, reviewee_id, requirement_id, application_id, rating, comment, status,
    is_featured_on_home, display_order, card_color, created_at
)
SELECT
    pg_temp.sample_id('review of ' || reviewee_type, no),
    reviewer_id,
    reviewee_type,
    reviewee_id,
    requirement_id,
    application_id,
    5 - no % 4 % 3,
    CASE no % 6 WHEN 2 THEN NULL WHEN 4 THEN 'बहुत बढ़िया! 👍🏽' ELSE 'Would book again, ' || no || ' times.' END,
    pg_temp.pick(ARRAY['published', 'Published', 'hidden'], no),
    no % 5 = 1,
    CASE WHEN no % 5 = 1 THEN (no % 100)::integer END,
    CASE WHEN no % 5 = 1 THEN pg_temp.pick(ARRAY['#FFD700', '#1e90ff'], no) END,
    CASE WHEN no % 11 <> 7 THEN made_at + pg_temp.hours(200) END
FROM (
    SELECT no, customer_id, 'professional', professional_id::text, requirement_id, NULL::uuid, made_at
    FROM pg_temp.sample_lead_request
    WHERE is_accepted
    UNION ALL
    SELECT no, seeker_user_id, 'user', company_user_id::text, NULL, id, made_at
    FROM pg_temp.sample_application
    WHERE no % 7 = 0
) AS done (no, reviewer_id, reviewee_type, reviewee_id, requirement_id, application_id, made_at);


-- =====================================================================================================================
-- Onboarding and verification
-- =====================================================================================================================

-- A user has one state, whatever the number of roles: that of the first.

INSERT INTO public.onboarding_states (user_id, role_key, current_step, completed_steps, is_complete, updated_at)
SELECT
    user_id,
    role_key,
    CASE i % 6 WHEN 1 THEN 'documents' WHEN 4 THEN 'start' ELSE 'done' END,
    CASE i % 6 WHEN 1 THEN '["details"]' WHEN 4 THEN '[]' ELSE '["details", "portfolio", "documents"]' END::jsonb,
    i % 6 NOT IN (1, 4),
    CASE WHEN i % 13 <> 8 THEN made_at + pg_temp.hours(5) END
FROM pg_temp.sample_member
WHERE m % 4 = 0 AND i % 2 = 0;

CREATE TEMPORARY TABLE sample_submission AS
SELECT
    member.*,
    pg_temp.sample_id('onboarding_submission', m) AS id,
    made_at + pg_temp.hours(2 + get_byte(bytes, 14) % 10) AS submitted_at,
    lower(status) IN ('approved', 'rejected', 'suspended') AS is_reviewed
FROM pg_temp.sample_member AS member
WHERE has_profile AND i % 3 = 2;

INSERT INTO public.onboarding_submissions (
    id, user_id, config_id, role_key, form_data, status, rejection_reason, reviewed_by, submitted_at, reviewed_at
)
SELECT
    s.id,
    s.user_id,
    CASE WHEN s.m % 19 <> 6 THEN pg_temp.sample_id('onboarding_config', s.role_no) END,
    s.role_key,
    jsonb_build_object('city', s.city, 'years', s.years, 'name', s.name),
    CASE
        WHEN lower(s.status) = 'rejected' THEN 'Rejected'
        WHEN s.is_reviewed THEN pg_temp.pick(ARRAY['approved', 'APPROVED'], s.m / 4)
        ELSE pg_temp.pick(ARRAY['submitted', 'under_review', 'Submitted'], s.m / 4)
    END,
    CASE WHEN lower(s.status) = 'rejected' THEN s.rejection_reason END,
    CASE WHEN s.is_reviewed THEN e.id::text END,
    CASE WHEN s.m % 17 <> 8 THEN s.submitted_at END,
    CASE WHEN s.is_reviewed THEN s.submitted_at + pg_temp.hours(8 + get_byte(s.bytes, 6)) END
FROM pg_temp.sample_submission AS s
LEFT JOIN pg_temp.sample_employee AS e
    ON e.no = 1 + s.i % nullif((SELECT count(*) FROM pg_temp.sample_employee), 0);

INSERT INTO public.submission_documents (id, submission_id, document_type, file_key, file_name, status, uploaded_at)
SELECT
    pg_temp.sample_id('submission_document', s.m * 4 + k),
    s.id,
    pg_temp.pick(ARRAY['aadhaar', 'pan', 'certificate', 'gst'], s.m / 4 + k),
    'documents/' || s.id || '/' || k,
    pg_temp.pick(ARRAY['scan.pdf', 'IMG 0001 (1).JPG', 'आधार.pdf', NULL], s.m / 4 + k),
    pg_temp.pick(ARRAY['uploaded', 'accepted', 'Accepted', NULL], s.m / 4 - k + 1),
    CASE WHEN s.m % 13 <> 9 THEN s.submitted_at - interval '10 minutes' END
FROM pg_temp.sample_submission AS s
CROSS JOIN generate_series(0, 1) AS k
WHERE k <= s.i % 2;

CREATE TEMPORARY TABLE sample_verification AS
SELECT
    u.*,
    pg_temp.sample_id('verification', u.i) AS id,
    u.i % 3 <> 0 AS is_done,
    u.created_at + pg_temp.hours(3 + get_byte(u.bytes, 12) % 48) AS made_at
FROM pg_temp.sample_user AS u
WHERE u.i % 4 = 1;

INSERT INTO public.verifications (
    id, user_id, verification_type, document_number, status, verified_by, verified_at, created_at
)
SELECT
    v.id,
    v.user_id,
    pg_temp.pick(ARRAY['identity', 'phone', 'email', 'pan', 'gst'], v.i / 4),
    CASE WHEN v.i % 5 <> 2 THEN 'XXXX' || lpad((v.i % 10000)::text, 4, '0') END,
    CASE WHEN v.is_done THEN pg_temp.pick(ARRAY['verified', 'VERIFIED', 'failed'], v.i / 4) ELSE 'pending' END,
    CASE WHEN v.is_done THEN e.user_id END,
    CASE WHEN v.is_done THEN v.made_at + pg_temp.hours(24) END,
    CASE WHEN v.i % 13 <> 1 THEN v.made_at END
FROM pg_temp.sample_verification AS v
LEFT JOIN pg_temp.sample_employee AS e
    ON e.no = 1 + v.i % nullif((SELECT count(*) FROM pg_temp.sample_employee), 0) AND v.i % 7 <> 2;

INSERT INTO public.verification_logs (id, verification_id, action, performed_by, notes, logged_at)
SELECT
    pg_temp.sample_id('verification_log', v.i::bigint * 4 + k),
    v.id,
    CASE k WHEN 0 THEN 'created' ELSE 'decided' END,
    CASE WHEN k = 0 THEN v.user_id::text END,
    CASE WHEN v.i % 5 = 0 THEN 'Looked at twice' END,
    CASE WHEN v.i % 11 <> 4 THEN v.made_at + pg_temp.hours(k * 24) END
FROM pg_temp.sample_verification AS v
CROSS JOIN generate_series(0, 1) AS k
WHERE k = 0 OR v.is_done;


-- =====================================================================================================================
-- Finance
-- =====================================================================================================================

CREATE TEMPORARY TABLE sample_coupon AS
SELECT
    no,
    pg_temp.sample_id('coupon', no) AS id,
    CASE WHEN no % 3 = 0 THEN 'flat' ELSE 'percent' END AS discount_type,
    CASE WHEN no % 3 = 0 THEN 100 + no % 5 * 50 ELSE 5 + no % 7 * 2.5 END AS discount_value
FROM pg_temp.sample_size AS s
CROSS JOIN generate_series(1, 10 + s.users / 500) AS no;

INSERT INTO public.coupons (
    id, code, discount_type, discount_value, max_uses, valid_from, valid_until, is_active, created_at
)
SELECT
    id,
    pg_temp.pick(ARRAY['WELCOME', 'DIWALI', 'Holi', 'GROW'], no) || no,
    discount_type,
    discount_value,
    CASE WHEN no % 4 <> 1 THEN 100000 END,
    CASE WHEN no % 5 <> 2 THEN timestamptz '2023-01-02 00:00:00+00' + pg_temp.hours(no % 1000) END,
    CASE WHEN no % 3 <> 2 THEN timestamptz '2025-12-31 00:00:00+00' END,
    no % 8 <> 7,
    CASE WHEN no % 9 <> 6 THEN timestamptz '2023-01-01 12:00:00+00' + pg_temp.hours(no % 1000) END
FROM pg_temp.sample_coupon;

-- Every fifth user has paid, every tenth twice. A coupon counts for the first payment alone, and only in rupees; the
-- amount is what was paid, tax of 18 % included.

CREATE TEMPORARY TABLE sample_payment AS
SELECT
    paid.*,
    pg_temp.sample_id('payment', paid.no) AS id,
    p.id AS package_id,
    p.tracecoins,
    p.currency,
    c.id AS coupon_id,
    discount.amount AS discount,
    p.price - coalesce(discount.amount, 0) AS amount,
    paid.status IN ('success', 'refunded') AS is_paid
FROM (
    SELECT
        u.i::bigint * 2 + k AS no,
        u.i,
        u.user_id,
        u.bytes,
        k,
        pg_temp.pick(
            ARRAY['success', 'success', 'failed', 'success', 'refunded', 'success', 'pending', 'success', 'success'],
            u.i / 5 + k
        ) AS status,
        u.created_at + pg_temp.hours(300 + k * 1000 + get_byte(u.bytes, 13) * 10) AS made_at
    FROM pg_temp.sample_user AS u
    CROSS JOIN generate_series(0, 1) AS k
    WHERE u.i % 5 = 1 AND (k = 0 OR u.i % 10 = 1)
) AS paid
JOIN public.pricing_packages AS p
    ON p.id = pg_temp.sample_id('pricing_package', 1 + (paid.i / 5 + paid.k) % 6)
LEFT JOIN pg_temp.sample_coupon AS c
    ON c.no = 1 + paid.i / 5 % (SELECT count(*) FROM pg_temp.sample_coupon)
        AND paid.k = 0 AND paid.i % 3 = 1 AND p.currency = 'INR'
LEFT JOIN LATERAL (
    SELECT CASE
        WHEN c.discount_type = 'flat' THEN c.discount_value
        WHEN c.discount_type = 'percent' THEN round(p.price * c.discount_value / 100, 2)
    END
) AS discount (amount) ON true;

INSERT INTO public.payments (
    id, user_id, package_id, amount, currency, status, gateway, gateway_reference, paid_at, created_at, updated_at
)
SELECT
    id,
    user_id,
    CASE WHEN no % 23 <> 14 THEN package_id::text END,
    amount,
    currency,
    status::public.payment_status,
    CASE WHEN currency = 'USD' THEN 'stripe' ELSE pg_temp.pick(ARRAY['razorpay', 'Razorpay', 'payu'], no / 2) END,
    CASE WHEN status <> 'pending' THEN 'pay_' || left(md5('payment reference ' || no::text), 20) END,
    CASE WHEN is_paid THEN made_at + interval '90 seconds' END,
    CASE WHEN no % 17 <> 5 THEN made_at END,
    CASE WHEN no % 13 <> 5 THEN made_at + pg_temp.hours(CASE WHEN status = 'refunded' THEN 100 ELSE 1 END) END
FROM pg_temp.sample_payment;

INSERT INTO public.coupon_uses (id, coupon_id, user_id, payment_id, discount_amount, used_at)
SELECT
    pg_temp.sample_id('coupon_use', no),
    coupon_id,
    user_id,
    CASE WHEN status <> 'failed' THEN id::text END,
    discount,
    CASE WHEN no % 11 <> 7 THEN made_at END
FROM pg_temp.sample_payment
WHERE coupon_id IS NOT NULL;

INSERT INTO public.invoices (
    id, invoice_number, payment_id, user_id, coupon_use_id, amount, tax_amount, currency, status, issued_at
)
SELECT
    pg_temp.sample_id('invoice', no),
    'NXT/' || date_part('year', made_at AT TIME ZONE 'UTC') || '/' || lpad(no::text, 8, '0'),
    id,
    user_id,
    CASE WHEN coupon_id IS NOT NULL THEN pg_temp.sample_id('coupon_use', no) END,
    round(amount / 1.18, 2)::double precision,
    (amount - round(amount / 1.18, 2))::double precision,
    currency,
    CASE WHEN status = 'refunded' THEN 'Cancelled' ELSE pg_temp.pick(ARRAY['issued', 'ISSUED', 'paid'], no) END,
    CASE WHEN no % 13 <> 8 THEN made_at + interval '1 hour' END
FROM pg_temp.sample_payment
WHERE is_paid;

-- Movements of tracecoins, and from their sums the wallets. Not everybody has a wallet; some wallets saw no movement.

CREATE TEMPORARY TABLE sample_movement AS
SELECT
    moved.*,
    sum(amount) OVER (PARTITION BY i ORDER BY made_at, kind, no) AS balance
FROM (
    SELECT
        i::bigint AS no,
        'bonus' AS kind,
        i,
        50 AS amount,
        'signup_bonus' AS reason,
        NULL::text AS reference_type,
        NULL::uuid AS reference_id,
        created_at + interval '1 minute' AS made_at
    FROM pg_temp.sample_user
    WHERE slot IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17, 18, 22)
    UNION ALL
    SELECT no, 'lead', i, -coins, 'lead_request', 'lead_request', id, made_at
    FROM pg_temp.sample_lead_request
    UNION ALL
    SELECT no, 'payment', i, tracecoins, 'purchase', 'payment', id, made_at + interval '90 seconds'
    FROM pg_temp.sample_payment
    WHERE is_paid
    UNION ALL
    SELECT no, 'refund', i, -tracecoins, 'refund', 'payment', id, made_at + pg_temp.hours(100)
    FROM pg_temp.sample_payment
    WHERE status = 'refunded'
) AS moved;

INSERT INTO public.tracecoin_wallets (id, user_id, balance, created_at, updated_at)
SELECT
    pg_temp.sample_id('tracecoin_wallet', u.i),
    u.user_id,
    coalesce(total.balance, 0),
    u.created_at,
    coalesce(total.moved_at, u.created_at)
FROM pg_temp.sample_user AS u
LEFT JOIN (
    SELECT i, sum(amount) AS balance, max(made_at) AS moved_at
    FROM pg_temp.sample_movement
    GROUP BY i
) AS total ON total.i = u.i
WHERE u.slot NOT IN (13, 14, 15, 19, 20, 23, 24);

INSERT INTO public.tracecoin_ledger (
    id, wallet_id, amount, balance_after, reason, reference_type, reference_id, created_at
)
SELECT
    pg_temp.sample_id('movement by ' || kind, no),
    pg_temp.sample_id('tracecoin_wallet', i),
    amount,
    balance,
    reason,
    reference_type,
    reference_id::text,
    made_at
FROM pg_temp.sample_movement;


-- =====================================================================================================================
-- Communication, support, logging
-- =====================================================================================================================

INSERT INTO public.notifications (id, user_id, type, title, body, data, is_read, created_at)
SELECT
    pg_temp.sample_id('notification', i),
    user_id,
    pg_temp.pick(ARRAY['lead', 'profile', 'job', 'PROMO'], i / 4),
    pg_temp.pick(ARRAY['New lead in ' || city, 'Your profile was looked at', 'A job for you', '🎉 दीपावली'], i / 4),
    CASE WHEN i % 5 <> 1 THEN 'Hello ' || name || ', have a look.' END,
    CASE WHEN i % 3 = 0 THEN jsonb_build_object('city', city, 'count', i % 9) ELSE '{}' END,
    i % 8 = 1,
    CASE WHEN i % 13 <> 3 THEN created_at + pg_temp.hours(50 + get_byte(bytes, 14) * 20) END
FROM pg_temp.sample_user
WHERE i % 4 = 1;

INSERT INTO public.email_logs (id, user_id, to_address, template, subject, status, error, sent_at)
SELECT
    row_number() OVER (ORDER BY i),
    CASE WHEN i % 20 <> 4 THEN user_id::text END,
    CASE WHEN i % 20 <> 4 THEN handle || '@example.com' ELSE 'nobody' || i || '@example.invalid' END,
    pg_temp.pick(ARRAY['welcome', 'reset_password', 'invoice'], i / 2),
    CASE WHEN i % 7 <> 5 THEN 'Namaste ' || first_name || '!' END,
    CASE WHEN i % 20 = 4 THEN 'bounced' ELSE pg_temp.pick(ARRAY['sent', 'SENT', 'sent', 'queued'], i / 2) END,
    CASE WHEN i % 20 = 4 THEN '550 5.1.1 no such user' END,
    CASE WHEN i % 11 <> 9 THEN created_at + interval '2 minutes' END
FROM pg_temp.sample_user
WHERE i % 2 = 0;

CREATE TEMPORARY TABLE sample_ticket AS
SELECT
    row_number() OVER (ORDER BY i) AS no,
    pg_temp.sample_id('support_ticket', i) AS id,
    created_at + pg_temp.hours(60 + get_byte(bytes, 15) * 20) AS made_at,
    *
FROM pg_temp.sample_user
WHERE i % 10 = 3;

INSERT INTO public.support_tickets (
    id, ticket_no, user_id, subject, category, priority, status, assigned_to, created_at, updated_at
)
SELECT
    t.id,
    t.no,
    t.user_id,
    pg_temp.pick(ARRAY['Payment failed', 'Cannot log in', 'प्रोफ़ाइल कब स्वीकृत होगी?', 'Delete my account'], t.no),
    pg_temp.pick(ARRAY['payments', 'account', 'Profile'], t.no),
    pg_temp.pick(ARRAY['normal', 'high', 'HIGH', 'low'], t.no),
    pg_temp.pick(ARRAY['open', 'in_progress', 'resolved', 'closed'], t.no)::public.ticket_status,
    e.id::text,
    t.made_at,
    t.made_at + pg_temp.hours(t.no % 100)
FROM pg_temp.sample_ticket AS t
LEFT JOIN pg_temp.sample_employee AS e
    ON e.no = 1 + t.no % nullif((SELECT count(*) FROM pg_temp.sample_employee), 0) AND t.no % 4 <> 0;

INSERT INTO public.support_ticket_messages (id, ticket_id, sender_id, is_staff, message, attachments, created_at)
SELECT
    pg_temp.sample_id('support_ticket_message', t.no * 4 + k),
    t.id,
    CASE WHEN k = 1 THEN coalesce(e.user_id, t.user_id) ELSE t.user_id END::text,
    k = 1 AND e.user_id IS NOT NULL,
    CASE k WHEN 0 THEN 'Please help me.' WHEN 1 THEN 'We are looking into it.' ELSE 'ధన్యవాదాలు 🙏' END,
    CASE WHEN t.no % 5 = 2 AND k = 0 THEN '[{"file_key": "tickets/screenshot.png"}]' ELSE '[]' END::jsonb,
    CASE WHEN t.no % 7 <> 3 THEN t.made_at + pg_temp.hours(k * 5) END
FROM pg_temp.sample_ticket AS t
CROSS JOIN generate_series(0, 2) AS k
LEFT JOIN pg_temp.sample_employee AS e
    ON e.no = 1 + t.no % nullif((SELECT count(*) FROM pg_temp.sample_employee), 0)
WHERE k <= t.no % 3;

INSERT INTO public.activity_logs (id, user_id, action, entity_type, entity_id, details, ip_address, created_at)
SELECT
    row_number() OVER (ORDER BY i),
    CASE WHEN i % 17 <> 9 THEN user_id::text END,
    pg_temp.pick(ARRAY['user.login', 'user.update', 'USER_LOGOUT'], i / 2),
    CASE WHEN i % 5 <> 3 THEN 'user' END,
    CASE WHEN i % 5 <> 3 THEN user_id::text END,
    CASE WHEN i % 3 = 2 THEN jsonb_build_object('city', city) END,
    CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '2001:db8::' || to_hex(i % 65536) ELSE '192.0.2.' || i % 256 END,
    CASE WHEN i % 13 <> 11 THEN created_at + pg_temp.hours(get_byte(bytes, 15) * 30) END
FROM pg_temp.sample_user
WHERE i % 5 > 1;


-- =====================================================================================================================
-- Sequences and clean-up
-- =====================================================================================================================

-- The numbers above were given by hand; the sequences go on after them.

SELECT
    setval('public.applications_application_no_seq', coalesce(max(application_no), 1), max(application_no) IS NOT NULL)
        AS applications
FROM public.applications;

SELECT setval('public.requirements_reference_no_seq', coalesce(max(reference_no), 1), max(reference_no) IS NOT NULL)
    AS requirements
FROM public.requirements;

SELECT setval('public.email_logs_id_seq', coalesce(max(id), 1), max(id) IS NOT NULL) AS email_logs
FROM public.email_logs;

SELECT setval('public.support_tickets_ticket_no_seq', coalesce(max(ticket_no), 1), max(ticket_no) IS NOT NULL)
    AS support_tickets
FROM public.support_tickets;

SELECT setval('public.activity_logs_id_seq', coalesce(max(id), 1), max(id) IS NOT NULL) AS activity_logs
FROM public.activity_logs;

DROP TABLE
    pg_temp.sample_size, pg_temp.sample_words, pg_temp.sample_role, pg_temp.sample_turn, pg_temp.sample_user,
    pg_temp.sample_employee, pg_temp.sample_member, pg_temp.sample_professional, pg_temp.sample_portfolio_item,
    pg_temp.sample_job, pg_temp.sample_application, pg_temp.sample_requirement, pg_temp.sample_lead_request,
    pg_temp.sample_submission, pg_temp.sample_verification, pg_temp.sample_coupon, pg_temp.sample_payment,
    pg_temp.sample_movement, pg_temp.sample_ticket;

DROP FUNCTION pg_temp.sample_id(text, bigint);
DROP FUNCTION pg_temp.sample_bytes(text, bigint);
DROP FUNCTION pg_temp.pick(text[], bigint);
DROP FUNCTION pg_temp.hours(bigint);

RESET work_mem;
RESET jit;
