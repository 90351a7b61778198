/* SPDX-License-Identifier: Apache-2.0 */
/* The status decides where it can; where it leaves open what happened (5.0.0, 5.1.0, 5.2.1, 5.5.0, 5.7.1, or no
 * status at all) the words do. They are folded first: lower case, and whatever is no letter and no digit becomes
 * one blank, so that "User-Unknown" and "user  unknown:" read alike. A phrase is then looked for only where a word
 * begins, among those with the same first letter. A blank at the end of a phrase asks for a whole word. */
#include "intake/reason.h"

enum { REPLY_MAX = 384, STATUS_WITHIN = 120, ADDRESS_MAX = 320 };

/* what a phrase says; of several the last in this order is believed */
enum voice {
	SILENT,
	PERHAPS, /* an unknown user, if nothing else is said */
	DOUBT,   /* then it is not that */
	SPAM,
	UNKNOWN,
	OTHER,   /* says clearly that neither the address nor the content was the matter */
};

struct row {
	const char *words;
	uint8_t n, voice;
	char status[6]; /* prefix that it is bound to; empty: any */
};

#define SAYS(words, voice) { words, sizeof(words) - 1, voice, "" }
#define SAYS_WITH(status, words, voice) { words, sizeof(words) - 1, voice, status }
#define LETTER (const struct row[])
#define END { NULL, 0, SILENT, "" }

