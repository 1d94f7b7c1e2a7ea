-- Park the approval requests, their documents and their history: the tables move aside whole, and a later apply brings their
-- rows back.
--
-- locks: the three tables ACCESS EXCLUSIVE, with public.users, public.employees and public.user_role_profiles for the foreign keys

-- unit: triggers
-- locks: public.approval_requests ACCESS EXCLUSIVE, public.approval_request_documents ACCESS EXCLUSIVE,
--   public.approval_request_history ACCESS EXCLUSIVE

-- The triggers would tie the parked tables to functions that leave.
DROP TRIGGER keep_created_at ON public.approval_request_history;
DROP TRIGGER keep_timestamps ON public.approval_request_documents;
DROP TRIGGER record_approval_event_update ON public.approval_requests;
DROP TRIGGER record_approval_event_insert ON public.approval_requests;
DROP TRIGGER link_approval_request ON public.approval_requests;
DROP TRIGGER keep_reviewer_label ON public.approval_requests;
DROP TRIGGER keep_timestamps ON public.approval_requests;

DROP FUNCTION public.record_approval_event();
DROP FUNCTION public.note_approval_status(uuid);
DROP FUNCTION public.link_approval_request();
DROP FUNCTION public.keep_reviewer_label();

-- unit: history
-- locks: public.approval_request_history ACCESS EXCLUSIVE, public.approval_requests ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE

SELECT nxtgauge_migration.park_table('3032_create_approval_requests', 'public.approval_request_history');

-- unit: documents
-- locks: public.approval_request_documents ACCESS EXCLUSIVE, public.approval_requests ACCESS EXCLUSIVE

SELECT nxtgauge_migration.park_table('3032_create_approval_requests', 'public.approval_request_documents');

-- unit: requests
-- locks: public.approval_requests ACCESS EXCLUSIVE, public.users ACCESS EXCLUSIVE, public.employees ACCESS EXCLUSIVE,
--   public.user_role_profiles ACCESS EXCLUSIVE

SELECT nxtgauge_migration.park_table('3032_create_approval_requests', 'public.approval_requests');
