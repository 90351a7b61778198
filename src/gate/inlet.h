/* SPDX-License-Identifier: Apache-2.0 */
/* Where mail comes in that is to be understood: copies of bounces, mail of abuse@ and postmaster@, over LMTP (intake/lmtp.h); and where
 * Postfix shows the mail that comes in, as to a milter (intake/milter.h).
 *
 * Mails are read by gate/mail_readers.h. Over LMTP a client waits until its mail was told, or cannot be read at all (250), or the gate could
 * not write what follows from it (451). A milter never keeps anybody waiting: of what may tell something it takes a copy.
 *
 * Connections beyond the maximum are closed at once. A client that is silent for INLET_SILENCE_US is gone. */
#ifndef SEKISHO_GATE_INLET_H
#define SEKISHO_GATE_INLET_H
#include <uv.h>

#include "base/error.h"
#include "base/when.h"
#include "gate/mail_readers.h"
#include "intake/milter.h"

enum { INLET_CONNECTIONS_MAX = 20, INLET_MILTERS_MAX = 500 };
#define INLET_SILENCE_US (10 * MINUTE_US)

struct inlet_options {
	const char *where; /* as intake/listen.h has it */
	bool is_milter;
	struct mail_readers *readers; /* outlive it */
	/* of a milter, as intake/milter.h has them; NULL: no header is added, no mail of people wanted */
	bool (*trace)(void *context, struct text login, struct text queue_id, char value[MILTER_TRACE_MAX]);
	const char *trace_field;
	bool (*wants)(void *context, struct text login, struct text queue_id);
	void (*sent)(void *context, struct text login, struct text queue_id, struct text bytes);
	void *context;
};

struct inlet;

/* listens from now on; texts of the options outlive it */
struct inlet *inlet_new(uv_loop_t *loop, const struct inlet_options *options, struct error *error) __attribute__((warn_unused_result));
/* frees itself once the loop has run; before its readers are closed. NULL is fine. */
void inlet_close(struct inlet *inlet);
#endif
