// SPDX-License-Identifier: MIT
/*
 * binder: a socket server. It binds a listener once, holds it, and hands it to each new proxy over a UNIX socket
 * (SCM_RIGHTS), as multibinder does (article, section 3, "Socket server again").
 *
 *   binder serve PATH PORT               listens on the port of the loopback, and at PATH in the background
 *   binder run PATH VARIABLE COMMAND...  fetches the listener, puts its number into VARIABLE, and becomes the command
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The most that every kernel takes; it bounds it by net.core.somaxconn, as with nginx and HAProxy here. */
#define BACKLOG 65535

static void die(const char *what)
{
	fprintf(stderr, "binder: ");
	perror(what);
	exit(1);
}

/* A UNIX socket, and the address that a path stands for. */
static int unix_socket(struct sockaddr_un *at, const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at->sun_family = AF_UNIX;
	snprintf(at->sun_path, sizeof(at->sun_path), "%s", path);
	if (fd < 0)
		die("socket");
	return fd;
}

static int listener(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, BACKLOG))
		die("cannot listen");
	return fd;
}

/* A message of one byte, with room for one descriptor beside it. */
struct message {
	char byte;
	struct iovec data;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr whole;
};

static struct msghdr *message(struct message *m)
{
	memset(m, 0, sizeof(*m));
	m->data = (struct iovec){ .iov_base = &m->byte, .iov_len = 1 };
	m->whole = (struct msghdr){ .msg_iov = &m->data, .msg_iovlen = 1,
				    .msg_control = m->control.room, .msg_controllen = sizeof(m->control.room) };
	return &m->whole;
}

/* Hands the listener to everybody who connects. */
static void serve(int server, int fd)
{
	struct message m;
	struct msghdr *whole = message(&m);
	struct cmsghdr *header = CMSG_FIRSTHDR(whole);
	int client;

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	while ((client = accept(server, NULL, NULL)) >= 0) {
		if (sendmsg(client, whole, MSG_NOSIGNAL) < 0)
			perror("binder: cannot hand the listener over");
		close(client);
	}
	die("accept");
}

/* Fetches the listener. The command inherits it: it is not closed on exec. */
static int fetch(const char *path)
{
	struct sockaddr_un at = { 0 };
	int server = unix_socket(&at, path), fd;
	struct message m;
	struct msghdr *whole = message(&m);
	struct cmsghdr *header;

	if (connect(server, (struct sockaddr *)&at, sizeof(at)) || recvmsg(server, whole, 0) < 0)
		die(path);
	header = CMSG_FIRSTHDR(whole);
	if (!header || header->cmsg_type != SCM_RIGHTS) {
		fprintf(stderr, "binder: %s: no descriptor came\n", path);
		exit(1);
	}
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "serve")) {
		int fd = listener(atoi(argv[3])), server;
		struct sockaddr_un at = { 0 };

		server = unix_socket(&at, argv[2]);
		if (bind(server, (struct sockaddr *)&at, sizeof(at)) || listen(server, 8))
			die(argv[2]);
		if (daemon(0, 1))
			die("daemon");
		serve(server, fd);
	}
	if (argc > 4 && !strcmp(argv[1], "run")) {
		char number[12];

		snprintf(number, sizeof(number), "%d", fetch(argv[2]));
		setenv(argv[3], number, 1);
		execvp(argv[4], argv + 4);
		die(argv[4]);
	}
	fprintf(stderr, "usage: binder serve PATH PORT\n       binder run PATH VARIABLE COMMAND...\n");
	return 2;
}
