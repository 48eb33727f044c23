// SPDX-License-Identifier: MIT
/* listening PID... PORT: prints those of the processes that hold a listener on the port. For what says who serves. */
#include "listener.h"

int main(int argc, char **argv)
{
	struct pids pids = { 0 };

	for (int i = 1; i < argc - 1; i++)
		if (atoi(argv[i]) <= 0 || !pids_add(&pids, atoi(argv[i])))
			argc = 0;
	if (argc < 3) {
		fprintf(stderr, "usage: listening PID... PORT\n");
		return 2;
	}
	for (int i = 0; i < pids.count; i++) {
		struct pids one = { 0 };

		pids_add(&one, pids.pid[i]);
		if (listens(&one, atoi(argv[argc - 1])))
			printf("%d\n", pids.pid[i]);
	}
	return 0;
}
