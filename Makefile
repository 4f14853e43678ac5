# Two commands: `make demo` and `make test`. Everything they need they install
# into .venv with pip; nothing is taken from elsewhere.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types unit sync reference campaigns clean wheel

help:  ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[all]" --group dev
	@touch $@

setup: $(STAMP)  ## Make .venv with everything in it

demo: setup  ## Run the main job on the local Strava
	$(BIN)/python examples/demo.py

sync:  ## Generate src/stravalib/_sync from _async
	$(BIN)/python tools/unasync.py

reference: setup  ## Write docs/reference from the docstrings
	$(BIN)/python tools/reference.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/unasync.py --check

types: setup
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 src
	$(BIN)/mypy --platform darwin src
	$(BIN)/pyright

unit: setup
	$(BIN)/python -m pytest -n auto

test: lint types unit  ## Lint, type checks, the whole test suite

campaigns: setup  ## The long campaigns: faults, kills, races, fuzz, mutations (hours)
	$(BIN)/python tests/campaigns/refresh_race.py
	$(BIN)/python tests/campaigns/kill_refresh.py --kills 200
	$(BIN)/python tests/campaigns/quota.py
	$(BIN)/python tests/campaigns/fault_matrix.py --seeds 20 --random 500
	$(BIN)/python tests/campaigns/kill_archive.py --kills 200
	$(BIN)/python tests/campaigns/fuzz_uploads.py --count 10000
	STRAVALIB_MUTATIONS=1000 $(BIN)/python -m pytest -q tests/formats/test_formats_hostile.py
	$(BIN)/python tests/campaigns/mutate.py

bench: setup  ## Side-by-side runs against peers from PyPI
	$(BIN)/python benchmarks/versus.py

wheel: setup  ## Build the wheel and the sdist
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
