# SPDX-License-Identifier: MIT
# Interactive boot on this terminal.  ctrl-C goes to the guest; the way out
# without `poweroff` is ctrl-A x.

.PHONY: boot
boot: ## boot what is built, without building
	@tools/pando boot --flavour $(FLAVOUR_DIR) --smp $(CPUS) --mem $(MEM)
