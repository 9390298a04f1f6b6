/* SPDX-License-Identifier: MIT */
/*
 * Sockets: no address family is there yet.  Calls on a descriptor say what
 * they would say about any descriptor that is not a socket.
 */
#include "linux_impl.h"

#define SOCK_TYPE_MASK 0xfu
#define SOCK_MAX       11u

static int64_t no_family(struct regs *r)
{
	uint32_t type = (uint32_t)ARG1(r);

	if (type & ~(SOCK_TYPE_MASK | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	return -EAFNOSUPPORT;
}

int64_t linux_socket(struct regs *r)
{
	return no_family(r);
}

int64_t linux_socketpair(struct regs *r)
{
	return no_family(r);
}

static int64_t not_socket(struct regs *r)
{
	struct desc *d;
	err_t err = fd_get(arg_int(ARG0(r)), &d);

	if (err)
		return err;
	desc_put(d);
	return -ENOTSOCK;
}

#define NOT_SOCKET(name) \
	int64_t linux_##name(struct regs *r) \
	{ \
		return not_socket(r); \
	}

NOT_SOCKET(connect)
NOT_SOCKET(accept)
NOT_SOCKET(accept4)
NOT_SOCKET(sendto)
NOT_SOCKET(recvfrom)
NOT_SOCKET(sendmsg)
NOT_SOCKET(recvmsg)
NOT_SOCKET(sendmmsg)
NOT_SOCKET(recvmmsg)
NOT_SOCKET(shutdown)
NOT_SOCKET(bind)
NOT_SOCKET(listen)
NOT_SOCKET(getsockname)
NOT_SOCKET(getpeername)
NOT_SOCKET(setsockopt)
NOT_SOCKET(getsockopt)
