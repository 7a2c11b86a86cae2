"""One readable settings file. Every variable is read here, once, and listed in docs/operations.md.

Two shapes of the same code: the embedded default (SQLite, filesystem broker, mail in a folder) that
`make run` starts, and production (PostgreSQL, Redis, SMTP, S3-compatible storage), chosen by
DATABASE_URL, CELERY_BROKER_URL, CACHE_URL, EMAIL_URL and S3_BUCKET. The system checks in
academy/checks.py refuse a half-configured production.
"""

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

import environ
import structlog
from csp.constants import NONCE, NONE, SELF

from academy.settings.logs import STRUCTLOG, logging_at

env = environ.Env()

# ------------------------------------------------------------------ where things are
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

# ------------------------------------------------------------------ what this site is
DEMO = env.bool("DEMO", default=False)  # one-click accounts and /courriels/; never in production
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# A promise of fifteen years: printed on every attestation and inside its QR code.
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PRIVACY_OFFICER = {
    "name": env("PRIVACY_OFFICER_NAME", default=""),
    "email": env("PRIVACY_OFFICER_EMAIL", default="confidentialite@academie.example"),
}
SUPPORT_EMAIL = env("SUPPORT_EMAIL", default="academie@academie.example")

ROOT_URLCONF = "academy.urls"
WSGI_APPLICATION = "academy.wsgi.application"
ASGI_APPLICATION = "academy.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    # The house, roof first.
    "academy",
    "notices",
    "cms",
    "certificates",
    "surveys",
    "attendance",
    "courses",
    "people",
    # Wagtail
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    # Sign-in
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # Django
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "people.middleware.PolicyMiddleware",  # a view that names no policy is refused
    "cms.middleware.RefusalMiddleware",  # a refused publication answers with a sentence
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "academy.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ------------------------------------------------------------------ database
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE is what makes the one gate safe here; WAL lets readers go on; 20 s outlasts a rush.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
# Receivers run inside the caller's transaction and the beat jobs own theirs: views open none.
DATABASES["default"]["ATOMIC_REQUESTS"] = False

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://academy")}

# ------------------------------------------------------------------ people and sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []  # nobody has a password
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "academy:my_courses"
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL

ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_FORMS = {
    "confirm_login_code": "people.forms.SignInCodeForm",
    "confirm_email_verification_code": "people.forms.AddressCodeForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A whole hospital leaves by one address: limits per address are wide, limits per mailbox are tight
# (12 codes an hour × 5 attempts each: guessing one of a million codes takes years).
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_RATE_LIMITS = {
    "login": "3000/5m/ip",
    "signup": "3000/5m/ip",
    "request_login_code": "3000/5m/ip,3/m/key,12/h/key",
    "login_failed": "600/m/ip,5/300s/key",
    "verify": "60/m/ip",  # attestations: guessing numbers is slow
    "pass_on": "10/h/user",  # to whom a seat is given: guessing who has an account is slow
    "confirm_email": "1/10s/key",
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())

# ------------------------------------------------------------------ languages, dates
LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["academy.settings.formats"]
TIME_ZONE = "America/Toronto"
USE_TZ = True
USE_I18N = True

# ------------------------------------------------------------------ files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"  # reports, PDF, signatures: never served by a web server
S3_BUCKET = env("S3_BUCKET", default="")
if S3_BUCKET:
    _s3 = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env("S3_ENDPOINT_URL", default=None),
        "access_key": env("S3_ACCESS_KEY", default=None),
        "secret_key": env("S3_SECRET_KEY", default=None),
        "file_overwrite": False,
        "default_acl": None,
    }
    _media = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _s3 | {"location": "media"}}
    _private = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": _s3 | {"location": "private", "querystring_auth": True},
    }
else:
    _media = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    _private = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    }
