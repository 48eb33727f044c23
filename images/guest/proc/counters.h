/* SPDX-License-Identifier: MIT */
/* The kernel's TCP counters of a network namespace: snmp (Tcp) and netstat (TcpExt) in /proc/net, or in that of a process. */
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
static inline int read_counter_file(const char *net, const char *name, const char *prefix, struct counters *into)
{
	static char names[8192], values[8192];
	char path[64], *n, *v, *ns, *vs;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", net, name);
	file = fopen(path, "re");
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

/* Reads all of them. `net` is /proc/net, or the net of another process. Returns 0, or -1 with errno. */
static inline int read_counters(const char *net, struct counters *into)
{
	into->count = 0;
	return read_counter_file(net, "snmp", "Tcp:", into) || read_counter_file(net, "netstat", "TcpExt:", into) ? -1 : 0;
}

/* Adds those of another namespace, which one kernel lists in the same order. */
static inline void add_counters(struct counters *to, const struct counters *from)
{
	for (int i = 0; i < to->count && i < from->count; i++)
		to->all[i].value += from->all[i].value;
}

#endif
