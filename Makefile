# Everything runs in .venv, which the first target that needs it makes. GNU Make 3.81 or later.

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

.PHONY: help run serve test check bench shots clean

help:
	@echo "make run     start Convoscope on http://127.0.0.1:5000"
	@echo "make serve   serve a classroom on the local network, and print the address"
	@echo "make test    run every test, a real browser included"
	@echo "make check   lint, formatting, types of the Python and of the JavaScript"
	@echo "make bench   measure the figures of the README and write them into it"
	@echo "make shots   photograph every page into shots/"
	@echo "make clean   remove what the targets above have made"

run: $(RUNTIME)
	@exec $(BIN)/python -m cnn_server $(ARGS)

# Its pages are bundled where esbuild is installed already.
serve: $(RUNTIME)
	@$(BIN)/python -m scripts.bundle
	@exec env CONVOSCOPE_BUNDLE_DIR=build/bundled $(BIN)/python -m cnn_server.serve $(ARGS)

# Bytecode is kept, whatever the environment says: tests start Python over and over.
test: $(DEVELOPMENT)
	@$(BIN)/python -m scripts.ensure_browser
	@$(BIN)/python -m scripts.ensure_redis
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: $(DEVELOPMENT)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy & types=$$!; \
	$(BIN)/python -m scripts.check_static; scripts=$$?; \
	wait $$types && exit $$scripts

bench: $(DEVELOPMENT)
	@$(BIN)/python -c 'import torch' 2>/dev/null || $(BIN)/python -m pip install --quiet -e '.[bench]'
	@$(BIN)/python -m scripts.ensure_browser
	$(BIN)/python -m benchmarks --write

shots: $(DEVELOPMENT)
	@$(BIN)/python -m scripts.ensure_browser
	$(BIN)/python -m scripts.shots $(ARGS)

clean:
	rm -rf $(VENV) node_modules shots dist build .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): pyproject.toml | $(BIN)/pip
	@echo "Installing what Convoscope needs into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(DEVELOPMENT): pyproject.toml | $(BIN)/pip
	@echo "Installing what the tests and checks need into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(RUNTIME)

# PYTHON=/path/to/python chooses another one.
$(BIN)/pip:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if command -v $$python >/dev/null 2>&1 && \
			$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "Making $(VENV) with `$$python --version` ($$python)"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Convoscope needs Python 3.11 or later, and none was found as python3 or python." >&2; \
	echo "Install one, or name one: make PYTHON=/path/to/python run" >&2; \
	exit 1
