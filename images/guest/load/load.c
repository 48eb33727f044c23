// SPDX-License-Identifier: MIT
/*
 * load: TCP connections, what each of them carries (exchange.h), and how it ended (account.h): one HTTP request, unless
 *   --banner         the server speaks first: a greeting, then one line of the client, and its reply (reply.h)
 *   --keep-alive-ms  it is kept: up to --requests HTTP requests, half of them POSTs, with a pause between an answer and
 *                    the next request of MS on average, from half to one and a half of it
 *
 * Closed loop: --users connections at a time, the next begun as soon as one ends.
 * Open loop: --rate arrivals a second on an absolute schedule. One that finds all users
 * busy waits; it is never skipped, and its wait is part of its latency, which counts from when it
 * was due. Its timeout counts from its connect(): a client gives up what it has begun.
 * Runs until SIGINT, SIGTERM or --duration, then drains what is in flight. SIGUSR1 says that reloads begin. With --phases it
 * makes files in a directory: "quiet" once the load has begun, which takes signals from then on, and "reloads" once it has
 * taken SIGUSR1.
 *
 * A connection with one request costs six system calls, and its share of epoll_wait: socket, connect,
 * epoll_ctl, send, recv, close. It is watched once, for edges of both directions, and
 * sends when it polls writable: as inject does, and not right after connect(), so that
 * the handshake's ACK and the request are as far apart as in the article's load.
 */
#define _GNU_SOURCE
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "exchange.h"
#include "report.h"
#include "spin.h"

/* Pause after a connection that could not be tried: no local port left, no memory. */
#define BACKOFF (SECOND / 100)
/* Descriptors that are not connections. */
#define SPARE_FDS 16
/* Events, and arrivals, that are taken in one turn. */
#define BATCH 64

static int poller, timer, signals;
static uint64_t start, next_tick, arrivals;
static uint64_t armed = UINT64_MAX;	/* when the timer fires */
static uint64_t resume;			/* begin none before */

/* Ends a connection that this side could not even try, and waits a little before the next. */
static void finish_untried(struct connection *c, int err)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	finish_other(c, err);
	resume = now + BACKOFF;
}

static void begin(uint64_t due)
{
	static const int off;
	struct connection *c = idle;
	struct epoll_event edges = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c };

	idle = c->next;
	c->begun = now;
	c->connected = false;
	c->greeted = false;
	c->answers = 0;
	c->slowest = 0;
	request(c, due);
	c->phase = account_begin(&account, now);
	slots_begin(&slots, now);

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0) {
		finish_untried(c, errno);
		return;
	}
	/* The ACK of the handshake waits for the request, which then carries it. */
	if (option.fused_ack)
		setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof(off));
	if ((connect(c->fd, (struct sockaddr *)&option.server, sizeof(option.server)) && errno != EINPROGRESS) ||
	    /* Not before connect(): a fresh socket polls as hung up. */
	    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &edges))
		finish_untried(c, errno);
}

/* The next arrival's place in the schedule. */
static uint64_t next_due(void)
{
	return option.rate ? start + (uint64_t)(arrivals * (SECOND / option.rate)) : now;
}

/* Begins what is due and finds a free user; of a long backlog a part, since signals and answers wait meanwhile. */
static void begin_due(void)
{
	int most = BATCH;

	for (now = now_us(); most-- > 0 && idle && !stopping && now >= resume && now >= next_due(); now = now_us()) {
		begin(next_due());
		arrivals++;
	}
}

/* Sends the next request of each kept connection whose pause is over; when the load is to stop, ends all that pause. */
static void resume_due(void)
{
	while (pause_count && (stopping || now >= pauses[0]->wake)) {
		struct connection *c = pauses[0];
		uint64_t due = c->wake;

		if (stopping) {
			finish(c, OK, 0);
			continue;
		}
		pauses_remove(c);
		request(c, due);
		send_request(c);
	}
}

/* All have the same timeout: they expire in the order in which they were asked. */
static void expire(void)
{
	struct connection *c;

	while ((c = flight.next) != &flight && now >= c->asked + option.timeout) {
		if (c->answered)
			finish_answered(c);
		else
			finish(c, c->cut ? SHORT : TIMEOUT, 0);
	}
}

