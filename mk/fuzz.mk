# SPDX-License-Identifier: MIT
# libFuzzer targets: tests/fuzz/fuzz_NAME.c, with what it links in
# tests/host/units.mk as `units-fuzz_NAME := lib/elf ...`.

FUZZ_CFLAGS = $(filter-out -Wextra -Werror,$(HOST_CFLAGS)) \
	-fsanitize=address,undefined,fuzzer-no-link
FUZZ_BIN := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/bin/%,\
	$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_BIN)

$(OUT)/fuzz/%.o: %.c | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(Q)clang $(FUZZ_CFLAGS) -c $< -o $@

$(OUT)/fuzz/libstubs.a: $(HOST_STUBS:%.c=$(OUT)/fuzz/%.o)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(OUT)/fuzz/bin/%: $(OUT)/fuzz/tests/fuzz/%.o $$(foreach u,$$(units-$$*),$(OUT)/fuzz/kernel/$$u.o) $(OUT)/fuzz/libstubs.a
	@mkdir -p $(@D)
	$(call say,FUZZ,$*)
	$(Q)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer $^ -o $@
