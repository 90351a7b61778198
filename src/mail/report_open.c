/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks for a report of a delivery, in its fields first; only then are its words looked at, in one pass. */
#include <assert.h>
#include <ctype.h>
#include <pthread.h>

#include "mail/families.h"
#include "mail/phrases.h"

enum { PHRASES_MAX = 1500, WORDS_PARTS_MAX = 8, FAMILIES_MAX = 200, SIGNS_MAX = 200 };

/* what a phrase tells, beside a family's */
enum meaning {
	ENDS,      /* what came back begins behind this line; nothing but signs stands before it */
	HEADER,    /* a field of the returned mail, at the beginning of a line */
	OPENS,     /* a list of recipients follows */
	NAMES,     /* a recipient follows, if nothing else says where one stands */
	FAILED, GAVE_UP, DELAYED, DELIVERED,
	MEANINGS,
};

static const char *const phrases_of[MEANINGS][112] = {
	[ENDS] = {
		"this is a copy of ", "below this line is a copy", "below the next line is a copy", "below is a copy of", "original message follows",
		"original message attached", "original message -", "original message headers", "original message header", "original message:",
		"unsent message follows", "undelivered message follows", "message text follows", "message header follows", "message headers follow",
		"message headers:", "message header:", "message follows", "returned message", "returned mail", "start of returned message", "here is your returned mail",
		"header of the original message", "headers of the original message", "original headers", "your message reads", "your original message follows",
		"a copy of the original message", "a copy of your message", "copy of message", "enclosed is a copy of", "included is a copy of", "included below",
		"old message:", "the header of", "the header", "end of message", "the original message follows", "the text of your message", "text of the message",
		"undeliverable message", "the message headers", "the headers of", "your message follows", "message contents", "the original mail", "original mail info", "original mail as follows",
		"mensaje original", "rest of header", "start of message", "unsent message below", "the following is a copy of", "here is the original",
		"here is a copy of", "here is your original", "returned content", "die urspr", "kopfzeilen der", "en-têtes de message d", "intestazioni originali",
		"元のメッセージ", NULL,
	},
	[HEADER] = { "received: from ", "received: by ", "received: (", "received:from ", "return-path: ", "x-originalarrivaltime: ", "dkim-signature: ", NULL },
	[OPENS] = {
		"following address", "following recipient", "following user", "following destination", "following e-mail address", "following email address",
		"these recipients", "this recipient", "following people", "failed recipient", "failed addresses", "failed address", "intended recipient", "undeliverable address",
		"list of failed recipients", "did not reach", "did not receive", "addresses failed", "address failed", "recipients failed", "recipients have failed",
		"invalid final delivery userid", "has not yet been delivered is", "have not yet been delivered are", "list of recipients", "have failed with the following",
		"recipients were affected", "recipients returned permanent errors", "address(es) failed", "recipient(s)", "undeliverable to the following",
		"mail to the following", "to the following:", NULL,
	},
	[NAMES] = {
		"undeliverable to", "message was not delivered to", "could not be delivered to", "cannot be delivered to", "couldn't be delivered to", "not be delivered to",
		"wasn't delivered to", "not delivered to", "unable to deliver your message to", "unable to deliver message to", "unable to deliver mail to",
		"unable to deliver to", "unable to deliver your mail to", "failed to deliver", "failed to be delivered", "delivery to ", "delivery failed", "delivery has failed",
		"could not deliver", "delivery problems", "had problems", "failed delivery", "return your message", "your message could not be delivered",
		"message could not be delivered", "mail could not be delivered", "your message to", "following reason", "unable to deliver", "undelivered", "delivering your mail to",
		"following message to", "message addressed to", "sending your mail to", "addressed to", "delivery error", "your mail to", "your e-mail to", "your email to",
		"mail message to", "the message to", "send your message to", "rejected your message to", "couldn't deliver", "cannot deliver", "not possible to deliver",
		NULL,
	},
	[FAILED] = {
		"not be delivered", "n't be delivered", "not delivered", "n't delivered", "undeliver", "unable to deliver", "delivery failed", "delivery has failed",
		"delivery failure", "delivery error", "delivery problem", "failed to deliver", "failed delivery", "deliver failed", "fatal error", "permanent error",
		"user unknown", "unknown user", "unknown recipient", "no such user", "not reach", "could not deliver", "can not deliver", "cannot deliver",
		"was rejected", "has been rejected", "been refused", "message rejected", "address rejected",
		"returned mail", "returned to sender", "returning message to sender", "return your message", "returned to you", "nondeliver", "non-deliver", "not deliver",
		"address not found", "mail could not be sent", "message could not be sent", "message not sent", "failure notice", "delivery aborted", "no pudo ser", "nao pode ser",
		"nicht erreicht werden", "konnte nicht zugestellt", "nicht zugestellt", "unzustellbar", "pas pu être", "non è stato possibile", "impossibile recapitare", "kunne ikke",
		"kunde inte", "não pôde ser", "niet worden bezorgd", "niet afgeleverd", "nie można dostarczyć", "nie mogła zostać", "не может быть доставлено", "не доставлено",
		"无法投递", "无法送达", "未能送达", "退信", "無法傳遞", "전송하지 못했습니다", "送達できません", "お送りできません", "戻って", "malformed address", "配信でき", "届けることが",
		"届けでき", "送信でき", "配送でき",
		"宛先不明", "error transferring", "failed addresses", "unknown host", "host unknown", "failed recipient", "error has occurred while attempting to deliver", "error delivering",
		"no such account", "fatal delivery error", "no valid recipient", "no existe", "has been returned", "have to return", "trouble delivering", NULL,
	},
	[GAVE_UP] = { "given up", "giving up", "permanent error", "permanent fatal", "failed permanently", "permanent failure", "no further delivery attempts", "no further attempts", "returning message to sender", "gave up", NULL },
	[DELAYED] = {
		"warning message only", "not yet been delivered", "could not send message for", "could not send mail for", "will continue to try", "will keep trying",
		"delivery attempts will continue", "message will be retried", "will be retried for", "has been delayed", "delivery delayed", "delivery status notification (delay)",
		"delivery of your message has been delayed", "could not be delivered yet", "been delivered yet", "not need to resend", "delay reason:",
		"is still trying", "still being retried", "delivery is delayed", "temporarily delayed", "has been queued", "message delayed", "mail delayed", "delayed mail",
		"delivery incomplete", "continue trying", "is delayed for more than", "only a temporary failure", "will attempt to deliver", "had delays", "will be attempted", "still trying",
		"message is delayed", "will try again", "retry sending", "is still undelivered", "just a warning", "advisory-only", "has been postponed", "delivery attempts will continue to be made", "配信が遅れ", "遅延し", NULL,
	},
	[DELIVERED] = {
		"successful delivery notification", "successfully delivered", "delivered successfully", "successful mail delivery report", "delivery was successful",
		"successfully relayed", "relayed to a mailer that does not support", "(success)", NULL,
	},
};

