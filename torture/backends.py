"""What the backend of each phase says to the database: explicit column lists, as docs/backend_contract*.md ask for.

A `Kind` is a thing that a client makes, changes, reads and deletes; each backend has its own `Form` of saying so.
Values
are named: a seat's own rows (`user`, `professional`, `root` …), the thing's ids and what it is to hold.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

LEGACY, PROFILES, DOMAIN = 0, 2, 3
"""The backends: that of before (it outlasts Phase 1), that of Phase 2, that of Phase 3."""

Values = dict[str, str]


@dataclass(frozen=True)
class Form:
    """How one backend makes, changes, reads and deletes a thing; each list is one transaction."""

    insert: Sequence[str]
    select: str
    update: Sequence[str] = ()
    delete: Sequence[str] = ()


@dataclass(frozen=True)
class Kind:
    """A thing that is written.

    Attributes:
        ids: ids it needs anew whenever it is made.
        fields: what `select` returns, in order, as text.
        draw: what the fields are to hold next.
        forms: by the first backend that says it so; a later one without a form of its own says it likewise.
        until: the last backend that knows of it.
        weight: how often it is chosen.
        read: whether it is read while the load runs; without an index for that, only when all is checked.
    """

    name: str
    ids: tuple[str, ...]
    fields: tuple[str, ...]
    draw: Callable[[Random], Values]
    forms: Mapping[int, Form]
    until: int = DOMAIN
    weight: int = 1
    read: bool = True
    fixed: tuple[str, ...] = field(default=())

    def form(self, backend: int) -> Form | None:
        """What this backend says, or None if it knows nothing of it."""
        known = [first for first in self.forms if first <= backend]
        return self.forms[max(known)] if known and backend <= self.until else None


def new_id(random: Random) -> str:
    """An id."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _words(random: Random) -> str:
    return random.choice(("Monsoon", "Sangeet", "Köln ü", "O'Hara", "")) + f" {random.randrange(1_000_000)}"


def _drawn(**choices: Sequence[str] | Callable[[Random], str]) -> Callable[[Random], Values]:
    return lambda random: {
        name: what(random) if callable(what) else random.choice(what) for name, what in choices.items()
    }


def _number(random: Random) -> str:
    return str(random.randrange(1, 10_000))


def _money(random: Random) -> str:
    return f"{random.randrange(100, 90_000)}.{random.randrange(100):02}"


_SIGN_UP = (
    "INSERT INTO users (id, email, password_hash) VALUES (%(owner)s, %(email)s, 'no hash') ON CONFLICT (id) DO NOTHING"
)

ROLES = (
    *("photographer", "tutor", "makeup_artist", "developer", "video_editor", "graphic_designer"),
    *("social_media_manager", "fitness_trainer", "catering_service", "ugc_content_creator", "company", "customer"),
    "job_seeker",
)
TABLES = tuple(f"{role}_profiles" for role in ROLES)


