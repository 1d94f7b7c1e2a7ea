-- check: reviews have a reference to the root they are about, and there is a place for what the home page shows
SELECT w.table_name, w.column_name
FROM (
    VALUES ('reviews', 'reviewee_profile_id'), ('review_highlights', 'review_id'), ('review_highlights', 'is_featured_on_home'),
    ('review_highlights', 'display_order'), ('review_highlights', 'card_color')
) AS w (table_name, column_name)
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = to_regclass('public.' || w.table_name) AND a.attname = w.column_name AND NOT a.attisdropped)
ORDER BY 1, 2;

-- check: a highlight goes with its review
SELECT 'review_highlights_review_id_fkey' AS constraint_name
WHERE NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid = to_regclass('public.review_highlights') AND k.confrelid = to_regclass('public.reviews')
      AND k.contype = 'f' AND k.convalidated AND k.confdeltype = 'c');
