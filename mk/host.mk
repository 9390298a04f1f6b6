# SPDX-License-Identifier: MIT
# Host unit tests: kernel modules with no machine under them, compiled for
# the build machine with sanitizers.  A test is tests/host/test_NAME.c and a
# line `units-test_NAME := lib/fmt ...` in tests/host/units.mk; the stubs are
# an archive, so a test links only those that it needs.

HOST_INCLUDES := -Ikernel -Itests/host/include -I. -I$(OUT)/gen \
	-Iarch/x86_64/include
HOST_CFLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer -Wall -Wextra \
	-Werror -Wno-missing-field-initializers -MMD -MP -pthread \
	-DPANDO_HOST=1 -DCONFIG_DEBUG=1 -DCONFIG_KASAN=0 -fno-builtin-printf \
	$(HOST_INCLUDES)
HOST_SAN := -fsanitize=address,undefined -fno-sanitize=alignment \
	-fno-sanitize-recover=all
TSAN := -fsanitize=thread

-include tests/host/units.mk

HOST_TESTS := $(sort $(patsubst tests/host/%.c,%,$(wildcard tests/host/test_*.c)))
HOST_STUBS := $(sort $(wildcard tests/host/stubs/*.c))
HOST_BIN := $(HOST_TESTS:%=$(OUT)/host/bin/%)
# Tests named in tsan-tests (units.mk) are built and run a second time.
TSAN_BIN := $(tsan-tests:%=$(OUT)/host-tsan/bin/%)

# host-rules: directory, sanitizer flags
define host-rules
$$(OUT)/$(1)/%.o: %.c | $$(GEN_HEADERS)
	@mkdir -p $$(@D)
	$$(Q)$$(HOSTCC) $$(HOST_CFLAGS) $(2) -c $$< -o $$@

$$(OUT)/$(1)/libstubs.a: $$(HOST_STUBS:%.c=$$(OUT)/$(1)/%.o)
	@mkdir -p $$(@D)
	$$(Q)rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(eval $(call host-rules,host,$(HOST_SAN)))
$(eval $(call host-rules,host-tsan,$(TSAN)))

.SECONDEXPANSION:
$(OUT)/host/bin/%: $(OUT)/host/tests/host/%.o $$(foreach u,$$(units-$$*),$(OUT)/host/kernel/$$u.o) $(OUT)/host/libstubs.a
	@mkdir -p $(@D)
	$(call say,HOST,$*)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) $(HOST_SAN) $^ -o $@

$(OUT)/host-tsan/bin/%: $(OUT)/host-tsan/tests/host/%.o $$(foreach u,$$(units-$$*),$(OUT)/host-tsan/kernel/$$u.o) $(OUT)/host-tsan/libstubs.a
	@mkdir -p $(@D)
	$(call say,TSAN,$*)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) $(TSAN) $^ -o $@

.SECONDARY:
.PHONY: host-tests check-host
host-tests: $(HOST_BIN) $(TSAN_BIN)
check-host: $(HOST_BIN) $(TSAN_BIN) ## build and run the host unit tests
	$(Q)tools/tap-run.py --only '$(TEST)' $^

-include $(shell find $(OUT)/host $(OUT)/host-tsan -name '*.d' 2>/dev/null)
