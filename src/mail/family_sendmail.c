/* SPDX-License-Identifier: Apache-2.0 */
/* sendmail 8 and 5, and what was made of them: a list under "The following addresses had permanent fatal errors" and the transcript of the
 * session; old ones have the transcript alone. */
#include <ctype.h>

#include "mail/address.h"
#include "mail/families.h"

struct session {
	struct report *report;
	struct text host;    /* "... while talking to mx.example.com.:" */
	struct text asked;   /* the recipient of the last ">>> RCPT To:" */
	struct text answer;  /* the last "<<< 550 …" */
	bool adds;           /* there was no list: whom the transcript names is a recipient */
};

/* ---- the list */

static struct text in_brackets(struct text line, const char *key)
{
	struct text rest, inner;
	const char *at = text_seek(line, key);

	if (!at)
		return TEXT_NONE;
	rest = text_between(at + strlen(key), line.p + line.n);
	inner = rest;
	for (size_t i = rest.n; i; i--) /* the last bracket of the line: what was said may hold some */
		if (rest.p[i - 1] == ')') {
			inner = text_head(rest, i - 1);
			break;
		}
	return text_trim(inner);
}

/* an alias that is a program or a file is known by what it was expanded from */
static struct returned *expanded(struct report *report, struct returned *returned, struct text from)
{
	struct text address;

	if (!address_in(report->arena, from, &address))
		return returned;
	if (!returned)
		return report_add(report, address);
	if (!returned->original_address.n && !address_same(address, returned->address))
		returned->original_address = address;
	return returned;
}

/* where a line of the list that names a recipient has it: "<a@example.com>", "a@example.com", ">>> a@example.com <a@example.com>" */
static struct returned *listed(struct report *report, struct text line)
{
	struct text entry = line, address;

	while (entry.n && strchr("> \t", entry.p[0]))
		entry = text_after(entry, 1);
	if (!entry.n || text_starts(entry, TEXT("(")) || text_starts(entry, TEXT("\"|")) || text_starts(entry, TEXT("|")) || text_starts(entry, TEXT("<\"|")))
		return NULL;
	return address_in(report->arena, entry, &address) ? report_add(report, address) : NULL;
}

static bool is_heading(struct text line) { return text_holds(line, TEXT("-----")) || text_holds(line, TEXT("--- ")); }

/* up to the next heading */
static void read_list(struct report *report, struct text *words)
{
	struct returned *returned = NULL, *next;
	struct text line, ahead = *words, reason = TEXT_NONE; /* of an entry that has no address yet */

	while (text_line(&ahead, &line) && !is_heading(line)) {
		*words = ahead;
		if (text_seek(line, "(expanded from:")) {
			returned = expanded(report, returned, in_brackets(line, "(expanded from:"));
			report_say(report, returned, reason);
			reason = TEXT_NONE;
		} else if (text_seek(line, "(reason:")) {
			report_say(report, returned, in_brackets(line, "(reason:"));
			reason = returned ? TEXT_NONE : in_brackets(line, "(reason:");
		} else if ((next = listed(report, line))) {
			returned = next;
			reason = TEXT_NONE;
		} else if (!text_starts(line, TEXT(" "))) {
			returned = NULL;
		}
	}
}

/* ---- the transcript */

/* "550 5.1.1 <a@example.com>... User unknown", "a@example.com... Deferred: …" */
static void final_line(struct session *session, struct text line)
{
	const char *dots = memmem(line.p, line.n, "...", 3);
	struct text address;
	struct returned *returned;

	if (!dots)
		return;
	if (!address_in(session->report->arena, text_between(line.p, dots), &address)) { /* "550 example.com (smtp)...": of another host now */
		session->answer = TEXT_NONE;
		return;
	}
	returned = session->adds ? report_add(session->report, address) : report_find(session->report, address);
	if (!returned)
		return;
	if (session->answer.n && (address_same(session->asked, address) || !session->asked.n)) {
		if (!returned->remote_mta.n)
			returned->remote_mta = session->host;
		report_say(session->report, returned, session->answer);
	}
	if (returned->diagnostic.n && !isdigit((unsigned char)returned->diagnostic.p[0]) && line.n && isdigit((unsigned char)line.p[0]) &&
	    !session->report->in_fields)
		returned->diagnostic = TEXT_NONE; /* the line with the code says the same and more */
	report_say(session->report, returned, line);
}

static void refused(struct session *session, struct text answer)
{
	struct returned *returned;

	if (!answer.n || answer.p[0] < '4' || answer.p[0] > '5' || !session->asked.n)
		return;
	returned = session->adds ? report_add(session->report, session->asked) : report_find(session->report, session->asked);
	if (!returned)
		return;
	if (!returned->remote_mta.n)
		returned->remote_mta = session->host;
	report_say(session->report, returned, answer);
}

static void transcript_line(struct session *session, struct text line)
{
	line = text_trim(line);
	if (text_seek(text_head(line, line.n < 30 ? line.n : 30), "while talking to ")) {
		session->host = host_said(session->report->arena, line);
	} else if (text_starts(line, TEXT(">>>"))) {
		session->answer = TEXT_NONE;
		if (!text_seek(line, "rcpt to:") || !address_in(session->report->arena, line, &session->asked))
			session->asked = TEXT_NONE;
	} else if (text_starts(line, TEXT("<<<"))) {
		struct text answer = text_trim(text_after(line, 3));

		if (!session->answer.n)
			session->answer = answer;
		refused(session, answer);
	} else {
		final_line(session, line);
	}
}

static void read_transcript(struct report *report, struct text words, bool adds)
{
	struct session session = { .report = report, .host = TEXT_NONE, .asked = TEXT_NONE, .answer = TEXT_NONE, .adds = adds };
	struct text line;

	while (text_line(&words, &line))
		transcript_line(&session, line);
}

static bool opens_list(struct text line)
{
	return (text_seek(line, "addresses had") || text_seek(line, "following address") || text_seek(line, "recipients of this")) && is_heading(line);
}

static void read(struct report *report)
{
	struct text words = report->words, line;
	size_t before = report->count;

	if (report->in_fields) /* the transcript completes them better than the list's reasons */
		read_transcript(report, words_behind(report, "transcript of session"), false);
	while (text_line(&words, &line)) {
		if (opens_list(line))
			read_list(report, &words);
		else if (text_seek(line, "transcript of session"))
			read_transcript(report, words, report->count == before);
	}
}

const struct family family_sendmail = {
	"sendmail",
	{ "transcript of session follows", "the following addresses had", "transcript of session is unavailable", "----- the following addresses", NULL },
	NULL,
	read,
};
