# The commands of the project; `make` alone lists them. Each prepares what it needs by itself.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
WORKERS ?= auto
export PORT ENGINES REAL NOISE DOCUMENTS

ifeq ($(shell command -v $(PYTHON)),)
$(error Python 3.11 or newer is needed, but there is no $(PYTHON) on the PATH)
endif

venv = @$(PYTHON) tools/bootstrap.py
dev = @$(PYTHON) tools/bootstrap.py --dev
manage = $(venv) env DJANGO_SETTINGS_MODULE=config.settings.dev python manage.py

.DEFAULT_GOAL := help
.PHONY: help run setup demo worker index search-node test lint check search-quality bench bench-registration messages lock

help: ## list the commands
	@awk -F ':.*## ' '/^# ---/ {sub(/^# --- */, ""); print "\n" $$0} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

# --- Use
run: ## serve the sample site at http://localhost:8000 (PORT=8080 for another port)
	$(venv) python tools/run.py $(ARGS)
setup: ## virtual environment, packages for development, message catalogues
	$(dev) python tools/messages.py compile
demo: setup ## build or complete the sample site; nothing that editors changed is touched
	$(venv) python tools/sample.py
worker: ## work off the queued tasks (make run starts one by itself)
	$(manage) db_worker
index: ## build the search index anew
	$(manage) rebuild_index
search-node: ## run a real OpenSearch node until Ctrl-C (ARGS="--nodes 3" for a cluster); needs Maven
	$(dev) python deploy/search-node/search_node.py $(ARGS)

# --- Check
test: ## the whole test suite (ARGS="tests/news -k feed" for a part, WORKERS=3 processes)
	$(dev) python tools/messages.py compile
	$(dev) python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)
lint: ## ruff, mypy, import directions, missing migrations
	$(dev) ruff check .
	$(dev) ruff format --check .
	$(dev) mypy
	$(dev) lint-imports
	$(dev) env DJANGO_SETTINGS_MODULE=config.settings.test python manage.py makemigrations --check --dry-run
check: ## Django's own checks with the production settings
	$(dev) python tools/check.py
search-quality: ## what the search finds, by kind of question and engine (ENGINES="sqlite postgres" REAL=file NOISE=file)
	$(dev) env DJANGO_SETTINGS_MODULE=config.settings.dev python tools/search_quality.py $(ARGS)
bench: ## time and queries of each page of the sample site and of the search (DOCUMENTS=file: over those documents)
	$(venv) python tools/bench.py
bench-registration: ## 50 people register at once against an empty PostgreSQL (DATABASE_URL=postgres://…)
	$(dev) python tools/registration_bench.py $(ARGS)

# --- Keep up
messages: ## bring the Vietnamese catalogue up to date with the code
	$(dev) python tools/messages.py extract
lock: ## renew requirements.txt and requirements-dev.txt from the .in files
	$(dev) python tools/lock.py
