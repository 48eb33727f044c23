/* SPDX-License-Identifier: MIT */
/* Running ab(1), ApacheBench, and reading what it prints. */
#ifndef AB_H
#define AB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Its report is some 1200 bytes: it fits into a pipe that nobody reads meanwhile. */
#define AB_REPORT 8192

/* What ab printed of one run. */
struct ab_report {
	bool told;		/* false: it ended without its numbers, and all below are 0 */
	unsigned int complete, failed, connect, receive, length, exceptions;
};

/* The number behind a label in ab's report; 0 where it does not print one. */
static inline unsigned int ab_number(const char *report, const char *label)
{
	const char *at = strstr(report, label);

	return at ? strtoul(at + strlen(label), NULL, 10) : 0;
}

/* Reads a report. The parts of the failed requests are there only where some have failed. */
static inline struct ab_report ab_read(const char *report)
{
	if (!strstr(report, "Complete requests:") || !strstr(report, "Failed requests:"))
		return (struct ab_report){ .told = false };
	return (struct ab_report){
		.told = true,
		.complete = ab_number(report, "Complete requests:"),
		.failed = ab_number(report, "Failed requests:"),
		.connect = ab_number(report, "(Connect:"),
		.receive = ab_number(report, ", Receive:"),
		.length = ab_number(report, ", Length:"),
		.exceptions = ab_number(report, ", Exceptions:"),
	};
}

/*
 * Starts `ab -r -c users -n requests https://address:port/`, as the article does, but that it gives up after 5 s without
 * any progress, not after 30: one hang may not cost the whole boot. Its report can be read from *out when it has ended.
 * Returns its process id, or -1.
 */
static inline pid_t ab_start(const char *address, int port, unsigned int users, unsigned int requests, int *out)
{
	char c[16], n[16], uri[64];
	int ends[2];
	pid_t pid;

	snprintf(c, sizeof(c), "%u", users);
	snprintf(n, sizeof(n), "%u", requests);
	snprintf(uri, sizeof(uri), "https://%s:%d/", address, port);
	if (pipe(ends))
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("ab", "ab", "-q", "-r", "-s", "5", "-c", c, "-n", n, uri, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	return pid;
}

/* Reads and closes what ab_start() left open, once ab has ended. */
static inline struct ab_report ab_finish(int out)
{
	static char report[AB_REPORT];
	size_t size = 0;
	ssize_t more;

	while (size < sizeof(report) - 1 && (more = read(out, report + size, sizeof(report) - 1 - size)) > 0)
		size += more;
	report[size] = 0;
	close(out);
	return ab_read(report);
}

#endif
