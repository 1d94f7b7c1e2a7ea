# `make demo` and `make test` each work as the first command on a fresh clone: they need Python 3.11 or later, make, and
# a network to the package index. Everything goes into .venv; nothing is installed outside of it.

VENV      ?= .venv
BIN       := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCHES   ?= startup many_steps digest stalls recording phases backfill drill
# the first of these that is 3.11 or later; PYTHON=/path/to/python overrides
PYTHONS   := python3 python python3.14 python3.13 python3.12 python3.11
# prints the interpreter itself, also where an activated .venv hides it
SUITABLE  := import sys; sys.version_info >= (3, 11) or sys.exit(1); print(getattr(sys, "_base_executable", sys.executable))
WORKERS   ?= logical
TESTS     ?= tests
VERSIONS  ?= 14 15 16 17 18
# comes with the demo's extra, and is what `make test` runs on
NEWEST    := 18

.DEFAULT_GOAL := help
.PHONY: help install demo drill migrate rollback verify status audit docs test lint typecheck check matrix torture contention bench lock clean

help: ## List the targets
	@echo "usage: make TARGET [VARIABLE=value]"
	@echo
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r target text; do \
	    printf '  %-10s %s\n' "$$target" "$$text"; \
	done
	@echo
	@echo "migrate, rollback, verify, status and audit work on the database of DATABASE_URL, or of libpq's variables"
	@echo "(PGSERVICE, PGHOST, ...); ARGS='...' adds options. make ends with 2 where the command fails; the command's"
	@echo "own exit code is in make's message (3 preflight, 4 verification, 5 locks, 6 drift)."

install: $(INSTALLED) ## Install the kit and its tools into .venv (production installs take the wheel instead)
	@echo "ready: $(BIN)/nxtgauge-migrate"

demo: $(INSTALLED) ## Carry a sample database through every phase, back, and forward again, on a throw-away server
	@$(BIN)/nxtgauge-migrate demo $(ARGS)

migrate: $(INSTALLED) ## Apply what is pending; PHASE=1 limits it to a phase, EXPAND_ONLY=1 leaves out what removes things
	@$(BIN)/nxtgauge-migrate apply $(or $(PHASE),all) $(if $(filter-out 0 no false,$(EXPAND_ONLY)),--expand-only) $(ARGS)

rollback: $(INSTALLED) ## Take a phase back: PHASE=1, 2, 3 or all; YES=1 doesn't ask
	@test -n "$(PHASE)" || { echo "make rollback: say which phase, e.g. make rollback PHASE=3" >&2; exit 2; }
	@$(BIN)/nxtgauge-migrate rollback $(PHASE) $(if $(filter-out 0 no false,$(YES)),--yes) $(ARGS)

verify: $(INSTALLED) ## Run the checks of what is applied; PHASE=1 limits it to a phase
	@$(BIN)/nxtgauge-migrate verify $(PHASE) $(ARGS)

status: $(INSTALLED) ## Show every step: pending, applied, drifted
	@$(BIN)/nxtgauge-migrate status $(ARGS)

audit: $(INSTALLED) ## Show what the audit finds in the database: every table with its state, each problem with its objects
	@$(BIN)/nxtgauge-migrate audit $(ARGS)

test: $(INSTALLED) ## Run the tests on throw-away servers; TESTS=tests/test_x.py limits them, LONG=1 adds the long ones, PG_BIN=... picks the PostgreSQL
	@$(BIN)/python -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal $(if $(LONG),,-m 'not long') $(TESTS) $(ARGS)

lint: $(INSTALLED) ## Check the layout of Python (ruff) and SQL (sqlfluff), and the forward files for unsafe DDL (squawk)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@! grep -rn --include='*.sql' '[[:blank:]]$$' sql || { echo "blanks at the end of these lines" >&2; exit 1; }
	@$(BIN)/sqlfluff lint --processes 0 --disable-progress-bar sql
	@$(BIN)/squawk --config .squawk.toml $$(find sql/phase[0-9]* -maxdepth 1 -name '*.sql' ! -name '*.rollback.sql' | sort)

typecheck: $(INSTALLED) ## Check the types (mypy --strict)
	@$(BIN)/mypy

check: lint typecheck ## What CI runs: lint, typecheck, all tests
	@$(MAKE) --no-print-directory test LONG=1

matrix: $(INSTALLED) ## Run the tests on PostgreSQL VERSIONS='14 15 16 17 18', downloaded into .servers; PG_BINS='DIR ...' takes others
	@for version in $(if $(PG_BINS),,$(filter-out $(NEWEST),$(VERSIONS))); do \
	    bin=$$($(BIN)/python -m tests.servers $$version) || exit 1; set -- "$$@" "$$bin"; \
	done; \
	for bin in "$$@" $(PG_BINS); do \
	    "$$bin/postgres" --version && $(MAKE) --no-print-directory test LONG=1 PG_BIN="$$bin" || exit 1; \
	done
	@$(if $(PG_BINS),true,$(if $(filter $(NEWEST),$(VERSIONS)),$(MAKE) --no-print-directory test LONG=1))

torture: $(INSTALLED) ## Strike runs of all phases at 280 moments and resume them, and at 120 and take them back; ARGS='--only 31' repeats one
	@$(BIN)/python -m torture crash $(or $(ARGS),--moments 280)
	@$(if $(ARGS),,$(BIN)/python -m torture crash --back --moments 120)

contention: $(INSTALLED) ## Send clients of every backend, and 16 runners at once, through all phases there and back
	@$(BIN)/python -m torture.contention $(ARGS)

bench: $(INSTALLED) ## Measure against other tools, psql and pg_dump into docs/benchmarks.md (hours); BENCHES=digest limits it, ARGS then only prints
	@for program in $(BENCHES); do $(BIN)/python -m bench.$$program $(or $(ARGS),--write) || exit 1; done

drill: $(INSTALLED) ## Rehearse every phase on a copy of the database, with proof; ARGS='--sample 1000 --report DIR' needs none
	@$(BIN)/nxtgauge-migrate drill $(or $(PHASE),all) $(ARGS)

docs: $(INSTALLED) ## Write docs/target_schema.md, old_to_new_mapping.md and migration_plan.md anew from the steps and the catalogue
	@$(BIN)/python -m docs.generate

lock: $(INSTALLED) ## Write requirements.lock anew (needs uv)
	@uv pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 --upgrade --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --output-file requirements.lock

clean: ## Remove .venv, .servers and the caches
	@rm -rf $(VENV) .servers build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.lock pyproject.toml
	@for candidate in $(or $(PYTHON),$(PYTHONS)); do \
	    python=$$("$$candidate" -c '$(SUITABLE)' 2>/dev/null) && break; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Python 3.11 or later is needed; tried: $(or $(PYTHON),$(PYTHONS)). Set PYTHON=/path/to/python." >&2; exit 1; \
	fi; \
	echo "installing into $(VENV), once ..."; \
	"$$python" -m venv --clear $(VENV) || { \
	    echo "$$python can't make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@{ command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock 2>/dev/null; } || \
	    $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
