# The two commands of the README are `refresh` and `test`; both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

# Nothing about a run leaves the machine.
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export GX_ANALYTICS_ENABLED := false
# Every command starts faster from compiled modules.
export UV_COMPILE_BYTECODE := 1
export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: refresh test lint bench identity-report typology-report readings docs setup clean

refresh: setup
	$(BIN)/metaclusters refresh --profile sandbox

# In two processes, as two cores are the least that one can expect.
test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint warehouse/models -q

# Speed against DuckDB's own reader and a bare lxml loop; needs the real data beside the checkout.
bench: setup
	$(BIN)/python -m tests.bench.cordis

# How well organisations are recognised, and how that grows with the rows; needs the real data, takes some ten minutes.
identity-report: setup
	$(BIN)/python -m tests.bench.identity
	$(BIN)/python -m tests.bench.growth

# How well networks are classified; part of it needs the labelled examples beside the checkout.
typology-report: setup
	$(BIN)/python -m tests.bench.typology

# Fits the weights of words for the level of integration, and says how far that helps.
readings: setup
	$(BIN)/python -m tests.bench.readings

# The pages of the sources, from their registry entries.
docs: setup
	$(BIN)/python -m flows.source_pages

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null 2>&1 || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet 'uv>=0.9,<1'
	$(UV) sync --frozen --quiet --inexact --python $(BIN)/python
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache warehouse/target
