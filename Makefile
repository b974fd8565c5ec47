# Needs Python 3.11 or newer with pip and make; everything made lies inside this folder.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
CACHE := $(CURDIR)/.cache
SOURCES := $(wildcard src tests bench)
PYTEST_ARGS ?=
# Processes that share the tests.
WORKERS ?= auto

export PIP_CACHE_DIR ?= $(CACHE)/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HYPOTHESIS_STORAGE_DIRECTORY ?= $(CACHE)/hypothesis
export PYTEST_DEBUG_TEMPROOT ?= $(CACHE)/tmp
# Without bytecode every start compiles 500 files again: half a second. It lies in .venv and in ignored folders of src.
unexport PYTHONDONTWRITEBYTECODE

# The first of python3.11 and python3 that runs and is new enough; `make PYTHON=...` overrides.
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3; do $$p -c '$(IS_NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: review
review: $(VENV)/.run  ## the sample operator's capacity review packet, from nothing
	@test -e sample/hardgate.toml || $(BIN)/hardgate init --sample sample
	@$(BIN)/hardgate -C sample ingest
	@code=0; $(BIN)/hardgate -C sample review || code=$$?; \
	echo "hardgate review: exit code $$code" >&2; \
	case $$code in 0|3|4|5) ;; *) exit $$code ;; esac

.PHONY: test
test: $(VENV)/.run $(VENV)/.dev  ## the default tests (not slow, browser, bench or spark)
	@mkdir -p $(PYTEST_DEBUG_TEMPROOT)
	@$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

.PHONY: test-slow
test-slow: $(VENV)/.run $(VENV)/.dev  ## the tests marked slow
	@mkdir -p $(PYTEST_DEBUG_TEMPROOT)
	@$(BIN)/python -m pytest -n $(WORKERS) -m slow $(PYTEST_ARGS)

.PHONY: test-all
test-all: $(VENV)/.run $(VENV)/.browser chromium test-spark  ## every test, browser and Spark included, with branch coverage
	@mkdir -p $(PYTEST_DEBUG_TEMPROOT)
	@$(BIN)/python -m pytest -m "not spark$$(command -v chromium >/dev/null || echo ' and not browser')" -n $(WORKERS) --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

.PHONY: test-spark
test-spark: $(VENV)/.run java $(VENV)/.spark  ## every rollup on DuckDB and on Spark, row by row (minutes, and 320 MB to fetch)
	@mkdir -p $(PYTEST_DEBUG_TEMPROOT)
	@$(BIN)/python -m pytest -m spark $(PYTEST_ARGS) tests/spark

.PHONY: java
java:
	@if command -v java >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends openjdk-17-jre-headless >&2 && exit 0; \
	fi; \
	if [ -n "$${CI:-}" ]; then echo "make: java is missing and CI is set: the tests on Spark must run here" >&2; exit 1; fi; \
	echo "SKIP tests on Spark: java is missing (as root on Debian: apt-get install openjdk-17-jre-headless)" >&2

.PHONY: chromium
chromium:
	@if command -v chromium >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >&2 && exit 0; \
	fi; \
	if [ -n "$${CI:-}" ]; then echo "make: chromium is missing and CI is set: the browser tests must run here" >&2; exit 1; fi; \
	echo "SKIP browser tests: chromium is missing (as root on Debian: apt-get install chromium)" >&2

.PHONY: check
check: $(VENV)/.run $(VENV)/.dev  ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports --cache-dir $(CACHE)/import-linter

.PHONY: bench
bench: $(VENV)/.run $(VENV)/.bench  ## side-by-side benchmarks
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.allocation
	@$(BIN)/python -m bench.allocation_gangs
	@$(BIN)/python -m bench.programme

.PHONY: docs
docs: $(VENV)/.run  ## remake docs/reference, and what the commands of the pages print
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/consoles.py

