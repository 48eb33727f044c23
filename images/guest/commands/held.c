// SPDX-License-Identifier: MIT
/*
 * held DEVICE PARENT: prints how many packets a qdisc holds at this moment, as `tc -s qdisc` tells it, in a tenth of
 * its time under emulation: packets wait while it is asked. PARENT is the qdisc's own, as 1:4. For the proof of a case.
 */
#include <linux/gen_stats.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct rtattr *find(struct rtattr *attr, int size, int type)
{
	for (; RTA_OK(attr, size); attr = RTA_NEXT(attr, size))
		if ((attr->rta_type & NLA_TYPE_MASK) == type)
			return attr;
	return NULL;
}

/* The queue's length in a message about a qdisc, or -1 when it tells none. */
static long queue_length(struct nlmsghdr *message)
{
	struct tcmsg *tc = NLMSG_DATA(message);
	struct rtattr *stats = find(TCA_RTA(tc), TCA_PAYLOAD(message), TCA_STATS2), *queue = NULL;

	if (stats)
		queue = find(RTA_DATA(stats), RTA_PAYLOAD(stats), TCA_STATS_QUEUE);
	return queue ? (long)((struct gnet_stats_queue *)RTA_DATA(queue))->qlen : -1;
}

int main(int argc, char **argv)
{
	struct { struct nlmsghdr header; struct tcmsg tc; } ask = {
		.header = { .nlmsg_len = sizeof(ask), .nlmsg_type = RTM_GETQDISC, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.tc = { .tcm_family = AF_UNSPEC },
	};
	unsigned int major, minor, parent;
	static char text[32768];
	int fd, index;
	ssize_t size;

	if (argc != 3 || sscanf(argv[2], "%x:%x", &major, &minor) != 2) {
		fprintf(stderr, "usage: held DEVICE PARENT\n");
		return 2;
	}
	parent = major << 16 | minor;
	index = if_nametoindex(argv[1]);
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	if (!index || fd < 0 || send(fd, &ask, sizeof(ask), 0) < 0) {
		perror("held");
		return 1;
	}
	while ((size = recv(fd, text, sizeof(text), 0)) > 0) {
		for (struct nlmsghdr *m = (void *)text; NLMSG_OK(m, size); m = NLMSG_NEXT(m, size)) {
			struct tcmsg *tc = NLMSG_DATA(m);

			if (m->nlmsg_type == NLMSG_DONE || m->nlmsg_type == NLMSG_ERROR) {
				fprintf(stderr, "held: %s has no qdisc at %s\n", argv[1], argv[2]);
				return 1;
			}
			if (m->nlmsg_type != RTM_NEWQDISC || tc->tcm_ifindex != index || tc->tcm_parent != parent)
				continue;
			printf("%ld\n", queue_length(m));
			return queue_length(m) < 0;
		}
	}
	perror("held");
	return 1;
}
