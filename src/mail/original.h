/* SPDX-License-Identifier: Apache-2.0 */
/* The mail that a report, an answer or a complaint is about: from the part that holds it (message/rfc822, text/rfc822-headers), from
 * header lines in the text, from fields of the report (X-Postfix-Queue-ID, Original-Envelope-Id, Original-Message-ID), from
 * In-Reply-To and References. All of it may be forged: it says where to look (mail/trail.h), and nothing else. */
#ifndef SEKISHO_MAIL_ORIGINAL_H
#define SEKISHO_MAIL_ORIGINAL_H
#include "mail/inspection.h"

/* the milter's header: which account, session and message, signed with the server's own key */
#define ORIGINAL_TRACE_FIELD "X-Sekisho-Trace"

void original_clear(struct original *original);
/* `part`: the number of the part that holds it, or -1 to look for it; `text`: headers that stand in a text, or empty */
void original_read(struct message *message, int part, struct text text, struct original *original);
/* header lines in a text, at the margin or quoted with ">" or "|": a copy without the quotation marks, up to the end of the text; empty where there
 * are none. It takes three of the fields that each mail has, a Message-ID or Received among them, one after the other. */
struct text original_in_text(struct arena *arena, struct text text);
/* what header fields say: completes what *original lacks */
void original_from_fields(struct arena *arena, const struct fields *fields, struct original *original);
#endif
