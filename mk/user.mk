# SPDX-License-Identifier: MIT
# User space: the native library, our own programs, and the guest tests.

UCFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -I. -I$(OUT)/gen \
	-Iuser/lib/include -ffile-prefix-map=$(CURDIR)=. -MMD -MP

ULIB_SRC := $(shell find user/lib -name '*.c' -o -name '*.S' 2>/dev/null | sort)
ULIB_OBJ := $(ULIB_SRC:%=$(OUT)/user/obj/%.o)
ULIB := $(if $(ULIB_SRC),$(OUT)/user/libpando.a)
UBIN := $(patsubst user/bin/%.c,$(OUT)/user/%,$(sort $(wildcard user/bin/*.c)))

GUEST_SRC := $(sort $(wildcard tests/guest/*/*.c))
GUEST_LINUX := $(patsubst tests/%.c,$(OUT)/%,$(filter tests/guest/linux/%,$(GUEST_SRC)))
GUEST_NATIVE := $(patsubst tests/%.c,$(OUT)/%,$(filter tests/guest/native/%,$(GUEST_SRC)))

.PHONY: user guest-tests
user: $(ULIB) $(UBIN) ## build user/lib and user/bin
guest-tests: $(ULIB) $(GUEST_LINUX) $(GUEST_NATIVE) ## build tests/guest

$(OUT)/user/obj/%.o: % | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,UCC,$<)
	$(Q)$(MUSLCC) $(UCFLAGS) -c $< -o $@

$(OUT)/user/libpando.a: $(ULIB_OBJ)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(OUT)/user/%: user/bin/%.c | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,UCC,$<)
	$(Q)$(MUSLCC) -static $(UCFLAGS) $< -o $@

# tests/lib/tap.h is the only thing they share.
$(OUT)/guest/linux/%: tests/guest/linux/%.c tests/lib/tap.h | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,GUEST,$<)
	$(Q)$(MUSLCC) -static $(filter-out -Wmissing-prototypes,$(UCFLAGS)) $< -o $@

$(OUT)/guest/native/%: tests/guest/native/%.c tests/lib/tap.h $(ULIB) abi/worlds.tbl | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,GUEST,$<)
	$(Q)tools/pando cc --world native -o $@ $<

-include $(shell find $(OUT)/user $(OUT)/guest -name '*.d' 2>/dev/null)

# Storms run in `make test-long` only.
STORMS := $(patsubst tests/%.c,$(OUT)/%,$(sort $(wildcard tests/stress/*.c)))
.PHONY: storm-tests
storm-tests: $(STORMS)

$(OUT)/stress/%: tests/stress/%.c tests/lib/tap.h | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,GUEST,$<)
	$(Q)$(MUSLCC) -static $(filter-out -Wmissing-prototypes,$(UCFLAGS)) $< -o $@
