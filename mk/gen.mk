# SPDX-License-Identifier: MIT
# What is made from tables.  Each generator is `tools/gen_X.py IN OUT`; a
# table that has no generator of its own goes through tools/gen_table.py.
# Headers are included as <gen/NAME.h>.

GEN := $(OUT)/gen/gen
GENMODEL := $(OUT)/gen/model

GEN_HEADERS :=

# gen-header: NAME, table, generator
define gen-header
ifneq ($$(wildcard $(2)),)
GEN_HEADERS += $$(GEN)/$(1).h
$$(GEN)/$(1).h: $(2) tools/$(3) $$(wildcard tools/gen_common.py)
	@mkdir -p $$(@D)
	$$(Q)tools/$(3) $(2) $$@
endif
endef

GEN_KNOWN := abi/native/errors.tbl abi/linux/syscalls.tbl \
	abi/native/syscalls.tbl
$(eval $(call gen-header,errors,abi/native/errors.tbl,gen_errors.py))
$(eval $(call gen-header,linux_syscalls,abi/linux/syscalls.tbl,gen_syscalls.py))
$(eval $(call gen-header,native_syscalls,abi/native/syscalls.tbl,gen_syscalls.py))

# A table abi/foo.tbl may bring tools/gen_foo.py; otherwise gen_table.py.
GEN_OTHER := $(filter-out $(GEN_KNOWN),$(wildcard abi/*.tbl abi/*/*.tbl))
gen-tool = $(notdir $(firstword $(wildcard tools/gen_$(1).py) gen_table.py))
$(foreach t,$(GEN_OTHER),$(eval $(call gen-header,$(basename $(notdir $(t))),$(t),$(call gen-tool,$(basename $(notdir $(t)))))))

# State machines: the model checker's view of kernel/**/X_states.def.
STATE_DEFS := $(shell find kernel -name '*_states.def' 2>/dev/null)
STATE_PMLH := $(foreach d,$(STATE_DEFS),$(GENMODEL)/$(basename $(notdir $(d))).pmlh)
define gen-pmlh
$$(GENMODEL)/$(basename $(notdir $(1))).pmlh: $(1) tools/gen_states.py
	@mkdir -p $$(@D)
	$$(Q)tools/gen_states.py $(1) $$@
endef
$(foreach d,$(STATE_DEFS),$(eval $(call gen-pmlh,$(d))))

.PHONY: gen
gen: $(GEN_HEADERS) $(STATE_PMLH) ## generate headers from the tables

.PHONY: docs
docs: ## regenerate docs/reference/ from the tables
	@tools/gen_docs.sh docs/reference