/* who sends such mail, in From */
static const char *const daemons[] = {
	"mailer-daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mail daemon", "mailer daemon", "mail delivery", "maildelivery", "mail.delivery", "mail deliver", "postmaster",
	"post_master", "post master", "delivery subsystem", "mail subsystem", "system administrator", "mail system", "mail administrator", "mailadmin", "mail router", "mailrouter",
	"mdaemon", "internet mail", "daemon@", "mail service", "mail_service", "smtp service", "message delivery", "mail server", "mailserver", "message router", "mta@",
	"email delivery", "delivery system", "post office", "postoffice", "administrador del sistema", "systemadministrator", "administrateur syst", "mailmaster", "mmdf",
	"mail transport", "@sns.amazonaws.com", "delivery agent", "delivery notification", "mail-system", "mailsystem", "non-delivery", "sysadmin", "microsoft exchange", NULL,
};
/* a subject under which nothing else comes */
static const char *const plain_subjects[] = {
	"undeliverable", "undelivered", "returned mail", "failure notice", "delivery failed", "delivery failure", "delivery status notification", "delivery has failed",
	"nondeliverable", "non-deliverable", "non delivery", "nondelivery", "mail delivery", "delivery notification", "unzustellbar", "message undeliverable", "mail failed",
	"returning message", "returned to sender", "message not delivered", "ndn:", "could not be delivered", "unable to deliver", "delivery report", "mail system error",
	"delivery problem", "delivery error", "mail failure", "non remis", "onbestelbaar", "não_entregue", "não entregue", "no se puede entregar", "配信不能", "配信できませんでした", "user unknown", "unknown user",
	"could not send message", NULL,
};
/* one that lets the words be looked at */
static const char *const subjects[] = {
	"deliver", "returned", "failure", "failed", "error", "warning", "bounce", "could not", "couldn't", "unable to", "not sent", "no such", "mail status", "status report",
	"not accepted", "mailbox", "rejected", "notification", "problem", "zustell", "niet", "remise", "entrega", "recapito", "no se puede", "delayed", "message status", "receipt",
	"quota", "mail system", "report", "mensagem", "return", "配信", "送信", "配送", "エラー", "返送", "届", "不達", "不到", "退信", NULL,
};

enum clue { CLUE_FROM = 1, CLUE_PLAIN = 2, CLUE_SUBJECT = 4 };

static struct phrases *table, *fields_table;
/* of each phrase; one may have several meanings */
static struct {
	uint16_t meanings; /* a bit each */
	int16_t family;    /* its number, or -1 */
} told[PHRASES_MAX];
static uint16_t lengths[PHRASES_MAX];
static uint8_t clues[PHRASES_MAX];

struct building {
	const char *phrase[PHRASES_MAX];
	size_t count;
};

