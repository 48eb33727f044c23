// SPDX-License-Identifier: MIT
/*
 * tamper SOCK PORT reject | device NAME | backlog N | shutdown: does something to the listener of the HAProxy that
 * answers on SOCK, behind its back, as section 3 of the article thought of it.
 *
 *   reject     a filter on the socket (SO_ATTACH_FILTER) drops SYNs
 *   device     the socket takes packets of that interface only (SO_BINDTODEVICE)
 *   backlog    listen(2) once more, with that backlog
 *   shutdown   shutdown(2) for reading
 *
 * tamper SOCK PORT device: prints the interface to which the listener is bound.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stddef.h>

#include "getsocks.h"

/* For the filter of a TCP socket a packet begins with its TCP header. */
static int reject(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offsetof(struct tcphdr, th_flags)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TH_SYN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog filter = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

static int print_device(int fd)
{
	char name[IF_NAMESIZE] = "";
	socklen_t size = sizeof(name);

	if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &size))
		return -1;
	printf("%.*s\n", (int)size, name);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[3] : "", *value = argc > 4 ? argv[4] : NULL;
	int fd, status;

	if (argc != (value ? 5 : 4) ||
	    !(value ? !strcmp(what, "device") || !strcmp(what, "backlog") :
		      !strcmp(what, "device") || !strcmp(what, "reject") || !strcmp(what, "shutdown"))) {
		fprintf(stderr, "usage: tamper SOCK PORT reject | device [NAME] | backlog N | shutdown\n");
		return 2;
	}
	fd = get_listener(argv[1], atoi(argv[2]));
	if (*what == 'r')
		status = reject(fd);
	else if (*what == 'b')
		status = listen(fd, atoi(value));
	else if (*what == 's')
		status = shutdown(fd, SHUT_RD);
	else if (value)
		status = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, value, strlen(value));
	else
		status = print_device(fd);
	if (status)
		die("%s: %s", what, strerror(errno));
	return 0;
}
