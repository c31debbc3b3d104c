# `make run` opens the window, `make test` runs every test; both prepare what they need.
# Variables: ARGS="…" is handed to the program; PYTHON=python3.12 picks the interpreter.

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; exit; }; \
	done; echo python3)

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
SAMPLE := resources/samples/desk-a.jpg resources/samples/desk-b.jpg

# The window tests start a private X server, which only exists for Linux and its relatives.
ifeq ($(shell uname -s),Darwin)
SELECT := -m "not x11"
endif

# What a person's shell says of Python is not meant for this environment.
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX

.DELETE_ON_ERROR:
.PHONY: help run test check bench samples clean

help:
	@echo 'make run      open the window on a sample pair   (ARGS="a.png b.png": on your own)'
	@echo 'make test     run every test                     (ARGS="-k align": some of them)'
	@echo 'make check    style, types and architecture'
	@echo 'make bench    measure how fast it is             (ARGS="…": see benchmarks)'
	@echo 'make samples  render the sample pictures again'
	@echo 'make clean    remove everything that was made'

run: $(VENV)/.ready-run
	@$(PY) scripts/check_system.py window
	@$(PY) -m cli $(or $(ARGS),$(SAMPLE))

test: $(VENV)/.ready-dev
	@$(PY) scripts/check_system.py test
	@$(PY) -m pytest $(SELECT) $(ARGS)

check: $(VENV)/.ready-dev
	@$(PY) scripts/check_system.py test
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m pytest -q tests/test_architecture.py

bench: $(VENV)/.ready-dev
	@$(PY) -m benchmarks $(ARGS)

samples: $(VENV)/.ready-run
	@$(PY) scripts/make_samples.py $(ARGS)

# A stamp says what was installed; it is older than pyproject.toml when that has changed since.
$(VENV)/.ready-run: pyproject.toml
	@$(PYTHON) scripts/check_system.py python
	@echo "Preparing $(VENV): this takes a minute, and only the first time."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready-run
	@echo "Adding what tests and checks need."
	@$(PIP) install --group test --group lint --group bench
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
