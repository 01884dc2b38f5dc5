# Frameapp's commands. `make help` lists them.

VENV ?= .venv
SECONDS ?= 300
ENTRIES ?= 1000000
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
COVERAGE = $(if $(ARGS),,PYTEST_PLUGINS=tests.coverage)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run dev test lint types format tests test-fast attack fuzz migration bench bench-core bench-render bench-feeds screenshots fonts doctor up up-dev logs down clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## serve the application in production mode on one port (Ctrl-C stops it)
	@exec $(BIN)/python -m frameapp serve

dev: $(VENV)/.installed ## the same with hot reload
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/reflex run

test: lint types tests ## everything that must pass: linters, types, all tests

lint: $(VENV)/.installed-dev ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev ## mypy
	$(BIN)/mypy

tests: $(VENV)/.installed-dev ## every test, and which lines they ran (ARGS="-k name" for some, ARGS="-n 0" in one process)
	$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.nginx
	$(COVERAGE) $(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

test-fast: lint types $(VENV)/.installed-dev ## the tests of less than two minutes: no browser, no PostgreSQL, no killed processes
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser and not slow and not postgresql" $(ARGS)

attack: $(VENV)/.installed-dev ## run the attacks at full size, on a quiet machine; prints each attack's figure and bound
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n 0 -m attack --attack-bounds $(ARGS)

format: $(VENV)/.installed-dev ## format every file
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.installed-dev ## search for feeds that break the reader, for SECONDS=300 (Linux)
	@$(INSTALL) atheris==3.0.0
	$(BIN)/python -m tests.core.feeds.fuzz -max_total_time=$(SECONDS)

migration: $(VENV)/.installed-dev ## write a migration for changed models: make migration NAME="what changes"
	$(BIN)/alembic revision --autogenerate -m "$(NAME)"

bench: $(VENV)/.installed-dev ## measure the whole application on 600 products
	@test "$$BROWSER" = 0 || $(BIN)/python -m tests.browser
	@$(BIN)/python -m benchmarks.main

bench-core: $(VENV)/.installed-dev ## measure rendering beside other libraries (PICTURES=folder for your own pictures)
	@$(BIN)/python -m benchmarks.core

bench-render: $(VENV)/.installed-dev ## measure the gain from a second core for the render command
	@$(BIN)/python -m benchmarks.scaling

bench-feeds: $(VENV)/.installed-dev ## measure parsing and rewriting feeds (ENTRIES=90000 for a smaller catalogue)
	@$(BIN)/python -m benchmarks.feeds --entries $(ENTRIES)

screenshots: $(VENV)/.installed-dev ## take the pictures of docs/images
	@$(BIN)/python -m tests.browser
	$(BIN)/python -m benchmarks.screenshots

fonts: $(VENV)/.installed ## download the face for Chinese, Japanese and Korean, which is too large to ship
	@$(BIN)/python -m frameapp fonts

doctor: $(VENV)/.installed ## check settings, database, Redis, storage and Node
	@$(BIN)/python -m frameapp doctor

up: .env ## start the containers of compose.yaml in the background, rebuilt (with nginx if .env enables it)
	docker compose up --detach --build --wait

up-dev: ## start containers with the source mounted and hot reload; Ctrl-C stops them
	docker compose --file compose.dev.yaml up --build

logs: ## follow the logs of the containers of `make up`
	docker compose --profile production logs --follow --tail 100

down: ## stop the containers of `make up`; their data stays
	docker compose --profile production down

.env:
	@echo "Copy .env.example to .env and fill in what its comments say production needs." >&2; exit 1

clean: ## remove the environment and the page build, keep the data
	rm -rf $(VENV) .web

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Frameapp needs Python 3.11 or newer; install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt constraints.txt | $(BIN)/python
	@echo "Installing what Frameapp needs into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(INSTALL) -r requirements-dev.txt
	@touch $@
