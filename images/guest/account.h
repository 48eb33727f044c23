// SPDX-License-Identifier: MIT
/*
 * The account of a load: how its connections ended, when those that were lost
 * began and ended, and how long the good ones took. Times in µs.
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

/* A connection that did not end well; port 0 if it never had one. */
struct lost {
	uint64_t begun, ended;
	uint16_t port;
	char kind;
};

struct account {
	uint64_t begun, ended[ENDINGS];
	uint64_t waiting;			/* were due, but not begun when the load was stopped */
	uint64_t first, last;			/* the first began, the last ended */
	uint64_t slow_from, slow, max;		/* of those that ended well */
	struct histogram latency;
	int other_errno, other_status;		/* of the last OTHER that had one */
	struct lost *lost;
	size_t lost_count, lost_room;
	uint64_t inject_errs, inject_hits, inject_timeouts;
};

static inline void account_begin(struct account *a, uint64_t now)
{
	if (!a->begun++)
		a->first = now;
}

static inline void account_ok(struct account *a, uint64_t now, uint64_t latency)
{
	a->ended[OK]++;
	a->last = now;
	histogram_add(&a->latency, latency);
	if (latency > a->max)
		a->max = latency;
	if (latency >= a->slow_from)
		a->slow++;
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

static inline void account_tell_tick(const struct account *a)
{
	event_begin("tick");
	event_count("begun", a->begun);
	event_count("ok", a->ended[OK]);
	event_count("reset", a->ended[BEFORE] + a->ended[AFTER]);
	event_count("refused", a->ended[REFUSED]);
	event_count("timeout", a->ended[TIMEOUT]);
	event_count("short", a->ended[SHORT]);
	event_count("other", a->ended[OTHER]);
	event_end();
}

/* "lost", as many lines as it takes: rows [kind, client's port, begun, ended]. */
static inline void account_tell_lost(const struct account *a)
{
	for (size_t i = 0; i < a->lost_count;) {
		const char *comma = "";

		event_begin("lost");
		event_add(",\"rows\":[");
		for (; i < a->lost_count && event_room() > 64; i++, comma = ",")
			event_add("%s[\"%c\",%u,%llu,%llu]", comma, a->lost[i].kind, a->lost[i].port,
				  (unsigned long long)a->lost[i].begun, (unsigned long long)a->lost[i].ended);
		event_add("]");
		event_end();
	}
}

/* "latency", as many lines as it takes: buckets [the greatest value in it, connections]. */
static inline void account_tell_latency(const struct account *a)
{
	for (unsigned int slot = 0; slot < HISTOGRAM_SLOTS;) {
		const char *comma = "";

		event_begin("latency");
		event_add(",\"unit\":\"us\",\"buckets\":[");
		for (; slot < HISTOGRAM_SLOTS && event_room() > 48; slot++) {
			if (!a->latency.count[slot])
				continue;
			event_add("%s[%u,%llu]", comma, histogram_edge(slot),
				  (unsigned long long)a->latency.count[slot]);
			comma = ",";
		}
		event_add("]");
		event_end();
	}
}

static inline void account_tell_time(const char *key, struct timeval time)
{
	event_add(",\"%s\":%.3f", key, time.tv_sec * 1e3 + time.tv_usec / 1e3);
}

/* "load": the totals, with the processor time that they took. */
static inline void account_tell_totals(const struct account *a, const struct rusage *usage)
{
	event_begin("load");
	event_count("begun", a->begun);
	event_count("ok", a->ended[OK]);
	event_count("resetBefore", a->ended[BEFORE]);
	event_count("resetAfter", a->ended[AFTER]);
	event_count("refused", a->ended[REFUSED]);
	event_count("timeout", a->ended[TIMEOUT]);
	event_count("short", a->ended[SHORT]);
	event_count("other", a->ended[OTHER]);
	event_count("injectErrs", a->inject_errs);
	event_count("injectHits", a->inject_hits);
	event_count("injectTout", a->inject_timeouts);
	event_count("waiting", a->waiting);
	event_count("slow", a->slow);
	event_count("lost", a->lost_count);
	event_count("maxUs", a->max);
	account_tell_time("userMs", usage->ru_utime);
	account_tell_time("sysMs", usage->ru_stime);
	event_count("firstUs", a->first);
	event_count("lastUs", a->last);
	event_count("otherErrno", a->other_errno);
	event_count("otherStatus", a->other_status);
	event_end();
}

#endif
