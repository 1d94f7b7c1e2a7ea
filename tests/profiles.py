"""What the tests of profiles side by side share: the 13 tables, what each accepts, and messy values for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support import Database, KitResult, run_kit

SCALE = max(1, int(os.environ.get("NXTGAUGE_TEST_SCALE", "1")))
COMMON = ("display_name", "bio", "location", "status", "rejection_reason", "approved_at")
LINK = ("user_role_profile_id", "role_key")
QUIET = ("--lock-hold", "1000")  # nobody else is there, and the machine may be busy
MEANINGS = ("draft", "pending", "approved", "rejected", "suspended")

_SPELLINGS = (
    *("pending", "Pending", "approved", "APPROVED", "Approved", "aPProved", " approved ", "rejected", "REJECTED"),
    *("suspended", "Suspended", "draft", "DRAFT", "weird", "Genehmigt", ""),
)


@dataclass(frozen=True)
class Profile:
    """One of the 13 tables, and what it asks of a row.

    Attributes:
        role: the role that its rows are of.
        statuses: what the old backend may write there.
        required: common fields that must not be NULL.
        is_unique: whether a user can have one row only.
        may_lack_user: whether user_id may be NULL.
        has_user_fk: whether user_id must be a user's.
        keeps_user: whether its rows keep their user from being deleted.
        trade: further columns that a row must or may be given, with a value.
        links: the forbidden links, each with the default of its column.
        without: states that the legacy column cannot hold.
        default_status: what the column holds if nothing is written.
    """

    role: str
    statuses: tuple[str | None, ...] = _SPELLINGS
    required: tuple[str, ...] = ("display_name", "status")
    is_unique: bool = True
    may_lack_user: bool = False
    has_user_fk: bool = True
    keeps_user: bool = False
    trade: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str | None] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    default_status: str = "pending"

    @property
    def table(self) -> str:
        """The name of the table."""
        return f"{self.role}_profiles"

    @property
    def time_type(self) -> str:
        """The type of approved_at."""
        return "timestamp" if self.role == "social_media_manager" else "timestamptz"


PROFILES = (
    Profile("photographer", trade={"camera_gear": "Sony A7 📷"}),
    Profile(
        "tutor",
        statuses=("PENDING", "Pending", "Approved", "APPROVED", "rejected", "Suspended", None),
        required=(),
        is_unique=False,
        trade={"teaching_mode": "home"},
        without=("draft",),
        default_status="Pending",
    ),
    Profile("makeup_artist", trade={"brands_used": "Nykaa"}),
    Profile(
        "developer",
        required=("status",),
        may_lack_user=True,
        trade={"headline": "Rust & SQL"},
        links={"github_url": None, "portfolio_url": None},
    ),
    Profile("video_editor", trade={"price_per_minute": "12.50"}, links={"reel_url": ""}),
    Profile("graphic_designer", default_status="draft", trade={"project_rate": "1.0"}, links={"portfolio_url": ""}),
    Profile("social_media_manager", trade={"monthly_retainer": "7.00"}),
    Profile("fitness_trainer", is_unique=False, keeps_user=True, trade={"session_price": "3"}),
    Profile("catering_service", required=("display_name", "location", "status"), trade={"price_per_plate": "250"}),
    Profile(
        "ugc_content_creator",
        statuses=(*_SPELLINGS, None),
        required=(),
        is_unique=False,
        has_user_fk=False,
        default_status="Pending",
        trade={"price_per_post": "99.90"},
    ),
    Profile(
        "company",
        statuses=("PENDING", "APPROVED", "REJECTED", "SUSPENDED"),
        trade={"legal_name": "Müller & Söhne GmbH"},
        without=("draft",),
        default_status="PENDING",
    ),
    Profile("customer", required=("status",), default_status="approved", trade={"pincode": "560001"}),
    Profile("job_seeker", trade={"headline": "Suche Arbeit"}),
)
BY_ROLE = {profile.role: profile for profile in PROFILES}

# The tables as a real database may have them: ids and owners that are text, a native enum in mixed case, gaps.
MESS = """
TRUNCATE public.users, public.ugc_content_creator_profiles CASCADE;
ALTER TABLE public.ugc_content_creator_profiles ALTER COLUMN id DROP DEFAULT;
ALTER TABLE public.ugc_content_creator_profiles ALTER COLUMN id TYPE text;
ALTER TABLE public.ugc_content_creator_profiles ALTER COLUMN id SET DEFAULT gen_random_uuid()::text;
ALTER TABLE public.ugc_content_creator_profiles ALTER COLUMN user_id TYPE text, ALTER COLUMN user_id DROP NOT NULL;
CREATE TYPE public.tutor_status AS ENUM ('PENDING', 'Pending', 'Approved', 'APPROVED', 'rejected', 'Suspended');
ALTER TABLE public.tutor_profiles DROP CONSTRAINT tutor_profiles_status_check;
ALTER TABLE public.tutor_profiles ALTER COLUMN status DROP DEFAULT;
ALTER TABLE public.tutor_profiles ALTER COLUMN status TYPE public.tutor_status USING status::public.tutor_status;
ALTER TABLE public.tutor_profiles ALTER COLUMN status SET DEFAULT 'Pending';
ALTER TABLE public.fitness_trainer_profiles ALTER COLUMN user_id DROP NOT NULL;
"""


def meaning(spelling: str | None) -> str:
    """What a legacy status means, as the design says: case and blanks aside, unknown is pending."""
    found = (spelling or "").strip().lower()
    return found if found in MEANINGS else "pending"


def ok(done: KitResult) -> KitResult:
    """Demand that a run of the kit succeeded."""
    assert done.exit_code == 0, f"ended with {done.exit_code}\n{done.stdout}\n{done.stderr}"
    return done


def apply(database: Database, *args: str) -> str:
    """Apply Phase 2, or a part of it."""
    done = ok(run_kit("apply", "2", *QUIET, *args, dsn=database))
    return done.stdout + done.stderr


def roll_back(database: Database, *args: str) -> str:
    """Roll Phase 2 back, or a part of it."""
    done = ok(run_kit("rollback", "2", "--yes", *QUIET, *args, dsn=database))
    return done.stdout + done.stderr
