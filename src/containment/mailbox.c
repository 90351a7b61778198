/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/mailbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "containment/doveadm.h"
#include "containment/dovecot_answer.h"

enum { NUMBER_ROOM = 32, SET_ROOM = 2 * NUMBER_ROOM };

struct mailbox {
	struct doveadm *doveadm;
	char *user;
};

struct mailbox *mailbox_new(const char *url, const char *key, const char *user, struct error *error)
{
	struct mailbox *mailbox;
	struct doveadm *doveadm = NULL;

	if (!*url)
		error_set(error, _("doveadm is not set up (doveadm_url)"));
	else
		doveadm = doveadm_new(url, key, MAILBOX_ANSWER_MAX, MAILBOX_PATIENCE_MS, error);
	if (!doveadm)
		return NULL;
	mailbox = memory_zero(1, sizeof *mailbox);
	mailbox->doveadm = doveadm;
	mailbox->user = memory_copy(user, strlen(user));
	return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
	if (!mailbox)
		return;
	doveadm_free(mailbox->doveadm);
	free(mailbox->user);
	free(mailbox);
}

/* ---- one command and its answer */

struct heard {
	void (*row)(void *context, const json_t *row);
	void *context;
	bool heard, failed;
	int exit_code;
	char fault[DOVECOT_FAULT_MAX];
};

static void on_reply(void *context, const struct dovecot_reply *reply)
{
	struct heard *heard = context;
	const json_t *rows = json_array_get(reply->value, 1), *row;
	size_t i;

	heard->heard = true;
	if (reply->failed) {
		heard->failed = true;
		heard->exit_code = reply->exit_code;
		text_copy(heard->fault, sizeof heard->fault, text_of(reply->fault));
		return;
	}
	if (heard->row)
		json_array_foreach((json_t *)rows, i, row)
			heard->row(heard->context, row);
}

/* takes `parameters`; `may_fail`: an exit code that is no failure (0: none) */
static bool ask(struct mailbox *mailbox, const char *command, json_t *parameters, int may_fail, struct heard *heard, struct error *error)
{
	json_t *whole = parameters ? json_pack("[[s, o, s]]", command, parameters, "1") : NULL;
	char *body = whole ? json_dumps(whole, JSON_COMPACT) : NULL;
	struct text answer;
	struct error why;
	bool too_long, asked;

	json_decref(whole);
	if (!body)
		return error_set(error, _("%s of '%s': the name is no UTF-8"), command, mailbox->user);
	asked = doveadm_post(mailbox->doveadm, body, &answer, &too_long, &why) && dovecot_answer_each(answer, on_reply, heard, &why);
	free(body);
	if (!asked)
		return error_set(error, _("%s of '%s': %s"), command, mailbox->user, why.text);
	if (heard->failed && (!may_fail || heard->exit_code != may_fail))
		return error_set(error, _("%s of '%s': doveadm says %s, exit code %d"), command, mailbox->user, heard->fault, heard->exit_code);
	return heard->heard || error_set(error, _("%s of '%s': doveadm left the question unanswered"), command, mailbox->user);
}

static uint64_t number_in(const json_t *row, const char *field, uint64_t most)
{
	const char *text = json_string_value(json_object_get(row, field));
	uint64_t number = 0;

	return text && text_number(text_of(text), most, &number) ? number : 0;
}

/* ---- UIDs as a set: "1:9,12" */

struct set {
	char *text;
	size_t n, room;
};

static void add_range(struct set *set, uint32_t first, uint32_t last)
{
	if (set->room - set->n < SET_ROOM) {
		set->room = (set->room + SET_ROOM) * 2;
		set->text = memory_resize(set->text, set->room, 1);
	}
	set->n += (size_t)snprintf(set->text + set->n, SET_ROOM, first == last ? "%s%" PRIu32 : "%s%" PRIu32 ":%" PRIu32, set->n ? "," : "", first,
				   last);
}

static char *set_of(const uint32_t *uids, size_t count)
{
	struct set set = { 0 };

	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && uids[end] == uids[end - 1] + 1; end++)
			;
		add_range(&set, uids[i], uids[end - 1]);
	}
	return set.text;
}

/* ---- what is there */

struct listing {
	struct mailbox_mail *mails;
	size_t count, room;
};

static void add_mail(void *context, const json_t *row)
{
	struct listing *listing = context;
	struct mailbox_mail mail = { .uid = (uint32_t)number_in(row, "uid", UINT32_MAX), .bytes = number_in(row, "size.physical", INT64_MAX) };
	const char *guid = json_string_value(json_object_get(row, "guid"));

	if (!mail.uid || listing->count == MAILBOX_LISTED_MAX)
		return;
	text_copy(mail.guid, sizeof mail.guid, text_of(guid ? guid : ""));
	MEMORY_ROOM(listing->mails, listing->count, listing->room);
	listing->mails[listing->count++] = mail;
}

