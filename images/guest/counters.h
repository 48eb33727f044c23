/* SPDX-License-Identifier: MIT */
/* The kernel's TCP counters of this network namespace: /proc/net/snmp (Tcp) and /proc/net/netstat (TcpExt). */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COUNTERS 256

struct counter {
	char name[48];
	unsigned long long value;
};

struct counters {
	int count;
	struct counter all[MAX_COUNTERS];
};

/* Both files hold pairs of lines: names, then values, after the same prefix. Returns 0, or -1 with errno. */
static inline int read_counter_file(const char *path, const char *prefix, struct counters *into)
{
	static char names[8192], values[8192];
	FILE *file = fopen(path, "re");
	char *n, *v, *ns, *vs;

	if (!file)
		return -1;
	while (fgets(names, sizeof(names), file) && fgets(values, sizeof(values), file)) {
		if (strncmp(names, prefix, strlen(prefix)))
			continue;
		n = strtok_r(names, " \n", &ns);
		v = strtok_r(values, " \n", &vs);
		while ((n = strtok_r(NULL, " \n", &ns)) && (v = strtok_r(NULL, " \n", &vs)) &&
		       into->count < MAX_COUNTERS) {
			struct counter *c = &into->all[into->count++];

			snprintf(c->name, sizeof(c->name), "%s", n);
			c->value = strtoull(v, NULL, 10);
		}
	}
	fclose(file);
	return 0;
}

/* Reads all of them. Returns 0, or -1 with errno. */
static inline int read_counters(struct counters *into)
{
	into->count = 0;
	return read_counter_file("/proc/net/snmp", "Tcp:", into) ||
	       read_counter_file("/proc/net/netstat", "TcpExt:", into) ? -1 : 0;
}

#endif
