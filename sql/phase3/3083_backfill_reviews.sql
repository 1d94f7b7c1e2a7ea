-- Find the root that each review is about, and make the highlights, in batches, while both backends write.
--
-- kind: backfill
-- depends: 3082_start_review_sync
-- locks: none; each batch locks its rows, and skips those that a client has locked

-- unit: rows
-- transactional: false

CALL nxtgauge_migration.run_batches(
    '3083_backfill_reviews: reviewees', 'public.reviews', nxtgauge_migration.reviewee_statement());
CALL nxtgauge_migration.run_batches(
    '3083_backfill_reviews: highlights', 'public.reviews', nxtgauge_migration.highlight_statement(),
    ARRAY['public.review_highlights']);

-- unit: validation
-- transactional: false

-- A root that came back after a rollback may have been deleted meanwhile; then the review is about nobody.
SELECT nxtgauge_migration.validate_rule('public.reviews', 'reviews_reviewee_profile_id_fkey');
