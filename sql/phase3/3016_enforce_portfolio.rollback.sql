-- Let rows be written without a root again: each thing undone in the reverse order.
--
-- locks: each of the 3 tables ACCESS EXCLUSIVE twice, for milliseconds

-- unit: lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

ALTER TABLE public.lead_requests
    ADD CONSTRAINT lead_requests_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.lead_requests ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: services
-- locks: public.services ACCESS EXCLUSIVE

ALTER TABLE public.services
    ADD CONSTRAINT services_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.services ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE

ALTER TABLE public.portfolio_items
    ADD CONSTRAINT portfolio_items_user_role_profile_id_check CHECK (user_role_profile_id IS NOT NULL) NOT VALID;
ALTER TABLE public.portfolio_items ALTER COLUMN user_role_profile_id DROP NOT NULL;

-- unit: require a root in lead_requests
-- locks: public.lead_requests ACCESS EXCLUSIVE

ALTER TABLE public.lead_requests DROP CONSTRAINT lead_requests_user_role_profile_id_check;

-- unit: require a root in services
-- locks: public.services ACCESS EXCLUSIVE

ALTER TABLE public.services DROP CONSTRAINT services_user_role_profile_id_check;

-- unit: require a root in portfolio_items
-- locks: public.portfolio_items ACCESS EXCLUSIVE

ALTER TABLE public.portfolio_items DROP CONSTRAINT portfolio_items_user_role_profile_id_check;
