/* SPDX-License-Identifier: MIT */
/* Who listens: which sockets are in LISTEN on a port, and whether processes still hold one of them. */
#ifndef LISTENER_H
#define LISTENER_H

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "pids.h"

#ifndef PROC_NET_TCP
#define PROC_NET_TCP "/proc/net/tcp"
#endif
#define PAGE_OF_PROC 4096
#define READINGS 4
#define TCP_SYN_RECV_STATE 0x03
#define TCP_LISTEN_STATE 0x0a
#define MAX_LISTENERS 1024

/*
 * The sockets that listen on a port, by their inodes; which of them somebody holds; and how many connections wait in
 * their accept queues, in all and in each: of a listener /proc/net/tcp shows these as rx_queue.
 */
struct listeners {
	int count, unheld;
	unsigned int waiting;
	unsigned int queue[MAX_LISTENERS];
	unsigned long inode[MAX_LISTENERS];
	bool held[MAX_LISTENERS];
};

/* Takes one listener over, or what waits in one that is known. */
static inline void listeners_take(struct listeners *all, unsigned long inode, unsigned int waiting)
{
	int i = 0;

	while (i < all->count && all->inode[i] != inode)
		i++;
	if (i == MAX_LISTENERS)
		return;
	all->inode[i] = inode;
	all->queue[i] = waiting;
	if (i == all->count)
		all->count++;
}

/*
 * Reads /proc/net/tcp once, up to the first socket behind the listeners: thousands of connections in TIME_WAIT there
 * cost nothing. Up to Linux 4.3 the connections in SYN_RECV of each listener follow it. Returns whether there were any,
 * and more than a page in all: the kernel goes on behind a page by counting, and passes a listener over if some have
 * gone meanwhile (tcp_seek_last_pos).
 */
static inline bool listeners_read_once(struct listeners *all, int port)
{
	unsigned int local, state, waiting;
	unsigned long inode;
	bool halves = false;
	size_t size = 0;
	char line[256];
	FILE *tcp;

	tcp = fopen(PROC_NET_TCP, "re");
	if (!tcp)
		return false;
	if (!fgets(line, sizeof(line), tcp))
		line[0] = 0;
	while (fgets(line, sizeof(line), tcp)) {
		size += strlen(line);
		if (sscanf(line, "%*d: %*x:%x %*x:%*x %x %*x:%x %*x:%*x %*x %*u %*u %lu", &local, &state, &waiting,
			   &inode) != 4 ||
		    (state != TCP_LISTEN_STATE && state != TCP_SYN_RECV_STATE))
			break;
		halves |= state == TCP_SYN_RECV_STATE;
		if ((int)local == port && state == TCP_LISTEN_STATE)
			listeners_take(all, inode, waiting);
	}
	fclose(tcp);
	return halves && size > PAGE_OF_PROC;
}

/* All that listen on the port. Where one reading may have passed one over, several together. */
static inline void listeners_read(struct listeners *all, int port)
{
	memset(all, 0, sizeof(*all));
	for (int left = READINGS; left > 0 && listeners_read_once(all, port); left--)
		;
	for (int i = 0; i < all->count; i++)
		all->waiting += all->queue[i];
	all->unheld = all->count;
}

/* Marks those that a process holds, until all are held by somebody; without `every`, until one is. */
static inline void listeners_mark(struct listeners *all, int pid, bool every)
{
	char path[300], link[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((every ? all->unheld > 0 : all->unheld == all->count) && (entry = readdir(dir))) {
		unsigned long inode;
		ssize_t n;

		n = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);
		if (n < 0)
			continue;
		link[n] = 0;
		if (sscanf(link, "socket:[%lu]", &inode) != 1)
			continue;
		for (int i = 0; i < all->count; i++)
			if (all->inode[i] == inode && !all->held[i]) {
				all->held[i] = true;
				all->unheld--;
			}
	}
	closedir(dir);
}

/* The sockets that listen on the port, with those marked that any of the processes holds. */
static inline void listeners_of(struct listeners *all, const struct pids *pids, int port)
{
	listeners_read(all, port);
	for (int i = 0; i < pids->count; i++)
		listeners_mark(all, pids->pid[i], true);
}

/* The inode of a held socket, if possible of one that `other` holds, too; 0 when none is held. */
static inline unsigned long listener_kept(const struct listeners *all, const struct listeners *other)
{
	unsigned long found = 0;

	for (int i = 0; i < all->count; i++) {
		if (!all->held[i])
			continue;
		for (int j = 0; j < other->count; j++)
			if (other->held[j] && other->inode[j] == all->inode[i])
				return all->inode[i];
		if (!found)
			found = all->inode[i];
	}
	return found;
}

/* How many of the held sockets are held in `other`, too. */
static inline int listeners_kept(const struct listeners *all, const struct listeners *other)
{
	int kept = 0;

	for (int i = 0; i < all->count; i++)
		for (int j = 0; j < other->count; j++)
			if (all->held[i] && other->held[j] && other->inode[j] == all->inode[i])
				kept++;
	return kept;
}

/* Whether any of the processes holds a listener on the port. */
static inline bool listens(const struct pids *pids, int port)
{
	struct listeners all;

	listeners_read(&all, port);
	for (int i = 0; i < pids->count && all.count && all.unheld == all.count; i++)
		listeners_mark(&all, pids->pid[i], false);
	return all.unheld < all.count;
}

/*
 * How many sockets listen on the port that none of the processes holds. One that is being closed may still be listed
 * for a moment.
 */
static inline int strangers_beside(const struct pids *pids, int port)
{
	struct listeners all = { 0 };

	for (int left = 100; left > 0; left--) {
		listeners_of(&all, pids, port);
		if (!all.unheld)
			break;
		usleep(10000);
	}
	return all.unheld;
}

/* Waits, at most `seconds`, until no process holds a listener on the port. Returns 0, or -1 when one still does. */
static inline int listener_closed(const struct pids *pids, int port, int seconds)
{
	for (int left = seconds * 500; left > 0; left--) {
		if (!listens(pids, port))
			return 0;
		usleep(2000);
	}
	return -1;
}

#endif
