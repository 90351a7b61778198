/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks for a report of a delivery, in its fields first; only then are its words looked at, in one pass. */
#include <ctype.h>

#include "mail/families.h"
#include "mail/report_phrases.h"

enum { WORDS_PARTS_MAX = 8, FAMILIES_MAX = 200, SIGNS_MAX = 200 };

/* ---- fields */

static bool has_null_sender(const struct message *message)
{
	struct text path;

	return fields_find(&message_part(message, 0)->fields, "Return-Path", &path) && (!path.n || text_is(path, TEXT("<>")));
}

static bool is_report_part(struct text type)
{
	return text_is(type, TEXT("message/delivery-status")) || text_is(type, TEXT("message/global-delivery-status"));
}

static bool has_report_part(const struct message *message)
{
	struct text type = message_field(message, "Content-Type");

	if (text_seek(text_head(type, type.n < 20 ? type.n : 20), "multipart/report"))
		return true;
	for (int i = 1; i < message_parts(message); i++)
		if (!message_part(message, i)->inside && is_report_part(message_part(message, i)->type))
			return true;
	return false;
}

/* a person answers or hands on */
static bool is_reply(struct text subject)
{
	return text_seek(text_head(subject, subject.n < 3 ? subject.n : 3), "re:") || text_seek(text_head(subject, subject.n < 4 ? subject.n : 4), "fw");
}

/* a mail that may be a report; anything else is not looked into */
static bool is_candidate(const struct message *message, struct report *report)
{
	unsigned from = report_clues(report->from) & CLUE_FROM, subject = report_clues(report->subject) & (CLUE_PLAIN | CLUE_SUBJECT);
	bool null_sender = has_null_sender(message);

	report->daemon = from || report->failed.n || has_report_part(message) || text_seek(message_field(message, "Auto-Submitted"), "failure");
	report->likely = subject & CLUE_PLAIN && null_sender;
	if (report->daemon || report->likely)
		return true;
	return (subject || null_sender) && !is_reply(report->subject);
}

/* ---- words */

struct look {
	struct report *report;
	struct text text;   /* the part's */
	size_t base;        /* where its words will stand among all */
	size_t ends;        /* where its words end, and */
	size_t original;    /* where what came back begins; text.n: nowhere */
	bool gave_up;
	bool family[FAMILIES_MAX];
};

/* where the line begins, if only signs stand in it before the phrase */
static bool is_alone(struct text text, size_t begin, size_t *line)
{
	for (*line = begin; *line && text.p[*line - 1] != '\n'; --*line) {
		unsigned char c = (unsigned char)text.p[*line - 1];

		if (isalnum(c) || c >= 0x80 || begin - *line > SIGNS_MAX)
			return false;
	}
	return true;
}

static bool ends_here(struct look *look, size_t begin, size_t end, bool header)
{
	size_t line;

	if (!is_alone(look->text, begin, &line) || (header && line != begin))
		return false;
	look->ends = line;
	look->original = header ? line : end + text_find(text_after(look->text, end), '\n');
	return true;
}

static void says(struct look *look, unsigned meanings)
{
	struct report *report = look->report;

	look->gave_up |= (meanings & REPORT_GAVE_UP) != 0;
	report->says_failed |= (meanings & (REPORT_FAILED | REPORT_GAVE_UP)) != 0;
	report->says_delayed |= (meanings & REPORT_DELAYED) != 0;
	report->says_delivered |= (meanings & REPORT_DELIVERED) != 0;
}

static bool on_phrase(void *context, const struct report_phrase *phrase, size_t end)
{
	struct look *look = context;
	unsigned meanings = phrase->meanings;
	size_t begin = end > phrase->length ? end - phrase->length : 0;

	if (meanings & (REPORT_ENDS | REPORT_HEADER) && ends_here(look, begin, end, !(meanings & REPORT_ENDS)))
		return false;
	if (meanings & REPORT_OPENS && look->report->opening == SIZE_MAX)
		look->report->opening = look->base + end;
	if (meanings & REPORT_NAMES && look->report->naming == SIZE_MAX)
		look->report->naming = look->base + end;
	if (phrase->family >= 0)
		look->family[phrase->family] = true;
	says(look, meanings);
	return true;
}

