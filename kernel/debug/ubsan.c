/* SPDX-License-Identifier: MIT */
/*
 * What the compiler's undefined-behaviour checks call in the debug flavour.
 * Each report is a kernel bug, so each one panics with the place.
 *
 * The structures are the compiler's: gcc and clang agree on them.
 */
#include <lib/annot.h>
#include <lib/assert.h>
#include <lib/types.h>

struct location {
	const char *file;
	uint32_t line, column;
};

struct type_descriptor {
	uint16_t kind; /* 0: integer */
	uint16_t info; /* bit 0: signed; the rest: log2 of the bits */
	char name[];
};

struct data_overflow {
	struct location at;
	const struct type_descriptor *type;
};

struct data_shift {
	struct location at;
	const struct type_descriptor *lhs, *rhs;
};

struct data_bounds {
	struct location at;
	const struct type_descriptor *array, *index;
};

struct data_mismatch {
	struct location at;
	const struct type_descriptor *type;
	uint8_t log_alignment;
	uint8_t kind;
};

struct data_builtin {
	struct location at;
	uint8_t kind;
};

struct data_nonnull {
	struct location at, attribute;
	int arg;
};

/* Value handles are the value itself up to 64 bits. */
typedef uintptr_t value_t;

static __noreturn void report(const struct location *at, const char *what,
			      unsigned long long a, unsigned long long b)
{
	panic("ubsan: %s:%u:%u: %s (%#llx, %#llx)", at->file,
	      (unsigned)at->line, (unsigned)at->column, what, a, b);
}

#define HANDLER_OVERFLOW(name, what) \
	void __ubsan_handle_##name(struct data_overflow *d, value_t a, \
				   value_t b); \
	void __ubsan_handle_##name(struct data_overflow *d, value_t a, \
				   value_t b) \
	{ \
		report(&d->at, what, a, b); \
	}

HANDLER_OVERFLOW(add_overflow, "addition overflows")
HANDLER_OVERFLOW(sub_overflow, "subtraction overflows")
HANDLER_OVERFLOW(mul_overflow, "multiplication overflows")
HANDLER_OVERFLOW(divrem_overflow, "division by zero or overflow")
HANDLER_OVERFLOW(pointer_overflow, "pointer arithmetic overflows")

#define HANDLER_VALUE(name, type, what) \
	void __ubsan_handle_##name(struct type *d, value_t v); \
	void __ubsan_handle_##name(struct type *d, value_t v) \
	{ \
		report(&d->at, what, v, 0); \
	}

HANDLER_VALUE(negate_overflow, data_overflow, "negation overflows")
HANDLER_VALUE(load_invalid_value, data_overflow, "value not of its type")
HANDLER_VALUE(vla_bound_not_positive, data_overflow, "array size not positive")
HANDLER_VALUE(out_of_bounds, data_bounds, "index out of bounds")
HANDLER_VALUE(function_type_mismatch, data_overflow,
	      "call through a pointer of another type")

void __ubsan_handle_shift_out_of_bounds(struct data_shift *d, value_t a,
					value_t b);
void __ubsan_handle_shift_out_of_bounds(struct data_shift *d, value_t a,
					value_t b)
{
	report(&d->at, "shift out of bounds", a, b);
}

void __ubsan_handle_type_mismatch_v1(struct data_mismatch *d, value_t ptr);
void __ubsan_handle_type_mismatch_v1(struct data_mismatch *d, value_t ptr)
{
	const char *what = "object too small for its type";

	if (ptr == 0)
		what = "null pointer";
	else if (d->log_alignment != 0 &&
		 (ptr & ((UINT64_C(1) << d->log_alignment) - 1)) != 0)
		what = "misaligned pointer";
	report(&d->at, what, ptr, d->kind);
}

#define HANDLER_PLACE(name, type, what) \
	void __ubsan_handle_##name(struct type *d); \
	void __ubsan_handle_##name(struct type *d) \
	{ \
		report(&d->at, what, 0, 0); \
	}

HANDLER_PLACE(builtin_unreachable, data_builtin, "unreachable code reached")
HANDLER_PLACE(missing_return, data_builtin, "function ends without a value")
HANDLER_PLACE(invalid_builtin, data_builtin, "builtin called with 0")
HANDLER_PLACE(nonnull_arg, data_nonnull, "null argument marked nonnull")

void __ubsan_handle_nonnull_return_v1(struct data_builtin *d,
				      struct location *at);
void __ubsan_handle_nonnull_return_v1(struct data_builtin *d,
				      struct location *at)
{
	(void)d;
	report(at, "null returned where nonnull is promised", 0, 0);
}
