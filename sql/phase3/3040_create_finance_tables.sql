-- Create orders, their items, tax rules, payment transactions and the configurations of payment gateways.
--
-- kind: expand
-- depends: 2090_retire_legacy_profile_columns
-- locks: public.users, public.pricing_packages and public.payments SHARE ROW EXCLUSIVE for one foreign key each, brief

-- Squawk takes the file for one transaction; it is one per unit, and what validates runs outside any.
-- squawk-ignore-file constraint-missing-not-valid

-- The references to legacy tables come after the rows that an earlier rollback parked: what a row refers to may have gone
-- meanwhile, and what the foreign key would have done is then done before it is validated.

-- unit: tables

CREATE TABLE public.tax_rules (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    code         text        NOT NULL,
    name         text        NOT NULL,
    rate_percent numeric     NOT NULL,
    applies_to   text        NOT NULL DEFAULT 'all',
    currency     text,
    valid_from   timestamptz NOT NULL DEFAULT now(),
    valid_until  timestamptz,
    is_active    boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tax_rules_pkey PRIMARY KEY (id),
    CONSTRAINT tax_rules_code_valid_from_key UNIQUE (code, valid_from),
    CONSTRAINT tax_rules_rate_percent_check CHECK (rate_percent BETWEEN 0 AND 100),
    CONSTRAINT tax_rules_valid_until_check CHECK (valid_until > valid_from)
);

COMMENT ON TABLE  public.tax_rules IS
    'nxtgauge-migrate: the taxes that apply to what is sold. Empty at first: the legacy schema knows amounts of tax, no rates.';
COMMENT ON COLUMN public.tax_rules.code         IS 'Short name of the tax, such as GST18; one row per period of validity.';
COMMENT ON COLUMN public.tax_rules.name         IS 'Name of the tax as invoices print it.';
COMMENT ON COLUMN public.tax_rules.rate_percent IS 'Rate in percent of the price before tax, exact.';
COMMENT ON COLUMN public.tax_rules.applies_to   IS 'What it applies to: all, or a kind of item.';
COMMENT ON COLUMN public.tax_rules.currency     IS 'ISO 4217 code of the currency it is limited to; NULL: every currency.';
COMMENT ON COLUMN public.tax_rules.valid_from   IS 'First moment at which the rule holds.';
COMMENT ON COLUMN public.tax_rules.valid_until  IS 'Moment at which it ceases to hold; NULL: not known yet.';
COMMENT ON COLUMN public.tax_rules.is_active    IS 'Whether new orders may use it.';

-- What a key of a gateway looks like: the prefixes under which gateways hand them out, a PEM block, or a long run of letters and
-- digits. A reference into a secret store is a URI and has none of these.
CREATE TABLE public.payment_gateway_configs (
    id                 uuid        NOT NULL DEFAULT gen_random_uuid(),
    gateway            text        NOT NULL,
    environment        text        NOT NULL DEFAULT 'live',
    merchant_reference text,
    secret_reference   text        NOT NULL,
    settings           jsonb       NOT NULL DEFAULT '{}',
    is_active          boolean     NOT NULL DEFAULT true,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_gateway_configs_pkey PRIMARY KEY (id),
    CONSTRAINT payment_gateway_configs_environment_check CHECK (environment IN ('live', 'test')),
    CONSTRAINT payment_gateway_configs_merchant_reference_check CHECK (
        merchant_reference !~* '((sk|rk|key|secret)_(live|test)_?[a-z0-9]{8}|whsec_|-----BEGIN)'),
    CONSTRAINT payment_gateway_configs_secret_reference_check CHECK (
        secret_reference ~ '^[a-z][a-z0-9+.-]*:[^[:space:]@]{3,250}$'
        AND secret_reference !~* '((sk|pk|rk|rzp|key|secret)_(live|test)_?[a-z0-9]{8}|whsec_|-----BEGIN|^(data|basic|bearer):)'
        AND secret_reference !~ '[A-Za-z0-9+=]{24,}'),
    CONSTRAINT payment_gateway_configs_settings_check CHECK (
        jsonb_typeof(settings) = 'object'
        AND settings::text !~* '"[^"]*(secret|passw|token|private|credential|signature|api[_-]?key)[^"]*" *:'
        AND settings::text !~* '((sk|rk|rzp|key|secret)_(live|test)_?[a-z0-9]{8}|whsec_|-----BEGIN)'
        AND settings::text !~ '[A-Za-z0-9+=]{32,}')
);

COMMENT ON TABLE  public.payment_gateway_configs IS
    'nxtgauge-migrate: how to reach each payment gateway. Holds no secret: only where the secret store keeps it.';
