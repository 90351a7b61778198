/* SPDX-License-Identifier: Apache-2.0 */
/* A mail as a person is told of it: what it is first, then who, why, and what it is about. */
#include "report/inspection.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "mail/defang.h"
#include "mail/phishing.h"
#include "report/block.h"
#include "report/show.h"
#include "report/words.h"

enum { INDENT = 2, LABEL = 16, RECIPIENTS = 20, LINKS = 20, WORDS_BYTES = 600 };

/* ---- lines */

/* frees the value */
static void labelled(struct terminal *t, const char *label, char *value)
{
	block_labelled(t, INDENT, LABEL, label, value);
	free(value);
}

static void below(struct terminal *t, char *value)
{
	terminal_pad(t, LABEL);
	terminal_wrap(t, LABEL, value);
	free(value);
}

/* cut where it is very long, at a character */
static char *copy_of(struct text text)
{
	size_t n = text.n;

	if (n <= WORDS_BYTES)
		return memory_copy(text.p, n);
	for (n = WORDS_BYTES; n && ((unsigned char)text.p[n] & 0xc0) == 0x80; n--)
		;
	return show_format("%.*s…", (int)n, text.p);
}

/* words of strangers, in which links stand: they are not to be followed by mistake */
static char *harmless(struct text text)
{
	struct arena arena = { 0 };
	char *copy = copy_of(text_holds(text, TEXT("://")) ? defang(&arena, text) : text);

	arena_done(&arena);
	return copy;
}

static void labelled_text(struct terminal *t, const char *label, struct text text)
{
	if (text.n)
		labelled(t, label, harmless(text));
}

/* ---- what it is */

static const char *kind_words(enum mail_kind kind)
{
	static const char *const words[MAIL_KINDS] = {
		[MAIL_OTHER] = N_("Another mail: none of what comes back"),
		[MAIL_BOUNCE] = N_("A bounce: a mail could not be delivered"),
		[MAIL_DELAY] = N_("A delay: the server goes on trying"),
		[MAIL_DELIVERED] = N_("A receipt: a mail was delivered"),
		[MAIL_AUTO_REPLY] = N_("An automatic answer"),
		[MAIL_COMPLAINT] = N_("A complaint about abuse"),
		[MAIL_CHALLENGE] = N_("A filter's challenge: it wants the sender to prove himself"),
		[MAIL_NOTICE] = N_("A false notice: phishing"),
	};

	return _(words[kind]);
}

static const char *reason_words(enum return_reason reason)
{
	static const char *const words[RETURN_REASONS] = {
		[RETURN_USER_UNKNOWN] = N_("there is no such mailbox"),
		[RETURN_HOST_UNKNOWN] = N_("there is no such domain or host"),
		[RETURN_MAILBOX_FULL] = N_("the mailbox is full"),
		[RETURN_MAILBOX_DISABLED] = N_("the mailbox is shut"),
		[RETURN_BLOCKED] = N_("the sending server is blocked"),
		[RETURN_SPAM] = N_("it was taken for spam"),
		[RETURN_POLICY] = N_("a rule of the other server forbids it"),
		[RETURN_AUTH_FAILURE] = N_("the sender's domain did not vouch for it (SPF, DKIM, DMARC)"),
		[RETURN_TOO_BIG] = N_("it is too large"),
		[RETURN_CONTENT] = N_("its contents were refused"),
		[RETURN_RATE_LIMITED] = N_("too many mails at a time"),
		[RETURN_SYSTEM] = N_("the other server has a fault"),
		[RETURN_NETWORK] = N_("the other server could not be reached"),
		[RETURN_EXPIRED] = N_("the server gave up after trying for a long time"),
		[RETURN_RELAYING_DENIED] = N_("the other server is not the one for this address"),
		[RETURN_NO_SUCH_RELAY] = N_("there is no way to the other server"),
		[RETURN_MOVED] = N_("the mailbox has moved"),
		[RETURN_OTHER] = N_("the reason is not clear"),
	};

	return words[reason] ? _(words[reason]) : "";
}

static const char *answer_words(enum auto_reply_kind kind)
{
	static const char *const words[] = {
		[AUTO_REPLY_VACATION] = N_("somebody is away"),
		[AUTO_REPLY_ADDRESS_CHANGED] = N_("an address has changed"),
		[AUTO_REPLY_OTHER] = N_("a machine confirms or explains something"),
	};

	return _(words[kind]);
}

static const char *format_words(enum complaint_format format)
{
	static const char *const words[] = {
		[COMPLAINT_ARF] = N_("a feedback report (ARF)"),
		[COMPLAINT_XARF] = N_("a report in JSON (XARF)"),
		[COMPLAINT_FREEFORM] = N_("in somebody's own words"),
		[COMPLAINT_JMRP] = N_("Outlook's or Hotmail's form (JMRP)"),
	};

	return _(words[format]);
}

