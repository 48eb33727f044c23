// SPDX-License-Identifier: MIT
/*
 * init: process 1 of a guest. Mounts what programs expect, loads the cell's kernel modules, runs /run.sh, and hands
 * its events on, numbered, so that a missing one is noticed. The last is "done" with the status of run.sh; no "done",
 * no result.
 *
 *   init                  in a virtual machine: events go to the second serial port; powers off at the end
 *   init --host ROOT FD   in fresh namespaces of a running kernel: makes ROOT its root, events go to FD
 *   init --here ROOT      the same for somebody who sits at it: the shell of the cell has the terminal of init itself
 *
 * Where the cell has a greeting, nothing is measured: when run.sh has ended well, init tells an event "shell", and until
 * the shell has ended its port carries the frames of that (shell/frame.h).
 */
#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>

#include "event.h"

#define EVENT_FD 3
#define NONE (-1)
/* Where somebody sits at it. */
#define CONSOLE "/run/console"
#define EVENTS "/run/events.jsonl"

static bool here;
static int port;
static unsigned int lines;

static void say(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
}

static void mount_or_say(const char *what, const char *where, const char *type, unsigned long flags)
{
	if (mount(what, where, type, flags, NULL) && errno != EBUSY)
		say(where);
}

static int open_port(void)
{
	struct termios raw;
	int fd = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		say("/dev/ttyS1");
		return 2;
	}
	tcgetattr(fd, &raw);
	cfmakeraw(&raw);
	tcsetattr(fd, TCSANOW, &raw);
	return fd;
}

/* Devices without state only, bound one by one: a case must not reach the disks of the host. */
static void enter_host_root(const char *root)
{
	static const char *const devices[] = { "null", "zero", "full", "random", "urandom" };
	char from[64], to[4096];

	mount_or_say("none", "/", NULL, MS_REC | MS_PRIVATE);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		snprintf(from, sizeof(from), "/dev/%s", devices[i]);
		snprintf(to, sizeof(to), "%s/dev/%s", root, devices[i]);
		close(open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
		mount_or_say(from, to, NULL, MS_BIND);
	}
	if (chroot(root) || chdir("/")) {
		say(root);
		exit(1);
	}
}

static void write_line(const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(port, text, size);

		if (n < 0 && errno != EINTR)
			exit(1);
		if (n > 0) {
			text += n;
			size -= n;
		}
	}
}

/* Hands one line on with its number. A line that is no object stays as it is, so that the reader sees it. */
static void hand_on(const char *line, size_t size)
{
	static char out[8192];
	int n;

	if (size > sizeof(out) - 32)
		size = sizeof(out) - 32;
	lines++;
	if (*line == '{')
		n = snprintf(out, sizeof(out), "{\"n\":%u,%.*s\n", lines, (int)size - 1, line + 1);
	else
		n = snprintf(out, sizeof(out), "%.*s\n", (int)size, line);
	write_line(out, n);
}

/* Reads what there is, and hands complete lines on. Returns 0 at the end of the stream. */
static int relay(int fd)
{
	static char text[65536];
	static size_t held;
	char *line = text, *end;
	ssize_t n = read(fd, text + held, sizeof(text) - held);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	held += n;
	while ((end = memchr(line, '\n', text + held - line))) {
		hand_on(line, end - line);
		line = end + 1;
	}
	held -= line - text;
	memmove(text, line, held);
	if (held == sizeof(text)) {
		hand_on(text, held);
		held = 0;
	}
	return n > 0;
}

/* An event of init itself, which goes the way of all others. */
static void emit(void)
{
	hand_on(event.text, event.size);
}

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

/* The console tells which module does not load; the probes of the case find out what is missing then. */
static void load_module(const char *path)
{
	struct stat stat;
	void *image;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &stat) || !(image = malloc(stat.st_size))) {
		say(path);
		return;
	}
	if (read(fd, image, stat.st_size) != stat.st_size ||
	    (syscall(SYS_init_module, image, (unsigned long)stat.st_size, "") && errno != EEXIST))
		say(path);
	free(image);
	close(fd);
}

static void load_modules(void)
{
	FILE *order = fopen("/modules/order", "re");
	char path[512];

	while (order && fgets(path, sizeof(path), order)) {
		path[strcspn(path, "\n")] = 0;
		load_module(path);
	}
	if (order)
		fclose(order);
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

/*
 * A kernel that has connection tracking built in remembers each connection for two minutes, and drops all new ones when its
 * table is full: a small guest's has room for 12,000. The table of the running kernel is not the lab's to change.
 */
static void track_more(void)
{
	FILE *max = fopen("/proc/sys/net/netfilter/nf_conntrack_max", "we");

	if (max && (fprintf(max, "262144\n") < 0 || fclose(max)))
		say("nf_conntrack_max");
}

/*
 * A guest without disks and network gathers no entropy, and OpenSSL waits for it in getrandom(2): before Linux 5.6 for
 * minutes. Nothing here is secret, so what the kernel has counts as random.
 */
static void seed_random(void)
{
	/* As struct rand_pool_info. */
	struct {
		int bits, size;
		unsigned int words[16];
	} seed = { .bits = 8 * sizeof(seed.words), .size = sizeof(seed.words) };
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	if (fd < 0 || read(fd, seed.words, sizeof(seed.words)) < 0 || ioctl(fd, RNDADDENTROPY, &seed))
		say("/dev/urandom");
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	bool host = argc == 4 && !strcmp(argv[1], "--host");
	int events, pid, status;

	here = argc == 3 && !strcmp(argv[1], "--here");
	if (host || here)
		enter_host_root(argv[2]);
	if (host) {
		port = atoi(argv[3]);
		fcntl(port, F_SETFD, FD_CLOEXEC);
	} else if (!here) {
		mount_or_say("sysfs", "/sys", "sysfs", 0);
		mount_or_say("devtmpfs", "/dev", "devtmpfs", 0);
		port = open_port();
	}
	mount_or_say("proc", "/proc", "proc", 0);
	mount_or_say("tmpfs", "/run", "tmpfs", 0);
	mount_or_say("tmpfs", "/tmp", "tmpfs", 0);
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