static const struct row *const phrases[256] = {
	['a'] = LETTER{ SAYS("access denied", DOUBT), SAYS_WITH("5.1.0", "address rejected", UNKNOWN),
			SAYS("address rejected", PERHAPS), SAYS("address unknown", UNKNOWN),
			SAYS("address not found", UNKNOWN), SAYS("address does not exist", UNKNOWN),
			SAYS("address invalid", UNKNOWN), SAYS("address is not valid", UNKNOWN),
			SAYS("addressee unknown", UNKNOWN), SAYS("account not found", UNKNOWN),
			SAYS("account does not", UNKNOWN), SAYS("account unknown", UNKNOWN), SAYS("antispam", SPAM),
			SAYS("aup ", SPAM), SAYS("auth required", OTHER), SAYS("authentication required", OTHER),
			SAYS("authentication is required", OTHER), END },
	['b'] = LETTER{ SAYS("blocked", SPAM), SAYS("block list", SPAM), SAYS("blocklist", SPAM),
			SAYS("blacklist", SPAM), SAYS("black list", SPAM), SAYS("blocking", SPAM), SAYS("banned", SPAM),
			SAYS("bl ", SPAM), SAYS("bulk", SPAM), SAYS("bad destination", UNKNOWN),
			SAYS("bad address", UNKNOWN), END },
	['c'] = LETTER{ SAYS("could not be found", UNKNOWN), SAYS("cannot be found", UNKNOWN),
			SAYS("can t be found", UNKNOWN), SAYS("content rejected", SPAM), SAYS("content filter", SPAM),
			SAYS("complaints", SPAM), SAYS("cloudmark", SPAM), END },
	['d'] = LETTER{ SAYS("does not exist", UNKNOWN), SAYS("doesn t exist", UNKNOWN),
			SAYS("does not have an account", UNKNOWN), SAYS("doesn t have a", UNKNOWN),
			SAYS("domain not found", UNKNOWN), SAYS("domain name not found", UNKNOWN),
			SAYS("domain of sender", OTHER), SAYS("denylist", SPAM), SAYS("deny list", SPAM),
			SAYS("dnsbl", SPAM), SAYS("dkim ", OTHER), SAYS("dmarc ", OTHER), SAYS("disabled", DOUBT),
			SAYS("disk full", OTHER), END },
	['e'] = LETTER{ SAYS("existiert nicht", UNKNOWN), SAYS("exceeds", OTHER), END },
	['f'] = LETTER{ SAYS("full ", DOUBT), END },
	['g'] = LETTER{ SAYS("greylist", OTHER), SAYS("grey list", OTHER), SAYS("graylist", OTHER),
			SAYS("gray list", OTHER), END },
	['h'] = LETTER{ SAYS("host unknown", UNKNOWN), SAYS("host not found", UNKNOWN),
			SAYS("host or domain name not found", UNKNOWN), SAYS("harmful", SPAM), SAYS("hop count", OTHER),
			END },
	['i'] = LETTER{ SAYS("invalid recipient", UNKNOWN), SAYS("invalid mailbox", UNKNOWN),
			SAYS("invalid user", UNKNOWN), SAYS("invalid local part", UNKNOWN),
			SAYS("invalid rcpt", UNKNOWN), SAYS("invalid address", UNKNOWN), SAYS("illegal alias", UNKNOWN),
			SAYS("illegal user", UNKNOWN), SAYS("is not a valid", UNKNOWN), SAYS("is not a known", UNKNOWN),
			SAYS("isn t a valid", UNKNOWN), SAYS("is unknown", UNKNOWN), SAYS("is not known", UNKNOWN),
			SAYS("inconnu", UNKNOWN), SAYS("insufficient", OTHER), END },
	['j'] = LETTER{ SAYS("junk", SPAM), END },
	['l'] = LETTER{ SAYS("listed in", SPAM), SAYS("listed on", SPAM), SAYS("listed by", SPAM),
			SAYS("listed at", SPAM), SAYS("locked", DOUBT), SAYS("loop ", OTHER), END },
	['m'] = LETTER{ SAYS("mailbox not found", UNKNOWN), SAYS("mailbox unknown", UNKNOWN),
			SAYS("mailbox does not", UNKNOWN), SAYS("mailbox is unknown", UNKNOWN),
			SAYS("mailbox unavailable", PERHAPS), SAYS("mailbox not available", PERHAPS),
			SAYS("mailbox full", OTHER), SAYS("mailbox is full", OTHER), SAYS("mailbox size", OTHER),
			SAYS("malware", SPAM), SAYS("must authenticate", OTHER), END },
	['n'] = LETTER{ SAYS("no such user", UNKNOWN),
			SAYS("no such recipient", UNKNOWN),
			SAYS("no such mailbox", UNKNOWN),
			SAYS("no such address", UNKNOWN),
			SAYS("no such account", UNKNOWN),
			SAYS("no such person", UNKNOWN),
			SAYS("no such local", UNKNOWN),
			SAYS("no such domain", UNKNOWN),
			SAYS("no such host", UNKNOWN),
			SAYS("no such email", UNKNOWN),
			SAYS("no mailbox", UNKNOWN),
			SAYS("no account", UNKNOWN),
			SAYS("no user", UNKNOWN),
			SAYS("no longer", UNKNOWN),
			SAYS("no valid recipients", PERHAPS),
			SAYS("no smtp service", UNKNOWN),
			SAYS("non existent host", UNKNOWN),
			SAYS("nonexistent", UNKNOWN),
			SAYS("nxdomain", UNKNOWN),
			SAYS("null mx", UNKNOWN),
			SAYS("not a valid user", UNKNOWN),
			SAYS("not a valid mailbox", UNKNOWN),
			SAYS("not listed in", UNKNOWN),
			SAYS("not our customer", UNKNOWN),
			SAYS("not local and can t route", UNKNOWN),
			SAYS("not permitted to relay", OTHER),
			END },
	['o'] = LETTER{ SAYS("over quota", OTHER), SAYS("overquota", OTHER), END },
	['p'] = LETTER{ SAYS("policy reason", SPAM), SAYS("policy", DOUBT), SAYS("phish", SPAM), SAYS("ptr ", OTHER),
			END },
	['q'] = LETTER{ SAYS("quota ", OTHER), END },
	['r'] = LETTER{ SAYS("recipient unknown", UNKNOWN),
			SAYS("recipient not found", UNKNOWN),
			SAYS("recipient does not", UNKNOWN),
			SAYS("recipient not recognized", UNKNOWN),
			SAYS("recipient address is not", UNKNOWN),
			SAYS("recipnotfound", UNKNOWN),
			SAYS("recipientnotfound", UNKNOWN),
			SAYS("recipient address rejected", PERHAPS),
			SAYS("recipient rejected", PERHAPS),
			SAYS_WITH("5.4.1", "recipient address rejected access denied", UNKNOWN),
			SAYS("reputation", SPAM),
			SAYS("rbl", SPAM),
			SAYS("relaying", OTHER),
			SAYS("relay access", OTHER),
			SAYS("relay denied", OTHER),
			SAYS("relay not", OTHER),
			SAYS("relay prohibited", OTHER),
			SAYS("reverse dns", OTHER),
			SAYS("rdns ", OTHER),
			SAYS("rate limit", OTHER),
			END },
	['s'] = LETTER{ SAYS("spam", SPAM), SAYS("suspicious", SPAM), SAYS("sorbs ", SPAM), SAYS("surbl ", SPAM),
			SAYS("senderscore", SPAM), SAYS("spf ", OTHER), SAYS("sender policy framework", OTHER),
			SAYS("sender address rejected", OTHER), SAYS("sender rejected", DOUBT),
			SAYS("sender denied", OTHER), SAYS("sender verif", OTHER), SAYS("size limit", OTHER),
			SAYS("smtp auth", OTHER), SAYS("sconosciuto", UNKNOWN), SAYS("suspended", DOUBT), END },
	['t'] = LETTER{ SAYS("too large", OTHER), SAYS("too big", OTHER), SAYS("too many connections", OTHER),
			SAYS("too many recipients", OTHER), SAYS("temporar", DOUBT), SAYS("try again", DOUBT), END },
	['u'] = LETTER{ SAYS("user unknown", UNKNOWN),
			SAYS("unknown user", UNKNOWN),
			SAYS("user not found", UNKNOWN),
			SAYS("user not known", UNKNOWN),
			SAYS("user is unknown", UNKNOWN),
			SAYS("user does not", UNKNOWN),
			SAYS("user doesn t", UNKNOWN),
			SAYS("unknown recipient", UNKNOWN),
			SAYS("unknown address", UNKNOWN),
			SAYS("unknown mailbox", UNKNOWN),
			SAYS("unknown account", UNKNOWN),
			SAYS("unknown local part", UNKNOWN),
			SAYS("unknown or illegal", UNKNOWN),
			SAYS("unknown host", UNKNOWN),
			SAYS("unrouteable", UNKNOWN),
			SAYS("unroutable", UNKNOWN),
			SAYS("undeliverable address", UNKNOWN),
			SAYS("unbekannt", UNKNOWN),
			SAYS("unsolicited", SPAM),
			SAYS("uribl", SPAM),
			SAYS("uce ", SPAM),
			SAYS("ube ", SPAM),
			SAYS("unable to relay", OTHER),
			END },
	['v'] = LETTER{ SAYS("virus", SPAM), END },
	[0xe4] = LETTER{ SAYS("不明なユーザ", UNKNOWN), SAYS("不明な宛先", UNKNOWN), END },
	[0xe5] = LETTER{ SAYS("存在しません", UNKNOWN), SAYS("存在しない", UNKNOWN), SAYS("宛先不明", UNKNOWN),
			 SAYS("容量", OTHER), END },
	[0xe8] = LETTER{ SAYS("見つかりません", UNKNOWN), SAYS("迷惑メール", SPAM), END },
};

