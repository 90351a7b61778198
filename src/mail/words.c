/* SPDX-License-Identifier: Apache-2.0 */
/* Forms in which servers name recipients, and the reading of words that no family knows. */
#include <ctype.h>

#include "mail/address.h"
#include "mail/families.h"

/* ---- one line */

static bool is_mark(char c) { return strchr(" \t*>-+\"'(=|#.:", c) != NULL; }

static struct text without_marks(struct text line)
{
	while (line.n && is_mark(line.p[0]))
		line = text_after(line, 1);
	return line;
}

/* "<a@example.com>: said" */
static bool bracketed_line(struct text line, struct text *address, struct text *behind)
{
	struct text rest = text_trim(line), inner;
	const char *open;

	if (!rest.n || rest.p[0] != '<' || !text_cut(&rest, '>', &inner))
		return false;
	open = memrchr(inner.p, '<', inner.n);
	*address = text_between(open + 1, inner.p + inner.n);
	if (text_starts(rest, TEXT(":")))
		rest = text_after(rest, 1);
	*behind = rest;
	return address->n && memchr(address->p, '@', address->n);
}

/* "  a@example.com", with whatever marks before it and words behind it */
static bool listed_line(struct text line, struct text *address, struct text *behind)
{
	struct text rest = without_marks(line);
	size_t n = 0;

	if (rest.n && rest.p[0] == '<')
		return bracketed_line(rest, address, behind);
	if (text_starts(rest, TEXT("mailto:")) || text_starts(rest, TEXT("smtp:")) || text_starts(rest, TEXT("SMTP:")))
		rest = text_after(rest, text_find(rest, ':') + 1);
	while (n < rest.n && n <= ADDRESS_MAX && !strchr(" \t,;:()[]<>\"|", rest.p[n]))
		n++;
	*address = text_head(rest, n);
	while (address->n && strchr(".'", address->p[address->n - 1]))
		address->n--;
	*behind = text_after(rest, n);
	return address->n && address_is(*address);
}

/* ---- lists of lines */

struct listing {
	struct report *report;
	struct returned *returned; /* of the last address line, NULL: none open */
	const char *from, *to;     /* what was said of it */
	size_t found;
};

static void close_listing(struct listing *listing)
{
	if (listing->returned && listing->from)
		report_say(listing->report, listing->returned, text_between(listing->from, listing->to));
	listing->returned = NULL;
	listing->from = NULL;
}

static void more_said(struct listing *listing, struct text line)
{
	if (!listing->returned || !text_trim(line).n)
		return;
	if (!listing->from)
		listing->from = line.p;
	listing->to = line.p + line.n;
}

static void next_recipient(struct listing *listing, struct text address, struct text behind)
{
	struct returned *returned;

	close_listing(listing);
	returned = report_add(listing->report, address);
	if (!returned)
		return;
	listing->found++;
	/* positions move when there are more recipients than room: only this one is kept, until the next line that is one */
	listing->returned = returned;
	more_said(listing, behind);
}

static bool ends_list(struct text line, const char *const *ends)
{
	struct text plain = without_marks(line);

	for (; ends && *ends; ends++)
		if (text_seek(text_head(plain, plain.n < strlen(*ends) ? plain.n : strlen(*ends)), *ends) == plain.p && plain.n)
			return true;
	return false;
}

static size_t lines_read(struct report *report, struct text words, bool (*is_recipient)(struct text line, struct text *address, struct text *behind),
			 const char *const *ends)
{
	struct listing listing = { .report = report };
	struct text line, address, behind;

	while (text_line(&words, &line) && !ends_list(line, ends)) {
		if (is_recipient(line, &address, &behind))
			next_recipient(&listing, address, behind);
		else if (!text_trim(line).n && listing.from)
			close_listing(&listing);
		else
			more_said(&listing, line);
	}
	close_listing(&listing);
	return listing.found;
}

size_t bracketed_read(struct report *report, struct text words) { return lines_read(report, words, bracketed_line, NULL); }
size_t listed_read(struct report *report, struct text words, const char *const *ends) { return lines_read(report, words, listed_line, ends); }

/* "Recipient: a@example.com" */
static bool keyed_line(struct text line, const char *const *keys, struct text *value)
{
	struct text rest = without_marks(line), key;

	if (!text_cut(&rest, ':', &key) || key.n > 40)
		return false;
	key = text_trim(key);
	for (; *keys; keys++)
		if (text_same_word(key, *keys)) {
			*value = text_trim(rest);
			return memchr(value->p, '@', value->n) != NULL;
		}
	return false;
}

size_t keyed_read(struct report *report, struct text words, const char *const *keys)
{
	size_t found = 0;
	struct text line, value, address;

	while (text_line(&words, &line))
		if (keyed_line(line, keys, &value))
			while (address_next(report->arena, &value, &address))
				found += report_add(report, address) != NULL;
	return found;
}

/* ---- any server's words */

static const char *const recipient_keys[] = {
	"recipient", "recipients", "failed recipient", "failed recipients", "original recipient", "final recipient", "intended recipient", "to", "rcpt to", "address",
	"addresses", "undeliverable address", "undeliverable to", "error-for", "addressee", "e-mail address", "email address", "destination", "receiver", "mail to",
	"sent to", "envelope to", "not delivered to", "user", "mailbox", "invalid recipient", "unknown recipient", "unknown user", "failed address", "failed addresses",
	"destinatario", "destinataire", "empf\xc3\xa4nger", "user's mailbox is full", "delivery failed to", "undelivered recipient", "x-failed-recipients",
	"\xe5\xae\x9b\xe5\x85\x88", "\xe5\x8f\x97\xe4\xbf\xa1\xe8\x80\x85", NULL,
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

/* where a sentence or a paragraph ends */
static struct text sentence(struct text words)
{
	size_t n = 0;

	while (n < words.n && n < 1000) {
		if (words.p[n] == '\n' && n + 1 < words.n && words.p[n + 1] == '\n')
			break;
		if (words.p[n] == '.' && (n + 1 == words.n || words.p[n + 1] == ' ' || words.p[n + 1] == '\n'))
			break;
		n++;
	}
	return text_head(words, n);
}

static size_t sentence_read(struct report *report, struct text words)
{
	struct text rest = sentence(words), address;
	size_t found = 0;

	while (address_next(report->arena, &rest, &address))
		if (!is_own(report, address) && !is_help(address))
			found += report_add(report, address) != NULL;
	return found;
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

/* the rest of the line with which the list opens is no entry of it */
static struct text next_line(struct text words)
{
	struct text line;

	text_line(&words, &line);
	return words;
}

void words_read(struct report *report)
{
	struct text words = report->words, list = report->opening < words.n ? text_after(words, report->opening) : TEXT_NONE;

	if (list.n && (bracketed_read(report, next_line(list)) || listed_read(report, next_line(list), NULL) || sentence_read(report, list)))
		return;
	if (bracketed_read(report, words) || keyed_read(report, words, recipient_keys))
		return;
	if (!listed_read(report, words, NULL))
		prose_read(report, words);
}
