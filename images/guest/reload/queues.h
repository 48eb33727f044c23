/* SPDX-License-Identifier: MIT */
/* Waiting until the accept queues of a port are short. */
#ifndef QUEUES_H
#define QUEUES_H

#include <unistd.h>

#include "proc/listener.h"

/* How long to wait for that; tests set their own. */
#ifndef DRAIN_SECONDS
#define DRAIN_SECONDS 2
#endif

/* How the waits for short accept queues ended: connections at the last look, and those of a wait that was given up. */
struct waits {
	unsigned int queued, given_up;
};

static inline unsigned int most(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

/*
 * Waits until few connections wait for accept(), but not for ever. Each look takes the proxy's CPU from it: at one in
 * 5 ms an emulated nginx of four workers never got there.
 */
static inline void await_short_queues(struct waits *waits, int port, unsigned int few)
{
	struct listeners all;

	for (int left = DRAIN_SECONDS * 50;; left--) {
		listeners_read(&all, port);
		if (all.waiting <= few)
			break;
		if (!left) {
			waits->given_up = most(waits->given_up, all.waiting);
			break;
		}
		usleep(20000);
	}
	waits->queued = most(waits->queued, all.waiting);
}

#endif
