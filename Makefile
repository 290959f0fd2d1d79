# The verbs of this project. Each installs what it needs into .venv first; PYTHON=python3.12 chooses another Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := cli.py $(wildcard agents/*.py envs/*.py renders/*.py training/*.py)
# A strict editable install links every file by name: a new, renamed or deleted one needs the install again.
NAMES := $(shell ls $(SOURCES) $(wildcard */assets/*) 2>/dev/null | cksum | cut -d' ' -f1)
DEPENDENCIES := $(VENV)/.dependencies
INSTALLED := $(VENV)/.installed-$(NAMES)

.PHONY: help install demo test check bench format tune-rules clean

help:
	@echo "make demo        install, train a policy, compare it with every rule, draw it: about 10 minutes, into demo/"
	@echo "make test        install and run every test"
	@echo "make check       ruff, mypy and the import contracts"
	@echo "make bench       speed on this machine"
	@echo "make format      put the sources into the house format"
	@echo "make tune-rules  tune the free numbers of the coaching rules again"
	@echo "make clean       remove what these verbs made, .venv included"

$(DEPENDENCIES): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --progress-bar on -c constraints.txt setuptools
	$(BIN)/pip install --progress-bar on -c constraints.txt --no-build-isolation -e '.[train,report,dev]'
	@touch $@

$(INSTALLED): $(DEPENDENCIES)
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.installed-*
	@touch $@

install: $(INSTALLED)

test: $(INSTALLED)
	$(BIN)/pytest -n 2

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED)
	$(BIN)/backpost bench

tune-rules: $(INSTALLED)
	$(BIN)/backpost tune-rules

clean:
	rm -rf $(VENV) build dist *.egg-info demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
