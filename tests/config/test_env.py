"""The environment: what is malformed, missing or misspelt stops the start with one sentence that names the variable."""

from pathlib import Path

import pytest

from config import env, parsers

GOOD = {"SECRET_KEY": "0123456789" * 6, "ALLOWED_HOSTS": "example.gov.vn"}


def load(**values: str) -> dict[str, object]:
    return env.load({**GOOD, **values}, dotenv=None)


def problem(**values: str) -> str:
    with pytest.raises(env.EnvironmentProblem) as caught:
        load(**values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://localhost/site", "must start with postgres://"),
        ("DATABASE_URL", "postgres://localhost", "names no database"),
        ("DATABASE_URL", "postgres:///site", "names no server"),
        ("DATABASE_URL", "postgres://localhost:abc/site", "is not a valid URL"),
        ("DATABASE_URL", "sqlite://", "needs a file"),
        ("SEARCH_URL", "http://localhost:9200", "must start with"),
        ("SEARCH_URL", "elasticsearch+http://", "names no server"),
        ("CACHE_URL", "memcached://localhost", "must start with"),
        ("CACHE_URL", "redis:///0", "names no server"),
        ("EMAIL_URL", "mail.example.gov.vn", "must start with"),
        ("EMAIL_URL", "smtp://", "names no server"),
        ("BASE_URL", "example.gov.vn", "must start with"),
        ("BASE_URL", "https://example.gov.vn/vi", "must be an address"),
        ("CSRF_TRUSTED_ORIGINS", "example.gov.vn", "must list origins"),
        ("PORT", "eight", "must be a port number"),
        ("PORT", "70000", "must be a port number"),
        ("WEB_PROCESSES", "0", "must be a whole number"),
        ("HTTPS_ONLY", "maybe", "must be 1 or 0"),
        ("ADMIN_PATH", "/", "must be a path"),
        ("EXTRA_LANGUAGES", "xx", "names the language xx"),
        ("LOG_LEVEL", "LOUD", "must be DEBUG"),
        ("SITE_PORTS", "8001", "must list pairs"),
        ("SECRET_KEY", "short", "at least 50 characters"),
        ("MEDIA_ROOT", " ", "must name a folder"),
    ],
)
def test_a_malformed_value_is_named_in_one_sentence(name: str, value: str, words: str) -> None:
    sentence = problem(**{name: value})
    assert sentence.startswith(f"{name} ")
    assert words in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("variable", [v for v in env.VARIABLES if v.default is None], ids=lambda v: v.name)
def test_a_required_variable_that_is_missing_is_named(variable: env.Variable) -> None:
    given = {name: value for name, value in GOOD.items() if name != variable.name}
    with pytest.raises(env.EnvironmentProblem, match=f"^{variable.name} is not set: "):
        env.load(given, dotenv=None)


@pytest.mark.parametrize(
    "name", ["DATABSE_URL", "DATABASE_URLS", "SECRTE_KEY", "ALLOWED_HOST", "SEARCHURL", "database_url"]
)
def test_a_misspelt_name_is_answered_with_the_right_one(name: str) -> None:
    assert "did you mean" in problem(**{name: "x"})


def test_an_unknown_name_with_our_prefix_is_refused() -> None:
    assert problem(S3_FOLDER="x").startswith("S3_FOLDER is not a variable of this program")


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "LANG", "HOSTNAME", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "POST", "PORTS"]
)
def test_other_programs_variables_are_left_alone(name: str) -> None:
    assert load(**{name: "x"})["PORT"] == 8000


def test_no_declared_name_is_near_another() -> None:
    names = [variable.name for variable in env.VARIABLES]
    assert [(a, b) for a in names for b in names if env.near(a, b)] == []


def test_dotenv_supplies_what_the_environment_lacks_and_is_strict(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('# comment\n\nPORT=9000\nEMAIL_FROM="a@example.gov.vn"\n', encoding="utf-8")
    values = env.load({**GOOD, "PORT": "9100"}, dotenv=file)
    assert (values["PORT"], values["EMAIL_FROM"]) == (9100, "a@example.gov.vn")
    file.write_text("COLOUR=red\n", encoding="utf-8")
    with pytest.raises(env.EnvironmentProblem, match=r"^COLOUR is not a variable"):
        env.load(GOOD, dotenv=file)
    file.write_text("PORT 9000\n", encoding="utf-8")
    with pytest.raises(env.EnvironmentProblem, match=r"^Line 1 of \.env"):
        env.load(GOOD, dotenv=file)


def test_the_embedded_database_queues_writers_instead_of_failing_them() -> None:
    entry = parsers.database("sqlite:///var/db.sqlite3")
    assert entry["NAME"] == str(parsers.ROOT / "var/db.sqlite3")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] >= 10
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]
    assert parsers.database("sqlite:////srv/site.db")["NAME"] == "/srv/site.db"


def test_a_postgresql_address_is_taken_apart() -> None:
    entry = parsers.database("postgres://an:p%40ss@db.example.gov.vn:5433/site?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "an", "p@ss", "db.example.gov.vn", "5433", "site",
    )  # fmt: skip
    assert entry["OPTIONS"] == {"sslmode": "require"}
    assert parsers.database("postgres:///site?host=/run/postgresql")["HOST"] == "/run/postgresql"


def test_the_other_servers_are_switched_by_their_address() -> None:
    mail = parsers.email("smtp+tls://thu%40xa:mk@mail.example.gov.vn")
    assert (mail["EMAIL_HOST_USER"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("thu@xa", 587, True)
    assert parsers.cache("redis://localhost:6379/1")["BACKEND"].endswith("RedisCache")
    values = load(
        SEARCH_URL="elasticsearch+https://an:mk@search.example.gov.vn:9200/bgm", EXTRA_LANGUAGES="sti"
    )
    search, languages = values["SEARCH_URL"], values["EXTRA_LANGUAGES"]
    assert isinstance(search, dict)
    assert search["default"]["URLS"] == ["https://an:mk@search.example.gov.vn:9200"]
    assert isinstance(languages, list)
    assert [code for code, _ in languages] == ["vi", "en", "sti"]
