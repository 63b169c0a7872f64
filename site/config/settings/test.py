"""The test suite: hermetic (no .env), fast, in memory; DATABASE_URL and SEARCH_URL may name real servers."""

import tempfile

from config import env as environment

environment.relax(
    dotenv=None,
    SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    ALLOWED_HOSTS="testserver,localhost,.localhost,127.0.0.1,[::1]",
    HTTPS_ONLY="0",
    DATABASE_URL="sqlite:///:memory:",
)

from config.settings.production import *  # noqa: E402, F403
from config.settings.production import MIDDLEWARE, STORAGES  # noqa: E402

MEDIA_ROOT = tempfile.mkdtemp(prefix="site-test-media-")
SERVE_MEDIA = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
SITE_PORTS: dict[int, str] = {}
MIDDLEWARE = [*MIDDLEWARE, "config.middleware.SitePortMiddleware"]
