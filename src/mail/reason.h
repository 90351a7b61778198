/* SPDX-License-Identifier: Apache-2.0 */
/* What a server's words mean. `reason_judge` completes one recipient: code and status out of the words where they are not known
 * (RFC 5321 4.2.3, RFC 3463), the reason out of the words first and the status after them, and whether trying again
 * is of no use. Words in English, Japanese and what else real servers say are a table (mail/reason_words.h), the most telling first.
 *
 * Permanent: there is no such user, no such domain, or the user has moved away; or nothing is ever taken there (RFC 7504, RFC 7505). A full mailbox,
 * a filter, a list of bad hosts is not, whatever code was sent. "No such user" counts when it is said of the recipient (RCPT) or by a status: after the
 * text was sent, docomo, au and filters say so of users who refuse this sender, too. Such a one is RETURN_USER_UNKNOWN and not permanent. */
#ifndef SEKISHO_MAIL_REASON_H
#define SEKISHO_MAIL_REASON_H
#include "mail/inspection.h"

/* Reads `diagnostic`, `status`, `smtp_code`, `action`; completes `status` (where the reason has a usual one), `smtp_code`,
 * `reason`, `permanent`. `around`: more of the report's words, looked at where the diagnostic says nothing. */
void reason_judge(struct returned *returned, struct text around);
/* the first "550", "550 5.1.1", "550-5.1.1", "#5.1.1", "(5.1.1)" in the words; what is not there is left alone */
void reason_codes(struct text words, struct text *status, int *smtp_code);
#endif
