"""Each settings module loads in a process of its own, strict and complete."""

import pytest

from tests.config.helpers import PRODUCTION, start

SETUP = "import django; django.setup(); from django.conf import settings; "


@pytest.mark.parametrize(
    ("module", "variables"),
    [
        ("production", PRODUCTION),
        ("dev", {}),
        ("test", {}),
        (
            "production",
            {
                **PRODUCTION,
                "DATABASE_URL": "postgres://u:p@localhost/site",
                "CACHE_URL": "redis://localhost:6379/0",
            },
        ),
        ("production", {**PRODUCTION, "SEARCH_URL": "elasticsearch+http://localhost:9200/site"}),
        ("production", {**PRODUCTION, "SEARCH_URL": "opensearch+http://localhost:9200/site"}),
        ("production", {**PRODUCTION, "S3_BUCKET": "media", "S3_PUBLIC_URL": "https://media.example.gov.vn"}),
        ("dev", {"EXTRA_LANGUAGES": "sti"}),
    ],
)
def test_settings_load(module: str, variables: dict[str, str]) -> None:
    code = SETUP + (
        "from django.core.cache import cache; from django.core.files.storage import default_storage; "
        "from wagtail.search.backends import get_search_backend; from django.urls import get_resolver; "
        "default_storage.exists; get_search_backend(); get_resolver().url_patterns; print(settings.DEBUG)"
    )
    done = start(code, f"config.settings.{module}", **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"


def test_deploy_check_is_clean() -> None:
    code = (
        "import sys; sys.argv=['manage.py', 'check', '--deploy', '--fail-level', 'WARNING']; "
        "from django.core.management import execute_from_command_line as run; run(sys.argv)"
    )
    done = start(code, "config.settings.production", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"ALLOWED_HOSTS": "example.gov.vn"},
            "SECRET_KEY is not set: long random text that signs sessions and links.",
        ),
        ({**PRODUCTION, "PORT": "x"}, "PORT must be a port number from 1 to 65535."),
        (
            {**PRODUCTION, "DATABSE_URL": "x"},
            "DATABSE_URL is not a variable of this program; did you mean DATABASE_URL?",
        ),
        (
            {**PRODUCTION, "DEBUG": "1"},
            "DEBUG must be 0 in production: a traceback shows secrets to visitors.",
        ),
    ],
)
def test_a_wrong_environment_ends_the_start_with_one_sentence(
    variables: dict[str, str], sentence: str
) -> None:
    done = start(SETUP, "config.settings.production", **variables)
    assert done.returncode == 1
    assert done.stderr.strip() == sentence


def test_s3_files_are_allowed_by_the_content_security_policy() -> None:
    code = SETUP + (
        "from config.middleware import ContentSecurityPolicyMiddleware as M; "
        "print(M(lambda r: None).public, settings.MEDIA_URL)"
    )
    variables = {**PRODUCTION, "S3_BUCKET": "media", "S3_PUBLIC_URL": "https://media.example.gov.vn"}
    done = start(code, "config.settings.production", **variables)
    assert "img-src 'self' data: https://media.example.gov.vn;" in done.stdout
    assert done.stdout.strip().endswith(" https://media.example.gov.vn/")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({**PRODUCTION, "WEB_PROCESSES": "many"}, "WEB_PROCESSES must be a whole number of at least 1."),
        ({**PRODUCTION, "SECRET_KEY": "abc"}, "SECRET_KEY must be random text of at least 50 characters."),
    ],
)
def test_the_server_says_once_what_is_wrong_and_ends(variables: dict[str, str], sentence: str) -> None:
    code = "import sys; sys.argv=['gunicorn', 'config.wsgi']; from gunicorn.app.wsgiapp import run; run()"
    done = start(code, "config.settings.production", **variables)
    assert done.returncode == 1
    assert done.stderr.strip() == sentence
