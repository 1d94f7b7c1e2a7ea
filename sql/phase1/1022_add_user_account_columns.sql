-- Add to users what an account needs to know of itself: verified, last seen, locked, deleted, language, time zone.
--
-- kind: expand
-- depends: 1013_enforce_timestamps 1020_create_structure_helpers
-- locks: public.users ACCESS EXCLUSIVE, for milliseconds

-- All defaults are constants, so no row is rewritten. A column that users has already is adopted as it is: its type,
-- default and values stay, and the rollback leaves it alone.

-- unit: columns
-- locks: public.users ACCESS EXCLUSIVE

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'email_verified_at',
    'timestamptz',
    'When the user proved to own the address; NULL: not yet, or before this was recorded.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'phone_verified_at',
    'timestamptz',
    'When the user proved to own the number; NULL: not yet, or before this was recorded.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'last_login_at',
    'timestamptz',
    'Last successful sign-in; NULL: none since this is recorded.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'failed_login_attempts',
    'integer NOT NULL DEFAULT 0',
    'Failed sign-ins since the last successful one.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'locked_until',
    'timestamptz',
    'No sign-in before this time; NULL or past: not locked.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'deleted_at',
    'timestamptz',
    'When the account was softly deleted; NULL: it lives.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'locale',
    $$text NOT NULL DEFAULT 'en'$$,
    'Language of what we send, as a BCP 47 tag: en, hi-IN.');

SELECT nxtgauge_migration.add_described_column('1022_add_user_account_columns', 'public.users', 'time_zone',
    $$text NOT NULL DEFAULT 'UTC'$$,
    'Time zone of what we show, as an IANA name: Asia/Kolkata.');

SELECT nxtgauge_migration.add_check('1022_add_user_account_columns', 'public.users', 'failed_login_attempts',
    'users_failed_login_attempts_check', 'failed_login_attempts >= 0');

-- unit: values of an earlier time
-- transactional: false

-- What a rollback parked returns; nothing to do on the first apply.
CALL nxtgauge_migration.refill_columns('1022_add_user_account_columns', 'public.users');

-- unit: validate
-- transactional: false

SELECT nxtgauge_migration.validate_rule('public.users', 'users_failed_login_attempts_check');
