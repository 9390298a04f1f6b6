/* SPDX-License-Identifier: MIT */
/* Terminals: line discipline between a device below and programs above. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct tty;

/* What the device below offers. */
struct tty_device {
	/* Queue up to @n bytes for output; returns how many were taken. */
	size_t (*write)(struct tty_device *d, const uint8_t *s, size_t n);
	/* Room for output now (bytes). */
	size_t (*write_room)(struct tty_device *d);
	/* Stop (1) or go on (0) taking input: flow control. */
	void (*throttle)(struct tty_device *d, bool stop);
	/* Bytes not yet sent (TIOCOUTQ, tcdrain). */
	size_t (*pending)(struct tty_device *d);
	/* Forget output that was not sent yet (TCOFLUSH, signal keys). */
	void (*discard)(struct tty_device *d);
	void *data;
};

__must_check err_t tty_create(struct tty_device *dev, const char *name,
			      uint64_t rdev, struct tty **out);
/* From the device's interrupt: input bytes.  Bounded. */
void tty_input_irq(struct tty *t, const uint8_t *s, size_t n);
/* From the device's interrupt: there is room for output again. */
void tty_output_ready_irq(struct tty *t);
struct tty *tty_console(void);
void tty_set_console(struct tty *t);
/* For /proc: its device number, its foreground group (0: none) by global id. */
uint64_t tty_rdev(const struct tty *t);
int32_t tty_foreground(struct tty *t);
/* Boot: the size of the window, before anybody asks for it. */
void tty_set_size(struct tty *t, uint16_t rows, uint16_t columns);
void dev_init(void); /* uart, tty, memory devices, hostio; registers nodes */
