/* SPDX-License-Identifier: MIT */
/* Which CPUs a process may use. /proc/PID/status tells it only where the kernel was configured for that. */
#ifndef AFFINITY_H
#define AFFINITY_H

#include <sched.h>
#include <stdio.h>
#include <string.h>

/* As many as Linux can have (CONFIG_NR_CPUS). */
#define MOST_CPUS 8192

/*
 * Writes them as a list, as the kernel's own Cpus_allowed_list: "0", "0-2,5"; one that does not fit ends with "...".
 * Writes nothing and sets errno when the process is gone.
 */
static inline void allowed_cpus(int pid, char *list, size_t size)
{
	static cpu_set_t set[MOST_CPUS / CPU_SETSIZE];
	size_t used = 0;

	list[0] = 0;
	memset(set, 0, sizeof(set));
	if (sched_getaffinity(pid, sizeof(set), set))
		return;
	for (int cpu = 0, last; cpu < MOST_CPUS; cpu = last + 1) {
		last = cpu;
		if (!CPU_ISSET_S(cpu, sizeof(set), set))
			continue;
		while (last + 1 < MOST_CPUS && CPU_ISSET_S(last + 1, sizeof(set), set))
			last++;
		/* The longest entry is ",8190-8191". */
		if (size - used < sizeof(",8190-8191...")) {
			snprintf(list + used, size - used, "...");
			return;
		}
		used += snprintf(list + used, size - used, last > cpu ? "%s%d-%d" : "%s%d", used ? "," : "", cpu, last);
	}
}

#endif
