/* SPDX-License-Identifier: Apache-2.0 */
/* Servers beside the great ones: Domino, GroupWise, Sun and Oracle Messaging Server, Netscape and Post.Office, IMail, OpenSMTPD, DragonFly,
 * James, MDaemon, CommuniGate, Mercury, hMailServer, Smail, MMDF, LSMTP. Most are read as any server's words are. */
#include "mail/address.h"
#include "mail/families.h"

/* ---- Domino: "was not delivered to: … because: …" */

const struct family family_domino = {
	"domino", { "not listed in domino directory", "not listed in public name & address book", "domino directory", "------- failure reasons --------", "not listed in public name", NULL }, NULL, NULL,
};

/* ---- GroupWise: "The message that you sent was undeliverable to the following: a@example.com (…)" */

const struct family family_groupwise = {
	"groupwise", { "the message that you sent was undeliverable to the following", "groupwise", NULL }, NULL, NULL,
};

/* ---- Sun's Messaging Server: "Recipient address: a@example.com", "Reason:", "Diagnostic code:" */

static const char *const recipient_address[] = { "recipient address", "original address", NULL };

/* the first address may be one that the server has for itself alone */
static void named_by_original(struct report *report, struct returned *returned, struct text original)
{
	size_t at = text_find(returned->address, '@');

	if (report_find(report, original))
		return;
	if (!text_holds(text_after(returned->address, at), TEXT(".")))
		returned->address = original;
	else if (!returned->original_address.n)
		returned->original_address = original;
}

static void read_messaging_server(struct report *report)
{
	struct text rest = report->words, line, address = TEXT_NONE;
	struct returned *returned = NULL;

	while (text_line(&rest, &line)) {
		const char *at = text_seek(line, "recipient address:");

		if (at && address_in(report->arena, text_between(at, line.p + line.n), &address))
			returned = report_add(report, address);
		else if (returned && (at = text_seek(line, "original address:")) && address_in(report->arena, text_between(at, line.p + line.n), &address))
			named_by_original(report, returned, address);
		else if ((at = text_seek(line, "diagnostic code:")) || (at = text_seek(line, "reason:")))
			report_say(report, returned, text_between(memchr(at, ':', (size_t)(line.p + line.n - at)), line.p + line.n));
	}
	if (!report->count)
		keyed_read(report, report->words, recipient_address, false);
}

const struct family family_messaging_server = {
	"messaging_server",
	{ "this report relates to a message you sent with the following header fields", "your message cannot be delivered to the following recipients: recipient address", "recipient address:", NULL },
	NULL, read_messaging_server,
};

/* ---- Netscape, Post.Office: "<a@example.com>" on a line of its own */

static void read_netscape(struct report *report)
{
	struct text said = words_behind(report, "undeliverable due to the following reason"), rest = words_behind(report, "did not receive this message"), line, address;
	const char *end = text_seek(said, "the following recipient");

	for (rest = rest.n ? rest : said; text_line(&rest, &line) && !text_seek(line, "please reply to");)
		if (address_in(report->arena, line, &address))
			report_say(report, report_add(report, address), end ? text_between(said.p, end) : TEXT_NONE);
}

const struct family family_netscape = {
	"netscape", { "this message was undeliverable due to the following reason", NULL }, NULL, read_netscape,
};

/* ---- IMail: "Unknown user: a@example.com", "undeliverable to a@example.com" */

static void read_imail(struct report *report)
{
	static const char *const keys[] = { "unknown user:", "unknown host:", "undeliverable to", "user mailbox exceeds allowed size:", "mailbox exceeds allowed size", "delivery failed",
					    "invalid final delivery userid:", "invalid recipient:", NULL };
	struct text rest = report->words, line, address;

	while (text_line(&rest, &line))
		for (const char *const *key = keys; *key; key++) {
			const char *at = text_seek(line, *key);

			if (at && address_in(report->arena, text_between(at + strlen(*key), line.p + line.n), &address)) {
				report_say(report, report_add(report, address), line);
				break;
			}
		}
}

static bool is_imail(const struct report *report)
{
	return text_seek(message_field(report->message, "X-Mailer"), "<smtp32") || text_seek(report->original_text, "smtpd32");
}

