/* SPDX-License-Identifier: Apache-2.0 */
/* Filters and gateways that hand mail on and report what the next server said: InterScan and Trend Micro, MailMarshal, SurfControl, Mimecast,
 * MXLogic, MessageLabs, MailFoundry, McAfee, IronPort, Barracuda, FortiMail. */
#include "mail/address.h"
#include "mail/families.h"

/* ---- InterScan, and others that show the session: "RCPT TO:<a@example.com>", and in one of the next lines the answer */

static void read_session(struct report *report)
{
	struct text rest = report->words, line, address;
	struct returned *returned = NULL;

	while (text_line(&rest, &line)) {
		const char *at = text_seek(line, "rcpt to:");

		if (at && address_in(report->arena, text_between(at + 8, line.p + line.n), &address)) {
			returned = report_add(report, address);
		} else if (returned && text_trim(line).n) {
			at = text_seek(line, ">>>");
			report_say(report, returned, at ? text_between(at + 3, line.p + line.n) : line);
			returned = NULL;
		}
	}
	if (!report->count)
		words_read(report);
}

const struct family family_interscan = {
	"interscan", { "message from interscan", "sent <<< rcpt to:", "interscan messaging security suite", "interscan e-mail viruswall", NULL }, NULL, read_session,
};

/* ---- MailMarshal: the reason first, then "The following recipients were affected:" */

static void read_mailmarshal(struct report *report)
{
	static const char *const ends[] = { "additional information", NULL };
	struct text said = words_behind(report, "not be delivered because of");
	const char *end = text_seek(said, "the following recipient");

	listed_read(report, words_behind(report, "recipients were affected"), ends);
	for (size_t i = 0; i < report->count && end; i++)
		report_say(report, &report->returned[i], text_between(said.p, end));
}

const struct family family_mailmarshal = { "mailmarshal", { "could not be delivered because of", "recipients were affected", "mailmarshal", NULL }, NULL, read_mailmarshal };

/* ---- SurfControl: "Addressed To: a@example.com", "a@example.com: [192.0.2.1], 550 …" */

static void read_surfcontrol(struct report *report)
{
	static const char *const keys[] = { "addressed to", NULL };

	keyed_read(report, report->words, keys, false);
	listed_read(report, words_behind(report, "failed to send to"), NULL);
}

const struct family family_surfcontrol = {
	"surfcontrol", { "a transcript of the attempts to send the message follows", "your message could not be sent. a transcript", NULL }, NULL, read_surfcontrol,
};

/* ---- those that words_read understands */

const struct family family_mimecast = { "mimecast", { "an email that you attempted to send to the following address could not be delivered", NULL }, NULL, NULL };
const struct family family_mxlogic = { "mxlogic", { "included is a copy of the message header", "a message that you have sent could not be delivered", NULL }, NULL, NULL };
const struct family family_messagelabs = { "messagelabs", { "this is the mail delivery agent at messagelabs.com", NULL }, NULL, NULL };
const struct family family_mailfoundry = { "mailfoundry", { "no further delivery attempts will be made", NULL }, NULL, NULL };
const struct family family_ironport = { "ironport", { "the reason for the problem:", NULL }, NULL, NULL };
