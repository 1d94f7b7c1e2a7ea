-- Give coupon_redemptions a reference to the payment; the text of that name becomes legacy_payment_id.
--
-- kind: expand
-- depends: 3074_backfill_references 3020_rename_marketplace_tables
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE, then with public.payments SHARE ROW EXCLUSIVE, for milliseconds

-- The old backend writes to the view coupon_uses, which goes on showing the text as payment_id. What is named after the text
-- gives its name up as well, since index and foreign key of the reference need it.

-- The index is built outside of any transaction, which squawk cannot see.
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction, renaming-column

-- unit: function

CREATE FUNCTION nxtgauge_migration.pair_coupon_redemptions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
AS $$
DECLARE
    canonical public.payments.id%TYPE;
    given     public.payments.id%TYPE;
BEGIN
    IF NEW.payment_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.payment_id IS DISTINCT FROM OLD.payment_id) THEN
        IF NOT nxtgauge_migration.same_reference(NEW.legacy_payment_id::text, NEW.payment_id::text) THEN
            NEW.legacy_payment_id := NEW.payment_id::text;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.payment_id IS NULL AND OLD.payment_id IS NOT NULL THEN
        -- Taken back, unless the foreign key did it because the goal is gone: then the text goes on dangling.
        IF EXISTS (SELECT FROM public.payments AS g WHERE g.id = OLD.payment_id) THEN
            NEW.legacy_payment_id := nxtgauge_migration.no_reference(TG_RELID, 'legacy_payment_id');
        END IF;
    ELSIF TG_OP = 'INSERT' OR NEW.payment_id IS NULL OR NEW.legacy_payment_id IS DISTINCT FROM OLD.legacy_payment_id THEN
        canonical := nxtgauge_migration.as_uuid(NEW.legacy_payment_id::text)::text;
        NEW.payment_id := NULL;
        IF canonical IS NOT NULL THEN
            given := NEW.legacy_payment_id::text;
            SELECT g.id INTO NEW.payment_id FROM public.payments AS g WHERE g.id IN (canonical, given) LIMIT 1 FOR KEY SHARE;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION nxtgauge_migration.pair_coupon_redemptions() IS
    'Keeps coupon_redemptions.legacy_payment_id, a text, and coupon_redemptions.payment_id equal.';

REVOKE ALL ON FUNCTION nxtgauge_migration.pair_coupon_redemptions() FROM PUBLIC;

-- unit: columns
-- locks: public.coupon_redemptions ACCESS EXCLUSIVE

ALTER TABLE public.coupon_redemptions RENAME COLUMN payment_id TO legacy_payment_id;

SELECT nxtgauge_migration.rename_part('public.coupon_redemptions'::pg_catalog.regclass, p.kind, p.name,
    pg_catalog.replace(p.name, 'coupon_redemptions_payment_id', 'coupon_redemptions_legacy_payment_id'))
FROM nxtgauge_migration.named_after('public.coupon_redemptions'::pg_catalog.regclass) AS p
WHERE pg_catalog.starts_with(p.name, 'coupon_redemptions_payment_id');

SELECT nxtgauge_migration.add_described_column('3076_add_coupon_payments', 'public.coupon_redemptions', 'payment_id',
    nxtgauge_migration.type_of_id('public.payments'),
    'nxtgauge-migrate: the payment for which the coupon was redeemed.');
SELECT nxtgauge_migration.copy_column_privileges('public.coupon_redemptions', 'legacy_payment_id', 'payment_id');

-- unit: index
-- transactional: false

SELECT nxtgauge_migration.drop_invalid_index('public.coupon_redemptions_payment_id_idx');
CREATE INDEX CONCURRENTLY IF NOT EXISTS coupon_redemptions_payment_id_idx ON public.coupon_redemptions (payment_id);
COMMENT ON INDEX public.coupon_redemptions_payment_id_idx IS 'nxtgauge-migrate: for the foreign key.';

-- unit: pair
-- locks: public.coupon_redemptions SHARE ROW EXCLUSIVE, public.payments SHARE ROW EXCLUSIVE

ALTER TABLE public.coupon_redemptions
    ADD CONSTRAINT coupon_redemptions_payment_id_fkey FOREIGN KEY (payment_id)
        REFERENCES public.payments (id) ON DELETE SET NULL NOT VALID;

CREATE TRIGGER zz_pair_references
    BEFORE INSERT OR UPDATE ON public.coupon_redemptions
    FOR EACH ROW WHEN (current_setting('nxtgauge_migration.backfill', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION nxtgauge_migration.pair_coupon_redemptions();

COMMENT ON TRIGGER zz_pair_references ON public.coupon_redemptions IS
    'nxtgauge-migrate: keeps legacy_payment_id and payment_id equal.';
