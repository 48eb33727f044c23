// SPDX-License-Identifier: MIT
/*
 * load: TCP connections, and how each of them ended (account.h). Each carries one HTTP request, unless
 *   --banner         the server speaks first: a greeting, then one line of the client, and its reply (reply.h)
 *   --keep-alive-ms  it is kept: up to --requests HTTP requests, half of them POSTs, with a pause between an answer and
 *                    the next request of MS on average, from half to one and a half of it
 *
 * Closed loop: --users connections at a time, the next begun as soon as one ends.
 * Open loop: --rate arrivals a second on an absolute schedule. One that finds all users
 * busy waits; it is never skipped, and its wait is part of its latency, which counts from when it
 * was due. Its timeout counts from its connect(): a client gives up what it has begun.
 * Runs until SIGINT, SIGTERM or --duration, then drains what is in flight. SIGUSR1 says that reloads begin.
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

#include "ending.h"
#include "spin.h"

/* Pause after a connection that could not be tried: no local port left, no memory. */
#define BACKOFF (SECOND / 100)
/* Descriptors that are not connections. */
#define SPARE_FDS 16

static struct {
	char text[2048];
	size_t size;
} requests[NOTHING];	/* by method */
static int poller, timer, signals;
static uint64_t now, start, next_tick, arrivals;
static uint64_t armed = UINT64_MAX;	/* when the timer fires */
static uint64_t resume;			/* begin none before */
static bool stopping;

/* Ends a connection that this side could not even try, and waits a little before the next. */
static void finish_untried(struct connection *c, int err)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	finish_other(c, err);
	resume = now + BACKOFF;
}

/*
 * A request of the connection is due. Every other one of a kept connection is a POST; whether its first is one follows
 * from the microsecond in which it began, so that whoever reads the account can tell what each must have been.
 */
