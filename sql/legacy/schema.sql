-- The Nxtgauge database as its audit found it: 55 tables, with every defect the audit names.
--
-- This is a reconstruction. The backend's own DDL is spread over its migrations and an init script; what
-- stands here is what both agree on by name, in the manner they were written: varchar(n) strings, times that
-- may be NULL, references held as text without a foreign key, one idea under two names. Each defect is meant.
-- Nothing here is to be imitated: the phases beside this directory exist to put it right.
--
-- Plain SQL without meta-commands and without transaction control: `psql -X -v ON_ERROR_STOP=1 -f` runs it, and so
-- does a driver that sends it whole. It needs no extension, and expects a database that is empty.


-- =====================================================================================================================
-- Types and functions
-- =====================================================================================================================

-- Some states became native enums; most stayed strings. The spelling differs from one enum to the next.

CREATE TYPE public.company_status AS ENUM ('PENDING', 'APPROVED', 'REJECTED', 'SUSPENDED');
CREATE TYPE public.job_status     AS ENUM ('draft', 'open', 'paused', 'closed', 'filled');
CREATE TYPE public.payment_status AS ENUM ('pending', 'success', 'failed', 'refunded');
CREATE TYPE public.ticket_status  AS ENUM ('open', 'in_progress', 'resolved', 'closed');

COMMENT ON TYPE public.company_status IS
    'State of a company profile: the only profile whose status is an enum, and in capitals.';
COMMENT ON TYPE public.job_status     IS 'State of a job posting.';
COMMENT ON TYPE public.payment_status IS 'State of a payment as the gateway last reported it.';
COMMENT ON TYPE public.ticket_status  IS 'State of a support ticket.';

CREATE FUNCTION public.update_updated_at_column() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION public.update_updated_at_column() IS
    'Keeps updated_at; attached by hand to a few tables, forgotten on the others.';


-- =====================================================================================================================
-- Identity and access control
-- =====================================================================================================================

CREATE TABLE public.users (
    id            uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    email         varchar(255) NOT NULL UNIQUE,
    phone         varchar(20)  UNIQUE,
    password_hash varchar(255) NOT NULL,
    status        varchar(20)  NOT NULL DEFAULT 'active',
    created_at    timestamptz  NOT NULL DEFAULT now(),
    updated_at    timestamptz  NOT NULL DEFAULT now()
);

CREATE INDEX users_lower_email_idx ON public.users (lower(email));

COMMENT ON TABLE  public.users        IS 'Everybody who can sign in: customers, professionals, companies, staff.';
COMMENT ON COLUMN public.users.status IS 'active, inactive, suspended or blocked, in whatever case the writer chose.';

CREATE TABLE public.refresh_tokens (
    id         uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid         NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    token_hash varchar(128) NOT NULL UNIQUE,
    expires_at timestamptz  NOT NULL,
    revoked    boolean      NOT NULL DEFAULT false,
    created_at timestamptz  DEFAULT now()
);

CREATE INDEX refresh_tokens_user_id_idx ON public.refresh_tokens (user_id);

COMMENT ON TABLE public.refresh_tokens IS
    'Tokens that renew a sign-in. They know nothing of the device that holds them.';

CREATE TABLE public.roles (
    id          uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    key         varchar(50)  NOT NULL UNIQUE,
    name        varchar(100) NOT NULL,
    description text,
    is_staff    boolean      NOT NULL DEFAULT false,
    created_at  timestamptz  DEFAULT now()
);

COMMENT ON TABLE  public.roles     IS 'Roles a user may hold: the 13 of the marketplace and those of the staff.';
COMMENT ON COLUMN public.roles.key IS 'Name the backend uses, such as photographer or job_seeker.';

CREATE TABLE public.role_permissions (
    id         uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    role_id    uuid         NOT NULL REFERENCES public.roles (id) ON DELETE CASCADE,
    permission varchar(100) NOT NULL,
    UNIQUE (role_id, permission)
);

COMMENT ON TABLE public.role_permissions IS 'What a role may do. Nobody can tell since when.';

CREATE TABLE public.user_roles (
    user_id     uuid        NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    role_id     uuid        NOT NULL REFERENCES public.roles (id) ON DELETE CASCADE,
    assigned_at timestamptz DEFAULT now(),
    PRIMARY KEY (user_id, role_id)
);

CREATE INDEX user_roles_role_id_idx ON public.user_roles (role_id);

COMMENT ON TABLE  public.user_roles             IS 'Roles of a user: none, one or several.';
COMMENT ON COLUMN public.user_roles.assigned_at IS 'When the row was made; elsewhere this is created_at.';

CREATE TABLE public.departments (
    id         uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    name       varchar(100) NOT NULL UNIQUE,
    created_at timestamptz  DEFAULT now()
);

COMMENT ON TABLE public.departments IS 'Departments of the staff, a flat list of names.';

CREATE TABLE public.designations (
    id    uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    title varchar(100) NOT NULL
);

COMMENT ON TABLE public.designations IS 'Job titles of the staff; they belong to no department and have no times.';

CREATE TABLE public.employees (
    id            uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       uuid         NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    department_id varchar(36),
    designation   varchar(100),
    is_active     boolean      DEFAULT true,
    joined_on     date
);

COMMENT ON TABLE  public.employees               IS 'Staff: users who work for Nxtgauge.';
COMMENT ON COLUMN public.employees.department_id IS 'departments.id as text, without a foreign key.';
COMMENT ON COLUMN public.employees.designation   IS 'The title copied from designations, not its id.';

