/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/reason.h"

#include <ctype.h>
#include <pthread.h>

#include "mail/fields.h"
#include "mail/phrases.h"
#include "mail/reason_words.h"

enum {
	SAID_MAX = 1200,      /* bytes of a diagnostic that are looked at */
	AROUND_MAX = 16 << 10, /* bytes of the report's words, where the diagnostic does not tell all */
	PARAGRAPH_MAX = 1500,
	ROWS_MAX = 64, PHRASES_MAX = ROWS_MAX * REASON_PHRASES_MAX,
};

/* ---- codes */

static bool digit_at(struct text words, size_t i) { return i < words.n && isdigit((unsigned char)words.p[i]); }

/* the length of "5.1.1" at i, 0: none stands there */
static size_t status_at(struct text words, size_t i)
{
	size_t at = i + 2, subject = 0, detail = 0;

	if (i + 5 > words.n || !strchr("245", words.p[i]) || words.p[i + 1] != '.')
		return 0;
	if (i && (isalnum((unsigned char)words.p[i - 1]) || strchr(".-_@", words.p[i - 1])) && !(i > 3 && words.p[i - 1] == '-' && digit_at(words, i - 2)))
		return 0;
	while (digit_at(words, at + subject))
		subject++;
	at += subject;
	if (!subject || subject > 1 || at >= words.n || words.p[at] != '.')
		return 0;
	for (at++; digit_at(words, at + detail); detail++)
		;
	at += detail;
	if (!detail || detail > 3 || (at < words.n && (isalpha((unsigned char)words.p[at]) || (words.p[at] == '.' && digit_at(words, at + 1)))))
		return 0;
	return at - i;
}

/* "550 ", "550-", "550:" and "550," at i, after nothing that makes it a part of something else */
static int code_at(struct text words, size_t i)
{
	char behind = i + 3 < words.n ? words.p[i + 3] : ' ';

	if (i + 3 > words.n || !strchr("245", words.p[i]) || words.p[i + 1] < '0' || words.p[i + 1] > '7' || !digit_at(words, i + 2))
		return 0;
	if (i && (isalnum((unsigned char)words.p[i - 1]) || strchr("./_@$=-", words.p[i - 1])))
		return 0;
	if (!strchr(" -:;,.)]\"'", behind) || (strchr(".:", behind) && digit_at(words, i + 4)))
		return 0;
	return (words.p[i] - '0') * 100 + (words.p[i + 1] - '0') * 10 + (words.p[i + 2] - '0');
}

/* the class of a status; 0 without one */
static char class_of(struct text status) { return status.n > 4 ? status.p[0] : 0; }

void reason_codes(struct text words, struct text *status, int *smtp_code)
{
	int code = 0;
	struct text found = TEXT_NONE;

	for (size_t i = 0; i < words.n && i < SAID_MAX && (!code || !found.n); i++) {
		if (!isdigit((unsigned char)words.p[i]))
			continue;
		if (!code)
			code = code_at(words, i);
		if (!found.n)
			found = text_between(words.p + i, words.p + i + status_at(words, i));
	}
	if (code)
		*smtp_code = code;
	if (found.n)
		*status = found;
}

/* ---- what the words say */

struct heard {
	size_t row;    /* the first of the table that was said; reason_words_count: none */
	uint8_t marks;
};

static struct phrases *table;
static uint8_t row_of[PHRASES_MAX];

static void build(void)
{
	static const char *all[PHRASES_MAX];
	size_t n = 0;

	for (size_t row = 0; row < reason_words_count; row++)
		for (const char *const *phrase = reason_words[row].phrases; *phrase; phrase++) {
			all[n] = *phrase;
			row_of[n++] = (uint8_t)row;
		}
	table = phrases_new(all, n);
}

static bool hear(void *context, size_t number, size_t end)
{
	struct heard *heard = context;
	size_t row = row_of[number];

	if (reason_words[row].reason == RETURN_NONE)
		heard->marks |= reason_words[row].marks;
	else if (row < heard->row)
		heard->row = row;
	return true;
}

