/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks for a report of a delivery, in its fields first; only then are its words looked at, in one pass. */
#include <ctype.h>
#include <pthread.h>

#include "base/memory.h"
#include "mail/families.h"
#include "mail/phrases.h"

enum { PHRASES_MAX = 1024, WORDS_PARTS_MAX = 8, FAMILIES_MAX = 128 };

/* what a phrase tells, beside a family's */
enum meaning {
	ENDS,      /* what came back begins behind this line; nothing but signs stands before it */
	HEADER,    /* a field of the returned mail, at the beginning of a line */
	OPENS,     /* recipients follow */
	FAILED, GAVE_UP, DELAYED, DELIVERED,
	MEANINGS,
};

static const char *const phrases_of[MEANINGS][72] = {
	[ENDS] = {
		"this is a copy of ", "below this line is a copy", "below the next line is a copy", "below is a copy of", "original message follows",
		"original message attached", "original message -", "original message headers", "original message header", "original message:",
		"unsent message follows", "undelivered message follows", "message text follows", "message header follows", "message headers follow",
		"message headers:", "message header:", "message follows", "returned message", "returned mail", "start of returned message", "here is your returned mail",
		"header of the original message", "headers of the original message", "original headers", "your message reads", "your original message follows",
		"a copy of the original message", "a copy of your message", "copy of message", "enclosed is a copy of", "included is a copy of", "included below",
		"old message:", "the header of", "the header", "end of message", "the original message follows", "the text of your message", "text of the message",
		"undeliverable message", "the message headers", "the headers of", "your message follows", "message contents", "the original mail",
		"mensaje original", "rest of header", "start of message", "unsent message below", "the following is a copy of", "here is the original",
		"here is a copy of", "here is your original", "returned content", "die urspr", "kopfzeilen der", "en-t\xc3\xaates de message d", "intestazioni originali",
		"\xe5\x85\x83\xe3\x81\xae\xe3\x83\xa1\xe3\x83\x83\xe3\x82\xbb\xe3\x83\xbc\xe3\x82\xb8", NULL,
	},
	[HEADER] = { "received: from ", "received: by ", "received: (", "received:from ", "return-path: ", "x-originalarrivaltime: ", "dkim-signature: ", NULL },
	[OPENS] = {
		"following address", "following recipient", "following user", "following destination", "following e-mail address", "following email address",
		"these recipients", "this recipient", "following people", "failed recipient", "failed addresses", "intended recipient", "undeliverable address",
		"undeliverable to", "message was not delivered to", "could not be delivered to", "cannot be delivered to", "couldn't be delivered to", "not be delivered to",
		"wasn't delivered to", "not delivered to", "unable to deliver your message to", "unable to deliver message to", "unable to deliver mail to",
		"unable to deliver to", "failed to deliver", "failed to be delivered", "list of failed recipients", "did not reach", "did not receive",
		"delivery to ", "delivery failed", "delivery has failed", "could not deliver", "delivery problems", "had problems", "failed delivery",
		"addresses failed", "address failed", "recipients failed", "recipients have failed", "return your message", "your message could not be delivered",
		"message could not be delivered", "mail could not be delivered", "your message to", "following reason", "invalid final delivery userid",
		"unable to deliver", "undelivered", "has not yet been delivered is", "have not yet been delivered are", "delivery error", NULL,
	},
	[FAILED] = {
		"not be delivered", "n't be delivered", "not delivered", "n't delivered", "undeliver", "unable to deliver", "delivery failed", "delivery has failed",
		"delivery failure", "delivery error", "delivery problem", "failed to deliver", "failed delivery", "deliver failed", "fatal error", "permanent error",
		"user unknown", "unknown user", "unknown recipient", "no such user", "not reach", "could not deliver", "can not deliver", "cannot deliver",
		"mailbox full", "mailbox is full", "quota", "mailbox unavailable", "was rejected", "has been rejected", "been refused", "message rejected", "address rejected",
		"returned mail", "returned to sender", "returning message to sender", "return your message", "returned to you", "nondeliver", "non-deliver", "not deliver",
		"address not found", "message not sent", "did not receive", "could not be sent", "failure notice", "delivery aborted", "was aborted", "no pudo ser", "nao pode ser",
		"konnte nicht zugestellt", "nicht zugestellt", "unzustellbar", "pas pu \xc3\xaatre", "non \xc3\xa8 stato possibile", "impossibile recapitare", "kunne ikke",
		"kunde inte", "\xe9\x85\x8d\xe4\xbf\xa1\xe3\x81\xa7\xe3\x81\x8d", "\xe5\xb1\x8a\xe3\x81\x91\xe3\x82\x8b\xe3\x81\x93\xe3\x81\xa8\xe3\x81\x8c",
		"\xe5\xb1\x8a\xe3\x81\x91\xe3\x81\xa7\xe3\x81\x8d", "\xe9\x80\x81\xe4\xbf\xa1\xe3\x81\xa7\xe3\x81\x8d", "\xe9\x85\x8d\xe9\x80\x81\xe3\x81\xa7\xe3\x81\x8d",
		"\xe5\xae\x9b\xe5\x85\x88\xe4\xb8\x8d\xe6\x98\x8e", "error transferring", "no existe", "has been returned", "have to return", "trouble delivering", NULL,
	},
	[GAVE_UP] = { "given up", "giving up", "permanent error", "permanent fatal", "failed permanently", "returning message to sender", "gave up", NULL },
	[DELAYED] = {
		"warning message only", "not yet been delivered", "could not send message for", "could not send mail for", "will continue to try", "will keep trying",
		"delivery attempts will continue", "message will be retried", "will be retried for", "has been delayed", "delivery delayed", "delivery status notification (delay)",
		"delivery of your message has been delayed", "could not be delivered yet", "been delivered yet", "not need to resend", "delay reason:",
		"is still trying", "still being retried", "delivery is delayed", "temporarily delayed", "has been queued", "message delayed", "mail delayed", "delayed mail",
		"delivery incomplete", "continue trying", "\xe9\x85\x8d\xe4\xbf\xa1\xe3\x81\x8c\xe9\x81\x85\xe3\x82\x8c", "\xe9\x81\x85\xe5\xbb\xb6\xe3\x81\x97", NULL,
	},
	[DELIVERED] = {
		"successful delivery notification", "successfully delivered", "delivered successfully", "successful mail delivery report", "delivery was successful",
		"successfully relayed", "relayed to a mailer that does not support", "(success)", NULL,
	},
};

