// SPDX-License-Identifier: MIT
/*
 * clocks CPU CPU: whether the clocks of two CPUs agree, as times of events from both are compared. Hops from one to
 * the other and back; a clock that is behind shows as time that runs backwards. Event "clocks": µs it ran backwards
 * at most, and µs of the quickest hop, below which a difference cannot be seen.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "event.h"

#define HOPS 200

static uint64_t hop(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		event_fail("clocks", "cannot run on CPU %d: %s", cpu, strerror(errno));
	return now_us();
}

int main(int argc, char **argv)
{
	int64_t backwards = 0, quickest = INT64_MAX;
	uint64_t before, after;

	if (argc != 3) {
		fprintf(stderr, "usage: clocks CPU CPU\n");
		return 2;
	}
	before = hop(atoi(argv[1]));
	for (int i = 1; i < HOPS; i++, before = after) {
		int64_t took;

		after = hop(atoi(argv[1 + i % 2]));
		took = after - before;
		if (-took > backwards)
			backwards = -took;
		if (took < quickest)
			quickest = took;
	}
	event_begin("clocks");
	event_add(",\"backwards\":%lld,\"quickest\":%lld", (long long)backwards, (long long)quickest);
	event_end();
	return 0;
}
