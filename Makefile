# The two commands of the README are `make demo` and `make test`; each does all set-up first.
.PHONY: demo test setup setup-tests lint check soak schema accuracy
PY = .venv/bin/python
WORKERS ?= 2

demo: setup
	@rm -rf lumen
	@.venv/bin/stageway demo lumen

test: setup-tests
	$(PY) -m pytest -n $(WORKERS) -m "not soak"

setup:
	@bash scripts/setup.sh

setup-tests:
	@bash scripts/setup.sh --tests

lint: setup
	.venv/bin/ruff check src tests scripts
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache

check: lint test

soak: setup-tests
	$(PY) -m pytest -n $(WORKERS) -m soak

# The JSON schema of findings, generated from the dataclasses; a test holds it against the committed file.
schema: setup
	$(PY) scripts/make_schema.py

# docs/accuracy.md: how often the truth of simulated studies lies in the intervals, 500 studies a method.
accuracy: setup-tests
	$(PY) scripts/make_accuracy.py