CREATE TABLE public.user_settings (
    id                  uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id             uuid        NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    email_notifications boolean     NOT NULL DEFAULT true,
    sms_notifications   boolean     NOT NULL DEFAULT false,
    push_notifications  boolean     NOT NULL DEFAULT true,
    profile_visibility  varchar(20) NOT NULL DEFAULT 'public',
    theme               varchar(20) NOT NULL DEFAULT 'system',
    preferences         jsonb       NOT NULL DEFAULT '{}',
    updated_at          timestamptz DEFAULT now()
);

COMMENT ON TABLE public.user_settings IS
    'Preferences of a user, added late: written when the settings page is first opened.';

CREATE TABLE public.account_deletion_requests (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid        NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    reason       text,
    status       varchar(20) NOT NULL DEFAULT 'pending',
    requested_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz
);

COMMENT ON TABLE public.account_deletion_requests IS 'Wishes of users to be deleted, and what became of them.';


-- =====================================================================================================================
-- Profiles
-- =====================================================================================================================

-- Thirteen tables, each with its own user_id and the same six fields (display_name, bio, location, status,
-- rejection_reason, approved_at), typed a little differently each time, followed by the fields of the trade.

CREATE TABLE public.photographer_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(150)  NOT NULL,
    bio              text,
    location         varchar(255),
    status           varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    specialties      text[]        NOT NULL DEFAULT '{}',
    camera_gear      text,
    price_per_day    numeric(10,2) CHECK (price_per_day >= 0),
    travels          boolean       NOT NULL DEFAULT false,
    created_at       timestamptz   DEFAULT now(),
    updated_at       timestamptz   DEFAULT now()
);

CREATE INDEX photographer_profiles_status_idx      ON public.photographer_profiles (status);
CREATE INDEX photographer_profiles_specialties_idx ON public.photographer_profiles USING gin (specialties);

COMMENT ON TABLE  public.photographer_profiles        IS 'Profiles of photographers.';
COMMENT ON COLUMN public.photographer_profiles.status IS 'pending, approved, rejected or suspended, in mixed case.';

CREATE TABLE public.tutor_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(255),
    bio              text,
    location         varchar(100),
    status           varchar(50)   DEFAULT 'PENDING',
    rejection_reason varchar(500),
    approved_at      timestamptz,
    subjects         text[]        NOT NULL DEFAULT '{}',
    teaching_mode    varchar(20)   NOT NULL DEFAULT 'online' CHECK (teaching_mode IN ('online', 'home', 'both')),
    hourly_rate      numeric(10,2),
    experience_years integer       NOT NULL DEFAULT 0 CHECK (experience_years BETWEEN 0 AND 70),
    created_at       timestamptz   DEFAULT now(),
    updated_at       timestamptz   DEFAULT now(),
    CONSTRAINT tutor_profiles_status_check CHECK (lower(status) IN ('pending', 'approved', 'rejected', 'suspended'))
);

CREATE INDEX tutor_profiles_user_id_idx ON public.tutor_profiles (user_id);

COMMENT ON TABLE  public.tutor_profiles         IS 'Profiles of tutors.';
COMMENT ON COLUMN public.tutor_profiles.user_id IS 'Indexed but not unique: nothing keeps a user from having two rows.';

CREATE TABLE public.makeup_artist_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(150)  NOT NULL,
    bio              text,
    location         varchar(255),
    status           varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    styles           text[]        NOT NULL DEFAULT '{}',
    brands_used      text,
    bridal_price     numeric(10,2),
    home_service     boolean       NOT NULL DEFAULT true,
    created_at       timestamptz   NOT NULL DEFAULT now()
);

COMMENT ON TABLE public.makeup_artist_profiles IS 'Profiles of make-up artists.';

CREATE TABLE public.developer_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(150),
    bio              text,
    location         varchar(255),
    status           varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    headline         varchar(200),
    skills           text[]        NOT NULL DEFAULT '{}',
    experience_years integer       NOT NULL DEFAULT 0 CHECK (experience_years >= 0),
    hourly_rate      numeric(10,2),
    github_url       varchar(255),
    portfolio_url    varchar(500),
    created_at       timestamptz   DEFAULT now(),
    updated_at       timestamptz   DEFAULT now()
);

CREATE INDEX developer_profiles_skills_idx     ON public.developer_profiles USING gin (skills);
CREATE INDEX developer_profiles_github_url_idx ON public.developer_profiles (github_url) WHERE github_url <> '';

COMMENT ON TABLE  public.developer_profiles               IS 'Profiles of developers.';
COMMENT ON COLUMN public.developer_profiles.user_id       IS 'Nullable by oversight.';
COMMENT ON COLUMN public.developer_profiles.github_url    IS 'Link off the platform: forbidden, portfolios are native.';
COMMENT ON COLUMN public.developer_profiles.portfolio_url IS 'Link off the platform: forbidden, portfolios are native.';

CREATE TABLE public.video_editor_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(150)  NOT NULL,
    bio              text,
    location         varchar(255),
    status           varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    software         text[]        NOT NULL DEFAULT '{}',
    turnaround_days  integer       NOT NULL DEFAULT 7 CHECK (turnaround_days > 0),
    price_per_minute numeric(10,2),
    reel_url         text          DEFAULT '',
    created_at       timestamptz   DEFAULT now()
);

