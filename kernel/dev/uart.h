/* SPDX-License-Identifier: MIT */
/* 16550 serial ports, driven by interrupts both ways. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct uart;

/* Which port. */
#define UART_COM1 0u
#define UART_COM2 1u

/* Who gets the bytes.  Called in the interrupt, no lock held. */
struct uart_client {
	void (*input)(void *arg, const uint8_t *s, size_t n);
	/* The transmit ring fell to half, or to nothing; may be NULL. */
	void (*output_ready)(void *arg);
};

/**
 * uart_open - find the port, set it up, take its interrupt
 *
 * Context: thread or boot.  Refs: @client and @arg are kept for ever.
 * Returns: 0; -ENODEV no such port; -EBUSY; as irq_register_isa().
 */
__must_check err_t uart_open(unsigned which, const struct uart_client *client,
			     void *arg, struct uart **out);

/*
 * Queue up to @n bytes; returns how many were taken.
 * Context: any.  Locks: takes UART.
 */
size_t uart_write(struct uart *u, const uint8_t *s, size_t n);
size_t uart_room(struct uart *u);
size_t uart_pending(struct uart *u);
/* Forget what is queued.  Context: any.  Locks: takes UART. */
void uart_discard(struct uart *u);
/* Stop taking input: the port's buffer fills, and the sender has to wait. */
void uart_throttle(struct uart *u, bool stop);
/* Send what is queued by polling, until @deadline (clock_monotonic). */
void uart_drain(struct uart *u, nsec_t deadline);

/* COM1 by polling, without a lock: for panics only. */
void uart_panic_write(const char *s, size_t n);
