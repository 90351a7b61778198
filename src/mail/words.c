/* SPDX-License-Identifier: Apache-2.0 */
/* Any server's words: a list behind a phrase that opens one, keys, a sentence that names somebody. */
#include <strings.h>

#include "mail/address.h"
#include "mail/families.h"

static const char *const recipient_keys[] = {
	"recipient", "recipient address", "recipients", "failed recipient", "failed recipients", "original recipient", "final recipient", "intended recipient", "to", "rcpt to", "address",
	"addresses", "undeliverable address", "undeliverable to", "error-for", "addressee", "e-mail address", "email address", "destination", "receiver", "mail to",
	"sent to", "envelope to", "not delivered to", "user", "mailbox", "invalid recipient", "unknown recipient", "unknown user", "failed address", "failed addresses",
	"destinatario", "destinataire", "empfänger", "user's mailbox is full", "delivery failed to", "undelivered recipient", "invalid receiver address", "receiver not found", "x-failed-recipients",
	"宛先", "受信者", NULL,
};

/* nobody's mail comes back from these: they are named as a way to ask */
static bool is_help(struct text address)
{
	static const char *const names[] = { "postmaster@", "mailer-daemon@", "abuse@", "support@", "help@", "helpdesk@", "webmaster@", "hostmaster@", "info@postini", NULL };

	for (const char *const *name = names; *name; name++)
		if (address.n > strlen(*name) && strncasecmp(address.p, *name, strlen(*name)) == 0)
			return true;
	return false;
}

/* the one that the report is addressed to, or that wrote it */
static bool is_own(const struct report *report, struct text address)
{
	struct text to, from;

	return (address_in(report->arena, message_field(report->message, "To"), &to) && address_same(to, address)) ||
	       (address_in(report->arena, report->from, &from) && address_same(from, address));
}

/* up to where a sentence or a paragraph ends, or the line that names somebody */
static struct text sentence(struct text words)
{
	size_t n = 0;
	bool named = false;

	while (n < words.n && n < 1000) {
		if (words.p[n] == '\n' && (named || (n + 1 < words.n && words.p[n + 1] == '\n')))
			break;
		named |= words.p[n] == '@';
		if (words.p[n] == '.' && (n + 1 == words.n || words.p[n + 1] == ' ' || words.p[n + 1] == '\n'))
			break;
		n++;
	}
	return text_head(words, n);
}

/* *behind is what follows the last of them */
static size_t sentence_read(struct report *report, struct text words, struct text *behind)
{
	struct text rest = sentence(words), address;
	size_t found = 0;

	while (address_next(report->arena, &rest, &address))
		if (!is_own(report, address) && !is_help(address) && report_add(report, address)) {
			*behind = text_between(rest.p, words.p + words.n);
			found++;
		}
	return found;
}

static const char *line_of(struct text words, const char *at)
{
	const char *feed = memrchr(words.p, '\n', (size_t)(at - words.p));

	return feed ? feed + 1 : words.p;
}

/* the paragraph in which it stands */
static struct text around(struct text words, const char *at)
{
	const char *begin = at, *end = at, *last = words.p + words.n;

	while (begin > words.p && at - begin < DIAGNOSTIC_MAX / 2 && !(begin[-1] == '\n' && (begin - 1 == words.p || begin[-2] == '\n')))
		begin--;
	while (end < last && end - at < DIAGNOSTIC_MAX / 2 && !(end[0] == '\n' && end + 1 < last && end[1] == '\n'))
		end++;
	return text_between(begin, end);
}

/* the first address in the text that may be a recipient's */
static size_t prose_read(struct report *report, struct text words)
{
	struct text rest = words, address;

	for (int i = 0; i < 50 && address_next(report->arena, &rest, &address); i++) {
		struct returned *returned;

		if (is_own(report, address) || is_help(address))
			continue;
		returned = report_add(report, address);
		report_say(report, returned, around(words, rest.p));
		return returned != NULL;
	}
	return 0;
}

/* the sentence names them itself; what is said of them follows it */
static size_t naming_read(struct report *report, struct text list)
{
	struct text rest = TEXT_NONE;
	size_t found = sentence_read(report, list, &rest);

	rest = text_head(rest, rest.n < DIAGNOSTIC_MAX / 2 ? rest.n : DIAGNOSTIC_MAX / 2);
	for (size_t i = 0; found && i < report->count; i++)
		report_say(report, &report->returned[i], rest);
	return found;
}

/* from behind the phrase on: in the rest of its line, else as a list in the lines after it, else further on in the sentence */
static size_t opening_read(struct report *report, struct text list)
{
	struct text rest = list, line;

	if (!text_line(&rest, &line))
		return 0;
	if (text_starts(text_trim(line), TEXT(":")) && keyed_read(report, text_between(line_of(report->words, line.p), list.p + list.n), recipient_keys, true))
		return report->count;
	if (text_find(line, '@') < line.n && naming_read(report, list))
		return report->count;
	if (bracketed_read(report, rest) || listed_read(report, rest, NULL))
		return report->count;
	return naming_read(report, list);
}

void words_read(struct report *report)
{
	struct text words = report->words;

	if (report->opening < words.n && opening_read(report, text_after(words, report->opening)))
		return;
	if (report->naming < words.n && opening_read(report, text_after(words, report->naming)))
		return;
	if (bracketed_read(report, words) || keyed_read(report, words, recipient_keys, true))
		return;
	if (!listed_read(report, words, NULL))
		prose_read(report, words);
}