static struct heard listen(struct text words)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct heard heard = { .row = reason_words_count };

	pthread_once(&once, build);
	phrases_seek(table, words, hear, &heard);
	if (heard.row < reason_words_count)
		heard.marks |= reason_words[heard.row].marks;
	return heard;
}

static struct text first_of(struct text text, size_t most) { return text_head(text, text.n < most ? text.n : most); }

/* what the report says of this recipient: from the address on, to the end of the paragraph, or of the next where the address stands alone */
static struct text paragraph_of(struct text words, struct text address)
{
	const char *at = address.n ? memmem(words.p, words.n, address.p, address.n) : NULL;
	struct text rest, end;

	if (!at)
		return TEXT_NONE;
	rest = first_of(text_between(at, words.p + words.n), PARAGRAPH_MAX);
	if (text_behind(rest, TEXT("\n\n"), &end) && (size_t)(end.p - rest.p) > address.n + 20)
		return text_between(rest.p, end.p);
	return rest;
}

/* sendmail's way to show a session: the last command before the answer */
static uint8_t asked_before(struct text words, struct text said)
{
	struct text line, head = first_of(said, 30);
	uint8_t mark = 0;

	while (text_line(&words, &line)) {
		line = text_trim(line);
		if (text_starts(line, TEXT(">>>")))
			mark = text_seek(line, "rcpt to") ? MARK_RECIPIENT : text_seek(line, "data") || text_is(text_trim(text_after(line, 3)), TEXT(".")) ? MARK_TEXT : 0;
		else if (text_starts(line, TEXT("<<<")) && text_holds(line, head))
			return mark;
	}
	return 0;
}

/* where in the session it was said, where the words themselves do not tell */
static uint8_t place_said(const struct returned *returned, struct text around)
{
	uint8_t marks = returned->diagnostic.n ? asked_before(around, returned->diagnostic) : 0;

	return marks ? marks : (uint8_t)(listen(paragraph_of(around, returned->address)).marks & (MARK_RECIPIENT | MARK_TEXT));
}

/* ---- what a status says by itself (RFC 3463, RFC 7505) */

struct meaning {
	const char *detail; /* behind the class */
	enum return_reason reason;
	uint8_t marks;
};

static const struct meaning meanings[] = {
	{ "1.0", RETURN_USER_UNKNOWN, MARK_SURE },
	{ "1.1", RETURN_USER_UNKNOWN, MARK_SURE },
	{ "1.2", RETURN_HOST_UNKNOWN, MARK_SURE },
	{ "1.3", RETURN_USER_UNKNOWN, MARK_SURE },
	{ "1.4", RETURN_USER_UNKNOWN, 0 },
	{ "1.6", RETURN_MOVED, MARK_SURE },
	{ "1.7", RETURN_POLICY, 0 },
	{ "1.8", RETURN_POLICY, 0 },
	{ "1.10", RETURN_HOST_UNKNOWN, MARK_NEVER },
	{ "2.1", RETURN_MAILBOX_DISABLED, 0 },
	{ "2.2", RETURN_MAILBOX_FULL, 0 },
	{ "2.3", RETURN_TOO_BIG, 0 },
	{ "3.1", RETURN_SYSTEM, 0 },
	{ "3.2", RETURN_SYSTEM, MARK_NEVER },
	{ "3.4", RETURN_TOO_BIG, 0 },
	{ "4.1", RETURN_NETWORK, 0 },
	{ "4.4", RETURN_HOST_UNKNOWN, MARK_SURE },
	{ "4.6", RETURN_NO_SUCH_RELAY, 0 },
	{ "4.7", RETURN_EXPIRED, 0 },
	{ "5.3", RETURN_RATE_LIMITED, 0 },
	{ "7.8", RETURN_POLICY, 0 },
	{ "7.13", RETURN_MAILBOX_DISABLED, 0 },
	{ "7.17", RETURN_USER_UNKNOWN, 0 },
	{ "7.18", RETURN_USER_UNKNOWN, 0 },
	{ "7.20", RETURN_AUTH_FAILURE, 0 },
	{ "7.21", RETURN_AUTH_FAILURE, 0 },
	{ "7.22", RETURN_AUTH_FAILURE, 0 },
	{ "7.23", RETURN_AUTH_FAILURE, 0 },
	{ "7.24", RETURN_AUTH_FAILURE, 0 },
	{ "7.25", RETURN_BLOCKED, 0 },
	{ "7.26", RETURN_AUTH_FAILURE, 0 },
	{ "7.27", RETURN_POLICY, 0 },
	{ "7.28", RETURN_SPAM, 0 },
};

