# Everything runs in .venv, made from the project's own files. PYTHON names a Python 3.11 or newer.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ENGINES := .venv-engines/bin

.PHONY: demo test check test-browser test-engines bench validate docs pictures clean help

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /: /'

.venv/made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/user: .venv/made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: .venv/user requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.venv/browser: .venv/dev requirements-browser.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-browser.txt
	touch $@

demo: .venv/user ## judge our own samples with an embedded judge: offline, no key
	$(BIN)/python judgemark.py --judge-model baseline:lexical

test: .venv/dev ## all tests; those that need a browser or an engine say so and are skipped without
	$(BIN)/python -m pytest -n 2 -rs

check: .venv/dev ## style, types, and whether generated files are as their makers make them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.make_samples --check
	$(BIN)/python -m tools.make_prompts --check
	$(BIN)/python -m tools.readme_help --check

test-browser: .venv/browser build/axe/installed ## the pages in headless Chromium
	AXE_CORE=build/axe/node_modules/axe-core/axe.min.js $(BIN)/python -m pytest -m browser tests/browser

build/axe/installed:
	mkdir -p build/axe
	if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --no-save --prefix build/axe axe-core@4; fi
	touch $@

.venv-engines/made: requirements-engines-cpu.txt requirements.txt
	$(PYTHON) -m venv .venv-engines
	$(ENGINES)/python -m pip install --quiet --disable-pip-version-check -r requirements-engines-cpu.txt
	$(ENGINES)/python -m pip uninstall --quiet --yes torchvision torchaudio torchcodec
	touch $@

test-engines: .venv-engines/made ## vLLM and transformers on the CPU, with a judge made on the spot
	$(ENGINES)/python -m pytest -m engines tests/engines

bench: .venv/dev ## speed and memory against their bounds; on a quiet machine
	$(BIN)/python -m benchmarks.run_all

validate: .venv/dev ## the intervals and the null against simulations (minutes); writes docs/validation.md
	$(BIN)/python -m benchmarks.validate

docs: .venv/dev ## the generated parts of the README
	$(BIN)/python -m tools.readme_help

pictures: .venv/dev ## the pictures of the README (Debian's chromium)
	$(BIN)/python -m tools.make_pictures

clean: ## remove what make made; runs stay
	rm -rf .venv .venv-engines build .pytest_cache .mypy_cache .ruff_cache .hypothesis
