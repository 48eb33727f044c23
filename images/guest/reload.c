// SPDX-License-Identifier: MIT
/*
 * reload: replaces the proxy again and again, as an operator would, and says what each reload took.
 *
 *   reload --port N --pidfile FILE --seconds S --pause-ms MS
 *
 * Each reload runs /cell/before, /cell/reload, /cell/proof and /cell/after (shell scripts; all but reload may be
 * missing) with OLD and, for proof and after, NEW in the environment, then waits until the old process has closed its
 * listener. The next one starts a pause later: the article's loop (section 5) sleeps between reloads, too.
 *
 * Event "reload", times in µs: t (start) and, from there, when each part ended. Where there is a proof: the whole
 * number that it printed, and when it ended. And the CPUs that the new process may use.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "affinity.h"
#include "event.h"
#include "listener.h"

#define HOOK_SECONDS 30
#define CLOSE_SECONDS 5

static int read_pid(const char *path)
{
	FILE *file = fopen(path, "re");
	int pid = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

static void set_pid(const char *name, int pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	setenv(name, text, 1);
}

/*
 * Runs a script of the case; the cell fails when it does. Events stay out of its reach: its stdout is `out`, by
 * default the console.
 */
static void run(const char *path, int number, int out)
{
	int status, pid;

	if (access(path, F_OK))
		return;
	pid = fork();
	if (pid < 0)
		event_fail("reload", "reload %d: fork: %s", number, strerror(errno));
	if (!pid) {
		dup2(out, 1);
		alarm(HOOK_SECONDS);
		execl("/bin/sh", "sh", "-e", path, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			event_fail("reload", "reload %d: wait: %s", number, strerror(errno));
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		event_fail("reload", "reload %d: %s did not end within %d s", number, path, HOOK_SECONDS);
	if (WIFSIGNALED(status))
		event_fail("reload", "reload %d: %s was killed by signal %d", number, path, WTERMSIG(status));
	if (WEXITSTATUS(status))
		event_fail("reload", "reload %d: %s ended with status %d", number, path, WEXITSTATUS(status));
}

/* The whole number that the proof prints; the cell fails when it prints anything else. */
static unsigned long long prove(int number)
{
	unsigned long long value;
	char text[64] = "", end;
	int ends[2];
	ssize_t size;

	/* What a proof prints fits into the pipe, or it is none. */
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		event_fail("reload", "reload %d: pipe: %s", number, strerror(errno));
	run("/cell/proof", number, ends[1]);
	size = read(ends[0], text, sizeof(text) - 1);
	close(ends[0]);
	close(ends[1]);
	text[size > 0 ? size : 0] = 0;
	if (sscanf(text, "%llu %c", &value, &end) != 1)
		event_fail("reload", "reload %d: the proof printed \"%s\", not a whole number", number, text);
	return value;
}

static void reload(int number, const char *pidfile, int port)
{
	uint64_t start = now_us(), before, done, proved, after, closed;
	unsigned long long proof = 0;
	int has_proof = !access("/cell/proof", F_OK);
	int old = read_pid(pidfile), new;
	unsigned long inode, replaced;
	char cpus[256];

	if (!old || kill(old, 0))
		event_fail("reload", "the proxy (process %d) was gone before reload %d", old, number);
	replaced = listener_of(old, port);
	set_pid("OLD", old);
	run("/cell/before", number, 2);
	before = now_us();
	run("/cell/reload", number, 2);
	done = now_us();
	new = read_pid(pidfile);
	if (new == old || !new || kill(new, 0))
		event_fail("reload", "reload %d: no new proxy: process %d is in the pid file, %d was before", number, new, old);
	inode = listener_of(new, port);
	if (!inode)
		event_fail("reload", "reload %d: the new proxy (process %d) does not listen on port %d", number, new, port);
	allowed_cpus(new, cpus, sizeof(cpus));
	set_pid("NEW", new);
	if (has_proof)
		proof = prove(number);
	proved = now_us();
	run("/cell/after", number, 2);
	after = now_us();
	if (listener_closed(old, port, CLOSE_SECONDS))
		event_fail("reload", "reload %d: the old proxy (process %d) still listens after %d s", number, old, CLOSE_SECONDS);
	closed = now_us();

	event_begin("reload");
	event_add(",\"number\":%d,\"start\":%llu,\"before\":%llu,\"reloaded\":%llu,\"after\":%llu,\"closed\":%llu",
		  number, (unsigned long long)start, (unsigned long long)(before - start),
		  (unsigned long long)(done - start), (unsigned long long)(after - start),
		  (unsigned long long)(closed - start));
	event_add(",\"old\":%d,\"new\":%d,\"listener\":%lu,\"replaced\":%lu,\"cpus\":\"%s\"",
		  old, new, inode, replaced, cpus);
	if (has_proof)
		event_add(",\"proof\":%llu,\"proved\":%llu", proof, (unsigned long long)(proved - start));
	event_end();
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "pidfile", required_argument, NULL, 'f' },
		{ "seconds", required_argument, NULL, 's' },
		{ "pause-ms", required_argument, NULL, 'i' },
		{ 0 }
	};
	double seconds = 0, pause_ms = -1;
	const char *pidfile = NULL;
	int port = 0, number = 0, c;
	uint64_t end;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			port = atoi(optarg);
		else if (c == 'f')
			pidfile = optarg;
		else if (c == 's')
			seconds = atof(optarg);
		else if (c == 'i')
			pause_ms = atof(optarg);
		else
			return 2;
	}
	if (!port || !pidfile || seconds <= 0 || pause_ms < 0) {
		fprintf(stderr, "usage: reload --port N --pidfile FILE --seconds S --pause-ms MS\n");
		return 2;
	}
	end = now_us() + seconds * 1e6;
	while (now_us() < end) {
		reload(number++, pidfile, port);
		usleep(pause_ms * 1000);
	}
	return 0;
}
