/* SPDX-License-Identifier: MIT */
/* A few clients at once, as the lab itself asks the service: how many connections get an answer in time. */
#ifndef CLIENT_H
#define CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event.h"

#define MAX_CLIENTS 64

struct client {
	int answered;	/* a response with a good status has begun, or a greeting */
	int over;
};

/*
 * Sends the request once the socket is connected, then reads until the server has closed: a client that closes earlier
 * answers the rest with a RST, which the lab would count.
 */
static inline void client_step(struct client *c, struct pollfd *at)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	char text[4096] = "";
	ssize_t size;

	if (at->events == POLLOUT) {
		c->over = send(at->fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0;
		at->events = POLLIN;
		return;
	}
	size = recv(at->fd, text, sizeof(text) - 1, 0);
	if (size > 0 && !c->answered)
		c->answered = (!strncmp(text, "HTTP/1.", 7) && (text[9] == '2' || text[9] == '3')) ||
			      !strncmp(text, "220 ", 4);
	c->over = size == 0 || (size < 0 && errno != EAGAIN);
}

/*
 * Asks the service at an IPv4 address and port over `count` new connections at once.
 * Returns how many it has answered within `ms`.
 */
static inline int ask_clients(const char *address, int port, int count, int ms)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	uint64_t end = now_us() + ms * 1000ull, now;
	struct client clients[MAX_CLIENTS] = { 0 };
	struct pollfd all[MAX_CLIENTS];
	int answered = 0, open = 0;

	to.sin_addr.s_addr = inet_addr(address);
	if (count > MAX_CLIENTS)
		count = MAX_CLIENTS;
	for (int i = 0; i < count; i++) {
		all[i] = (struct pollfd){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
					  .events = POLLOUT };
		if (all[i].fd >= 0 && connect(all[i].fd, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS) {
			close(all[i].fd);
			all[i].fd = -1;
		}
		open += all[i].fd >= 0;
	}
	while (open && (now = now_us()) < end) {
		if (poll(all, count, (end - now) / 1000 + 1) <= 0)
			continue;
		for (int i = 0; i < count; i++) {
			if (all[i].fd < 0 || !all[i].revents)
				continue;
			client_step(&clients[i], &all[i]);
			if (!clients[i].over)
				continue;
			close(all[i].fd);
			all[i].fd = -1;
			open--;
		}
	}
	for (int i = 0; i < count; i++) {
		answered += clients[i].answered;
		if (all[i].fd >= 0)
			close(all[i].fd);
	}
	return answered;
}

#endif
