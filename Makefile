# Two commands for a newcomer: `make run` and `make test`; `make check` for the minute between two commits. Each line below is a command a person could type.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 3
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 2

.PHONY: run test check lint bench lock clean

run: ## start everything in one process and print the links (PORT=, MEDIA=)
	@$(PYTHON) tools/prepare.py run
	@exec $(PYTHON) tools/foreground.py $(BIN)/tablee serve

test: ## every test, with real MongoDB, RabbitMQ, ffmpeg and Chromium (WORKERS= processes beside each other; the journeys alone, for they play video)
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/pytest $(PARALLEL) --durations=10 --ignore=tests/e2e
	$(BIN)/pytest --durations=10 tests/e2e

check: lint ## what is quick to know: style, types, the unit tests, the contracts that need no broker
	$(BIN)/pytest $(PARALLEL) --durations=10 --ignore=tests/contract/test_bus_rabbit.py tests/unit tests/contract

lint: ## style, types, scripts
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" node_modules/.bin/tsc -p tsconfig.json

bench: ## the figures, each a ratio measured in one run (ONLY= names of those alone)
	@$(PYTHON) tools/prepare.py dev
	$(BIN)/python -m bench $(ONLY)

LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-header --allow-unsafe
lock: ## write the lock files anew
	$(LOCK) --extra media -o requirements/serve.txt pyproject.toml
	$(LOCK) --extra media --extra embedded --extra web --extra build -o requirements/run.txt pyproject.toml
	$(LOCK) --extra media --extra embedded --extra web --extra build --extra dev -o requirements/dev.txt pyproject.toml

clean:
	rm -rf .venv node_modules web/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
