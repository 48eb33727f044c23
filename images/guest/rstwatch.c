// SPDX-License-Identifier: MIT
/*
 * rstwatch PORT DEVICE [PID]: the two counts of resets that do not come from the generator. It sees each RST on the
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
 *   C  from the client
 * and "counters": growth of the counters in /proc/net/snmp (Tcp) and /proc/net/netstat (TcpExt) that grew, and the packets
 * that the device received.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "counters.h"
#include "event.h"

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

/*
 * TCP over IPv4, first fragment, RST set. A SOCK_DGRAM packet socket begins at the IP header.
 *
 * A tap of ETH_P_IP sees what comes in: on the loopback each packet once. Elsewhere the server's RSTs go out, which only a
 * tap of all protocols sees.
 */
static int open_tap(const char *device)
{
	int protocol = htons(strcmp(device, "lo") ? ETH_P_ALL : ETH_P_IP);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 8),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 6),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x04, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 128),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = protocol };
	int one = 1, room = 8 << 20;
	/* Protocol 0 receives nothing: no packet gets in before the filter is there. */
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0);

	at.sll_ifindex = if_nametoindex(device);
	if (fd < 0 || !at.sll_ifindex ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &one, sizeof(one)))
		event_fail("rstwatch", "packet socket: %s", strerror(errno));
	/* More than rmem_max needs CAP_NET_ADMIN of the first user namespace; drops are reported in any case. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		event_fail("rstwatch", "packet socket: %s", strerror(errno));
	return fd;
}

/* Packets are stamped with CLOCK_REALTIME, which nothing sets in a guest. */
static int64_t realtime_minus_monotonic(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return (int64_t)tv.tv_sec * 1000000 + tv.tv_usec - (int64_t)now_us();
}

static void keep(const uint8_t *ip, size_t len, uint64_t us, int port)
{
	const uint8_t *tcp = ip + (ip[0] & 15) * 4;
	int source, dest, flags;
	uint32_t seq;

	if (tcp + 20 > ip + len)
		return;
	source = tcp[0] << 8 | tcp[1];
	dest = tcp[2] << 8 | tcp[3];
	flags = tcp[13];
	memcpy(&seq, tcp + 4, 4);
	if (source != port && dest != port)
		return;
	if (row_count == row_room) {
		row_room = row_room ? row_room * 2 : 4096;
		rows = realloc(rows, row_room * sizeof(*rows));
		if (!rows)
			event_fail("rstwatch", "no memory for %zu rows", row_room);
	}
	rows[row_count++] = (struct row){
		.us = us,
		.port = source == port ? dest : source,
		.who = source != port ? 'C' : !(flags & 0x10) ? 'R' : seq == 0 ? 'Q' : 'A',
	};
}

/* Takes every packet that waits. */
static void drain(int fd, int64_t offset, int port)
{
	uint8_t packet[128], control[128];
	struct iovec iov = { packet, sizeof(packet) };

	for (;;) {
		struct msghdr msg = {
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};
		ssize_t len = recvmsg(fd, &msg, MSG_DONTWAIT);
		uint64_t us = now_us();

		if (len < 0)
			return;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
			if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP) {
				struct timeval tv;

				memcpy(&tv, CMSG_DATA(c), sizeof(tv));
				us = (int64_t)tv.tv_sec * 1000000 + tv.tv_usec - offset;
			}
		keep(packet, len, us, port);
	}
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
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);
	struct pollfd tap;
	char path[32], *clients_net = NULL;
	int64_t offset;
	int port;

	if (argc < 3 || argc > 4 || (port = atoi(argv[1])) < 1) {
		fprintf(stderr, "usage: rstwatch PORT DEVICE [PID]\n");
		return 2;
	}
	if (argc == 4) {
		snprintf(path, sizeof(path), "/proc/%d/net", atoi(argv[3]));
		clients_net = path;
	}
	sigaction(SIGTERM, &act, NULL);
	tap = (struct pollfd){ .fd = open_tap(argv[2]), .events = POLLIN };
	read_both(&before, clients_net);
	received = received_by(argv[2]);
	offset = realtime_minus_monotonic();
	event_begin("watching");
	event_end();
	/* run.sh waits for it. */
	close(open("/run/watching", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));

	/* A signal between the test and poll() costs one timeout, no more. */
	while (!stop)
		if (poll(&tap, 1, 100) > 0)
			drain(tap.fd, offset, port);
	drain(tap.fd, offset, port);
	read_both(&after, clients_net);
	getsockopt(tap.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len);
	say_rows();
	event_begin("counters");
	event_add(",\"tapDropped\":%u,\"device\":{\"name\":\"%s\",\"received\":%llu}", stats.tp_drops, argv[2],
		  received_by(argv[2]) - received);
	say_counters(&before, &after);
	return 0;
}
