/* SPDX-License-Identifier: MIT */
/* What this processor can do: CPUID, Intel SDM 2A. */
#include <arch/cpu.h>
#include <arch/impl/cpu_impl.h>
#include <lib/bits.h>
#include <lib/fmt.h>
#include <lib/minmax.h>
#include <lib/string.h>

struct cpu_features cpu_features;

static bool has(uint32_t reg, unsigned bit)
{
	return ((reg >> bit) & 1u) != 0;
}

void cpu_detect(void)
{
	struct cpu_features *f = &cpu_features;
	struct cpuid_regs r;

	f->max_basic = cpuid(0, 0).eax;
	f->max_extended = cpuid(0x80000000u, 0).eax;
	r = cpuid(1, 0);
	f->leaf1_edx = r.edx;
	f->leaf1_ecx = r.ecx;
	f->pge = has(r.edx, 13);
	f->x2apic = has(r.ecx, 21);
	f->tsc_deadline = has(r.ecx, 24);
	f->xsave = has(r.ecx, 26);
	f->avx = f->xsave && has(r.ecx, 28);
	f->rdrand = has(r.ecx, 30);
	f->hypervisor = has(r.ecx, 31);
	if (f->max_basic >= 7) {
		r = cpuid(7, 0);
		f->leaf7_ebx = r.ebx;
		f->fsgsbase = has(r.ebx, 0);
		f->smep = has(r.ebx, 7);
		f->smap = has(r.ebx, 20);
		f->umip = has(r.ecx, 2);
		f->avx512 = f->avx && has(r.ebx, 16);
	}
	if (f->xsave && f->max_basic >= 0xd)
		f->xsaveopt = has(cpuid(0xd, 1).eax, 0);
	f->phys_bits = 36;
	if (f->max_extended >= 0x80000008u)
		f->phys_bits = (uint8_t)cpuid(0x80000008u, 0).eax;
	if (f->max_extended >= 0x80000007u)
		f->invariant_tsc = has(cpuid(0x80000007u, 0).edx, 8);
}

uint32_t cpu_hwcap(void)
{
	return cpu_features.leaf1_edx;
}

void cpu_vendor(char buf[13])
{
	struct cpuid_regs r = cpuid(0, 0);

	memcpy(buf, &r.ebx, 4);
	memcpy(buf + 4, &r.edx, 4);
	memcpy(buf + 8, &r.ecx, 4);
	buf[12] = '\0';
}

void cpu_brand(char *buf, size_t size)
{
	char brand[49];
	const char *p = brand;
	unsigned i;

	memset(brand, 0, sizeof(brand));
	for (i = 0; i < 3 && cpu_features.max_extended >= 0x80000004u; i++) {
		struct cpuid_regs r = cpuid(0x80000002u + i, 0);

		memcpy(brand + 16 * i, &r, 16);
	}
	while (*p == ' ')
		p++;
	(void)str_copy(buf, size, *p != '\0' ? p : "x86-64");
}

/* Where a named bit is found. */
enum cpuid_word {
	W_1_EDX,
	W_81_EDX,
	W_1_ECX,
	W_81_ECX,
	W_D1_EAX,
	W_7_EBX,
	W_7_ECX,
	W_7_EDX,
	W_COUNT,
};

struct feature_name {
	uint8_t word, bit;
	char name[16];
};