STORAGES = {
    "default": _media,
    "private": _private,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ------------------------------------------------------------------ mail
# Everything Django sends (sign-in codes, Wagtail's workflow) passes the door of notices: at once,
# before everything else, logged without its words. EMAIL_URL names the real transport behind it.
EMAIL_BACKEND = "notices.backends.DoorBackend"
_mail = env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")
EMAIL_TRANSPORT = env("EMAIL_TRANSPORT", default=_mail["EMAIL_BACKEND"])  # or an Anymail backend
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Académie <academie@academie.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ANYMAIL = env.json("ANYMAIL", default={})

# ------------------------------------------------------------------ work
# The row is the truth; the broker only wakes the worker, so publishing never blocks a request.
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120  # seconds; under half the visibility timeout, so nothing runs twice
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ALWAYS_EAGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue = DATA_DIR / "queue"
    for _folder in ("messages", "control", "processed"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "socket_timeout": 0.5,
        "socket_connect_timeout": 0.5,
        "max_retries": 1,
    }
# One line a job; each is a sweep that picks up rows left behind and may run twice without harm.
CELERY_BEAT_SCHEDULE = {
    "courses.move_sessions_by_the_clock": {
        "task": "courses.tasks.move_sessions_by_the_clock",
        "schedule": 60,
    },
    "courses.fill_free_seats": {"task": "courses.tasks.fill_free_seats", "schedule": 60},
    "courses.forget_old_rows": {"task": "courses.tasks.forget_old_rows", "schedule": 86400},
    "attendance.forget_old_reports": {
        "task": "attendance.tasks.forget_old_reports",
        "schedule": 86400,
    },
    "surveys.open_due_surveys": {"task": "surveys.tasks.open_due_surveys", "schedule": 60},
    "surveys.close_due_surveys": {"task": "surveys.tasks.close_due_surveys", "schedule": 300},
    "certificates.issue_due": {
        "task": "certificates.tasks.issue_due",
        "schedule": env.int("CERTIFICATE_SWEEP_SECONDS", default=600),
    },
    "people.forget_sessions": {"task": "people.tasks.forget_sessions", "schedule": 86400},
    "people.forget_unconfirmed": {"task": "people.tasks.forget_unconfirmed", "schedule": 3600},
    "notices.deliver_due": {"task": "notices.tasks.deliver_due", "schedule": 15},
    "notices.write_mailings": {"task": "notices.tasks.write_mailings", "schedule": 30},
    "notices.post_openings": {"task": "notices.tasks.post_openings", "schedule": 600},
    "notices.post_reminders": {"task": "notices.tasks.post_reminders", "schedule": 60},
    "notices.forget_old_words": {"task": "notices.tasks.forget_old_words", "schedule": 86400},
}
# A demonstration does not wait a minute for the clock: every sweep at least this often.
_sweep_seconds = env.int("SWEEP_AT_MOST_SECONDS", default=0)
for _job in CELERY_BEAT_SCHEDULE.values():
    _job["schedule"] = min(_job["schedule"], _sweep_seconds or _job["schedule"])

# ------------------------------------------------------------------ rules staff may want to see
ATTENDANCE_THRESHOLD_PERCENT = env.int("ATTENDANCE_THRESHOLD_PERCENT", default=80)
SURVEY_OPEN_DAYS = 14
JOIN_OPENS_MINUTES_BEFORE = 15
STRIKE_GRACE_HOURS = 72  # moved or cancelled meanwhile, a session makes no late withdrawal count
SESSION_WORDS_SECONDS = 1  # how long the words of a session's page may be shown again; seats never
STRIKE_DAYS = 365  # two terms
WALK_MINUTES = 30  # kept free between two seats when one of them is in person
SIGNING_KEY_FILE = env("SIGNING_KEY_FILE", default="")
SIGNING_CERTIFICATE_FILE = env("SIGNING_CERTIFICATE_FILE", default="")

# ------------------------------------------------------------------ Wagtail
WAGTAIL_SITE_NAME = "Académie Q-CROC"
WAGTAILADMIN_BASE_URL = PUBLIC_BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no request to another host
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # everybody reads Montréal’s hours
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.AcademyDocument"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "pptx", "xlsx", "odt", "odp", "ods", "csv", "txt"]
WAGTAILIMAGES_IMAGE_MODEL = "cms.AcademyImage"
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False  # English goes live when it is translated
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# ------------------------------------------------------------------ security
CONTENT_SECURITY_POLICY = {
    # Wagtail's editor needs inline styles and a few inline scripts; it has its own policy below.
    "EXCLUDE_URL_PREFIXES": ["/gestion/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview frames our own pages
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = env.bool("SECURE_COOKIES", default=PUBLIC_BASE_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
if SECURE_COOKIES:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ------------------------------------------------------------------ logs: no personal data
LOGGING = logging_at(env("LOG_LEVEL", default="INFO"))
# Lines of django-structlog obey those levels; left to itself it writes each request, with the
# address it came from, straight to the console.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
structlog.configure(**STRUCTLOG)