/* what the status says by itself; SILENT: the words must tell */
static const struct {
	char status[8];
	uint8_t voice;
} statuses[] = {
	{ "5.1.1", UNKNOWN }, { "5.1.2", UNKNOWN }, { "5.1.3", UNKNOWN }, { "5.1.6", UNKNOWN },
	{ "5.4.4", UNKNOWN }, { "5.4.310", UNKNOWN },
	{ "5.1.7", OTHER }, { "5.1.8", OTHER }, { "5.2.2", OTHER }, { "5.2.3", OTHER }, { "5.3.4", OTHER },
	{ "5.4.6", OTHER }, { "5.4.7", OTHER }, { "5.7.2", OTHER }, { "5.7.8", OTHER },
};

static bool digit(char c)
{
	return (unsigned)(c - '0') < 10;
}

/* "5.1.1" at the start of t, which must end there */
static bool status_at(struct text t, struct text *status)
{
	size_t n = 1;

	if (t.n < 5 || (t.p[0] != '5' && t.p[0] != '4' && t.p[0] != '2'))
		return false;
	for (int part = 0; part < 2; part++) {
		size_t start = n + 1;

		if (n >= t.n || t.p[n] != '.')
			return false;
		for (n++; n < t.n && n < start + 3 && digit(t.p[n]); n++)
			;
		if (n == start)
			return false;
	}
	if (n < t.n && (digit(t.p[n]) || t.p[n] == '.'))
		return false;
	*status = text_head(t, n);
	return true;
}

/* the status that stands in the reply, else its code as the class: "450 …" as "4" */
static struct text status_in(struct text reply, struct text dsn)
{
	size_t within = reply.n < STATUS_WITHIN ? reply.n : STATUS_WITHIN;
	struct text status;

