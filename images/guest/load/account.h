// SPDX-License-Identifier: MIT
/*
 * The account of a load: how its connections ended, when those that were lost
 * began and ended, and how long the good ones took. Times in µs.
 *
 * What a mitigation costs shows while reloads go on and nowhere else, so the
 * load has phases: quiet until SIGUSR1, then reloads, then the drain.
 *
 * A connection counts once, however many requests it carries. Beside that, a
 * load of kept connections has an account of its requests, and of the
 * connections that were lost after they had had an answer: reused ones.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "event.h"
#include "histogram.h"

/* The strict account: each connection ends in exactly one of these. */
enum ending {
	OK,		/* complete response, status 200 to 399 */
	BEFORE,		/* reset before the request was sent */
	AFTER,		/* reset after it was sent, before the response was complete */
	REFUSED,	/* the SYN was answered with a reset */
	TIMEOUT,	/* no complete response in time */
	SHORT,		/* end of stream before the response was complete */
	OTHER,		/* another status, no HTTP, another error */
	ENDINGS
};

/* What the request under way was; NOTHING: none was, the connection paused. */
enum method { GET, POST, NOTHING };

/* A connection that did not end well; port 0 if it never had one. */
struct lost {
	uint64_t begun, ended;
	uint16_t port;
	char kind;
	/* Of kept connections: the answers that it had had, and the request that was due then, or sent. */
	unsigned int answers;
	enum method method;
	uint64_t asked;
};

enum phase { QUIET, RELOADS, DRAIN, PHASES };

struct account {
	enum phase phase;			/* of this moment */
	uint64_t since[PHASES];			/* when each phase began; 0: it has not */
	uint64_t answered[PHASES];		/* answers that came in that phase */
	uint64_t begun, ended[ENDINGS];
	uint64_t unconnected;			/* of the timeouts: their SYN was never answered */
	uint64_t ungreeted;			/* connected, but the server never spoke first */
	uint64_t waiting;			/* were due, but not begun when the load was stopped */
	uint64_t first, last;			/* the first began, the last ended */
	/* Of those that ended well, by the phase in which they began. */
	uint64_t slow_from, slow[DRAIN], max[DRAIN], begun_in[DRAIN];
	struct histogram latency[DRAIN];
	int other_errno, other_status;		/* of the last OTHER that had one */
	struct lost *lost;
	size_t lost_count, lost_room;
	uint64_t inject_errs, inject_hits, inject_timeouts;
	bool kept;				/* connections carry several requests */
	uint64_t requests, posts, answers;	/* sent whole; of them POSTs; good answers */
	uint64_t reused_resets, reused_reset_posts, reused_shorts;
};

static inline void account_enter(struct account *a, enum phase phase, uint64_t now)
{
	a->phase = phase;
	a->since[phase] = now;
}

/* Returns the phase in which the connection begins: none does in the drain. */
static inline enum phase account_begin(struct account *a, uint64_t now)
{
	if (!a->begun++)
		a->first = now;
	a->begun_in[a->phase]++;
	return a->phase;
}

static inline void account_request(struct account *a, enum method method)
{
	a->requests++;
	a->posts += method == POST;
}

/* A good answer has come. */
static inline void account_answer(struct account *a)
{
	a->answers++;
	a->answered[a->phase]++;
}

/* latency: of a kept connection that of its slowest answer. */
static inline void account_ok(struct account *a, enum phase begun, uint64_t now, uint64_t latency)
{
	a->ended[OK]++;
	a->last = now;
	histogram_add(&a->latency[begun], latency);
	if (latency > a->max[begun])
		a->max[begun] = latency;
	if (latency >= a->slow_from)
		a->slow[begun]++;
}

static inline void account_lost(struct account *a, enum ending ending, struct lost row)
{
	if (a->lost_count == a->lost_room) {
		a->lost_room = a->lost_room ? 2 * a->lost_room : 1024;
		a->lost = realloc(a->lost, a->lost_room * sizeof(*a->lost));
		if (!a->lost)
			event_fail("load", "no memory for %zu lost connections", a->lost_room);
	}
	row.kind = "-BARTSO"[ending];
	a->lost[a->lost_count++] = row;
	a->ended[ending]++;
	a->last = row.ended;
	if (!row.answers)
		return;
	a->reused_resets += ending == BEFORE || ending == AFTER;
	a->reused_reset_posts += (ending == BEFORE || ending == AFTER) && row.method == POST;
	a->reused_shorts += ending == SHORT;
}

/*
 * What inject, the article's tool, would have counted (its EventWrite and EventRead). "errs" are a send()
 * that failed, which is where a failed connect() shows, too, and a recv() that failed, but not with
 * ECONNRESET: that one it takes for the end of the stream, and an end of the stream for a hit, whatever
 * came before it. A connection that could not even be tried it does not count.
 */
static inline void account_inject(struct account *a, enum ending ending, int err, bool sent)
{
	if (ending == TIMEOUT)
		a->inject_timeouts++;
	else if (!err || (sent && err == ECONNRESET))
		a->inject_hits++;
	else
		a->inject_errs++;
}

#endif
