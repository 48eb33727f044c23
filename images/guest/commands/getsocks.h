/* SPDX-License-Identifier: MIT */
/*
 * A listener of a running HAProxy, as a descriptor of our own: HAProxy hands them out over its stats socket (the
 * undocumented command _getsocks that -x uses; 1.8). What is done to one is done to the proxy's, too. While ours is
 * open no close of the proxy closes the listener, so a program must end before the proxy is told to go.
 */
#ifndef GETSOCKS_H
#define GETSOCKS_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "event.h"

/* The most descriptors that one message carries (SCM_MAX_FD, net/core/scm.c; 255 in 2.6.32). */
#define MAX_FDS 255

/* Says on stderr why the program cannot go on, and ends it with status 1. */
__attribute__((format(printf, 1, 2), noreturn))
static inline void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	exit(1);
}

/* Connects to a stats socket and sends one command. */
static inline int ask_haproxy(const char *path, const char *command)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ssize_t size = strlen(command);

	if (strlen(path) >= sizeof(to.sun_path))
		die("%s: path too long for a socket", path);
	strcpy(to.sun_path, path);
	if (sock < 0 || connect(sock, (struct sockaddr *)&to, sizeof(to)) || write(sock, command, size) != size)
		die("%s: %s", path, strerror(errno));
	return sock;
}

static inline int is_listener(int fd, int port)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);

	return !getsockname(fd, (struct sockaddr *)&at, &len) && at.sin_family == AF_INET &&
	       ntohs(at.sin_port) == port;
}

/* The listener on the port of the HAProxy that answers on a stats socket; the program ends when there is none. */
static inline int get_listener(const char *path, int port)
{
	static char text[65536], control[CMSG_SPACE(MAX_FDS * sizeof(int))];
	struct iovec iov = { text, sizeof(text) };
	int sock = ask_haproxy(path, "_getsocks\n"), total, found = -1;

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

#endif
