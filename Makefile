# make run: everything from a fresh clone to the page. make test: the same set-up, then the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_QUIET := -q --disable-pip-version-check --no-warn-script-location

.PHONY: setup run test test-all eval check lock

setup: $(VENV)/installed

$(VENV)/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: Python 3.11 or newer is needed, not " + sys.version.split()[0] + "; set PYTHON=python3.11")'
	@echo "installing the dependencies of requirements.lock into $(VENV) (some minutes, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install $(PIP_QUIET) -r requirements.lock 2>$(VENV)/pip.log || { cat $(VENV)/pip.log >&2; exit 1; }
	@touch $@

run: setup
	@$(BIN)/python -m index sync
	@$(BIN)/python app.py

test: setup
	@$(BIN)/python -m pytest -m "not browser"

test-all: setup
	@$(BIN)/python -m pytest

eval: setup
	@$(BIN)/python -m index sync --quiet
	@$(BIN)/python -m eval run

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

lock: setup
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade --quiet \
		--custom-compile-command "make lock" --output-file requirements.lock
