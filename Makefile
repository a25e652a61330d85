# Everything one does here. 'make help' lists it; nothing but make and Python 3.10 or newer is needed.

PYTHON ?= python3
VENV := .venv
# tests start hundreds of processes: without bytecode on the disk, each of them compiles cfngen anew
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
SAMPLES := $(shell sed -n 's/^ *slug="\(.*\)",/\1/p' cfngen/stacks/samples/catalog.py)
TEMPLATES := $(SAMPLES:%=templates/%.yaml)
BENCHMARKS := same_document startup samples declared growth problems relint reading holes execution graph diff demo sdk_actions sdk_types
LISTED_APIS := botocore-1.43.120-py3-none-any.whl
TEMPLATE ?= templates/batch-job-notification.yaml
PYTHONS := 3.10 3.11 3.12 3.13 3.14
# what is imported is compiled then: most of what is installed never is
INSTALL = pip install --quiet --disable-pip-version-check --no-compile --config-settings editable_mode=compat $(UPGRADE)

AGAINST = bin/python -m pytest -n auto --dist worksteal
PYTEST = $(VENV)/$(AGAINST)
# markers of tests/rings.py: what takes more than Python or long, what is not quick, what old API models may lack
FOR_CI := browser or npm or index or long
NOT_QUICK := emulator or slow
QUICK := not ($(NOT_QUICK) or $(FOR_CI))
MAY_LACK := models
RING = -m 'not ($(FOR_CI))'
EXAMPLES := long
DEV_AND_BENCH := dev,bench
LINT_AND_LOCAL := lint,local
NEWEST := --upgrade --upgrade-strategy eager
# the rooms that meet packages of others most
MEETING := tests/apis tests/audit tests/cli tests/stacks tests/template

.DEFAULT_GOAL := help
.PHONY: help template quick test test-ci test-lowest test-newest test-all coverage lint types format format-check goldens \
	arguments sdk-table checkov font docs docs-links examples check bench bench-short figures recorded mutants demo fuzz deploy release-check clean

help: ## Print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# the stamps are newer than setup.cfg once it is installed, so that a second run installs nothing
define install
$(BIN)/$(INSTALL) --editable '.[$(1)]'
@$(BIN)/python -m compileall -q cfngen
@touch $@ $(2)
endef

$(VENV)/installed: setup.cfg pyproject.toml | $(BIN)/python
	$(call install,lint)

$(VENV)/installed-dev: setup.cfg pyproject.toml | $(BIN)/python
	$(call install,dev,$(VENV)/installed)

$(VENV)/installed-bench: setup.cfg pyproject.toml | $(BIN)/python
	$(call install,$(DEV_AND_BENCH),$(VENV)/installed $(VENV)/installed-dev)

# what AWS's APIs were on the day of the newest list of actions, which benchmarks/sdk_actions.py counts apart
$(VENV)/$(LISTED_APIS): setup.cfg
	$(BIN)/pip download --quiet --no-deps --dest $(VENV) botocore==$(word 2,$(subst -, ,$(LISTED_APIS)))
	@touch $@

$(VENV)/installed-demo: setup.cfg pyproject.toml | $(BIN)/python
	$(call install,$(LINT_AND_LOCAL),$(VENV)/installed)

template: $(VENV)/installed ## Write the templates, lint them, and say how to deploy them
	@for sample in $(SAMPLES); do $(BIN)/cfngen template $$sample -o templates/$$sample.yaml || exit; done
	@$(BIN)/cfngen lint $(TEMPLATES) --regions all
	@echo "cfn-lint has nothing to say about them, in any region."
	@echo "To deploy the first: make deploy STACK=my-batch-jobs"
	@echo "To deploy the other: make deploy STACK=my-batch-jobs TEMPLATE=templates/batch-job-notification-fargate.yaml"

demo: $(VENV)/installed-demo ## Deploy and run the sample on this machine: make demo [DEMO='--fail "Submit Batch Job"']
	$(BIN)/cfngen demo $(DEMO)

