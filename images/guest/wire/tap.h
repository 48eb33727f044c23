/* SPDX-License-Identifier: MIT */
/* TCP segments with certain flags on a device, through a packet socket, with the time at which they passed. */
#ifndef TAP_H
#define TAP_H

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "event.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct tap {
	const char *program;	/* whose it is, for errors */
	int fd;
};

/* A segment that passed. */
struct segment {
	uint64_t us;
	uint16_t source, dest;
	int flags;
	uint32_t seq, ack;
	uint32_t payload;	/* bytes */
};

/*
 * When a packet passed, by CLOCK_MONOTONIC. It is stamped with CLOCK_REALTIME, which may be set at any time, and which NTP
 * speeds up and slows down for hours; by how much it is ahead is therefore asked anew for each, as soon as it is read.
 */
static inline uint64_t passed_at(const struct timeval *stamp)
{
	struct timeval real;
	uint64_t now = now_us();
	int64_t ago;

	gettimeofday(&real, NULL);
	ago = (int64_t)(real.tv_sec - stamp->tv_sec) * 1000000 + real.tv_usec - stamp->tv_usec;
	/* Set back since then: it has passed just now. */
	return ago > 0 ? now - ago : now;
}

/*
 * TCP over IPv4, first fragment, any of some flags set. A SOCK_DGRAM packet socket begins at the IP header.
 *
 * A tap of ETH_P_IP sees what comes in: on the loopback each packet once. Elsewhere the server's RSTs go out, which only a
 * tap of all protocols sees.
 */
static inline struct tap tap_open(const char *program, const char *device, int flags)
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
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 128),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = protocol };
	int one = 1, room = 8 << 20;
	/* Protocol 0 receives nothing: no packet gets in before the filter is there. */
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	at.sll_ifindex = if_nametoindex(device);
	if (fd < 0 || !at.sll_ifindex ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &one, sizeof(one)))
		event_fail(program, "packet socket: %s", strerror(errno));
	/* More than rmem_max needs CAP_NET_ADMIN of the first user namespace; drops are reported in any case. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		event_fail(program, "packet socket: %s", strerror(errno));
	return (struct tap){ .program = program, .fd = fd };
}

/* Takes the next segment that waits; false when none does. */
static inline bool tap_next(const struct tap *tap, struct segment *s)
{
	uint8_t packet[128], control[128];
	struct iovec iov = { packet, sizeof(packet) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	const uint8_t *tcp;
	ssize_t len;

	do {
		msg.msg_controllen = sizeof(control);
		len = recvmsg(tap->fd, &msg, MSG_DONTWAIT);
		if (len < 0)
			return false;
		tcp = packet + (packet[0] & 15) * 4;
	} while (tcp + 20 > packet + len);
	s->us = now_us();
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP) {
			struct timeval tv;

			memcpy(&tv, CMSG_DATA(c), sizeof(tv));
			s->us = passed_at(&tv);
		}
	s->source = tcp[0] << 8 | tcp[1];
	s->dest = tcp[2] << 8 | tcp[3];
	s->flags = tcp[13];
	memcpy(&s->seq, tcp + 4, 4);
	memcpy(&s->ack, tcp + 8, 4);
	s->seq = ntohl(s->seq);
	s->ack = ntohl(s->ack);
	s->payload = (packet[2] << 8 | packet[3]) - (packet[0] & 15) * 4 - (tcp[12] >> 4) * 4;
	return true;
}

/* Packets that the socket had no room for, since it was asked last. */
static inline unsigned int tap_dropped(const struct tap *tap)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);

	if (getsockopt(tap->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		event_fail(tap->program, "packet socket: its losses are not told: %s", strerror(errno));
	return stats.tp_drops;
}

#endif
