// SPDX-License-Identifier: MIT
/*
 * feature NAME: finds out by behaviour whether this kernel can do something; says on stdout what it saw, and ends with
 * status 0 when it can. A sysctl that is there proves nothing: 5.10.188 has tcp_migrate_req without the feature.
 *
 *   reuseport      two sockets listen on one port (3.9; distributions brought it to older kernels)
 *   migration      connections in the accept queue of a listener that closes move to another (5.14)
 *   bpf-migration  the same without tcp_migrate_req, by a program in the reuseport group (5.14)
 *   syncookies     tcp_syncookies=2 answers every SYN with a cookie (3.12)
 *   locks          files can be locked, as iptables does it (CONFIG_FILE_LOCKING); it says nothing when they can
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proc/counters.h"
#include "program.h"

#ifndef SO_REUSEPORT
#define SO_REUSEPORT 15
#endif

/* So many that with two listeners each has some: none with a probability of 2^-31. */
#define CONNECTIONS 32
#define WAIT_MS 500

__attribute__((format(printf, 1, 2), noreturn))
static void no(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	exit(1);
}

/* Sets a sysctl of TCP and returns what it was before. */
static int set_sysctl(const char *name, int value)
{
	char path[64];
	FILE *file;
	int old;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", name);
	file = fopen(path, "r+e");
	if (!file)
		no("%s: %s", name, strerror(errno));
	if (fscanf(file, "%d", &old) != 1)
		no("%s: not a number", name);
	rewind(file);
	if (fprintf(file, "%d\n", value) < 0 || fclose(file))
		no("%s=%d: %s", name, value, strerror(errno));
	return old;
}

/* Listens on the loopback: on any free port, which it tells, or on the port given, beside other listeners. */
static int listener(struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	socklen_t len = sizeof(*at);

	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)))
		no("SO_REUSEPORT: %s", strerror(errno));
	if (bind(fd, (struct sockaddr *)at, sizeof(*at)))
		no("bind: %s", strerror(errno));
	if (listen(fd, 2 * CONNECTIONS))
		no("listen: %s", strerror(errno));
	getsockname(fd, (struct sockaddr *)at, &len);
	return fd;
}

static void connect_to(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)at, sizeof(*at)))
		no("connect: %s", strerror(errno));
}

static void reuseport(void)
{
	struct sockaddr_in at = { 0 };

	listener(&at);
	listener(&at);
	printf("two sockets listen on one port");
}

/* Closes one of two listeners and looks for all connections in the other one. `how`: what should move them. */
static void expect_moved(int closing, int staying, const struct sockaddr_in *at, const char *how)
{
	int accepted = 0;

	for (int i = 0; i < CONNECTIONS; i++)
		connect_to(at);
	close(closing);
	fcntl(staying, F_SETFL, O_NONBLOCK);
	for (int ms = 0; ms < WAIT_MS && accepted < CONNECTIONS; ms++) {
		if (accept(staying, NULL, NULL) >= 0)
			accepted++;
		else
			usleep(1000);
	}
	set_sysctl("tcp_migrate_req", 0);
	if (accepted < CONNECTIONS)
		no("%s moved nothing: %d of %d connections were left when one of two listeners closed", how, accepted,
		   CONNECTIONS);
	printf("all %d connections were there after one of two listeners had closed", CONNECTIONS);
}

static void migration(void)
{
	struct sockaddr_in at = { 0 };
	int closing, staying;

	/* Before the group is made. */
	set_sysctl("tcp_migrate_req", 1);
	closing = listener(&at);
	staying = listener(&at);
	expect_moved(closing, staying, &at, "tcp_migrate_req=1");
}

static void bpf_migration(void)
{
	struct sockaddr_in at = { 0 };
	int closing, staying;

	set_sysctl("tcp_migrate_req", 0);
	closing = listener(&at);
	staying = listener(&at);
	if (attach_migrate(closing))
		no("BPF_SK_REUSEPORT_SELECT_OR_MIGRATE: %s", strerror(errno));
	expect_moved(closing, staying, &at, "a program of BPF_SK_REUSEPORT_SELECT_OR_MIGRATE");
}

/* SYN cookies sent so far. */
static unsigned long long cookies(void)
{
	static struct counters counters;

	if (read_counters("/proc/net", &counters))
		no("/proc/net: %s", strerror(errno));
	for (int i = 0; i < counters.count; i++)
		if (!strcmp(counters.all[i].name, "SyncookiesSent"))
			return counters.all[i].value;
	no("no SyncookiesSent in /proc/net/netstat");
}

static void syncookies(void)
{
	int old = set_sysctl("tcp_syncookies", 2), fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	unsigned long long before;

	/* Without SO_REUSEPORT: a kernel may have the one and not the other. */
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, CONNECTIONS))
		no("listen: %s", strerror(errno));
	getsockname(fd, (struct sockaddr *)&at, &len);
	before = cookies();
	connect_to(&at);
	set_sysctl("tcp_syncookies", old);
	if (cookies() == before)
		no("tcp_syncookies=2 sends no cookie to a listener that has room");
	printf("tcp_syncookies=2 sends a cookie to a listener that has room");
}

static void locks(void)
{
	if (flock(open("/run", O_RDONLY | O_CLOEXEC), LOCK_EX))
		no("this kernel locks no files, which iptables needs: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	const char *name = argc == 2 ? argv[1] : "";

	if (!strcmp(name, "reuseport"))
		reuseport();
	else if (!strcmp(name, "migration"))
		migration();
	else if (!strcmp(name, "bpf-migration"))
		bpf_migration();
	else if (!strcmp(name, "syncookies"))
		syncookies();
	else if (!strcmp(name, "locks"))
		locks();
	else
		no("usage: feature reuseport | migration | bpf-migration | syncookies | locks\n");
	return 0;
}
