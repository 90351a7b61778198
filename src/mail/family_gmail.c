/* SPDX-License-Identifier: Apache-2.0 */
/* Gmail, Google Workspace and Groups: "Delivery to the following recipient failed permanently:" with technical details, or the newer
 * "** Address not found **". What was said is common to all recipients of one report. */
#include "mail/address.h"
#include "mail/families.h"

static struct text details(const struct report *report)
{
	static const char *const marks[] = { "error that the other server returned was:", "response from the remote server was:", "the response was:", "technical details of permanent failure:",
					     "technical details of temporary failure:", "technical details of", NULL };

	for (const char *const *mark = marks; *mark; mark++) {
		struct text behind = words_behind(report, *mark);

		if (behind.n)
			return behind;
	}
	return TEXT_NONE;
}

static bool is_recipient_list(struct report *report)
{
	static const char *const ends[] = { "technical details", "message will be retried", "reason:", NULL };
	struct text list = words_behind(report, "delivery to the following recipient");

	return list.n && listed_read(report, list, ends);
}

static void read(struct report *report)
{
	struct text said = details(report);
	struct text rest = report->failed, address, host;

	while (address_next(report->arena, &rest, &address))
		report_add(report, address);
	if (!is_recipient_list(report) && !report->count)
		words_read(report);
	host = words_behind(report, "by the server for the recipient domain ");
	for (size_t i = 0; i < report->count; i++) {
		if (host.n && !report->returned[i].remote_mta.n)
			report->returned[i].remote_mta = host_said(report->arena, text_between(host.p - 39, host.p + (host.n < 300 ? host.n : 300)));
		if (said.n && !report->in_fields)
			report->returned[i].diagnostic = TEXT_NONE;
		report_say(report, &report->returned[i], said);
	}
}

const struct family family_gmail = {
	"gmail",
	{ "delivery to the following recipient failed permanently", "delivery to the following recipients failed permanently", "technical details of permanent failure",
	  "technical details of temporary failure", "delivery to the following recipient has been delayed", "** address not found **", "** message not delivered **", "** delivery incomplete **",
	  "** message blocked **", "google tried to deliver your message", "** recipient inbox full **", NULL },
	NULL,
	read,
};

/* In any language: the field names whom, and without details the words say why. A group's refusal is such a mail. */
static bool is_google(const struct report *report)
{
	return report->failed.n && (text_seek(report->from, "mailer-daemon@google") || text_seek(report->failed, "@googlegroups.com"));
}

static void read_by_field(struct report *report)
{
	read(report);
	for (size_t i = 0; i < report->count; i++)
		report_say(report, &report->returned[i], report->words);
}

const struct family family_google = { "google", { NULL }, is_google, read_by_field };

const struct family family_google_groups = { "google_groups", { "the group you tried to contact", "permission to post messages to the group", NULL }, is_google, read_by_field };
