-- Take the root away from reviews, and park what the home page shows of them.
--
-- locks: public.reviews, with review_highlights and user_role_profiles, ACCESS EXCLUSIVE, for milliseconds

-- unit: review_highlights
-- locks: public.review_highlights ACCESS EXCLUSIVE, public.reviews ACCESS EXCLUSIVE

-- Its function leaves with Phase 1.
DROP TRIGGER keep_timestamps ON public.review_highlights;

SELECT nxtgauge_migration.park_table('3080_add_reviewee_profile', 'public.review_highlights');

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns(
    '3080_add_reviewee_profile', 'public.reviews', ARRAY['reviewee_profile_id'], sparse => true);

-- unit: begin
-- locks: public.reviews SHARE ROW EXCLUSIVE

-- For the roots that the old reference does not tell: a user has several.
SELECT nxtgauge_migration.begin_parking_columns(
    '3080_add_reviewee_profile', 'public.reviews', ARRAY['reviewee_profile_id'], sparse => true);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3080_add_reviewee_profile', 'public.reviews');

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE

SELECT nxtgauge_migration.finish_parking_columns('3080_add_reviewee_profile', 'public.reviews', follow => false);
