/* SPDX-License-Identifier: Apache-2.0 */
/* It is asked before all others, for some pose as delivery reports; so a mail is looked into only where its fields name such a filter, or
 * where a machine answered; and what it says must be more than a name: what became of the mail, and what its sender is to do. */
#include "mail/challenge.h"

#include <pthread.h>

#include "mail/fields.h"
#include "mail/phrases.h"

enum { FIELD_MAX = 300, TEXT_LOOKED_AT_MAX = 4000, LIST_MAX = 64 };

/* what a phrase tells */
enum word {
	NAME,   /* such a filter's name */
	HELD,   /* your mail waits, or was not seen */
	PROVE,  /* do this, and it will be seen */
	REASON, /* because of spam, and only once */
	LIST,   /* a list's owner decides, or one joins a list */
	WORDS,
};

/* in From, Reply-To or the name of the program */
static const char *const filters[] = {
	"boxbe.com", "bluebottle.com", "spamarrest", "spam arrest", "earthlink automatic reply", "spamblocker", "mailinblack", "mail in black",
	"knowspam", "antispam uol", "spam.uol.com.br", "as.uol.com.br", "active spam killer", "tmda", "qconfirm", "choicemail", "digiportal",
	"spamlion", "mailblocks", "sendio", "0spam", "vanquish", "spamcease", "ipermitmail", "totalblock", "usermanagedsolutions", "permitmail",
	"challenge/response", "challenge-response", "spamenmoins", "spam en moins", "spamstopshere challenge", "cleanmymailbox", "(conf#",
};

static const struct {
	enum word word;
	const char *phrases[LIST_MAX];
} words[] = {
	{ NAME,
	  { "boxbe", "bluebottle", "spam arrest", "spamarrest.com", "spamblocker", "mailinblack", "knowspam", "antispam uol", "as.uol.com.br", "active spam killer", "tmda.net", "(tmda)",
	    "tagged message delivery agent", "qconfirm", "choicemail", "digiportal", "spamlion", "mailblocks", "sendio", "vanquish", "ipermitmail", "totalblock", "challenge/response", "mailfrontier", NULL } },
	{ HELD,
	  { "has been waitlisted", "your message was received at", "your message has been held", "your message is being held", "your email is being held", "your e-mail is being held", "is being held until",
	    "has not been delivered", "has not yet been delivered", "not been delivered yet", "delivery of your message", "before your message can be delivered", "before your email can be delivered",
	    "your message will be delivered", "your email will be delivered", "your e-mail will be delivered", "so your messages will go to", "i received your message about", "to ensure delivery of your",
	    "has been quarantined pending", "currently being held", "waiting for verification", "awaiting your confirmation", "awaiting confirmation", "pending verification", "i'm protecting myself from",
	    "i am protecting myself from", "this is an automatic reply to your e-mail message to", "automatic reply to your email message to", "your message to me", "message that you sent to", "n'a pas encore",
	    "votre message est en attente", "votre message a bien", "em quarentena", "foi encaminhada para", "esperando", "sua mensagem", "ihre nachricht wurde noch nicht", "ihre nachricht wird zur",
	    "メールは保留", "メールはまだ", "is waiting to be delivered", "to have it delivered", "配信を保留", "配信するには", "お届けするには", "メールを受け取るために", NULL } },
	{ PROVE,
	  { "click on the following link to have your address", "click the link below to be added", "click on the link below to be added", "click the link below to confirm", "click on the link below to confirm",
	    "click the link below to verify", "please add yourself to", "added to my guest list", "boxbe guest list", "to be added to my", "reply to this message to confirm", "simply reply to this", "just reply to this",
	    "please reply to this", "replying to this message", "by replying to this", "hit reply", "to confirm that you are", "confirm your message", "confirm that your message", "complete the verification",
	    "verify your email address by", "verify yourself", "verify that you are", "verify you are a", "prove that you are", "prove you are human", "identify yourself", "add me to your allowed list",
	    "request form", "click on the link below to complete", "click the link below to complete", "click on the link below", "click below to authenticate", "follow this link", "fill out the", "confirmation request",
	    "cliquez sur le lien", "cliquer sur le lien", "authentifier", "clique no link", "clique aqui", "haga clic", "klicken sie auf", "antworten sie", "confirme o envio", "confirmar o envio", "リンクをクリック", "urlをクリック", "click the link to confirm", "click this link to confirm", "認証してください", "認証を行って",
	    "このメールに返信", NULL } },
	{ REASON,
	  { "spam", "unsolicited", "junk e-mail", "junk email", "whitelist", "white list", "allowed list", "approved sender", "authorized sender", "guest list", "only need to do this once", "only have to do this once",
	    "only need to confirm once", "one-time", "one time", "this is a one", "in the future without", "future messages", "future emails", "you will not need to", "indésirable", "une seule fois", "liste blanche",
	    "uma única vez", "apenas uma vez", "una sola vez", "einmalig", "迷惑メール", "一度だけ", "you are a human", "you are human", "you are a person", "not a robot", "送信者認証", "送信者確認", "送信者の確認", "送信者の認証", NULL } },
	{ LIST,
	  { "moderator", "mailing list", "subscription", "subscribe", "newsletter", "your account has", "password", NULL } },
};