COMMENT ON TABLE  public.video_editor_profiles          IS 'Profiles of video editors.';
COMMENT ON COLUMN public.video_editor_profiles.reel_url IS 'Link off the platform: forbidden, portfolios are native.';

CREATE TABLE public.graphic_designer_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(150)  NOT NULL,
    bio              varchar(2000),
    location         varchar(255),
    status           varchar(20)   NOT NULL DEFAULT 'draft',
    rejection_reason text,
    approved_at      timestamptz,
    design_tools     text[]        NOT NULL DEFAULT '{}',
    project_rate     numeric(10,2),
    revisions        smallint      NOT NULL DEFAULT 3,
    portfolio_url    varchar(500)  NOT NULL DEFAULT '' CHECK (portfolio_url = '' OR portfolio_url LIKE 'http%'),
    created_at       timestamptz   DEFAULT now(),
    updated_at       timestamptz   DEFAULT now(),
    CONSTRAINT graphic_designer_profiles_rejected_check
        CHECK (lower(status) <> 'rejected' OR rejection_reason IS NOT NULL)
);

COMMENT ON TABLE  public.graphic_designer_profiles               IS 'Profiles of graphic designers.';
COMMENT ON COLUMN public.graphic_designer_profiles.portfolio_url IS
    'Link off the platform: forbidden; empty where there is none.';

CREATE TABLE public.social_media_manager_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     text          NOT NULL,
    bio              text          DEFAULT '',
    location         text,
    status           text          NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamp,
    platforms        text[]        NOT NULL DEFAULT '{}',
    managed_accounts integer       NOT NULL DEFAULT 0,
    monthly_retainer numeric(10,2),
    created_at       timestamp     DEFAULT now(),
    updated_at       timestamp     DEFAULT now()
);

COMMENT ON TABLE  public.social_media_manager_profiles            IS 'Profiles of social media managers.';
COMMENT ON COLUMN public.social_media_manager_profiles.created_at IS 'Without a time zone, meant as UTC.';

CREATE TABLE public.fitness_trainer_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL REFERENCES public.users (id),
    display_name     varchar(150)  NOT NULL,
    bio              text,
    location         varchar(255),
    status           varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    disciplines      text[]        NOT NULL DEFAULT '{}',
    certifications   jsonb         NOT NULL DEFAULT '[]',
    session_price    numeric(10,2),
    at_home          boolean       NOT NULL DEFAULT false,
    created_at       timestamptz   DEFAULT now()
);

CREATE INDEX fitness_trainer_profiles_approved_idx ON public.fitness_trainer_profiles (location, approved_at DESC)
    WHERE lower(status) = 'approved';

COMMENT ON TABLE  public.fitness_trainer_profiles         IS 'Profiles of fitness trainers.';
COMMENT ON COLUMN public.fitness_trainer_profiles.user_id IS
    'Neither unique nor indexed, and it keeps its user from being deleted.';

CREATE TABLE public.catering_service_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(200)  NOT NULL,
    bio              text,
    location         varchar(255)  NOT NULL DEFAULT '',
    status           varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason text,
    approved_at      timestamptz,
    cuisines         text[]        NOT NULL DEFAULT '{}',
    min_guests       integer       NOT NULL DEFAULT 20,
    max_guests       integer,
    price_per_plate  numeric(10,2),
    is_pure_veg      boolean       NOT NULL DEFAULT false,
    fssai_number     varchar(14)   UNIQUE,
    CONSTRAINT catering_service_profiles_guests_check CHECK (max_guests IS NULL OR max_guests >= min_guests)
);

COMMENT ON TABLE public.catering_service_profiles IS
    'Profiles of catering services. Without any time of its own.';
COMMENT ON COLUMN public.catering_service_profiles.fssai_number IS 'Licence number of the food authority.';

CREATE TABLE public.ugc_content_creator_profiles (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid          NOT NULL,
    display_name     varchar(150),
    bio              text,
    location         varchar(255),
    status           varchar(20)   DEFAULT 'Pending',
    rejection_reason text,
    approved_at      timestamptz,
    niches           text[]        NOT NULL DEFAULT '{}',
    follower_count   bigint        NOT NULL DEFAULT 0,
    price_per_post   numeric(10,2)
);

CREATE INDEX ugc_content_creator_profiles_user_id_idx ON public.ugc_content_creator_profiles (user_id);

COMMENT ON TABLE public.ugc_content_creator_profiles IS
    'Profiles of makers of user-generated content. Without any time of its own.';
COMMENT ON COLUMN public.ugc_content_creator_profiles.user_id IS
    'Points at users, but the foreign key was never written.';

CREATE TABLE public.company_profiles (
    id               uuid                  PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid                  NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name     varchar(255)          NOT NULL,
    bio              text,
    location         varchar(255),
    status           public.company_status NOT NULL DEFAULT 'PENDING',
    rejection_reason text,
    approved_at      timestamptz,
    legal_name       varchar(255)          NOT NULL,
    gst_number       varchar(15)           UNIQUE,
    industry         varchar(100),
    company_size     varchar(20)           NOT NULL DEFAULT '1-10',
    website          varchar(255),
    created_at       timestamptz           NOT NULL DEFAULT now(),
    updated_at       timestamptz           NOT NULL DEFAULT now(),
    CONSTRAINT company_profiles_gst_number_check CHECK (gst_number ~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]$')
);

CREATE INDEX company_profiles_status_idx ON public.company_profiles (status, approved_at);

