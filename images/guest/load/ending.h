/* SPDX-License-Identifier: MIT */
/* How a connection of load ends. */
#ifndef ENDING_H
#define ENDING_H

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "options.h"
#include "pauses.h"
#include "slots.h"

static struct account account;
static struct slots slots;

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
	uint64_t end = ending == OK && c->answered ? c->answered : now_us();

	if (ending == OK)
		account_ok(&account, c->phase, end, c->slowest);
	else
		account_lost(&account, ending, (struct lost){
			.begun = c->begun, .ended = end, .port = local_port(c),
			.answers = c->answers, .method = c->method, .asked = c->asked,
		});
	if (ending == TIMEOUT) {
		account.unconnected += !c->connected;
		account.ungreeted += option.banner && c->connected && !c->greeted;
	}
	slots_end(&slots, end, ending == OK, c->connected);
	if (c->fd >= 0) {
		account_inject(&account, ending, err, c->sent);
		drop_socket(c);
	}
	if (c->wake)
		pauses_remove(c);
	else
		flight_remove(c);
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

/* The error that a socket has kept, if any. */
static int socket_error(const struct connection *c)
{
	int err = 0;
	socklen_t size = sizeof(err);

	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &size);
	return err;
}

/*
 * The server has ended the stream before the response was complete. That is a reset where a RST came behind its FIN,
 * too: recv() shows the FIN only, and leaves the RST in SO_ERROR. While the request is not acknowledged (SIOCOUTQ, which
 * is TIOCOUTQ), that RST may still be on its way, and an edge tells of it.
 */
static void finish_cut(struct connection *c)
{
	int unacked = 0, err;

	ioctl(c->fd, TIOCOUTQ, &unacked);
	err = socket_error(c);
	if (err || !unacked)
		finish(c, !err ? SHORT : c->sent ? AFTER : BEFORE, 0);
	else
		c->cut = true;
}

/* Counts a good answer. */
static void answer(struct connection *c)
{
	uint64_t latency = c->answered - c->due;

	account_answer(&account);
	c->answers++;
	if (latency > c->slowest)
		c->slowest = latency;
}

static void finish_answered(struct connection *c)
{
	if (!response_good(&c->response)) {
		finish_other(c, 0);
		return;
	}
	answer(c);
	finish(c, OK, 0);
}

#endif
