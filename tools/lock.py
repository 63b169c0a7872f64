"""Renew the locked lists with hashes, for every platform and every supported Python."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Compile both lists; pass `--upgrade` to take newer versions."""
    python = [sys.executable, "-m"]
    subprocess.run([*python, "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=True)
    for name in ("requirements", "requirements-dev"):
        command = [*python, "uv", "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt", "--quiet"]
        fixed = ["--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url"]
        subprocess.run(
            [*command, *fixed, "--custom-compile-command", "make lock", *sys.argv[1:]], cwd=ROOT, check=True
        )


if __name__ == "__main__":
    main()