COMMENT ON TABLE  public.company_profiles            IS 'Profiles of companies that hire.';
COMMENT ON COLUMN public.company_profiles.gst_number IS 'Goods and services tax identification number.';
COMMENT ON COLUMN public.company_profiles.website    IS 'The company''s own site: no portfolio, and so not forbidden.';

CREATE TABLE public.customer_profiles (
    id                uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid         NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name      varchar(150),
    bio               text,
    location          varchar(255),
    status            varchar(20)  NOT NULL DEFAULT 'approved',
    rejection_reason  text,
    approved_at       timestamptz  DEFAULT now(),
    preferred_contact varchar(20)  NOT NULL DEFAULT 'phone',
    pincode           varchar(6)   CHECK (pincode ~ '^[1-9][0-9]{5}$'),
    created_at        timestamptz  DEFAULT now()
);

COMMENT ON TABLE public.customer_profiles IS 'Profiles of customers, approved as they are made.';

CREATE TABLE public.job_seeker_profiles (
    id                        uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id                   uuid          NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    display_name              varchar(150)  NOT NULL,
    bio                       text,
    location                  varchar(255),
    status                    varchar(20)   NOT NULL DEFAULT 'pending',
    rejection_reason          text,
    approved_at               timestamptz,
    headline                  varchar(200),
    skills                    text[]        NOT NULL DEFAULT '{}',
    experience_years          integer       NOT NULL DEFAULT 0,
    expected_salary           numeric(12,2),
    preferred_employment_type varchar(30)   NOT NULL DEFAULT 'full_time',
    resume_file_key           varchar(500),
    created_at                timestamptz   DEFAULT now(),
    updated_at                timestamptz   DEFAULT now()
);

COMMENT ON TABLE  public.job_seeker_profiles                           IS 'Profiles of people who look for a job.';
COMMENT ON COLUMN public.job_seeker_profiles.preferred_employment_type IS 'The same idea is called job_type in jobs.';

CREATE TABLE public.professionals (
    id               uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid         NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    profession       varchar(100) NOT NULL,
    display_name     varchar(150),
    city             varchar(100),
    experience_years integer      DEFAULT 0,
    rating           numeric(3,2) DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
    is_verified      boolean      NOT NULL DEFAULT false,
    created_at       timestamptz  DEFAULT now()
);

CREATE INDEX professionals_user_id_idx ON public.professionals (user_id);

COMMENT ON TABLE public.professionals IS
    'Deprecated: the old root of professionals, which portfolio_items, services and lead_requests still use.';
COMMENT ON COLUMN public.professionals.profession IS
    'The trade as words, such as Photographer, makeup_artist or Video Editor.';


-- =====================================================================================================================
-- Portfolio
-- =====================================================================================================================

CREATE TABLE public.portfolio_items (
    id              uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    professional_id uuid         NOT NULL REFERENCES public.professionals (id) ON DELETE CASCADE,
    title           varchar(200) NOT NULL,
    description     text,
    category        varchar(100),
    is_featured     boolean      NOT NULL DEFAULT false,
    sort_order      integer      NOT NULL DEFAULT 0,
    created_at      timestamptz  DEFAULT now(),
    updated_at      timestamptz  DEFAULT now()
);

CREATE INDEX portfolio_items_professional_id_idx ON public.portfolio_items (professional_id, sort_order);

COMMENT ON TABLE public.portfolio_items IS 'Pieces of work that a professional shows.';

CREATE TABLE public.portfolio_images (
    id                uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    portfolio_item_id uuid         NOT NULL REFERENCES public.portfolio_items (id) ON DELETE CASCADE,
    file_key          varchar(500) NOT NULL,
    caption           varchar(255),
    sort_order        integer      NOT NULL DEFAULT 0,
    uploaded_at       timestamptz  NOT NULL DEFAULT now()
);

CREATE INDEX portfolio_images_portfolio_item_id_idx ON public.portfolio_images (portfolio_item_id);

COMMENT ON TABLE public.portfolio_images IS 'Images of a piece of work, by their key in the object store.';

CREATE TABLE public.services (
    id               uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    professional_id  uuid          NOT NULL REFERENCES public.professionals (id) ON DELETE CASCADE,
    title            varchar(200)  NOT NULL,
    description      text,
    price            numeric(10,2) NOT NULL DEFAULT 0,
    price_unit       varchar(20)   NOT NULL DEFAULT 'per_project',
    duration_minutes integer,
    is_active        boolean       NOT NULL DEFAULT true,
    created_at       timestamptz   DEFAULT now()
);

CREATE INDEX services_professional_id_idx ON public.services (professional_id);

COMMENT ON TABLE public.services IS 'Services that a professional offers, with their price in rupees.';


-- =====================================================================================================================
-- Marketplace
-- =====================================================================================================================

CREATE TABLE public.jobs (
    id               uuid              PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id       uuid              NOT NULL REFERENCES public.company_profiles (id) ON DELETE CASCADE,
    title            varchar(200)      NOT NULL,
    description      text,
    location         varchar(255),
    job_type         varchar(30)       NOT NULL DEFAULT 'full_time',
    salary_min       numeric(12,2),
    salary_max       numeric(12,2),
    skills           text[]            NOT NULL DEFAULT '{}',
    status           public.job_status NOT NULL DEFAULT 'draft',
    expires_at       timestamptz,
    created_at       timestamptz       NOT NULL DEFAULT now(),
    updated_at       timestamptz       NOT NULL DEFAULT now(),
    CONSTRAINT jobs_job_type_check
        CHECK (job_type IN ('full_time', 'part_time', 'contract', 'internship', 'freelance')),
    CONSTRAINT jobs_salary_check CHECK (salary_max >= salary_min)
);

