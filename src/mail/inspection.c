/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/inspection.h"

#include "mail/auto_reply.h"
#include "mail/bounce.h"
#include "mail/challenge.h"
#include "mail/complaint.h"
#include "mail/original.h"
#include "mail/phishing.h"
#include "mail/reason.h"

static const char *const kinds[] = { "other", "bounce", "delay", "delivered", "auto_reply", "complaint", "challenge", "notice" };
static const char *const reasons[RETURN_REASONS] = {
	"",         "user_unknown", "host_unknown", "mailbox_full", "mailbox_disabled", "blocked", "spam",    "policy",           "auth_failure",
	"too_big",  "content",      "rate_limited", "system",       "network",          "expired", "relaying_denied",
	"no_such_relay", "moved",   "other",
};
static const char *const actions[] = { "failed", "delayed", "delivered", "relayed", "expanded" };
static const char *const replies[] = { "vacation", "address_changed", "other" };
static const char *const formats[] = { "arf", "xarf", "freeform", "jmrp" };

const char *mail_kind_name(enum mail_kind kind) { return kinds[kind]; }
const char *return_reason_name(enum return_reason reason) { return reasons[reason]; }
const char *return_action_name(enum return_action action) { return actions[action]; }
const char *auto_reply_kind_name(enum auto_reply_kind kind) { return replies[kind]; }
const char *complaint_format_name(enum complaint_format format) { return formats[format]; }

/* Where a report names nobody at all, the one to whom the mail was written is whom it did not reach. */
static void take_addressee(struct message *message, struct inspection *inspection, const struct returned *unnamed)
{
	static const enum return_action actions_of[] = { [MAIL_BOUNCE] = RETURN_FAILED, [MAIL_DELAY] = RETURN_DELAYED,
							 [MAIL_DELIVERED] = RETURN_DELIVERED };
	struct returned *returned;

	if (!inspection->original.to.n)
		return;
	returned = arena_take(message_arena(message), sizeof *returned);
	*returned = *unnamed;
	returned->address = inspection->original.to;
	returned->action = actions_of[inspection->kind];
	if (!returned->status.n)
		reason_codes(message_body(message), &returned->status, &returned->smtp_code);
	reason_judge(returned, message_body(message));
	if (returned->reason == RETURN_OTHER)
		reason_judge(returned, message_field(message, "Subject"));
	inspection->recipients = returned;
	inspection->recipient_count = 1;
}

static bool is_bounce(struct message *message, struct inspection *inspection)
{
	struct bounce bounce;

	if (!bounce_read(message, &bounce))
		return false;
	inspection->kind = bounce.kind;
	inspection->family = bounce.family;
	inspection->recipients = bounce.recipients;
	inspection->recipient_count = bounce.count;
	original_read(message, bounce.original, bounce.original_text, &inspection->original);
	if (!bounce.count)
		take_addressee(message, inspection, &bounce.unnamed);
	return true;
}

static bool is_complaint(struct message *message, struct inspection *inspection)
{
	if (!complaint_read(message, &inspection->complaint, &inspection->original))
		return false;
	inspection->kind = MAIL_COMPLAINT;
	return true;
}

static bool is_challenge(struct message *message, struct inspection *inspection)
{
	if (!challenge_read(message))
		return false;
	inspection->kind = MAIL_CHALLENGE;
	original_read(message, -1, TEXT_NONE, &inspection->original);
	return true;
}

static bool is_auto_reply(struct message *message, struct inspection *inspection)
{
	if (!auto_reply_read(message, &inspection->auto_reply))
		return false;
	inspection->kind = MAIL_AUTO_REPLY;
	original_read(message, -1, TEXT_NONE, &inspection->original);
	return true;
}

/* what programs send each other without a mail around it */
static bool is_bare_report(struct message *message, struct text bytes, struct inspection *inspection)
{
	if (!complaint_read_bare(message, bytes, &inspection->complaint, &inspection->original))
		return false;
	inspection->kind = MAIL_COMPLAINT;
	return true;
}

/* each fills what it knows, and leaves alone what it does not */
static bool (*const readers[])(struct message *message, struct inspection *inspection) = { is_challenge, is_bounce, is_complaint,
											       is_auto_reply };

/* what came back is what an account may have sent */
static void read_returned(struct message *message, const struct phishing_rules *rules, struct inspection *inspection)
{
	const struct original *original = &inspection->original;

	if (original->part > 0)
		phishing_read(message, original->part, rules, &inspection->returned_phishing);
	else if (original->body.n)
		phishing_read_text(message, original->body, rules, &inspection->returned_phishing);
}

bool inspect_mail(struct message *message, struct text bytes, const struct phishing_rules *rules, struct inspection *inspection,
		  struct error *error)
{
	bool is_mail;

	*inspection = (struct inspection){ .kind = MAIL_OTHER };
	original_clear(&inspection->original);
	is_mail = message_read(message, bytes, error);
	if ((!is_mail || text_starts(bytes, TEXT("{"))) && is_bare_report(message, bytes, inspection))
		return true;
	if (!is_mail)
		return false;
	for (size_t i = 0; i < sizeof readers / sizeof *readers && inspection->kind == MAIL_OTHER; i++)
		readers[i](message, inspection);
	phishing_read(message, 0, rules, &inspection->phishing);
	read_returned(message, rules, inspection);
	if (inspection->kind == MAIL_OTHER && inspection->phishing.bits >= PHISHING_BITS)
		inspection->kind = MAIL_NOTICE;
	inspection->cut = message_cut(message);
	return true;
}