/* in From or Subject */
static const char *const daemons[] = {
	"mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mail delivery", "maildelivery", "mail.delivery", "postmaster", "delivery subsystem", "mail subsystem",
	"mail delivery subsystem", "system administrator", "mail system", "mail administrator", "mailadmin", "mail router", "mailrouter", "mdaemon", "internet mail",
	"daemon@", "mail service", "smtp service", "message delivery", "mail server", "mailserver", "message router", "mta@", "bounce", "email delivery", "delivery system",
	"deliver system", "post office", "postoffice", "microsoft outlook", "administrador del sistema", "systemadministrator", "administrateur syst", "no-reply@", "noreply@",
	"mailmaster", "mmdf", "virusscanner", "mailscanner", "mailsweeper", "non-delivery", "administrator", NULL,
};
static const char *const subjects[] = {
	"deliver", "undeliver", "returned", "failure", "failed", "error", "warning", "bounce", "nondeliver", "ndn:", "could not", "couldn't", "unable to", "not sent",
	"user unknown", "unknown user", "no such", "mail status", "status report", "not accepted", "mailbox", "rejected", "notification", "problem", "unzustellbar", "zustell",
	"niet", "non remis", "remise", "entrega", "recapito", "no se puede entregar", "delayed", "message status", "receipt", "quota", "mail system", "report",
	"\xe9\x85\x8d\xe4\xbf\xa1", "\xe9\x80\x81\xe4\xbf\xa1", "\xe9\x85\x8d\xe9\x80\x81", "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc", "\xe8\xbf\x94\xe9\x80\x81",
	"\xe5\xb1\x8a", "\xe4\xb8\x8d\xe9\x81\x94", "\xe4\xb8\x8d\xe5\x88\xb0", NULL,
};

enum { OF_DAEMON = FAMILIES_MAX + MEANINGS };

static struct phrases *table, *fields_table;
static uint16_t told[PHRASES_MAX]; /* a meaning, or MEANINGS and the number of a family */
static const char *all[PHRASES_MAX];
static uint16_t lengths[PHRASES_MAX];

static size_t put(size_t n, const char *const *list, uint16_t what)
{
	for (; *list && n < PHRASES_MAX; list++) {
		all[n] = *list;
		lengths[n] = (uint16_t)strlen(*list);
		told[n++] = what;
	}
	return n;
}

static size_t subject_from; /* numbers of fields_table from here on are those of subjects */

static void build(void)
{
	const char *both[sizeof daemons / sizeof *daemons + sizeof subjects / sizeof *subjects];
	size_t n = 0;

	for (uint16_t i = 0; i < MEANINGS; i++)
		n = put(n, phrases_of[i], i);
	for (uint16_t i = 0; families[i]; i++)
		n = put(n, families[i]->phrases, (uint16_t)(MEANINGS + i));
	table = phrases_new(all, n);
	for (n = 0; daemons[n]; n++)
		both[n] = daemons[n];
	subject_from = n;
	for (size_t i = 0; subjects[i]; i++)
		both[n++] = subjects[i];
	fields_table = phrases_new(both, n);
}

/* ---- fields */

static bool is_daemon(void *context, size_t number, size_t end)
{
	*(bool *)context |= number < subject_from;
	return !*(bool *)context;
}

static bool is_subject(void *context, size_t number, size_t end)
{
	*(bool *)context |= number >= subject_from;
	return !*(bool *)context;
}

