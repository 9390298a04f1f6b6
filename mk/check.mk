# SPDX-License-Identifier: MIT
# Single stages of the test run, and what the checkers need from make.

.PHONY: check-guest check-kern check-diff check-model fuzz
check-guest: ## guest tests only: user programs on Pando
	@tools/run_tests.py guest

check-kern: ## kernel tests only: ktest in the three flavours
	@tools/run_tests.py kern

check-diff: ## differential tests only: Linux against Pando
	@tools/run_tests.py diff

check-model: $(STATE_PMLH) ## models only: spin over tests/model
	@tools/run_tests.py model

fuzz: gen ## libFuzzer targets in tests/fuzz, a minute each
	@tools/fuzz.sh

# `make syntax CC=clang FLAVOUR=debug`: every kernel source through a compiler
# without output; syntax-user checks where user pointers go.
.PHONY: syntax syntax-user
syntax: $(KSRC_C:%.c=$(B)/syntax/%.ok)
syntax-user: $(KSRC_C:%.c=$(B)/syntax-user/%.ok)

$(B)/syntax/%.ok: %.c $(B)/.flags | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KCFLAGS) -fsyntax-only -MMD -MP -MF $(@:.ok=.d) -MT $@ $<
	@touch $@

$(B)/syntax-user/%.ok: %.c $(B)/.flags | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KCFLAGS) -DCHECK_USER -fsyntax-only -MMD -MP \
		-MF $(@:.ok=.d) -MT $@ $<
	@touch $@

-include $(shell find $(B)/syntax $(B)/syntax-user -name '*.d' 2>/dev/null)

# The scripts ask for flags by this.
.PHONY: print-KCFLAGS
print-KCFLAGS:
	@echo '$(KCFLAGS)'
