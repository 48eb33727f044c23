/* SPDX-License-Identifier: MIT */
/*
 * What goes between a shell in a guest and whoever uses it: frames of a kind (1 byte), a size (2 bytes, the higher one
 * first) and so many bytes of data. lab/shell/frames.ts is the other end.
 *
 *   to the guest    S  begin: rows and columns of the terminal, 2 bytes each; none at all: there is no terminal
 *                   W  the terminal has another size: as S
 *                   I  what was typed; of size 0: there is no more
 *   from the guest  O  output, and E its standard error, where that is apart
 *                   A  so many typed bytes (2 bytes) have been taken: no more than FRAME_WINDOW may be under way
 *                   X  the shell has ended with this status (1 byte)
 *
 * They go over the port of the events, behind the event "shell"; behind X come events again.
 */
#ifndef FRAME_H
#define FRAME_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define FRAME_DATA 1024
/* A tty that nobody reads keeps 4096 bytes, and loses what comes then. */
#define FRAME_WINDOW 1024
#define FRAME_HEADER 3

struct frame {
	char kind;
	uint16_t size;
	const uint8_t *data;
};

/* Takes a stream apart. */
struct frame_reader {
	size_t held;
	uint8_t text[2 * (FRAME_HEADER + FRAME_DATA)];
};

static inline bool write_all(int fd, const void *data, size_t size)
{
	const char *text = data;

	while (size) {
		ssize_t done = write(fd, text, size);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			text += done;
			size -= done;
		}
	}
	return true;
}

/* Sends a frame. Returns false when nobody is there any more. */
static inline bool frame_send(int fd, char kind, const void *data, uint16_t size)
{
	uint8_t header[FRAME_HEADER] = { kind, size >> 8, size & 255 };

	return write_all(fd, header, sizeof(header)) && write_all(fd, data, size);
}

/* Reads what there is, waiting for the first byte. Returns false at the end of the stream. */
static inline bool frame_fill(struct frame_reader *reader, int fd)
{
	ssize_t size = read(fd, reader->text + reader->held, sizeof(reader->text) - reader->held);

	if (size <= 0)
		return size < 0 && (errno == EINTR || errno == EAGAIN);
	reader->held += size;
	return true;
}

/*
 * The first whole frame that was read; its data stay until frame_drop(). Returns false when there is none yet, with kind 0,
 * or never will be, as the stream is broken, with kind '!'.
 */
static inline bool frame_next(const struct frame_reader *reader, struct frame *frame)
{
	frame->kind = 0;
	if (reader->held < FRAME_HEADER)
		return false;
	frame->size = reader->text[1] << 8 | reader->text[2];
	if (frame->size > FRAME_DATA) {
		frame->kind = '!';
		return false;
	}
	if (reader->held < FRAME_HEADER + (size_t)frame->size)
		return false;
	frame->kind = reader->text[0];
	frame->data = reader->text + FRAME_HEADER;
	return true;
}

/* Forgets the first frame. */
static inline void frame_drop(struct frame_reader *reader, const struct frame *frame)
{
	size_t size = FRAME_HEADER + frame->size;

	reader->held -= size;
	memmove(reader->text, reader->text + size, reader->held);
}

#endif
