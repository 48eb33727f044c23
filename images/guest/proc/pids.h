/* SPDX-License-Identifier: MIT */
/* A few process ids, as the processes of a proxy that accept connections. */
#ifndef PIDS_H
#define PIDS_H

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_PIDS 64

struct pids {
	int count;
	int pid[MAX_PIDS];
};

static inline bool pids_have(const struct pids *all, int pid)
{
	for (int i = 0; i < all->count; i++)
		if (all->pid[i] == pid)
			return true;
	return false;
}

static inline bool pids_share(const struct pids *a, const struct pids *b)
{
	for (int i = 0; i < a->count; i++)
		if (pids_have(b, a->pid[i]))
			return true;
	return false;
}

static inline bool pids_same(const struct pids *a, const struct pids *b)
{
	for (int i = 0; i < a->count; i++)
		if (!pids_have(b, a->pid[i]))
			return false;
	return a->count == b->count;
}

/* The first of them that is gone, else 0. */
static inline int pids_gone(const struct pids *all)
{
	for (int i = 0; i < all->count; i++)
		if (kill(all->pid[i], 0) && errno == ESRCH)
			return all->pid[i];
	return 0;
}

/* Adds one, in ascending order. Returns false when there is no room. */
static inline bool pids_add(struct pids *all, int pid)
{
	int at = all->count;

	if (pids_have(all, pid))
		return true;
	if (at == MAX_PIDS)
		return false;
	for (; at > 0 && all->pid[at - 1] > pid; at--)
		all->pid[at] = all->pid[at - 1];
	all->pid[at] = pid;
	all->count++;
	return true;
}

/* Reads numbers with blanks between them. Returns false when there is anything else, or too many. */
static inline bool pids_read(struct pids *all, const char *text)
{
	char *end;

	all->count = 0;
	for (;;) {
		long pid;

		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			return true;
		pid = strtol(text, &end, 10);
		if (end == text || pid <= 0 || (*end && !isspace((unsigned char)*end)) || !pids_add(all, pid))
			return false;
		text = end;
	}
}

/* Reads a command line of PID... PORT. Returns the port, or 0 where it is none. */
static inline int pids_and_port(struct pids *all, int argc, char **argv)
{
	for (int i = 1; i < argc - 1; i++)
		if (atoi(argv[i]) <= 0 || !pids_add(all, atoi(argv[i])))
			return 0;
	return argc > 1 && atoi(argv[argc - 1]) > 0 ? atoi(argv[argc - 1]) : 0;
}

/* Writes them, separated by `between`: "12 13", "12,13". Cut where the text is full. */
static inline const char *pids_text(const struct pids *all, const char *between, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (int i = 0; i < all->count && used < size; i++)
		used += snprintf(text + used, size - used, "%s%d", i ? between : "", all->pid[i]);
	return text;
}

#endif
