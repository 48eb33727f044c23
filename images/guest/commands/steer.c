// SPDX-License-Identifier: MIT
/*
 * steer SOCK PORT INDEX: attaches a program to the reuseport group of a running HAProxy, which sends each new
 * connection to the group's listener number INDEX. A group numbers its listeners in the order in which they began
 * to listen, and the last takes the number of one that closes (reuseport_detach_sock, net/core/sock_reuseport.c,
 * 4.6); a number that nobody has falls back to the hash. With two processes, 1 is always the newer one.
 *
 * steer --classic SOCK PORT INDEX: the same program as classic BPF, without bpf(2).
 *
 * steer --migrate SOCK PORT: attaches a program that lets the hash choose, and with it the kernel moves what waits in
 * a listener that closes to another one, whatever tcp_migrate_req says (BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 5.14).
 *
 * steer --check: whether this kernel takes a program that returns an index at all.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <stdbool.h>

#include "program.h"
#include "getsocks.h"

static int attach_ebpf(int fd, int index)
{
	const struct bpf_insn code[] = { SET(BPF_REG_0, index), EXIT };
	int program = bpf_load(BPF_PROG_TYPE_SOCKET_FILTER, 0, code, 2);

	return program < 0 ? -1 :
	       setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof(program));
}

/* The kernel translates it to eBPF itself. */
static int attach_classic(int fd, int index)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, index) };
	struct sock_fprog program = { .len = 1, .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program));
}

/*
 * Where bpf(2) is refused (a user namespace, with kernel.unprivileged_bpf_disabled) the same program goes in as
 * classic BPF. Returns what was attached, NULL with errno if nothing.
 */
static const char *attach(int fd, int index)
{
	return !attach_ebpf(fd, index) ? "eBPF" : !attach_classic(fd, index) ? "classic BPF" : NULL;
}

/* A TCP group of one, as HAProxy makes it: the option before bind(). */
static int check(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	const char *what;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)))
		die("SO_REUSEPORT: %s", strerror(errno));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 1))
		die("listen: %s", strerror(errno));
	what = attach(fd, 0);
	if (!what)
		die("SO_ATTACH_REUSEPORT_EBPF: %s", strerror(errno));
	printf("%s\n", what);
	return 0;
}

int main(int argc, char **argv)
{
	bool classic = argc == 5 && !strcmp(argv[1], "--classic");
	bool migrate = argc == 4 && !strcmp(argv[1], "--migrate");
	char **arg = argv + 1 + (classic || migrate);
	const char *what;
	int fd;

	if (argc == 2 && !strcmp(argv[1], "--check"))
		return check();
	if (argc != 4 && !classic) {
		fprintf(stderr, "usage: steer [--classic] SOCK PORT INDEX | steer --migrate SOCK PORT | steer --check\n");
		return 2;
	}
	fd = get_listener(arg[0], atoi(arg[1]));
	if (migrate)
		what = !attach_migrate(fd) ? "migration" : NULL;
	else if (classic)
		what = !attach_classic(fd, atoi(arg[2])) ? "classic BPF" : NULL;
	else
		what = attach(fd, atoi(arg[2]));
	if (!what)
		die("port %s: the reuseport group takes no program: %s", arg[1], strerror(errno));
	printf("steer: a program of %s is attached to port %s\n", what, arg[1]);
	return 0;
}
