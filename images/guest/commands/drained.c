// SPDX-License-Identifier: MIT
/*
 * drained [PID...] PORT: waits until no connection waits for accept() on the port; with processes, in the listeners
 * that they hold. For the hooks of a case that lets no more come there. A handshake that is not over waits nowhere yet.
 */
#include "proc/listener.h"

#define SECONDS 5

/* The connections that wait in the listeners of `all` which are held in `own`, too. */
static unsigned int waiting_in(const struct listeners *all, const struct listeners *own)
{
	unsigned int waiting = 0;

	for (int i = 0; i < all->count; i++)
		for (int j = 0; j < own->count; j++)
			if (own->held[j] && own->inode[j] == all->inode[i])
				waiting += all->queue[i];
	return waiting;
}

int main(int argc, char **argv)
{
	struct listeners all = { 0 }, own;
	struct pids pids = { 0 };
	unsigned int waiting = 0;
	int port = pids_and_port(&pids, argc, argv);

	if (!port) {
		fprintf(stderr, "usage: drained [PID...] PORT\n");
		return 2;
	}
	/* Who holds what does not change meanwhile, and to find out takes the proxy's CPU from it. */
	listeners_of(&own, &pids, port);
	if (pids.count && own.unheld == own.count) {
		fprintf(stderr, "drained: none of the processes listens on port %d\n", port);
		return 1;
	}
	for (int left = SECONDS * 500; left > 0; left--) {
		listeners_read(&all, port);
		waiting = pids.count ? waiting_in(&all, &own) : all.waiting;
		if (all.count && !waiting)
			return 0;
		usleep(2000);
	}
	fprintf(stderr, "drained: after %d s %u connections wait in %d listeners on port %d\n", SECONDS, waiting,
		all.count, port);
	return 1;
}
