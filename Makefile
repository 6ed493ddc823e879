# Everything runs in .venv, made from the project's own files. PYTHON names a Python 3.11 or newer.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ENGINES := .venv-engines/bin
# Python keeps what it compiled even where the environment says otherwise, as images of containers
# do: the tests start it often, and compiling the tests anew takes each of two workers many seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check coverage test-replay test-slow test-reliability soak test-install test-browser test-engines requirements lock audit bench validate docs pictures clean help

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /: /'

.venv/made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/user: .venv/made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

# The tests and checks run with exactly the versions, and the files, that the lock names.
.venv/dev: .venv/made requirements-lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-lock.txt
	touch $@

demo: .venv/user ## judge our own samples with an embedded judge: offline, no key
	$(BIN)/python judgemark.py --judge-model baseline:lexical

test: .venv/dev ## all tests but the long replay; what needs a browser or an engine is skipped without
	$(BIN)/python -m pytest -n 2 --dist worksteal -rs

test-replay: .venv/dev ## 960 real pieces and replies of ../shared through the real command
	$(BIN)/python -m pytest -m replay -rs tests

test-slow: .venv/dev ## simulations and makers of files that take seconds
	$(BIN)/python -m pytest -n 2 -rs -m slow tests

test-reliability: .venv/dev ## kills, full disks and mutated files: nothing lost, nothing doubled
	$(BIN)/python -m pytest -n 2 -m reliability tests/reliability

soak: .venv/dev ## slow tests with large or very many inputs (minutes)
	$(BIN)/python -m pytest -n 2 -m soak

# Each process of the tests writes a file of its own; those of the engine tests are taken in.
coverage: .venv/dev ## the branches that the tests take, against the bound of each package
	mkdir -p build/coverage
	rm -f build/coverage/data*
	$(BIN)/coverage run -m pytest -n 2 -m "not replay and not soak and not reliability and not browser and not engines and not installed"
	$(BIN)/coverage combine --quiet --keep build/coverage/data.* $(wildcard build/coverage/engines)
	$(BIN)/coverage json --quiet -o build/coverage/coverage.json
	$(BIN)/python -m tools.check_coverage build/coverage/coverage.json

check: .venv/dev ## style, types, and whether generated files are as their makers make them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.make_samples --check
	$(BIN)/python -m tools.make_prompts --check
	$(BIN)/python -m tools.make_requirements --check
	$(BIN)/python -m tools.cli_docs --check
	$(BIN)/python -m tools.figure_table --check

# Installed as a user does it: the wheel, by the ranges that it declares, in a fresh environment.
test-install: .venv/dev ## the wheel in a fresh environment, used from another folder
	rm -rf build/install
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w build/install/wheel .
	$(PYTHON) -m venv build/install/venv
	build/install/venv/bin/python -m pip install --quiet --disable-pip-version-check build/install/wheel/*.whl
	build/install/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	INSTALLED=build/install $(BIN)/python -m pytest -m installed tests/installed

test-browser: .venv/dev build/axe/installed ## the pages in headless Chromium
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
	mkdir -p build/coverage
	COVERAGE_FILE=build/coverage/engines $(ENGINES)/coverage run --rcfile=/dev/null --branch --source=judgemark -m pytest -m engines tests/engines

requirements: .venv/dev ## the requirements files, from pyproject.toml
	$(BIN)/python -m tools.make_requirements

.venv-lock/made:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	touch $@

lock: .venv/dev .venv-lock/made ## pin what the tests and checks install, with hashes
	PATH="$(CURDIR)/.venv-lock/bin:$$PATH" $(BIN)/python -m tools.make_requirements --lock

.venv-audit/made:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	touch $@

audit: .venv-audit/made ## known vulnerabilities of what the lock names; asks a database on the network
	.venv-audit/bin/pip-audit --requirement requirements-lock.txt --require-hashes --disable-pip

bench: .venv/dev ## speed and memory against their bounds; on a quiet machine
	$(BIN)/python -m benchmarks.run_all

validate: .venv/dev ## figures against simulated judges of known truth (hours; can be stopped and resumed); writes docs/validation.md
	$(BIN)/python -m benchmarks.validate

docs: .venv/dev ## the generated pages and tables of docs/
	$(BIN)/python -m tools.cli_docs
	$(BIN)/python -m tools.figure_table
	$(BIN)/python -m tools.run_notebook

pictures: .venv/dev ## the pictures of the README (Debian's chromium)
	$(BIN)/python -m tools.make_pictures

clean: ## remove what make made; runs stay
	rm -rf .venv .venv-engines .venv-lock .venv-audit build .pytest_cache .mypy_cache .ruff_cache .hypothesis
