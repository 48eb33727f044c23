// SPDX-License-Identifier: MIT
/*
 * busy CPU CPU: how long the proxy's and the generator's CPU have been busy since boot. Event "cpus", for each of them
 * [busy, idle, stolen] in clock ticks of 1/100 s, as /proc/stat has them (proc(5)).
 *
 * Of the whole CPU, not of the processes: on the loopback the work of the network (softirq) is done by whoever sends,
 * and the kernel charges it to no process, or to any.
 */
#include "event.h"

/* Columns of /proc/stat. Time of guests is in `user`, too, and not counted twice. */
enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMNS };

/* Adds `,"key":[busy,idle,stolen]`. */
static void add_times(const char *key, int cpu)
{
	unsigned long long all[COLUMNS] = { 0 };
	char line[512];
	FILE *file = fopen("/proc/stat", "re");
	int number, found = 0;

	if (!file)
		event_fail("busy", "/proc/stat: %s", strerror(errno));
	while (!found && fgets(line, sizeof(line), file))
		/* The first line has no number: it is the sum of all. */
		found = line[3] != ' ' &&
			sscanf(line, "cpu%d %llu %llu %llu %llu %llu %llu %llu %llu", &number, &all[USER], &all[NICE],
			       &all[SYSTEM], &all[IDLE], &all[IOWAIT], &all[IRQ], &all[SOFTIRQ], &all[STEAL]) >= 8 &&
			number == cpu;
	fclose(file);
	if (!found)
		event_fail("busy", "/proc/stat has no times of CPU %d", cpu);
	event_add(",\"%s\":[%llu,%llu,%llu]", key,
		  all[USER] + all[NICE] + all[SYSTEM] + all[IRQ] + all[SOFTIRQ], all[IDLE] + all[IOWAIT], all[STEAL]);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: busy CPU CPU\n");
		return 2;
	}
	event_begin("cpus");
	add_times("proxy", atoi(argv[1]));
	add_times("generator", atoi(argv[2]));
	event_end();
	return 0;
}
