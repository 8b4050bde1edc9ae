# Everything a user or developer runs. `make demo` and `make test` need git, make and Python 3.11 or newer, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo test slow check format lint types review docs picture lock corpus releases bench removed-loads counts verdicts soak webhooks clean help
.DEFAULT_GOAL := help

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

# The lock file says what is installed; a change of it or of pyproject.toml installs anew.
$(STAMP): requirements/dev.txt pyproject.toml
ifneq ($(UV),)
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $@

demo: $(STAMP)  ## the main job: the App reviews a pull request of the examples on a stand-in GitHub
	$(BIN)/rubricate demo

test: $(STAMP)  ## the tests, but for the slow ones of the App
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow" $(TESTS)

slow: $(STAMP)  ## the tests of the App's reviews from end to end, many times over (ten minutes)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m slow $(TESTS)

check: format lint types test  ## what a developer runs before a commit

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m checks.docs --check

types: $(STAMP)
	$(BIN)/mypy

HEAD ?= HEAD
review: $(STAMP)  ## review any local repository: REPO=path BASE=rev [HEAD=rev]
	@test -n "$(REPO)" -a -n "$(BASE)" || { echo "usage: make review REPO=path BASE=rev [HEAD=rev]" >&2; exit 2; }
	$(BIN)/rubricate review --repo "$(REPO)" --base "$(BASE)" --head "$(HEAD)"

picture: $(STAMP)  ## draw the README's picture of a review anew (needs chromium)
	$(BIN)/python -m docs.draw_picture docs/review.png

docs: $(STAMP)  ## write docs/rules/ from the rules
	$(BIN)/python -m checks.docs

# What is installed where: dev.txt by `make`, action.txt by the Action, app.txt by the image. The latter two take the
# versions that the tests ran with. `make lock UPGRADE=--upgrade` takes newer ones.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml
lock: $(STAMP)  ## write the lock files anew
	$(LOCK) $(UPGRADE) --all-extras --group dev --output-file requirements/dev.txt
	$(LOCK) --extra action --constraint requirements/dev.txt --output-file requirements/action.txt
	$(LOCK) --extra bot --constraint requirements/dev.txt --output-file requirements/app.txt

corpus: $(STAMP)  ## hold the lowering of newer syntax against Python's own parser over all code at hand (ten minutes)
	RUBRICATE_TREES=all $(BIN)/python -m pytest -q -p no:xdist tests/engine/test_lowering_corpus.py

releases: $(STAMP)  ## scan large public projects, review one release of each against the one before (fetches wheels)
	$(BIN)/python -m benchmarks.releases $(NAMES)

bench: $(STAMP)  ## measure scans and reviews beside the floor and other tools (fetches wheels): ARGS="--without semgrep ..."
	$(BIN)/python -m benchmarks.bench $(ARGS)

removed-loads: $(STAMP)  ## how many deleted eager loads reviews of real projects report (fetches wheels): ARGS=--missed
	$(BIN)/python -m benchmarks.removed_loads $(ARGS)

counts: $(STAMP)  ## count the findings in real projects anew, and say what changed (fetches wheels): ARGS=--check
	$(BIN)/python -m benchmarks.counts $(ARGS)

verdicts: $(STAMP)  ## what share of those findings deserved a comment: ARGS="merge FOLDER" takes in what was judged
	$(BIN)/python -m benchmarks.verdicts $(or $(ARGS),shares)

soak: $(STAMP)  ## kill the App at random under faults, on SQLite and on PostgreSQL (an hour): SEED=1 SHARE=1.0
	RUBRICATE_SOAK=$(or $(SHARE),1) RUBRICATE_SOAK_SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q -s -p no:xdist tests/soak

webhooks: $(STAMP)  ## measure how fast deliveries are taken and reviewed (ten minutes): ARGS="acknowledge throughput latency"
	$(BIN)/python -m benchmarks.webhooks $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache build dist
