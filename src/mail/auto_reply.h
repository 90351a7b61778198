/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that no person wrote: vacation notices, "my address has changed" (with the new one), receipts. By RFC 3834's
 * Auto-Submitted, by the fields that others use (X-Autoreply, X-Auto-Response-Suppress, Precedence, X-Autorespond, …), and by
 * subject and words in English, Japanese and other languages where there is no field at all. A delivery report is none. */
#ifndef SEKISHO_MAIL_AUTO_REPLY_H
#define SEKISHO_MAIL_AUTO_REPLY_H
#include "mail/inspection.h"

bool auto_reply_read(struct message *message, struct auto_reply *reply) __attribute__((warn_unused_result));
#endif
