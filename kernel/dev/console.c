/* SPDX-License-Identifier: MIT */
/*
 * The console terminal: COM1 with a line discipline on top, known as
 * /dev/ttyS0 and /dev/console; /dev/tty is whatever terminal controls the
 * caller.  Kernel messages go there only if `loglevel=N` was given, because
 * they must not mix into a job's output; panics always do.
 */
#include <arch/mmu.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <dev/console.h>
#include <dev/uart.h>
#include <fs/procfs.h>
#include <gen/requests.h>
#include <lib/cmdline.h>
#include <lib/err.h>
#include <lib/num.h>
#include <lib/string.h>
#include <ns/chardev.h>
#include <ns/ns.h>
#include <proc/proc.h>
#include <sched/timer.h>

#include "tty_impl.h"

#define TTY_MAJOR     4u
#define TTYAUX_MAJOR  5u
#define TTYS0_MINOR   64u
#define CONSOLE_MINOR 1u
#define QUIET	      (-1)

static struct uart *com1; /* IMMUTABLE after boot; NULL: there is none */

/* --- the device below the terminal --- */

static size_t device_write(struct tty_device *d, const uint8_t *s, size_t n)
{
	return uart_write(d->data, s, n);
}

static size_t device_room(struct tty_device *d)
{
	return uart_room(d->data);
}

static void device_throttle(struct tty_device *d, bool stop)
{
	uart_throttle(d->data, stop);
}

static size_t device_pending(struct tty_device *d)
{
	return uart_pending(d->data);
}

static void device_discard(struct tty_device *d)
{
	uart_discard(d->data);
}

static struct tty_device device = {
	.write = device_write,
	.write_room = device_room,
	.throttle = device_throttle,
	.pending = device_pending,
	.discard = device_discard,
};

static void input(void *arg, const uint8_t *s, size_t n)
{
	struct tty **t = arg;

	tty_input_irq(*t, s, n);
}

static void output_ready(void *arg)
{
	struct tty **t = arg;

	tty_output_ready_irq(*t);
}

static void figures(struct tty *t, int32_t *nr, int32_t *pgid)
{
	*nr = (int32_t)tty_rdev(t);
	*pgid = tty_foreground(t);
}

/* --- nodes --- */

static err_t open_serial(struct desc *d, uint64_t rdev)
{
	struct tty *t = tty_console();

	(void)rdev;
	if (t == NULL)
		return -ENXIO;
	return tty_open(t, d, (d->flags & DESC_NOCTTY) == 0, false);
}

/* As on Linux it is never acquired by opening, and survives a hang-up. */
static err_t open_console(struct desc *d, uint64_t rdev)
{
	struct tty *t = tty_console();

	(void)rdev;
	return t == NULL ? -ENXIO : tty_open(t, d, false, true);
}

static err_t open_controlling(struct desc *d, uint64_t rdev)
{
	struct proc *p = current_proc();
	struct tty *t = p != NULL ? proc_session_tty(p) : NULL;

	(void)rdev;
	return t == NULL ? -ENXIO : tty_open(t, d, false, false);
}

static struct chardev nodes[] = {
	{ .major = TTY_MAJOR,
	  .minor_first = TTYS0_MINOR,
	  .minor_count = 1,
	  .name = "ttyS0",
	  .mode = 0660,
	  .open = open_serial },
	{ .major = TTYAUX_MAJOR,
	  .minor_first = CONSOLE_MINOR,
	  .minor_count = 1,
	  .name = "console",
	  .mode = 0600,
	  .open = open_console },
	{ .major = TTYAUX_MAJOR,
	  .minor_first = 0,
	  .minor_count = 1,
	  .name = "tty",
	  .mode = 0666,
	  .open = open_controlling },
};

/* --- a node that is in no directory, for handles 0 to 2 --- */

static void node_keep(struct node *n)
{
	(void)n;
}

