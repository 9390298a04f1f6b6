/* SPDX-License-Identifier: MIT */
/*
 * The clocks.
 *
 * Monotonic time is the time stamp counter, scaled: ns = (tsc - base) * mult
 * / 2^32.  Real time is monotonic time plus an offset, taken at boot from the
 * battery-backed clock (one second's resolution, UTC) and changed by
 * clock_set_realtime().  The counters of all cores start together and run at
 * one rate, which the machine guarantees (invariant TSC).
 */
#include <lib/atomic.h>
#include <sched/timer.h>

#include "sched_impl.h"

#define CMOS_INDEX   0x70
#define CMOS_DATA    0x71
#define RTC_STATUS_A 0x0a
#define RTC_STATUS_B 0x0b
#define RTC_UPDATING 0x80
#define RTC_BINARY   0x04
#define RTC_24H	     0x02
#define RTC_TRIES    1000000

uint64_t clock_tsc_base __ro_after_init;
uint64_t clock_mult __ro_after_init; /* 0 until clock_init(): time stands */
static nsec_t realtime_at_0;	     /* ATOMIC */

struct rtc_time {
	uint8_t sec, min, hour, day, month, year;
};

static uint8_t cmos_read(uint8_t reg)
{
	port_out8(CMOS_INDEX, reg);
	return port_in8(CMOS_DATA);
}

static void rtc_read_once(struct rtc_time *t)
{
	unsigned tries = RTC_TRIES;

	while ((cmos_read(RTC_STATUS_A) & RTC_UPDATING) != 0 && --tries != 0)
		cpu_relax();
	t->sec = cmos_read(0);
	t->min = cmos_read(2);
	t->hour = cmos_read(4);
	t->day = cmos_read(7);
	t->month = cmos_read(8);
	t->year = cmos_read(9);
}

static uint8_t from_bcd(uint8_t v)
{
	return (uint8_t)((v >> 4) * 10 + (v & 15));
}

/* Days from 1970 to the first of @month (1 to 12) of @year. */
static uint64_t days_before(unsigned year, unsigned month)
{
	static const uint16_t before_month[12] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	unsigned y = year - 1;
	uint64_t days = (uint64_t)(year - 1970) * 365;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	days += (y / 4 - y / 100 + y / 400) -
		(1969 / 4 - 1969 / 100 + 1969 / 400);
	days += before_month[month - 1];
	return leap && month > 2 ? days + 1 : days;
}

static nsec_t rtc_read(void)
{
	struct rtc_time a, b;
	uint8_t mode = cmos_read(RTC_STATUS_B);
	bool pm;
	uint64_t s;

	/* Twice the same: not torn by an update in between. */
	rtc_read_once(&a);
	for (;;) {
		rtc_read_once(&b);
		if (__builtin_memcmp(&a, &b, sizeof(a)) == 0)
			break;
		a = b;
	}
	pm = (a.hour & 0x80) != 0;
	a.hour &= 0x7f;
	if ((mode & RTC_BINARY) == 0) {
		a.sec = from_bcd(a.sec);
		a.min = from_bcd(a.min);
		a.hour = from_bcd(a.hour);
		a.day = from_bcd(a.day);
		a.month = from_bcd(a.month);
		a.year = from_bcd(a.year);
	}
	if ((mode & RTC_24H) == 0)
		a.hour = (uint8_t)(a.hour % 12 + (pm ? 12 : 0));
	if (a.month < 1 || a.month > 12 || a.day < 1)
		return 0; /* no such clock: 1970 is as good as any */
	s = days_before(2000u + a.year, a.month) + a.day - 1u;
	s = ((s * 24 + a.hour) * 60 + a.min) * 60 + a.sec;
	return s * NSEC_PER_SEC;
}

void clock_init(void)
{
	__extension__ typedef unsigned __int128 u128;
	uint64_t hz = cpu_tsc_hz();

	kassert(hz != 0);
	clock_tsc_base = cpu_tsc();
	clock_mult = (uint64_t)(((u128)NSEC_PER_SEC << 32) / hz);
	atomic_store_relaxed(&realtime_at_0, rtc_read() - clock_now());
}

nsec_t clock_monotonic(void)
{
	return clock_now();
}

nsec_t clock_realtime(void)
{
	return atomic_load_relaxed(&realtime_at_0) + clock_now();
}

void clock_set_realtime(nsec_t now)
{
	atomic_store_relaxed(&realtime_at_0, now - clock_now());
}

nsec_t clock_boot_realtime(void)
{
	return atomic_load_relaxed(&realtime_at_0);
}

void clock_params(uint64_t *tsc_base, uint64_t *mult, unsigned *shift)
{
	*tsc_base = clock_tsc_base;
	*mult = clock_mult;
	*shift = 32;
}