const struct family family_imail = {
	"imail", { "unknown user:", "undeliverable to ", "user mailbox exceeds allowed size", "invalid final delivery userid", "unknown host:", "delivery failed 20 attempts", NULL }, is_imail, read_imail,
};

/* ---- OpenSMTPD: "a@example.com: 550 …" under "the following list of recipients:" */

static void read_opensmtpd(struct report *report)
{
	static const char *const ends[] = { "please note", "below is", NULL };

	listed_read(report, words_behind(report, "recipients:"), ends);
}

const struct family family_opensmtpd = {
	"opensmtpd",
	{ "this is the mailer-daemon, please do not reply to this e-mail", "this is the mailer-daemon, please do not reply to this email", "this is a mailer-daemon, please do not reply", NULL },
	NULL, read_opensmtpd,
};

/* ---- DragonFly: "There was an error delivering your mail to <a@example.com>." and then what happened */

static void read_dragonfly(struct report *report)
{
	struct text rest = words_behind(report, "delivering your mail to "), line, address, host = TEXT_NONE;
	struct returned *returned;

	if (!text_line(&rest, &line) || !address_in(report->arena, line, &address) || !(returned = report_add(report, address)))
		return;
	rest = text_trim(rest);
	if (text_cut(&rest, ' ', &host) && (text_starts(rest, TEXT("[")) || text_starts(rest, TEXT("did not"))))
		returned->remote_mta = host_at(host);
	report_say(report, returned, text_between(host.n ? host.p : rest.p, rest.p + rest.n));
}

const struct family family_dragonfly = { "dragonfly", { "this is the dragonfly mail agent", "there was an error delivering your mail to", NULL }, NULL, read_dragonfly };

/* ---- James: "Error message below: 550 …", then fields of the envelope */

static void read_james(struct report *report)
{
	static const char *const keys[] = { "rcpt to", NULL };
	struct text said = words_behind(report, "error message below:");
	const char *end = text_seek(said, "message details:");

	keyed_read(report, report->words, keys, false);
	for (size_t i = 0; i < report->count; i++)
		report_say(report, &report->returned[i], end ? text_between(said.p, end) : said);
}

const struct family family_james = { "james", { "error message below:", NULL }, NULL, read_james };

/* ---- MDaemon: "> a@example.com" under "did NOT receive a copy", then the session */

static void read_mdaemon(struct report *report)
{
	static const char *const ends[] = { "session transcript", ": message contains", NULL };

	if (!listed_read(report, words_behind(report, "did not receive a copy of your message"), ends))
		words_read(report);
}

const struct family family_mdaemon = { "mdaemon", { "did not receive a copy of your message", "fatal delivery errors!", NULL }, NULL, read_mdaemon };

/* ---- CommuniGate: "Failed to deliver to 'a@example.com'" and the module's report */

static void read_communigate(struct report *report)
{
	struct text rest = report->words, line, address;

	while (text_line(&rest, &line)) {
		struct text ahead = rest;

		if (!text_seek(line, "failed to deliver to") && !text_seek(line, "message delivery to"))
			continue;
		if (address_in(report->arena, line, &address))
			report_say(report, report_add(report, address), text_head(ahead, ahead.n < 400 ? ahead.n : 400));
	}
}

const struct family family_communigate = { "communigate", { "failed to deliver to '", "failed to deliver to \"", "message delivery to '", NULL }, NULL, read_communigate };

/* ---- those that words_read understands */

const struct family family_mercury = { "mercury", { "one or more addresses in your message have failed with the following responses", NULL }, NULL, NULL };
const struct family family_hmailserver = { "hmailserver", { "hmailserver sent:", "hmailserver", NULL }, NULL, NULL };
const struct family family_smail = { "smail", { "failed addresses follow:", NULL }, NULL, NULL };
const struct family family_mmdf = { "mmdf", { "your message was not delivered to", "mmdf", NULL }, NULL, NULL };
const struct family family_lsmtp = { "lsmtp", { "error-for:", "--> error description:", NULL }, NULL, NULL };
