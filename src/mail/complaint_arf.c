/* SPDX-License-Identifier: Apache-2.0 */
/* ARF: a part message/feedback-report (RFC 5965; auth-failure: RFC 6591), or, in its dialects, its fields in any other part. The mail
 * hangs on as message/rfc822, text/rfc822-headers, or not at all. Received-Date stands for Arrival-Date, Redacted-Address or
 * Removal-Recipient for Original-Rcpt-To. */
#include "mail/address.h"
#include "mail/complaint_inside.h"
#include "mail/original.h"

static bool is_report(struct message *message, int number, struct fields *fields)
{
	const struct part *part = message_part(message, number);
	struct text rest, type;

	if (part->kind == PART_MULTIPART || part->inside)
		return false;
	if (!text_is(part->type, TEXT("message/feedback-report")) && !text_is(part->type, TEXT("text/plain")))
		return false;
	fields_read(message_arena(message), text_trim(message_text(message, number)), fields, &rest);
	return fields_find(fields, "Feedback-Type", &type);
}

static bool find_report(struct message *message, struct fields *fields)
{
	for (int i = 0; i < message_parts(message); i++)
		if (is_report(message, i, fields))
			return true;
	return false;
}

/* a report of DMARC (RFC 7489 7.3) that has no such part: words, and a copy of the headers */
static bool is_wordy(struct message *message)
{
	struct text subject = message_field(message, "Subject");

	return text_starts(message_part(message, 0)->type, TEXT("multipart/report")) && text_seek(subject, "dmarc") &&
	       (text_seek(subject, "failure report") || text_seek(subject, "forensic report"));
}

static void read_fields(struct message *message, const struct fields *fields, struct complaint *complaint)
{
	struct arena *arena = message_arena(message);
	struct text address;

	complaint->type = complaint_type(fields_value(fields, "Feedback-Type"));
	if (!complaint->type)
		complaint->type = "other";
	complaint_set_ip(complaint, fields_value(fields, "Source-IP"));
	complaint->reported_domain = fields_value(fields, "Reported-Domain");
	complaint_set_arrival(complaint, fields_value(fields, "Arrival-Date"));
	complaint_set_arrival(complaint, fields_value(fields, "Received-Date"));
	if (address_in(arena, fields_value(fields, "Original-Mail-From"), &address))
		complaint_add_account(arena, complaint, address);
}

static bool read(struct message *message, struct complaint *complaint, struct original *original)
{
	struct fields fields = { 0 };
	struct text report_type = message_field(message, "Content-Type");

	if (find_report(message, &fields)) {
		complaint_find_original(message, original);
		/* who had logged in and who sent it are likelier than an envelope that may be a list's */
		complaint_add_account(message_arena(message), complaint, original->auth_user);
		complaint_add_account(message_arena(message), complaint, original->from);
		read_fields(message, &fields, complaint);
		return true;
	}
	if (is_wordy(message)) {
		complaint->type = "auth-failure";
		complaint_find_original(message, original);
		return true;
	}
	/* the report itself got lost on the way */
	return text_seek(report_type, "feedback-report") && complaint_find_original(message, original);
}

const struct complaint_reader complaint_arf = { COMPLAINT_ARF, read };
