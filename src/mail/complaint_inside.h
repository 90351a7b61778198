/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the formats of complaints. */
#ifndef SEKISHO_MAIL_COMPLAINT_INSIDE_H
#define SEKISHO_MAIL_COMPLAINT_INSIDE_H
#include "mail/complaint.h"

/* one row of the array in complaint.c; `read` fills what it knows, and says false for what is not its own (both may be filled in part then) */
struct complaint_reader {
	enum complaint_format format;
	bool (*read)(struct message *message, struct complaint *complaint, struct original *original);
};

extern const struct complaint_reader complaint_arf, complaint_xarf, complaint_xarf_plain, complaint_jmrp, complaint_freeform;

/* XARF 3 or 4 in this text? */
bool complaint_read_json(struct message *message, struct text text, struct complaint *complaint, struct original *original);
/* contracts.md's word for what a report calls itself; NULL where it is none of them */
const char *complaint_type(struct text word);
/* the likeliest come first; what is there already, or nobody's, is passed over */
void complaint_add_account(struct arena *arena, struct complaint *complaint, struct text address);
/* the mail complained about, wherever it hangs: a part, an .eml or .msg file, header lines in a text; false where there is none */
bool complaint_find_original(struct message *message, struct original *original);
/* what the fields "Source-IP: …" of any format have */
void complaint_set_ip(struct complaint *complaint, struct text ip);
/* RFC 3339 or RFC 5322 */
void complaint_set_arrival(struct complaint *complaint, struct text when);
#endif
