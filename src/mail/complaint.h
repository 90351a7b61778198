/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of abuse by third parties: ARF (RFC 5965, 6591, 6692, with its dialects), XARF v3 and v4 (JSON in a part), Hotmail's
 * JMRP (the mail itself as an attachment, no report), and persons: headers pasted, quoted with ">", attached as .eml or as
 * Outlook's .msg, or just an address and a time, in Japanese or English. */
#ifndef SEKISHO_MAIL_COMPLAINT_H
#define SEKISHO_MAIL_COMPLAINT_H
#include "mail/inspection.h"

/* `original` is filled with what the complaint says of the mail complained about; both are untouched where it is none */
bool complaint_read(struct message *message, struct complaint *complaint, struct original *original) __attribute__((warn_unused_result));
/* the same of a report in XARF that is no mail, only its JSON */
bool complaint_read_bare(struct message *message, struct text json, struct complaint *complaint, struct original *original)
	__attribute__((warn_unused_result));
#endif
