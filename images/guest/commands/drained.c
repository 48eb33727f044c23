// SPDX-License-Identifier: MIT
/* drained PORT: waits until no connection waits for accept() on the port. For the hooks of a case that lets none come. */
#include "listener.h"

#define SECONDS 5

int main(int argc, char **argv)
{
	struct listeners all = { 0 };
	int port = argc == 2 ? atoi(argv[1]) : 0;

	if (port <= 0) {
		fprintf(stderr, "usage: drained PORT\n");
		return 2;
	}
	for (int left = SECONDS * 500; left > 0; left--) {
		listeners_read(&all, port);
		if (all.count && !all.waiting)
			return 0;
		usleep(2000);
	}
	fprintf(stderr, "drained: after %d s %u connections wait in %d listeners on port %d\n", SECONDS, all.waiting,
		all.count, port);
	return 1;
}
