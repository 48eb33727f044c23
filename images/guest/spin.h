/* SPDX-License-Identifier: MIT */
/*
 * How fast this CPU is at this moment, whatever the kernel does: the time that a fixed piece of work takes, best of
 * three. A neighbour that shares the core, its caches or its clock shows here and not in the time spent waiting.
 */
#ifndef SPIN_H
#define SPIN_H

#include <stdint.h>

#include "event.h"

#define SPIN_STEPS 20000

static inline uint64_t spin_us(void)
{
	uint64_t best = UINT64_MAX;

	for (int round = 0; round < 3; round++) {
		uint64_t x = 88172645463325252ull, start = now_us(), took;

		/* xorshift (Marsaglia 2003): each step needs the one before it. */
		for (int i = 0; i < SPIN_STEPS; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
		}
		__asm__ volatile("" : : "r"(x));
		took = now_us() - start;
		if (took < best)
			best = took;
	}
	return best;
}

#endif