CREATE INDEX jobs_company_id_idx ON public.jobs (company_id);
CREATE INDEX jobs_job_type_idx   ON public.jobs (job_type, status);

COMMENT ON TABLE  public.jobs          IS 'Job postings of companies.';
COMMENT ON COLUMN public.jobs.job_type IS 'The rest of the product says employment_type.';

CREATE TABLE public.applications (
    id              uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    application_no  bigserial     NOT NULL UNIQUE,
    job_id          uuid          NOT NULL REFERENCES public.jobs (id) ON DELETE CASCADE,
    job_seeker_id   uuid          NOT NULL REFERENCES public.job_seeker_profiles (id) ON DELETE CASCADE,
    cover_letter    text,
    expected_salary numeric(12,2),
    status          varchar(30)   NOT NULL DEFAULT 'applied',
    applied_at      timestamptz   DEFAULT now(),
    updated_at      timestamptz   DEFAULT now(),
    UNIQUE (job_id, job_seeker_id)
);

CREATE INDEX applications_job_seeker_id_idx ON public.applications (job_seeker_id);

COMMENT ON TABLE public.applications IS 'Applications of job seekers for jobs; to be called job_applications.';

CREATE TABLE public.requirements (
    id           uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    reference_no serial        NOT NULL UNIQUE,
    customer_id  uuid          NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    title        varchar(200)  NOT NULL,
    description  text,
    category     varchar(50)   NOT NULL,
    location     varchar(255),
    budget_min   numeric(12,2),
    budget_max   numeric(12,2),
    needed_on    date,
    status       varchar(20)   NOT NULL DEFAULT 'open',
    created_at   timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT requirements_budget_check CHECK (budget_max >= budget_min)
);

CREATE INDEX requirements_customer_id_idx ON public.requirements (customer_id);
CREATE INDEX requirements_category_idx    ON public.requirements (category) WHERE status = 'open';

COMMENT ON TABLE  public.requirements             IS 'What customers look for; to be called leads.';
COMMENT ON COLUMN public.requirements.customer_id IS 'The user, not the customer profile.';

CREATE TABLE public.lead_requests (
    id              uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    requirement_id  uuid        NOT NULL REFERENCES public.requirements (id) ON DELETE CASCADE,
    professional_id text        NOT NULL,
    message         text,
    coins_spent     integer     NOT NULL DEFAULT 0 CHECK (coins_spent >= 0),
    status          varchar(20) NOT NULL DEFAULT 'sent',
    requested_at    timestamptz DEFAULT now(),
    responded_at    timestamptz,
    UNIQUE (requirement_id, professional_id)
);

COMMENT ON TABLE public.lead_requests IS
    'A professional asks to serve a requirement, and pays tracecoins for it.';
COMMENT ON COLUMN public.lead_requests.professional_id IS 'professionals.id as text, without a foreign key.';

CREATE TABLE public.reviews (
    id                  uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    reviewer_id         uuid        NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    reviewee_type       varchar(20) NOT NULL DEFAULT 'professional',
    reviewee_id         varchar(36) NOT NULL,
    requirement_id      uuid        REFERENCES public.requirements (id) ON DELETE SET NULL,
    application_id      uuid        REFERENCES public.applications (id) ON DELETE SET NULL,
    rating              smallint    NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment             text,
    status              varchar(20) NOT NULL DEFAULT 'published',
    is_featured_on_home boolean     NOT NULL DEFAULT false,
    display_order       integer,
    card_color          varchar(7),
    created_at          timestamptz DEFAULT now()
);

CREATE INDEX reviews_reviewee_idx ON public.reviews (reviewee_type, reviewee_id);
CREATE INDEX reviews_home_idx     ON public.reviews (display_order) WHERE is_featured_on_home;

COMMENT ON TABLE  public.reviews                     IS 'Reviews, mixed with what the home page needs to show them.';
COMMENT ON COLUMN public.reviews.reviewee_type IS
    'professional: reviewee_id is a professionals.id; user: it is a users.id.';
COMMENT ON COLUMN public.reviews.reviewee_id         IS 'One of two kinds of id as text, without a foreign key.';
COMMENT ON COLUMN public.reviews.is_featured_on_home IS 'Belongs to a page, not to the review.';
COMMENT ON COLUMN public.reviews.display_order       IS 'Belongs to a page, not to the review.';
COMMENT ON COLUMN public.reviews.card_color          IS 'Belongs to a page, not to the review.';


-- =====================================================================================================================
-- Verification and approval, mixed with onboarding
-- =====================================================================================================================

CREATE TABLE public.onboarding_configs (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    role_key   varchar(50) NOT NULL UNIQUE,
    steps      jsonb       NOT NULL DEFAULT '[]',
    version    integer     NOT NULL DEFAULT 1,
    is_enabled boolean     NOT NULL DEFAULT true
);

COMMENT ON TABLE public.onboarding_configs IS 'The pages that a role walks through on onboarding.';

CREATE TABLE public.onboarding_states (
    user_id         uuid        PRIMARY KEY REFERENCES public.users (id) ON DELETE CASCADE,
    role_key        varchar(50) NOT NULL,
    current_step    varchar(50) NOT NULL DEFAULT 'start',
    completed_steps jsonb       NOT NULL DEFAULT '[]',
    is_complete     boolean     NOT NULL DEFAULT false,
    updated_at      timestamptz DEFAULT now()
);