/* where the subject is all that a status tells */
static enum return_reason reason_of_subject(char subject)
{
	static const enum return_reason subjects[] = { RETURN_OTHER,   RETURN_OTHER,  RETURN_MAILBOX_DISABLED, RETURN_SYSTEM,
						       RETURN_NETWORK, RETURN_SYSTEM, RETURN_CONTENT,	       RETURN_POLICY };

	return subject >= '1' && subject <= '7' ? subjects[subject - '0'] : RETURN_OTHER;
}

static struct meaning meaning_of(struct text status)
{
	struct text detail = class_of(status) ? text_after(status, 2) : TEXT_NONE;

	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (text_is(detail, text_of(meanings[i].detail)))
			return meanings[i];
	return (struct meaning){ .reason = detail.n ? reason_of_subject(detail.p[0]) : RETURN_OTHER };
}

/* ---- the verdict */

/* A status whose detail is open ("5.0.0") says less than one in the words, and so does one of the other class than the answer itself. */
static bool says_less(struct text status, struct text in_words, int code)
{
	if (!class_of(status))
		return true;
	if (code && status.p[0] != '0' + code / 100 && in_words.n && in_words.p[0] == '0' + code / 100)
		return true;
	return text_ends(status, TEXT(".0.0")) || (text_ends(status, TEXT(".0")) && in_words.n && !text_ends(in_words, TEXT(".0")) && in_words.p[0] == status.p[0]);
}

static void take_codes(struct returned *returned, struct text said)
{
	struct text in_words = TEXT_NONE;
	int code = 0;

	reason_codes(said, &in_words, &code);
	if (!returned->smtp_code)
		returned->smtp_code = code;
	if (in_words.n && says_less(returned->status, in_words, code))
		returned->status = in_words;
}

/* the status that such a reason usually has; one of ours, where nobody stated any */
static struct text usual_status(enum return_reason reason, bool temporary)
{
	static const struct {
		const char *permanent, *temporary;
	} usual[RETURN_REASONS] = {
		[RETURN_USER_UNKNOWN] = { "5.1.1", "4.1.1" },	 [RETURN_HOST_UNKNOWN] = { "5.1.2", "4.4.4" },	  [RETURN_MAILBOX_FULL] = { "5.2.2", "4.2.2" },
		[RETURN_MAILBOX_DISABLED] = { "5.2.1", "4.2.1" }, [RETURN_BLOCKED] = { "5.7.1", "4.7.1" },	  [RETURN_SPAM] = { "5.7.1", "4.7.1" },
		[RETURN_POLICY] = { "5.7.1", "4.7.1" },		 [RETURN_AUTH_FAILURE] = { "5.7.1", "4.7.1" },	  [RETURN_TOO_BIG] = { "5.3.4", "4.3.4" },
		[RETURN_CONTENT] = { "5.6.0", "4.6.0" },	 [RETURN_RATE_LIMITED] = { "5.7.0", "4.7.0" },	  [RETURN_SYSTEM] = { "5.3.0", "4.3.0" },
		[RETURN_NETWORK] = { "5.4.0", "4.4.1" },	 [RETURN_EXPIRED] = { "5.4.7", "4.4.7" },	  [RETURN_RELAYING_DENIED] = { "5.7.1", "4.7.1" },
		[RETURN_NO_SUCH_RELAY] = { "5.4.6", "4.4.6" },	 [RETURN_MOVED] = { "5.1.6", "4.1.6" },
	};
	const char *status = temporary ? usual[reason].temporary : usual[reason].permanent;

