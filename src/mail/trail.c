/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/trail.h"

#include <strings.h>

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* the next word, comments in brackets left out; a ';' is a word of its own */
static bool next_word(struct text *rest, struct text *word)
{
	size_t at = 0, depth = 0, from;

	while (at < rest->n && (depth || is_blank(rest->p[at]) || rest->p[at] == '(')) {
		depth += rest->p[at] == '(';
		depth -= rest->p[at] == ')' && depth;
		at++;
	}
	from = at;
	if (at < rest->n && rest->p[at] == ';')
		at++;
	else
		while (at < rest->n && !is_blank(rest->p[at]) && rest->p[at] != ';' && rest->p[at] != '(')
			at++;
	*word = (struct text){ rest->p + from, at - from };
	*rest = text_after(*rest, at);
	return word->n > 0;
}

/* ---- dates */

static bool take_month(struct text word, int *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if (word.n == 3 && strncasecmp(word.p, names + 3 * i, 3) == 0) {
			*month = i + 1;
			return true;
		}
	return false;
}

static bool take_int(struct text word, int least, int most, int *value)
{
	uint64_t number;

	if (!text_number(word, (uint64_t)most, &number) || (int)number < least)
		return false;
	*value = (int)number;
	return true;
}

/* 09:12 or 09:12:33 */
static bool take_clock(struct text word, struct civil *civil)
{
	struct text hour, minute;
	bool seconds;

	if (!text_cut(&word, ':', &hour))
		return false;
	seconds = text_cut(&word, ':', &minute);
	if (!seconds)
		minute = word;
	return take_int(hour, 0, 23, &civil->hour) && take_int(minute, 0, 59, &civil->minute) &&
	       (!seconds || take_int(word, 0, 60, &civil->second));
}

/* names of zones are taken for UTC, as RFC 5322 4.3 says of those it does not know */
static int64_t zone_us(struct text word)
{
	uint64_t number;

	if (word.n != 5 || (word.p[0] != '+' && word.p[0] != '-') || !text_number(text_after(word, 1), 9999, &number))
		return 0;
	return (word.p[0] == '-' ? -1 : 1) * ((int64_t)(number / 100) * HOUR_US + (int64_t)(number % 100) * MINUTE_US);
}

bool trail_date(struct text text, int64_t *t_us)
{
	struct text day, month, year, hour, zone;
	struct civil civil = { 0 };

	if (!next_word(&text, &day) || (text_ends(day, TEXT(",")) && !next_word(&text, &day)) || !next_word(&text, &month) ||
	    !next_word(&text, &year) || !next_word(&text, &hour))
		return false;
	if (!take_int(day, 1, 31, &civil.day) || !take_month(month, &civil.month) || !take_int(year, 1970, 9999, &civil.year) ||
	    !take_clock(hour, &civil))
		return false;
	*t_us = when_from_civil(&civil) - (next_word(&text, &zone) ? zone_us(zone) : 0);
	return true;
}

/* ---- headers */

struct trail {
	struct trail_id *ids;
	size_t count;
};

static void add(struct trail *trail, const struct trail_id *id)
{
	if (!id->text.n || id->text.n > TRAIL_ID_MAX || trail->count == TRAIL_IDS_MAX)
		return;
	for (size_t i = 0; i < trail->count; i++)
		if (trail->ids[i].is_message_id == id->is_message_id && text_is(trail->ids[i].text, id->text))
			return;
	trail->ids[trail->count++] = *id;
}

static bool is_queue_id(struct text word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!(text_classes[(unsigned char)word.p[i]] & CHAR_ALNUM) && word.p[i] != '-')
			return false;
	return word.n > 0;
}

/* Postfix, sendmail, Exim and qmail each say in their own words that nobody had connected. */
static bool is_local(struct text value)
{
	static const struct text words[] = { { "from userid ", 12 }, { "/Submit)", 8 }, { "with local", 10 }, { "invoked by uid ", 15 } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_holds(value, words[i]))
			return true;
	return false;
}

/* The last "id" and "by" before the date: what stands left of them, a client's name, a stranger may have chosen. */
static void take_received(struct trail *trail, struct text value)
{
	struct trail_id hop = { .t_us = WHEN_NONE, .local = is_local(value) };
	struct text word, before = TEXT_NONE;

	while (next_word(&value, &word)) {
		if (text_is(word, TEXT(";"))) {
			if (!trail_date(value, &hop.t_us))
				hop.t_us = WHEN_NONE;
			break;
		}
		if (text_is(before, TEXT("id")) && is_queue_id(word))
			hop.text = word;
		else if (text_is(before, TEXT("by")))
			hop.by = word;
		before = word;
	}
	add(trail, &hop);
}

static void take_queue_id(struct trail *trail, struct text value)
{
	struct text word;

	if (next_word(&value, &word) && is_queue_id(word))
		add(trail, &(struct trail_id){ .text = word, .t_us = WHEN_NONE });
}

static void take_message_id(struct trail *trail, struct text value)
{
	struct text id = text_trim(value);

	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = (struct text){ id.p + 1, id.n - 2 };
	for (size_t i = 0; i < id.n; i++)
		if (is_blank(id.p[i]))
			return;
	add(trail, &(struct trail_id){ .text = id, .t_us = WHEN_NONE, .is_message_id = true });
}

static const struct {
	struct text name;
	void (*take)(struct trail *trail, struct text value);
} headers[] = {
	{ { "received:", 9 }, take_received },
	{ { "x-postfix-queue-id:", 19 }, take_queue_id },
	{ { "message-id:", 11 }, take_message_id },
};

/* up to the line end behind which no blank stands */
static struct text value_of(struct text rest)
{
	size_t n = text_find(rest, '\n');

	while (n + 1 < rest.n && (rest.p[n + 1] == ' ' || rest.p[n + 1] == '\t'))
		n += 1 + text_find(text_after(rest, n + 1), '\n');
	return text_head(rest, n);
}

size_t trail_read(struct text mail, struct trail_id ids[TRAIL_IDS_MAX])
{
	struct trail trail = { ids, 0 };
	struct text rest = text_head(mail, mail.n < TRAIL_BYTES_MAX ? mail.n : TRAIL_BYTES_MAX), line;

	do {
		for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
			size_t n = headers[i].name.n;

			if (rest.n > n && strncasecmp(rest.p, headers[i].name.p, n) == 0)
				headers[i].take(&trail, value_of(text_after(rest, n)));
		}
	} while (text_cut(&rest, '\n', &line));
	return trail.count;
}
