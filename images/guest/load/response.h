// SPDX-License-Identifier: MIT
/*
 * An HTTP/1.x response, read as it comes: how it ends, with which status, and
 * whether the connection stays. Its end is a Content-Length or the end of the
 * stream: no proxy of the lab sends chunks, and one that did would be noticed.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct response {
	enum { STATUS_LINE, HEADERS, BODY, BODY_TO_END, COMPLETE, BROKEN } at;
	int status;
	uint64_t left;		/* bytes of the body still to come */
	bool has_length;
	bool closes;		/* it says, or its version does, that it is the last of its connection */
	uint8_t kept;		/* bytes of a line that came in parts; more than fit are of no interest */
	char part[64];
};

static inline void response_start(struct response *r)
{
	r->at = STATUS_LINE;
	r->status = 0;
	r->left = 0;
	r->has_length = false;
	r->closes = false;
	r->kept = 0;
}

static inline void response_keep(struct response *r, const char *text, size_t size)
{
	size_t room = sizeof(r->part) - r->kept;

	if (size > room)
		size = room;
	memcpy(r->part + r->kept, text, size);
	r->kept += size;
}

/* "HTTP/1.x NNN", nothing else is a response. */
static inline void response_status(struct response *r, const char *line, size_t size)
{
	r->at = BROKEN;
	if (size < 12 || memcmp(line, "HTTP/1.", 7) || line[8] != ' ')
		return;
	for (int i = 9; i < 12; i++) {
		if (line[i] < '0' || line[i] > '9')
			return;
		r->status = r->status * 10 + line[i] - '0';
	}
	r->closes = line[7] == '0';
	r->at = HEADERS;
}

/* The blank line: no body with these two statuses, whatever the length says (RFC 9112, 6.3). */
static inline void response_head_end(struct response *r)
{
	if (r->status == 204 || r->status == 304 || (r->has_length && !r->left))
		r->at = COMPLETE;
	else
		r->at = r->has_length ? BODY : BODY_TO_END;
}

/* The place of the value in a line with this header, which ends with its colon; 0: it is another one. */
static inline size_t response_value(const char *line, size_t size, const char *header)
{
	size_t i = strlen(header);

	if (size < i || strncasecmp(line, header, i))
		return 0;
	while (i < size && (line[i] == ' ' || line[i] == '\t'))
		i++;
	return i;
}

static inline void response_header(struct response *r, const char *line, size_t size)
{
	uint64_t length = 0;
	size_t i;

	if ((i = response_value(line, size, "connection:"))) {
		r->closes = size - i >= 5 && !strncasecmp(line + i, "close", 5);
		return;
	}
	if (response_value(line, size, "transfer-encoding:"))
		r->at = BROKEN;
	if (!(i = response_value(line, size, "content-length:")))
		return;
	r->has_length = i < size;
	for (; i < size && line[i] >= '0' && line[i] <= '9' && length < UINT64_MAX / 100; i++)
		length = length * 10 + line[i] - '0';
	while (i < size && (line[i] == ' ' || line[i] == '\t'))
		i++;
	if (!r->has_length || i < size)
		r->at = BROKEN;
	r->left = length;
}

static inline void response_line(struct response *r, const char *line, size_t size)
{
	if (size && line[size - 1] == '\r')
		size--;
	if (r->at == STATUS_LINE)
		response_status(r, line, size);
	else if (size)
		response_header(r, line, size);
	else
		response_head_end(r);
}

/* Takes the next bytes; true when the response is complete or broken: nothing more of it is of interest. */
static inline bool response_feed(struct response *r, const char *text, size_t size)
{
	while (r->at < BODY && size) {
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;

		if (r->kept || !end)
			response_keep(r, text, length);
		if (!end)
			return false;
		if (r->kept)
			response_line(r, r->part, r->kept);
		else
			response_line(r, text, length);
		r->kept = 0;
		text += length + 1;
		size -= length + 1;
	}
	if (r->at == BODY) {
		r->left -= size < r->left ? size : r->left;
		if (!r->left)
			r->at = COMPLETE;
	}
	return r->at >= COMPLETE;
}

/* The stream has ended: true when that was the response's end, too. */
static inline bool response_finish(struct response *r)
{
	if (r->at == BODY_TO_END)
		r->at = COMPLETE;
	return r->at == COMPLETE;
}

/* Whether another request may follow on the connection of a complete response. */
static inline bool response_keeps(const struct response *r)
{
	return r->at == COMPLETE && !r->closes && (r->has_length || r->status == 204 || r->status == 304);
}

/* Whether the response is complete and a good one. */
static inline bool response_good(const struct response *r)
{
	return r->at == COMPLETE && r->status >= 200 && r->status < 400;
}

#endif