	return text_of(status ? status : temporary ? "4.0.0" : "5.0.0");
}

static bool is_open(struct text status) { return !class_of(status) || text_ends(status, TEXT(".0.0")); }

static struct heard hear_all(struct returned *returned, struct text around)
{
	struct heard heard = listen(first_of(returned->diagnostic, SAID_MAX));
	struct text paragraph;

	if (heard.row < reason_words_count || (returned->diagnostic.n && !is_open(returned->status)))
		return heard;
	paragraph = paragraph_of(around, returned->address);
	heard = listen(paragraph.n ? paragraph : first_of(around, PARAGRAPH_MAX));
	if (heard.row == reason_words_count && is_open(returned->status))
		heard = listen(first_of(around, PARAGRAPH_MAX));
	if (is_open(returned->status) || !returned->smtp_code)
		take_codes(returned, paragraph);
	return heard;
}

/* Whether trying again is of no use. "User unknown" counts where it is said of the recipient, or by a status: after the text was sent, the servers of
 * docomo and au say the same of users who refuse the sender, and so do filters in front of others. */
static bool is_permanent(const struct returned *returned, struct text stated, const struct heard *heard, struct text around)
{
	struct meaning meaning = meaning_of(stated);
	uint8_t marks = heard->marks;

	if (returned->action != RETURN_FAILED)
		return false;
	switch (returned->reason) {
	case RETURN_MOVED:
		return true;
	case RETURN_HOST_UNKNOWN:
	case RETURN_SYSTEM:
		return returned->status.p[0] == '5' && (returned->reason == RETURN_HOST_UNKNOWN || (marks | meaning.marks) & MARK_NEVER);
	case RETURN_USER_UNKNOWN:
		if ((marks & MARK_SURE) || (meaning.reason == RETURN_USER_UNKNOWN && meaning.marks & MARK_SURE))
			return true;
		if (!(marks & (MARK_RECIPIENT | MARK_TEXT)))
			marks |= place_said(returned, around);
		return marks & MARK_RECIPIENT && !(marks & MARK_TEXT);
	default:
		return false;
	}
}

static enum return_reason reason_of(struct text status, int smtp_code, struct heard *heard)
{
	struct meaning meaning = meaning_of(status);

	if ((smtp_code == 521 || smtp_code == 556) && (heard->row == reason_words_count || heard->marks & MARK_WEAK)) { /* RFC 7504 */
		heard->marks |= MARK_NEVER;
		return smtp_code == 556 ? RETURN_HOST_UNKNOWN : RETURN_SYSTEM;
	}
	if (heard->row == reason_words_count)
		return meaning.reason;
	return heard->marks & MARK_WEAK && meaning.detail ? meaning.reason : reason_words[heard->row].reason;
}

static bool is_temporary(const struct returned *returned, const struct heard *heard)
{
	if (returned->action == RETURN_DELAYED || returned->smtp_code)
		return returned->action == RETURN_DELAYED || returned->smtp_code / 100 == 4;
	return (heard->marks & (MARK_TEMPORARY | MARK_LASTING)) == MARK_TEMPORARY;
}

void reason_judge(struct returned *returned, struct text around)
{
	struct heard heard;
	struct text stated;

	take_codes(returned, returned->diagnostic);
	if (returned->action == RETURN_DELIVERED || returned->action == RETURN_RELAYED || returned->action == RETURN_EXPANDED) {
		if (!class_of(returned->status))
			returned->status = TEXT("2.0.0");
		return;
	}
	around = first_of(around, AROUND_MAX);
	heard = hear_all(returned, around);
	returned->reason = reason_of(returned->status, returned->smtp_code, &heard);
	stated = returned->status;
	if (!class_of(stated))
		returned->status = usual_status(returned->reason, is_temporary(returned, &heard));
	returned->permanent = is_permanent(returned, stated, &heard, around);
	if (!class_of(stated) && text_is(returned->status, TEXT("5.1.1")) && !returned->permanent)
		returned->status = TEXT("5.2.0"); /* there may be such a user (RFC 3463 3.3) */
}
