-- Take the old reference to the reviewed party away; a review is about a root.
--
-- kind: contract
-- depends: 3083_backfill_reviews
-- locks: public.reviews SHARE ROW EXCLUSIVE, then with professionals ACCESS EXCLUSIVE, for milliseconds

-- Before the professionals retire (3090), so that a rollback finds them there again when it needs them.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('3089_retire_reviewee_text', 'public.reviews', ARRAY['reviewee_type', 'reviewee_id']);

-- unit: capture
-- locks: public.reviews SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3089_retire_reviewee_text', 'public.reviews', ARRAY['reviewee_type', 'reviewee_id']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3089_retire_reviewee_text', 'public.reviews');
SELECT nxtgauge_migration.report_unmapped_reviews();

-- unit: reviews
-- locks: public.reviews ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

DROP TRIGGER carry_professional_to_reviews ON public.professionals;
DROP TRIGGER make_reviewee_update ON public.reviews;
DROP TRIGGER make_reviewee_insert ON public.reviews;
DROP TRIGGER aa_relink_review ON public.reviews;
DROP TRIGGER aa_link_review ON public.reviews;

SELECT nxtgauge_migration.finish_parking_columns('3089_retire_reviewee_text', 'public.reviews');
