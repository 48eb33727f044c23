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
#include <fcntl.h>
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

static const char *const phase_names[] = { "quiet", "reloads" };

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

/*
 * Tells whoever sends the signals which phase this is: by a file of its name in `directory`, unless that is NULL. Without
 * it they might send SIGUSR1 before this is prepared for it, and make reloads before this knows.
 */
static inline void account_announce(const struct account *a, const char *directory)
{
	char path[256];
	int fd;

	if (!directory)
		return;
	snprintf(path, sizeof(path), "%s/%s", directory, phase_names[a->phase]);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		event_fail("load", "%s: %s", path, strerror(errno));
	close(fd);
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

/* spin: µs that a fixed piece of work took just now, see spin.h. cpu: on which this runs; -1 where nothing tells. */
static inline void account_tell_tick(const struct account *a, uint64_t spin, int cpu)
{
	event_begin("tick");
	event_count("spinUs", spin);
	if (cpu >= 0)
		event_count("cpu", cpu);
	event_count("begun", a->begun);
	event_count("ok", a->ended[OK]);
	event_count("reset", a->ended[BEFORE] + a->ended[AFTER]);
	event_count("refused", a->ended[REFUSED]);
	event_count("timeout", a->ended[TIMEOUT]);
	event_count("short", a->ended[SHORT]);
	event_count("other", a->ended[OTHER]);
	event_end();
}

/*
 * "lost", as many lines as it takes: rows [kind, client's port, begun, ended], of kept connections also
 * answers, method and asked.
 */
static inline void account_tell_lost(const struct account *a)
{
	for (size_t i = 0; i < a->lost_count;) {
		const char *comma = "";

		event_begin("lost");
		event_add(",\"rows\":[");
		for (; i < a->lost_count && event_room() > 112; i++, comma = ",") {
			const struct lost *row = &a->lost[i];

			event_add("%s[\"%c\",%u,%llu,%llu", comma, row->kind, row->port,
				  (unsigned long long)row->begun, (unsigned long long)row->ended);
			if (a->kept)
				event_add(",%u,\"%c\",%llu", row->answers, "GP-"[row->method],
					  (unsigned long long)row->asked);
			event_add("]");
		}
		event_add("]");
		event_end();
	}
}

/*
 * "latency", as many lines as it takes: buckets [the greatest value in it, connections] of those that began in
 * a phase.
 */
static inline void account_tell_latency(const struct account *a, enum phase phase, const char *name)
{
	const struct histogram *h = &a->latency[phase];

	for (unsigned int slot = 0; slot < HISTOGRAM_SLOTS;) {
		const char *comma = "";

		event_begin("latency");
		event_add(",\"phase\":\"%s\",\"unit\":\"us\",\"buckets\":[", name);
		for (; slot < HISTOGRAM_SLOTS && event_room() > 48; slot++) {
			if (!h->count[slot])
				continue;
			event_add("%s[%u,%llu]", comma, histogram_edge(slot), (unsigned long long)h->count[slot]);
			comma = ",";
		}
		event_add("]");
		event_end();
	}
}

/* "phases": [µs it took, connections begun, answers, of those begun: slow, the slowest's µs]. */
static inline void account_tell_phases(const struct account *a)
{
	event_begin("phases");
	for (int i = QUIET; i <= RELOADS; i++) {
		uint64_t end = a->since[i + 1] ? a->since[i + 1] : a->since[DRAIN];

		event_add(",\"%s\":{\"us\":%llu,\"begun\":%llu,\"answered\":%llu,\"slow\":%llu,\"maxUs\":%llu}",
			  phase_names[i], (unsigned long long)(a->since[i] ? end - a->since[i] : 0),
			  (unsigned long long)a->begun_in[i], (unsigned long long)a->answered[i],
			  (unsigned long long)a->slow[i], (unsigned long long)a->max[i]);
	}
	event_count("reloadsFromUs", a->since[RELOADS]);
	event_end();
}

/* "kept": requests, and what became of connections that had had an answer before. */
static inline void account_tell_kept(const struct account *a)
{
	event_begin("kept");
	event_count("requests", a->requests);
	event_count("posts", a->posts);
	event_count("answers", a->answers);
	event_count("resets", a->reused_resets);
	event_count("resetPosts", a->reused_reset_posts);
	event_count("shorts", a->reused_shorts);
	event_end();
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
	event_count("unconnected", a->unconnected);
	event_count("ungreeted", a->ungreeted);
	event_count("waiting", a->waiting);
	event_count("slow", a->slow[QUIET] + a->slow[RELOADS]);
	event_count("lost", a->lost_count);
	event_count("maxUs", a->max[QUIET] > a->max[RELOADS] ? a->max[QUIET] : a->max[RELOADS]);
	account_tell_time("userMs", usage->ru_utime);
	account_tell_time("sysMs", usage->ru_stime);
	event_count("firstUs", a->first);
	event_count("lastUs", a->last);
	event_count("otherErrno", a->other_errno);
	event_count("otherStatus", a->other_status);
	event_end();
}

#endif
