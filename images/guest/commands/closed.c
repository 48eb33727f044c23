// SPDX-License-Identifier: MIT
/* closed PID... PORT: waits until the processes have closed their listeners on the port. For the hooks of a case. */
#include "proc/listener.h"

int main(int argc, char **argv)
{
	struct pids pids = { 0 };
	int port = pids_and_port(&pids, argc, argv);

	if (!port || !pids.count) {
		fprintf(stderr, "usage: closed PID... PORT\n");
		return 2;
	}
	if (listener_closed(&pids, port, 5) == 0)
		return 0;
	fprintf(stderr, "closed: processes still listen on port %d after 5 s\n", port);
	return 1;
}