def _profile(role: str) -> Kind:
    """A profile of one of the 13 roles: one row in the legacy schema, a root and its extension in the new one."""
    table = f"{role}_profiles"
    trade, trade_value = (", legal_name", ", 'Müller & Söhne GmbH'") if role == "company" else ("", "")
    status = "upper(%(status)s::text)::company_status" if role == "company" else "%(status)s"
    lock = (
        f"SELECT 1 FROM {table} WHERE user_role_profile_id ="
        f" (SELECT r.id FROM user_role_profiles AS r WHERE r.user_id = %(owner)s AND r.role_key = '{role}')"
        " FOR NO KEY UPDATE"
    )
    own = f"WHERE user_id = %(owner)s AND role_key = '{role}'"
    sets = "display_name = %(display_name)s, bio = %(bio)s, location = %(location)s"
    return Kind(
        table,
        ("id", "root_id"),
        ("display_name", "bio", "location", "status"),
        _drawn(display_name=_words, bio=_words, location=_words, status=("pending", "approved", "suspended")),
        {
            LEGACY: Form(
                insert=(
                    _SIGN_UP,
                    f"INSERT INTO {table} (id, user_id, display_name, bio, location, status{trade}) VALUES"
                    f" (%(id)s, %(owner)s, %(display_name)s, %(bio)s, %(location)s, {status}{trade_value})",
                ),
                select=(
                    f"SELECT display_name, bio, location, lower(status::text) FROM {table} WHERE user_id = %(owner)s"
                ),
                update=(f"UPDATE {table} SET {sets}, status = {status} WHERE user_id = %(owner)s",),
                delete=(f"DELETE FROM {table} WHERE user_id = %(owner)s",),
            ),
            PROFILES: Form(
                insert=(
                    _SIGN_UP,
                    "INSERT INTO user_role_profiles (id, user_id, role_key, display_name, bio, location, status) VALUES"
                    f" (%(root_id)s, %(owner)s, '{role}', %(display_name)s, %(bio)s, %(location)s, %(status)s)",
                    f"INSERT INTO {table} (id, user_role_profile_id{trade}) VALUES (%(id)s, %(root_id)s{trade_value})",
                ),
                select=(
                    "SELECT r.display_name, r.bio, r.location, r.status FROM user_role_profiles AS r"
                    f" JOIN {table} AS p ON p.user_role_profile_id = r.id"
                    f" WHERE r.user_id = %(owner)s AND r.role_key = '{role}'"
                ),
                update=(lock, f"UPDATE user_role_profiles SET {sets}, status = %(status)s {own}"),
                delete=(lock, f"DELETE FROM user_role_profiles {own}"),
            ),
        },
        fixed=("owner", "email"),
    )