static bool has_null_sender(const struct message *message)
{
	struct text path;

	return fields_find(&message_part(message, 0)->fields, "Return-Path", &path) && (!path.n || text_is(path, TEXT("<>")));
}

static bool is_report_part(struct text type)
{
	return text_is(type, TEXT("message/delivery-status")) || text_is(type, TEXT("message/global-delivery-status"));
}

/* a mail that may be a report; anything else is not looked into */
static bool is_candidate(const struct message *message, struct report *report)
{
	const struct part *top = message_part(message, 0);
	bool subject = false, daemon = false;

	phrases_seek(fields_table, text_head(report->from, report->from.n < 300 ? report->from.n : 300), is_daemon, &daemon);
	phrases_seek(fields_table, text_head(report->subject, report->subject.n < 300 ? report->subject.n : 300), is_subject, &subject);
	report->daemon = daemon || (subject && has_null_sender(message)) || report->failed.n > 0;
	if (report->daemon || text_is(top->type, TEXT("multipart/report")))
		return true;
	for (int i = 1; i < message_parts(message); i++)
		if (!message_part(message, i)->inside && is_report_part(message_part(message, i)->type))
			return true;
	return subject || has_null_sender(message);
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

static size_t line_begin(struct text text, size_t at)
{
	const char *feed = at ? memrchr(text.p, '\n', at) : NULL;

	return feed ? (size_t)(feed + 1 - text.p) : 0;
}

/* only signs stand in the line before the phrase */
static bool is_alone(struct text text, size_t begin)
{
	for (size_t i = line_begin(text, begin); i < begin; i++)
		if (isalnum((unsigned char)text.p[i]) || (unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

static bool ends_here(struct look *look, size_t begin, size_t end, bool header)
{
	size_t line = line_begin(look->text, begin);

	if (header ? line != begin : !is_alone(look->text, begin))
		return false;
	look->ends = line;
	look->original = header ? line : end + text_find(text_after(look->text, end), '\n');
	return true;
}

static bool on_phrase(void *context, size_t number, size_t end)
{
	struct look *look = context;
	struct report *report = look->report;
	size_t begin = end > lengths[number] ? end - lengths[number] : 0;

	switch (told[number]) {
	case ENDS:
	case HEADER:
		return !ends_here(look, begin, end, told[number] == HEADER);
	case OPENS:
		if (report->opening == SIZE_MAX)
			report->opening = look->base + end;
		break;
	case FAILED:
		report->says_failed = true;
		break;
	case GAVE_UP:
		look->gave_up = report->says_failed = true;
		break;
	case DELAYED:
		report->says_delayed = true;
		break;
	case DELIVERED:
		report->says_delivered = true;
		break;
	default:
		look->family[told[number] - MEANINGS] = true;
	}
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

/* the words of one more part behind those there are */
static void append(struct report *report, struct text words)
{
	char *both;

	if (!report->words.n || !words.n) {
		report->words = words.n ? words : report->words;
		return;
	}
	both = arena_take(report->arena, report->words.n + 1 + words.n);
	memcpy(both, report->words.p, report->words.n);
	both[report->words.n] = '\n';
	memcpy(both + report->words.n + 1, words.p, words.n);
	report->words = (struct text){ both, report->words.n + 1 + words.n };
}

static void look_at(struct look *look, struct text text)
{
	struct report *report = look->report;

	look->text = text;
	look->base = report->words.n ? report->words.n + 1 : 0;
	look->ends = look->original = text.n;
	phrases_seek(table, text, on_phrase, look);
	append(report, text_head(text, look->ends));
	if (!report->original_text.n && look->original < text.n)
		report->original_text = text_after(text, look->original);
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

static bool on_subject(void *context, size_t number, size_t end)
{
	struct look *look = context;

	return told[number] == ENDS || told[number] == HEADER || told[number] == OPENS || told[number] >= MEANINGS || on_phrase(look, number, end);
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
				      text_is(part->type, TEXT("text/rfc822")) || text_is(part->type, TEXT("message/partial"))))
			return i;
	}
	return -1;
}

bool report_open(struct message *message, struct report *report, const struct family **family)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct look look = { .report = report };

	pthread_once(&once, build);
	*report = (struct report){ .message = message, .arena = message_arena(message), .from = message_field(message, "From"),
				   .subject = message_field(message, "Subject"), .failed = message_field(message, "X-Failed-Recipients"),
				   .words = TEXT_NONE, .original_text = TEXT_NONE, .original = -1, .opening = SIZE_MAX };
	if (!is_candidate(message, report))
		return false;
	look_at_all(&look, "text/plain");
	if (!text_trim(report->words).n)
		look_at_all(&look, "text/html");
	phrases_seek(table, report->subject, on_subject, &look);
	report->says_delayed &= !look.gave_up;
	report->original = returned_part(message);
	*family = family_of(&look);
	return true;
}