/* Names and order as in Linux' /proc/cpuinfo. */
static const struct feature_name feature_names[] = {
	{ W_1_EDX, 0, "fpu" },
	{ W_1_EDX, 1, "vme" },
	{ W_1_EDX, 2, "de" },
	{ W_1_EDX, 3, "pse" },
	{ W_1_EDX, 4, "tsc" },
	{ W_1_EDX, 5, "msr" },
	{ W_1_EDX, 6, "pae" },
	{ W_1_EDX, 7, "mce" },
	{ W_1_EDX, 8, "cx8" },
	{ W_1_EDX, 9, "apic" },
	{ W_1_EDX, 11, "sep" },
	{ W_1_EDX, 12, "mtrr" },
	{ W_1_EDX, 13, "pge" },
	{ W_1_EDX, 14, "mca" },
	{ W_1_EDX, 15, "cmov" },
	{ W_1_EDX, 16, "pat" },
	{ W_1_EDX, 17, "pse36" },
	{ W_1_EDX, 19, "clflush" },
	{ W_1_EDX, 22, "acpi" },
	{ W_1_EDX, 23, "mmx" },
	{ W_1_EDX, 24, "fxsr" },
	{ W_1_EDX, 25, "sse" },
	{ W_1_EDX, 26, "sse2" },
	{ W_1_EDX, 27, "ss" },
	{ W_1_EDX, 28, "ht" },
	{ W_81_EDX, 11, "syscall" },
	{ W_81_EDX, 20, "nx" },
	{ W_81_EDX, 22, "mmxext" },
	{ W_81_EDX, 25, "fxsr_opt" },
	{ W_81_EDX, 26, "pdpe1gb" },
	{ W_81_EDX, 27, "rdtscp" },
	{ W_81_EDX, 29, "lm" },
	{ W_81_EDX, 30, "3dnowext" },
	{ W_81_EDX, 31, "3dnow" },
	{ W_1_ECX, 0, "pni" },
	{ W_1_ECX, 1, "pclmulqdq" },
	{ W_1_ECX, 3, "monitor" },
	{ W_1_ECX, 9, "ssse3" },
	{ W_1_ECX, 12, "fma" },
	{ W_1_ECX, 13, "cx16" },
	{ W_1_ECX, 17, "pcid" },
	{ W_1_ECX, 19, "sse4_1" },
	{ W_1_ECX, 20, "sse4_2" },
	{ W_1_ECX, 21, "x2apic" },
	{ W_1_ECX, 22, "movbe" },
	{ W_1_ECX, 23, "popcnt" },
	{ W_1_ECX, 24, "tsc_deadline" },
	{ W_1_ECX, 25, "aes" },
	{ W_1_ECX, 26, "xsave" },
	{ W_1_ECX, 28, "avx" },
	{ W_1_ECX, 29, "f16c" },
	{ W_1_ECX, 30, "rdrand" },
	{ W_1_ECX, 31, "hypervisor" },
	{ W_81_ECX, 0, "lahf_lm" },
	{ W_81_ECX, 2, "svm" },
	{ W_81_ECX, 4, "cr8_legacy" },
	{ W_81_ECX, 5, "abm" },
	{ W_81_ECX, 6, "sse4a" },
	{ W_81_ECX, 8, "3dnowprefetch" },
	{ W_7_EBX, 0, "fsgsbase" },
	{ W_7_EBX, 3, "bmi1" },
	{ W_7_EBX, 5, "avx2" },
	{ W_7_EBX, 7, "smep" },
	{ W_7_EBX, 8, "bmi2" },
	{ W_7_EBX, 9, "erms" },
	{ W_7_EBX, 10, "invpcid" },
	{ W_7_EBX, 14, "mpx" },
	{ W_7_EBX, 16, "avx512f" },
	{ W_7_EBX, 17, "avx512dq" },
	{ W_7_EBX, 18, "rdseed" },
	{ W_7_EBX, 19, "adx" },
	{ W_7_EBX, 20, "smap" },
	{ W_7_EBX, 23, "clflushopt" },
	{ W_7_EBX, 24, "clwb" },
	{ W_7_EBX, 28, "avx512cd" },
	{ W_7_EBX, 29, "sha_ni" },
	{ W_7_EBX, 30, "avx512bw" },
	{ W_7_EBX, 31, "avx512vl" },
	{ W_D1_EAX, 0, "xsaveopt" },
	{ W_D1_EAX, 1, "xsavec" },
	{ W_D1_EAX, 2, "xgetbv1" },
	{ W_7_ECX, 2, "umip" },
	{ W_7_ECX, 3, "pku" },
	{ W_7_ECX, 16, "la57" },
	{ W_7_ECX, 22, "rdpid" },
	{ W_7_EDX, 4, "fsrm" },
};

void cpu_feature_names(char *buf, size_t size)
{
	uint32_t words[W_COUNT] = { 0 };
	struct cpuid_regs r = cpuid(1, 0);
	size_t at = 0, i;

	words[W_1_EDX] = r.edx;
	words[W_1_ECX] = r.ecx;
	if (cpu_features.max_extended >= 0x80000001u) {
		r = cpuid(0x80000001u, 0);
		words[W_81_EDX] = r.edx;
		words[W_81_ECX] = r.ecx;
	}
	if (cpu_features.max_basic >= 7) {
		r = cpuid(7, 0);
		words[W_7_EBX] = r.ebx;
		words[W_7_ECX] = r.ecx;
		words[W_7_EDX] = r.edx;
	}
	if (cpu_features.xsave && cpu_features.max_basic >= 0xd)
		words[W_D1_EAX] = cpuid(0xd, 1).eax;
	if (size != 0)
		buf[0] = '\0';
	for (i = 0; i < array_size(feature_names) && at < size; i++) {
		const struct feature_name *n = &feature_names[i];

		if (has(words[n->word], n->bit))
			at += kscnprintf(buf + at, size - at, "%s%s",
					 at != 0 ? " " : "", n->name);
	}
}

/* RDRAND may fail for a while: SDM 1, 7.3.17.2 says to try ten times. */
bool cpu_random(uint64_t *out)
{
	unsigned tries;
	uint64_t v;
	bool ok;

	if (!cpu_features.rdrand)
		return false;
	for (tries = 0; tries < 10; tries++) {
		__asm__ volatile("rdrand %0" : "=r"(v), "=@ccc"(ok));
		if (ok) {
			*out = v;
			return true;
		}
	}
	return false;
}

uint64_t early_random(void)
{
	static uint64_t state;
	uint64_t v;

	if (cpu_random(&v))
		return v;
	/* No source: time stamps, mixed as splitmix64 mixes. */
	state += cpu_tsc() + UINT64_C(0x9e3779b97f4a7c15);
	v = state;
	v = (v ^ (v >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ (v >> 27)) * UINT64_C(0x94d049bb133111eb);
	return v ^ (v >> 31);
}
