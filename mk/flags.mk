# SPDX-License-Identifier: MIT
# Compiler and linker flags of the kernel.

INCLUDES := -Ikernel -Iarch/x86_64/include -I. -I$(OUT)/gen

WARN := -Wall -Wextra -Werror -Wshadow -Wundef -Wvla -Walloca \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wredundant-decls -Wnested-externs -Wno-pointer-arith -Wcast-align \
	-Wcast-qual -Wwrite-strings -Wformat=2 -Wimplicit-fallthrough \
	-Wswitch-enum -Wnull-dereference -Wdate-time -Wunused-result \
	-Wconversion -Wno-sign-conversion -Wno-missing-field-initializers
WARN_GCC := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wtrampolines -Wformat-signedness
WARN_CLANG := -Wthread-safety -Wcomma -Wunreachable-code-break \
	-Wmissing-variable-declarations -Wconditional-uninitialized \
	-Wassign-enum -Wno-unknown-warning-option -Wno-gnu
WARN_FRAME_release := -Wframe-larger-than=1024
# Sanitizers spread locals; the stack is checked by its guard page there.
WARN_FRAME_debug := -Wframe-larger-than=2048
WARN_FRAME_kasan := -Wframe-larger-than=3072

CODEGEN := -std=gnu11 -O2 -g -ffreestanding -fno-common \
	-fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks \
	-fno-pic -fno-pie -mcmodel=kernel -mno-red-zone -mgeneral-regs-only \
	-fno-omit-frame-pointer -mno-omit-leaf-frame-pointer \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-ffunction-sections -fdata-sections -fstack-protector-strong \
	-mstack-protector-guard=tls -mstack-protector-guard-reg=gs \
	-mstack-protector-guard-offset=40 -ffile-prefix-map=$(CURDIR)=. \
	-fcf-protection=none -fno-tree-loop-distribute-patterns
ifneq ($(IS_CLANG),)
CODEGEN := $(filter-out -fno-tree-loop-distribute-patterns,$(CODEGEN)) \
	--target=x86_64-linux-gnu
endif

# A function that calls nothing is the last of a backtrace: no frame needed.
CONFIG_release := -DCONFIG_DEBUG=0 -DCONFIG_KASAN=0 -momit-leaf-frame-pointer
CONFIG_debug   := -DCONFIG_DEBUG=1 -DCONFIG_KASAN=0
CONFIG_kasan   := -DCONFIG_DEBUG=1 -DCONFIG_KASAN=1

# Sanitizers are on where the kernel has their runtime.
SAN_release :=
SAN_debug := $(if $(wildcard kernel/debug/ubsan.c),-fsanitize=undefined \
	-fno-sanitize=alignment -Wno-null-dereference)
KASAN_PARAM := $(if $(IS_CLANG),-mllvm ,--param )
SAN_kasan := $(if $(wildcard kernel/debug/kasan.c),\
	-fsanitize=kernel-address -Wno-null-dereference \
	$(if $(IS_CLANG),\
	-mllvm -asan-instrumentation-with-call-threshold=0 \
	-mllvm -asan-stack=0 -mllvm -asan-globals=0,\
	--param asan-instrumentation-with-call-threshold=0 \
	--param asan-stack=0 --param asan-globals=0))

KDEFS := -DPANDO_KERNEL=1 $(CONFIG_$(FLAVOUR))
KWARN := $(WARN) $(if $(IS_CLANG),$(WARN_CLANG),$(WARN_GCC)) \
	$(WARN_FRAME_$(FLAVOUR))
KCFLAGS := $(CODEGEN) $(KWARN) $(INCLUDES) $(KDEFS)
KASFLAGS := -g $(INCLUDES) $(KDEFS) -D__ASSEMBLY__ -fno-pic -fno-pie \
	-ffile-prefix-map=$(CURDIR)=. \
	$(if $(IS_CLANG),--target=x86_64-linux-gnu,-Wa,--fatal-warnings)

# Sources that are compiled without sanitizers: the runtimes themselves, and
# what runs before they can work or is called by them.
NOSAN := kernel/debug/kasan.c kernel/debug/ubsan.c kernel/debug/ksyms.c \
	kernel/lib/string.c \
	$(wildcard arch/x86_64/boot/*.c)
san = $(if $(filter $(NOSAN),$(1)),,$(SAN_$(FLAVOUR)))

LDSCRIPT := arch/x86_64/boot/kernel.ld
KLDFLAGS := -m elf_x86_64 -nostdlib -static -z max-page-size=4096 \
	-z noexecstack --fatal-warnings --orphan-handling=error \
	--build-id=none --gc-sections -T $(LDSCRIPT)