COMMENT ON COLUMN public.payment_gateway_configs.gateway            IS 'The gateway, spelled as the backend spells it in payments.';
COMMENT ON COLUMN public.payment_gateway_configs.environment        IS 'live or test.';
COMMENT ON COLUMN public.payment_gateway_configs.merchant_reference IS 'Public number of the merchant account; no key.';
COMMENT ON COLUMN public.payment_gateway_configs.secret_reference   IS
    'Where the secret store keeps the keys, as a URI such as vault://payments/razorpay#key; a check refuses what looks like a key.';
COMMENT ON COLUMN public.payment_gateway_configs.settings           IS
    'Further settings; a check refuses names and values that look like secrets.';
COMMENT ON COLUMN public.payment_gateway_configs.is_active          IS 'Whether new payments may use it.';

CREATE TABLE public.orders (
    id              uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id         uuid,
    status          text        NOT NULL DEFAULT 'pending',
    currency        text        NOT NULL,
    subtotal_amount numeric     NOT NULL,
    tax_amount      numeric     NOT NULL DEFAULT 0,
    discount_amount numeric     NOT NULL DEFAULT 0,
    total_amount    numeric     NOT NULL,
    placed_at       timestamptz NOT NULL DEFAULT now(),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_status_check CHECK (status IN ('pending', 'paid', 'failed', 'refunded', 'cancelled')),
    CONSTRAINT orders_total_amount_check CHECK (total_amount = subtotal_amount + tax_amount - discount_amount)
);

COMMENT ON TABLE  public.orders IS
    'nxtgauge-migrate: what a user ordered. Each payment of the time before orders has one, with an id computed from its own.';
COMMENT ON COLUMN public.orders.user_id         IS 'Who ordered; NULL if the user is gone.';
COMMENT ON COLUMN public.orders.status          IS 'pending, paid, failed, refunded or cancelled.';
COMMENT ON COLUMN public.orders.currency        IS 'ISO 4217 code of all its amounts; XXX where a payment names none.';
COMMENT ON COLUMN public.orders.subtotal_amount IS 'Sum of its items: before tax, before discount.';
COMMENT ON COLUMN public.orders.tax_amount      IS
    'Tax. From an invoice, whose double precision amount is rounded here to two places; the invoice keeps its own.';
COMMENT ON COLUMN public.orders.discount_amount IS 'Discount, from redeemed coupons.';
COMMENT ON COLUMN public.orders.total_amount    IS 'To be paid: items and tax less discount. From a payment, exactly its amount.';
COMMENT ON COLUMN public.orders.placed_at       IS 'When it was placed.';
COMMENT ON CONSTRAINT orders_total_amount_check ON public.orders IS 'total = items + tax - discount, to the last unit.';

CREATE TABLE public.order_items (
    id                 uuid        NOT NULL DEFAULT gen_random_uuid(),
    order_id           uuid        NOT NULL,
    pricing_package_id uuid,
    package_reference  text,
    tax_rule_id        uuid,
    description        text        NOT NULL,
    quantity           integer     NOT NULL DEFAULT 1,
    unit_amount        numeric     NOT NULL,
    line_amount        numeric     NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT order_items_pkey PRIMARY KEY (id),
    CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders (id) ON DELETE CASCADE,
    CONSTRAINT order_items_tax_rule_id_fkey FOREIGN KEY (tax_rule_id) REFERENCES public.tax_rules (id) ON DELETE SET NULL,
    CONSTRAINT order_items_quantity_check CHECK (quantity > 0),
    CONSTRAINT order_items_line_amount_check CHECK (line_amount = quantity * unit_amount)
);

COMMENT ON TABLE  public.order_items IS 'nxtgauge-migrate: the lines of an order.';
COMMENT ON COLUMN public.order_items.order_id           IS 'The order it is a line of.';
COMMENT ON COLUMN public.order_items.pricing_package_id IS 'The package that was ordered, if it is (still) one of pricing_packages.';
COMMENT ON COLUMN public.order_items.package_reference  IS 'What a payment says it was for, where that is no package.';
COMMENT ON COLUMN public.order_items.tax_rule_id        IS 'The rule by which it was taxed, where known.';
COMMENT ON COLUMN public.order_items.description        IS 'What was ordered, in words, as it was called then.';
COMMENT ON COLUMN public.order_items.quantity           IS 'How many.';
COMMENT ON COLUMN public.order_items.unit_amount        IS 'Price of one, before tax and discount.';
COMMENT ON COLUMN public.order_items.line_amount        IS 'quantity times unit_amount.';

