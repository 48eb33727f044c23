// SPDX-License-Identifier: MIT
/*
 * init: process 1 of a guest. Mounts what programs expect, loads the cell's kernel modules, runs /run.sh, and hands
 * its events on, numbered, so that a missing one is noticed. The last is "done" with the status of run.sh; no "done",
 * no result.
 *
 *   init                  in a virtual machine: events go to the second serial port; powers off at the end
 *   init --apart ROOT FD  on the kernel of the host, in namespaces that it makes, behind the walls of walls.h
 *   init --host ROOT FD   in fresh namespaces of a machine that is there for it: makes ROOT its root, events go to FD
 *   init --here ROOT      the same for somebody who sits at it: the shell of the cell has the terminal of init itself
 *   init --alone ROOT PROGRAM ARGUMENT  behind the same walls, a program of ROOT and nothing else, without any capability
 *
 * Where the cell has a greeting, nothing is measured: when run.sh has ended well, init tells an event "shell", and until
 * the shell has ended its port carries the frames of that (shell/frame.h).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdbool.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "apart.h"
#include "port.h"

#define EVENT_FD 3
#define NONE (-1)
/* Where somebody sits at it. */
#define CONSOLE "/run/console"
#define EVENTS "/run/events.jsonl"

static bool here;

static void say_boot(void)
{
	char text[512] = "", *end;
	struct utsname name;
	int fd = open("/proc/version", O_RDONLY | O_CLOEXEC);

	uname(&name);
	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && (end = strchr(text, '\n')))
		*end = 0;
	close(fd);
	event_begin("boot");
	event_string("release", name.release);
	event_string("version", text);
	event_add("}");
	emit();
}

/* Input and terminal are those of the shell: what the proxy says goes elsewhere. */
static void leave_terminal(void)
{
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int out = open(CONSOLE, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
}

/* What is to know of a cell that has failed where somebody waits for its shell. */
__attribute__((noreturn))
static void tell_failure(void)
{
	dup2(2, 1);
	execl("/bin/sh", "sh", "-c", "cat " CONSOLE "; grep '\"e\":\"error\"' " EVENTS "; exit 1", (char *)NULL);
	_exit(127);
}

static int start_cell(int *events)
{
	int ends[2], pid;

	if (pipe(ends))
		return -1;
	pid = fork();
	if (!pid) {
		if (here)
			leave_terminal();
		else
			setsid();
		close(ends[0]);
		dup2(ends[1], EVENT_FD);
		if (ends[1] != EVENT_FD)
			close(ends[1]);
		execl("/bin/sh", "sh", "/run.sh", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*events = ends[0];
	return pid;
}

static int start_shell(void)
{
	char fd[16];
	int pid = fork();

	if (pid)
		return pid;
	if (here) {
		execl("/bin/sh", "sh", "/shell/open", (char *)NULL);
		_exit(127);
	}
	setsid();
	fcntl(port, F_SETFD, 0);
	snprintf(fd, sizeof(fd), "%d", port);
	execl("/sbin/shell", "shell", fd, (char *)NULL);
	_exit(127);
}

/*
 * Relays until run.sh, or the shell, ends; reaps the proxies that were left to process 1. `events` is NONE where there are
 * none. Returns the status of what has ended.
 */
static int attend(int main_pid, int events)
{
	struct pollfd wait = { .fd = events, .events = POLLIN };
	int status, pid;

	for (;;) {
		if (poll(&wait, 1, 50) > 0 && !relay(events))
			wait.fd = -1;
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (pid != main_pid)
				continue;
			while (relay(events) && poll(&wait, 1, 0) > 0)
				;
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
	}
}

int main(int argc, char **argv)
{
	bool apart = argc == 4 && !strcmp(argv[1], "--apart");
	bool host = apart || (argc == 4 && !strcmp(argv[1], "--host"));
	int events, pid, status;

	if (argc == 5 && !strcmp(argv[1], "--alone")) {
		enter_apart(argv[2], NONE);
		drop_last_capabilities();
		execl(argv[3], argv[3], argv[4], (char *)NULL);
		say(argv[3]);
		return 127;
	}
	here = argc == 3 && !strcmp(argv[1], "--here");
	if (apart)
		enter_apart(argv[2], atoi(argv[3]));
	else if (host || here)
		enter_host_root(argv[2]);
	if (host) {
		port = atoi(argv[3]);
		fcntl(port, F_SETFD, FD_CLOEXEC);
	} else if (!here) {
		mount_or_say("sysfs", "/sys", "sysfs", 0);
		mount_or_say("devtmpfs", "/dev", "devtmpfs", 0);
		port = open_port();
	}
	if (!apart) {
		mount_or_say("proc", "/proc", "proc", 0);
		mount_or_say("tmpfs", "/run", "tmpfs", 0);
		mount_or_say("tmpfs", "/tmp", "tmpfs", 0);
	}
	if (here)
		port = open(EVENTS, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
	say_boot();
	if (!host && !here) {
		seed_random();
		load_modules();
		track_more();
	}
	pid = start_cell(&events);
	if (pid < 0) {
		say("run.sh");
		return 1;
	}
	status = attend(pid, events);
	if (status && here)
		tell_failure();
	if (!status && !access("/cell/greeting", F_OK)) {
		event_begin("shell");
		event_add("}");
		emit();
		status = attend(start_shell(), NONE);
	}

	event_begin("done");
	event_add(",\"status\":%d,\"lines\":%u}", status, lines + 1);
	emit();
	if (host || here)
		return status;
	tcdrain(port);
	reboot(RB_POWER_OFF);
	return 0;
}
