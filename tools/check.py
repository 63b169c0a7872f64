"""`manage.py check --deploy` under the production settings, with stand-ins for what only a real server has."""

import os
import secrets
import sys


def main() -> int:
    """Run the checks; any warning counts as a failure."""
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(60))
    os.environ.setdefault("ALLOWED_HOSTS", "example.gov.vn")
    os.environ.setdefault("BASE_URL", "https://example.gov.vn")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