/* Begins no more; arrivals that were due are owed, not forgotten. */
static void stop(void)
{
	for (; option.rate && !stopping && now >= next_due(); arrivals++)
		account.waiting++;
	if (!stopping)
		account_enter(&account, DRAIN, now);
	stopping = true;
}

static void begin_reloads(void)
{
	account_enter(&account, RELOADS, now);
	account_announce(&account, option.phases);
}

/* Reads the signals that came: SIGUSR1 begins the phase of reloads, the others stop the load. */
static void take_signals(void)
{
	struct signalfd_siginfo info;

	/* The loop's own time may be a second old when nothing happened. */
	now = now_us();
	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGUSR1)
			stop();
		else if (account.phase == QUIET)
			begin_reloads();
	}
}

static void tick(void)
{
	if (now < next_tick)
		return;
	account_tell_tick(&account, spin_us(), sched_getcpu());
	next_tick += SECOND * (1 + (now - next_tick) / SECOND);
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Sets the timer to what comes next; one that fires earlier anyway is set again then. */
static void arm(void)
{
	struct itimerspec at = { 0 };
	uint64_t next = next_tick;

	if (flight.next != &flight)
		next = min(next, flight.next->asked + option.timeout);
	if (pause_count)
		next = min(next, pauses[0]->wake);
	if (idle && !stopping)
		next = min(next, resume > next_due() ? resume : next_due());
	if (option.duration && !stopping)
		next = min(next, start + option.duration);
	if (next >= armed)
		return;
	armed = next;
	at.it_value.tv_sec = armed / SECOND;
	at.it_value.tv_nsec = armed % SECOND * 1000;
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void run(void)
{
	struct epoll_event events[BATCH];

	start = now_us();
	account_enter(&account, QUIET, start);
	slots_start(&slots, start);
	next_tick = start + SECOND;
	begin_due();
	account_announce(&account, option.phases);
	while (!stopping || flight.next != &flight) {
		int count;

		arm();
		count = epoll_wait(poller, events, BATCH, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == &timer)
				armed = UINT64_MAX;
			else if (events[i].data.ptr == &signals)
				take_signals();
			else
				progress(events[i].data.ptr, events[i].events);
		}
		/* The signal may wait behind what else is ready, for long where the load is behind. */
		if (count == BATCH)
			take_signals();
		now = now_us();
		expire();
		if (option.duration && now >= start + option.duration)
			stop();
		resume_due();
		begin_due();
		tick();
	}
}

static void watch(int fd, void *as)
{
	struct epoll_event edges = { .events = EPOLLIN | EPOLLET, .data.ptr = as };

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &edges)) {
		perror("load: epoll, timerfd or signalfd");
		exit(2);
	}
}

static void prepare(void)
{
	struct rlimit files = { option.users + SPARE_FDS, option.users + SPARE_FDS }, have;
	struct connection *all = calloc(option.users, sizeof(*all));
	sigset_t ends;

	getrlimit(RLIMIT_NOFILE, &have);
	if (!all || (have.rlim_cur < files.rlim_cur && setrlimit(RLIMIT_NOFILE, &files)))
		usage("--users %u: more than memory or descriptors allow", option.users);
	for (unsigned int i = option.users; i-- > 0; idle = &all[i])
		all[i].next = idle;
	pauses = calloc(option.users, sizeof(*pauses));
	if (!pauses)
		usage("--users %u: no memory", option.users);
	account.slow_from = option.slow;
	account.kept = option.keep_alive;
	write_requests();

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	poller = epoll_create1(EPOLL_CLOEXEC);
	watch(signals, &signals);
	watch(timer, &timer);
}

int main(int argc, char **argv)
{
	struct rusage usage;

	parse(argc, argv);
	prepare();
	options_tell();
	run();
	getrusage(RUSAGE_SELF, &usage);
	account_tell_lost(&account);
	account_tell_latency(&account, QUIET, "quiet");
	account_tell_latency(&account, RELOADS, "reloads");
	account_tell_phases(&account);
	slots_tell(&slots);
	if (account.kept)
		account_tell_kept(&account);
	account_tell_totals(&account, &usage);
	return 0;
}
