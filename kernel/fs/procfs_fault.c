/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/fail-nth, for tests of the debug flavour: writing N makes the
 * N-th fault point that the writing thread meets from now on fail; reading
 * disarms it and gives 1 when it was met, else 0.  It is always about the
 * thread that reads or writes, and nothing here can itself run out.
 */
#include <debug/fault.h>
#include <lib/num.h>
#include <mm/uio.h>

#include "procfs_impl.h"

#define DIGITS_MAX 10u

static err_t fault_read(struct desc *d, struct uio *u, uint64_t *pos,
			size_t *done)
{
	char c = fault_fired() ? '1' : '0';
	err_t err = 0;

	(void)d;
	if (u->left != 0 && *pos == 0)
		err = uio_put(u, &c, 1, done);
	*pos += *done;
	return err;
}

static err_t fault_write(struct desc *d, struct uio *u, uint64_t *pos,
			 size_t *done)
{
	char digits[DIGITS_MAX + 1];
	size_t len = u->left, n = 0;
	uint64_t nth;
	err_t err;

	(void)d;
	(void)pos;
	if (len == 0 || len > DIGITS_MAX)
		return -EINVAL;
	err = uio_get(u, digits, len, &n);
	if (err)
		return err;
	if (digits[n - 1] == '\n')
		n--;
	if (num_parse_n(digits, n, 10, &nth) != 0 || nth > UINT32_MAX)
		return -EINVAL;
	*done = len;
	fault_arm((unsigned)nth);
	return 0;
}

const struct desc_ops proc_fault_ops = {
	.read = fault_read,
	.write = fault_write,
	.nopos_lock = true,
};
