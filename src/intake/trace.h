/* SPDX-License-Identifier: Apache-2.0 */
/* Events as JSON Lines (RFC 8259, one object a line, UTF-8): what a co-process is told, and what a trace keeps. The
 * fields are those of the contract: t (seconds since 1970), ev, account, ip, id, rcpt and so on; unknown fields are
 * passed over, an unknown ev or a field of the wrong type is an error that names the field; null is no field. Of a name
 * that stands twice in a line the last counts.
 *
 * A line may have TRACE_LINE_MAX bytes and a message TRACE_RCPTS_MAX recipients, more are counted but not looked at.
 * What an event points to is good until the next line. */
#ifndef SEKISHO_INTAKE_TRACE_H
#define SEKISHO_INTAKE_TRACE_H
#include "base/error.h"
#include "event/accounts.h"
#include "event/event.h"

enum { TRACE_LINE_MAX = 8 * 1024 * 1024, TRACE_RCPTS_MAX = 65536, TRACE_ID_MAX = 1000 };

struct trace;

struct trace_event {
	struct event event;
	struct event_detail detail;
	struct text id; /* of the message, or empty */
};

#define TRACE_TIME_MAX_S 4294967296.0 /* profiles count seconds in 32 bits: 2106 */

/* makes accounts as it meets them, but for logins that failed */
struct trace *trace_new(struct accounts *accounts);
void trace_free(struct trace *trace);
bool trace_line(struct trace *trace, struct text line, struct trace_event *event, struct error *error)
	__attribute__((warn_unused_result));
/* is it the first line of a trace? It begins as an object does, and names an "ev". */
bool trace_claims(struct text first_line);
/* the time of a line, or WHEN_NONE */
int64_t trace_time(struct text line);
#endif
