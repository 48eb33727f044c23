/* SPDX-License-Identifier: MIT */
/* What became of each connection, by the segments of both sides; witness.c says how each ending is told. */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "load/report.h"
#include "load/slots.h"
#include "tap.h"

/* What ab closes unanswered so shortly before it is seen to have ended, it leaves. */
#define LEAVING_US 50000

enum state { NONE, BEGUN, CONNECTED, OVER };

/* A connection, by the client's port; the last one of that port. */
struct connection {
	enum state state;
	enum phase phase;
	uint64_t begun;
	uint32_t client_isn, server_isn;
	bool client_closed;
	uint64_t given_up;	/* when the client's end was seen to have gone, without an answer; 0: it was not */
};

/* All of them, and their account. */
struct connections {
	struct connection of[65536];
	struct account account;
	struct slots slots;
	uint32_t least;		/* the fewest bytes that an answer of the quiet time took; UINT32_MAX before */
};

static inline void connection_finish(struct connections *c, uint16_t port, enum ending ending, uint64_t now)
{
	bool connected = c->of[port].state == CONNECTED;
	uint64_t begun = c->of[port].begun;

	if (ending == OK) {
		account_answer(&c->account);
		account_ok(&c->account, c->of[port].phase, now, now - begun);
	} else {
		account_lost(&c->account, ending, (struct lost){ .begun = begun, .ended = now, .port = port });
	}
	c->account.unconnected += ending == TIMEOUT && !connected;
	slots_end(&c->slots, now, ending == OK, connected);
	c->of[port].state = OVER;
}

/* Takes a connection out of the account again. */
static inline void connection_forget(struct connections *c, uint16_t port, uint64_t now)
{
	c->account.begun--;
	c->account.begun_in[c->of[port].phase]--;
	slots_at(&c->slots, c->of[port].begun)->begun--;
	slots_end(&c->slots, now, false, c->of[port].state == CONNECTED);
	c->of[port].state = OVER;
}

static inline bool connection_is_open(struct connections *c, uint16_t port)
{
	return c->of[port].state == BEGUN || c->of[port].state == CONNECTED;
}

static inline void connection_begin(struct connections *c, uint16_t port, const struct segment *s)
{
	/* The same SYN once more, by a timer. */
	if (connection_is_open(c, port) && c->of[port].client_isn == s->seq)
		return;
	if (connection_is_open(c, port))
		connection_finish(c, port, OTHER, s->us);
	c->of[port].state = BEGUN;
	c->of[port].begun = s->us;
	c->of[port].client_isn = s->seq;
	c->of[port].client_closed = false;
	c->of[port].given_up = 0;
	c->of[port].phase = account_begin(&c->account, s->us);
	slots_begin(&c->slots, s->us);
}

/* Whether the server has sent a whole answer, by what it has sent; the quiet time shows how much that is. */
static inline bool answer_is_whole(struct connections *c, uint32_t sent)
{
	if (c->account.phase == QUIET && sent && sent < c->least)
		c->least = sent;
	return sent && sent >= c->least;
}

static inline void segment_from_client(struct connections *c, uint16_t port, const struct segment *s)
{
	if (s->flags & TCP_SYN) {
		connection_begin(c, port, s);
		return;
	}
	c->of[port].client_closed = true;
	/* It acknowledges what it has received. */
	if (!(s->flags & TCP_RST) || c->of[port].state != CONNECTED)
		return;
	if (s->ack - c->of[port].server_isn - 1 >= c->least)
		connection_finish(c, port, OK, s->us);
	else if (!c->of[port].given_up)
		c->of[port].given_up = s->us;
}

static inline void segment_from_server(struct connections *c, uint16_t port, const struct segment *s)
{
	uint32_t sent = s->seq + s->payload - c->of[port].server_isn - 1;

	if (s->flags & TCP_SYN) {
		c->of[port].server_isn = s->seq;
		if (c->of[port].state == BEGUN) {
			c->of[port].state = CONNECTED;
			slots_connect(&c->slots, s->us);
		}
	} else if (c->of[port].state == BEGUN && s->flags & TCP_RST) {
		connection_finish(c, port, REFUSED, s->us);
	} else if (c->of[port].state == CONNECTED) {
		if (s->flags & TCP_RST && !c->of[port].client_closed)
			connection_finish(c, port, sent ? AFTER : BEFORE, s->us);
		else if (answer_is_whole(c, sent))
			connection_finish(c, port, OK, s->us);
		else if (!c->of[port].client_closed)
			connection_finish(c, port, SHORT, s->us);
		else if (!c->of[port].given_up)
			c->of[port].given_up = s->us;
	}
}

/* ab has ended, and with it each of its connections. Returns how many it left. */
static inline unsigned int connections_close_all(struct connections *c, bool told)
{
	uint64_t now = now_us();
	unsigned int left = 0;

	for (unsigned int port = 0; port < 65536; port++) {
		uint64_t given_up = c->of[port].given_up;

		if (!connection_is_open(c, port))
			continue;
		if (told && (!given_up || now - given_up < LEAVING_US)) {
			connection_forget(c, port, now);
			left++;
		} else {
			connection_finish(c, port, given_up ? OTHER : TIMEOUT, given_up ? given_up : now);
		}
	}
	return left;
}

#endif
