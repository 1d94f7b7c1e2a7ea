-- Park the verification requests and their history: the tables move aside whole, and a later apply brings their rows back.
--
-- locks: public.verification_request_history and public.verification_requests ACCESS EXCLUSIVE, with public.users for the foreign keys

-- unit: history
-- locks: public.verification_request_history ACCESS EXCLUSIVE, public.verification_requests ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

-- The triggers would tie the parked table to functions that leave.
DROP TRIGGER keep_performer_label ON public.verification_request_history;
DROP TRIGGER keep_created_at ON public.verification_request_history;

SELECT nxtgauge_migration.park_table('3031_create_verification_requests', 'public.verification_request_history');

-- unit: requests
-- locks: public.verification_requests ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE

DROP TRIGGER keep_timestamps ON public.verification_requests;

SELECT nxtgauge_migration.park_table('3031_create_verification_requests', 'public.verification_requests');

-- unit: helpers

DROP FUNCTION public.keep_performer_label();
DROP FUNCTION nxtgauge_migration.keep_append_only(text);
DROP FUNCTION nxtgauge_migration.settle_reference(text, text, text);
DROP FUNCTION nxtgauge_migration.set_reference(text, text, text, text, text, text);
DROP FUNCTION nxtgauge_migration.refer_to(text, text, text);
DROP FUNCTION nxtgauge_migration.normalised_request_status(text, text);
