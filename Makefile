# Every target sets up what it needs by itself and is quick about it the second time. A bare `make` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Where `make run`, `make dev` and `make demo` keep their data and answer: make run DATA=/srv/porchlight LISTEN=127.0.0.1:8080
DATA ?= data
DEMO ?= demo-data
LISTEN ?= 127.0.0.1:3000

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build in release mode and serve on http://127.0.0.1:3000, with everything kept in ./data.
	@exec dist/porchlight serve --data '$(DATA)' --listen '$(LISTEN)'

.PHONY: dev
dev: ## Serve while you work: build again, restart and reload the page whenever a file is saved.
	@PORCHLIGHT_DATA='$(DATA)' PORCHLIGHT_LISTEN='$(LISTEN)' exec scripts/dev

.PHONY: demo
demo: build ## Serve a lively community of 40 invented people, kept in ./demo-data.
	@[ -n "$$(ls -A '$(DEMO)' 2>/dev/null)" ] || dist/porchlight demo --data '$(DEMO)'
	@exec dist/porchlight serve --data '$(DEMO)' --listen '$(LISTEN)'

.PHONY: build
build: ## Make one self-contained release binary at dist/porchlight.
	@scripts/build

.PHONY: check
check: ## Check formatting, lints (warnings are errors) and the architecture's invariants.
	@scripts/check

.PHONY: test
test: ## Run every test: of the rooms, of both databases, and of the whole in a real browser.
	@scripts/test

.PHONY: bench
bench: build ## Print figures of speed and size, beside what they are compared with.
	@scripts/bench
