/* SPDX-License-Identifier: MIT */
/*
 * PURPOSE
 *   The 16550 serial ports COM1 and COM2 of a PC.
 *
 * HOW IT GOES
 *   Output goes into a ring; as much as the chip takes at once is handed over
 *   by the writer itself, the rest by the transmit interrupt, which is on
 *   only while the ring is not empty.  Input is read in the interrupt and
 *   given to the client.  A client that is full throttles: the receive
 *   interrupt goes off, the chip's buffer fills, and the sender waits.
 *   The lines are edge-triggered: the handler loops until the chip has no
 *   reason left, or no further edge would come.
 *
 * LOCKING
 *   u->lock (UART, irq) guards registers and ring.  The client is called
 *   without it.
 *
 * NOT DONE HERE
 *   Modem lines, speeds, parity: the ports are virtual.
 */
#include <arch/cpu.h>
#include <arch/hooks.h>
#include <dev/uart.h>
#include <lib/err.h>
#include <lib/minmax.h>
#include <lib/ring.h>
#include <sched/timer.h>
#include <sync/spinlock.h>

/* Registers; the first two are the divisor while LCR_DLAB is set. */
#define REG_DATA 0u
#define REG_IER	 1u
#define REG_IIR	 2u /* read */
#define REG_FCR	 2u /* write */
#define REG_LCR	 3u
#define REG_MCR	 4u
#define REG_LSR	 5u
#define REG_MSR	 6u
#define REG_SCR	 7u

#define IER_RX	 0x01u
#define IER_TX	 0x02u
#define IIR_NONE 0x01u
#define IIR_ID	 0x0eu
#define ID_TX	 0x02u
#define ID_RX	 0x04u /* RX_LEVEL bytes are there */
#define ID_LINE	 0x06u
#define ID_SOME	 0x0cu /* fewer, for a while */
#define FCR_INIT 0xc7u /* on, both cleared, interrupt at RX_LEVEL bytes */
#define RX_LEVEL 14u
#define LCR_8N1	 0x03u
#define LCR_DLAB 0x80u
#define MCR_ON	 0x0bu /* DTR, RTS, and OUT2 which lets interrupts through */
#define LSR_DATA 0x01u
#define LSR_THRE 0x20u

#define FIFO	  16u
#define TX_SIZE	  4096u
#define RX_BATCH  64u
#define POLL_SPIN 1000000u

struct uart {
	struct spinlock lock;		  /* rank UART, irq */
	uint16_t port;			  /* IMMUTABLE */
	uint16_t irq;			  /* IMMUTABLE */
	bool open;			  /* GUARDED_BY(lock) */
	uint8_t ier;			  /* GUARDED_BY(lock); as in the chip */
	struct ring tx;			  /* GUARDED_BY(lock) */
	const struct uart_client *client; /* IMMUTABLE once open */
	void *arg;			  /* IMMUTABLE once open */
	uint8_t tx_buf[TX_SIZE];	  /* GUARDED_BY(lock) */
};

static struct uart uarts[2] = {
	{ .lock = SPINLOCK_INIT(UART), .port = 0x3f8, .irq = 4 },
	{ .lock = SPINLOCK_INIT(UART), .port = 0x2f8, .irq = 3 },
};

static uint8_t get(const struct uart *u, unsigned reg)
{
	return port_in8((uint16_t)(u->port + reg));
}

static void put(const struct uart *u, unsigned reg, unsigned v)
{
	port_out8((uint16_t)(u->port + reg), (uint8_t)v);
}

static void set_ier_locked(struct uart *u, unsigned ier)
{
	if (u->ier == ier)
		return;
	u->ier = (uint8_t)ier;
	put(u, REG_IER, ier);
}

/* Hands over what the chip takes now. */
static void send_locked(struct uart *u)
{
	unsigned i;
	uint8_t byte;

	while (!ring_empty(&u->tx) && (get(u, REG_LSR) & LSR_THRE) != 0)
		for (i = 0; i < FIFO && ring_get(&u->tx, &byte); i++)
			put(u, REG_DATA, byte);
	set_ier_locked(u,
		       ring_empty(&u->tx) ? u->ier & ~IER_TX : u->ier | IER_TX);
}

/* The first @sure bytes are there without asking: each look costs. */
static size_t receive_locked(struct uart *u, uint8_t *buf, size_t sure)
{
	size_t n = 0;

	while (n < RX_BATCH && (n < sure || (get(u, REG_LSR) & LSR_DATA) != 0))
		buf[n++] = get(u, REG_DATA);
	return n;
}

/* One reason of the chip; returns bytes received. */
static size_t handle_locked(struct uart *u, unsigned id, uint8_t *buf)
{
	switch (id) {
	case ID_RX:
		return receive_locked(u, buf, RX_LEVEL);
	case ID_SOME:
		return receive_locked(u, buf, 0);
	case ID_TX:
		send_locked(u);
		return 0;
	case ID_LINE:
		(void)get(u, REG_LSR);
		return 0;
	default:
		(void)get(u, REG_MSR);
		return 0;
	}
}

