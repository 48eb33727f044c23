/* SPDX-License-Identifier: MIT */
/* What an account tells: a tick a second and its totals, as events, and each phase that begins, as a file. */
#ifndef REPORT_H
#define REPORT_H

#include <fcntl.h>

#include "account.h"

static const char *const phase_names[] = { "quiet", "reloads" };

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
