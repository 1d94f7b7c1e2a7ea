-- Stop keeping the two places equal: triggers and foreign key leave, then the functions.
--
-- locks: reviews with review_highlights, professionals, user_role_profiles ACCESS EXCLUSIVE, for milliseconds

-- unit: highlights
-- locks: public.reviews ACCESS EXCLUSIVE, public.review_highlights ACCESS EXCLUSIVE

DROP TRIGGER carry_highlight_back ON public.review_highlights;
DROP TRIGGER carry_highlight_update ON public.reviews;
DROP TRIGGER carry_highlight_insert ON public.reviews;

-- unit: reviewee
-- locks: public.reviews ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER carry_professional_to_reviews ON public.professionals;
DROP TRIGGER make_reviewee_update ON public.reviews;
DROP TRIGGER make_reviewee_insert ON public.reviews;
DROP TRIGGER aa_relink_review ON public.reviews;
DROP TRIGGER aa_link_review ON public.reviews;

ALTER TABLE public.reviews DROP CONSTRAINT reviews_reviewee_profile_id_fkey;

-- unit: functions

DROP FUNCTION nxtgauge_migration.report_unmapped_reviews();
DROP FUNCTION nxtgauge_migration.changed_highlight_statement();
DROP FUNCTION nxtgauge_migration.missing_reviewee_statement();
DROP FUNCTION nxtgauge_migration.changed_reviewee_statement();
DROP FUNCTION nxtgauge_migration.highlight_statement();
DROP FUNCTION nxtgauge_migration.reviewee_statement();
DROP FUNCTION nxtgauge_migration.carry_highlight_back();
DROP FUNCTION nxtgauge_migration.carry_highlight();
DROP FUNCTION nxtgauge_migration.carry_professional_to_reviews();
DROP FUNCTION nxtgauge_migration.make_reviewee();
DROP FUNCTION nxtgauge_migration.link_review();
DROP FUNCTION nxtgauge_migration.reviewee_id_of_root(uuid);
DROP FUNCTION nxtgauge_migration.reviewee_type_of_root(uuid);
DROP FUNCTION nxtgauge_migration.means_root(text, text, uuid);
DROP FUNCTION nxtgauge_migration.reviewee_root(text, text, jsonb);
DROP FUNCTION nxtgauge_migration.is_professional(text);
