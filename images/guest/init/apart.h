/* SPDX-License-Identifier: MIT */
/*
 * The way of a cell into namespaces of the running kernel, and what stays outside to give it its user, watch and end it.
 * Root of the cell is nobody outside: where root starts it, a user that no account has; else the one who starts it.
 */
#ifndef APART_H
#define APART_H

#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "walls.h"

/* From here on no account, container or service gets its ids; a process id is added, so that two cells share none. */
#define NOBODYS 1900000000

static uid_t cell_uid;

/* Places for what is mounted below dev/, while the root may still be written. */
static inline void make_places(const char *root)
{
	char path[4096];

	for (size_t i = 0; i < DEVICE_COUNT; i++) {
		snprintf(path, sizeof(path), "%s/dev/%s", root, DEVICES[i]);
		close(open(path, O_CREAT | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600));
	}
	snprintf(path, sizeof(path), "%s/dev/pts", root);
	must(mkdir(path, 0755) && errno != EEXIST, path);
}

static int give_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
	(void)info, (void)type, (void)at;
	return lchown(path, cell_uid, cell_uid);
}

/*
 * Gives the root to the cell's user. In a user namespace of somebody's the ids of this one may not exist, and root is
 * nobody outside of that already.
 */
static inline void choose_user(const char *root)
{
	cell_uid = geteuid();
	if (cell_uid)
		return;
	cell_uid = NOBODYS + getpid();
	if (!lchown(root, cell_uid, cell_uid))
		must(nftw(root, give_one, 16, FTW_PHYS), root);
	else if (errno == EINVAL)
		cell_uid = 0;
	else
		must(1, root);
}

/* Writes one of a process's files in /proc. */
static inline int tell_process(int pid, const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return write_text(path, text);
}

static inline void map_user(int pid)
{
	char users[64], groups[64];

	snprintf(users, sizeof(users), "0 %u 1", cell_uid);
	snprintf(groups, sizeof(groups), "0 %u 1", geteuid() ? getegid() : cell_uid);
	must(tell_process(pid, "setgroups", "deny") || tell_process(pid, "uid_map", users) ||
	     tell_process(pid, "gid_map", groups), "uid_map");
}

/* Until the cell has ended; SIGTERM ends it. It takes all its processes with it, being process 1 of them. */
__attribute__((noreturn))
static inline void watch_over(int pid, const char *group, const sigset_t *signals)
{
	int status;

	for (;;) {
		int signal = sigwaitinfo(signals, NULL);

		if (signal == SIGTERM)
			kill(pid, SIGKILL);
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
	}
	leave_cgroup(group);
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Becomes root of the cell. The host's files are within reach of who starts it until then: the root may lie in a folder of theirs. */
static inline void enter_walls(const char *root)
{
	char from[64], to[64];

	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "/");
	must(mount(root, root, NULL, MS_BIND, NULL) || chdir(root), root);
	for (size_t i = 0; i < DEVICE_COUNT; i++) {
		snprintf(from, sizeof(from), "/dev/%s", DEVICES[i]);
		snprintf(to, sizeof(to), "dev/%s", DEVICES[i]);
		must(mount(from, to, NULL, MS_BIND, NULL), from);
	}
	must(setresgid(0, 0, 0) || setresuid(0, 0, 0), "setresuid");
	/* Who changes its user is not dumpable, and its files in /proc are the host's root's. */
	must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl");
	/* That of who starts it has their keys. */
	must(syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL) < 0 && errno != ENOSYS, "keyctl");
	leave_host();
	enter_inner_namespaces();
	limit_resources();
	drop_capabilities();
	/* Last: a change of credentials forgets it. */
	must(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
}

/* Returns as process 1 of the cell, within its walls. The process that came here stays outside, and ends with the cell. */
static inline void enter_apart(const char *root, int events)
{
	const int namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
	sigset_t signals, before;
	char group[4096] = "", go;
	int ends[2], pid;

	make_places(root);
	choose_user(root);
	must(!geteuid() && setgroups(0, NULL), "setgroups");
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &before);
	must(pipe2(ends, O_CLOEXEC), "pipe");
	pid = syscall(SYS_clone, namespaces | SIGCHLD, NULL, NULL, NULL, NULL);
	must(pid < 0, "namespaces");
	if (pid) {
		close(events);
		map_user(pid);
		enter_cgroup(pid, group, sizeof(group));
		must(write(ends[1], "", 1) != 1, "pipe");
		close(ends[0]);
		close(ends[1]);
		watch_over(pid, group, &signals);
	}
	close(ends[1]);
	if (read(ends[0], &go, 1) != 1)
		exit(1);
	close(ends[0]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	enter_walls(root);
}

#endif
