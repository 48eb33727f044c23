/* SPDX-License-Identifier: MIT */
/*
 * What a cell on the running kernel cannot leave or change: its file system, its sysctls, its namespaces, its capabilities
 * and limits. Each wall that cannot be put up ends the cell before anything runs in it.
 */
#ifndef WALLS_H
#define WALLS_H

#include <dirent.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>

#include "machine.h"

#define MIB (1024UL * 1024)
/* Of each process; where there is a cgroup, of all of them together (cgroup.h). */
#define MOST_MEMORY (2048 * MIB)
#define MOST_PROCESSES 512
/* Before 5.14 the processes that a user has outside of the cell count as well. */
#define MOST_OF_A_USER 4096
#define MOST_IN_A_FILE (256 * MIB)
#define FILES_IN_MEMORY "size=256m,mode=755"

static inline void must(int failed, const char *what)
{
	if (!failed)
		return;
	say(what);
	exit(1);
}

/* Returns 0, or -1 with errno. */
static inline int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), failed;

	if (fd < 0)
		return -1;
	failed = write(fd, text, strlen(text)) < 0;
	close(fd);
	return failed ? -1 : 0;
}

/* The flags that a mount has already: one of another user's may not be taken away. */
static inline unsigned long mount_flags(const char *where)
{
	static const struct { unsigned long has, keeps; } known[] = {
		{ ST_NOEXEC, MS_NOEXEC }, { ST_NOATIME, MS_NOATIME },
		{ ST_NODIRATIME, MS_NODIRATIME }, { ST_RELATIME, MS_RELATIME },
	};
	unsigned long flags = 0;
	struct statvfs found;

	must(statvfs(where, &found), where);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (found.f_flag & known[i].has)
			flags |= known[i].keeps;
	return flags;
}

static inline void make_read_only(const char *where)
{
	unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | mount_flags(where);

	must(mount(NULL, where, NULL, flags, NULL), where);
}

/*
 * How many more namespaces there may be: the one that the cell's programs run in is made after this, with its network, and
 * the clients have a network. So nobody gets a user or mount namespace in which these walls are not, with all capabilities.
 */
static inline void limit_namespaces(void)
{
	/* Those of now count for the user that has made them, which need not be the one of now. */
	static const char *const limits[][2] = {
		{ "user", "1" }, { "net", "8" }, { "mnt", "0" }, { "pid", "0" },
		{ "ipc", "0" }, { "uts", "0" }, { "cgroup", "0" }, { "time", "0" },
	};
	char path[64];

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		snprintf(path, sizeof(path), "proc/sys/user/max_%s_namespaces", limits[i][0]);
		/* A kernel without a kind of namespace has no limit of it. */
		must(write_text(path, limits[i][1]) && errno != ENOENT, path);
	}
}

static inline void copy_file(int from, int to, const char *name)
{
	char text[65536];
	struct stat info;
	int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), out;
	ssize_t size;

	must(in < 0 || fstat(in, &info), name);
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, info.st_mode & 0777);
	must(out < 0, name);
	while ((size = read(in, text, sizeof(text))) > 0)
		must(write(out, text, size) != size, name);
	must(size < 0, name);
	close(in);
	close(out);
}

/* A case may change its configuration from reload to reload: its files lie in memory, as in a virtual machine. */
static inline void put_cell_in_memory(void)
{
	DIR *cell = opendir("cell");
	struct dirent *entry;
	int copy;

	must(!cell || mount("tmpfs", "cell", "tmpfs", MS_NOSUID | MS_NODEV, FILES_IN_MEMORY), "/cell");
	copy = open("cell", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(copy < 0, "/cell");
	while ((entry = readdir(cell)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			copy_file(dirfd(cell), copy, entry->d_name);
	closedir(cell);
	close(copy);
}

/* Fills the root that is the current directory, and makes it all that there is: the host's mounts are gone. */
static inline void leave_host(void)
{
	must(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "/proc");
	must(mount("tmpfs", "run", "tmpfs", MS_NOSUID | MS_NODEV, FILES_IN_MEMORY), "/run");
	must(mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, FILES_IN_MEMORY), "/tmp");
	put_cell_in_memory();
	must(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0600"), "/dev/pts");
	limit_namespaces();
	must(mount("proc/sys", "proc/sys", NULL, MS_BIND, NULL), "/proc/sys");
	must(mount("proc/sys/net", "proc/sys/net", NULL, MS_BIND, NULL), "/proc/sys/net");
	make_read_only("proc/sys");
	make_read_only(".");
	/* The old root lies over the new one, in one place, until it is detached. */
	must(syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"), "pivot_root");
}

/*
 * A second user namespace, with a network of its own. The mounts belong to the first, so that no capability here changes
 * them.
 */
static inline void enter_inner_namespaces(void)
{
	must(unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare");
	must(write_text("/proc/self/setgroups", "deny") || write_text("/proc/self/uid_map", "0 0 1") ||
	     write_text("/proc/self/gid_map", "0 0 1"), "/proc/self/uid_map");
}

static inline void limit_resources(void)
{
	struct utsname name;
	int major = 0, minor = 0;

	uname(&name);
	sscanf(name.release, "%d.%d", &major, &minor);
	const struct { int what; rlim_t most; } limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_FSIZE, MOST_IN_A_FILE },
		{ RLIMIT_AS, MOST_MEMORY },
		{ RLIMIT_NPROC, major * 1000 + minor < 5014 ? MOST_OF_A_USER : MOST_PROCESSES },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		getrlimit(limits[i].what, &limit);
		if (limit.rlim_max > limits[i].most)
			limit.rlim_max = limits[i].most;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		must(setrlimit(limits[i].what, &limit), "setrlimit");
	}
}

/*
 * Interfaces, rules, packets, ports below 1024, and namespaces for the clients' network. All count in the cell's own
 * namespaces alone. All others are gone for good.
 */
static inline void drop_capabilities(void)
{
	static const int kept[] = { CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE, CAP_SYS_ADMIN };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		data[kept[i] / 32].permitted |= 1U << kept[i] % 32;
	for (int i = 0; i < 64 && prctl(PR_CAPBSET_READ, i) >= 0; i++)
		must(!(data[i / 32].permitted & 1U << i % 32) && prctl(PR_CAPBSET_DROP, i), "capabilities");
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted;
	must(syscall(SYS_capset, &header, data), "capabilities");
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

/* Those that a cell keeps, too. */
static inline void drop_last_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };

	must(syscall(SYS_capset, &header, none), "capabilities");
}

#endif
