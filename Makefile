# Upstream. `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint check lock clean

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)

ifdef UV
  MAKE_VENV = $(UV) venv --quiet --seed --python $(PYTHON) $(VENV)
  INSTALL = $(UV) pip install --quiet --python $(PY) --require-hashes -r
else
  MAKE_VENV = $(PYTHON) -m venv $(VENV)
  INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r
endif

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Upstream needs Python 3.11 or newer; set PYTHON=/path/to/it." >&2; exit 1; }
	@$(MAKE_VENV)

$(VENV)/.runtime: requirements.txt $(PY)
	@$(INSTALL) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@$(INSTALL) requirements-dev.txt
	@touch $@

setup: $(VENV)/.runtime ## Prepare the environment in .venv with the locked dependencies

run: setup ## Prepare everything, start site, worker and beat; Ctrl-C stops it
	@$(PY) manage.py migrate --no-input --verbosity 0
	@$(PY) manage.py seed --if-empty
	@$(PY) manage.py import_opml fixtures/feeds.opml --if-empty
	@$(PY) manage.py collectstatic --no-input --verbosity 0
	@exec $(PY) -m kb.serve

test: $(VENV)/.dev lint ## Run every check and test
	@$(PY) -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev ## Run the checks alone: style, types, layers, templates
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-cache
	@$(VENV)/bin/djlint --quiet --lint templates

lock: ## Renew the locked dependencies (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean: ## Remove the environment and everything under var/
	@rm -rf $(VENV) var
