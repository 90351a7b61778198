/* SPDX-License-Identifier: Apache-2.0 */
/* Forms in which servers name recipients: lists and keys. */
#include <ctype.h>

#include "mail/address.h"
#include "mail/families.h"

/* ---- one line */

/* what servers set before an entry; an address may begin with other signs */
static bool is_mark(char c) { return strchr(" \t*>-\"'(|:", c) != NULL; }

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

	if (!rest.n || rest.p[0] != '<' || !text_cut(&rest, '>', &inner))
		return false;
	*address = text_after(inner, 1);
	if (text_starts(rest, TEXT(":")))
		rest = text_after(rest, 1);
	*behind = rest;
	return address->n && memchr(address->p, '@', address->n) && !memchr(address->p, '<', address->n);
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

/* a line that only leads over ("because:", "=====") and says nothing itself */
static bool says_nothing(struct text line)
{
	struct text plain = text_trim(line);

	while (plain.n && strchr(" \t*>-=_|#~+\"'", plain.p[0]))
		plain = text_after(plain, 1);
	return !plain.n || (plain.n < 60 && plain.p[plain.n - 1] == ':' && text_find(plain, '@') == plain.n);
}

static void more_said(struct listing *listing, struct text line)
{
	if (!listing->returned || (!listing->from && says_nothing(line)))
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

/* "write to", and on the next line whom: nobody's mail comes back from there */
static bool leads_to_help(struct text line)
{
	static const char *const words[] = { "contact", "write to", "for help", "assistance", "questions", "send mail to", "e-mail us", "support", NULL };

	for (const char *const *word = words; *word; word++)
		if (text_seek(text_head(line, line.n < 200 ? line.n : 200), *word))
			return true;
	return false;
}

static size_t lines_read(struct report *report, struct text words, bool (*is_recipient)(struct text line, struct text *address, struct text *behind),
			 const char *const *ends)
{
	struct listing listing = { .report = report };
	struct text line, address, behind, last = TEXT_NONE; /* the last line with something in it */

	for (; text_line(&words, &line) && !ends_list(line, ends); last = text_trim(line).n ? line : last) {
		if (is_recipient(line, &address, &behind) && !(listing.found && leads_to_help(last)))
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
void bracketed_words_read(struct report *report) { bracketed_read(report, report->words); }
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

/* the lines up to the next empty one, or the next key */
static struct text paragraph(struct text words, const char *const *keys)
{
	struct text rest = words, line, value;
	const char *end = words.p;

	while (text_line(&rest, &line) && text_trim(line).n && !keyed_line(line, keys, &value) && end - words.p < DIAGNOSTIC_MAX)
		end = line.p + line.n;
	return text_between(words.p, end);
}

size_t keyed_read(struct report *report, struct text words, const char *const *keys, bool said)
{
	size_t found = 0;
	struct text line, value, address;

	while (text_line(&words, &line))
		if (keyed_line(line, keys, &value))
			while (address_next(report->arena, &value, &address)) {
				struct returned *returned = report_add(report, address);

				report_say(report, returned, said && returned && !returned->diagnostic.n ? paragraph(words, keys) : TEXT_NONE);
				found += returned != NULL;
			}
	return found;
}

/* ---- a field of the report's own */

void failed_field_read(struct report *report)
{
	struct text rest = report->failed, address;

	while (address_next(report->arena, &rest, &address))
		report_add(report, address);
}