static void request(struct connection *c, uint64_t due)
{
	c->due = due;
	c->asked = now;
	c->method = option.keep_alive && (c->begun + c->answers) % 2 ? POST : GET;
	c->sent = false;
	c->cut = false;
	c->answered = 0;
	response_start(&c->response);
	flight_add(c);
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

/* Begins all that is due and finds a free user. */
static void begin_due(void)
{
	for (now = now_us(); idle && !stopping && now >= resume && now >= next_due(); now = now_us()) {
		begin(next_due());
		arrivals++;
	}
}

/* False when the connection must wait, or has ended. */
static bool send_request(struct connection *c)
{
	size_t whole = requests[c->method].size;
	ssize_t size = send(c->fd, requests[c->method].text, whole, MSG_NOSIGNAL);

	c->sent = size == (ssize_t)whole;
	if (c->sent)
		account_request(&account, c->method);
	else if (size < 0 && errno != EAGAIN)
		finish_failed(c, errno);
	else if (size >= 0)
		/* The empty buffer of a new socket takes a request whole unless memory is short. */
		finish_failed(c, ENOBUFS);
	return c->sent;
}

/* Reads until nothing is left for now, since an edge is reported only once; true when the response is complete. */
static bool receive(struct connection *c)
{
	static char buffer[65536];
	ssize_t size;

	do {
		size = recv(c->fd, buffer, sizeof(buffer), 0);
	} while (size > 0 && !(option.banner ? reply_feed : response_feed)(&c->response, buffer, size));

	if (size > 0 || (size == 0 && response_finish(&c->response)))
		c->answered = now_us();
	else if (size == 0)
		finish_cut(c);
	else if (errno != EAGAIN)
		finish_failed(c, errno);
	return size >= 0 && c->answered;
}

/* The server speaks first: false when its greeting is not there yet, or the connection has ended. */
static bool greeted(struct connection *c)
{
	if (c->greeted)
		return true;
	if (!receive(c))
		return false;
	if (!response_good(&c->response)) {
		finish_other(c, 0);
		return false;
	}
	c->greeted = true;
	c->answered = 0;
	response_start(&c->response);
	return true;
}

/* A number below `range`; the same ones in each run. */
static uint64_t chance(uint64_t range)
{
	static uint64_t state = 88172645463325252ull;

	/* xorshift64 (Marsaglia 2003) */
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % range;
}

/* A kept connection has its answer, and stays open: it pauses, or ends because its client wants no more. */
static void keep(struct connection *c)
{
	if (stopping || !response_good(&c->response) || c->answers + 1 >= option.requests) {
		finish_answered(c);
		return;
	}
	answer(c);
	c->method = NOTHING;
	c->asked = 0;
	c->sent = false;
	c->answered = 0;
	flight_remove(c);
	pauses_add(c, now_us() + option.pause / 2 + chance(option.pause));
}

/* What happens to a connection that pauses: the server ends it, which the client takes for a good end, or resets it. */
static void disturb(struct connection *c)
{
	char buffer[1024];
	ssize_t size = recv(c->fd, buffer, sizeof(buffer), 0);
	int err = size < 0 ? errno : size == 0 ? socket_error(c) : 0;

	if (err == EAGAIN)
		return;
	if (err)
		finish_failed(c, err);
	else if (size)
		/* Nobody had asked. */
		finish_other(c, EPROTO);
	else
		finish(c, OK, 0);
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

/*
 * A connection with its response ends when the server has closed it, too, which most often is the same edge.
 * The side that closes first keeps the port for a minute, and before 4.19 a client would run out of them.
 */
static void progress(struct connection *c, uint32_t events)
{
	if (!c->connected && !(events & EPOLLERR)) {
		c->connected = true;
		slots_connect(&slots, now_us());
	}
	if (c->wake) {
		if (events & ~EPOLLOUT)
			disturb(c);
		return;
	}
	if (option.banner && !greeted(c))
		return;
	if (!c->sent && !send_request(c))
		return;
	if (!(events & ~EPOLLOUT))
		return;
	if (!c->answered && !receive(c))
		return;
	if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		finish_answered(c);
	else if (option.keep_alive && response_keeps(&c->response))
		keep(c);
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
			account_enter(&account, RELOADS, now);
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
	struct epoll_event events[64];

	start = now_us();
	account_enter(&account, QUIET, start);
	slots_start(&slots, start);
	next_tick = start + SECOND;
	begin_due();
	while (!stopping || flight.next != &flight) {
		int count;

		arm();
		count = epoll_wait(poller, events, 64, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == &timer)
				armed = UINT64_MAX;
			else if (events[i].data.ptr == &signals)
				take_signals();
			else
				progress(events[i].data.ptr, events[i].events);
		}
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

static void write_requests(void)
{
	const unsigned int port = ntohs(option.server.sin_port);
	const char *host = option.address, *uri = option.uri;
	const size_t room = sizeof(requests->text);

	if (option.banner)
		requests[GET].size = snprintf(requests[GET].text, room, "QUIT\r\n");
	else if (option.keep_alive)
		requests[GET].size = snprintf(requests[GET].text, room, "GET %s HTTP/1.1\r\nHost: %s:%u\r\n\r\n",
					      uri, host, port);
	else
		/* HTTP/1.0: the server closes after one response. */
		requests[GET].size = snprintf(requests[GET].text, room, "GET %s HTTP/1.0\r\nHost: %s:%u\r\n\r\n",
					      uri, host, port);
	requests[POST].size = snprintf(requests[POST].text, room,
				       "POST %s HTTP/1.1\r\nHost: %s:%u\r\nContent-Type: text/plain\r\n"
				       "Content-Length: 6\r\n\r\nhello\n", uri, host, port);
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

static void tell_start(void)
{
	event_begin("load-start");
	event_string("address", option.address);
	event_count("port", ntohs(option.server.sin_port));
	event_count("users", option.users);
	event_add(",\"rate\":%.10g", option.rate);
	event_count("timeoutMs", option.timeout / 1000);
	event_count("slowMs", option.slow / 1000);
	event_add(",\"fusedAck\":%s", option.fused_ack ? "true" : "false");
	event_add(",\"closeWithRst\":%s", option.close_with_rst ? "true" : "false");
	if (option.banner)
		event_add(",\"banner\":true");
	if (option.keep_alive)
		event_add(",\"keepAlive\":{\"pauseMs\":%.10g,\"requests\":%u}", option.pause / 1e3, option.requests);
	event_end();
}

int main(int argc, char **argv)
{
	struct rusage usage;

	parse(argc, argv);
	prepare();
	tell_start();
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
