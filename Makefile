# make start    set up, seed the sample workspace, open the board and the chat
# make test     set up what tests need, run them all
# make help     the rest

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
STUDIO := $(VENV)-studio/.installed
HOST   := 127.0.0.1
PORT   ?= 8000

export OMP_NUM_THREADS ?= 1
export TOKENIZERS_PARALLELISM ?= false

.PHONY: help start install test check gate demo docs benchmarks studio test-studio test-long test-ide screenshots browser counterparts clean

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

start: install  ## set up, seed the sample workspace, open the board and the chat
	@$(BIN)/greenroom sample
	@printf '\n  Open  http://%s:%s  for the board. In its chat, at /chat, try:\n\n' $(HOST) $(PORT)
	@printf '    Announce episode 41, The slow harbour\n    What did I say about tide tables?\n    help\n\n'
	@printf '  In another terminal:  . $(BIN)/activate   and then  greenroom --help\n\n'
	@$(BIN)/greenroom serve --port $(PORT)

install: $(STAMP)  ## set up only

define environment
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "Greenroom needs Python 3.11, 3.12 or 3.13 (make start PYTHON=python3.11)")'
	@test -x $(BIN)/python || { echo "Setting up .venv: about 2 GB, some minutes the first time …"; $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(1)]'
	$(BIN)/python -m memory.embedding.export
endef

$(STAMP): pyproject.toml constraints.txt
	$(call environment,evals)
	@touch $@

# What tests need holds all that users need: one installation, not two.
$(DEV): pyproject.toml constraints.txt
	$(call environment,dev)
	@touch $(STAMP) $@

browser:
	@scripts/install-browser

counterparts:
	@scripts/install-counterparts

test: $(DEV) browser counterparts  ## set up what tests need, run them all
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

test-long: $(DEV) browser counterparts  ## the races and sweeps of `make test` at their full length (opt-in)
	$(BIN)/python -m pytest -n 2 --dist loadgroup --long tests/races tests/publishing tests/evals $(ARGS)

test-ide: $(DEV)  ## the official Inspector and the conformance suite on `greenroom mcp` (needs npm)
	@PYTHON=$(BIN)/python scripts/test-ide

check: $(DEV)  ## ruff, mypy --strict, the import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

gate: install  ## hold the product against the last evaluation that was kept: nothing may have got worse
	@$(BIN)/greenroom eval gate --home $${GREENROOM_HOME:-.gate} --no-cache --out .gate/run

demo: install  ## the main job in the terminal, in a home of its own
	@$(BIN)/greenroom demo --home $${GREENROOM_HOME:-.demo}

docs: $(DEV)  ## write the parts of the docs that are drawn from the code
	$(BIN)/python scripts/write_docs.py

benchmarks: $(DEV)  ## measure anew and write docs/benchmarks.md (hours; ONLY=speed,calls some, ONLY=none only the page)
	$(BIN)/python scripts/make_benchmarks.py --only '$(ONLY)' $(if $(DATA),--data '$(DATA)')

studio: $(STUDIO)  ## open the graphs in LangGraph's own dev server, http://127.0.0.1:2024
	$(VENV)-studio/bin/langgraph dev --no-browser

test-studio: $(STUDIO) $(DEV)  ## test that it opens all three graphs (opt-in: it installs many packages)
	$(BIN)/python -m pytest tests/agent/test_langgraph_dev.py --studio

# The dev server brings many packages of other versions: it gets an environment of its own, over ours.
$(STUDIO): $(STAMP)
	$(PYTHON) -m venv $(VENV)-studio
	$(VENV)-studio/bin/python -c "import sysconfig, pathlib; pathlib.Path(sysconfig.get_path('purelib'), 'greenroom.pth').write_text('$(CURDIR)\n$(CURDIR)/' + '$(VENV)' + '/lib/python%d.%d/site-packages\n' % __import__('sys').version_info[:2])"
	$(VENV)-studio/bin/python -m pip install --quiet --disable-pip-version-check 'langgraph-cli[inmem]==0.4.40' 'langgraph-api==0.16.7'
	@touch $@

screenshots: $(DEV) browser  ## make the pictures of the docs
	$(BIN)/python scripts/screenshot.py
	$(BIN)/python scripts/take_screenshots.py

clean:  ## remove what was installed and built (never your workspace)
	rm -rf $(VENV) $(VENV)-studio .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .demo .counterparts
