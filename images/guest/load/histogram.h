// SPDX-License-Identifier: MIT
/*
 * A log-linear histogram: each power of two is cut into 128 equal slots, so a
 * slot is less than 0.8 % wide, and single microseconds up to 255 are exact.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BITS 7
/* 120 s in microseconds; what is above counts in the last slot. */
#define HISTOGRAM_MAX 120000000u
#define HISTOGRAM_SLOTS (histogram_slot(HISTOGRAM_MAX) + 1)

struct histogram {
	uint64_t count[21 << HISTOGRAM_BITS];
};

static inline unsigned int histogram_slot(uint32_t value)
{
	int shift = 31 - __builtin_clz(value | 1) - HISTOGRAM_BITS;

	if (shift < 0)
		shift = 0;
	return ((unsigned int)shift << HISTOGRAM_BITS) + (value >> shift);
}

/* The greatest value that falls into the slot. */
static inline uint32_t histogram_edge(unsigned int slot)
{
	unsigned int mantissa = slot & ((1u << HISTOGRAM_BITS) - 1);
	unsigned int power = slot >> HISTOGRAM_BITS;

	if (power < 2)
		return slot;
	return (((1u << HISTOGRAM_BITS) + mantissa + 1) << (power - 1)) - 1;
}

static inline void histogram_add(struct histogram *h, uint64_t value)
{
	h->count[histogram_slot(value < HISTOGRAM_MAX ? value : HISTOGRAM_MAX)]++;
}

#endif
