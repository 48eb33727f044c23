/* SPDX-License-Identifier: MIT */
/* What a connection carries: its requests, their answers, and the pauses between them. ending.h says how it ends. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <sys/epoll.h>

#include "ending.h"

static struct {
	char text[2048];
	size_t size;
} requests[NOTHING];	/* by method */
static uint64_t now;	/* the loop's time */
static bool stopping;	/* whether the load is to end */

static void write_requests(void)
{
	const unsigned int port = ntohs(option.server.sin_port);
	const char *host = option.address, *uri = option.uri;
	const size_t room = sizeof(requests->text);

	if (option.banner)
		requests[GET].size = snprintf(requests[GET].text, room, "QUIT\r\n");
	else if (option.keep_alive)
		requests[GET].size = snprintf(requests[GET].text, room, "GET %s HTTP/1.1\r\nHost: %s:%u\r\n\r\n",
					      uri, host, port);
	else
		/* HTTP/1.0: the server closes after one response. */
		requests[GET].size = snprintf(requests[GET].text, room, "GET %s HTTP/1.0\r\nHost: %s:%u\r\n\r\n",
					      uri, host, port);
	requests[POST].size = snprintf(requests[POST].text, room,
				       "POST %s HTTP/1.1\r\nHost: %s:%u\r\nContent-Type: text/plain\r\n"
				       "Content-Length: 6\r\n\r\nhello\n", uri, host, port);
}

/*
 * A request of the connection is due. Every other one of a kept connection is a POST; whether its first is one follows
 * from the microsecond in which it began, so that whoever reads the account can tell what each must have been.
 */
static void request(struct connection *c, uint64_t due)
{
	c->due = due;
	c->asked = now;
	c->method = option.keep_alive && (c->begun + c->answers) % 2 ? POST : GET;
	c->sent = false;
	c->cut = false;
	c->answered = 0;
	response_start(&c->response);
	flight_add(c);
}

/* False when the connection must wait, or has ended. */
static bool send_request(struct connection *c)
{
	size_t whole = requests[c->method].size;
	ssize_t size = send(c->fd, requests[c->method].text, whole, MSG_NOSIGNAL);

	c->sent = size == (ssize_t)whole;
	if (c->sent)
		account_request(&account, c->method);
	else if (size < 0 && errno != EAGAIN)
		finish_failed(c, errno);
	else if (size >= 0)
		/* The empty buffer of a new socket takes a request whole unless memory is short. */
		finish_failed(c, ENOBUFS);
	return c->sent;
}

/* Reads until nothing is left for now, since an edge is reported only once; true when the response is complete. */
static bool receive(struct connection *c)
{
	static char buffer[65536];
	ssize_t size;

	do {
		size = recv(c->fd, buffer, sizeof(buffer), 0);
	} while (size > 0 && !(option.banner ? reply_feed : response_feed)(&c->response, buffer, size));

	if (size > 0 || (size == 0 && response_finish(&c->response)))
		c->answered = now_us();
	else if (size == 0)
		finish_cut(c);
	else if (errno != EAGAIN)
		finish_failed(c, errno);
	return size >= 0 && c->answered;
}

/* The server speaks first: false when its greeting is not there yet, or the connection has ended. */
static bool greeted(struct connection *c)
{
	if (c->greeted)
		return true;
	if (!receive(c))
		return false;
	if (!response_good(&c->response)) {
		finish_other(c, 0);
		return false;
	}
	c->greeted = true;
	c->answered = 0;
	response_start(&c->response);
	return true;
}

/* A number below `range`; the same ones in each run. */
static uint64_t chance(uint64_t range)
{
	static uint64_t state = 88172645463325252ull;

	/* xorshift64 (Marsaglia 2003) */
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % range;
}

/* A kept connection has its answer, and stays open: it pauses, or ends because its client wants no more. */
static void keep(struct connection *c)
{
	if (stopping || !response_good(&c->response) || c->answers + 1 >= option.requests) {
		finish_answered(c);
		return;
	}
	answer(c);
	c->method = NOTHING;
	c->asked = 0;
	c->sent = false;
	c->answered = 0;
	flight_remove(c);
	pauses_add(c, now_us() + option.pause / 2 + chance(option.pause));
}

/* What happens to a connection that pauses: the server ends it, which the client takes for a good end, or resets it. */
static void disturb(struct connection *c)
{
	char buffer[1024];
	ssize_t size = recv(c->fd, buffer, sizeof(buffer), 0);
	int err = size < 0 ? errno : size == 0 ? socket_error(c) : 0;

	if (err == EAGAIN)
		return;
	if (err)
		finish_failed(c, err);
	else if (size)
		/* Nobody had asked. */
		finish_other(c, EPROTO);
	else
		finish(c, OK, 0);
}

/*
 * A connection with its response ends when the server has closed it, too, which most often is the same edge.
 * The side that closes first keeps the port for a minute, and before 4.19 a client would run out of them.
 */
static void progress(struct connection *c, uint32_t events)
{
	if (!c->connected && !(events & EPOLLERR)) {
		c->connected = true;
		slots_connect(&slots, now_us());
	}
	if (c->wake) {
		if (events & ~EPOLLOUT)
			disturb(c);
		return;
	}
	if (option.banner && !greeted(c))
		return;
	if (!c->sent && !send_request(c))
		return;
	if (!(events & ~EPOLLOUT))
		return;
	if (!c->answered && !receive(c))
		return;
	if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		finish_answered(c);
	else if (option.keep_alive && response_keeps(&c->response))
		keep(c);
}

#endif
