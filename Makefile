# Two commands on a fresh machine: `make run` shows the Academy, `make test` proves it.
# ARGS="…" goes to pytest; PORT=… and DATA_DIR=… go to the running site.
PYTHON_OF_OURS := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check race rush machine fmt messages screenshots lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Serve the site with demonstration content; PORT= and DATA_DIR= choose where (Ctrl-C stops)
	@bin/bootstrap prod
	@exec $(PYTHON_OF_OURS) manage.py demo

test: ## Run every test on private servers, in both databases and a real browser; ARGS= for pytest
	@bin/bootstrap dev
	@$(PYTHON_OF_OURS) bin/run_tests $(ARGS)

check: ## Hold the code against the law of the house: style, types, contracts, messages, migrations
	@bin/bootstrap dev
	@$(PYTHON_OF_OURS) bin/check

race: ## Race for seats on PostgreSQL; PEOPLE= SEATS= PROCESSES= SESSIONS= ROUNDS= CHURN=1 LOCKS=off
	@bin/bootstrap dev
	@$(PYTHON_OF_OURS) -m tests.bench.race

rush: ## Open the doors over HTTP, some signing in on the way; PEOPLE= SEATS=
	@bin/bootstrap dev
	@$(PYTHON_OF_OURS) -m tests.bench.rush

machine: ## Hunt for defects of the gate through random lives; HYPOTHESIS_STEPS=
	@bin/bootstrap dev
	@HYPOTHESIS_STEPS=$${HYPOTHESIS_STEPS:-20000} \
		$(PYTHON_OF_OURS) -m pytest -n 2 -q -rP tests/courses/gate/test_state_machine.py

fmt: ## Rewrite Python and templates in the house style
	@bin/bootstrap dev
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djlint --quiet --reformat templates || true

messages: ## Gather new messages into locale/fr (needs gettext)
	@bin/bootstrap dev
	@$(PYTHON_OF_OURS) bin/gather_messages

screenshots: ## Photograph every page of the path into var/screenshots, or SCREENSHOTS=
	@bin/bootstrap dev
	@SCREENSHOTS="$${SCREENSHOTS:-$(CURDIR)/var/screenshots}" \
		$(PYTHON_OF_OURS) bin/run_tests tests/journeys/test_screenshots.py $(ARGS)

lock: ## Pin requirements/ anew from pyproject.toml (needs uv); UPGRADE=1 takes newer versions
	@bin/lock
