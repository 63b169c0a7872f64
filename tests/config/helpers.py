"""Starting the program in a process of its own, with an environment that holds nothing but what a test gives it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-for-tests-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789"
PRODUCTION = {"SECRET_KEY": SECRET, "ALLOWED_HOSTS": "example.gov.vn", "BASE_URL": "https://example.gov.vn"}


def start(code: str, settings: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python code under a settings module; warnings are errors there too."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": settings,
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