static int by_uid(const void *a, const void *b)
{
	const struct mailbox_mail *one = a, *other = b;

	return (one->uid > other->uid) - (one->uid < other->uid);
}

enum { DOVECOT_EXIT_NO_FOLDER = 68 };

bool mailbox_list(struct mailbox *mailbox, const char *folder, uint32_t from_uid, int64_t since, struct mailbox_mail **mails, size_t *count,
		  struct error *error)
{
	struct listing listing = { 0 };
	struct heard heard = { .row = add_mail, .context = &listing };
	char from[NUMBER_ROOM], when[NUMBER_ROOM];

	snprintf(from, sizeof from, "%" PRIu32 ":*", from_uid ? from_uid : 1);
	snprintf(when, sizeof when, "%" PRId64, since > 0 ? since : 1);
	if (!ask(mailbox, "fetch",
		 json_pack("{s:s, s:[s,s,s], s:[s,s,s,s,s,s]}", "user", mailbox->user, "field", "uid", "guid", "size.physical", "query", "mailbox",
			   folder, "uid", from, "savedsince", when),
		 DOVECOT_EXIT_NO_FOLDER, &heard, error)) {
		free(listing.mails);
		return false;
	}
	/* "9:*" has the last mail even where that is before 9 */
	while (listing.count && listing.mails[listing.count - 1].uid < from_uid)
		listing.count--;
	if (listing.count)
		qsort(listing.mails, listing.count, sizeof *listing.mails, by_uid);
	*mails = listing.mails;
	*count = listing.count;
	return true;
}

/* ---- texts */

struct reading {
	void (*each)(void *context, uint32_t uid, struct text mail);
	void *context;
};

static void read_mail(void *context, const json_t *row)
{
	struct reading *reading = context;
	const json_t *text = json_object_get(row, "text");
	uint32_t uid = (uint32_t)number_in(row, "uid", UINT32_MAX);

	if (uid && json_is_string(text))
		reading->each(reading->context, uid, (struct text){ json_string_value(text), json_string_length(text) });
}

/* how many of them make one batch; what is too long is taken out */
static size_t gather(const struct mailbox_mail *mails, size_t count, uint32_t *uids, size_t *taken)
{
	uint64_t bytes = 0;
	size_t n = 0, i = 0;

	for (; i < count && n < MAILBOX_TOGETHER; i++) {
		if (mails[i].bytes > MAILBOX_MAIL_MAX)
			continue;
		if (n && bytes + mails[i].bytes > MAILBOX_BATCH_BYTES)
			break;
		bytes += mails[i].bytes;
		uids[n++] = mails[i].uid;
	}
	*taken = i;
	return n;
}

bool mailbox_fetch(struct mailbox *mailbox, const char *folder, const struct mailbox_mail *mails, size_t count,
		   void (*each)(void *context, uint32_t uid, struct text mail), void *context, struct error *error)
{
	struct reading reading = { each, context };
	uint32_t uids[MAILBOX_TOGETHER];
	bool good = true;

	for (size_t taken; good && count; mails += taken, count -= taken) {
		struct heard heard = { .row = read_mail, .context = &reading };
		size_t n = gather(mails, count, uids, &taken);
		char *set = n ? set_of(uids, n) : NULL;

		if (set)
			good = ask(mailbox, "fetch",
				   json_pack("{s:s, s:[s,s], s:[s,s,s,s]}", "user", mailbox->user, "field", "uid", "text", "query", "mailbox", folder, "uid",
					     set),
				   0, &heard, error);
		free(set);
	}
	return good;
}

/* ---- moves */

enum { DOVECOT_EXIT_THERE = 65 };

bool mailbox_create(struct mailbox *mailbox, const char *folder, struct error *error)
{
	struct heard heard = { 0 };

	return ask(mailbox, "mailboxCreate", json_pack("{s:s, s:[s], s:b}", "user", mailbox->user, "mailbox", folder, "subscriptions", 1),
		   DOVECOT_EXIT_THERE, &heard, error);
}

bool mailbox_move(struct mailbox *mailbox, const char *from, const char *to, const uint32_t *uids, size_t count, struct error *error)
{
	bool good = true;

	for (size_t n; good && count; uids += n, count -= n) {
		struct heard heard = { 0 };
		char *set;

		n = count < MAILBOX_TOGETHER ? count : MAILBOX_TOGETHER;
		set = set_of(uids, n);
		good = ask(mailbox, "move",
			   json_pack("{s:s, s:s, s:[s,s,s,s]}", "user", mailbox->user, "destinationMailbox", to, "query", "mailbox", from, "uid", set), 0,
			   &heard, error);
		free(set);
	}
	return good;
}
