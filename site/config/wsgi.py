"""The WSGI entry: `gunicorn config.wsgi` with site/ on the path (gunicorn.conf.py puts it there)."""

import os
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# The rooms stand beside site/, so both are sources.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
