// SPDX-License-Identifier: MIT
/*
 * rstwatch [--fins] PORT DEVICE [PID]: the two counts of resets that do not come from the generator. It sees each RST on the
 * server's device (the loopback, or its end of a veth pair) through a packet socket, and reads the kernel's own counters
 * before and after. Where the clients have a network namespace of their own, that of the process PID, its counters are
 * added. Runs until SIGTERM.
 *
 * Events: "rsts" rows [who, client's port, µs] with who, where the packet itself tells how it came about:
 *   A  from the server's port, of a socket's own accord: it has a sequence number, and ACK set
 *      (tcp_send_active_reset: the listener closed over a child that nobody had accepted)
 *   R  from the server's port, in reply to a segment: its sequence number is the segment's acknowledgement, no ACK
 *      (tcp_v4_send_reset: no socket knows the connection)
 *   Q  from the server's port in answer to a SYN: refused (RFC 9293 3.5.2: sequence number 0, ACK set)
 *   C  from the client, in reply to a segment: no ACK
 *   D  from the client, of its own accord: ACK set (it closed with data unread, or to linger for no time)
 *   E  as A, F  as R, but behind a FIN of either side; told apart with --fins only. Over TLS each connection draws one that
 *      ends well: the server closes, the client answers with its close_notify, and a closed socket answers data with RST
 * and "counters": growth of the counters in /proc/net/snmp (Tcp) and /proc/net/netstat (TcpExt) that grew, and the packets
 * that the device received.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>

#include "event.h"
#include "proc/counters.h"
#include "tap.h"

/* So long nothing may pass before both counts are of the same moment, and so long that is waited for. */
#define SILENCE_MS 50
#define SILENT_WITHIN_US 5000000

struct row {
	uint64_t us;
	uint16_t port;
	char who;
};

static struct row *rows;
static size_t row_count, row_room;
static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/* Whether either side of the connection with this port of the client's has closed: over TLS each draws a RST then. */
static bool closed[65536];

static void keep(const struct segment *s, int port)
{
	bool from_server = s->source == port;
	uint16_t client = from_server ? s->dest : s->source;

	if (!from_server && s->dest != port)
		return;
	if (!(s->flags & TCP_RST)) {
		closed[client] = !(s->flags & TCP_SYN);
		return;
	}
	if (row_count == row_room) {
		row_room = row_room ? row_room * 2 : 4096;
		rows = realloc(rows, row_room * sizeof(*rows));
		if (!rows)
			event_fail("rstwatch", "no memory for %zu rows", row_room);
	}
	rows[row_count++] = (struct row){
		.us = s->us,
		.port = client,
		.who = !from_server	 ? (s->flags & TCP_ACK ? 'D' : 'C')
		     : closed[client]	 ? (s->flags & TCP_ACK ? 'E' : 'F')
		     : !(s->flags & TCP_ACK) ? 'R' : s->seq == 0 ? 'Q' : 'A',
	};
}

/* Takes every packet that waits. */
static void drain(const struct tap *tap, int port)
{
	struct segment segment;

	while (tap_next(tap, &segment))
		keep(&segment, port);
}

/* The counters of both ends of all connections. */
static void read_both(struct counters *into, const char *clients_net)
{
	static struct counters theirs;

	if (read_counters("/proc/net", into))
		event_fail("rstwatch", "/proc/net: %s", strerror(errno));
	if (!clients_net)
		return;
	if (read_counters(clients_net, &theirs))
		event_fail("rstwatch", "%s: %s", clients_net, strerror(errno));
	add_counters(into, &theirs);
}

/*
 * Takes the last packets, and the counters of the same moment. A RST that passes between the last look at the wire and the
 * reading would be in the kernel's count alone: a proxy that others keep from its CPU answers clients that have long gone.
 */
static void read_in_silence(const struct tap *tap, int port, struct counters *into, const char *clients_net)
{
	struct pollfd readable = { .fd = tap->fd, .events = POLLIN };
	uint64_t end = now_us() + SILENT_WITHIN_US;

	do {
		drain(tap, port);
		read_both(into, clients_net);
	} while (poll(&readable, 1, SILENCE_MS) > 0 && now_us() < end);
}

/* Packets that a device has received, by /proc/net/dev: "  lo: BYTES PACKETS ..." */
static unsigned long long received_by(const char *device)
{
	unsigned long long packets = 0;
	char line[512], name[32];
	FILE *dev = fopen("/proc/net/dev", "re");

	if (!dev)
		event_fail("rstwatch", "/proc/net/dev: %s", strerror(errno));
	while (fgets(line, sizeof(line), dev))
		if (sscanf(line, " %31[^:]: %*u %llu", name, &packets) == 2 && !strcmp(name, device))
			break;
	fclose(dev);
	return packets;
}

static void say_counters(const struct counters *before, const struct counters *after)
{
	const char *comma = "";

	event_add(",\"growth\":{");
	for (int i = 0; i < before->count && i < after->count; i++) {
		long long growth = after->all[i].value - before->all[i].value;

		if (!growth)
			continue;
		if (event_room() < 80)
			event_fail("rstwatch", "more counters grew than a line takes");
		event_add("%s\"%s\":%lld", comma, after->all[i].name, growth);
		comma = ",";
	}
	event_add("}");
	event_end();
}

static void say_rows(void)
{
	for (size_t i = 0; i < row_count;) {
		event_begin("rsts");
		event_add(",\"rows\":[");
		for (const char *comma = ""; i < row_count && event_room() > 48; i++, comma = ",")
			event_add("%s[\"%c\",%u,%llu]", comma, rows[i].who, rows[i].port,
				  (unsigned long long)rows[i].us);
		event_add("]");
		event_end();
	}
}

int main(int argc, char **argv)
{
	static struct counters before, after;
	unsigned long long received;
	struct sigaction act = { .sa_handler = on_signal };
	struct tap tap;
	struct pollfd readable;
	char path[32], *clients_net = NULL;
	int port, flags = TCP_RST;

	if (argc > 1 && !strcmp(argv[1], "--fins")) {
		flags |= TCP_SYN | TCP_FIN;
		argc--;
		argv++;
	}
	if (argc < 3 || argc > 4 || (port = atoi(argv[1])) < 1) {
		fprintf(stderr, "usage: rstwatch [--fins] PORT DEVICE [PID]\n");
		return 2;
	}
	if (argc == 4) {
		snprintf(path, sizeof(path), "/proc/%d/net", atoi(argv[3]));
		clients_net = path;
	}
	sigaction(SIGTERM, &act, NULL);
	tap = tap_open("rstwatch", argv[2], flags);
	readable = (struct pollfd){ .fd = tap.fd, .events = POLLIN };
	read_both(&before, clients_net);
	received = received_by(argv[2]);
	event_begin("watching");
	event_end();
	/* run.sh waits for it. */
	close(open("/run/watching", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));

	/* A signal between the test and poll() costs one timeout, no more. */
	while (!stop)
		if (poll(&readable, 1, 100) > 0)
			drain(&tap, port);
	read_in_silence(&tap, port, &after, clients_net);
	say_rows();
	event_begin("counters");
	event_add(",\"tapDropped\":%u,\"device\":{\"name\":\"%s\",\"received\":%llu}", tap_dropped(&tap), argv[2],
		  received_by(argv[2]) - received);
	say_counters(&before, &after);
	return 0;
}
