/* SPDX-License-Identifier: MIT */
/* The scripts of a reload, which are a case's commands: each is run, waited for, and fails the cell when it hangs. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "event.h"

/* Where the scripts are; tests set their own. */
#ifndef CELL
#define CELL "/cell"
#endif
/* Less than the silence after which a guest is given up: at the reload before the load nobody else tells anything. */
#define SCRIPT_SECONDS 15

/*
 * Runs a script of the case, whose stdout is `out`, and returns its status. Events stay out of its reach. The cell
 * fails when it does not end by itself.
 */
static inline int script_status(const char *path, int number, int out)
{
	int status, pid;

	pid = fork();
	if (pid < 0)
		event_fail("reload", "reload %d: fork: %s", number, strerror(errno));
	if (!pid) {
		dup2(out, 1);
		alarm(SCRIPT_SECONDS);
		execl("/bin/sh", "sh", "-e", path, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			event_fail("reload", "reload %d: wait: %s", number, strerror(errno));
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		event_fail("reload", "reload %d: %s did not end within %d s", number, path, SCRIPT_SECONDS);
	if (WIFSIGNALED(status))
		event_fail("reload", "reload %d: %s was killed by signal %d", number, path, WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* Runs a script, if there is one; its stdout is the console. The cell fails when it does. */
static inline void script_run(const char *path, int number)
{
	int status = access(path, F_OK) ? 0 : script_status(path, number, 2);

	if (status)
		event_fail("reload", "reload %d: %s ended with status %d", number, path, status);
}

/* Runs a script and reads what it prints, cut at `size`. Returns its status. */
static inline int script_read(const char *path, int number, char *text, size_t size)
{
	int ends[2], status;
	ssize_t got;

	/* What it prints fits into the pipe, or it is not what is asked for. */
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		event_fail("reload", "reload %d: pipe: %s", number, strerror(errno));
	status = script_status(path, number, ends[1]);
	got = read(ends[0], text, size - 1);
	text[got > 0 ? got : 0] = 0;
	close(ends[0]);
	close(ends[1]);
	return status;
}

#endif
