/* SPDX-License-Identifier: Apache-2.0 */
/* An answer to whoever complained, as a draft to be looked at, signed and sent by a person; sekisho sends nothing. A mail (RFC 5322) in
 * UTF-8, without From, marked X-Unsent so that mail programs open it for writing.
 *
 * It repeats what the complainant said himself, and of the incident only what was done and when: neither the account nor its owner, no recipient,
 * no place and no count stands in it. Steps are told that were done, never what is only wanted. */
#ifndef SEKISHO_REPORT_COMPLAINT_REPLY_H
#define SEKISHO_REPORT_COMPLAINT_REPLY_H
#include "mail/inspection.h"
#include "report/paper.h"

/* "ja" or "en": what the complaint is written in, for who sets the language of the sentences before complaint_reply */
const char *complaint_reply_language(struct message *message);
/* `paper`: the incident that it led to, or NULL: then a gap in brackets is left for what was found. False with the reason where nobody would read the
 * answer (no address, or one that takes no mail), or where the stream could not be written. */
bool complaint_reply(struct message *message, const struct inspection *inspection, const struct paper *paper, FILE *to, struct error *error)
	__attribute__((warn_unused_result));
#endif
