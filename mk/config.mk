# SPDX-License-Identifier: MIT
# Every variable that a user may set, as in `make FLAVOUR=debug V=1`.

# FLAVOUR:  release, debug (ranks, counts, UBSan) or kasan
FLAVOUR ?= release
# CC:       compiler of the kernel: gcc or clang
ifneq ($(filter default undefined,$(origin CC)),)
CC := gcc
endif
# CPUS:     processors of the virtual machine in run and gdb
CPUS ?= 1
# MEM:      its memory
MEM ?= 512M
# TEST:     only tests whose name contains this word
TEST ?=
export TEST
# OUT:      where everything that is built goes
OUT ?= out
# HOSTCC:   compiler of programs that run on the build machine
HOSTCC ?= gcc
# MUSLCC:   compiler of programs that run on Pando
MUSLCC ?= musl-gcc
# V:        1 shows the commands
V ?= 0

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)')

ifeq ($(filter $(FLAVOUR),release debug kasan),)
$(error FLAVOUR is '$(FLAVOUR)'; it may be release, debug or kasan)
endif

IS_CLANG := $(findstring clang,$(notdir $(CC)))
# Objects of the two compilers do not mix.
FLAVOUR_DIR := $(FLAVOUR)$(if $(IS_CLANG),-clang)
B := $(OUT)/$(FLAVOUR_DIR)
LD := ld
NM := nm
AR := ar
