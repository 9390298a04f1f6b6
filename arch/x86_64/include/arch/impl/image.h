/* SPDX-License-Identifier: MIT */
/* Symbols of boot/kernel.ld that only arch/x86_64/ needs. */
#pragma once

#include <arch/arch_init.h>

extern char kernel_rodata_start[], kernel_rodata_end[];
extern char kernel_roinit_start[], kernel_roinit_end[];
extern char kernel_boot_end[], boot_stack_guard[];
