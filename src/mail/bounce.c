/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/bounce.h"

#include "mail/address.h"
#include "mail/dsn.h"
#include "mail/families.h"
#include "mail/reason.h"

/* reports that RFC 6522 carries too, and that say nothing of a delivery */
static bool is_another_report(const struct message *message)
{
	for (int i = 1; i < message_parts(message); i++) {
		const struct part *part = message_part(message, i);

		if (!part->inside && (text_is(part->type, TEXT("message/feedback-report")) || text_is(part->type, TEXT("message/disposition-notification"))))
			return true;
	}
	return false;
}

static void read_failed_field(struct report *report)
{
	struct text rest = report->failed, address;

	while (address_next(report->arena, &rest, &address))
		report_add(report, address);
}

/* what the words say of all decides where no field does */
static enum return_action action_of_all(const struct report *report)
{
	if (report->says_delayed)
		return RETURN_DELAYED;
	return report->says_delivered && !report->says_failed ? RETURN_DELIVERED : RETURN_FAILED;
}

static bool read_words(struct report *report, const struct family *family)
{
	size_t before = report->count;

	if (family && family->read)
		family->read(report);
	else
		words_read(report);
	if (!report->count && family && family->read)
		words_read(report);
	read_failed_field(report);
	for (size_t i = before; i < report->count; i++)
		report->returned[i].action = action_of_all(report);
	return report->count > 0;
}

static enum mail_kind kind_of(const struct report *report)
{
	enum mail_kind kind = MAIL_DELIVERED;

	if (!report->count)
		return report->says_delayed ? MAIL_DELAY : report->says_delivered && !report->says_failed ? MAIL_DELIVERED : MAIL_BOUNCE;
	for (size_t i = 0; i < report->count; i++) {
		if (report->returned[i].action == RETURN_FAILED)
			return MAIL_BOUNCE;
		if (report->returned[i].action == RETURN_DELAYED)
			kind = MAIL_DELAY;
	}
	return kind;
}

/* Without fields and without a family's phrases it takes a mail server as sender, and words of a delivery. */
static bool is_report(const struct report *report, const struct family *family)
{
	bool says = report->says_failed || report->says_delayed || report->says_delivered;

	if (report->in_fields)
		return true;
	return family ? report->count || report->daemon : report->daemon && says && (report->count || report->original >= 0 || report->original_text.n);
}

bool bounce_read(struct message *message, struct bounce *bounce)
{
	const struct family *family = NULL;
	struct report report;

	if (is_another_report(message) || !report_open(message, &report, &family))
		return false;
	report.in_fields = dsn_read(&report);
	if (report.in_fields || family || report.daemon)
		read_words(&report, family);
	if (!is_report(&report, family))
		return false;
	for (size_t i = 0; i < report.count; i++)
		reason_judge(&report.returned[i], report.words);
	*bounce = (struct bounce){ .kind = kind_of(&report), .family = family ? family->name : report.in_fields ? "rfc3464" : NULL,
				   .recipients = report.returned, .count = report.count, .original = report.original,
				   .original_text = report.original < 0 ? report.original_text : TEXT_NONE };
	return true;
}
