"""Production: the strict base. dev and test only relax it. Every value that may differ comes from config/env.py."""

from typing import Any

from config import env as environment
from config.parsers import ROOT
from config.search_backends import THREADS

env = environment.load_or_exit()

# --- the program ---
BASE_DIR = ROOT
SECRET_KEY = env["SECRET_KEY"]
DEBUG = False
if env["DEBUG"] and not environment.is_relaxed():
    environment.stop("DEBUG must be 0 in production: a traceback shows secrets to visitors.")
ALLOWED_HOSTS = env["ALLOWED_HOSTS"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PORT = env["PORT"]
WEB_PROCESSES, WEB_THREADS = env["WEB_PROCESSES"], THREADS

INSTALLED_APPS = [
    "core.apps.CoreConfig",
    "home",
    "news",
    "guides",
    "training_events",
    "search",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.table_block",
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
    "django_tasks",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.PathLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.SiteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "training_events.middleware.ForgetOnSignOutMiddleware",
    "search.middleware.OneReaderMiddleware",
    # it calls the view itself: nothing that has a process_view may stand behind it
    "config.middleware.OneSaveAtATimeMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- data ---
DATABASES = {"default": env["DATABASE_URL"]}
CACHES = {"default": env["CACHE_URL"]}
WAGTAILSEARCH_BACKENDS = env["SEARCH_URL"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# The editor of a long page sends more fields than Django's limit of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- languages and time ---
LANGUAGE_CODE = "vi"
LANGUAGES = env["EXTRA_LANGUAGES"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = env["STATIC_ROOT"]
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "core.stylesheets.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Style sheets joined into one file on demand (core.stylesheets).
BUNDLE_ROOT = ROOT / "var" / "bundles"
MEDIA_URL = "/media/"
MEDIA_ROOT = env["MEDIA_ROOT"]
# True where no web server in front hands out the uploaded files.
SERVE_MEDIA = False
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env["S3_BUCKET"]:
    MEDIA_URL = f"{env['S3_PUBLIC_URL']}/" if env["S3_PUBLIC_URL"] else MEDIA_URL
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env["S3_BUCKET"],
            "endpoint_url": env["S3_ENDPOINT_URL"] or None,
            "access_key": env["S3_ACCESS_KEY_ID"] or None,
            "secret_key": env["S3_SECRET_ACCESS_KEY"] or None,
            "region_name": env["S3_REGION"] or None,
            "custom_domain": env["S3_PUBLIC_URL"].partition("://")[2] or None,
            "querystring_auth": False,
            "file_overwrite": False,
        },
    }

# --- messages ---
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env["EMAIL_FROM"]
EMAIL_SUBJECT_PREFIX = ""
globals().update(env["EMAIL_URL"])
SMS_URL, SMS_TOKEN, SMS_SENDER = env["SMS_URL"], env["SMS_TOKEN"], env["SMS_SENDER"]
SMS_ACCENTS = env["SMS_ACCENTS"]

# --- safety ---
CSRF_TRUSTED_ORIGINS = env["CSRF_TRUSTED_ORIGINS"]
SECURE_SSL_REDIRECT = env["HTTPS_ONLY"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if env["HTTPS_ONLY"] else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env["HTTPS_ONLY"]
SECURE_HSTS_PRELOAD = env["HTTPS_ONLY"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env["HTTPS_ONLY"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A staff session ends after a working day, on a shared office computer at the latest with the browser.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
# Wagtail lets its own previews be framed by the editor, view by view; nothing else may be.
X_FRAME_OPTIONS = "DENY"
if env["TRUST_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUST_PROXY = env["TRUST_PROXY"]
# Where pictures, sound and video of the bucket come from, for the content security policy.
MEDIA_ORIGINS = [env["S3_PUBLIC_URL"]] if env["S3_PUBLIC_URL"] else []
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]

# --- Wagtail ---
ADMIN_PATH = env["ADMIN_PATH"]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
WAGTAIL_SITE_NAME = "Chuyển đổi số"
WAGTAILADMIN_BASE_URL = env["BASE_URL"] or f"http://localhost:{PORT}"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# A new translation is a draft: it still speaks the source language.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILADMIN_USER_LOGIN_FORM = "core.staff_forms.StaffLoginForm"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_UNICODE_SLUGS = WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.staff_forms.SiteImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_MODEL = "core.SiteDocument"
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "doc",
    "docx",
    "mp3",
    "ods",
    "odt",
    "pdf",
    "ppt",
    "pptx",
    "rtf",
    "txt",
    "xls",
    "xlsx",
    "zip",
]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# No page may fetch a provider's markup: videos are our own block, loaded after a click.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
TAGGIT_CASE_INSENSITIVE = True

# --- log ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env["LOG_LEVEL"]},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        # Two lines for each saved page otherwise; what fails is an error.
        "django_tasks": {"level": "WARNING"},
        # A line for every question otherwise while a search server is down; search.breaker says it once.
        "opensearch": {"level": "CRITICAL"},
        "elastic_transport": {"level": "CRITICAL"},
    },
}
