// SPDX-License-Identifier: MIT
/* closed PID PORT: waits until the process has closed its listener on the port. For the hooks of a case. */
#include "listener.h"

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: closed PID PORT\n");
		return 2;
	}
	if (listener_closed(atoi(argv[1]), atoi(argv[2]), 5) == 0)
		return 0;
	fprintf(stderr, "closed: process %s still listens on port %s after 5 s\n", argv[1], argv[2]);
	return 1;
}
