/* SPDX-License-Identifier: MIT */
/* Who listens: which sockets are in LISTEN on a port, and whether a process still holds one of them. */
#ifndef LISTENER_H
#define LISTENER_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TCP_LISTEN_STATE 0x0a

/*
 * The inode of a socket that listens on the port and that the process holds, else 0; and, where the caller wants it,
 * how many listen there that it does not hold.
 * /proc/net/tcp shows listeners first, so reading stops at the first socket that is none:
 * thousands of connections in TIME_WAIT behind them cost nothing.
 */
static inline unsigned long listeners_of(int pid, int port, int *strangers)
{
	unsigned long listening[64], found = 0;
	bool held[64] = { false };
	int unknown;
	unsigned int local, state;
	int count = 0, fd;
	char line[256], path[300], link[64];
	struct dirent *entry;
	FILE *tcp;
	DIR *dir;

	tcp = fopen("/proc/net/tcp", "re");
	if (!tcp)
		return 0;
	if (!fgets(line, sizeof(line), tcp))
		line[0] = 0;
	while (count < 64 && fgets(line, sizeof(line), tcp)) {
		if (sscanf(line, "%*d: %*x:%x %*x:%*x %x %*x:%*x %*x:%*x %*x %*u %*u %lu",
			   &local, &state, &listening[count]) != 3 ||
		    state != TCP_LISTEN_STATE)
			break;
		if ((int)local == port)
			count++;
	}
	fclose(tcp);
	unknown = count;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((strangers ? unknown > 0 : !found) && (entry = readdir(dir))) {
		unsigned long inode;
		ssize_t n;

		fd = dirfd(dir);
		n = readlinkat(fd, entry->d_name, link, sizeof(link) - 1);
		if (n < 0)
			continue;
		link[n] = 0;
		if (sscanf(link, "socket:[%lu]", &inode) != 1)
			continue;
		for (int i = 0; i < count; i++)
			if (listening[i] == inode && !held[i]) {
				found = inode;
				held[i] = true;
				unknown--;
			}
	}
	closedir(dir);
	if (strangers)
		*strangers = unknown;
	return found;
}

static inline unsigned long listener_of(int pid, int port)
{
	return listeners_of(pid, port, NULL);
}

/*
 * How many sockets listen on the port that the process does not hold. One that is being closed may still be listed
 * for a moment.
 */
static inline int strangers_beside(int pid, int port)
{
	int strangers = 0;

	for (int left = 100; left > 0; left--) {
		strangers = 0;
		listeners_of(pid, port, &strangers);
		if (!strangers)
			break;
		usleep(10000);
	}
	return strangers;
}

/* Waits, at most `seconds`, until the process holds no listener on the port. Returns 0, or -1 when it still does. */
static inline int listener_closed(int pid, int port, int seconds)
{
	for (int left = seconds * 500; left > 0; left--) {
		if (!listener_of(pid, port))
			return 0;
		usleep(2000);
	}
	return -1;
}

#endif