	for (size_t i = 0; i < within; i++)
		if (digit(reply.p[i]) &&
		    (i == 0 || reply.p[i - 1] == ' ' || reply.p[i - 1] == '-' || reply.p[i - 1] == '#') &&
		    status_at(text_after(reply, i), &status))
			return status;
	if (dsn.n == 0 && reply.n > 3 && digit(reply.p[0]) && digit(reply.p[1]) && digit(reply.p[2]))
		return text_head(reply, 1);
	return dsn;
}

/* Postfix: "host mx.example.org[192.0.2.1] said: 550 …": the host's name is none of its words */
static struct text spoken(struct text reply)
{
	struct text said;

	return text_starts(reply, TEXT("host ")) && text_behind(reply, TEXT(" said: "), &said) ? said : reply;
}

/* letters, digits and whatever is not ASCII stay, in lower case; all else (0) is a blank */
static const unsigned char folded[256] = {
	['a'] = 'a', 'b', 'c', 'd', 'e',         'f', 'g', 'h', 'i', 'j', 'k',         'l', 'm', 'n', 'o', 'p',
	'q',         'r', 's', 't', 'u',         'v', 'w', 'x', 'y', 'z', ['A'] = 'a', 'b', 'c', 'd', 'e', 'f',
	'g',         'h', 'i', 'j', 'k',         'l', 'm', 'n', 'o', 'p', 'q',         'r', 's', 't', 'u', 'v',
	'w',         'x', 'y', 'z', ['0'] = '0', '1', '2', '3', '4', '5', '6',         '7', '8', '9',
};

/* how long the "<address>" at the start of t is; 0 where there is none */
static size_t address_length(struct text t)
{
	struct text within = text_head(t, t.n < ADDRESS_MAX ? t.n : ADDRESS_MAX);
	size_t end = text_find(within, '>');

	return end < within.n && text_find(text_head(within, end), '@') < end ? end : 0;
}

/* writes the folded words and where each begins; *n is how many bytes they are */
static size_t fold(struct text reply, unsigned char to[REPLY_MAX + 1], uint16_t starts[REPLY_MAX], size_t *n)
{
	size_t at = 0, count = 0;
	bool between = true; /* words */

	for (size_t i = 0; i < reply.n && at < REPLY_MAX; i++) {
		unsigned char raw = (unsigned char)reply.p[i], c = raw < 0x80 ? folded[raw] : raw;

		if (raw == '<')
			i += address_length(text_after(reply, i));
		if (c && (between || raw >= 0x80))
			starts[count++] = (uint16_t)at;
		if (c || !between)
			to[at++] = c ? c : ' ';
		between = !c;
	}
	to[at] = ' ';
	*n = at + 1;
	return count;
}

static bool says(const struct row *row, struct text dsn, const unsigned char *words, size_t n)
{
	return words[1] == (unsigned char)row->words[1] && row->n <= n && memcmp(words, row->words, row->n) == 0 &&
	       (row->status[0] == '\0' || text_starts(dsn, text_of(row->status)));
}

static enum voice voice_of(struct text dsn, struct text reply)
{
	unsigned char words[REPLY_MAX + 1];
	uint16_t starts[REPLY_MAX];
	size_t n, count = fold(reply, words, starts, &n);
	enum voice voice = SILENT;

	for (size_t i = 0; i < count && voice < OTHER; i++)
		for (const struct row *row = phrases[words[starts[i]]]; row && row->words; row++)
			if (row->voice > voice && says(row, dsn, words + starts[i], n - starts[i]))
				voice = row->voice;
	return voice;
}

enum event_reason reason_of(struct text dsn, struct text reply)
{
	enum voice voice = SILENT;

	reply = spoken(reply);
	if (dsn.n == 0 || text_ends(dsn, TEXT(".0.0")))
		dsn = status_in(reply, dsn);
	if (dsn.n && dsn.p[0] == '2')
		return REASON_NONE;
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses && voice == SILENT; i++)
		if (text_starts(dsn, text_of(statuses[i].status)))
			voice = statuses[i].voice;
	if (voice == SILENT)
		voice = voice_of(dsn, reply);
	if (voice == SPAM)
		return REASON_SPAM;
	if (dsn.n && dsn.p[0] == '4') /* not yet: nobody knows whether the address is dead */
		return REASON_OTHER;
	return voice == UNKNOWN || voice == PERHAPS ? REASON_UNKNOWN_USER : REASON_OTHER;
}
