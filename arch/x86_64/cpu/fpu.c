/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE: x87, SSE, AVX and AVX-512 state of user threads.
 *
 * The area is an XSAVE area in standard form (Intel SDM 1, 13.4): 512 bytes
 * of FXSAVE format, a header of 64 bytes, then one piece per component at an
 * offset that CPUID leaf 0xd tells.  Without XSAVE it is the FXSAVE part.
 * Only components that the XCR0 we chose names are ever live.
 *
 * LOCKING: none; an area belongs to the thread whose state it holds.
 */
#include <arch/context.h>
#include <arch/impl/cpu_impl.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define XCR0_X87    (1u << 0)
#define XCR0_SSE    (1u << 1)
#define XCR0_AVX    (1u << 2)
#define XCR0_AVX512 (7u << 5)

#define FXSAVE_SIZE   512
#define XSAVE_HEADER  64
#define MXCSR_DEFAULT 0x1f80u
#define FCW_DEFAULT   0x037fu

/* Words that Linux puts into the bytes that FXSAVE leaves to software. */
#define FP_XSTATE_MAGIC1 0x46505853u
#define FP_XSTATE_MAGIC2 0x46505845u

struct fxsave {
	uint16_t fcw, fsw, ftw, fop;
	uint64_t fip, fdp;
	uint32_t mxcsr, mxcsr_mask;
	uint8_t st[128], xmm[256], reserved[48];
	struct {
		uint32_t magic1, extended_size;
		uint64_t xfeatures;
		uint32_t xstate_size, padding[7];
	} sw;
};
_Static_assert(sizeof(struct fxsave) == FXSAVE_SIZE, "SDM 1, table 10-2");

struct xsave_header {
	uint64_t xstate_bv, xcomp_bv, reserved[6];
};
_Static_assert(sizeof(struct xsave_header) == XSAVE_HEADER, "SDM 1, 13.4.2");

static uint64_t xcr0 __ro_after_init;
static uint32_t area_size __ro_after_init;
static uint32_t mxcsr_mask __ro_after_init;
static uint32_t part_offset[8] __ro_after_init, part_size[8] __ro_after_init;

uint64_t fpu_xcr0(void)
{
	return xcr0;
}

static struct xsave_header *header_of(void *area)
{
	return (struct xsave_header *)(area + FXSAVE_SIZE);
}

static void measure_parts(void)
{
	unsigned i;

	area_size = cpuid(0xd, 0).ebx; /* for the XCR0 that is set now */
	for (i = 2; i < 8; i++) {
		struct cpuid_regs r = cpuid(0xd, i);

		if (((xcr0 >> i) & 1) == 0)
			continue;
		part_offset[i] = r.ebx;
		part_size[i] = r.eax;
	}
}

void fpu_init_core(void)
{
	static struct fxsave probe __aligned(16);

	if (xcr0 == 0) {
		area_size = FXSAVE_SIZE;
		xcr0 = XCR0_X87 | XCR0_SSE;
		if (cpu_features.avx)
			xcr0 |= XCR0_AVX;
		if (cpu_features.avx512)
			xcr0 |= XCR0_AVX512;
		if (cpu_features.xsave)
			xcr0 &= cpuid(0xd, 0).eax;
	}
	if (cpu_features.xsave) {
		__asm__ volatile("xsetbv"
				 :
				 : "c"(0), "a"((uint32_t)xcr0),
				   "d"((uint32_t)(xcr0 >> 32)));
		measure_parts();
	}
	__asm__ volatile("fninit");
	if (mxcsr_mask == 0) {
		__asm__ volatile("fxsave64 %0" : "=m"(probe));
		mxcsr_mask = probe.mxcsr_mask != 0 ? probe.mxcsr_mask : 0xffbf;
	}
}

size_t fpu_size(void)
{
	return area_size;
}

void fpu_init_state(void *area)
{
	struct fxsave *fx = area;

	memset(area, 0, area_size);
	fx->fcw = FCW_DEFAULT;
	fx->mxcsr = MXCSR_DEFAULT;
	fx->mxcsr_mask = mxcsr_mask;
}

