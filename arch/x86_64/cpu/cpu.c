/* SPDX-License-Identifier: MIT */
/* Ports, stopping, and the first step of start-up. */
#include <arch/arch_init.h>
#include <arch/cpu.h>
#include <arch/impl/cpu_impl.h>
#include <debug/log.h>

void arch_init_early(void)
{
	char brand[64];
	const struct cpu_features *f = &cpu_features;

	/* boot_main() has done what must come before any C could fault. */
	cpu_brand(brand, sizeof(brand));
	klog("cpu: %s%s%s%s%s%s%s%s", brand, f->smep ? " smep" : "",
	     f->smap ? " smap" : "", f->umip ? " umip" : "",
	     f->fsgsbase ? " fsgsbase" : "", f->xsaveopt ? " xsaveopt" : "",
	     f->avx512 ? " avx512"
	     : f->avx  ? " avx"
		       : "",
	     f->rdrand ? " rdrand" : "");
	extable_check();
}

void cpu_stop(void)
{
	for (;;)
		__asm__ volatile("cli; hlt" ::: "memory");
}

uint8_t port_in8(uint16_t port)
{
	uint8_t v;

	__asm__ volatile("inb %w1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

uint16_t port_in16(uint16_t port)
{
	uint16_t v;

	__asm__ volatile("inw %w1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

uint32_t port_in32(uint16_t port)
{
	uint32_t v;

	__asm__ volatile("inl %w1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

void port_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %w1" : : "a"(value), "Nd"(port));
}

void port_out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %w1" : : "a"(value), "Nd"(port));
}

void port_out32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port));
}

void debug_port_write(uint16_t port, const void *data, size_t n)
{
	__asm__ volatile("rep outsb"
			 : "+S"(data), "+c"(n)
			 : "d"(port)
			 : "memory");
}
