// SPDX-License-Identifier: MIT
/*
 * steered PORT OLD: prints how many of 4 new connections the service answers while the old proxy (a process id) is
 * stopped: all of them where new connections go to the new proxy only. Without that, each goes to the old one with a
 * probability of a half, and gets no answer. For the proof of a case.
 */
#include <signal.h>

#include "client.h"

#define CLIENTS 4
#define WAIT_MS 500

int main(int argc, char **argv)
{
	int answered, old;

	if (argc != 3) {
		fprintf(stderr, "usage: steered PORT OLD\n");
		return 2;
	}
	old = atoi(argv[2]);
	if (old <= 1 || kill(old, SIGSTOP)) {
		fprintf(stderr, "steered: process %d: %s\n", old, strerror(errno));
		return 1;
	}
	answered = ask_clients("127.0.0.1", atoi(argv[1]), CLIENTS, WAIT_MS);
	kill(old, SIGCONT);
	printf("%d\n", answered);
	return 0;
}
