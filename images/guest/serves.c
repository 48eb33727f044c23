// SPDX-License-Identifier: MIT
/*
 * serves PORT ADDRESS: whether the service answers when all is over. A reload that leaves a rule, a plug or a dead listener
 * behind resets nobody, and is an outage. Event "service": connections asked and answered.
 */
#include "client.h"

/* With one dead listener of two, each misses it with a probability of a half. */
#define CLIENTS 32
/* Longer than the first retransmission of a SYN: 3 s before Linux 3.1. */
#define WAIT_MS 3500

int main(int argc, char **argv)
{
	int answered;

	if (argc != 3) {
		fprintf(stderr, "usage: serves PORT ADDRESS\n");
		return 2;
	}
	answered = ask_clients(argv[2], atoi(argv[1]), CLIENTS, WAIT_MS);
	event_begin("service");
	event_count("asked", CLIENTS);
	event_count("answered", answered);
	event_end();
	return 0;
}
