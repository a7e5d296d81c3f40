# The same commands for people and for CI. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-setup faults faults-short soak soak-faults bench bench-short lint format fuzz audit sbom words pins page screenshots clients icons

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: .venv/run.stamp .env ## Set up what is missing, then start Roost (Ctrl-C stops it)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/honcho start || { code=$$?; [ $$code = 130 ] || [ $$code = 143 ] || exit $$code; }

# In the order of their names: files of few tests, which pytest-xdist would leave for the end, are the longest. A test that
# fails is tried again, twice at most: one of thousands may meet a busy machine. It is listed, as RERUN, to be mended.
test: test-setup ## Set up what is missing, then run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --reruns 2 -rR

faults: test-setup ## Harm the server in every way there is a test for (two hours)
	$(FAULTS) tests/faults -m fault --long

faults-short: test-setup ## The same in six minutes: what .ci/run takes
	$(FAULTS) tests/faults -m "fault and short"

soak: test-setup ## Forty minutes of mixed load (MINUTES=...)
	$(FAULTS) tests/faults/test_soak.py -m soak --minutes $(or $(MINUTES),40)

soak-faults: test-setup ## An hour of faults on PostgreSQL and Redis (MINUTES=...)
	$(FAULTS) tests/faults/test_f22_soak.py -m soak --minutes $(or $(MINUTES),60)

# Each takes longer than what a hanging test is given elsewhere.
FAULTS := $(BIN)/python -m pytest --timeout 0

bench: .venv/dev.stamp ## Measure Roost beside other servers (an hour; bench/README.md)
	$(BIN)/python -m bench

bench-short: .venv/dev.stamp ## The same in two minutes, with Node ws and a bare epoll loop alone
	$(BIN)/python -m bench --short

page: .venv/dev.stamp ## Measure the page in Chromium, by Lighthouse too (ten minutes; docs/page.md)
	$(BIN)/python -m page measure

screenshots: .venv/dev.stamp ## Take the pictures of every screen anew (docs/screens.md)
	$(BIN)/python -m page screenshots

clients: .venv/dev.stamp ## Take the pictures of the page, the terminal and the window anew (docs/clients.md)
	$(BIN)/python -m page clients

icons: .venv/dev.stamp ## Draw the icons of the app anew, from static/favicon.svg
	$(BIN)/python -m page icons

lint: .venv/dev.stamp ## Check style, types, layers and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

format: .venv/dev.stamp ## Write the code in the common style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: .venv/dev.stamp ## Give made-up input to all that reads what others send, a minute each (SECONDS=...)
	@for each in $(FUZZED); do $(BIN)/python -m pytest -p tests.support.fuzzing --hypothesis-profile fuzz -m hypothesis \
		--fuzz $(or $(SECONDS),60) --timeout 0 -q tests/$$each || exit; done

FUZZED := protocol/test_codec.py protocol/test_websocket.py protocol/test_length_prefix.py protocol/test_gateway.py \
	render/test_text.py render/test_markdown.py outbound/test_targets.py chat/test_search_query.py chat/test_imports.py

audit: | .venv/bin/python ## Look for known holes in what is pinned (asks PyPI; else says what that said last)
	@$(MAKE) --silent .venv-audit/stamp 2>/dev/null || :
	@$(BIN)/python -m scans.audit

sbom: .venv-audit/stamp ## Write down in sbom.json what is deployed (CycloneDX)
	@PYTHONWARNINGS=ignore .venv-audit/bin/cyclonedx-py requirements requirements.txt \
		--pyproject pyproject.toml --output-reproducible -o sbom.json

words: .venv/dev.stamp ## Bring the catalogues in locale/ up to date with the texts in the code
	$(BIN)/python -m words

pins: .venv/dev.stamp ## Take up newer versions of the libraries
	$(BIN)/uv pip compile $(PIN_OPTIONS) --upgrade requirements.in -o requirements.txt
	$(BIN)/uv pip compile $(PIN_OPTIONS) --upgrade requirements-sentry.in -o requirements-sentry.txt
	$(BIN)/uv pip compile $(PIN_OPTIONS) --upgrade requirements-s3.in -o requirements-s3.txt
	$(BIN)/uv pip compile $(PIN_OPTIONS) --upgrade requirements-terminal.in -o requirements-terminal.txt
	$(BIN)/uv pip compile $(PIN_OPTIONS) --upgrade requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile $(PIN_OPTIONS) --upgrade requirements-audit.in -o requirements-audit.txt

PIN_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make pins"

# --- set-up; a stamp is newer than what it was made from, so the second time nothing happens

test-setup: .venv/dev.stamp
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v chromium-headless-shell >/dev/null || missing="$$missing chromium-headless-shell"; \
	[ -n "$$TEST_POSTGRES" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
		|| missing="$$missing postgresql"; \
	[ -n "$$TEST_REDIS" ] || command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	command -v Xvfb >/dev/null || missing="$$missing xvfb"; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	$(BIN)/python -c 'import tkinter' 2>/dev/null || missing="$$missing python3-tk"; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing for the tests:$$missing ..."; \
		$(START_NOTHING); apt-get update -qq || :; \
		for package in $$missing; do \
			apt-get install -y -qq --no-install-recommends $$package >/dev/null \
				|| echo "$$package could not be installed: tests will be skipped, or take longer."; \
		done; \
	else echo "Tests will be skipped, or take longer. To mend that: sudo apt install$$missing"; fi

# The tests start their own servers, so apt shall start none: Debian asks this file.
POLICY := /usr/sbin/policy-rc.d
START_NOTHING := [ -e $(POLICY) ] || { trap "rm $(POLICY)" EXIT; \
	printf '\#!/bin/sh\nexit 101\n' >$(POLICY); chmod +x $(POLICY); }

.env:
	@cp .env.example .env && chmod 600 .env && echo "Made .env from .env.example"

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing what Roost runs on ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@echo "Installing what Roost is tested with ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv-audit/stamp: requirements-audit.txt | .venv/bin/python
	@$(BIN)/python -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 10 -r $<
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Roost needs Python 3.11 or newer; $(PYTHON) is not. Try: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null \
		|| { echo "Installing python3-venv ..."; apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is missing. Install it, then try again: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