quick: $(VENV)/installed-dev ## Run the tests that need nothing but Python and are fast: less than a minute
	$(PYTEST) -m '$(QUICK)' $(PYTEST_ARGS)

test: $(VENV)/installed-dev ## Run all tests that need nothing but Python: less than four minutes
	$(PYTEST) $(RING) $(PYTEST_ARGS)

test-ci: ## Run all tests, also those with a browser, npm and a package index, with many examples: make test-ci [EXAMPLES=seeded]
	CI=true $(MAKE) --no-print-directory test RING='--hypothesis-profile=$(EXAMPLES)'

.venv-lowest/installed: setup.cfg tools/lowest.py
	$(PYTHON) -m venv .venv-lowest
	$(PYTHON) tools/lowest.py > .venv-lowest/constraints.txt
	.venv-lowest/bin/$(INSTALL) --constraint .venv-lowest/constraints.txt --editable '.[test]'
	@touch $@

test-lowest: .venv-lowest/installed ## Run quick tests with the lowest versions that setup.cfg allows: make test-lowest [MEETING=tests]
	.venv-lowest/$(AGAINST) -m 'not ($(MAY_LACK)) and $(QUICK)' $(MEETING) $(PYTEST_ARGS)

test-newest: ## Run quick tests with the newest versions that there are: make test-newest [MEETING=tests]
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/$(INSTALL) $(NEWEST) --editable '.[test]'
	.venv-newest/$(AGAINST) -m '$(QUICK)' $(MEETING) $(PYTEST_ARGS)

coverage: $(VENV)/installed-dev ## Measure which branches the quick tests take; fewer than setup.cfg says is a failure
	@rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest -n auto --dist worksteal -m '$(QUICK)' $(PYTEST_ARGS)
	@$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

test-all: ## Run all tests on each Python from 3.10 to 3.14 that is installed
	@for version in $(PYTHONS); do \
		if python$$version -c '' 2>/dev/null; then \
			echo "== Python $$version"; \
			$(MAKE) --no-print-directory test PYTHON=python$$version VENV=.venv-$$version || exit; \
		else echo "== Python $$version is not installed"; fi; \
	done

lint: $(VENV)/installed-dev ## Lint the code; 'make template' lints the templates
	$(BIN)/ruff check .

types: $(VENV)/installed-dev ## Check the types, and that those of the public names are complete
	$(BIN)/mypy
	MYPYPATH=tools:benchmarks $(BIN)/mypy --cache-dir .mypy_cache/scripts tools benchmarks
	$(BIN)/python tools/completeness.py

format: $(VENV)/installed-dev ## Format the code
	$(BIN)/ruff check --select I --fix --quiet .
	$(BIN)/ruff format .

format-check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .

goldens: $(VENV)/installed-dev ## Write the goldens and templates anew; read the diff before you commit it
	@for sample in $(SAMPLES); do $(BIN)/cfngen template $$sample -o templates/$$sample.yaml || exit; done
	@for sample in $(SAMPLES); do \
		$(BIN)/cfngen asl $$sample > cfngen/stacks/samples/definitions/$$sample.asl.json || exit; done
	$(BIN)/cfngen graph batch-job-notification -o docs/batch-job-notification.svg
	@$(BIN)/python -m pytest --goldens --quiet tests/tasks/test_integrations.py -k what_can_be_called  # other tests import it
	$(BIN)/python -m pytest -n auto --goldens --quiet
	git diff --stat -- templates examples cfngen/stacks/samples/definitions cfngen/apis/optimized.py docs tests/goldens

arguments: $(VENV)/installed-dev ## Write the typed tasks' arguments anew, from the botocore that is installed
	$(BIN)/python tools/arguments.py --listing
	$(BIN)/python tools/arguments.py
	git diff --stat -- tools cfngen/tasks

sdk-table: ## Build the permissions of aws-sdk calls anew from their sources; read the diff before you commit it
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/$(INSTALL) --editable '.[tools]'
	.venv-tools/bin/python tools/sdk_table.py
	git diff --stat -- tools/sdk_table cfngen/iam/sdk_table.zip

