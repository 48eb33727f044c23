/* SPDX-License-Identifier: MIT */
/*
 * Kept connections that pause between two requests: a binary heap by the time
 * of the next one, so that it costs little to take the first, and any that the
 * server closes meanwhile.
 */
#ifndef PAUSES_H
#define PAUSES_H

#include "connection.h"

/* As many as there are users; the first has the earliest `wake`. */
static struct connection **pauses;
static unsigned int pause_count;

static inline void pauses_put(unsigned int at, struct connection *c)
{
	pauses[at] = c;
	c->place = at;
}

/* Puts a connection where it belongs, above or below an empty place. */
static inline void pauses_sift(unsigned int at, struct connection *c)
{
	unsigned int child;

	for (; at && pauses[(at - 1) / 2]->wake > c->wake; at = (at - 1) / 2)
		pauses_put(at, pauses[(at - 1) / 2]);
	for (; (child = 2 * at + 1) < pause_count; at = child) {
		if (child + 1 < pause_count && pauses[child + 1]->wake < pauses[child]->wake)
			child++;
		if (pauses[child]->wake >= c->wake)
			break;
		pauses_put(at, pauses[child]);
	}
	pauses_put(at, c);
}

/* The connection pauses until then. */
static inline void pauses_add(struct connection *c, uint64_t wake)
{
	c->wake = wake;
	pauses_sift(pause_count++, c);
}

/* Its pause is over. */
static inline void pauses_remove(struct connection *c)
{
	struct connection *last = pauses[--pause_count];

	if (last != c)
		pauses_sift(c->place, last);
	c->wake = 0;
}

#endif