CREATE TABLE public.payment_transactions (
    id                        uuid        NOT NULL DEFAULT gen_random_uuid(),
    payment_id                uuid        NOT NULL,
    order_id                  uuid        NOT NULL,
    payment_gateway_config_id uuid,
    status                    text        NOT NULL DEFAULT 'pending',
    currency                  text        NOT NULL,
    amount                    numeric     NOT NULL,
    gateway                   text,
    gateway_reference         text,
    paid_at                   timestamptz,
    created_at                timestamptz NOT NULL DEFAULT now(),
    updated_at                timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_transactions_pkey PRIMARY KEY (id),
    CONSTRAINT payment_transactions_payment_id_key UNIQUE (payment_id),
    CONSTRAINT payment_transactions_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders (id),
    CONSTRAINT payment_transactions_payment_gateway_config_id_fkey FOREIGN KEY (payment_gateway_config_id)
        REFERENCES public.payment_gateway_configs (id) ON DELETE SET NULL,
    CONSTRAINT payment_transactions_status_check CHECK (status IN ('pending', 'success', 'failed', 'refunded', 'unknown'))
);

COMMENT ON TABLE  public.payment_transactions IS
    'nxtgauge-migrate: what went through a gateway: one transaction per payment, belonging to an order. Kept equal with payments.';
COMMENT ON COLUMN public.payment_transactions.payment_id                IS 'The payment; each is in exactly one transaction.';
COMMENT ON COLUMN public.payment_transactions.order_id                  IS 'The order that is paid; an order may have several.';
COMMENT ON COLUMN public.payment_transactions.payment_gateway_config_id IS 'The configuration that was used, where known.';
COMMENT ON COLUMN public.payment_transactions.status IS
    'pending, success, failed or refunded; unknown: payments has a word there that is none of the spellings of these.';
COMMENT ON COLUMN public.payment_transactions.currency                  IS 'As in payments; XXX where that names none.';
COMMENT ON COLUMN public.payment_transactions.amount IS
    'As in payments, exactly; where that is a floating point number, rounded to two places.';
COMMENT ON COLUMN public.payment_transactions.gateway                   IS 'The gateway, spelled as in payments.';
COMMENT ON COLUMN public.payment_transactions.gateway_reference         IS 'What the gateway calls the transaction.';
COMMENT ON COLUMN public.payment_transactions.paid_at                   IS 'When the money arrived.';

-- In some databases the ids of legacy tables are text that holds a uuid; references take their type.
DO $$
DECLARE
    reference record;
BEGIN
    FOR reference IN
        SELECT r.target, r.column_name, nxtgauge_migration.type_of_id(r.source) AS id_type
        FROM (VALUES ('public.orders', 'user_id', 'public.users'),
                     ('public.order_items', 'pricing_package_id', 'public.pricing_packages'),
                     ('public.payment_transactions', 'payment_id', 'public.payments')) AS r (target, column_name, source)
    LOOP
        IF reference.id_type <> 'uuid' THEN
            EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I TYPE %s',
                                      reference.target, reference.column_name, reference.id_type);
        END IF;
    END LOOP;
END
$$;

CREATE INDEX orders_user_id_idx                                    ON public.orders (user_id, placed_at);
CREATE INDEX order_items_order_id_idx                              ON public.order_items (order_id);
CREATE INDEX order_items_pricing_package_id_idx                    ON public.order_items (pricing_package_id);
CREATE INDEX order_items_tax_rule_id_idx                           ON public.order_items (tax_rule_id);
CREATE INDEX payment_transactions_order_id_idx                     ON public.payment_transactions (order_id);
CREATE INDEX payment_transactions_payment_gateway_config_id_idx    ON public.payment_transactions (payment_gateway_config_id);
CREATE UNIQUE INDEX payment_gateway_configs_gateway_environment_idx
    ON public.payment_gateway_configs (gateway, environment) WHERE is_active;

COMMENT ON INDEX public.orders_user_id_idx IS 'A user''s orders, in order of time; for the foreign key too.';
COMMENT ON INDEX public.payment_gateway_configs_gateway_environment_idx IS 'One active configuration per gateway and environment.';

CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.tax_rules
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.payment_gateway_configs
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.orders
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.order_items
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();
CREATE TRIGGER keep_timestamps BEFORE INSERT OR UPDATE ON public.payment_transactions
    FOR EACH ROW EXECUTE FUNCTION public.keep_timestamps();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tax_rules', 'payment_gateway_configs', 'orders', 'order_items', 'payment_transactions'] LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN public.%I.id IS %L', name, 'Key.');
        EXECUTE pg_catalog.format('COMMENT ON COLUMN public.%I.created_at IS %L', name, 'When the row came into being.');
        EXECUTE pg_catalog.format('COMMENT ON COLUMN public.%I.updated_at IS %L', name, 'When it was last changed.');
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER keep_timestamps ON public.%I IS %L', name,
                                  'nxtgauge-migrate: keeps created_at and updated_at.');
    END LOOP;
    -- Where policies choose which payments a role may see, nobody may see all of them by way of the new tables.
    IF (SELECT c.relrowsecurity FROM pg_catalog.pg_class AS c WHERE c.oid = 'public.payments'::pg_catalog.regclass) THEN
        ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.order_items ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.payment_transactions ENABLE ROW LEVEL SECURITY;
        ALTER TABLE public.payment_gateway_configs ENABLE ROW LEVEL SECURITY;
        RAISE NOTICE 'payments has row-level security: so have orders, order_items, payment_transactions and '
                     'payment_gateway_configs, which nobody but their owner can read until you create policies on them';
    END IF;
END
$$;

-- The memory: what the legacy rows said when they were last carried into an order. It survives a rollback, so that the next
-- apply can tell what has changed since.
CREATE TABLE IF NOT EXISTS nxtgauge_migration.payment_source (
    payment_id      text    NOT NULL,
    amount          numeric NOT NULL,
    currency        text    NOT NULL,
    status          text    NOT NULL,
    tax_amount      numeric NOT NULL,
    discount_amount numeric NOT NULL,
    package         text,
    CONSTRAINT payment_source_pkey PRIMARY KEY (payment_id)
);

COMMENT ON TABLE nxtgauge_migration.payment_source IS
    'What payment, invoice and coupon said when they were last carried into the order; only what differs is carried again.';

-- Whoever may use payments may use what they become; taxes are like prices.
SELECT nxtgauge_migration.copy_privileges('public.payments', 'public.orders');
SELECT nxtgauge_migration.copy_privileges('public.payments', 'public.order_items');
SELECT nxtgauge_migration.copy_privileges('public.payments', 'public.payment_transactions');
SELECT nxtgauge_migration.copy_privileges('public.payments', 'public.payment_gateway_configs');
SELECT nxtgauge_migration.copy_privileges('public.pricing_packages', 'public.tax_rules');

-- unit: rows of an earlier time
-- transactional: false

CALL nxtgauge_migration.restore_rows('3040_create_finance_tables', 'public.tax_rules');
CALL nxtgauge_migration.restore_rows('3040_create_finance_tables', 'public.payment_gateway_configs');
CALL nxtgauge_migration.restore_rows('3040_create_finance_tables', 'public.orders');
CALL nxtgauge_migration.restore_rows('3040_create_finance_tables', 'public.order_items');
CALL nxtgauge_migration.restore_rows('3040_create_finance_tables', 'public.payment_transactions');

-- unit: reference to users
-- locks: public.users SHARE ROW EXCLUSIVE, public.orders SHARE ROW EXCLUSIVE

ALTER TABLE public.orders ADD CONSTRAINT orders_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE SET NULL NOT VALID;

-- unit: reference to pricing_packages
-- locks: public.pricing_packages SHARE ROW EXCLUSIVE, public.order_items SHARE ROW EXCLUSIVE

ALTER TABLE public.order_items ADD CONSTRAINT order_items_pricing_package_id_fkey
    FOREIGN KEY (pricing_package_id) REFERENCES public.pricing_packages (id) ON DELETE SET NULL NOT VALID;

-- unit: reference to payments
-- locks: public.payments SHARE ROW EXCLUSIVE, public.payment_transactions SHARE ROW EXCLUSIVE

ALTER TABLE public.payment_transactions ADD CONSTRAINT payment_transactions_payment_id_fkey
    FOREIGN KEY (payment_id) REFERENCES public.payments (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;

-- unit: validation
-- transactional: false

-- Payments deleted while this step was rolled back take their transactions along, as they would have done.
DELETE FROM public.payment_transactions AS t
WHERE NOT EXISTS (SELECT FROM public.payments AS p WHERE p.id = t.payment_id);

SELECT nxtgauge_migration.validate_rule('public.orders', 'orders_user_id_fkey');
SELECT nxtgauge_migration.validate_rule('public.order_items', 'order_items_pricing_package_id_fkey');
ALTER TABLE public.payment_transactions VALIDATE CONSTRAINT payment_transactions_payment_id_fkey;
