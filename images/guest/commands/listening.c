// SPDX-License-Identifier: MIT
/* listening PID... PORT: prints those of the processes that hold a listener on the port. For what says who serves. */
#include "proc/listener.h"

int main(int argc, char **argv)
{
	struct pids pids = { 0 };
	int port = pids_and_port(&pids, argc, argv);

	if (!port || !pids.count) {
		fprintf(stderr, "usage: listening PID... PORT\n");
		return 2;
	}
	for (int i = 0; i < pids.count; i++) {
		struct pids one = { 0 };

		pids_add(&one, pids.pid[i]);
		if (listens(&one, port))
			printf("%d\n", pids.pid[i]);
	}
	return 0;
}