COMMENT ON TABLE public.onboarding_states IS
    'The page on which a user stands: one per user, though a user may hold several roles.';

CREATE TABLE public.onboarding_submissions (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid        NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    config_id        uuid        REFERENCES public.onboarding_configs (id) ON DELETE SET NULL,
    role_key         varchar(50) NOT NULL,
    form_data        jsonb       NOT NULL DEFAULT '{}',
    status           varchar(20) NOT NULL DEFAULT 'submitted',
    rejection_reason text,
    reviewed_by      text,
    submitted_at     timestamptz DEFAULT now(),
    reviewed_at      timestamptz
);

CREATE INDEX onboarding_submissions_user_id_idx ON public.onboarding_submissions (user_id);
CREATE INDEX onboarding_submissions_queue_idx   ON public.onboarding_submissions (submitted_at)
    WHERE reviewed_at IS NULL;

COMMENT ON TABLE public.onboarding_submissions IS
    'Forms handed in on onboarding; their review is all the approval there is.';
COMMENT ON COLUMN public.onboarding_submissions.reviewed_by IS 'employees.id as text, without a foreign key.';

CREATE TABLE public.submission_documents (
    id            uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    submission_id uuid         NOT NULL REFERENCES public.onboarding_submissions (id) ON DELETE CASCADE,
    document_type varchar(50)  NOT NULL,
    file_key      varchar(500) NOT NULL,
    file_name     varchar(255),
    status        varchar(20)  DEFAULT 'uploaded',
    uploaded_at   timestamptz  DEFAULT now()
);

CREATE INDEX submission_documents_submission_id_idx ON public.submission_documents (submission_id);

COMMENT ON TABLE public.submission_documents IS
    'Documents that belong to a submission, by their key in the object store.';

CREATE TABLE public.verifications (
    id                uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid        NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    verification_type varchar(50) NOT NULL,
    document_number   varchar(50),
    status            varchar(20) NOT NULL DEFAULT 'pending',
    verified_by       uuid        REFERENCES public.users (id) ON DELETE SET NULL,
    verified_at       timestamptz,
    created_at        timestamptz DEFAULT now()
);

CREATE INDEX verifications_user_id_idx ON public.verifications (user_id);

COMMENT ON TABLE public.verifications IS
    'Checks of a user''s identity, phone or papers, in their basic form.';
COMMENT ON COLUMN public.verifications.document_number IS 'Masked but for the last four characters.';

CREATE TABLE public.verification_logs (
    id              uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    verification_id uuid        NOT NULL REFERENCES public.verifications (id) ON DELETE CASCADE,
    action          varchar(50) NOT NULL,
    performed_by    text,
    notes           text,
    logged_at       timestamptz DEFAULT now()
);

CREATE INDEX verification_logs_verification_id_idx ON public.verification_logs (verification_id);

COMMENT ON TABLE  public.verification_logs              IS 'What happened to a verification, in order of logged_at.';
COMMENT ON COLUMN public.verification_logs.performed_by IS
    'users.id as text, without a foreign key; NULL for the system.';


-- =====================================================================================================================
-- Finance
-- =====================================================================================================================

