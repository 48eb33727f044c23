/* SPDX-License-Identifier: MIT */
/* The connections of load: those that nobody uses, and those that wait for the server. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "account.h"
#include "reply.h"

struct connection {
	struct connection *next, *prev;	/* in flight: by the time from which its timeout counts */
	uint64_t begun;
	int fd;
	bool connected;
	enum phase phase;		/* in which it began */
	/* Its request, the only one or the one under way. */
	uint64_t due;			/* its place in the schedule, from which latency counts */
	uint64_t asked;			/* when its client began to wait */
	enum method method;
	bool greeted, sent;
	bool cut;			/* the stream has ended, and the request is not acknowledged yet */
	uint64_t answered;		/* when the response was complete; 0: it is not */
	struct response response;
	/* Of a kept connection. */
	unsigned int answers;		/* that it has had */
	uint64_t slowest;		/* the latency of the slowest of them */
	uint64_t wake;			/* it pauses until then; 0: it does not */
	unsigned int place;		/* among those that pause */
};

static struct connection *idle;		/* nobody uses them */
static struct connection flight = { .next = &flight, .prev = &flight };

static void flight_add(struct connection *c)
{
	c->next = &flight;
	c->prev = flight.prev;
	c->prev->next = c;
	flight.prev = c;
}

static void flight_remove(struct connection *c)
{
	c->prev->next = c->next;
	c->next->prev = c->prev;
}

#endif
