// SPDX-License-Identifier: MIT
/*
 * What a program of the guest tells: one JSON object a line on fd 1, each in a
 * write(2) of its own, so that the lines of programs that share it do not mix.
 *
 *	event_begin("tick");
 *	event_count("ok", ok);
 *	event_end();
 */
#ifndef EVENT_H
#define EVENT_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The longest line, its end included: a pipe (PIPE_BUF) and a tty take it as a whole. */
#define EVENT_MAX 4000

static struct {
	char text[EVENT_MAX];
	size_t size;
} event;

/* CLOCK_MONOTONIC in microseconds. */
static inline uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

/* Bytes that the line can still take, its end excluded. */
static inline size_t event_room(void)
{
	return EVENT_MAX - sizeof("}\n") - event.size;
}

/* Adds text that fits, as the caller knows: a longer line is the caller's defect. */
__attribute__((format(printf, 1, 2)))
static inline void event_add(const char *format, ...)
{
	size_t room = event_room() + 1;
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(event.text + event.size, room, format, args);
	va_end(args);
	if (size < 0 || (size_t)size >= room)
		abort();
	event.size += size;
}

/* Begins the line with its name and the time. */
static inline void event_begin(const char *name)
{
	event.size = 0;
	event_add("{\"e\":\"%s\",\"t\":%llu", name, (unsigned long long)now_us());
}

/* Adds a field that is a whole number. */
static inline void event_count(const char *key, uint64_t value)
{
	event_add(",\"%s\":%llu", key, (unsigned long long)value);
}

/* Adds a field of any text, the last of the line: escaped, and cut where the line is full. */
static inline void event_string(const char *key, const char *value)
{
	event_add(",\"%s\":\"", key);
	for (; *value && event_room() >= strlen("\\u0000\""); value++) {
		unsigned char c = *value;

		if (c == '"' || c == '\\')
			event_add("\\%c", c);
		else if (c < ' ')
			event_add("\\u%04x", c);
		else
			event_add("%c", c);
	}
	event_add("\"");
}

/* Writes the line. When that fails nobody can be told: the reader sees a stream without its end. */
static inline void event_end(void)
{
	size_t done = 0;

	memcpy(event.text + event.size, "}\n", 2);
	event.size += 2;
	while (done < event.size) {
		ssize_t size = write(STDOUT_FILENO, event.text + done, event.size - done);

		if (size > 0)
			done += size;
		else if (errno != EINTR)
			_exit(1);
	}
}

/* Tells why the program cannot go on, as {"e":"error","program":…,"message":…}, and ends it with status 1. */
__attribute__((format(printf, 2, 3), noreturn))
static inline void event_fail(const char *program, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	event_begin("error");
	event_string("program", program);
	event_string("message", message);
	event_end();
	exit(1);
}

#endif
