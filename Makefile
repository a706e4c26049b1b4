# Doorcast. `make help` lists the targets; each sets up .venv by itself.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUN := OMP_WAIT_POLICY=passive $(BIN)/

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check lint types arrows format messages gallery replay bench-100k bench-forecast bench-live bench-lookup bench-maps \
	bench-outputs bench-parcels bench-reasons bench-regime campaign-hostile lock clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-17s %s\n", $$1, $$2}'

# uv installs the locked, hashed requirements in seconds; where it cannot be had, pip does the same, slower.
define install
	@$(BIN)/python -m pip install -q uv 2>/dev/null || true
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
	 else $(BIN)/python -m pip install -q --require-hashes -r $(1); fi
endef

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e . 2>/dev/null || $(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	$(call install,requirements-dev.lock)
	@touch $@

setup: $(VENV)/runtime.stamp ## install what running needs into .venv

setup-dev: $(VENV)/dev.stamp ## install what testing needs into .venv

demo: setup ## simulate, train, serve on 127.0.0.1:8000 with live scans
	$(RUN)doorcast demo

test: setup-dev ## run the tests
	$(RUN)python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: lint types arrows ## lint, types and import arrows

lint: setup-dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev ## mypy, strict
	$(BIN)/mypy

arrows: setup-dev ## imports run one way
	$(BIN)/lint-imports

format: setup-dev ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup-dev ## bring the catalogs of the pages' languages up to date with the code
	$(BIN)/python -m maps.extract_messages

gallery: setup-dev ## take the README's pictures of every stage
	$(BIN)/python -m tests.campaigns.gallery

replay: setup ## measure on a simulated network how steady the shown windows are, and whether the parcel is where the map says
	$(RUN)doorcast replay --report stability
	$(RUN)doorcast replay --report position

campaign-hostile: setup-dev ## put hundreds of hostile texts into every field of every output, on the server and in the browser
	$(RUN)python -m tests.campaigns.hostile_text

bench-100k: setup-dev ## time 100,000 simulated shipments from files to a served model
	$(RUN)python tests/benchmarks/whole_road.py

bench-forecast: setup-dev ## forecast all real sets and a simulated one beside published results and plain models (about an hour); writes training/README.md
	$(RUN)python -m tests.benchmarks.forecast --write

bench-live: setup-dev ## time a scan until an open page shows it
	$(RUN)python -m tests.benchmarks.live_delay

bench-lookup: setup-dev ## time found against not found at the look-up page, and guess 100,000 numbers
	$(RUN)python -m tests.benchmarks.lookup_timing
	$(RUN)python -m tests.benchmarks.enumeration

bench-maps: setup-dev ## time a journey page beside the same journey made of plain folium markers and polylines
	$(RUN)python -m tests.benchmarks.map_speed

bench-outputs: setup-dev ## time a journey's pictures, calendar entry and schema.org
	$(RUN)python -m tests.benchmarks.journey_outputs

bench-parcels: setup-dev ## cover the last of several parcels, with and without what hangs together
	$(RUN)python tests/benchmarks/several_parcels.py

bench-reasons: setup-dev ## compare first reasons with the simulator's true causes
	$(RUN)python -m tests.benchmarks.reasons --seed 5

bench-regime: setup-dev ## shorten everything after the cut to 0.6 and compare online with frozen
	$(RUN)python -m tests.benchmarks.regime_shift ../shared/data/olist

lock: setup ## write the hashed requirement locks anew, without addresses
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header -q -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header -q --extra dev -o requirements-dev.lock pyproject.toml

clean: ## remove the environment and caches; the state in .doorcast stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
