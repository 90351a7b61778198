/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/reply.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/socket.h>

void reply_flush(struct reply *reply)
{
	struct pollfd room = { .fd = reply->fd, .events = POLLOUT };
	size_t sent = 0;

	while (!reply->broken && sent < reply->used) {
		ssize_t n = send(reply->fd, reply->bytes + sent, reply->used - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			sent += (size_t)n;
		else if (errno != EAGAIN || poll(&room, 1, REPLY_PATIENCE_MS) <= 0)
			reply->broken = true;
	}
	reply->used = 0;
}

void reply_line(struct reply *reply, const char *format, ...)
{
	va_list args;
	int n;

	if (REPLY_ROOM - reply->used < REPLY_LINE_MAX)
		reply_flush(reply);
	va_start(args, format);
	n = vsnprintf(reply->bytes + reply->used, REPLY_LINE_MAX - 1, format, args);
	va_end(args);
	reply->used += n < REPLY_LINE_MAX - 1 ? (size_t)n : REPLY_LINE_MAX - 2;
	reply->bytes[reply->used++] = '\n';
}
