-- Columns that a later step takes away are looked for first: ts_stat() is the one function of PostgreSQL that runs a query given
-- as text; it wants its findings as a tsvector, and gives them back as words.

-- check: the reviews have been gone through to their end
SELECT w.job, CASE WHEN b.job IS NULL THEN 'has not begun' ELSE 'has not come to its end' END AS reason
FROM (
    VALUES
    ('3083_backfill_reviews: reviewees'),
    ('3083_backfill_reviews: highlights')
) AS w (job)
LEFT JOIN nxtgauge_migration.backfill AS b ON b.job = w.job
WHERE b.finished_at IS NULL
ORDER BY 1;

-- check: a review of a professional is about the root of that professional
SELECT 'reviews' AS table_name, split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS reviewee_id,
    split_part(x.word, ' ', 3) AS root_of_professional
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.reviews') AND a.attname = 'reviewee_id' AND NOT a.attisdropped
      AND to_regclass('public.professionals') IS NOT NULL
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(
    'SELECT array_to_tsvector(ARRAY[concat_ws('' '', e.id, e.reviewee_id, p.user_role_profile_id)])'
    ' FROM public.reviews AS e JOIN public.professionals AS p ON p.id::text = lower(e.reviewee_id::text)'
    ' WHERE nxtgauge_migration.is_professional(e.reviewee_type::text)'
    ' AND e.reviewee_profile_id IS DISTINCT FROM p.user_role_profile_id') AS x
ORDER BY 2;

-- check: a review of a user is about a root of that user, or of nobody
SELECT 'reviews' AS table_name, split_part(x.word, ' ', 1) AS id, split_part(x.word, ' ', 2) AS reviewee_id,
    split_part(x.word, ' ', 3) AS user_of_root
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.reviews') AND a.attname = 'reviewee_id' AND NOT a.attisdropped
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(
    'SELECT array_to_tsvector(ARRAY[concat_ws('' '', e.id, e.reviewee_id, r.user_id)])'
    ' FROM public.reviews AS e JOIN public.user_role_profiles AS r ON r.id = e.reviewee_profile_id'
    ' WHERE NOT nxtgauge_migration.is_professional(e.reviewee_type::text)'
    ' AND lower(r.user_id::text) <> lower(e.reviewee_id::text)') AS x
ORDER BY 2;

-- check: highlights say what reviews say, as long as these say it
SELECT 'review_highlights' AS table_name, x.word AS review_id
FROM (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.reviews') AND a.attname = 'card_color' AND NOT a.attisdropped
    OFFSET 0
) AS w
CROSS JOIN LATERAL pg_catalog.ts_stat(
    'SELECT array_to_tsvector(ARRAY[e.id::text])'
    ' FROM public.reviews AS e LEFT JOIN public.review_highlights AS h ON h.review_id = e.id'
    ' WHERE (coalesce(e.is_featured_on_home, false), e.display_order, e.card_color)'
    ' IS DISTINCT FROM (coalesce(h.is_featured_on_home, false), h.display_order, h.card_color)') AS x
ORDER BY 2;

-- check: the foreign key from reviews to roots is validated
SELECT 'reviews_reviewee_profile_id_fkey' AS constraint_name
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid = to_regclass('public.reviews') AND k.conname = 'reviews_reviewee_profile_id_fkey' AND k.convalidated);