static void interrupt(void *arg)
{
	struct uart *u = arg;
	uint8_t buf[RX_BATCH];
	uint32_t before, after;
	unsigned iir;
	size_t n;

	for (;;) {
		spin_lock(&u->lock);
		iir = get(u, REG_IIR);
		before = ring_used(&u->tx);
		n = 0;
		if ((iir & IIR_NONE) == 0)
			n = handle_locked(u, iir & IIR_ID, buf);
		after = ring_used(&u->tx);
		spin_unlock(&u->lock);
		if ((iir & IIR_NONE) != 0)
			break;
		if (n != 0)
			u->client->input(u->arg, buf, n);
		if (u->client->output_ready != NULL &&
		    ((before > TX_SIZE / 2 && after <= TX_SIZE / 2) ||
		     (before != 0 && after == 0)))
			u->client->output_ready(u->arg);
	}
}

static bool present(const struct uart *u)
{
	put(u, REG_SCR, 0x5a);
	if (get(u, REG_SCR) != 0x5a)
		return false;
	put(u, REG_SCR, 0xa5);
	return get(u, REG_SCR) == 0xa5;
}

static void set_up_locked(struct uart *u)
{
	put(u, REG_IER, 0);
	put(u, REG_LCR, LCR_DLAB);
	put(u, REG_DATA, 1); /* 115200 */
	put(u, REG_IER, 0);
	put(u, REG_LCR, LCR_8N1);
	put(u, REG_FCR, FCR_INIT);
	put(u, REG_MCR, MCR_ON);
	(void)get(u, REG_LSR);
	(void)get(u, REG_MSR);
	u->ier = 0;
}

err_t uart_open(unsigned which, const struct uart_client *client, void *arg,
		struct uart **out)
{
	struct uart *u = &uarts[which];
	irqflags_t flags;
	err_t err;

	if (!present(u))
		return -ENODEV;
	flags = spin_lock_irqsave(&u->lock);
	err = u->open ? -EBUSY : 0;
	if (!err) {
		u->open = true;
		u->client = client;
		u->arg = arg;
		ring_init(&u->tx, u->tx_buf, TX_SIZE);
		set_up_locked(u);
	}
	spin_unlock_irqrestore(&u->lock, flags);
	if (err)
		return err;
	*out = u;
	err = irq_register_isa(u->irq, interrupt, u);
	flags = spin_lock_irqsave(&u->lock);
	if (err)
		u->open = false;
	else
		set_ier_locked(u, IER_RX);
	spin_unlock_irqrestore(&u->lock, flags);
	return err;
}

size_t uart_write(struct uart *u, const uint8_t *s, size_t n)
{
	irqflags_t flags = spin_lock_irqsave(&u->lock);
	size_t done = ring_write(&u->tx, s, n);

	send_locked(u);
	/* The chip made room at once: it may take the rest. */
	if (done < n) {
		done += ring_write(&u->tx, s + done, n - done);
		send_locked(u);
	}
	spin_unlock_irqrestore(&u->lock, flags);
	return done;
}

size_t uart_room(struct uart *u)
{
	irqflags_t flags = spin_lock_irqsave(&u->lock);
	size_t n = ring_free(&u->tx);

	spin_unlock_irqrestore(&u->lock, flags);
	return n;
}

size_t uart_pending(struct uart *u)
{
	irqflags_t flags = spin_lock_irqsave(&u->lock);
	size_t n = ring_used(&u->tx);

	spin_unlock_irqrestore(&u->lock, flags);
	return n;
}

void uart_discard(struct uart *u)
{
	irqflags_t flags = spin_lock_irqsave(&u->lock);

	ring_consumed(&u->tx, ring_used(&u->tx));
	set_ier_locked(u, u->ier & ~IER_TX);
	spin_unlock_irqrestore(&u->lock, flags);
}

void uart_throttle(struct uart *u, bool stop)
{
	irqflags_t flags = spin_lock_irqsave(&u->lock);

	set_ier_locked(u, stop ? u->ier & ~IER_RX : u->ier | IER_RX);
	spin_unlock_irqrestore(&u->lock, flags);
}

void uart_drain(struct uart *u, nsec_t deadline)
{
	while (uart_pending(u) != 0 && clock_monotonic() < deadline) {
		(void)uart_write(u, NULL, 0);
		cpu_relax();
	}
}

static void panic_byte(const struct uart *u, uint8_t byte)
{
	unsigned tries = POLL_SPIN;

	while ((get(u, REG_LSR) & LSR_THRE) == 0 && --tries != 0)
		cpu_relax();
	put(u, REG_DATA, byte);
}

void uart_panic_write(const char *s, size_t n)
	NO_TSA /* the holder of the lock may be dead */
{
	struct uart *u = &uarts[UART_COM1];
	uint8_t byte;

	if (!u->open && !present(u))
		return;
	while (u->open && ring_get(&u->tx, &byte))
		panic_byte(u, byte);
	while (n-- != 0) {
		if (*s == '\n')
			panic_byte(u, '\r');
		panic_byte(u, (uint8_t)*s++);
	}
}
