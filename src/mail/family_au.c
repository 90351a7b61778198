/* SPDX-License-Identifier: Apache-2.0 */
/* au (ezweb.ne.jp, au.com), and the Post.Office and Openwave servers of Japanese providers, whose words it speaks: "Mail System Error - Returned
 * Mail". The reason stands in a paragraph before the address, or under it as a session. And au's older service for computers, of KDDI (dion.ne.jp,
 * auone-net.jp), where it stands in the lines under the address. */
#include "mail/address.h"
#include "mail/families.h"

struct au {
	struct report *report;
	struct returned *open; /* of the last line with an address; NULL: none */
	struct text paragraph; /* the last one without an address, that does not announce what follows */
	bool at_end;           /* an empty line came behind it */
};

/* "Recipient: <a@example.com>", "<a@example.com>", "<a@example.com>: 550 …", "SMTP <a@example.com>" */
static bool address_line(struct au *au, struct text line)
{
	struct text rest = line, address;
	const char *close = memchr(line.p, '>', line.n);
	bool keyed = text_starts(line, TEXT("Recipient:")), plain = text_starts(line, TEXT("<")) || text_starts(line, TEXT("SMTP <"));

	if ((!keyed && !plain) || text_starts(line, TEXT("<<<")) || !close || !address_in(au->report->arena, text_between(line.p, close + 1), &address))
		return false;
	au->open = report_add(au->report, address);
	rest = text_between(close + 1, line.p + line.n);
	if (text_starts(rest, TEXT(":")))
		report_say(au->report, au->open, text_after(rest, 1));
	else if (!keyed)
		report_say(au->report, au->open, au->paragraph);
	return true;
}

static bool answer_line(struct au *au, struct text line)
{
	if (!text_starts(line, TEXT("<<<")) && !text_starts(line, TEXT("Reason:")))
		return text_starts(line, TEXT(">>>"));
	report_say(au->report, au->open, text_after(line, line.p[0] == '<' ? 3 : 7));
	return true;
}

static void line_of_paragraph(struct au *au, struct text line)
{
	if (text_ends(line, TEXT(":")))
		return;
	if (au->at_end)
		au->paragraph = line;
	else
		au->paragraph = text_between(au->paragraph.p, line.p + line.n);
	au->at_end = false;
}

static void read(struct report *report)
{
	struct au au = { .report = report, .paragraph = TEXT_NONE, .at_end = true };
	struct text words = report->words, line;

	while (text_line(&words, &line)) {
		line = text_trim(line);
		if (!line.n)
			au.at_end = true;
		else if (!answer_line(&au, line) && !address_line(&au, line))
			line_of_paragraph(&au, line);
	}
	for (size_t i = 0; i < report->count; i++) /* the address stood first */
		if (!report->returned[i].diagnostic.n)
			report_say(report, &report->returned[i], au.paragraph);
}

static const char *const kddi_keys[] = { "could not be delivered to", NULL };

static void read_kddi(struct report *report) { keyed_read(report, report->words, kddi_keys, true); }

/* others have words like these */
static bool is_mail_system_error(const struct report *report) { return report->daemon && text_seek(report->subject, "mail system error"); }

const struct family family_au = {
	"au",
	{ "following recipients was rejected by a remote mail server", "the user(s) account is disabled", "the user(s) account is temporarily",
	  "following destination addresses were unknown", "the following recipients did not receive your message:", NULL },
	is_mail_system_error,
	read,
};

const struct family family_kddi = { "kddi", { "your mail sent on:", "your mail attempted to be delivered on:", NULL }, NULL, read_kddi };