.PHONY: lock
lock:  ## rewrite the lock files from pyproject.toml (UPGRADE=1 takes the newest versions)
	@command -v $(UV) >/dev/null || { echo "make: $(UV) not found; give its path: make lock UV=..." >&2; exit 1; }
	$(COMPILE) pyproject.toml --group build -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group browser -c requirements.txt -c requirements-dev.txt -o requirements-browser.txt
	$(COMPILE) --group bench -c requirements.txt -c requirements-dev.txt -o requirements-bench.txt
	$(COMPILE) --group spark --resolution lowest-direct -c requirements.txt -c requirements-dev.txt -o requirements-spark.txt
	@! grep -n '://' requirements*.txt || { echo "make: a lock file names an address (docs/adr/0001)" >&2; exit 1; }

UV ?= uv
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean:  ## remove all that make made: .venv, .cache, sample, build products
	rm -rf $(VENV) .cache sample build dist src/*.egg-info .coverage htmlcov .hypothesis .pytest_cache .mypy_cache .ruff_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: help
help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS=$$'\t' read -r target text; do printf 'make %-10s %s\n' "$$target" "$$text"; done

# The environment: one stamp a step, so that a second make starts at once.
# Debian's Python has no ensurepip without python3-venv: then the host's own pip (22.3 or newer) installs into the environment.
PIP = $$(test -e $(BIN)/pip && echo $(BIN)/python -m pip || echo $(PYTHON) -m pip --python $(BIN)/python)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: hardgate needs Python 3.11 or newer; found: $$(python3 --version 2>&1 || echo none). Give one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c '$(IS_NEW_ENOUGH)' || { echo "make: hardgate needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null && $(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --without-pip $(VENV)
	@$(PIP) --version >/dev/null || { rm -rf $(VENV); echo "make: no usable pip; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PIP) uninstall --quiet --yes setuptools 2>/dev/null  # Python 3.11 puts it there; nothing here uses it

# $(call install,LOCK): downloads first and installs from disk after, so that the two times are seen apart.
# Bytecode is written at first import only: compiling all of the packages would add 90 MB.
define install
	@wheels=$$(mktemp -d "$${TMPDIR:-/tmp}/hardgate-wheels.XXXXXX"); trap 'rm -rf "$$wheels"' EXIT; \
	start=$$SECONDS; \
	$(PIP) download --quiet --require-hashes --only-binary :all: --no-deps -d "$$wheels" -r $(1) >&2; \
	fetched=$$SECONDS; \
	$(PIP) install --quiet --require-hashes --only-binary :all: --no-deps --no-compile --no-index --find-links "$$wheels" -r $(1) >&2; \
	echo "$(1): downloaded in $$((fetched - start)) s, installed in $$((SECONDS - fetched)) s" >&2
endef

$(VENV)/.locked: requirements.txt | $(BIN)/python
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.run: pyproject.toml $(VENV)/.locked
	@$(PIP) install --quiet --no-deps --no-index --no-build-isolation -e . >&2
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.locked
	$(call install,requirements-dev.txt)
	@touch $@

$(VENV)/.browser: requirements-browser.txt $(VENV)/.dev
	$(call install,requirements-browser.txt)
	@touch $@

# PySpark is a source archive: its digest is checked like every other, and setuptools of the same lock, put there first, builds it.
$(VENV)/.spark: requirements-spark.txt $(VENV)/.dev
	@builds=$$(mktemp); trap 'rm -f "$$builds"' EXIT; \
	sed -n '/^setuptools==/,/# via/p' requirements-spark.txt > "$$builds"; \
	$(PIP) install --quiet --require-hashes --only-binary :all: --no-deps --no-compile -r "$$builds" >&2
	@$(PIP) install --quiet --require-hashes --only-binary :all: --no-binary pyspark --no-build-isolation --use-pep517 --no-deps --no-compile \
	    -r requirements-spark.txt >&2
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(call install,requirements-bench.txt)
	@touch $@
