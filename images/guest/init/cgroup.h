/* SPDX-License-Identifier: MIT */
/*
 * A cgroup (version 2) for a cell, which limits all its processes together. It is made beside that of the lab, or beside
 * the next one above it whose children have their memory and number counted, and that the lab may write. Where there is
 * none, the limits of each process remain (walls.h).
 */
#ifndef CGROUP_H
#define CGROUP_H

#include <dirent.h>

#include "walls.h"

#define CGROUP_PREFIX "hitless-"

/* Where cgroup2 is mounted. Returns false where it is not, or not from its top. */
static inline bool cgroup_mount(char *path, size_t size)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[4096], root[1024], where[1024];
	bool found = false;

	while (mounts && !found && fgets(line, sizeof(line), mounts))
		found = strstr(line, " - cgroup2 ") && sscanf(line, "%*s %*s %*s %1023s %1023s", root, where) == 2 &&
			!strcmp(root, "/");
	if (mounts)
		fclose(mounts);
	if (found)
		snprintf(path, size, "%s", where);
	return found;
}

/* Adds the path of this process's cgroup to that of the mount. Returns false where it lies outside. */
static inline bool own_cgroup(char *path, size_t size)
{
	FILE *groups = fopen("/proc/self/cgroup", "re");
	char line[2048];
	bool found = false;

	while (groups && !found && fgets(line, sizeof(line), groups))
		found = !strncmp(line, "0::/", 4) && !strstr(line, "/..");
	if (groups)
		fclose(groups);
	if (!found)
		return false;
	line[strcspn(line, "\n")] = 0;
	if (line[4])
		snprintf(path + strlen(path), size - strlen(path), "%s", line + 3);
	return true;
}

static inline bool counts_for_children(const char *parent)
{
	char path[4096], text[512] = " ";
	FILE *control;

	snprintf(path, sizeof(path), "%.4000s/cgroup.subtree_control", parent);
	control = fopen(path, "re");
	if (!control)
		return false;
	if (!fgets(text, sizeof(text), control))
		*text = 0;
	fclose(control);
	return strstr(text, "memory") && strstr(text, "pids");
}

/* Those that a killed watcher has left. The kernel keeps each that still has processes. */
static inline void sweep_cgroups(const char *parent)
{
	DIR *dir = opendir(parent);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, CGROUP_PREFIX, strlen(CGROUP_PREFIX)))
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	if (dir)
		closedir(dir);
}

/* Writes one file of a cgroup. Returns 0, or -1 with errno. */
static inline int set_cgroup(const char *group, const char *file, unsigned long value)
{
	char path[4096], text[32];

	snprintf(path, sizeof(path), "%.4000s/%s", group, file);
	snprintf(text, sizeof(text), "%lu", value);
	return write_text(path, text);
}

/* Returns whether a process is in the group, and all limits hold. */
static inline bool make_cgroup(const char *group, int pid)
{
	if (mkdir(group, 0755))
		return false;
	/* A machine without swap has no limit of it. */
	set_cgroup(group, "memory.swap.max", 0);
	if (!set_cgroup(group, "memory.max", MOST_MEMORY) && !set_cgroup(group, "pids.max", MOST_PROCESSES) &&
	    !set_cgroup(group, "cgroup.procs", pid))
		return true;
	rmdir(group);
	return false;
}

/* Puts a process in a cgroup of its own, whose path is left in `group`. */
static inline void enter_cgroup(int pid, char *group, size_t size)
{
	char parent[2048], *top, *end;

	if (!cgroup_mount(parent, sizeof(parent)))
		return;
	top = parent + strlen(parent);
	if (!own_cgroup(parent, sizeof(parent)))
		return;
	for (;;) {
		if (counts_for_children(parent)) {
			sweep_cgroups(parent);
			/* Another cell may sweep before the process is in it. */
			for (int i = 0; i < 3; i++) {
				snprintf(group, size, "%s/" CGROUP_PREFIX "%d", parent, getpid());
				if (make_cgroup(group, pid))
					return;
			}
			*group = 0;
		}
		end = strrchr(parent, '/');
		if (!end || end < top)
			return;
		*end = 0;
	}
}

static inline void leave_cgroup(const char *group)
{
	if (!*group)
		return;
	/* The last processes are gone a moment after process 1 is. */
	for (int i = 0; rmdir(group) && errno == EBUSY && i < 100; i++)
		usleep(10000);
}

#endif
