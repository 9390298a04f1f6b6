/* SPDX-License-Identifier: MIT */
/*
 * ftq - fixed time quantum / fixed work quantum noise test.
 *   ftq [-m ftq|fwq] [-c cpu] [-q quantum_us] [-s seconds] [-k tsc_khz] [-r] [-p]
 * ftq: counts work units in each quantum of q us; fwq: times a fixed amount of work (calibrated to q us).
 * Prints n, median, mean, cv %, and the share of quanta below 99 / 95 / 90 / 50 % of the median
 * (fwq: above 101 / 105 / 110 / 200 %), the worst one, and the interrupts of that CPU during the run
 * (/proc/interrupts). -r prints the raw samples too. -p = SCHED_FIFO 50.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
typedef uint64_t u64;
static inline u64 tsc(void)
{
	uint32_t a, d;
	__asm__ volatile("rdtsc" : "=a"(a), "=d"(d) : : "memory");
	return ((u64)d << 32) | a;
}
static inline void work(void)	/* a unit: 64 iterations of dec+jnz = 129 instructions */
{
	u64 n = 64;
	__asm__ volatile("1: dec %0; jnz 1b" : "+r"(n) : : "cc");
}
static int cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;
	return x < y ? -1 : x > y;
}
#define MAXL 256
static char nm[MAXL][40];
static u64 cnt[2][MAXL];
static int nl;
static char ib[65536];
static void irqs(int w, int cpu)
{
	int fd = open("/proc/interrupts", O_RDONLY), n = 0, r;
	if (fd < 0) return;
	while (n < (int)sizeof ib - 1 && (r = read(fd, ib + n, sizeof ib - 1 - n)) > 0) n += r;
	ib[n] = 0;
	close(fd);
	char *p = strchr(ib, '\n');
	nl = 0;
	/* which column is the cpu? the header lists the online ones */
	int col = -1, k = 0;
	for (char *h = ib; h < p; ) {
		char *c = strstr(h, "CPU");
		if (!c || c > p) break;
		if (atoi(c + 3) == cpu) col = k;
		k++;
		h = c + 3;
	}
	if (col < 0) return;
	while (p && *++p && nl < MAXL) {
		char *e = strchr(p, '\n');
		if (!e) break;
		*e = 0;
		char *c = strchr(p, ':');
		if (c) {
			*c++ = 0;
			while (*p == ' ') p++;
			u64 v = 0;
			int ok = 1;
			for (int i = 0; i <= col; i++) {
				char *z;
				v = strtoull(c, &z, 10);
				if (z == c) { ok = 0; break; }
				c = z;
			}
			if (ok) { snprintf(nm[nl], sizeof nm[nl], "%s", p); cnt[w][nl++] = v; }
		}
		p = e;
	}
}
int main(int argc, char **argv)
{
	int c, fwq = 0, cpu = 1, raw = 0, fifo = 0;
	double q = 1000, secs = 10, khz = 0;
	while ((c = getopt(argc, argv, "m:c:q:s:k:rp")) != -1) switch (c) {
	case 'm': fwq = !strcmp(optarg, "fwq"); break;
	case 'c': cpu = atoi(optarg); break;
	case 'q': q = atof(optarg); break;
	case 's': secs = atof(optarg); break;
	case 'k': khz = atof(optarg); break;
	case 'r': raw = 1; break;
	case 'p': fifo = 1; break;
	default: return 2;
	}
	cpu_set_t s;
	CPU_ZERO(&s);
	CPU_SET(cpu, &s);
	if (sched_setaffinity(0, sizeof s, &s)) perror("# setaffinity");
	if (fifo) { struct sched_param sp = { .sched_priority = 50 }; if (sched_setscheduler(0, SCHED_FIFO, &sp)) perror("# fifo"); }
	if (!khz) {
		struct timespec a, b;
		double ns;
		if (clock_gettime(CLOCK_MONOTONIC, &a)) { perror("# clock_gettime, use -k"); return 1; }
		u64 t0 = tsc(), t1;
		do {
			clock_gettime(CLOCK_MONOTONIC, &b);
			t1 = tsc();
			ns = (b.tv_sec - a.tv_sec) * 1e9 + b.tv_nsec - a.tv_nsec;
		} while (ns < 2e8);
		khz = (t1 - t0) / ns * 1e6;
	}
	long n = secs * 1e6 / q;
	u64 Q = q * khz / 1000;
	u64 *S = mmap(0, n * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (S == MAP_FAILED) { perror("mmap"); return 1; }
	memset(S, 0xff, n * 8);
	u64 units = 0;
	if (fwq) {	/* how much work is a quantum: the best of 200 */
		u64 best = 0;
		for (int i = 0; i < 200; i++) {
			u64 e = tsc() + Q, k = 0;
			do { work(); k++; } while (tsc() < e);
			if (k > best) best = k;
		}
		units = best;
	}
	irqs(0, cpu);
	struct timespec ta, tb;
	int ck = clock_gettime(CLOCK_MONOTONIC, &ta);
	u64 T0 = tsc();
	if (!fwq) {
		u64 e = tsc();
		for (long i = 0; i < n; i++) {
			u64 k = 0;
			e += Q;
			while (tsc() < e) { work(); k++; }
			S[i] = k;
		}
	} else {
		u64 a = tsc();
		for (long i = 0; i < n; i++) {
			for (u64 k = 0; k < units; k++) { work(); (void)tsc(); }
			u64 b = tsc();
			S[i] = b - a;
			a = b;
		}
	}
	u64 T1 = tsc();
	ck |= clock_gettime(CLOCK_MONOTONIC, &tb);
	irqs(1, cpu);
	double sum = 0, s2 = 0;
	if (raw) for (long i = 0; i < n; i++) printf("%llu\n", (unsigned long long)S[i]);
	for (long i = 0; i < n; i++) sum += S[i];
	double mean = sum / n;
	for (long i = 0; i < n; i++) s2 += (S[i] - mean) * (S[i] - mean);
	qsort(S, n, 8, cmp);
	double med = S[n / 2], sd = sqrt(s2 / n);
	static const double lim[2][4] = { { .99, .95, .90, .50 }, { 1.01, 1.05, 1.10, 2.0 } };
	long bad[4] = { 0 };
	for (long i = 0; i < n; i++)
		for (int j = 0; j < 4; j++)
			if (fwq ? S[i] > med * lim[1][j] : S[i] < med * lim[0][j]) bad[j]++;
	double T = (T1 - T0) / khz / 1000;
	printf("ftq mode=%s cpu=%d n=%ld quantum_us=%.0f tsc_khz=%.0f run_s=%.3f\n", fwq ? "fwq" : "ftq", cpu, n, q, khz, T);
	printf("ftq median=%.0f mean=%.1f min=%llu p1=%llu p99=%llu max=%llu\n", med, mean, (unsigned long long)S[0],
	       (unsigned long long)S[n / 100], (unsigned long long)S[n - 1 - n / 100], (unsigned long long)S[n - 1]);
	printf("ftq cv_pct=%.4f disturbed_1pct=%.3f%% disturbed_5pct=%.3f%% disturbed_10pct=%.3f%% disturbed_50pct=%.3f%% lost_vs_best_pct=%.3f\n",
	       100 * sd / mean, 100. * bad[0] / n, 100. * bad[1] / n, 100. * bad[2] / n, 100. * bad[3] / n,
	       fwq ? 100 * (mean - S[0]) / S[0] : 100 * (S[n - 1] - mean) / S[n - 1]);
	u64 tot = 0;
	for (int i = 0; i < nl; i++) {
		u64 dlt = cnt[1][i] - cnt[0][i];
		if (dlt) { printf("ftq irq %s %llu %.2f/s\n", nm[i], (unsigned long long)dlt, dlt / T); tot += dlt; }
	}
	printf("ftq irq_total %llu %.2f/s\n", (unsigned long long)tot, tot / T);
	if (!ck) printf("ftq wall_by_kernel_clock %.6f s\n", (tb.tv_sec - ta.tv_sec) + (tb.tv_nsec - ta.tv_nsec) / 1e9);
	return 0;
}
