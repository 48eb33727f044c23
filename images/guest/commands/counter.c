// SPDX-License-Identifier: MIT
/*
 * counter NAME: prints a counter of the kernel, of this network namespace, by its name in nstat, as TcpExtListenDrops.
 * For the proof of a case.
 */
#include "proc/counters.h"

/* Where the counters of a protocol are; of two that fit, as Tcp and TcpExt, the longer name comes first. */
static const struct { const char *prefix, *file; } places[] = {
	{ "TcpExt:", "netstat" },
	{ "IpExt:", "netstat" },
	{ "Tcp:", "snmp" },
	{ "Ip:", "snmp" },
};

int main(int argc, char **argv)
{
	static struct counters all;

	if (argc != 2) {
		fprintf(stderr, "usage: counter NAME\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t size = strlen(places[i].prefix) - 1;

		if (strncmp(argv[1], places[i].prefix, size))
			continue;
		if (read_counter_file("/proc/net", places[i].file, places[i].prefix, &all)) {
			perror(places[i].file);
			return 1;
		}
		for (int j = 0; j < all.count; j++)
			if (!strcmp(all.all[j].name, argv[1] + size)) {
				printf("%llu\n", all.all[j].value);
				return 0;
			}
		break;
	}
	fprintf(stderr, "counter: this kernel has no %s; expected a name of nstat, as TcpExtListenDrops\n", argv[1]);
	return 1;
}