/* ---- recipients */

static const char *fate_of(const struct returned *returned)
{
	switch (returned->action) {
	case RETURN_DELAYED: return _("not delivered yet");
	case RETURN_DELIVERED: return _("delivered");
	case RETURN_RELAYED: return _("handed on");
	case RETURN_EXPANDED: return _("handed on to several");
	default: return returned->permanent ? _("failed for good") : _("failed this time");
	}
}

/* "550 5.1.1", or one of them, or nothing */
static char *codes_of(const struct returned *returned)
{
	char code[16] = "";

	if (returned->smtp_code)
		snprintf(code, sizeof code, returned->status.n ? "%d " : "%d", returned->smtp_code);
	return show_format("%s%.*s", code, TEXT_ARG(returned->status));
}

/* frees `codes` */
static char *outcome_of(const struct returned *returned, char *codes)
{
	const char *fate = fate_of(returned), *reason = reason_words(returned->reason);
	char *outcome;

	if (*reason)
		outcome = *codes ? show_format(_("%s: %s (%s)"), fate, reason, codes) : show_format(_("%s: %s"), fate, reason);
	else
		outcome = *codes ? show_format(_("%s (%s)"), fate, codes) : show_format("%s", fate);
	free(codes);
	return outcome;
}

static void put_recipient(struct terminal *t, const struct returned *returned)
{
	struct text address = returned->address.n ? returned->address : returned->original_address;

	labelled(t, _("Recipient"), address.n ? copy_of(address) : show_format("%s", _("(no address is named)")));
	below(t, outcome_of(returned, codes_of(returned)));
	if (returned->remote_mta.n)
		below(t, show_format(_("by %.*s"), TEXT_ARG(returned->remote_mta)));
	if (returned->diagnostic.n)
		below(t, harmless(returned->diagnostic));
}

static void put_recipients(struct terminal *t, const struct inspection *inspection)
{
	size_t shown = inspection->recipient_count < RECIPIENTS ? inspection->recipient_count : RECIPIENTS;
	char *rest;

	for (size_t i = 0; i < shown; i++)
		put_recipient(t, &inspection->recipients[i]);
	rest = words_more(inspection->recipient_count - shown);
	if (rest)
		below(t, rest);
}

/* ---- what it is about */

static void put_ip(struct terminal *t, const char *label, bool has, const struct ip *ip)
{
	if (has)
		labelled(t, label, show_format("%s", show_ip(SHOWN, ip, false)));
}

static void put_original(struct terminal *t, const struct original *original)
{
	labelled_text(t, _("About"), original->subject);
	labelled_text(t, _("Sender"), original->from);
	labelled_text(t, _("Addressed to"), original->to);
	if (original->date_us != WHEN_NONE)
		labelled(t, _("Sent"), show_format("%s", show_time(SHOWN, original->date_us)));
	else
		labelled_text(t, _("Sent"), original->date);
	put_ip(t, _("Sent from"), original->has_ip, &original->received_from_ip);
	labelled_text(t, _("Signed in as"), original->auth_user);
	labelled_text(t, _("Queue id"), original->queue_id);
	labelled_text(t, _("Message-ID"), original->message_id);
}

static void put_complaint(struct terminal *t, const struct complaint *complaint)
{
	labelled(t, _("Form"), show_format(_("%s, of kind %s"), format_words(complaint->format), complaint->type ? complaint->type : "other"));
	put_ip(t, _("Source"), complaint->has_ip, &complaint->source_ip);
	labelled_text(t, _("Domain"), complaint->reported_domain);
	if (complaint->arrival_us != WHEN_NONE)
		labelled(t, _("Arrived"), show_format("%s", show_time(SHOWN, complaint->arrival_us)));
	for (size_t i = 0; i < complaint->account_count && i < RECIPIENTS; i++)
		labelled_text(t, i ? "" : _("May be"), complaint->accounts[i]);
}

static void put_answer(struct terminal *t, const struct auto_reply *reply)
{
	labelled(t, _("It says"), show_format("%s", answer_words(reply->kind)));
	labelled_text(t, _("New address"), reply->new_address);
}

/* ---- phishing: links are defanged where they were found */

static void put_phishing(struct terminal *t, const char *label, const struct phishing *phishing)
{
	if (!phishing->sign_count)
		return;
	labelled(t, label, show_format(phishing->bits >= PHISHING_BITS ? _("phishing (%s bits)") : _("signs of it, too few to say so (%s bits)"),
				       show_bits(SHOWN, (double)phishing->bits, true)));
	for (size_t i = 0; i < phishing->sign_count; i++)
		below(t, show_format("%s %.*s", show_bits(SHOWN, (double)phishing->signs[i].bits, true), TEXT_ARG(phishing->signs[i].text)));
	for (size_t i = 0; i < phishing->url_count && i < LINKS; i++)
		labelled_text(t, i ? "" : _("Links"), phishing->urls[i]);
}

