/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/report_phrases.h"

#include <assert.h>
#include <pthread.h>

#include "mail/families.h"
#include "mail/phrases.h"

enum { PHRASES_MAX = 1500, FIELD_LOOK = 300 /* bytes */ };

static const struct {
	unsigned meaning;
	const char *const phrases[120]; /* small letters; ends with NULL */
} general[] = {
	{ REPORT_ENDS, {
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
	} },
	{ REPORT_HEADER, { "received: from ", "received: by ", "received: (", "received:from ", "return-path: ", "x-originalarrivaltime: ", "dkim-signature: ", NULL } },
	{ REPORT_OPENS, {
		"following address", "following recipient", "following user", "following destination", "following e-mail address", "following email address",
		"these recipients", "this recipient", "following people", "failed recipient", "failed addresses", "failed address", "intended recipient", "undeliverable address",
		"list of failed recipients", "did not reach", "did not receive", "addresses failed", "address failed", "recipients failed", "recipients have failed",
		"invalid final delivery userid", "has not yet been delivered is", "have not yet been delivered are", "list of recipients", "have failed with the following",
		"recipients were affected", "recipients returned permanent errors", "address(es) failed", "recipient(s)", "undeliverable to the following",
		"mail to the following", "to the following:", NULL,
	} },
	{ REPORT_NAMES, {
		"undeliverable to", "message was not delivered to", "could not be delivered to", "cannot be delivered to", "couldn't be delivered to", "not be delivered to",
		"wasn't delivered to", "not delivered to", "unable to deliver your message to", "unable to deliver message to", "unable to deliver mail to",
		"unable to deliver to", "unable to deliver your mail to", "failed to deliver", "failed to be delivered", "delivery to ", "delivery failed", "delivery has failed",
		"could not deliver", "delivery problems", "had problems", "failed delivery", "return your message", "your message could not be delivered",
		"message could not be delivered", "mail could not be delivered", "your message to", "following reason", "unable to deliver", "undelivered", "delivering your mail to",
		"following message to", "message addressed to", "sending your mail to", "addressed to", "delivery error", "your mail to", "your e-mail to", "your email to",
		"mail message to", "the message to", "send your message to", "rejected your message to", "couldn't deliver", "cannot deliver", "not possible to deliver",
		NULL,
	} },
	{ REPORT_FAILED, {
		"not be delivered", "n't be delivered", "not delivered", "n't delivered", "undeliver", "unable to deliver", "delivery failed", "delivery has failed",
		"delivery failure", "delivery error", "delivery problem", "failed to deliver", "failed delivery", "deliver failed", "fatal error", "permanent error",
		"user unknown", "unknown user", "unknown recipient", "no such user", "not reach", "could not deliver", "can not deliver", "cannot deliver",
		"was rejected", "has been rejected", "been refused", "message rejected", "address rejected",
		"returned mail", "returned to sender", "returning message to sender", "return your message", "returned to you", "nondeliver", "non-deliver", "not deliver",
		"address not found", "mail could not be sent", "message could not be sent", "message not sent", "failure notice", "delivery aborted", "no pudo ser", "nao pode ser",
		"nicht erreicht werden", "konnte nicht zugestellt", "nicht zugestellt", "unzustellbar", "pas pu être", "non è stato possibile", "impossibile recapitare", "kunne ikke",
		"kunde inte", "não pôde ser", "niet worden bezorgd", "niet afgeleverd", "nie można dostarczyć", "nie mogła zostać", "не может быть доставлено", "не доставлено",
		"无法投递", "无法送达", "未能送达", "退信", "無法傳遞", "전송하지 못했습니다", "送達できません", "お送りできません", "戻って", "malformed address", "配信でき", "届けることが",
		"届けでき", "送信でき", "配送でき", "アドレスが見つか",
		"宛先不明", "error transferring", "failed addresses", "unknown host", "host unknown", "failed recipient", "error has occurred while attempting to deliver", "error delivering",
		"no such account", "fatal delivery error", "no valid recipient", "no existe", "has been returned", "have to return", "trouble delivering", NULL,
	} },
	{ REPORT_GAVE_UP, { "given up", "giving up", "permanent error", "permanent fatal", "failed permanently", "permanent failure", "no further delivery attempts", "no further attempts", "returning message to sender", "gave up", NULL } },
	{ REPORT_DELAYED, {
		"warning message only", "not yet been delivered", "could not send message for", "could not send mail for", "will continue to try", "will keep trying",
		"delivery attempts will continue", "message will be retried", "will be retried for", "has been delayed", "delivery delayed", "delivery status notification (delay)",
		"delivery of your message has been delayed", "could not be delivered yet", "been delivered yet", "not need to resend", "delay reason:",
		"is still trying", "still being retried", "delivery is delayed", "temporarily delayed", "has been queued", "message delayed", "mail delayed", "delayed mail",
		"delivery incomplete", "continue trying", "is delayed for more than", "only a temporary failure", "will attempt to deliver", "had delays", "will be attempted", "still trying",
		"message is delayed", "will try again", "retry sending", "is still undelivered", "just a warning", "advisory-only", "has been postponed", "delivery attempts will continue to be made", "配信が遅れ", "遅延し", NULL,
	} },
	{ REPORT_DELIVERED, {
		"successful delivery notification", "successfully delivered", "delivered successfully", "successful mail delivery report", "delivery was successful",
		"successfully relayed", "relayed to a mailer that does not support", "(success)", NULL,
	} },
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

/* ---- the tables */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct phrases *words_table, *fields_table;
static struct report_phrase told[PHRASES_MAX];
static unsigned clues[PHRASES_MAX];

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

static void put_words(struct building *building, const char *const *list, unsigned meaning, int family)
{
	for (; *list; list++) {
		size_t n = number_of(building, *list);

		if (!told[n].length)
			told[n].family = -1;
		told[n].length = strlen(*list);
		told[n].meanings |= meaning;
		told[n].family = told[n].family < 0 ? family : told[n].family;
	}
}

static void put_clues(struct building *building, const char *const *list, unsigned clue)
{
	for (; *list; list++)
		clues[number_of(building, *list)] |= clue;
}

static void build(void)
{
	struct building words = { .count = 0 }, fields = { .count = 0 };

	for (size_t i = 0; i < sizeof general / sizeof *general; i++)
		put_words(&words, general[i].phrases, general[i].meaning, -1);
	for (int i = 0; families[i]; i++)
		put_words(&words, families[i]->phrases, 0, i);
	words_table = phrases_new(words.phrase, words.count);
	put_clues(&fields, daemons, CLUE_FROM);
	put_clues(&fields, plain_subjects, CLUE_PLAIN);
	put_clues(&fields, subjects, CLUE_SUBJECT);
	fields_table = phrases_new(fields.phrase, fields.count);
}

/* ---- looking */

struct look {
	bool (*found)(void *context, const struct report_phrase *phrase, size_t end);
	void *context;
};

static bool on_phrase(void *context, size_t number, size_t end)
{
	const struct look *look = context;

	return look->found(look->context, &told[number], end);
}

void report_phrases_seek(struct text words, bool (*found)(void *context, const struct report_phrase *phrase, size_t end), void *context)
{
	struct look look = { found, context };

	pthread_once(&once, build);
	phrases_seek(words_table, words, on_phrase, &look);
}

static bool on_clue(void *context, size_t number, size_t end)
{
	*(unsigned *)context |= clues[number];
	return true;
}

unsigned report_clues(struct text field)
{
	unsigned found = 0;

	pthread_once(&once, build);
	phrases_seek(fields_table, text_head(field, field.n < FIELD_LOOK ? field.n : FIELD_LOOK), on_clue, &found);
	return found;
}
