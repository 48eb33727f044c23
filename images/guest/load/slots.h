/* SPDX-License-Identifier: MIT */
/*
 * What went on in small slots of time: how many connections began, how many ended well, and how many the server
 * side held at most. A connection counts as held from its connect() to its end: one whose SYN is dropped or delayed
 * holds nothing that a closing listener could reset.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <stdint.h>
#include <stdlib.h>

#include "event.h"

#define SLOT_US 5000

struct slot {
	uint32_t begun, ok, held;
};

struct slots {
	uint64_t start;
	uint32_t held;		/* now */
	size_t count, room;
	struct slot *all;
};

static inline void slots_start(struct slots *s, uint64_t now)
{
	s->start = now;
}

/* The slot of a moment; those passed over since the last one had what is held all the time. */
static inline struct slot *slots_at(struct slots *s, uint64_t now)
{
	size_t i = (now - s->start) / SLOT_US;

	if (i >= s->room) {
		s->room = 2 * i + 1024;
		s->all = realloc(s->all, s->room * sizeof(*s->all));
		if (!s->all)
			event_fail("load", "no memory for %zu slots", s->room);
	}
	for (; s->count <= i; s->count++)
		s->all[s->count] = (struct slot){ .held = s->held };
	return &s->all[i];
}

static inline void slots_begin(struct slots *s, uint64_t now)
{
	slots_at(s, now)->begun++;
}

static inline void slots_connect(struct slots *s, uint64_t now)
{
	struct slot *slot = slots_at(s, now);

	if (++s->held > slot->held)
		slot->held = s->held;
}

static inline void slots_end(struct slots *s, uint64_t now, bool ok, bool connected)
{
	slots_at(s, now)->ok += ok;
	s->held -= connected;
}

/* "slots", as many lines as it takes: from the slot number `first`, rows [begun, ended well, held at most]. */
static inline void slots_tell(const struct slots *s)
{
	for (size_t i = 0; i < s->count;) {
		const char *comma = "";

		event_begin("slots");
		event_count("startUs", s->start);
		event_count("slotUs", SLOT_US);
		event_count("first", i);
		event_add(",\"rows\":[");
		for (; i < s->count && event_room() > 48; i++, comma = ",")
			event_add("%s[%u,%u,%u]", comma, s->all[i].begun, s->all[i].ok, s->all[i].held);
		event_add("]");
		event_end();
	}
}

#endif
