/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in INBOX, and whose it is. */
#include <stdlib.h>
#include <string.h>

#include "attribution/came_back.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "cli/flood.h"
#include "gate/control.h"
#include "report/value.h"

struct reading {
	struct flood *flood;
	struct message *message;
	json_t *mails;       /* of the next question */
	json_t *about;       /* of each, what is shown of it */
	size_t bytes, first; /* of the question; the first mail that it is about */
	uint64_t done_bytes;
	struct progress progress;
};

/* ---- whose */

/* Answers of people, and complaints in their own words, are for the owner to read. */
static bool is_return(const struct inspection *inspection)
{
	switch (inspection->kind) {
	case MAIL_BOUNCE:
	case MAIL_DELAY:
	case MAIL_DELIVERED:
	case MAIL_AUTO_REPLY:
	case MAIL_CHALLENGE: return true;
	case MAIL_COMPLAINT: return inspection->complaint.format != COMPLAINT_FREEFORM;
	default: return false;
	}
}

/* Only what is certain. An unfamiliar place alone is no attack: the owner may travel. */
static bool is_of_attack(const struct flood *flood, const struct attribution *whose)
{
	if (!whose->certain)
		return false;
	if (whose->verdict == OWNER_SPOOFED)
		return flood->spoofed;
	if (whose->verdict != OWNER_HIJACKED)
		return false;
	return whose->incident || (flood->by_person && whose->sent_us != WHEN_NONE && whose->sent_us >= flood->since_us &&
				   strcmp(whose->account, field_text(flood->known, "account")) == 0);
}

static void settle(struct reading *reading, struct flood_mail *mail, const json_t *answer, json_t *about)
{
	struct flood *flood = reading->flood;
	json_t *list;

	attribution_from_json(answer, &mail->whose);
	mail->moves = is_of_attack(flood, &mail->whose);
	if (!mail->whose.certain && mail->uid >= flood->seen_uid && !flood->open_uid)
		flood->open_uid = mail->uid;
	list = mail->moves ? flood->examples : flood->staying;
	if (json_array_size(list) >= FLOOD_EXAMPLES)
		return;
	json_object_set_new(about, "whose", json_string(owner_verdict_name(mail->whose.verdict)));
	json_array_append(list, about);
}

static void ask_whose(struct reading *reading)
{
	struct flood *flood = reading->flood;
	json_t *answer = NULL, *answers;
	size_t count = json_array_size(reading->mails);

	if (!count || flood->status)
		return;
	flood->status = flood_ask(flood, json_pack("{s:s, s:O, s:O}", "verb", "flood whose", "account", json_object_get(flood->known, "account"), "mails",
						   reading->mails), &answer);
	answers = json_object_get(answer, "answers");
	if (!flood->status && json_array_size(answers) != count) {
		cli_complain("%s", _("the daemon leaves the question unanswered whose the mails are"));
		flood->status = CLI_AWAY;
	}
	for (size_t i = 0; !flood->status && i < count; i++)
		settle(reading, &flood->mails[reading->first + i], json_array_get(answers, i), json_array_get(reading->about, i));
	json_decref(answer);
	json_array_clear(reading->mails);
	json_array_clear(reading->about);
	reading->first = flood->count;
	reading->bytes = 0;
}

/* ---- mails */

static json_t *about_of(struct message *message, const struct inspection *inspection)
{
	struct text subject = inspection->original.subject.n ? inspection->original.subject : message_field(message, "Subject");
	struct text to = inspection->recipient_count ? inspection->recipients[0].address : message_field(message, "From");
	json_t *about = json_pack("{s:s}", "kind", mail_kind_name(inspection->kind));
	char *text = memory_copy(subject.p, subject.n), *who = memory_copy(to.p, to.n);

	json_object_set_new(about, "about", value_text(who));
	json_object_set_new(about, "subject", value_text(text));
	free(text);
	free(who);
	return about;
}

static void add(struct reading *reading, uint32_t uid, const struct inspection *inspection, struct text bytes)
{
	struct flood *flood = reading->flood;
	json_t *mail = came_back_json(reading->message, inspection, bytes);
	size_t n = json_dumpb(mail, NULL, 0, JSON_COMPACT) + 1;

	if (reading->bytes + n > FLOOD_QUESTION_MAX || json_array_size(reading->mails) == CONTROL_MAILS_MAX)
		ask_whose(reading);
	MEMORY_ROOM(flood->mails, flood->count, flood->room);
	flood->mails[flood->count++] = (struct flood_mail){ .uid = uid, .kind = inspection->kind };
	json_array_append_new(reading->mails, mail);
	json_array_append_new(reading->about, about_of(reading->message, inspection));
	reading->bytes += n;
}

static void take_mail(void *context, uint32_t uid, struct text bytes)
{
	struct reading *reading = context;
	struct flood *flood = reading->flood;
	struct inspection inspection;
	struct error error;

	if (flood->status)
		return;
	reading->done_bytes += bytes.n;
	progress_show(&reading->progress, reading->done_bytes);
	flood->looked_at++;
	if (!inspect_mail(reading->message, bytes, NULL, &inspection, &error))
		flood->unreadable++;
	else if (is_return(&inspection))
		add(reading, uid, &inspection, bytes);
}

int flood_read(struct flood *flood)
{
	struct reading reading = { .flood = flood, .mails = json_array(), .about = json_array() };
	struct folders_mail *mails = NULL;
	struct error error;
	size_t count = 0;
	uint64_t bytes = 0;

	if (!folders_list(flood->folders, "INBOX", flood->from_uid, flood->since_us / SECOND_US, &mails, &count, &error)) {
		cli_complain("%s", error.text);
		flood->status = CLI_AWAY;
	}
	for (size_t i = 0; i < count; i++)
		bytes += mails[i].bytes;
	progress_begin(&reading.progress, bytes);
	reading.message = message_new();
	if (!flood->status && !folders_fetch(flood->folders, "INBOX", mails, count, take_mail, &reading, &error)) {
		cli_complain("%s", error.text);
		flood->status = CLI_AWAY;
	}
	ask_whose(&reading);
	progress_end(&reading.progress);
	message_free(reading.message);
	json_decref(reading.mails);
	json_decref(reading.about);
	free(mails);
	return flood->status;
}
