/* SPDX-License-Identifier: Apache-2.0 */
/* Exim (deliver.c): recipients stand two blanks in, what was said of each four. Its field X-Failed-Recipients has the addresses
 * whole where the text leaves the domain out. */
#include "mail/address.h"
#include "mail/families.h"

static size_t indent(struct text line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

/* the one in the field whose local part this is */
static struct returned *named(struct report *report, struct text name)
{
	for (size_t i = 0; i < report->count; i++) {
		struct text address = report->returned[i].address;

		if (address_same(text_head(address, text_find(address, '@')), name))
			return &report->returned[i];
	}
	return NULL;
}

/* a program, file or name without a domain: "(generated from a@example.com)", else the one in the field with that local part */
static struct returned *recipient(struct report *report, struct text entry)
{
	struct text generated, rest, address;
	struct returned *returned = NULL;
	const char *at = text_seek(entry, "generated ");

	if (text_cut(&entry, ' ', &address))
		rest = entry;
	else {
		address = entry;
		rest = TEXT_NONE;
	}
	while (address.n && strchr(":,", address.p[address.n - 1]))
		address.n--;
	if (address_is(address))
		returned = report_add(report, address);
	else if (!at && address.n && !memchr(address.p, '|', address.n) && !memchr(address.p, '/', address.n))
		returned = named(report, address);
	if (at && address_in(report->arena, text_between(at, rest.p + rest.n), &generated)) {
		if (!returned)
			return report_add(report, generated);
		if (!returned->original_address.n)
			returned->original_address = generated;
	}
	if (returned && !at)
		report_say(report, returned, text_starts(rest, TEXT(":")) ? text_after(rest, 1) : rest);
	return returned;
}

static void read_field(struct report *report)
{
	struct text rest = report->failed, address;

	while (address_next(report->arena, &rest, &address))
		report_add(report, address);
}

struct entry {
	struct report *report;
	struct returned *returned;
	const char *from, *to;
};

static void close_entry(struct entry *entry)
{
	if (entry->returned && entry->from)
		report_say(entry->report, entry->returned, text_between(entry->from, entry->to));
	entry->returned = NULL;
	entry->from = NULL;
}

static void entry_line(struct entry *entry, struct text line)
{
	size_t blanks = indent(line);
	struct text text = text_trim(line);

	if (blanks == 2 || (blanks < 4 && address_is(text))) {
		close_entry(entry);
		entry->returned = recipient(entry->report, text);
	} else if (text_starts(text, TEXT("(generated from ")) && entry->returned && !entry->returned->original_address.n) {
		struct text address;

		if (address_in(entry->report->arena, text, &address))
			entry->returned->original_address = address;
	} else if (blanks && text.n && entry->returned) {
		if (!entry->from)
			entry->from = text.p;
		entry->to = text.p + text.n;
	} else if (!text.n && entry->from) {
		close_entry(entry);
	}
}

static void read(struct report *report)
{
	static const char *const openings[] = { "address(es) failed", "addresses failed", "address failed", "delivered is:", "delivered are:", "recipients:", "following address",
						NULL };
	struct entry entry = { .report = report };
	struct text words = TEXT_NONE, line;

	for (size_t i = 0; openings[i] && !words.n; i++)
		words = words_behind(report, openings[i]);
	if (!words.n)
		words = report->words;
	read_field(report);
	text_line(&words, &line);
	while (text_line(&words, &line))
		entry_line(&entry, line);
	close_entry(&entry);
}

const struct family family_exim = {
	"exim",
	{ "this message was created automatically by mail delivery software", "message was created automatically by mail delivery", "retry timeout exceeded",
	  "a message that you sent could not be delivered to one or more of its recipients", "the mail delivery software", NULL },
	NULL,
	read,
};
