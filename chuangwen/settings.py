"""All settings, read from the environment with defaults that run the product as it is.

The variables are listed in README.md; nothing else in the code reads the environment.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
PACKAGE_DIR = BASE_DIR / "chuangwen"
REFERENCE_DIR = PACKAGE_DIR / "reference"
DATA_DIR = Path(os.environ.get("CHUANGWEN_DATA") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
FILES_DIR = DATA_DIR / "files"

PORT = int(os.environ.get("CHUANGWEN_PORT") or 8000)
PUBLIC_URL = (os.environ.get("CHUANGWEN_PUBLIC_URL") or f"http://localhost:{PORT}").rstrip("/")
# Address of the reverse proxy whose X-Forwarded-For is believed; empty when there is none.
TRUSTED_PROXY = os.environ.get("CHUANGWEN_TRUSTED_PROXY") or None
# Where LibreOffice is, if it is not on the path; it makes the PDF files.
OFFICE = os.environ.get("CHUANGWEN_OFFICE") or None
# A font with Chinese characters for what is written into pictures, if fontconfig knows none.
FONT = os.environ.get("CHUANGWEN_FONT") or None
# The key of what is encrypted; keep it apart from the backup of the database.
SECRETS_KEY_FILE = os.environ.get("CHUANGWEN_SECRETS_KEY") or DATA_DIR / "secrets.key"
DEBUG = os.environ.get("CHUANGWEN_DEBUG") == "1"


def secret_key() -> str:
    """The key of the installation: from the environment, or made once and kept beside the data."""
    if given := os.environ.get("CHUANGWEN_SECRET_KEY"):
        return given
    kept = DATA_DIR / "secret.key"
    try:
        descriptor = os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return kept.read_text()
    made = os.urandom(48).hex()
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
    return made


def database(url: str | None) -> dict[str, Any]:
    """Django's settings for DATABASE_URL: postgres://user:password@host:port/name, or SQLite in the data folder."""
    parts = urlsplit(url or "")
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    if parts.scheme not in {"", "sqlite"}:
        raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme}://; use postgres:// or sqlite://")
    path = unquote(parts.path) if parts.scheme == "sqlite" else str(DATA_DIR / "chuangwen.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        },
    }


def smtp(url: str | None) -> dict[str, Any]:
    """Django's settings for CHUANGWEN_SMTP_URL: smtp+starttls://user:password@host:587?from=…, or smtp, or smtps.

    Empty means that notices are on the page alone.
    """
    if not url:
        return {"MAILS_GO_OUT": False}
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if parts.scheme not in ports or not parts.hostname or "@" not in sender:
        raise ImproperlyConfigured("CHUANGWEN_SMTP_URL is not like smtp+starttls://user:password@host:587?from=a@b.cn")
    return {
        "MAILS_GO_OUT": True,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "DEFAULT_FROM_EMAIL": sender,
        "EMAIL_TIMEOUT": 20,
    }


SECRET_KEY = secret_key()
ALLOWED_HOSTS = ["*"] if DEBUG else [urlsplit(PUBLIC_URL).hostname or "localhost", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "chuangwen.apps.ChuangwenConfig",
    "chuangwen.core",
    "chuangwen.people",
    "chuangwen.places",
    "chuangwen.evidence",
    "chuangwen.forms",
    "chuangwen.cases",
    "chuangwen.duties",
    "chuangwen.metrics",
    "chuangwen.reports",
    "chuangwen.interop",
    "chuangwen.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chuangwen.people.middleware.ViewerMiddleware",
    "chuangwen.core.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "chuangwen.urls"
WSGI_APPLICATION = "chuangwen.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "chuangwen.core.context.frame",
            ],
            "builtins": ["chuangwen.core.templatetags.cw"],
        },
    }
]
FORM_RENDERER = "chuangwen.core.formrender.FormRenderer"

DATABASES = {"default": database(os.environ.get("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "chuangwen.people.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "chuangwen.people.passwords.LongEnough"},
    {"NAME": "chuangwen.people.passwords.NotCommon"},
    {"NAME": "chuangwen.people.passwords.NotOnlyDigits"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "chuangwen.people.lockout.locked_out"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [folder for folder in [PACKAGE_DIR / "static_vendor"] if folder.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # The map draws in a worker of our own address.
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Where notices go by mail; the password stands in the address and is shown nowhere.
MAILS_GO_OUT = False
globals().update(smtp(os.environ.get("CHUANGWEN_SMTP_URL")))

CITY_NAME = os.environ.get("CHUANGWEN_CITY") or "安澜市"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"chuangwen": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
