"""The test suite: hermetic (no .env) and fast. DATABASE_URL and SEARCH_URL may name real servers."""

import tempfile

from config import env as environment

# Removed when the process ends. SQLite in a file rather than in memory: threads get connections of their own, as in
# real life, so that tests about concurrent writers mean something.
_files = tempfile.TemporaryDirectory(prefix="site-test-")

environment.relax(
    dotenv=None,
    SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    ALLOWED_HOSTS="testserver,localhost,.localhost,127.0.0.1,[::1]",
    HTTPS_ONLY="0",
    LOG_LEVEL="WARNING",
    DATABASE_URL=f"sqlite:///{_files.name}/site.sqlite3",
    MEDIA_ROOT=f"{_files.name}/media",
)

from config.settings.production import *
from config.settings.production import DATABASES, MIDDLEWARE, STORAGES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Nothing here has to survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
SERVE_MEDIA = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None  # nothing is collected: the finders serve
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
SITE_PORTS: dict[int, str] = {}
MIDDLEWARE = [*MIDDLEWARE, "config.middleware.SitePortMiddleware"]
