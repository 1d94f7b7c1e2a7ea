-- Take the references to professionals away, and the old root itself; everything hangs on user_role_profiles alone.
--
-- kind: contract
-- depends: 3016_enforce_portfolio
-- locks: each of the 4 tables with its partners, and users: SHARE ROW EXCLUSIVE, then ACCESS EXCLUSIVE, for milliseconds

-- The old backend stops working here. Until a table's reference goes, its triggers keep it equal to the root, and what they
-- write is captured; triggers and column go in the same moment. The old root moves aside as it is, with the root that each
-- professional has.

-- unit: ready

-- Under the locks below, triggers are created and nothing else.
SELECT nxtgauge_migration.prepare_parking_columns('3090_retire_professionals', 'public.portfolio_items', ARRAY['professional_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3090_retire_professionals', 'public.services', ARRAY['professional_id']);
SELECT nxtgauge_migration.prepare_parking_columns('3090_retire_professionals', 'public.lead_requests', ARRAY['professional_id']);

-- unit: capture portfolio_items
-- locks: public.portfolio_items SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3090_retire_professionals', 'public.portfolio_items', ARRAY['professional_id']);

-- unit: capture services
-- locks: public.services SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3090_retire_professionals', 'public.services', ARRAY['professional_id']);

-- unit: capture lead_requests
-- locks: public.lead_requests SHARE ROW EXCLUSIVE

SELECT nxtgauge_migration.begin_parking_columns('3090_retire_professionals', 'public.lead_requests', ARRAY['professional_id']);

-- unit: copy
-- transactional: false

CALL nxtgauge_migration.copy_parked_columns('3090_retire_professionals', 'public.portfolio_items');
CALL nxtgauge_migration.copy_parked_columns('3090_retire_professionals', 'public.services');
CALL nxtgauge_migration.copy_parked_columns('3090_retire_professionals', 'public.lead_requests');

-- unit: sync
-- locks: public.professionals ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE

DROP TRIGGER follow_root ON public.user_role_profiles;
DROP TRIGGER aa_take_over_root ON public.user_role_profiles;
DROP TRIGGER remove_idle_root ON public.professionals;
DROP TRIGGER carry_professional_update ON public.professionals;
DROP TRIGGER carry_professional_insert ON public.professionals;
DROP TRIGGER aa_relink_professional ON public.professionals;
DROP TRIGGER aa_link_professional ON public.professionals;

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

DROP TRIGGER "AA_make_professional_update" ON public.portfolio_items;
DROP TRIGGER "AA_make_professional_insert" ON public.portfolio_items;
DROP TRIGGER aa_relink_reference ON public.portfolio_items;
DROP TRIGGER aa_link_reference ON public.portfolio_items;

SELECT nxtgauge_migration.finish_parking_columns('3090_retire_professionals', 'public.portfolio_items');

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

DROP TRIGGER "AA_make_professional_update" ON public.services;
DROP TRIGGER "AA_make_professional_insert" ON public.services;
DROP TRIGGER aa_relink_reference ON public.services;
DROP TRIGGER aa_link_reference ON public.services;

SELECT nxtgauge_migration.finish_parking_columns('3090_retire_professionals', 'public.services');

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE, public.professionals ACCESS EXCLUSIVE

DROP TRIGGER "AA_make_professional_update" ON public.lead_requests;
DROP TRIGGER "AA_make_professional_insert" ON public.lead_requests;
DROP TRIGGER aa_relink_reference ON public.lead_requests;
DROP TRIGGER aa_link_reference ON public.lead_requests;

SELECT nxtgauge_migration.finish_parking_columns('3090_retire_professionals', 'public.lead_requests');

-- unit: professionals
-- locks: public.professionals ACCESS EXCLUSIVE, public.user_role_profiles ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

SELECT nxtgauge_migration.park_table('3090_retire_professionals', 'public.professionals', returns_with => 'rollback');
