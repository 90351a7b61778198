/* SPDX-License-Identifier: Apache-2.0 */
/* What is known so far of the recipients of one report. */
#include <ctype.h>

#include "mail/address.h"
#include "mail/families.h"

static bool has_domain(struct text address) { return memchr(address.p, '@', address.n) != NULL; }

static bool is_of(const struct returned *returned, struct text address)
{
	return address_same(returned->address, address) || (returned->original_address.n && address_same(returned->original_address, address));
}

/* the one whose name without a domain is that address's local part */
static struct returned *find_local(struct report *report, struct text address)
{
	struct text local = text_head(address, text_find(address, '@'));

	for (size_t i = 0; i < report->count; i++)
		if (!has_domain(report->returned[i].address) && address_same(report->returned[i].address, local)) {
			report->returned[i].address = address;
			return &report->returned[i];
		}
	return NULL;
}

struct returned *report_find(struct report *report, struct text address)
{
	for (size_t i = 0; i < report->count; i++)
		if (is_of(&report->returned[i], address))
			return &report->returned[i];
	return find_local(report, address);
}

static struct returned *append(struct report *report, struct text address)
{
	struct returned *more;

	if (report->count == report->room) {
		report->room = report->room ? report->room * 2 : 4;
		more = arena_take(report->arena, report->room * sizeof *more);
		if (report->count)
			memcpy(more, report->returned, report->count * sizeof *more);
		report->returned = more;
	}
	more = &report->returned[report->count++];
	*more = (struct returned){ .address = address, .original_address = TEXT_NONE, .status = TEXT_NONE, .action = report->action,
				   .remote_mta = TEXT_NONE, .diagnostic = TEXT_NONE };
	return more;
}

static bool goes_on(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

/* without the bytes of characters that were cut through at either end */
static struct text whole_characters(struct text text)
{
	size_t back = 0, wants;

	while (text.n && goes_on(text.p[0]))
		text = text_after(text, 1);
	while (back < text.n && goes_on(text.p[text.n - 1 - back]))
		back++;
	if (back == text.n)
		return text;
	wants = (unsigned char)text.p[text.n - 1 - back] >= 0xf0 ? 3 : (unsigned char)text.p[text.n - 1 - back] >= 0xe0 ? 2 : 1;
	return (unsigned char)text.p[text.n - 1 - back] >= 0xc0 && back < wants ? text_head(text, text.n - 1 - back) : text;
}

struct returned *report_add(struct report *report, struct text text)
{
	struct text address = text = whole_characters(text);
	struct returned *returned;

	if (report->count == RETURNED_MAX || !text.n || (has_domain(text) && !address_in(report->arena, text, &address)))
		return NULL;
	returned = report_find(report, address);
	if (returned || report->in_fields)
		return returned;
	return append(report, address);
}

static struct text one_line(struct arena *arena, struct text said)
{
	char *line;
	size_t n = 0;

	said = text_trim(said);
	said = whole_characters(text_head(said, said.n < DIAGNOSTIC_MAX ? said.n : DIAGNOSTIC_MAX));
	line = arena_take(arena, said.n + 1);
	for (size_t i = 0; i < said.n; i++) {
		unsigned char c = (unsigned char)said.p[i];

		if (c > ' ' && c != 0x7f)
			line[n++] = (char)c;
		else if (n && line[n - 1] != ' ')
			line[n++] = ' ';
	}
	return text_trim((struct text){ line, n });
}

static bool is_number(struct text text)
{
	size_t n = 0;

	while (n < text.n && isdigit((unsigned char)text.p[n]))
		n++;
	return n == text.n;
}

bool report_is_said(const struct returned *returned) { return !is_number(returned->diagnostic); }

void report_say(struct report *report, struct returned *returned, struct text said)
{
	struct text line;

	while (said.n && strchr(" \t\n:;,=-\"'>)", said.p[0]))
		said = text_after(said, 1);
	if (said.n && said.p[0] == '.')
		said = text_trim(text_after(said, 1));
	if (!returned || !said.n)
		return;
	line = one_line(report->arena, said);
	if (!report_is_said(returned))
		returned->diagnostic = line;
	if (!returned->remote_mta.n)
		returned->remote_mta = host_said(report->arena, line);
}

struct text words_behind(const struct report *report, const char *phrase)
{
	const char *at = text_seek(report->words, phrase);

	return at ? text_between(at + strlen(phrase), report->words.p + report->words.n) : TEXT_NONE;
}

/* ---- the host that answered */

static const char *const before_host[] = { "while talking to ", "by the server for the recipient domain ", "remote host ", "smtp server ", "connected to ",
					   "connect to ", "remote mta ", "remote server ", "server ", "host ", "to mx ", "host: ", "timed out with ", "refused by ", "reset by ", NULL };

struct text host_at(struct text text)
{
	size_t n = 0;

	while (text.n && strchr("<[(\"' ", text.p[0]))
		text = text_after(text, 1);
	while (n < text.n && n < 255 && (isalnum((unsigned char)text.p[n]) || memchr(".-_:", text.p[n], 4)))
		n++;
	while (n && strchr(".:-", text.p[n - 1]))
		n--;
	text = text_head(text, n);
	return memchr(text.p, '.', n) || (memchr(text.p, ':', n) && n > 2) ? text : TEXT_NONE;
}

/* "…for the recipient domain example.com by mx.example.com. [192.0.2.1]" */
static struct text behind_by(struct text text)
{
	struct text rest;

	return text_behind(text_head(text, text.n < 300 ? text.n : 300), TEXT(" by "), &rest) && host_at(rest).n ? host_at(rest) : host_at(text);
}

struct text host_said(struct arena *arena, struct text said)
{
	struct text host = host_at(said);
	const char *at;

	if (host.n && (text_seek(text_head(said, said.n < 80 ? said.n : 80), "does not like recipient") || text_seek(text_head(said, said.n < 80 ? said.n : 80), "failed after i sent")))
		return host;
	for (size_t i = 0; before_host[i]; i++) {
		at = text_seek(said, before_host[i]);
		if (!at || (at > said.p && isalnum((unsigned char)at[-1])))
			continue;
		at += strlen(before_host[i]);
		host = i == 1 ? behind_by(text_between(at, said.p + said.n)) : host_at(text_between(at, said.p + said.n));
		if (host.n)
			return host;
	}
	return TEXT_NONE;
}
