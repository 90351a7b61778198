/* SPDX-License-Identifier: Apache-2.0 */
/* Lines for one client, gathered in a buffer of fixed size. Who does not read them within REPLY_PATIENCE_MS is told no more. */
#ifndef SEKISHO_HELPER_REPLY_H
#define SEKISHO_HELPER_REPLY_H
#include "base/text.h"

enum { REPLY_ROOM = 65536, REPLY_LINE_MAX = 16384, REPLY_PATIENCE_MS = 10000 };

struct reply {
	int fd;
	bool broken; /* the client is to be closed */
	size_t used;
	char bytes[REPLY_ROOM];
};

/* a line without its end, of less than REPLY_LINE_MAX bytes */
void reply_line(struct reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));
void reply_flush(struct reply *reply);
#endif