/* the number of a phrase, old or new */
static size_t number_of(struct building *building, const char *phrase)
{
	for (size_t i = 0; i < building->count; i++)
		if (building->phrase[i][0] == phrase[0] && strcmp(building->phrase[i], phrase) == 0)
			return i;
	assert(building->count < PHRASES_MAX);
	building->phrase[building->count] = phrase;
	return building->count++;
}

static void put_words(struct building *building, const char *const *list, uint16_t meanings, int16_t family)
{
	for (; *list; list++) {
		size_t n = number_of(building, *list);

		if (!lengths[n])
			told[n].family = -1;
		lengths[n] = (uint16_t)strlen(*list);
		told[n].meanings |= meanings;
		told[n].family = told[n].family < 0 ? family : told[n].family;
	}
}

static void put_clues(struct building *building, const char *const *list, uint8_t clue)
{
	for (; *list; list++)
		clues[number_of(building, *list)] |= clue;
}

static void build(void)
{
	struct building words = { .count = 0 }, fields = { .count = 0 };

	for (int i = 0; i < MEANINGS; i++)
		put_words(&words, phrases_of[i], (uint16_t)(1 << i), -1);
	for (int16_t i = 0; families[i]; i++)
		put_words(&words, families[i]->phrases, 0, i);
	table = phrases_new(words.phrase, words.count);
	put_clues(&fields, daemons, CLUE_FROM);
	put_clues(&fields, plain_subjects, CLUE_PLAIN);
	put_clues(&fields, subjects, CLUE_SUBJECT);
	fields_table = phrases_new(fields.phrase, fields.count);
}

/* ---- fields */

static bool on_clue(void *context, size_t number, size_t end)
{
	*(unsigned *)context |= clues[number];
	return true;
}

static unsigned clues_in(struct text field)
{
	unsigned found = 0;

	phrases_seek(fields_table, text_head(field, field.n < 300 ? field.n : 300), on_clue, &found);
	return found;
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
	unsigned from = clues_in(report->from) & CLUE_FROM, subject = clues_in(report->subject) & (CLUE_PLAIN | CLUE_SUBJECT);
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

	look->gave_up |= (meanings & 1 << GAVE_UP) != 0;
	report->says_failed |= (meanings & (1 << FAILED | 1 << GAVE_UP)) != 0;
	report->says_delayed |= (meanings & 1 << DELAYED) != 0;
	report->says_delivered |= (meanings & 1 << DELIVERED) != 0;
}

static bool on_phrase(void *context, size_t number, size_t end)
{
	struct look *look = context;
	unsigned meanings = told[number].meanings;
	size_t begin = end > lengths[number] ? end - lengths[number] : 0;

	if (meanings & (1 << ENDS | 1 << HEADER) && ends_here(look, begin, end, !(meanings & 1 << ENDS)))
		return false;
	if (meanings & 1 << OPENS && look->report->opening == SIZE_MAX)
		look->report->opening = look->base + end;
	if (meanings & 1 << NAMES && look->report->naming == SIZE_MAX)
		look->report->naming = look->base + end;
	if (told[number].family >= 0)
		look->family[told[number].family] = true;
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

/* both, on lines of their own */
static struct text joined(struct arena *arena, struct text a, struct text b)
{
	char *both = arena_take(arena, a.n + 1 + b.n);

	memcpy(both, a.p, a.n);
	both[a.n] = '\n';
	memcpy(both + a.n + 1, b.p, b.n);
	return (struct text){ both, a.n + 1 + b.n };
}

static void look_at(struct look *look, struct text text)
{
	struct report *report = look->report;

	look->text = text;
	look->base = report->words.n ? report->words.n + 1 : 0;
	look->ends = look->original = text.n;
	phrases_seek(table, text, on_phrase, look);
	text = text_head(text, look->ends);
	if (text.n)
		report->words = report->words.n ? joined(report->arena, report->words, text) : text;
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

static bool on_subject(void *context, size_t number, size_t end)
{
	says(context, told[number].meanings);
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
			all = all.n ? joined(message_arena(message), all, value) : value;
	}
	return all;
}

bool report_open(struct message *message, struct report *report, const struct family **family)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct look look = { .report = report };

	pthread_once(&once, build);
	*report = (struct report){ .message = message, .arena = message_arena(message), .from = message_field(message, "From"),
				   .subject = message_field(message, "Subject"), .failed = failed_field(message),
				   .words = TEXT_NONE, .original_text = TEXT_NONE, .original = -1, .opening = SIZE_MAX, .naming = SIZE_MAX };
	if (!is_candidate(message, report))
		return false;
	look_at_all(&look, "text/plain");
	if (!text_trim(report->words).n)
		look_at_all(&look, "text/html");
	phrases_seek(table, report->subject, on_subject, &look);
	report->says_delayed &= !look.gave_up;
	report->action = report->says_delayed ? RETURN_DELAYED : report->says_delivered && !report->says_failed ? RETURN_DELIVERED : RETURN_FAILED;
	report->original = returned_part(message);
	*family = family_of(&look);
	return true;
}