void fpu_save(void *area)
{
	uint32_t lo = (uint32_t)xcr0, hi = (uint32_t)(xcr0 >> 32);

	if (cpu_features.xsaveopt)
		__asm__ volatile("xsaveopt64 (%0)"
				 :
				 : "r"(area), "a"(lo), "d"(hi)
				 : "memory");
	else if (cpu_features.xsave)
		__asm__ volatile("xsave64 (%0)"
				 :
				 : "r"(area), "a"(lo), "d"(hi)
				 : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

void fpu_load(const void *area)
{
	uint32_t lo = (uint32_t)xcr0, hi = (uint32_t)(xcr0 >> 32);

	if (cpu_features.xsave)
		__asm__ volatile("xrstor64 (%0)"
				 :
				 : "r"(area), "a"(lo), "d"(hi)
				 : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

size_t fpu_user_size(void)
{
	return cpu_features.xsave ? area_size + sizeof(uint32_t) : FXSAVE_SIZE;
}

/* What a component that XSTATE_BV calls initial looks like. */
static void reset_part(void *area, unsigned part)
{
	struct fxsave *fx = area;

	switch (part) {
	case 0:
		memset(fx, 0, offsetof(struct fxsave, mxcsr));
		memset(fx->st, 0, sizeof(fx->st));
		fx->fcw = FCW_DEFAULT;
		break;
	case 1:
		memset(fx->xmm, 0, sizeof(fx->xmm));
		break;
	default:
		memset(area + part_offset[part], 0, part_size[part]);
		break;
	}
}

void fpu_to_user_image(void *buf, const void *area)
{
	const uint32_t magic2 = FP_XSTATE_MAGIC2;
	struct fxsave *fx = buf;
	struct xsave_header *h = header_of(buf);
	unsigned i;

	memcpy(buf, area, area_size);
	memset(fx->reserved, 0, sizeof(fx->reserved) + sizeof(fx->sw));
	if (!cpu_features.xsave)
		return;
	for (i = 0; i < 8; i++) {
		if (((xcr0 >> i) & 1) != 0 && ((h->xstate_bv >> i) & 1) == 0)
			reset_part(buf, i);
	}
	h->xstate_bv |= XCR0_X87 | XCR0_SSE;
	fx->sw.magic1 = FP_XSTATE_MAGIC1;
	fx->sw.extended_size = area_size + (uint32_t)sizeof(magic2);
	fx->sw.xfeatures = xcr0;
	fx->sw.xstate_size = area_size;
	memcpy(buf + area_size, &magic2, sizeof(magic2));
}

/* Is @buf a whole XSAVE image, not only the FXSAVE part? */
static bool image_is_extended(const void *buf, size_t n)
{
	const struct fxsave *fx = buf;
	uint32_t magic2;

	if (!cpu_features.xsave || fx->sw.magic1 != FP_XSTATE_MAGIC1)
		return false;
	if (fx->sw.xstate_size < FXSAVE_SIZE + XSAVE_HEADER ||
	    fx->sw.xstate_size > area_size ||
	    fx->sw.xstate_size + sizeof(magic2) > n)
		return false;
	memcpy(&magic2, buf + fx->sw.xstate_size, sizeof(magic2));
	return magic2 == FP_XSTATE_MAGIC2;
}

err_t fpu_from_user_image(void *area, const void *buf, size_t n)
{
	const struct fxsave *fx = buf;
	struct xsave_header *h = header_of(area);
	uint64_t wanted = XCR0_X87 | XCR0_SSE;
	size_t size = FXSAVE_SIZE;

	if (n < FXSAVE_SIZE || (fx->mxcsr & ~mxcsr_mask) != 0)
		return -EINVAL;
	if (image_is_extended(buf, n)) {
		const struct xsave_header *uh = buf + FXSAVE_SIZE;

		/* What XRSTOR would fault on: SDM 1, 13.8.1. */
		if ((uh->xstate_bv & ~xcr0) != 0 || uh->xcomp_bv != 0 ||
		    !mem_is_zero(uh->reserved, sizeof(uh->reserved)))
			return -EINVAL;
		wanted = uh->xstate_bv & fx->sw.xfeatures;
		size = fx->sw.xstate_size;
	}
	fpu_init_state(area);
	memcpy(area, buf, size);
	memset(((struct fxsave *)area)->reserved, 0,
	       FXSAVE_SIZE - offsetof(struct fxsave, reserved));
	if (cpu_features.xsave) {
		memset(h, 0, sizeof(*h));
		h->xstate_bv = wanted;
	}
	return 0;
}
