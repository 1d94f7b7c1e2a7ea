-- Take what only the home page needs away from reviews; it is in review_highlights.
--
-- kind: contract
-- depends: 3089_retire_reviewee_text
-- locks: public.reviews SHARE ROW EXCLUSIVE, then with review_highlights ACCESS EXCLUSIVE, for milliseconds

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns(
    '3095_retire_review_page_columns', 'public.reviews', ARRAY['is_featured_on_home', 'display_order', 'card_color']);

-- unit: capture
-- locks: public.reviews SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns(
    '3095_retire_review_page_columns', 'public.reviews', ARRAY['is_featured_on_home', 'display_order', 'card_color']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3095_retire_review_page_columns', 'public.reviews');

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.review_highlights ACCESS EXCLUSIVE

DROP TRIGGER carry_highlight_back ON public.review_highlights;
DROP TRIGGER carry_highlight_update ON public.reviews;
DROP TRIGGER carry_highlight_insert ON public.reviews;

SELECT nxtgauge_migration.finish_parking_columns('3095_retire_review_page_columns', 'public.reviews');