static struct phrases *field_table, *text_table;
static uint8_t word_of[WORDS * LIST_MAX];

static void build(void)
{
	const char *all[WORDS * LIST_MAX];
	size_t n = 0;

	field_table = phrases_new(filters, sizeof filters / sizeof *filters);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (const char *const *phrase = words[i].phrases; *phrase; phrase++) {
			all[n] = *phrase;
			word_of[n++] = (uint8_t)words[i].word;
		}
	text_table = phrases_new(all, n);
}

static bool on_name(void *context, size_t number, size_t end)
{
	*(bool *)context = true;
	return false;
}

static bool names_filter(const struct message *message)
{
	static const char *const places[] = { "From", "Subject", "Reply-To", "X-Delivery-Agent", "X-Mailer" };
	bool found = false;

	for (size_t i = 0; i < sizeof places / sizeof *places && !found; i++) {
		struct text value = message_field(message, places[i]);

		phrases_seek(field_table, text_head(value, value.n < FIELD_MAX ? value.n : FIELD_MAX), on_name, &found);
	}
	return found;
}

/* fields that only such filters write */
static bool has_field(const struct message *message)
{
	static const char *const only[] = { "X-Bluebottle-Request", "X-AskVersion", "X-Spamarrest-Noauth", "X-Boxbe-", "X-Sendio-", "X-qconfirm", "X-TMDA-Confirm" };
	const struct fields *fields = &message_part(message, 0)->fields;

	for (size_t i = 0; i < fields->count; i++)
		for (size_t k = 0; fields->field[i].name.n > 2 && strchr("Xx", fields->field[i].name.p[0]) && k < sizeof only / sizeof *only; k++)
			if (fields->field[i].name.n >= strlen(only[k]) && strncasecmp(fields->field[i].name.p, only[k], strlen(only[k])) == 0)
				return true;
	return false;
}

static bool is_server(const struct message *message)
{
	struct text from = message_field(message, "From");

	from = text_head(from, from.n < FIELD_MAX ? from.n : FIELD_MAX);
	return text_seek(from, "mailer-daemon") || text_seek(from, "postmaster") || text_seek(from, "mail delivery") ||
	       text_is(message_part(message, 0)->type, TEXT("multipart/report"));
}

/* a machine answers somebody */
static bool answers(const struct message *message)
{
	struct text path = TEXT_NONE, automatic = message_field(message, "Auto-Submitted"), precedence = message_field(message, "Precedence");

	if (text_seek(automatic, "auto-replied") || text_seek(precedence, "auto") || text_seek(precedence, "bulk") || text_seek(precedence, "junk"))
		return true;
	return fields_find(&message_part(message, 0)->fields, "Return-Path", &path) && (!path.n || text_is(path, TEXT("<>")));
}

static bool on_word(void *context, size_t number, size_t end)
{
	*(unsigned *)context |= 1u << word_of[number];
	return true;
}

static unsigned words_of(struct message *message)
{
	struct text text = message_body(message);
	unsigned heard = 0;

	phrases_seek(text_table, text_head(text, text.n < TEXT_LOOKED_AT_MAX ? text.n : TEXT_LOOKED_AT_MAX), on_word, &heard);
	return heard;
}

/* Without any field it has to say so in its subject, and everything in its text. */
static bool asks_in_subject(const struct message *message)
{
	static const char *const asks[] = { "confirm your message", "confirm your email", "confirm your e-mail", "confirm that you", "sender verification", "sender confirmation", "verify your message",
					    "verification required", "confirmation required", "送信者確認", "送信者認証", "送信者の確認", "送信者の認証" };
	struct text subject = message_field(message, "Subject");

	subject = text_head(subject, subject.n < FIELD_MAX ? subject.n : FIELD_MAX);
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		if (text_seek(subject, asks[i]))
			return true;
	return false;
}

static bool are_all(unsigned heard, unsigned wanted) { return (heard & wanted) == wanted; }

bool challenge_read(struct message *message)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	bool named, field;
	unsigned heard;

	pthread_once(&once, build);
	named = names_filter(message);
	field = has_field(message);
	if (!named && !field && (is_server(message) || (!answers(message) && !asks_in_subject(message))))
		return false;
	heard = words_of(message);
	if (field)
		return heard & (1u << HELD | 1u << PROVE);
	if (named)
		return are_all(heard, 1u << PROVE | 1u << REASON) || (heard & 1u << HELD && heard & (1u << NAME | 1u << PROVE));
	return are_all(heard, 1u << HELD | 1u << PROVE) && heard & (1u << NAME | 1u << REASON) && !(heard & 1u << LIST);
}