/* parts that are the server's words: plain text, HTML where there is no plain text */
static struct text words_of_part(struct report *report, int number, const char *type)
{
	const struct part *part = message_part(report->message, number);
	struct text text;

	if (part->inside || !text_is(part->type, text_of(type)))
		return TEXT_NONE;
	text = text_is(part->type, TEXT("text/html")) ? message_body(report->message) : message_text(report->message, number);
	return text_head(text, text.n < REPORT_WORDS_MAX ? text.n : REPORT_WORDS_MAX);
}

static void look_at(struct look *look, struct text text)
{
	struct report *report = look->report;

	look->text = text;
	look->base = report->words.n ? report->words.n + 1 : 0;
	look->ends = look->original = text.n;
	report_phrases_seek(text, on_phrase, look);
	text = text_head(text, look->ends);
	if (text.n)
		report->words = report->words.n ? arena_joined(report->arena, report->words, TEXT("\n"), text) : text;
	if (!report->original_text.n && text_trim(text_after(look->text, look->original)).n)
		report->original_text = text_after(look->text, look->original);
}

static void look_at_all(struct look *look, const char *type)
{
	int seen = 0;

	for (int i = 0; i < message_parts(look->report->message) && seen < WORDS_PARTS_MAX; i++) {
		struct text text = words_of_part(look->report, i, type);

		if (text_trim(text).n && look->report->words.n + text.n < 2 * REPORT_WORDS_MAX) {
			look_at(look, text);
			seen++;
		}
	}
}

static bool on_subject(void *context, const struct report_phrase *phrase, size_t end)
{
	says(context, phrase->meanings);
	return true;
}

static const struct family *family_of(const struct look *look)
{
	for (size_t i = 0; families[i]; i++)
		if ((look->family[i] || !families[i]->phrases[0]) && (!families[i]->knows || families[i]->knows(look->report)))
			return families[i];
	return NULL;
}

/* the first part with a mail or the headers of one, outside of another */
static int returned_part(const struct message *message)
{
	for (int i = 1; i < message_parts(message); i++) {
		const struct part *part = message_part(message, i);

		if (!part->inside && (part->kind == PART_MESSAGE || text_is(part->type, TEXT("text/rfc822-headers")) ||
				      text_is(part->type, TEXT("message/rfc822-headers")) || text_is(part->type, TEXT("message/global-headers")) ||
				      text_is(part->type, TEXT("text/rfc822")) || text_is(part->type, TEXT("message/partial")) ||
				      text_is(part->type, TEXT("message/rfc822")) || text_is(part->type, TEXT("message/global"))))
			return i;
	}
	return -1;
}

/* Exim writes more than one where there are many */
static struct text failed_field(struct message *message)
{
	const struct fields *fields = &message_part(message, 0)->fields;
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < fields->count && all.n < FIELD_BYTES_MAX; i++) {
		struct text value = fields->field[i].value;

		if (text_same_word(fields->field[i].name, "X-Failed-Recipients") && value.n)
			all = all.n ? arena_joined(message_arena(message), all, TEXT("\n"), value) : value;
	}
	return all;
}

bool report_open(struct message *message, struct report *report, const struct family **family)
{
	struct look look = { .report = report };

	*report = (struct report){ .message = message, .arena = message_arena(message), .from = message_field(message, "From"),
				   .subject = message_field(message, "Subject"), .failed = failed_field(message),
				   .words = TEXT_NONE, .original_text = TEXT_NONE, .original = -1, .opening = SIZE_MAX, .naming = SIZE_MAX };
	if (!is_candidate(message, report))
		return false;
	look_at_all(&look, "text/plain");
	if (!text_trim(report->words).n)
		look_at_all(&look, "text/html");
	report_phrases_seek(report->subject, on_subject, &look);
	report->says_delayed &= !look.gave_up;
	report->action = report->says_delayed ? RETURN_DELAYED : report->says_delivered && !report->says_failed ? RETURN_DELIVERED : RETURN_FAILED;
	report->original = returned_part(message);
	*family = family_of(&look);
	return true;
}
