/* SPDX-License-Identifier: MIT */
/* The port of init, which leads out of the cell: events go there, a line each, with a number. */
#ifndef PORT_H
#define PORT_H

#include <termios.h>

#include "event.h"
#include "machine.h"

static int port;
static unsigned int lines;	/* handed on so far */

/* The second serial port of a virtual machine; where there is none, the console. */
static inline int open_port(void)
{
	struct termios raw;
	int fd = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		say("/dev/ttyS1");
		return 2;
	}
	tcgetattr(fd, &raw);
	cfmakeraw(&raw);
	tcsetattr(fd, TCSANOW, &raw);
	return fd;
}

static inline void write_line(const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(port, text, size);

		if (n < 0 && errno != EINTR)
			exit(1);
		if (n > 0) {
			text += n;
			size -= n;
		}
	}
}

/* Hands one line on with its number. A line that is no object stays as it is, so that the reader sees it. */
static inline void hand_on(const char *line, size_t size)
{
	static char out[8192];
	int n;

	if (size > sizeof(out) - 32)
		size = sizeof(out) - 32;
	lines++;
	if (*line == '{')
		n = snprintf(out, sizeof(out), "{\"n\":%u,%.*s\n", lines, (int)size - 1, line + 1);
	else
		n = snprintf(out, sizeof(out), "%.*s\n", (int)size, line);
	write_line(out, n);
}

/* Reads what there is, and hands complete lines on. Returns 0 at the end of the stream. */
static inline int relay(int fd)
{
	static char text[65536];
	static size_t held;
	char *line = text, *end;
	ssize_t n = read(fd, text + held, sizeof(text) - held);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	held += n;
	while ((end = memchr(line, '\n', text + held - line))) {
		hand_on(line, end - line);
		line = end + 1;
	}
	held -= line - text;
	memmove(text, line, held);
	if (held == sizeof(text)) {
		hand_on(text, held);
		held = 0;
	}
	return n > 0;
}

/* An event of init itself, which goes the way of all others. */
static inline void emit(void)
{
	hand_on(event.text, event.size);
}

#endif
