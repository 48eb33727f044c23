// SPDX-License-Identifier: MIT
/*
 * witness --port PORT --address IPV4 --device DEVICE --users N --requests N --slow-ms MS [--phases DIRECTORY]: the load of
 * the article's section 8, ab(1) over HTTPS, run again and again, and the strict account of its connections.
 *
 * ab's own numbers are told as it prints them, an event "ab" a run. They are no account: it counts one reset up to three
 * times, and may end without any. What became of each connection is seen on the wire, by the client's port:
 *   begun      its first SYN
 *   ok         the server's FIN, behind as many bytes as each answer of the quiet time had (what they are, TLS hides)
 *   reset      a RST of the server's before a FIN of either side; "before its request" if the server had sent no byte of
 *              the handshake, as the request comes behind it
 *   refused    a RST in answer to the SYN
 *   short      the server's FIN behind fewer bytes
 *   other      ab gave it up before the server had answered
 *   timeout    none of these before ab gave up waiting, and ended without its numbers
 * When ab has all its answers it ends, and leaves what it has begun beyond them: that is no connection of the load, and is
 * told in the event "ab".
 *
 * SIGUSR1 begins the phase of reloads; SIGINT lets the run of ab that is under way end, and begins no further one. Events
 * are those of `load`, and so is what --phases does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "ab.h"
#include "connections.h"
#include "spin.h"
#include "tap.h"

#define SECOND 1000000ull

static struct {
	const char *address, *device, *phases;
	unsigned int port, users, requests;
} option;

static struct connections seen;
static volatile sig_atomic_t reloading, stopping;

/* The run of ab that is under way. */
static struct {
	pid_t pid;		/* 0: none is */
	unsigned int number;	/* counted from 1 */
	uint64_t start;
	int out;
} run;

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		reloading = 1;
	else if (sig != SIGCHLD)
		stopping = 1;
}

/* Takes every segment that waits. */
static void drain(const struct tap *tap)
{
	struct segment s;

	while (tap_next(tap, &s)) {
		if (s.us < seen.slots.start)
			continue;
		if (s.dest == option.port)
			segment_from_client(&seen, s.source, &s);
		else if (s.source == option.port)
			segment_from_server(&seen, s.dest, &s);
	}
}

static void start_ab(void)
{
	run.number++;
	run.start = now_us();
	run.pid = ab_start(option.address, option.port, option.users, option.requests, &run.out);
	if (run.pid < 0)
		event_fail("witness", "cannot start ab: %s", strerror(errno));
}

/* Tells of the run of ab, if it has ended. */
static void reap_ab(const struct tap *tap)
{
	struct ab_report report;
	int status;

	if (!run.pid || waitpid(run.pid, &status, WNOHANG) != run.pid)
		return;
	report = ab_finish(run.out);
	run.pid = 0;
	/* Whatever it has begun waits there. */
	drain(tap);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		event_fail("witness", "ab cannot be executed");
	event_begin("ab");
	event_count("run", run.number);
	event_count("start", run.start);
	event_count("us", now_us() - run.start);
	event_count("status", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	event_count("left", connections_close_all(&seen, report.told));
	if (report.told) {
		event_add(",\"printed\":{\"complete\":%u,\"failed\":%u,\"connect\":%u", report.complete, report.failed,
			  report.connect);
		event_add(",\"receive\":%u,\"length\":%u,\"exceptions\":%u}", report.receive, report.length,
			  report.exceptions);
	} else {
		event_add(",\"printed\":null");
	}
	event_end();
}

static void tell_start(void)
{
	event_begin("load-start");
	event_string("address", option.address);
	event_count("port", option.port);
	event_count("users", option.users);
	event_count("rate", 0);
	event_count("slowMs", seen.account.slow_from / 1000);
	event_add(",\"fusedAck\":false,\"closeWithRst\":false");
	event_count("abRequests", option.requests);
	event_end();
}

static int usage(void)
{
	fprintf(stderr, "usage: witness --port PORT --address IPV4 --device DEVICE --users N --requests N --slow-ms MS\n"
			"               [--phases DIRECTORY]\n");
	return 2;
}

static bool parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },	{ "address", required_argument, NULL, 'a' },
		{ "device", required_argument, NULL, 'd' },	{ "users", required_argument, NULL, 'u' },
		{ "requests", required_argument, NULL, 'n' },	{ "slow-ms", required_argument, NULL, 's' },
		{ "phases", required_argument, NULL, 'f' },	{ 0 },
	};
	int found;

	while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (found) {
		case 'p': option.port = atoi(optarg); break;
		case 'a': option.address = optarg; break;
		case 'd': option.device = optarg; break;
		case 'u': option.users = atoi(optarg); break;
		case 'n': option.requests = atoi(optarg); break;
		case 's': seen.account.slow_from = atoi(optarg) * 1000ull; break;
		case 'f': option.phases = optarg; break;
		default: return false;
		}
	}
	return optind == argc && option.port && option.address && option.device && option.users && option.requests &&
	       seen.account.slow_from;
}

/* Takes what happens until the last run of ab has ended. */
static void watch(const struct tap *tap)
{
	struct pollfd readable = { .fd = tap->fd, .events = POLLIN };
	uint64_t next_tick = seen.slots.start + SECOND;
	bool begun = false;

	while (run.pid || !stopping) {
		if (poll(&readable, 1, 20) > 0)
			drain(tap);
		if (!begun && seen.account.begun) {
			begun = true;
			account_announce(&seen.account, option.phases);
		}
		if (reloading && seen.account.phase == QUIET) {
			account_enter(&seen.account, RELOADS, now_us());
			account_announce(&seen.account, option.phases);
		}
		reap_ab(tap);
		if (!run.pid && !stopping)
			start_ab();
		if (now_us() >= next_tick) {
			account_tell_tick(&seen.account, spin_us(), sched_getcpu());
			next_tick += SECOND;
		}
	}
	account_enter(&seen.account, DRAIN, now_us());
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = on_signal };
	struct rusage usage_of_ab;
	unsigned int dropped;
	struct tap tap;

	if (!parse(argc, argv))
		return usage();
	for (const int *sig = (const int[]){ SIGUSR1, SIGINT, SIGTERM, SIGCHLD, 0 }; *sig; sig++)
		sigaction(*sig, &act, NULL);
	tap = tap_open("witness", option.device, TCP_SYN | TCP_FIN | TCP_RST);
	tell_start();
	seen.least = UINT32_MAX;
	slots_start(&seen.slots, now_us());
	account_enter(&seen.account, QUIET, seen.slots.start);
	watch(&tap);
	dropped = tap_dropped(&tap);
	if (dropped)
		event_fail("witness", "the packet socket lost %u segments: no account is whole", dropped);
	getrusage(RUSAGE_CHILDREN, &usage_of_ab);
	account_tell_lost(&seen.account);
	account_tell_latency(&seen.account, QUIET, "quiet");
	account_tell_latency(&seen.account, RELOADS, "reloads");
	account_tell_phases(&seen.account);
	slots_tell(&seen.slots);
	account_tell_totals(&seen.account, &usage_of_ab);
	return 0;
}