KINDS: tuple[Kind, ...] = (
    *(_profile(role) for role in ROLES),
    Kind(
        "users",
        ("id",),
        ("phone", "status"),
        _drawn(phone=lambda random: f"+91{random.randrange(10**12)}", status=("active", "suspended")),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO users (id, email, phone, password_hash, status)"
                    " VALUES (%(id)s, %(email)s, %(phone)s, 'no hash', %(status)s)",
                ),
                select="SELECT phone, status FROM users WHERE id = %(id)s",
                update=("UPDATE users SET phone = %(phone)s, status = %(status)s WHERE id = %(id)s",),
                delete=("DELETE FROM users WHERE id = %(id)s",),
            )
        },
        weight=4,
        fixed=("email",),
    ),
    Kind(
        "user_settings",
        (),
        ("theme",),
        _drawn(theme=("dark", "light", "system")),
        {
            LEGACY: Form(
                insert=(_SIGN_UP, "INSERT INTO user_settings (user_id, theme) VALUES (%(owner)s, %(theme)s)"),
                select="SELECT theme FROM user_settings WHERE user_id = %(owner)s",
                update=("UPDATE user_settings SET theme = %(theme)s WHERE user_id = %(owner)s",),
            )
        },
        weight=2,
        fixed=("owner", "email"),
    ),
    Kind(
        "user_sessions",
        ("id",),
        ("device",),
        _drawn(device=_words),
        {
            PROFILES: Form(
                insert=(
                    "INSERT INTO user_sessions (id, user_id, token_hash, device, expires_at)"
                    " VALUES (%(id)s, %(user)s, sha256(%(email)s::text::bytea), %(device)s, now() + interval '1 hour')",
                ),
                select="SELECT device FROM user_sessions WHERE id = %(id)s",
                update=("UPDATE user_sessions SET device = %(device)s WHERE id = %(id)s",),
                delete=("DELETE FROM user_sessions WHERE id = %(id)s",),
            )
        },
        fixed=("email",),
    ),
    Kind(
        "professionals",
        ("id",),
        ("display_name", "city"),
        _drawn(display_name=_words, city=_words),
        {
            LEGACY: Form(
                insert=(
                    _SIGN_UP,
                    "INSERT INTO professionals (id, user_id, profession, display_name, city)"
                    " VALUES (%(id)s, %(owner)s, 'photographer', %(display_name)s, %(city)s)",
                ),
                select="SELECT display_name, city FROM professionals WHERE id = %(id)s",
                update=("UPDATE professionals SET display_name = %(display_name)s, city = %(city)s WHERE id = %(id)s",),
                delete=("DELETE FROM professionals WHERE id = %(id)s",),
            )
        },
        until=PROFILES,
        fixed=("owner", "email"),
    ),
    Kind(
        "portfolio_items",
        ("id",),
        ("title", "description"),
        _drawn(title=_words, description=_words),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO portfolio_items (id, professional_id, title, description)"
                    " VALUES (%(id)s, %(professional)s, %(title)s, %(description)s)",
                ),
                select="SELECT title, description FROM portfolio_items WHERE id = %(id)s",
                update=(
                    "UPDATE portfolio_items SET title = %(title)s, description = %(description)s WHERE id = %(id)s",
                ),
                delete=("DELETE FROM portfolio_items WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO portfolio_items (id, user_role_profile_id, title, description)"
                    " VALUES (%(id)s, %(root)s, %(title)s, %(description)s)",
                ),
                select=(
                    "SELECT title, description FROM portfolio_items"
                    " WHERE id = %(id)s AND user_role_profile_id = %(root)s"
                ),
                update=(
                    "UPDATE portfolio_items SET title = %(title)s, description = %(description)s WHERE id = %(id)s",
                ),
                delete=("DELETE FROM portfolio_items WHERE id = %(id)s",),
            ),
        },
        weight=2,
    ),
    Kind(
        "services",
        ("id",),
        ("title", "price"),
        _drawn(title=_words, price=_money),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO services (id, professional_id, title, price)"
                    " VALUES (%(id)s, %(professional)s, %(title)s, %(price)s)",
                ),
                select="SELECT title, price::text FROM services WHERE id = %(id)s",
                update=("UPDATE services SET title = %(title)s, price = %(price)s WHERE id = %(id)s",),
                delete=("DELETE FROM services WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO services (id, user_role_profile_id, title, price)"
                    " VALUES (%(id)s, %(root)s, %(title)s, %(price)s)",
                ),
                select="SELECT title, price::text FROM services WHERE id = %(id)s AND user_role_profile_id = %(root)s",
                update=("UPDATE services SET title = %(title)s, price = %(price)s WHERE id = %(id)s",),
                delete=("DELETE FROM services WHERE id = %(id)s",),
            ),
        },
    ),
    Kind(
        "applications",
        ("id", "job_id"),
        ("status", "cover_letter", "employment"),
        _drawn(
            status=("applied", "shortlisted", "rejected"),
            cover_letter=_words,
            employment=("full_time", "part_time", "internship"),
        ),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO jobs (id, company_id, title, job_type)"
                    " VALUES (%(job_id)s, %(company)s, 'Cook', %(employment)s)",
                    "INSERT INTO applications (id, job_id, job_seeker_id, status, cover_letter)"
                    " VALUES (%(id)s, %(job_id)s, %(job_seeker)s, %(status)s, %(cover_letter)s)",
                ),
                select=(
                    "SELECT a.status, a.cover_letter, j.job_type FROM applications AS a JOIN jobs AS j"
                    " ON j.id = a.job_id WHERE a.id = %(id)s"
                ),
                update=(
                    "UPDATE applications SET status = %(status)s, cover_letter = %(cover_letter)s WHERE id = %(id)s",
                    "UPDATE jobs SET job_type = %(employment)s WHERE id = %(job_id)s",
                ),
                delete=("DELETE FROM applications WHERE id = %(id)s", "DELETE FROM jobs WHERE id = %(job_id)s"),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO jobs (id, company_id, title, employment_type)"
                    " VALUES (%(job_id)s, %(company)s, 'Cook', %(employment)s)",
                    "INSERT INTO job_applications (id, job_id, job_seeker_id, status, cover_letter)"
                    " VALUES (%(id)s, %(job_id)s, %(job_seeker)s, %(status)s, %(cover_letter)s)",
                ),
                select=(
                    "SELECT a.status, a.cover_letter, j.employment_type FROM job_applications AS a"
                    " JOIN jobs AS j ON j.id = a.job_id WHERE a.id = %(id)s"
                ),
                update=(
                    "UPDATE job_applications SET status = %(status)s, cover_letter = %(cover_letter)s"
                    " WHERE id = %(id)s",
                    "UPDATE jobs SET employment_type = %(employment)s WHERE id = %(job_id)s",
                ),
                delete=("DELETE FROM job_applications WHERE id = %(id)s", "DELETE FROM jobs WHERE id = %(job_id)s"),
            ),
        },
        weight=2,
    ),
    Kind(
        "requirements",
        ("id", "request_id"),
        ("title", "message"),
        _drawn(title=_words, message=_words),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO requirements (id, customer_id, title, category)"
                    " VALUES (%(id)s, %(customer)s, %(title)s, 'photographer')",
                    "INSERT INTO lead_requests (id, requirement_id, professional_id, message)"
                    " VALUES (%(request_id)s, %(id)s, %(professional)s, %(message)s)",
                ),
                select=(
                    "SELECT r.title, q.message FROM requirements AS r JOIN lead_requests AS q"
                    " ON q.requirement_id = r.id WHERE r.id = %(id)s"
                ),
                update=(
                    "UPDATE requirements SET title = %(title)s WHERE id = %(id)s",
                    "UPDATE lead_requests SET message = %(message)s WHERE id = %(request_id)s",
                ),
                delete=("DELETE FROM requirements WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO leads (id, customer_id, title, category)"
                    " VALUES (%(id)s, %(customer)s, %(title)s, 'photographer')",
                    "INSERT INTO lead_requests (id, lead_id, user_role_profile_id, message)"
                    " VALUES (%(request_id)s, %(id)s, %(root)s, %(message)s)",
                ),
                select=(
                    "SELECT r.title, q.message FROM leads AS r JOIN lead_requests AS q"
                    " ON q.lead_id = r.id WHERE r.id = %(id)s AND q.user_role_profile_id = %(root)s"
                ),
                update=(
                    "UPDATE leads SET title = %(title)s WHERE id = %(id)s",
                    "UPDATE lead_requests SET message = %(message)s WHERE id = %(request_id)s",
                ),
                delete=("DELETE FROM leads WHERE id = %(id)s",),
            ),
        },
        weight=2,
    ),
    Kind(
        "reviews",
        ("id",),
        ("rating", "comment", "featured"),
        _drawn(rating=("1", "3", "5"), comment=_words, featured=("true", "false")),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO reviews (id, reviewer_id, reviewee_id, requirement_id, rating, comment,"
                    " is_featured_on_home) VALUES (%(id)s, %(customer)s, %(professional)s, %(requirement)s,"
                    " %(rating)s, %(comment)s, %(featured)s)",
                ),
                select="SELECT rating::text, comment, is_featured_on_home::text FROM reviews WHERE id = %(id)s",
                update=(
                    "UPDATE reviews SET rating = %(rating)s, comment = %(comment)s, is_featured_on_home = %(featured)s"
                    " WHERE id = %(id)s",
                ),
                delete=("DELETE FROM reviews WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO reviews (id, reviewer_id, reviewee_profile_id, lead_id, rating, comment)"
                    " VALUES (%(id)s, %(customer)s, %(root)s, %(requirement)s, %(rating)s, %(comment)s)",
                    "INSERT INTO review_highlights (review_id, is_featured_on_home) VALUES (%(id)s, %(featured)s)"
                    " ON CONFLICT (review_id) DO UPDATE SET is_featured_on_home = excluded.is_featured_on_home",
                ),
                select=(
                    "SELECT r.rating::text, r.comment, coalesce(h.is_featured_on_home, false)::text FROM reviews AS r"
                    " LEFT JOIN review_highlights AS h ON h.review_id = r.id"
                    " WHERE r.id = %(id)s AND r.reviewee_profile_id = %(root)s AND r.lead_id = %(requirement)s"
                ),
                update=(
                    "UPDATE reviews SET rating = %(rating)s, comment = %(comment)s WHERE id = %(id)s",
                    "INSERT INTO review_highlights (review_id, is_featured_on_home) VALUES (%(id)s, %(featured)s)"
                    " ON CONFLICT (review_id) DO UPDATE SET is_featured_on_home = excluded.is_featured_on_home",
                ),
                delete=("DELETE FROM reviews WHERE id = %(id)s",),
            ),
        },
        weight=2,
    ),
    Kind(
        "coupon_uses",
        ("id", "coupon_id"),
        ("discount",),
        _drawn(discount=_money),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO coupons (id, code, discount_value) VALUES (%(coupon_id)s, %(code)s, 10)",
                    "INSERT INTO coupon_uses (id, coupon_id, user_id, discount_amount)"
                    " VALUES (%(id)s, %(coupon_id)s, %(user)s, %(discount)s)",
                ),
                select="SELECT discount_amount::text FROM coupon_uses WHERE id = %(id)s",
                update=("UPDATE coupon_uses SET discount_amount = %(discount)s WHERE id = %(id)s",),
                delete=("DELETE FROM coupon_uses WHERE id = %(id)s", "DELETE FROM coupons WHERE id = %(coupon_id)s"),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO coupons (id, code, discount_value) VALUES (%(coupon_id)s, %(code)s, 10)",
                    "INSERT INTO coupon_redemptions (id, coupon_id, user_id, discount_amount)"
                    " VALUES (%(id)s, %(coupon_id)s, %(user)s, %(discount)s)",
                ),
                select="SELECT discount_amount::text FROM coupon_redemptions WHERE id = %(id)s",
                update=("UPDATE coupon_redemptions SET discount_amount = %(discount)s WHERE id = %(id)s",),
                delete=(
                    "DELETE FROM coupon_redemptions WHERE id = %(id)s",
                    "DELETE FROM coupons WHERE id = %(coupon_id)s",
                ),
            ),
        },
        fixed=("code",),
    ),
    Kind(
        "payments",
        ("id", "order_id"),
        ("amount", "status"),
        _drawn(amount=_money, status=("pending", "success", "failed")),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO payments (id, user_id, amount, status)"
                    " VALUES (%(id)s, %(user)s, %(amount)s, %(status)s)",
                    "INSERT INTO invoices (invoice_number, payment_id, user_id, amount, tax_amount)"
                    " VALUES (%(code)s, %(id)s, %(user)s, %(amount)s, 1.5)",
                ),
                select="SELECT amount::text, status::text FROM payments WHERE id = %(id)s",
                update=("UPDATE payments SET status = %(status)s, amount = %(amount)s WHERE id = %(id)s",),
                delete=("DELETE FROM invoices WHERE payment_id = %(id)s", "DELETE FROM payments WHERE id = %(id)s"),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO orders (id, user_id, currency, subtotal_amount, total_amount)"
                    " VALUES (%(order_id)s, %(user)s, 'INR', %(amount)s, %(amount)s)",
                    "INSERT INTO order_items (order_id, description, unit_amount, line_amount)"
                    " VALUES (%(order_id)s, 'Coins', %(amount)s, %(amount)s)",
                    "INSERT INTO payments (id, user_id, amount, currency, status)"
                    " VALUES (%(id)s, %(user)s, %(amount)s, 'INR', %(status)s)",
                    "INSERT INTO payment_transactions (payment_id, order_id, amount, currency, status, gateway)"
                    " VALUES (%(id)s, %(order_id)s, %(amount)s, 'INR', %(status)s, 'razorpay')"
                    " ON CONFLICT (payment_id) DO UPDATE SET order_id = excluded.order_id",
                ),
                select=(
                    "SELECT t.amount::text, t.status FROM payment_transactions AS t"
                    " JOIN payments AS p ON p.id = t.payment_id AND p.amount = t.amount AND p.status::text = t.status"
                    " WHERE t.payment_id = %(id)s"
                ),
                update=(
                    "SELECT 1 FROM payments WHERE id = %(id)s FOR NO KEY UPDATE",
                    "UPDATE payment_transactions SET status = %(status)s, amount = %(amount)s"
                    " WHERE payment_id = %(id)s",
                ),
                delete=("DELETE FROM invoices WHERE payment_id = %(id)s", "DELETE FROM payments WHERE id = %(id)s"),
            ),
        },
        weight=3,
        fixed=("code",),
    ),
    Kind(
        "kb_articles",
        ("id",),
        ("title", "body"),
        _drawn(title=_words, body=_words),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO kb_articles (id, category_id, slug, title, body)"
                    " VALUES (%(id)s, %(category)s, %(code)s, %(title)s, %(body)s)",
                ),
                select="SELECT title, body FROM kb_articles WHERE id = %(id)s AND category_id = %(category)s",
                update=(
                    "UPDATE kb_articles SET title = %(title)s, body = %(body)s, view_count = view_count + 1"
                    " WHERE id = %(id)s",
                ),
                delete=("DELETE FROM kb_articles WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO kb_articles (id, section_id, slug, title, body)"
                    " VALUES (%(id)s, %(section)s, %(code)s, %(title)s, %(body)s)",
                ),
                select="SELECT title, body FROM kb_articles WHERE id = %(id)s AND section_id = %(section)s",
                update=(
                    "UPDATE kb_articles SET title = %(title)s, body = %(body)s, view_count = view_count + 1"
                    " WHERE id = %(id)s",
                ),
                delete=("DELETE FROM kb_articles WHERE id = %(id)s",),
            ),
        },
        fixed=("code",),
    ),
    Kind(
        "onboarding_submissions",
        ("id", "document_id"),
        ("status", "note", "file_key"),
        _drawn(status=("submitted", "under_review", "approved"), note=_words, file_key=_words),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO onboarding_submissions (id, user_id, role_key, status, form_data)"
                    " VALUES (%(id)s, %(user)s, 'photographer', %(status)s,"
                    " jsonb_build_object('note', %(note)s::text))",
                    "INSERT INTO submission_documents (id, submission_id, document_type, file_key)"
                    " VALUES (%(document_id)s, %(id)s, 'portfolio', %(file_key)s)",
                ),
                select=(
                    "SELECT s.status, s.form_data ->> 'note', d.file_key FROM onboarding_submissions AS s"
                    " JOIN submission_documents AS d ON d.submission_id = s.id WHERE s.id = %(id)s"
                ),
                update=(
                    "UPDATE onboarding_submissions SET status = %(status)s,"
                    " form_data = jsonb_build_object('note', %(note)s::text) WHERE id = %(id)s",
                    "UPDATE submission_documents SET file_key = %(file_key)s WHERE id = %(document_id)s",
                ),
                delete=("DELETE FROM onboarding_submissions WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO approval_requests (id, user_id, user_role_profile_id, role_key, status, form_data)"
                    " VALUES (%(id)s, %(user)s, %(root)s, 'photographer', %(status)s,"
                    " jsonb_build_object('note', %(note)s::text))",
                    "INSERT INTO approval_request_documents (id, approval_request_id, document_type, file_key)"
                    " VALUES (%(document_id)s, %(id)s, 'portfolio', %(file_key)s)",
                ),
                select=(
                    "SELECT s.status, s.form_data ->> 'note', d.file_key FROM approval_requests AS s"
                    " JOIN approval_request_documents AS d ON d.approval_request_id = s.id WHERE s.id = %(id)s"
                ),
                update=(
                    "UPDATE approval_requests SET status = %(status)s,"
                    " form_data = jsonb_build_object('note', %(note)s::text) WHERE id = %(id)s",
                    "UPDATE approval_request_documents SET file_key = %(file_key)s WHERE id = %(document_id)s",
                ),
                delete=("DELETE FROM approval_requests WHERE id = %(id)s",),
            ),
        },
        weight=2,
    ),
    Kind(
        "verifications",
        ("id", "log_id"),
        ("status", "document_number"),
        _drawn(status=("pending", "verified", "failed"), document_number=_number),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO verifications (id, user_id, verification_type, document_number, status)"
                    " VALUES (%(id)s, %(user)s, 'identity', %(document_number)s, %(status)s)",
                    "INSERT INTO verification_logs (id, verification_id, action)"
                    " VALUES (%(log_id)s, %(id)s, 'requested')",
                ),
                select=(
                    "SELECT v.status, v.document_number FROM verifications AS v JOIN verification_logs AS l"
                    " ON l.verification_id = v.id WHERE v.id = %(id)s AND l.id = %(log_id)s"
                ),
                update=(
                    "UPDATE verifications SET status = %(status)s, document_number = %(document_number)s"
                    " WHERE id = %(id)s",
                ),
                delete=("DELETE FROM verifications WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO verification_requests (id, user_id, verification_type, document_number, status)"
                    " VALUES (%(id)s, %(user)s, 'identity', %(document_number)s, %(status)s)",
                    "INSERT INTO verification_request_history (id, verification_request_id, action)"
                    " VALUES (%(log_id)s, %(id)s, 'requested')",
                ),
                select=(
                    "SELECT v.status, v.document_number FROM verification_requests AS v"
                    " JOIN verification_request_history AS l ON l.verification_request_id = v.id"
                    " WHERE v.id = %(id)s AND l.id = %(log_id)s"
                ),
                update=(
                    "UPDATE verification_requests SET status = %(status)s, document_number = %(document_number)s"
                    " WHERE id = %(id)s",
                ),
                delete=("DELETE FROM verification_requests WHERE id = %(id)s",),
            ),
        },
        weight=2,
    ),
    Kind(
        "support_ticket_messages",
        ("id",),
        ("message",),
        _drawn(message=_words),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO support_ticket_messages (id, ticket_id, sender_id, message)"
                    " VALUES (%(id)s, %(ticket)s, %(user)s, %(message)s)",
                ),
                select="SELECT message FROM support_ticket_messages WHERE id = %(id)s AND sender_id = %(user)s",
                update=("UPDATE support_ticket_messages SET message = %(message)s WHERE id = %(id)s",),
                delete=("DELETE FROM support_ticket_messages WHERE id = %(id)s",),
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO support_ticket_messages (id, ticket_id, sender_user_id, message)"
                    " VALUES (%(id)s, %(ticket)s, %(user)s, %(message)s)",
                ),
                select="SELECT message FROM support_ticket_messages WHERE id = %(id)s AND sender_user_id = %(user)s",
                update=("UPDATE support_ticket_messages SET message = %(message)s WHERE id = %(id)s",),
                delete=("DELETE FROM support_ticket_messages WHERE id = %(id)s",),
            ),
        },
    ),
    Kind(
        "tracecoin_ledger",
        ("id",),
        ("amount",),
        _drawn(amount=_number),
        {
            LEGACY: Form(
                insert=(
                    "WITH wallet AS (UPDATE tracecoin_wallets SET balance = balance + %(amount)s::integer"
                    " WHERE id = %(wallet)s RETURNING id, balance)"
                    " INSERT INTO tracecoin_ledger (id, wallet_id, amount, balance_after, reason, reference_type,"
                    " reference_id) SELECT %(id)s::uuid, w.id, %(amount)s::integer, w.balance, 'load', 'payment',"
                    " %(payment)s::text FROM wallet AS w",
                ),
                select=(
                    "SELECT amount::text FROM tracecoin_ledger"
                    " WHERE id = %(id)s AND reference_type = 'payment' AND reference_id = %(payment)s"
                ),
            ),
            DOMAIN: Form(
                insert=(
                    "WITH wallet AS (UPDATE tracecoin_wallets SET balance = balance + %(amount)s::integer"
                    " WHERE id = %(wallet)s RETURNING id, balance)"
                    " INSERT INTO tracecoin_ledger (id, wallet_id, amount, balance_after, reason, reference_type,"
                    " payment_id) SELECT %(id)s::uuid, w.id, %(amount)s::integer, w.balance, 'load', 'payment',"
                    " %(payment)s::uuid FROM wallet AS w",
                ),
                select=(
                    "SELECT amount::text FROM tracecoin_ledger"
                    " WHERE id = %(id)s AND reference_type = 'payment' AND payment_id = %(payment)s"
                ),
            ),
        },
    ),
    Kind(
        "activity_logs",
        ("id",),
        ("action",),
        _drawn(action=lambda random: f"load.{random.randrange(1000)}"),
        {
            LEGACY: Form(
                insert=(
                    "INSERT INTO activity_logs (user_id, action, entity_type, entity_id)"
                    " VALUES (%(user)s, %(action)s, 'load', %(id)s)",
                ),
                select="SELECT action FROM activity_logs WHERE entity_type = 'load' AND entity_id = %(id)s",
            ),
            DOMAIN: Form(
                insert=(
                    "INSERT INTO audit_logs (action, actor_user_id, entity_type, entity_id)"
                    " VALUES (%(action)s, %(user)s, 'load', %(id)s)",
                ),
                select="SELECT action FROM audit_logs WHERE entity_type = 'load' AND entity_id = %(id)s",
            ),
        },
        weight=2,
        read=False,
    ),
)

