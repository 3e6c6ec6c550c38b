# Everything one does with a checkout. `make demo` and `make test` need nothing done before them.
PYTHON ?= python3
BIN := .venv/bin
BENCH := .venv-bench/bin
SETS ?= ../shared/data
export FLASK_APP := wsgi
DEMO := TACHAWOR_PROFILE=demo
SYSTEM := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-noto-core
# The word processor without its windows, unless there is one: apt would put it in the other's place.
WRITER := $(if $(wildcard /usr/lib/libreoffice/program/libswlo.so),,libreoffice-writer-nogui)
TEST_SYSTEM := $(SYSTEM) chromium poppler-utils $(WRITER)
PORT ?= 8000

.PHONY: demo serve test lint types rules unit i18n i18n-check bench bench-imports bench-letters bench-review bench-api bench-nlp bench-reports system test-system assets clean

## The demonstration: set up, load, analyse, publish, serve on 127.0.0.1:8000.
demo: .venv/.run-time system assets translations/.compiled
	@$(DEMO) $(BIN)/flask db upgrade
	@$(DEMO) $(BIN)/flask demonstration prepare --out out
	@$(DEMO) $(BIN)/flask demonstration serve --port $(PORT)

## Everything that must hold: lint, types, architecture, catalogs, tests on SQLite and on PostgreSQL.
test: .venv/.dev test-system assets translations/.compiled lint
	$(BIN)/pytest -n 2 --dist loadgroup
	@$(BIN)/python -m tests.on_postgresql

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint app --lint --quiet
	$(MAKE) --no-print-directory i18n-check

## Collect messages and bring the catalogs up to date.
i18n: .venv/.dev
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output --omit-header -k _l -k ngettext:1,2 -o translations/messages.pot app
	for lang in fr ar; do $(BIN)/pybabel -q update -i translations/messages.pot -d translations -l $$lang --no-fuzzy-matching --ignore-obsolete --no-wrap; done

## Fail when a message is missing from a catalog or not translated.
i18n-check: .venv/.dev
	$(BIN)/python -m bin.check_catalogs

## Every figure that this machine can tell without another environment: the stages below in turn.
bench: bench-road bench-imports bench-reports bench-letters bench-review

## Time and memory of each stage of the road on real text.
bench-road: .venv/.dev system assets translations/.compiled
	$(BIN)/python -m bench.road

## Time and memory of importing 10,000 and 100,000 rows, as CSV and as XLSX.
bench-imports: .venv/.dev
	$(BIN)/python -m bench.imports

## Seconds and SQL statements of 1,250 and 5,000 letters when an answer changes.
bench-letters: .venv/.dev translations/.compiled
	$(BIN)/python -m bench.letters

## The screens and decisions of the review at 50,000 passages, on SQLite and on PostgreSQL.
bench-review: .venv/.dev test-system assets translations/.compiled
	$(BIN)/python -m bench.workbench

## Many more examples against the description of the interface for programs.
bench-api: .venv/.dev
	TACHAWOR_API_EXAMPLES=500 $(BIN)/pytest -q tests/api/test_schema.py

## Pages, seconds and size of the report's files: INSTANCE=folder measures another one than the demonstration.
bench-reports: .venv/.dev system assets translations/.compiled
	$(BIN)/python -m bench.reports $(if $(INSTANCE),--instance $(INSTANCE))

## How well and how fast themes are found, beside other methods, in one run: docs/scorecard.md.
bench-nlp: .venv-bench/.ready
	$(BENCH)/python -m pytest -c /dev/null --rootdir . --noconftest -p no:cacheprovider -q tests/nlp/test_backends.py
	$(BENCH)/python -m bench.nlp_demo
	$(BENCH)/python -m nlp evaluate $(SETS) --speed 10000,100000,1000000

.venv/.run-time: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: .venv/.run-time requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv-bench/.ready: requirements.txt requirements-bench.txt
	$(PYTHON) -m venv .venv-bench
	$(BENCH)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

system:
	@bin/system-packages $(SYSTEM)

test-system:
	@bin/system-packages $(TEST_SYSTEM)

assets: app/static/fonts/.built app/static/vendor/.built

node_modules/.installed: package.json package-lock.json | .venv/.run-time
	bin/browser-assets
	@touch $@

app/static/fonts/.built: node_modules/.installed assets/fonts.py
	$(BIN)/python -m assets.fonts
	@touch $@

app/static/vendor/.built: node_modules/.installed assets/scripts.py
	$(BIN)/python -m assets.scripts
	@touch $@

translations/.compiled: $(wildcard translations/*/LC_MESSAGES/*.po) | .venv/.run-time
	$(BIN)/pybabel -q compile -d translations --use-fuzzy=false 2>/dev/null || $(BIN)/pybabel -q compile -d translations
	@touch $@

clean:
	rm -rf instance out app/static/fonts app/static/vendor node_modules .venv .venv-bench
