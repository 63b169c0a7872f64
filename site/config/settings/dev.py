"""A developer's machine and `make run`: everything embedded, no TLS, visitors' view unless DEBUG=1."""

import secrets

from config import env as environment
from config.parsers import ROOT


def _secret_key() -> str:
    """A key of this machine, generated once into an ignored file."""
    file = ROOT / "var" / "secret-key"
    file.parent.mkdir(exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(60))
    return file.read_text()


environment.relax(
    SECRET_KEY=_secret_key(),
    ALLOWED_HOSTS="localhost,.localhost,127.0.0.1,[::1]",
    HTTPS_ONLY="0",
    LOG_LEVEL="WARNING",
)

from config.settings.production import *
from config.settings.production import MIDDLEWARE, STORAGES, env

DEBUG = env["DEBUG"]
SERVE_MEDIA = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None  # nothing is collected: the finders serve
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
SITE_PORTS = env["SITE_PORTS"]
MIDDLEWARE = [*MIDDLEWARE, "config.middleware.SitePortMiddleware"]
