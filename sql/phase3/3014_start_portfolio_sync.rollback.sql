-- Stop keeping the two references equal: triggers and foreign keys leave, then the functions.
--
-- locks: each of the 4 tables with user_role_profiles ACCESS EXCLUSIVE, one after the other, for milliseconds

-- unit: roots
-- locks: public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER follow_root ON public.user_role_profiles;
DROP TRIGGER aa_take_over_root ON public.user_role_profiles;

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER remove_idle_root ON public.professionals;
DROP TRIGGER carry_professional_update ON public.professionals;
DROP TRIGGER carry_professional_insert ON public.professionals;
DROP TRIGGER aa_relink_professional ON public.professionals;
DROP TRIGGER aa_link_professional ON public.professionals;

ALTER TABLE public.professionals DROP CONSTRAINT professionals_user_role_profile_id_fkey;

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER "AA_make_professional_update" ON public.lead_requests;
DROP TRIGGER "AA_make_professional_insert" ON public.lead_requests;
DROP TRIGGER aa_relink_reference ON public.lead_requests;
DROP TRIGGER aa_link_reference ON public.lead_requests;

ALTER TABLE public.lead_requests DROP CONSTRAINT lead_requests_user_role_profile_id_fkey;

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER "AA_make_professional_update" ON public.services;
DROP TRIGGER "AA_make_professional_insert" ON public.services;
DROP TRIGGER aa_relink_reference ON public.services;
DROP TRIGGER aa_link_reference ON public.services;

ALTER TABLE public.services DROP CONSTRAINT services_user_role_profile_id_fkey;

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER "AA_make_professional_update" ON public.portfolio_items;
DROP TRIGGER "AA_make_professional_insert" ON public.portfolio_items;
DROP TRIGGER aa_relink_reference ON public.portfolio_items;
DROP TRIGGER aa_link_reference ON public.portfolio_items;

ALTER TABLE public.portfolio_items DROP CONSTRAINT portfolio_items_user_role_profile_id_fkey;

-- unit: functions

DROP FUNCTION nxtgauge_migration.follow_root();
DROP FUNCTION nxtgauge_migration.take_over_root();
DROP FUNCTION nxtgauge_migration.make_professional();
DROP FUNCTION nxtgauge_migration.create_professional(text, uuid);
DROP FUNCTION nxtgauge_migration.link_reference();
DROP FUNCTION nxtgauge_migration.remove_idle_root();
DROP FUNCTION nxtgauge_migration.carry_professional();
DROP FUNCTION nxtgauge_migration.link_professional();
DROP FUNCTION nxtgauge_migration.remove_root_if_idle(uuid);
DROP FUNCTION nxtgauge_migration.speaks_for_root(text, uuid);
DROP FUNCTION nxtgauge_migration.professional_of_root(uuid);
DROP FUNCTION nxtgauge_migration.root_of_professional(text);
DROP FUNCTION nxtgauge_migration.held_root(uuid);
