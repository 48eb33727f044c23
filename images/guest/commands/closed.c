// SPDX-License-Identifier: MIT
/* closed PID... PORT: waits until the processes have closed their listeners on the port. For the hooks of a case. */
#include "listener.h"

int main(int argc, char **argv)
{
	struct pids pids = { 0 };

	for (int i = 1; i < argc - 1; i++)
		if (atoi(argv[i]) <= 0 || !pids_add(&pids, atoi(argv[i])))
			argc = 0;
	if (argc < 3) {
		fprintf(stderr, "usage: closed PID... PORT\n");
		return 2;
	}
	if (listener_closed(&pids, atoi(argv[argc - 1]), 5) == 0)
		return 0;
	fprintf(stderr, "closed: processes still listen on port %s after 5 s\n", argv[argc - 1]);
	return 1;
}