checkov: ## Hold the list of checkov's findings in docs/stacks.md to what checkov says of the templates
	$(PYTHON) -m venv .venv-checkov
	.venv-checkov/bin/$(INSTALL) 'checkov==3.3.*'
	PATH="$(CURDIR)/.venv-checkov/bin:$$PATH" $(PYTHON) tools/checkov_findings.py

font: ## Write the font of PNGs anew from its source
	$(PYTHON) -m venv .venv-tools
	.venv-tools/bin/$(INSTALL) --editable '.[tools]'
	.venv-tools/bin/python tools/font.py
	git diff --stat -- cfngen/views/fonts

# an environment of its own: the AWS CLI, which tests run, asks for an old docutils
.venv-docs/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/$(INSTALL) --editable '.[docs]'
	@touch $@

docs: .venv-docs/installed ## Build the site into docs/_build/html; a warning or a link that leads nowhere is an error
	.venv-docs/bin/python -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "docs/_build/html/index.html"

docs-links: .venv-docs/installed ## Follow the links of the site that lead elsewhere, which takes the network
	.venv-docs/bin/python -m sphinx --quiet --builder linkcheck docs docs/_build/links

examples: $(VENV)/installed-dev ## Run the examples: those in examples/, of the README and of docs/
	$(BIN)/python -m pytest --quiet examples tests/test_examples.py tests/test_docs.py

check: format-check lint types test ## Do all that must pass: format, lint, types, tests, goldens, docs

bench: $(VENV)/installed-bench $(VENV)/$(LISTED_APIS) ## Measure speed and growth
	@for benchmark in $(BENCHMARKS); do $(BIN)/python benchmarks/$$benchmark.py || exit; done

bench-short: $(VENV)/installed-bench ## Run each benchmark once and small, to see that it runs
	@for benchmark in $(BENCHMARKS); do $(BIN)/python benchmarks/$$benchmark.py --short || exit; done

figures: $(VENV)/installed-bench $(VENV)/$(LISTED_APIS) ## Measure, and put the figures into the table of the README
	$(BIN)/python benchmarks/figures.py

recorded: $(VENV)/installed-dev ## Hold the engine against recorded executions: make recorded CASES=folder
	$(BIN)/python tools/recorded.py $(or $(CASES),recorded)

mutants: $(VENV)/installed-dev ## Measure which faults the tests see: make mutants [MUTANTS="--seed 7 iam.merge"]
	$(BIN)/python tools/mutants.py $(MUTANTS)

fuzz: $(VENV)/installed-dev ## Fuzz structure and reader for a minute each: make fuzz [SECONDS=600]
	$(BIN)/python tests/fuzz_structure.py --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))
	$(BIN)/$(INSTALL) --editable '.[fuzz]'
	$(BIN)/python tests/fuzz_reader.py -max_total_time=$(or $(SECONDS),60)

deploy: ## Deploy a template: make deploy STACK=name [TEMPLATE=file] [PARAMETERS='NotificationEmail=me@example.com']
	@test -n "$(STACK)" || { echo "say which stack: make deploy STACK=my-batch-jobs" >&2; exit 2; }
	@command -v aws >/dev/null || { echo "deploying takes the AWS CLI: https://aws.amazon.com/cli/" >&2; exit 2; }
	aws cloudformation deploy --stack-name "$(STACK)" --template-file $(TEMPLATE) \
		--capabilities CAPABILITY_IAM $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))

release-check: ## Build the distributions, and try the wheel on each Python from 3.10 to 3.14 that is installed
	$(PYTHON) -m venv .venv-release
	.venv-release/bin/$(INSTALL) --upgrade pip build twine
	.venv-release/bin/python tools/release.py

clean: ## Remove what make has made, templates aside
	rm -rf $(VENV) .venv-tools \
		.venv-lowest .venv-newest .venv-release .venv-docs docs/_build docs/reference $(PYTHONS:%=.venv-%) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
