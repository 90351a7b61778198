/* SPDX-License-Identifier: Apache-2.0 */
/* One connection of the milter protocol (version 2 to 6, as sendmail's libmilter and Postfix's milter client speak it), the milter's side,
 * without any I/O. It is asked for two things alone, and never for a verdict: each mail is accepted as it is.
 *
 * - Of mail that comes in (nobody logged in) a copy is taken of what may tell something: with an empty envelope sender, for abuse@ or
 *   postmaster@, or with a field that says that a machine wrote it. It is answered at once; whatever reads the copy does so later.
 * - Mail of whoever logged in gets a header at its top, where its keeper makes one (attribution/seal.h); and a copy is taken of it where the
 *   keeper wants one, which he says after its header.
 *
 * Of any other mail nothing is kept beyond its header; bodies that are not wanted are not sent, where the server can leave them out. Of a
 * mail longer than MILTER_MAIL_MAX the beginning is kept. A packet that is too long or makes no sense ends the connection: the server goes on
 * without a milter then (milter_default_action = accept). */
#ifndef SEKISHO_INTAKE_MILTER_H
#define SEKISHO_INTAKE_MILTER_H
#include <stdbool.h>

#include "base/text.h"

enum {
	MILTER_PACKET_MAX = 128 << 10, /* Postfix sends bodies in pieces of 64 KiB; a header field may be 100 KiB */
	MILTER_MAIL_MAX = 512 << 10,   /* whom it is about stands in front of what came back */
	MILTER_TEXT_MAX = 320,         /* of a login, a queue id */
	MILTER_TRACE_MAX = 1024,       /* of the header that is added */
};

struct milter_handler {
	void (*say)(void *context, struct text bytes);  /* to the server */
	void (*mail)(void *context, struct text bytes); /* a copy; good until it returns */
	/* the header's value for mail of this login; false: none. NULL: there never is one. */
	bool (*trace)(void *context, struct text login, struct text queue_id, char value[MILTER_TRACE_MAX]);
	const char *trace_field;
	/* is a copy of this mail wanted, that somebody sends who logged in? NULL: never. Then that copy; good until it returns. */
	bool (*wants)(void *context, struct text login, struct text queue_id);
	void (*sent)(void *context, struct text login, struct text queue_id, struct text bytes);
	void *context;
};

struct milter;

struct milter *milter_new(const struct milter_handler *handler);
void milter_free(struct milter *milter);
/* takes all of it */
void milter_take(struct milter *milter, struct text bytes);
bool milter_is_over(const struct milter *milter); /* to be closed once everything is said */
#endif
