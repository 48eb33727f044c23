/* SPDX-License-Identifier: MIT */
/* The connections of load: those in flight, those idle, and how one ends. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "account.h"
#include "options.h"
#include "response.h"
#include "slots.h"

struct connection {
	struct connection *next, *prev;	/* in flight: oldest first */
	uint64_t due, begun;		/* due: its place in the schedule, from which latency counts */
	int fd;
	bool connected, sent;
	bool cut;			/* the stream has ended, and the request is not acknowledged yet */
	enum phase phase;		/* in which it began */
	uint64_t answered;		/* when the response was complete; 0: it is not */
	struct response response;
};

static struct account account;
static struct slots slots;
static struct connection *idle;
static struct connection flight = { .next = &flight, .prev = &flight };

static void drop_socket(struct connection *c)
{
	static const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	if (option.close_with_rst)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(c->fd);
	c->fd = -1;
}

/* Of a socket that was reset, too: it gives the port back, but does not forget the number. */
static uint16_t local_port(const struct connection *c)
{
	struct sockaddr_in local = { .sin_port = 0 };
	socklen_t size = sizeof(local);

	if (c->fd >= 0)
		getsockname(c->fd, (struct sockaddr *)&local, &size);
	return ntohs(local.sin_port);
}

/* err: the errno of the call that showed the ending; 0 where none failed. */
static void finish(struct connection *c, enum ending ending, int err)
{
	if (ending == OK)
		account_ok(&account, c->phase, c->answered, c->answered - c->due);
	else
		account_lost(&account, ending,
			     (struct lost){ .begun = c->begun, .ended = now_us(), .port = local_port(c) });
	if (ending == TIMEOUT && !c->connected)
		account.unconnected++;
	slots_end(&slots, ending == OK ? c->answered : now_us(), ending == OK, c->connected);
	if (c->fd >= 0) {
		account_inject(&account, ending, err, c->sent);
		drop_socket(c);
	}
	c->prev->next = c->next;
	c->next->prev = c->prev;
	c->next = idle;
	idle = c;
}

static void finish_other(struct connection *c, int err)
{
	if (err)
		account.other_errno = err;
	else
		account.other_status = c->response.status;
	finish(c, OTHER, err);
}

/* Ends a connection by the errno of send() or recv(). */
static void finish_failed(struct connection *c, int err)
{
	/* ECONNREFUSED is a reset in SYN_SENT and nothing else; EPIPE one that came behind the server's FIN. */
	if (err == ECONNREFUSED)
		finish(c, REFUSED, err);
	else if (err == ECONNRESET || err == EPIPE)
		finish(c, c->sent ? AFTER : BEFORE, err);
	else
		finish_other(c, err);
}

/*
 * The server has ended the stream before the response was complete. That is a reset where a RST came behind its FIN,
 * too: recv() shows the FIN only, and leaves the RST in SO_ERROR. While the request is not acknowledged (SIOCOUTQ, which
 * is TIOCOUTQ), that RST may still be on its way, and an edge tells of it.
 */
static void finish_cut(struct connection *c)
{
	int err = 0, unacked = 0;
	socklen_t size = sizeof(err);

	ioctl(c->fd, TIOCOUTQ, &unacked);
	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &size);
	if (err || !unacked)
		finish(c, err ? AFTER : SHORT, 0);
	else
		c->cut = true;
}

static void finish_answered(struct connection *c)
{
	if (response_good(&c->response))
		finish(c, OK, 0);
	else
		finish_other(c, 0);
}

#endif
