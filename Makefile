# Everything here works from a fresh clone with Python 3.11 or newer, git and make.
# All paths are relative, so the folder may have spaces in its name.

PY := .venv/bin/python

.PHONY: help setup run test check bench bench-quick lock clean

help:  ## what can be asked for
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.runtime  ## the environment only

run: .venv/.runtime  ## the demo wall, living, at the printed address
	exec $(PY) app.py

test: .venv/.dev  ## everything a clean machine can prove, browser and PostgreSQL included
	CHROMIUM="$$(sh setup/browser.sh)" && export CHROMIUM && exec $(PY) -m pytest

check: .venv/.dev  ## format, lint, types, layers, spelling, tests without a browser
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/codespell
	$(PY) -m pytest -m "not browser"

bench: .venv/.dev  ## every measurement of the budgets
	CHROMIUM="$$(sh setup/browser.sh)" && export CHROMIUM && exec $(PY) -m bench

bench-quick: .venv/.dev  ## the same rows, small: at most three minutes
	CHROMIUM="$$(sh setup/browser.sh)" && export CHROMIUM && exec $(PY) -m bench --quick

lock: .venv/.dev  ## choose versions anew; commit the two files
	.venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --extra parquet -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --extra parquet --extra dev -c requirements.lock -o requirements-dev.lock

clean:  ## the environment and what the tools left; not the data in var/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache bench/results tests/browser/shots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say that the environment holds what the lock file names; a newer lock file makes them stale.
.venv/.runtime: requirements.lock setup/environment.sh
	sh setup/environment.sh requirements.lock
	touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	sh setup/environment.sh requirements-dev.lock
	touch $@
