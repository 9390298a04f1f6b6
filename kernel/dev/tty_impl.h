/* SPDX-License-Identifier: MIT */
/* The inside of terminals: for kernel/dev/ only.  Theory: tty.c. */
#pragma once

#include <abi/linux/termios.h>
#include <dev/tty.h>
#include <lib/ring.h>
#include <lib/types.h>
#include <obj/desc.h>
#include <sched/msg.h>
#include <sched/waitq.h>
#include <sync/spinlock.h>

#define TTY_BUF	  4096u
#define TTY_RAW	  4096u
#define TTY_ECHO  1024u
#define TTY_CHUNK 256u

/* desc->version of one that a hang-up does not end (/dev/console). */
#define TTY_NEVER_HUNG UINT64_MAX

struct tty {
	struct spinlock lock;	/* rank TTY, irq */
	struct tty_device *dev; /* IMMUTABLE */
	const char *name;	/* IMMUTABLE */
	uint64_t rdev;		/* IMMUTABLE */

	struct linux_termios termios; /* GUARDED_BY(lock) */
	struct linux_winsize winsize; /* GUARDED_BY(lock) */

	/* From the interrupt to the worker. */
	struct ring raw;      /* ATOMIC; consumed under lock */
	struct core_msg work; /* ATOMIC; as sched/msg.h says */
	bool throttled;	      /* GUARDED_BY(lock) */

	/*
	 * Input: buf[tail, head).  In canonical mode programs see up to
	 * `canon`, where the line being typed begins; `ends` has a bit for
	 * the last byte of each line, `eofs` for those that are end-of-file
	 * marks.  Positions run freely and are masked on use.
	 */
	uint32_t head, tail, canon; /* GUARDED_BY(lock) */
	uint32_t lines;		    /* GUARDED_BY(lock); ends in the buffer */
	bool lnext;		    /* GUARDED_BY(lock); next one literally */
	uint32_t line_column;	    /* GUARDED_BY(lock); where `canon` was */

	/* Output. */
	uint32_t column;       /* GUARDED_BY(lock) */
	bool stopped;	       /* GUARDED_BY(lock); ctrl-S or TCOOFF */
	struct ring echo;      /* GUARDED_BY(lock) */
	struct thread *writer; /* GUARDED_BY(lock); weak; whose turn it is */

	/* Job control: global ids. */
	int32_t sid;	  /* GUARDED_BY(lock); 0: nobody's terminal */
	int32_t pgid;	  /* GUARDED_BY(lock); foreground group */
	bool exclusive;	  /* GUARDED_BY(lock) */
	uint64_t hangups; /* ATOMIC; written under lock */

	struct waitq in_wq, out_wq; /* have their own locks */

	uint64_t ends[TTY_BUF / 64]; /* GUARDED_BY(lock) */
	uint64_t eofs[TTY_BUF / 64]; /* GUARDED_BY(lock) */
	uint8_t buf[TTY_BUF];	     /* GUARDED_BY(lock) */
	uint8_t raw_buf[TTY_RAW];    /* ATOMIC; by way of `raw` */
	uint8_t echo_buf[TTY_ECHO];  /* GUARDED_BY(lock) */
};

extern const struct desc_ops tty_ops;

static inline bool tty_flag(uint32_t flags, uint32_t bit)
{
	return (flags & bit) != 0;
}

/* Was the terminal hung up since @d was opened? */
static inline bool tty_hung_up(const struct tty *t, const struct desc *d)
{
	return d->version != TTY_NEVER_HUNG &&
	       d->version != atomic_load_acquire(&t->hangups);
}

/* --- tty.c --- */
/* Opens @d on @t. */
__must_check err_t tty_open(struct tty *t, struct desc *d, bool may_acquire,
			    bool never_hung);
/*
 * Sleep until @ready (asked with t->lock held).
 * Returns: 0; -ERESTARTSYS; -ETIMEDOUT.
 */
__must_check err_t tty_wait(struct tty *t, struct waitq *wq,
			    bool (*ready)(struct tty *t, const void *arg),
			    const void *arg, nsec_t deadline);
/* All output has left for the device's hands. */
__must_check err_t tty_drain(struct tty *t);

/* --- ldisc.c: all with t->lock held --- */
void ldisc_init(struct tty *t);
/* One byte from the line; returns a signal for the foreground group, or 0. */
int ldisc_input(struct tty *t, uint8_t c);
/* Can one more byte be taken from the raw ring? */
bool ldisc_has_room(const struct tty *t);
/* ICANON changed. */
void ldisc_switch(struct tty *t, bool canonical);
void ldisc_flush_input(struct tty *t);
/* Bytes that a read may get now. */
uint32_t ldisc_readable(const struct tty *t);
/*
 * Take up to @n bytes.  *@end: a line is complete (or end of file), the read
 * is over.
 */
size_t ldisc_take(struct tty *t, uint8_t *to, size_t n, bool *end);

/* --- tty_out.c: all with t->lock held --- */
/* Process and queue output; returns bytes of @s used up. */
size_t tty_output(struct tty *t, const uint8_t *s, size_t n);
/* Echo one byte: as it is, or ^X for control characters. */
void tty_echo_raw(struct tty *t, uint8_t c);
void tty_echo(struct tty *t, uint8_t c);
/* Send echoes that wait. */
void tty_echo_flush(struct tty *t);
/* Forget output and echoes that were not sent yet. */
void tty_output_discard(struct tty *t);
/* Column after @c was echoed at @column. */
uint32_t tty_echo_column(const struct tty *t, uint32_t column, uint8_t c);

/* --- tty_job.c: no lock held --- */
/*
 * May the current process act on its terminal (@signo SIGTTIN: read, SIGTTOU:
 * write or change)?  0; -EIO; -ERESTARTSYS with the signal sent.
 */
__must_check err_t tty_job_check(struct tty *t, int signo);
void tty_signal(struct tty *t, int signo);
/* A session leader without a terminal opens one: it becomes his. */
void tty_job_acquire(struct tty *t);
__must_check err_t tty_job_control(struct tty *t, unsigned cmd, void *arg);
void tty_hang_up(struct tty *t);
void tty_job_init(void);

/* --- tty_ioctl.c --- */
err_t tty_control(struct desc *d, unsigned cmd, void *arg);
