// SPDX-License-Identifier: MIT
/*
 * steer SOCK PORT INDEX: attaches a program to the reuseport group of a running HAProxy, which sends each new
 * connection to the group's listener number INDEX. A group numbers its listeners in the order in which they began
 * to listen, and the last takes the number of one that closes (reuseport_detach_sock, net/core/sock_reuseport.c,
 * 4.6); a number that nobody has falls back to the hash. With two processes, 1 is always the newer one.
 *
 * HAProxy hands out its listeners over its stats socket (the undocumented command _getsocks that -x uses; 1.8).
 *
 * steer --check: whether this kernel takes such a program at all.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "event.h"

#ifndef SO_ATTACH_REUSEPORT_CBPF
#define SO_ATTACH_REUSEPORT_CBPF 51
#define SO_ATTACH_REUSEPORT_EBPF 52
#endif
#define MAX_FDS 253

__attribute__((format(printf, 1, 2), noreturn))
static void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "steer: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	exit(1);
}

/* r0 = index; exit */
static int load_ebpf(int index)
{
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = index },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = sizeof(code) / sizeof(code[0]);
	attr.license = (uintptr_t)"GPL";
	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

/*
 * Where bpf(2) is refused (a user namespace, with kernel.unprivileged_bpf_disabled) the same program goes in as
 * classic BPF, which the kernel translates to eBPF itself. Returns what was attached, NULL with errno if nothing.
 */
static const char *attach(int fd, int index)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, index) };
	struct sock_fprog classic = { .len = 1, .filter = code };
	int program = load_ebpf(index);

	if (program >= 0 &&
	    !setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof(program)))
		return "eBPF";
	if (!setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &classic, sizeof(classic)))
		return "classic BPF";
	return NULL;
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

static int is_listener(int fd, int port)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);

	return !getsockname(fd, (struct sockaddr *)&at, &len) && at.sin_family == AF_INET &&
	       ntohs(at.sin_port) == port;
}

/* Takes descriptors from HAProxy until the one that listens on the port has come. */
static int get_listener(const char *path, int port)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM, 0), total, found = -1;
	static char text[65536], control[CMSG_SPACE(MAX_FDS * sizeof(int))];
	struct iovec iov = { text, sizeof(text) };

	if (strlen(path) >= sizeof(to.sun_path))
		die("%s: path too long for a socket", path);
	strcpy(to.sun_path, path);
	if (sock < 0 || connect(sock, (struct sockaddr *)&to, sizeof(to)))
		die("%s: %s", path, strerror(errno));
	if (write(sock, "_getsocks\n", 10) != 10)
		die("%s: %s", path, strerror(errno));
	if (recv(sock, &total, sizeof(total), MSG_WAITALL) != sizeof(total))
		die("%s: no descriptors; does the stats socket say \"expose-fd listeners\" and \"level admin\"?", path);
	while (found < 0) {
		struct msghdr msg = {
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};
		struct cmsghdr *c;

		if (recvmsg(sock, &msg, 0) <= 0)
			die("%s: none of %d descriptors listens on port %d", path, total, port);
		for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
			const int *fds = (const int *)CMSG_DATA(c);
			size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

			if (c->cmsg_type != SCM_RIGHTS)
				continue;
			for (size_t i = 0; i < count; i++)
				if (is_listener(fds[i], port))
					found = fds[i];
		}
	}
	/* HAProxy waits for a number as the acknowledgement of a full message only; after the last one it is gone. */
	send(sock, &total, sizeof(total), MSG_NOSIGNAL);
	close(sock);
	return found;
}

int main(int argc, char **argv)
{
	const char *what;

	if (argc == 2 && !strcmp(argv[1], "--check"))
		return check();
	if (argc != 4) {
		fprintf(stderr, "usage: steer SOCK PORT INDEX | steer --check\n");
		return 2;
	}
	what = attach(get_listener(argv[1], atoi(argv[2])), atoi(argv[3]));
	if (!what)
		die("SO_ATTACH_REUSEPORT_EBPF: %s", strerror(errno));
	printf("steer: %s program returns %s\n", what, argv[3]);
	return 0;
}
