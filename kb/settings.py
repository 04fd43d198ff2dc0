"""The one settings file. Everything that differs between installations comes from the environment.

Each variable read here is documented in docs/settings.md; a test compares the two.
"""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

VAR_DIR = Path(env.str("KB_VAR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("KB_DEBUG", False)


def _kept_secret() -> str:
    """Return the installation's own secret, made at the first start and kept under KB_VAR."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        fresh = path.with_name(f"secret-key-{secrets.token_hex(8)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # of several processes the first one wins, and none reads half a key
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


SECRET_KEY = env.str("KB_SECRET_KEY", "") or _kept_secret()
SECRET_KEY_FALLBACKS: list[str] = env.list("KB_OLD_SECRET_KEYS", [])
ALLOWED_HOSTS = env.list("KB_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("KB_TRUSTED_ORIGINS", [])
BEHIND_TLS = env.bool("KB_BEHIND_TLS", False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # The operations pages have a site of their own, on which nothing registers itself: kb/accounts/admin.py.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "kb.accounts",
    "kb.jobs",
    "kb.ledger",
    "kb.records",
    "kb.lineage",
    "kb.review",
    "kb.exchange",
    "kb.feeds",
    "kb.api",
    "kb.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kb.pages.middleware.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",
    # A session is read only by the pages that need one: what does not touch it carries no cookie and no "Vary: Cookie".
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kb.accounts.middleware.NotKept",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kb.pages.middleware.CleanParameters",
]

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kb.pages.context.site",
            ],
            "builtins": ["kb.pages.templatetags.upstream"],
        },
    }
]

DATABASES: dict[str, Any] = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'upstream.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: WAL with deferred transactions fails under contended writes; this set-up does not.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A writer waits for others as long as with SQLite, and is told so then. Options that the address gives go first.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=20s")
# Opening a connection takes longer than most answers, with SQLite too, which reads its whole schema then.
DATABASES["default"]["CONN_MAX_AGE"] = 60

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "credit_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "account", "account_login"
SESSION_ENGINE = "kb.accounts.sessions"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kb.pages.views.errors.form_not_ours"
REQUIRE_MFA = env.bool("KB_REQUIRE_MFA", True)
# Throttles count here, so all workers must share it: the database, unless Redis is at hand.
CACHES: dict[str, Any] = {"default": env.dj_cache_url("KB_CACHE_URL", "db://kb_cache")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache":
    # With room for few, somebody could push their own count out by asking for many names.
    CACHES["default"] |= {"BACKEND": "kb.core.counts.Counts", "OPTIONS": {"MAX_ENTRIES": 100_000}}

ACCOUNT_ADAPTER = "kb.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "kb.accounts.forms.Login",
    "signup": "kb.accounts.forms.SignUp",
    "add_email": "kb.accounts.forms.ChangeEmail",
    "change_password": "kb.accounts.forms.ChangePassword",
    "set_password": "kb.accounts.forms.SetPassword",
    "reset_password": "kb.accounts.forms.ResetPassword",
    "reset_password_from_key": "kb.accounts.forms.ResetPasswordFromKey",
    "reauthenticate": "kb.accounts.forms.Reauthenticate",
}
MFA_ADAPTER = "kb.accounts.second_factor.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Upstream"
MFA_FORMS = {
    "authenticate": "kb.accounts.forms.Authenticate",
    "reauthenticate": "kb.accounts.forms.ReauthenticateByCode",
    "activate_totp": "kb.accounts.forms.ActivateTotp",
}
# How many proxies stand in front: the address that throttles count by is the one that the outermost of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("KB_PROXIES", 1 if BEHIND_TLS else 0)

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Who may frame a page is said by the content security policy (frame-ancestors), since one address may be framed by all.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Twenty sources of a filing are over two hundred fields, and a split ticks as many statements as a record has.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# A file that is sent stays in memory and is dropped where it is larger, so that none is ever written down (SAFETY 6).
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_FILTER_BACKENDS": ["kb.api.filtering.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "kb.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kb.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Upstream API",
    "DESCRIPTION": "Datasets, models, products, issues, reports, legislation and parties as linked records with evidence.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "kb.api.schema.add_problem_answers"],
}

SITE_NAME = "Upstream"
PORT = env.int("KB_PORT", 8000)
SITE_ADDRESS = env.str("KB_SITE_ADDRESS", f"http://127.0.0.1:{PORT}").rstrip("/")
WEB_WORKERS = env.int("KB_WEB_WORKERS", 2)
# Answers that each web process keeps until the next edition.
KEPT_MB = env.int("KB_KEPT_MB", 32)

# Hints of work travel by the broker; what is to be done stands in the database. See docs/decisions/0008-jobs.md.
CELERY_APP = "kb.celery"
BROKER_URL = env.str("KB_BROKER_URL", "filesystem://")
BROKER_FOLDER: Path | None = VAR_DIR / "broker" if BROKER_URL.startswith("filesystem:") else None
BROKER_OPTIONS: dict[str, Any] = {}
if BROKER_FOLDER:
    BROKER_FOLDER.mkdir(mode=0o700, exist_ok=True)
    BROKER_OPTIONS = {name: str(BROKER_FOLDER) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    BROKER_OPTIONS["polling_interval"] = 0.2
elif BROKER_URL.startswith("redis"):
    BROKER_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
JOB_QUEUE = env.str("KB_JOB_QUEUE", "upstream")
JOB_WORKERS = env.int("KB_JOB_WORKERS", 2)
SWEEP_SECONDS = env.int("KB_SWEEP_SECONDS", 4)
JOBS_KEPT_DAYS = env.int("KB_JOBS_KEPT_DAYS", 14)
DEAD_JOBS_KEPT_DAYS = env.int("KB_DEAD_JOBS_KEPT_DAYS", 60)
# A draft of a filing that nobody has touched for so long is deleted.
DRAFTS_KEPT_DAYS = env.int("KB_DRAFTS_KEPT_DAYS", 90)

# Sending a mail orders a job; the worker delivers it by the backend that KB_EMAIL_URL names.
_mail: dict[str, Any] = env.dj_email_url("KB_EMAIL_URL", "console:")
EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
MAIL_DELIVERY_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = f"/{_mail['EMAIL_FILE_PATH']}"
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("KB_EMAIL_FROM", "Upstream <upstream@localhost>")

# What fetches says who it is and whom to write to; hosts that are not public are asked only where they are listed here.
FETCH_USER_AGENT = env.str("KB_USER_AGENT", f"Upstream/0.1 (+{SITE_ADDRESS}/sources/; {DEFAULT_FROM_EMAIL})")
FETCH_ALLOWED_HOSTS: list[str] = env.list("KB_FETCH_ALLOWED_HOSTS", [])
FEED_ENTRIES_KEPT_DAYS = env.int("KB_FEED_ENTRIES_KEPT_DAYS", 365)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"requests": {"()": "kb.core.logs.WithoutTrace"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["requests"]}},
    # Celery tells of every message; what becomes of a job is told by kb.jobs.
    "loggers": {"celery": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("KB_LOG_LEVEL", "INFO")},
}
