/* SPDX-License-Identifier: MIT */
/*
 * Annotations: what a declaration promises, in a form that a compiler reads.
 *
 * The capability macros (GUARDED_BY, REQUIRES, ...) are checked by clang's
 * -Wthread-safety and are empty under gcc.  __user is checked by clang with
 * -DCHECK_USER.
 */
#pragma once

#ifndef PANDO_HOST
#define PANDO_HOST 0
#endif
#ifndef CONFIG_DEBUG
#define CONFIG_DEBUG 0
#endif
#ifndef CONFIG_KASAN
#define CONFIG_KASAN 0
#endif
#ifndef CHECK_USER
#define CHECK_USER_ON 0
#else
#define CHECK_USER_ON 1
#endif

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define __must_check   __attribute__((warn_unused_result))
#define __noreturn     __attribute__((noreturn))
#define __cold	       __attribute__((cold))
#define __printf(f, a) __attribute__((format(printf, f, a)))
#define __packed       __attribute__((packed))
#define __aligned(n)   __attribute__((aligned(n)))
#define __section(s)   __attribute__((section(s)))
#define __maybe_unused __attribute__((unused))
#define __used	       __attribute__((used))
#define __weak	       __attribute__((weak))
#define __noinline     __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define __fallthrough	__attribute__((fallthrough))

/* On a host there is no linker script, and nothing becomes read-only. */
#if PANDO_HOST
#define __ro_after_init
#else
#define __ro_after_init __section(".ro_after_init")
#endif

/* A pointer into user space: only sys/ and the uaccess code hold one. */
#if CHECK_USER_ON && defined(__clang__)
#define __user	__attribute__((noderef, address_space(1)))
#define __force __attribute__((address_space(0)))
#else
#define __user
#define __force
#endif

/* Marks a pointer or variable that each core has its own copy of. */
#define __percpu

/* Address and stack checkers off, where they cannot work yet. */
#define __no_asan      __attribute__((no_sanitize_address))
#define __no_stackprot __attribute__((no_stack_protector))

#if defined(__clang__)
#define TSA_ATTR(x) __attribute__((x))
#else
#define TSA_ATTR(x)
#endif

#define CAPABILITY(name)      TSA_ATTR(capability(name))
#define SCOPED_CAPABILITY     TSA_ATTR(scoped_lockable)
#define GUARDED_BY(x)	      TSA_ATTR(guarded_by(x))
#define PT_GUARDED_BY(x)      TSA_ATTR(pt_guarded_by(x))
#define REQUIRES(...)	      TSA_ATTR(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...)  TSA_ATTR(requires_shared_capability(__VA_ARGS__))
#define ACQUIRES(...)	      TSA_ATTR(acquire_capability(__VA_ARGS__))
#define ACQUIRES_SHARED(...)  TSA_ATTR(acquire_shared_capability(__VA_ARGS__))
#define RELEASES(...)	      TSA_ATTR(release_capability(__VA_ARGS__))
#define RELEASES_SHARED(...)  TSA_ATTR(release_shared_capability(__VA_ARGS__))
#define TRY_ACQUIRES(...)     TSA_ATTR(try_acquire_capability(__VA_ARGS__))
#define EXCLUDES(...)	      TSA_ATTR(locks_excluded(__VA_ARGS__))
#define ASSERTS_HELD(...)     TSA_ATTR(assert_capability(__VA_ARGS__))
#define RETURNS_CAPABILITY(x) TSA_ATTR(lock_returned(x))
#define NO_TSA		      TSA_ATTR(no_thread_safety_analysis)
