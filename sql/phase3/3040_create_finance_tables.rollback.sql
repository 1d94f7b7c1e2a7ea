-- Park the five finance tables: they move aside whole, and a later apply brings their rows back.
--
-- locks: each of the five with the legacy table it refers to, ACCESS EXCLUSIVE, brief

-- unit: key between transactions and configurations
-- locks: public.payment_transactions ACCESS EXCLUSIVE, public.payment_gateway_configs ACCESS EXCLUSIVE

ALTER TABLE public.payment_transactions DROP CONSTRAINT payment_transactions_payment_gateway_config_id_fkey;

-- unit: payment_transactions
-- locks: public.payments ACCESS EXCLUSIVE, public.payment_transactions ACCESS EXCLUSIVE, public.orders ACCESS EXCLUSIVE

-- The trigger would tie the parked table to a function that leaves with 1010.
DROP TRIGGER keep_timestamps ON public.payment_transactions;
SELECT nxtgauge_migration.park_table('3040_create_finance_tables', 'public.payment_transactions');

-- unit: order_items
-- locks: public.pricing_packages ACCESS EXCLUSIVE, public.order_items ACCESS EXCLUSIVE, public.orders ACCESS EXCLUSIVE, public.tax_rules ACCESS EXCLUSIVE

DROP TRIGGER keep_timestamps ON public.order_items;
SELECT nxtgauge_migration.park_table('3040_create_finance_tables', 'public.order_items');

-- unit: orders
-- locks: public.users ACCESS EXCLUSIVE, public.orders ACCESS EXCLUSIVE

DROP TRIGGER keep_timestamps ON public.orders;
SELECT nxtgauge_migration.park_table('3040_create_finance_tables', 'public.orders');

-- unit: configurations and taxes
-- locks: public.payment_gateway_configs ACCESS EXCLUSIVE, public.tax_rules ACCESS EXCLUSIVE

DROP TRIGGER keep_timestamps ON public.payment_gateway_configs;
SELECT nxtgauge_migration.park_table('3040_create_finance_tables', 'public.payment_gateway_configs');
DROP TRIGGER keep_timestamps ON public.tax_rules;
SELECT nxtgauge_migration.park_table('3040_create_finance_tables', 'public.tax_rules');
