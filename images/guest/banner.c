// SPDX-License-Identifier: MIT
/*
 * banner PATH: a server that speaks first, as those of SMTP, FTP and SSH do, for a proxy to pass on to. It greets each
 * connection, reads one line, answers it and closes. It listens on a UNIX socket, so that the kernel's counters of TCP
 * are those of the proxy's clients alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GREETING "220 hitless\r\n"
#define REPLY "250 ok\r\n"
#define MAX_CLIENTS 20000

/* The first is the listener. */
static struct pollfd all[1 + MAX_CLIENTS];
static int count = 1;

/* A line is short and comes in one piece; what is no line gets no reply. */
static void serve(int fd)
{
	char line[512];
	ssize_t size = recv(fd, line, sizeof(line), 0);

	if (size > 0 && memchr(line, '\n', size))
		send(fd, REPLY, strlen(REPLY), MSG_NOSIGNAL);
	close(fd);
}

static void greet_all(void)
{
	int fd;

	while (count <= MAX_CLIENTS && (fd = accept4(all->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		if (send(fd, GREETING, strlen(GREETING), MSG_NOSIGNAL) < 0)
			close(fd);
		else
			all[count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct rlimit files = { MAX_CLIENTS + 16, MAX_CLIENTS + 16 }, have;

	if (argc != 2 || strlen(argv[1]) >= sizeof(at.sun_path)) {
		fprintf(stderr, "usage: banner PATH\n");
		return 2;
	}
	/* Where more is not allowed, as in the namespaces of a user, all that is. */
	getrlimit(RLIMIT_NOFILE, &have);
	if (setrlimit(RLIMIT_NOFILE, &files)) {
		have.rlim_cur = have.rlim_max;
		setrlimit(RLIMIT_NOFILE, &have);
	}
	strcpy(at.sun_path, argv[1]);
	unlink(at.sun_path);
	all->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	all->events = POLLIN;
	if (all->fd < 0 || bind(all->fd, (struct sockaddr *)&at, sizeof(at)) || listen(all->fd, 65535)) {
		fprintf(stderr, "banner: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (;;) {
		poll(all, count, -1);
		for (int i = count - 1; i > 0; i--) {
			if (!all[i].revents)
				continue;
			serve(all[i].fd);
			all[i] = all[--count];
		}
		greet_all();
	}
}