SEAT: tuple[str, ...] = (
    "INSERT INTO users (id, email, password_hash) VALUES (%(user)s, %(email)s, 'no hash')",
    "INSERT INTO users (id, email, password_hash) VALUES (%(customer)s, %(customer_email)s, 'no hash')",
    "INSERT INTO photographer_profiles (id, user_id, display_name) VALUES (%(photographer)s, %(user)s, 'Asha')",
    "INSERT INTO company_profiles (id, user_id, display_name, legal_name) VALUES (%(company)s, %(user)s, 'A', 'A Ltd')",
    "INSERT INTO job_seeker_profiles (id, user_id, display_name) VALUES (%(job_seeker)s, %(user)s, 'Asha')",
    "INSERT INTO professionals (id, user_id, profession, display_name)"
    " VALUES (%(professional)s, %(user)s, 'photographer', 'Asha')",
    "INSERT INTO requirements (id, customer_id, title, category)"
    " VALUES (%(requirement)s, %(customer)s, 'Wedding', 'photographer')",
    "INSERT INTO kb_categories (id, slug, name) VALUES (%(category)s, %(code)s, %(code)s)",
    "INSERT INTO support_tickets (id, user_id, subject) VALUES (%(ticket)s, %(user)s, 'Help')",
    "INSERT INTO tracecoin_wallets (id, user_id) VALUES (%(wallet)s, %(user)s)",
    "INSERT INTO payments (id, user_id, amount) VALUES (%(payment)s, %(user)s, 100)",
)
"""What a seat begins with, written by the backend of before; its columns are there in every phase but the profiles'."""

SEAT_IDS = (
    *("user", "customer", "photographer", "company", "job_seeker", "professional", "requirement", "category"),
    *("ticket", "wallet", "payment"),
)

LOOK_UP: Mapping[int, Mapping[str, str]] = {
    LEGACY: {},
    PROFILES: {"root": "SELECT user_role_profile_id::text FROM photographer_profiles WHERE id = %(photographer)s"},
    DOMAIN: {
        "root": "SELECT user_role_profile_id::text FROM photographer_profiles WHERE id = %(photographer)s",
        "section": "SELECT id::text FROM kb_sections WHERE category_id = %(category)s",
    },
}
"""What a backend finds out of a seat before it begins."""
