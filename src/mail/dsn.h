/* SPDX-License-Identifier: Apache-2.0 */
/* Delivery reports in fields (RFC 3464, 6533): groups of recipients in a message/delivery-status part, under whatever type and name it came,
 * or as text where the boundaries are broken. Values that no RFC has are taken as they are meant. */
#ifndef SEKISHO_MAIL_DSN_H
#define SEKISHO_MAIL_DSN_H
#include "mail/families.h"

/* Adds the recipients of all groups; false without one that names somebody or says what became of a mail. */
bool dsn_read(struct report *report);
/* what stands behind the type in a field of a report: "smtp; 550 …" */
struct text dsn_said(struct text value);
/* "5.1.1" in a field's value, whatever comment stands about it; points into it */
struct text dsn_status(struct text value);
/* the groups in one text; how many recipients were found */
size_t dsn_read_text(struct report *report, struct text text);
#endif
