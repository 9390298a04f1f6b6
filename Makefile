# SPDX-License-Identifier: MIT
# Pando: build, run and test.  `make help` lists the targets; the variables
# are documented in mk/config.mk.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
# As many jobs as there are processors, unless the caller says -j.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += --jobs=$(shell nproc)
endif
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

include mk/config.mk
include mk/flags.mk
include mk/gen.mk
include mk/kernel.mk
include mk/user.mk
include mk/host.mk
include mk/fuzz.mk
include mk/check.mk
include mk/run.mk

.PHONY: all
all: kernel user ## build the kernel, user programs and libraries

.PHONY: run
run: ## install what is missing, build, boot to a shell on this terminal
	@tools/deps.sh
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory boot

.PHONY: deps
deps: ## install the Debian packages that the build and the tests need
	@tools/deps.sh

.PHONY: check
check: ## static checks and host tests (under 3 minutes)
	@tools/run_tests.py check

.PHONY: test
test: ## what CI runs: checks, every flavour, guest, diff, models
	@tools/run_tests.py test

.PHONY: test-long
test-long: ## test, then fuzzing, storms and big sizes
	@tools/run_tests.py test-long

.PHONY: gdb
gdb: all ## boot under gdb with tools/gdb/pando.py loaded
	@tools/pando gdb --flavour $(FLAVOUR_DIR) --smp $(CPUS) --mem $(MEM)

.PHONY: bench
bench: ## measure guest instructions per operation (release flavour)
	@$(MAKE) --no-print-directory FLAVOUR=release all
	@tests/bench/bench.py

.PHONY: iso
iso: ## a bootable CD image: not yet
	@echo "make iso: the bootable image comes with issue 2 of 6" >&2; exit 2

.PHONY: format
format: ## rewrite the sources with clang-format
	@tools/check_format.sh --fix

.PHONY: lint
lint: gen ## slower static analysis: clang-tidy and gcc -fanalyzer
	@tools/lint.sh

.PHONY: tags
tags: ## an index of the sources for editors
	@find kernel arch abi user tests tools -name '*.[chS]' -o -name '*.def' | \
		ctags -L - 2>/dev/null || echo "make tags: install exuberant-ctags"

.PHONY: clean
clean: ## remove the objects of every flavour, keep caches
	@rm -rf $(filter-out $(OUT)/cache,$(wildcard $(OUT)/*))

.PHONY: distclean
distclean: ## remove everything that was built
	@rm -rf $(OUT) tags compile_commands.json

.PHONY: help
help: ## this list
	@grep -hE '^[a-z][a-z-]*:.*## ' Makefile mk/*.mk | \
		sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
		awk -F'|' '{ printf "  %-12s %s\n", $$1, $$2 }'
	@echo "variables (mk/config.mk):"
	@sed -nE 's/^# ([A-Z]+):  *(.*)/  \1|\2/p' mk/config.mk | \
		awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
