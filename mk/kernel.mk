# SPDX-License-Identifier: MIT
# The kernel: every source found by glob, linked twice so that it carries
# its own symbol table.

KSRC_C := $(shell find kernel arch/x86_64 -name '*.c' 2>/dev/null | sort) \
	$(sort $(wildcard tests/kern/*.c))
KSRC_S := $(shell find arch/x86_64 -name '*.S' 2>/dev/null | sort)
KOBJ := $(KSRC_C:%=$(B)/obj/%.o) $(KSRC_S:%=$(B)/obj/%.o) \
	$(B)/build_id.o

.PHONY: kernel FORCE
kernel: $(B)/pando.elf ## build only the kernel of this FLAVOUR

# A change of compiler or flags rebuilds what they touched.
FLAGS_NOW := $(CC) $(KCFLAGS) $(SAN_$(FLAVOUR)) $(KLDFLAGS)
$(B)/.flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@

$(B)/obj/%.c.o: %.c $(B)/.flags | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(KCFLAGS) $(call san,$<) -MMD -MP -c $< -o $@

$(B)/obj/%.S.o: %.S $(B)/.flags | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(KASFLAGS) -MMD -MP -c $< -o $@

$(B)/build_id.c: FORCE
	@mkdir -p $(@D)
	@tools/build_id.sh '$(FLAVOUR)' '$(CC)' $@

$(B)/build_id.o: $(B)/build_id.c
	$(Q)$(CC) $(KCFLAGS) -c $< -o $@

# First with an empty symbol table, then with the one made from the result.
# kernel.ld knows the two tables by the names of their objects.
$(B)/ksyms0.S: tools/ksyms.py
	@mkdir -p $(@D)
	$(Q)tools/ksyms.py --empty -o $@

$(B)/%.o: $(B)/%.S
	$(Q)$(CC) $(KASFLAGS) -c $< -o $@

$(B)/pass1.elf: $(KOBJ) $(B)/ksyms0.o $(LDSCRIPT)
	$(call say,LD,$@)
	$(Q)$(LD) $(KLDFLAGS) $(KOBJ) $(B)/ksyms0.o -o $@

$(B)/ksyms.S: $(B)/pass1.elf tools/ksyms.py
	$(Q)tools/ksyms.py $< -o $@

$(B)/pando.elf: $(B)/pass1.elf $(B)/ksyms.o
	$(call say,LD,$@)
	$(Q)$(LD) $(KLDFLAGS) $(KOBJ) $(B)/ksyms.o -o $@.tmp
	$(Q)tools/ksyms.py --verify $(B)/pass1.elf $@.tmp
	$(Q)mv $@.tmp $@

.PRECIOUS: $(B)/%.S $(B)/%.o
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
