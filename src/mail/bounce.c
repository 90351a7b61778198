/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/bounce.h"

#include <ctype.h>

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

/* "550", "#5.1.1" as a word of its own */
static bool has_code(struct text line)
{
	for (size_t i = 0; i + 3 < line.n; i++) {
		const char *p = line.p + i;

		if ((*p != '4' && *p != '5') || (i && (isalnum((unsigned char)p[-1]) || strchr(".-:/", p[-1]))))
			continue;
		if (isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[2]) && strchr(" -", p[3]))
			return true;
		if (p[1] == '.' && isdigit((unsigned char)p[2]) && (p[3] == '.' || (isdigit((unsigned char)p[3]) && i + 4 < line.n && p[4] == '.')))
			return true;
	}
	return false;
}

/* A recipient of whom nothing is said apart: the first line with a code is about it, where there is but one. */
static void say_what_is_left(struct report *report)
{
	struct text rest = report->words, line;

	if (report->count != 1 || report_is_said(report->returned))
		return;
	while (text_line(&rest, &line))
		if (has_code(line) && text_seek(line, "status:") != line.p) {
			report_say(report, report->returned, line);
			return;
		}
}

/* A report that was itself sent back, or wrapped, in text: where nobody else is named, those of the inner one count. */
static void read_inner(struct report *report)
{
	struct text inner = report->original_text;
	const char *from = text_seek(text_head(inner, inner.n < 4000 ? inner.n : 4000), "from: mailer-daemon"), *at = text_seek(inner, "final-recipient:");

	if (from && at && from < at)
		dsn_read_text(report, text_between(at, inner.p + inner.n));
}

static bool read_words(struct report *report, const struct family *family)
{
	if (family && family->read)
		family->read(report);
	else
		words_read(report);
	if (!report->count && family && family->read)
		words_read(report);
	failed_field_read(report);
	if (!report->count)
		read_inner(report);
	say_what_is_left(report);
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
	if (family)
		return report->count || report->daemon || report->likely;
	if (!report->daemon && !report->likely)
		return false;
	return (has_code(report->words) || (report->daemon && (says || report->failed.n))) &&
	       (report->count || report->original >= 0 || report->original_text.n);
}

bool bounce_read(struct message *message, struct bounce *bounce)
{
	const struct family *family = NULL;
	struct report report;

	if (is_another_report(message) || !report_open(message, &report, &family))
		return false;
	report.in_fields = dsn_read(&report);
	if (report.in_fields || family || report.daemon || report.likely)
		read_words(&report, family);
	if (!is_report(&report, family))
		return false;
	for (size_t i = 0; i < report.count; i++)
		reason_judge(&report.returned[i], report.words);
	*bounce = (struct bounce){ .kind = kind_of(&report), .family = family ? family->name : report.in_fields ? "rfc3464" : NULL,
				   .recipients = report.returned, .count = report.count, .unnamed = report.unnamed, .original = report.original,
				   .original_text = report.original < 0 ? report.original_text : TEXT_NONE };
	return true;
}
