/* SPDX-License-Identifier: MIT */
/* The processes of the proxy that serve: who they are, by the cell's own word, and waiting for others. */
#ifndef SERVING_H
#define SERVING_H

#include <stdbool.h>
#include <stdlib.h>

#include "event.h"
#include "proc/affinity.h"
#include "proc/pids.h"
#include "script.h"

/* How long to wait until the new ones serve; tests set their own. */
#ifndef SERVE_SECONDS
#define SERVE_SECONDS 5
#endif
/* Room for the text of MAX_PIDS process ids. */
#define PIDS_TEXT (MAX_PIDS * 12)

/* Who accepts connections at this moment; nobody where the script fails, as it may while there is no proxy. */
static inline void ask_serving(struct pids *serving, int number)
{
	char text[PIDS_TEXT];

	serving->count = 0;
	if (script_read(CELL "/serving", number, text, sizeof(text)))
		return;
	if (!pids_read(serving, text))
		event_fail("reload", "reload %d: /cell/serving printed \"%s\", not process ids", number, text);
}

/* Hands them to scripts, in the environment. */
static inline void set_pids(const char *name, const struct pids *pids)
{
	char text[PIDS_TEXT];

	setenv(name, pids_text(pids, " ", text, sizeof(text)), 1);
}

/* Waits until nobody of the old ones serves; where the reload replaces nobody, until the same ones do. Returns when. */
static inline uint64_t await_new(struct pids *new, const struct pids *old, bool replaces, int number)
{
	uint64_t end = now_us() + SERVE_SECONDS * 1000000ull, now;
	char was[PIDS_TEXT], is[PIDS_TEXT];

	for (;;) {
		now = now_us();
		ask_serving(new, number);
		if (new->count && !pids_gone(new) &&
		    (replaces ? !pids_share(new, old) : pids_same(new, old)))
			return now;
		if (now >= end)
			break;
		usleep(10000);
	}
	pids_text(old, " ", was, sizeof(was));
	pids_text(new, " ", is, sizeof(is));
	event_fail("reload", "reload %d: %s after %d s: process %s serves, %s did before", number,
		   replaces ? "no new proxy" : "another proxy", SERVE_SECONDS, new->count ? is : "none", was);
}

/* The CPUs that they may use, as a list: those of the first, then those of the others that differ. */
static inline void cpus_of(const struct pids *pids, char *list, size_t size)
{
	char other[256];

	allowed_cpus(pids->pid[0], list, size);
	for (int i = 1; i < pids->count; i++) {
		size_t used = strlen(list);

		allowed_cpus(pids->pid[i], other, sizeof(other));
		if (strcmp(other, list))
			snprintf(list + used, size - used, ",%s", other);
	}
}

#endif
