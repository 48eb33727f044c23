// SPDX-License-Identifier: MIT
/*
 * alone PORT: prints 1 if no second socket can be bound to the port of the loopback, not even with SO_REUSEPORT, because
 * who listens there has not set it; else 0. It does not listen, so it takes no connection from anybody. For the proof of
 * a case.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#ifndef SO_REUSEPORT
#define SO_REUSEPORT 15
#endif

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(argc == 2 ? atoi(argv[1]) : 0) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, bound;

	if (!at.sin_port) {
		fprintf(stderr, "usage: alone PORT\n");
		return 2;
	}
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one))) {
		perror("alone: SO_REUSEPORT");
		return 1;
	}
	bound = bind(fd, (struct sockaddr *)&at, sizeof(at));
	if (bound && errno != EADDRINUSE) {
		perror("alone: bind");
		return 1;
	}
	printf("%d\n", !!bound);
	return 0;
}