static err_t console_nameof(struct node *n, struct req_nameof *r)
{
	static const char name[] = "/dev/console";

	(void)n;
	if (r->buf.size < sizeof(name) - 1)
		return -ENAMETOOLONG;
	memcpy(r->buf.p, name, sizeof(name) - 1);
	r->len = sizeof(name) - 1;
	r->dir = NULL;
	return 0;
}

static const struct node_ops console_node_ops = { .nameof = console_nameof };
static struct server console_server = {
	.type = "console",
	.ref = { 1 },
	.release = node_keep,
};
static struct node console_node; /* IMMUTABLE once initialised */

err_t console_open_std(const struct cred *c, struct desc *out[3])
{
	struct desc *d;
	err_t err;

	if (console_node.ops == NULL) {
		console_server.dev = server_new_dev();
		node_init(&console_node, &console_node_ops, &console_server,
			  MODE_CHR | 0600);
		console_node.attr.rdev = DEV_MAKE(TTYAUX_MAJOR, CONSOLE_MINOR);
		console_node.attr.ino = 1;
	}
	err = desc_create(&node_path_ops, &console_node, NULL, c, DESC_RDWR,
			  &d);
	if (err)
		return err;
	err = open_console(d, console_node.attr.rdev);
	if (err) {
		desc_put(d);
		return err;
	}
	desc_get(d);
	desc_get(d);
	out[0] = out[1] = out[2] = d;
	return 0;
}

void console_drain(void)
{
	if (com1 != NULL)
		uart_drain(com1, clock_monotonic() + NSEC_PER_SEC);
}

/* --- kernel messages --- */

static void print_line(const char *s, size_t n)
{
	static const uint8_t cr = '\r';

	if (panic_in_progress()) {
		uart_panic_write(s, n);
		return;
	}
	/* What finds no room is in the log all the same. */
	if (n != 0 && s[n - 1] == '\n')
		n--;
	(void)uart_write(com1, (const uint8_t *)s, n);
	(void)uart_write(com1, &cr, 1);
	(void)uart_write(com1, (const uint8_t *)"\n", 1);
}

static void takeover(void)
{
	klog_console_level = KLOG_DEBUG;
}

static void messages_init(void)
{
	char word[16];
	int64_t level;

	klog_console_level = QUIET;
	if (cmdline_find(boot_cmdline(), "loglevel", word, sizeof(word)) &&
	    num_parse_signed(word, 10, &level) == 0 && level >= QUIET &&
	    level <= 7)
		klog_console_level = (int)level;
	klog_console = print_line;
	panic_ops.console_takeover = takeover;
}

/* `winsize=ROWSxCOLUMNS`: what the caller's terminal had at boot. */
static void size_init(struct tty *t)
{
	char word[16];
	const char *s = word;
	uint64_t rows, columns;

	if (!cmdline_find(boot_cmdline(), "winsize", word, sizeof(word)))
		return;
	if (num_scan(&s, UINT16_MAX, &rows) && *s++ == 'x' &&
	    num_scan(&s, UINT16_MAX, &columns) && *s == '\0' && rows != 0 &&
	    columns != 0)
		tty_set_size(t, (uint16_t)rows, (uint16_t)columns);
	else
		klog_at(KLOG_WARN, "console: winsize=%s is not ROWSxCOLUMNS",
			word);
}

void console_init(void)
{
	static const struct uart_client client = { input, output_ready };
	static struct tty *t; /* IMMUTABLE after boot */
	unsigned i;
	err_t err;

	for (i = array_size(nodes); i-- != 0;)
		chardev_register(&nodes[i]);
	tty_job_init();
	procfs_hooks.tty_figures = figures;
	err = tty_create(&device, "ttyS0", DEV_MAKE(TTY_MAJOR, TTYS0_MINOR),
			 &t);
	if (!err)
		err = uart_open(UART_COM1, &client, &t, &com1);
	if (err) {
		com1 = NULL;
		klog_at(KLOG_WARN, "console: no terminal: %s", err_name(err));
		return;
	}
	device.data = com1;
	size_init(t);
	tty_set_console(t);
	messages_init();
}