CREATE TABLE public.tracecoin_wallets (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL UNIQUE REFERENCES public.users (id) ON DELETE CASCADE,
    balance    integer     NOT NULL DEFAULT 0 CHECK (balance >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE  public.tracecoin_wallets         IS 'One wallet per user who ever had a tracecoin.';
COMMENT ON COLUMN public.tracecoin_wallets.balance IS 'Kept by the backend; always the sum of the wallet''s ledger.';

CREATE TABLE public.tracecoin_ledger (
    id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    wallet_id      uuid        NOT NULL REFERENCES public.tracecoin_wallets (id) ON DELETE CASCADE,
    amount         integer     NOT NULL CHECK (amount <> 0),
    balance_after  integer     NOT NULL,
    reason         varchar(50) NOT NULL,
    reference_type varchar(50),
    reference_id   text,
    created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX tracecoin_ledger_wallet_id_idx ON public.tracecoin_ledger (wallet_id, created_at);

COMMENT ON TABLE public.tracecoin_ledger IS
    'Every movement of tracecoins; immutable by agreement, not by enforcement.';
COMMENT ON COLUMN public.tracecoin_ledger.amount       IS 'Positive: coins come in; negative: they go out.';
COMMENT ON COLUMN public.tracecoin_ledger.reference_id IS
    'Id, as text, of the payment or lead request named by reference_type.';

CREATE TABLE public.pricing_packages (
    id          uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    name        varchar(100)  NOT NULL,
    role_key    varchar(50),
    tracecoins  integer       NOT NULL DEFAULT 0,
    price       numeric(10,2) NOT NULL CHECK (price >= 0),
    currency    varchar(3)    NOT NULL DEFAULT 'INR',
    description text,
    is_active   boolean       NOT NULL DEFAULT true,
    created_at  timestamptz   DEFAULT now()
);

COMMENT ON TABLE public.pricing_packages IS 'Packages of tracecoins on sale.';

CREATE TABLE public.payments (
    id                uuid                  PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid                  NOT NULL REFERENCES public.users (id),
    package_id        text,
    amount            numeric(12,2)         NOT NULL CHECK (amount >= 0),
    currency          varchar(3)            NOT NULL DEFAULT 'INR',
    status            public.payment_status NOT NULL DEFAULT 'pending',
    gateway           varchar(30)           NOT NULL DEFAULT 'razorpay',
    gateway_reference varchar(100)          UNIQUE,
    paid_at           timestamptz,
    created_at        timestamptz           DEFAULT now(),
    updated_at        timestamptz           DEFAULT now()
);

CREATE INDEX payments_user_id_idx ON public.payments (user_id);

COMMENT ON TABLE  public.payments            IS 'Payments: order, transaction and gateway in one row.';
COMMENT ON COLUMN public.payments.package_id IS 'pricing_packages.id as text, without a foreign key.';
COMMENT ON COLUMN public.payments.amount     IS 'Paid in all, tax included, after any discount.';

CREATE TABLE public.coupons (
    id             uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    code           varchar(50)   NOT NULL UNIQUE,
    discount_type  varchar(20)   NOT NULL DEFAULT 'percent' CHECK (discount_type IN ('percent', 'flat')),
    discount_value numeric(10,2) NOT NULL CHECK (discount_value > 0),
    max_uses       integer,
    valid_from     timestamptz,
    valid_until    timestamptz,
    is_active      boolean       NOT NULL DEFAULT true,
    created_at     timestamptz   DEFAULT now()
);

COMMENT ON TABLE public.coupons IS 'Codes that lower a price.';

CREATE TABLE public.coupon_uses (
    id              uuid          PRIMARY KEY DEFAULT gen_random_uuid(),
    coupon_id       uuid          NOT NULL REFERENCES public.coupons (id) ON DELETE CASCADE,
    user_id         uuid          NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    payment_id      text,
    discount_amount numeric(10,2) NOT NULL DEFAULT 0,
    used_at         timestamptz   DEFAULT now(),
    UNIQUE (coupon_id, user_id)
);

CREATE INDEX coupon_uses_user_id_idx ON public.coupon_uses (user_id);

COMMENT ON TABLE  public.coupon_uses            IS 'Who used which coupon; to be called coupon_redemptions.';
COMMENT ON COLUMN public.coupon_uses.payment_id IS 'payments.id as text, without a foreign key.';

CREATE TABLE public.invoices (
    id             uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_number varchar(30)      NOT NULL UNIQUE,
    payment_id     uuid             NOT NULL REFERENCES public.payments (id),
    user_id        uuid             NOT NULL REFERENCES public.users (id),
    coupon_use_id  uuid             REFERENCES public.coupon_uses (id) ON DELETE SET NULL,
    amount         double precision NOT NULL,
    tax_amount     double precision NOT NULL DEFAULT 0,
    currency       varchar(3)       NOT NULL DEFAULT 'INR',
    status         varchar(20)      NOT NULL DEFAULT 'issued',
    issued_at      timestamptz      DEFAULT now()
);

CREATE INDEX invoices_payment_id_idx ON public.invoices (payment_id);

COMMENT ON TABLE  public.invoices            IS 'Invoices of successful and refunded payments.';
COMMENT ON COLUMN public.invoices.amount IS
    'Before tax, as a floating point number, though payments.amount is exact.';
COMMENT ON COLUMN public.invoices.tax_amount IS
    'Tax; amount and tax_amount, to two places, make the payment''s amount.';

CREATE TABLE public.discounts (
    id         uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    name       varchar(100)     NOT NULL,
    applies_to varchar(50)      NOT NULL DEFAULT 'all',
    percentage double precision NOT NULL CHECK (percentage BETWEEN 0 AND 100),
    starts_at  timestamptz,
    ends_at    timestamptz,
    is_active  boolean          NOT NULL DEFAULT true
);

COMMENT ON TABLE public.discounts IS 'Rules that lower the price of packages for a time.';


-- =====================================================================================================================
-- Communication and support
-- =====================================================================================================================

CREATE TABLE public.notifications (
    id         uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid         NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    type       varchar(50)  NOT NULL,
    title      varchar(200) NOT NULL,
    body       text,
    data       jsonb        NOT NULL DEFAULT '{}',
    is_read    boolean      NOT NULL DEFAULT false,
    created_at timestamptz  DEFAULT now()
);

CREATE INDEX notifications_unread_idx ON public.notifications (user_id, created_at DESC) WHERE NOT is_read;

COMMENT ON TABLE public.notifications IS 'Messages shown to a user in the product.';

CREATE TABLE public.email_logs (
    id         bigserial    PRIMARY KEY,
    user_id    text,
    to_address varchar(255) NOT NULL,
    template   varchar(100) NOT NULL,
    subject    varchar(255),
    status     varchar(20)  NOT NULL DEFAULT 'sent',
    error      text,
    sent_at    timestamptz  DEFAULT now()
);

COMMENT ON TABLE  public.email_logs         IS 'E-mails sent: an audit trail that is only ever added to.';
COMMENT ON COLUMN public.email_logs.user_id IS 'users.id as text, without a foreign key; NULL for addresses of nobody.';

CREATE TABLE public.support_tickets (
    id          uuid                 PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_no   bigserial            NOT NULL UNIQUE,
    user_id     uuid                 NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    subject     varchar(200)         NOT NULL,
    category    varchar(50)          NOT NULL DEFAULT 'general',
    priority    varchar(20)          NOT NULL DEFAULT 'normal',
    status      public.ticket_status NOT NULL DEFAULT 'open',
    assigned_to text,
    created_at  timestamptz          NOT NULL DEFAULT now(),
    updated_at  timestamptz          NOT NULL DEFAULT now()
);

CREATE INDEX support_tickets_user_id_idx ON public.support_tickets (user_id);

COMMENT ON TABLE  public.support_tickets             IS 'Questions and complaints of users.';
COMMENT ON COLUMN public.support_tickets.assigned_to IS 'employees.id as text, without a foreign key.';

CREATE TABLE public.support_ticket_messages (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_id   uuid        NOT NULL REFERENCES public.support_tickets (id) ON DELETE CASCADE,
    sender_id   text        NOT NULL,
    is_staff    boolean     NOT NULL DEFAULT false,
    message     text        NOT NULL,
    attachments jsonb       NOT NULL DEFAULT '[]',
    created_at  timestamptz DEFAULT now()
);

CREATE INDEX support_ticket_messages_ticket_id_idx ON public.support_ticket_messages (ticket_id);

COMMENT ON TABLE  public.support_ticket_messages           IS 'What was written in a ticket.';
COMMENT ON COLUMN public.support_ticket_messages.sender_id IS 'users.id as text, without a foreign key.';


-- =====================================================================================================================
-- Knowledge base
-- =====================================================================================================================

CREATE TABLE public.kb_categories (
    id          uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    slug        varchar(100) NOT NULL UNIQUE,
    name        varchar(100) NOT NULL,
    description text,
    sort_order  integer      NOT NULL DEFAULT 0
);

COMMENT ON TABLE public.kb_categories IS 'Categories of the knowledge base. Without any time.';

CREATE TABLE public.kb_articles (
    id           uuid         PRIMARY KEY DEFAULT gen_random_uuid(),
    category_id  uuid         REFERENCES public.kb_categories (id) ON DELETE SET NULL,
    slug         varchar(150) NOT NULL UNIQUE,
    title        varchar(200) NOT NULL,
    body         text         NOT NULL,
    author_id    text,
    is_published boolean      NOT NULL DEFAULT false,
    view_count   integer      NOT NULL DEFAULT 0,
    published_at timestamptz,
    updated_at   timestamptz  DEFAULT now()
);

CREATE INDEX kb_articles_category_id_idx ON public.kb_articles (category_id);

COMMENT ON TABLE public.kb_articles IS
    'Articles of the knowledge base, which has no sections, no feedback and no related articles.';
COMMENT ON COLUMN public.kb_articles.author_id IS 'employees.id as text, without a foreign key.';


-- =====================================================================================================================
-- Dashboard and configuration
-- =====================================================================================================================

CREATE TABLE public.dashboard_configs (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    role_key   varchar(50) NOT NULL UNIQUE,
    layout     jsonb       NOT NULL DEFAULT '{}',
    is_active  boolean     NOT NULL DEFAULT true,
    created_at timestamp   DEFAULT now(),
    updated_at timestamp   DEFAULT now()
);

COMMENT ON TABLE  public.dashboard_configs            IS 'What the dashboard of a role shows.';
COMMENT ON COLUMN public.dashboard_configs.created_at IS 'Without a time zone, meant as UTC.';

CREATE TABLE public.runtime_configs (
    key         varchar(100) PRIMARY KEY,
    value       jsonb        NOT NULL,
    description text,
    updated_by  text,
    updated_at  timestamptz  DEFAULT now()
);

COMMENT ON TABLE  public.runtime_configs            IS 'Feature flags that are read at run time.';
COMMENT ON COLUMN public.runtime_configs.updated_by IS 'employees.id as text, without a foreign key.';


-- =====================================================================================================================
-- Logging
-- =====================================================================================================================

CREATE TABLE public.activity_logs (
    id          bigserial    PRIMARY KEY,
    user_id     text,
    action      varchar(100) NOT NULL,
    entity_type varchar(50),
    entity_id   text,
    details     jsonb,
    ip_address  varchar(45),
    created_at  timestamptz  DEFAULT now()
);

CREATE INDEX activity_logs_user_id_idx ON public.activity_logs (user_id);

COMMENT ON TABLE public.activity_logs IS
    'Some of what users did: no old values, no new values, nothing that keeps a row from being changed.';
COMMENT ON COLUMN public.activity_logs.user_id   IS 'users.id as text, without a foreign key.';
COMMENT ON COLUMN public.activity_logs.entity_id IS 'Id, as text, of whatever entity_type names.';


-- =====================================================================================================================
-- Views and triggers
-- =====================================================================================================================

CREATE VIEW public.published_kb_articles AS
SELECT
    a.id,
    a.slug,
    a.title,
    c.name AS category_name,
    a.view_count,
    a.published_at
FROM public.kb_articles AS a
LEFT JOIN public.kb_categories AS c ON c.id = a.category_id
WHERE a.is_published;

COMMENT ON VIEW public.published_kb_articles IS 'What the help pages list.';

-- Six of the many tables that have an updated_at.

CREATE TRIGGER update_users_updated_at
    BEFORE UPDATE ON public.users
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_photographer_profiles_updated_at
    BEFORE UPDATE ON public.photographer_profiles
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_company_profiles_updated_at
    BEFORE UPDATE ON public.company_profiles
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_jobs_updated_at
    BEFORE UPDATE ON public.jobs
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_payments_updated_at
    BEFORE UPDATE ON public.payments
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_support_tickets_updated_at
    BEFORE UPDATE ON public.support_tickets
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
