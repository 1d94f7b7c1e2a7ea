-- Rows of a drill's own in the tables that every phase leaves with these columns. drill_id gives each drill ids of its own.

-- write: public.users
INSERT INTO public.users (id, email, phone, password_hash)
VALUES (pg_temp.drill_id('user'), 'drill-' || pg_temp.drill_id('user') || '@example.org', NULL, 'not a hash'),
       (pg_temp.drill_id('customer'), 'drill-' || pg_temp.drill_id('customer') || '@example.org', NULL, 'not a hash')
RETURNING id;

-- write: public.roles
INSERT INTO public.roles (id, key, name)
VALUES (pg_temp.drill_id('role'), 'drill_' || left(pg_temp.drill_id('role')::text, 8), 'Drill')
RETURNING id;

-- write: public.role_permissions
INSERT INTO public.role_permissions (id, role_id, permission)
VALUES (pg_temp.drill_id('permission'), pg_temp.drill_id('role'), 'drill.read')
RETURNING id;

-- write: public.user_roles
INSERT INTO public.user_roles (user_id, role_id)
VALUES (pg_temp.drill_id('user'), pg_temp.drill_id('role'))
RETURNING user_id, role_id;

-- write: public.user_sessions
INSERT INTO public.user_sessions (id, user_id, token_hash, device, ip_address, expires_at)
VALUES (pg_temp.drill_id('session'), pg_temp.drill_id('user'), sha256(pg_temp.drill_id('session')::text::bytea),
        'Drill', '192.0.2.1', now() + interval '1 hour')
RETURNING id;

-- write: public.refresh_tokens
INSERT INTO public.refresh_tokens (id, user_id, token_hash, expires_at)
VALUES (pg_temp.drill_id('token'), pg_temp.drill_id('user'), 'drill-' || pg_temp.drill_id('token'), now() + interval '1 day')
RETURNING id;

-- write: public.user_settings
INSERT INTO public.user_settings (id, user_id, theme)
VALUES (pg_temp.drill_id('settings'), pg_temp.drill_id('user'), 'dark')
RETURNING id;

-- write: public.account_deletion_requests
INSERT INTO public.account_deletion_requests (id, user_id, reason)
VALUES (pg_temp.drill_id('deletion'), pg_temp.drill_id('user'), 'drill')
RETURNING id;

-- write: public.departments
INSERT INTO public.departments (id, name, code, description)
VALUES (pg_temp.drill_id('department'), 'Drill ' || left(pg_temp.drill_id('department')::text, 8),
        'D' || left(pg_temp.drill_id('department')::text, 8), 'Made by a drill.')
RETURNING id;

-- write: public.designations
INSERT INTO public.designations (id, title, code, department_id, level)
VALUES (pg_temp.drill_id('designation'), 'Drill sergeant', 'T' || left(pg_temp.drill_id('designation')::text, 8),
        pg_temp.drill_id('department'), 3)
RETURNING id;

-- write: public.employees
INSERT INTO public.employees (id, user_id, employee_code, designation_id, employment_type, status)
VALUES (pg_temp.drill_id('employee'), pg_temp.drill_id('user'), 'E' || left(pg_temp.drill_id('employee')::text, 8),
        pg_temp.drill_id('designation'), 'contract', 'active')
RETURNING id;

-- write: public.pricing_packages
INSERT INTO public.pricing_packages (id, name, tracecoins, price)
VALUES (pg_temp.drill_id('package'), 'Drill', 10, 99.50)
RETURNING id;

-- write: public.coupons
INSERT INTO public.coupons (id, code, discount_value)
VALUES (pg_temp.drill_id('coupon'), 'DRILL' || left(pg_temp.drill_id('coupon')::text, 8), 10)
RETURNING id;

-- write: public.discounts
INSERT INTO public.discounts (id, name, percentage)
VALUES (pg_temp.drill_id('discount'), 'Drill', 12.5)
RETURNING id;

-- write: public.tracecoin_wallets
INSERT INTO public.tracecoin_wallets (id, user_id, balance)
VALUES (pg_temp.drill_id('wallet'), pg_temp.drill_id('user'), 10)
RETURNING id;

-- write: public.tracecoin_ledger
INSERT INTO public.tracecoin_ledger (id, wallet_id, amount, balance_after, reason)
VALUES (pg_temp.drill_id('ledger'), pg_temp.drill_id('wallet'), 10, 10, 'drill')
RETURNING id;

-- write: public.payments
INSERT INTO public.payments (id, user_id, amount)
VALUES (pg_temp.drill_id('payment'), pg_temp.drill_id('user'), 99.50)
RETURNING id;

-- write: public.invoices
INSERT INTO public.invoices (id, invoice_number, payment_id, user_id, amount, tax_amount)
VALUES (pg_temp.drill_id('invoice'), 'DRILL-' || left(pg_temp.drill_id('invoice')::text, 8), pg_temp.drill_id('payment'),
        pg_temp.drill_id('user'), 99.50, 15.18)
RETURNING id;

-- write: public.notifications
INSERT INTO public.notifications (id, user_id, type, title)
VALUES (pg_temp.drill_id('notification'), pg_temp.drill_id('user'), 'drill', 'Drill')
RETURNING id;

-- write: public.email_logs
INSERT INTO public.email_logs (to_address, template) VALUES ('drill@example.org', 'drill')
RETURNING id;

-- write: public.support_tickets
INSERT INTO public.support_tickets (id, user_id, subject)
VALUES (pg_temp.drill_id('ticket'), pg_temp.drill_id('user'), 'Drill')
RETURNING id;

-- write: public.kb_categories
INSERT INTO public.kb_categories (id, slug, name)
VALUES (pg_temp.drill_id('category'), 'drill-' || pg_temp.drill_id('category'), 'Drill')
RETURNING id;

-- write: public.kb_articles
INSERT INTO public.kb_articles (id, category_id, slug, title, body)
VALUES (pg_temp.drill_id('article'), pg_temp.drill_id('category'), 'drill-' || pg_temp.drill_id('article'), 'Drill', 'Text.')
RETURNING id;

-- write: public.dashboard_configs
INSERT INTO public.dashboard_configs (id, role_key)
VALUES (pg_temp.drill_id('dashboard'), 'drill_' || left(pg_temp.drill_id('dashboard')::text, 8))
RETURNING id;

-- write: public.runtime_configs
INSERT INTO public.runtime_configs (key, value) VALUES ('drill.' || pg_temp.drill_id('config'), '{"drill": true}')
RETURNING key;
