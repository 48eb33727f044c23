// SPDX-License-Identifier: MIT
/*
 * serves PORT ADDRESS [ab]: whether the service answers when all is over. A reload that leaves a rule, a plug or a dead
 * listener behind resets nobody, and is an outage. Event "service": connections asked and answered. With "ab" it asks over
 * HTTPS, by ab.
 */
#include <sys/wait.h>

#include "wire/ab.h"
#include "client.h"

/* With one dead listener of two, each misses it with a probability of a half. */
#define CLIENTS 32
/* Longer than the first retransmission of a SYN: 3 s before Linux 3.1. */
#define WAIT_MS 3500

/* Failed requests count for more than one, but never for less. */
static int ask_ab(const char *address, int port)
{
	struct ab_report report;
	int out;
	pid_t pid = ab_start(address, port, 1, CLIENTS, &out);

	if (pid < 0)
		event_fail("serves", "cannot start ab: %s", strerror(errno));
	waitpid(pid, NULL, 0);
	report = ab_finish(out);
	return report.failed < report.complete ? report.complete - report.failed : 0;
}

int main(int argc, char **argv)
{
	int answered;

	if (argc != 3 && !(argc == 4 && !strcmp(argv[3], "ab"))) {
		fprintf(stderr, "usage: serves PORT ADDRESS [ab]\n");
		return 2;
	}
	answered = argc == 4 ? ask_ab(argv[2], atoi(argv[1]))
			     : ask_clients(argv[2], atoi(argv[1]), CLIENTS, WAIT_MS);
	event_begin("service");
	event_count("asked", CLIENTS);
	event_count("answered", answered);
	event_end();
	return 0;
}
