/* SPDX-License-Identifier: MIT */
/*
 * A reply in a protocol where the server speaks first, as SMTP's (RFC 5321,
 * 4.2): a line that begins with three digits. The greeting is one, too.
 */
#ifndef REPLY_H
#define REPLY_H

#include "response.h"

/* Takes the next bytes; true when the line is complete. */
static inline bool reply_feed(struct response *r, const char *text, size_t size)
{
	const char *end = memchr(text, '\n', size);

	response_keep(r, text, end ? (size_t)(end - text) : size);
	if (!end)
		return false;
	r->at = r->kept >= 3 ? COMPLETE : BROKEN;
	for (int i = 0; i < 3 && r->at == COMPLETE; i++) {
		if (r->part[i] < '0' || r->part[i] > '9')
			r->at = BROKEN;
		else
			r->status = r->status * 10 + r->part[i] - '0';
	}
	return true;
}

#endif