/* ---- whose it is, where a store was asked */

static void put_whose(struct terminal *t, const json_t *whose)
{
	const char *account = json_string_value(json_object_get(whose, "account"));
	const char *why = json_string_value(json_object_get(json_object_get(whose, "attribution"), "why"));

	if (account)
		labelled(t, _("Account"), show_format("%s", account));
	if (why)
		labelled(t, _("Whose"), show_format("%s", why));
}

/* ---- one mail */

static void put_name(struct terminal *t, const struct inspected *inspected)
{
	terminal_put(t, SHADE_BOLD, inspected->file);
	if (inspected->number)
		terminal_print(t, SHADE_DIM, _(", mail %llu"), (unsigned long long)inspected->number);
	terminal_end(t);
}

static void put_kind(struct terminal *t, const struct inspection *inspection, const json_t *notice)
{
	bool ours = json_is_true(json_object_get(notice, "ours")), copied = json_is_true(json_object_get(notice, "copied"));
	bool bad = !ours && (inspection->kind == MAIL_NOTICE || inspection->kind == MAIL_COMPLAINT);

	terminal_pad(t, INDENT);
	terminal_put(t, bad ? SHADE_RED : ours ? SHADE_GREEN : SHADE_PLAIN,
		     ours ? _("A notice of ours") : copied ? _("Not ours: the mark of a notice of ours was copied") : kind_words(inspection->kind));
	if (inspection->family)
		terminal_print(t, SHADE_DIM, _(" (%s)"), inspection->family);
	terminal_end(t);
}

static void put_notice(struct terminal *t, const json_t *notice)
{
	static const char *const fields[][2] = { { "why", N_("Why") }, { "code", N_("Code") }, { "to", N_("To") }, { "at", N_("Made") } };

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *value = json_string_value(json_object_get(notice, fields[i][0]));

		if (value)
			labelled(t, _(fields[i][1]), harmless(text_of(value)));
	}
}

static void put_inspection(struct terminal *t, const struct inspection *inspection, const json_t *notice)
{
	put_kind(t, inspection, notice);
	if (notice)
		put_notice(t, notice);
	put_recipients(t, inspection);
	if (inspection->kind == MAIL_AUTO_REPLY)
		put_answer(t, &inspection->auto_reply);
	if (inspection->kind == MAIL_COMPLAINT)
		put_complaint(t, &inspection->complaint);
	put_original(t, &inspection->original);
	put_phishing(t, _("Signs"), &inspection->phishing);
	put_phishing(t, _("What came back"), &inspection->returned_phishing);
	if (inspection->cut)
		labelled(t, _("Cut"), show_format("%s", _("it is very large or deep: what lies beyond the limits was not looked at")));
}

void inspection_text(const struct inspected *inspected, struct terminal *t)
{
	put_name(t, inspected);
	if (inspected->fault) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_YELLOW, _("cannot be read: "));
		terminal_wrap(t, LABEL, inspected->fault);
	} else if (inspected->inspection) {
		put_inspection(t, inspected->inspection, inspected->notice);
	}
	if (inspected->whose)
		put_whose(t, inspected->whose);
	terminal_end(t);
}

/* ---- all of them */

static const char *tally_words(enum mail_kind kind)
{
	static const char *const words[MAIL_KINDS] = {
		[MAIL_OTHER] = N_("other mails"),	  [MAIL_BOUNCE] = N_("bounces"),
		[MAIL_DELAY] = N_("delays"),		  [MAIL_DELIVERED] = N_("receipts"),
		[MAIL_AUTO_REPLY] = N_("automatic answers"), [MAIL_COMPLAINT] = N_("complaints"),
		[MAIL_CHALLENGE] = N_("challenges"),	  [MAIL_NOTICE] = N_("false notices"),
	};

	return _(words[kind]);
}

void inspection_tally(const uint64_t tally[MAIL_KINDS], uint64_t faults, struct terminal *t)
{
	uint64_t all = faults;
	struct grid grid;

	for (int i = 0; i < MAIL_KINDS; i++)
		all += tally[i];
	if (all < 2)
		return;
	grid_init(&grid, "lr");
	grid_cell(&grid, "%s", _("All mails"));
	grid_cell(&grid, "%s", show_count(SHOWN, all));
	for (int i = 1; i <= MAIL_KINDS; i++) {
		if (!tally[i % MAIL_KINDS])
			continue;
		grid_cell(&grid, "%s", tally_words((enum mail_kind)(i % MAIL_KINDS)));
		grid_cell(&grid, "%s", show_count(SHOWN, tally[i % MAIL_KINDS]));
	}
	if (faults) {
		grid_cell(&grid, "%s", _("not readable"));
		grid_cell(&grid, "%s", show_count(SHOWN, faults));
	}
	grid_done(&grid, t, INDENT);
}
