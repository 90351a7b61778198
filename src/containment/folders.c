/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/folders.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "containment/doveadm.h"
#include "containment/dovecot_answer.h"

enum { NUMBER_ROOM = 32, SET_ROOM = 2 * NUMBER_ROOM };

/* as doveadm and sysexits.h have them */
enum { EXIT_NOBODY = 67, EXIT_NO_FOLDER = 68, EXIT_REFUSED = 65 };

struct folders {
	struct doveadm *doveadm;
	char *user;
};

struct folders *folders_new(const char *url, const char *key, const char *user, struct error *error)
{
	struct folders *folders;
	struct doveadm *doveadm = NULL;

	if (!*url)
		error_set(error, _("doveadm is not set up (doveadm_url)"));
	else
		doveadm = doveadm_new(url, key, FOLDERS_ANSWER_MAX, FOLDERS_PATIENCE_MS, error);
	if (!doveadm)
		return NULL;
	folders = memory_zero(1, sizeof *folders);
	folders->doveadm = doveadm;
	folders->user = memory_copy(user, strlen(user));
	return folders;
}

void folders_free(struct folders *folders)
{
	if (!folders)
		return;
	doveadm_free(folders->doveadm);
	free(folders->user);
	free(folders);
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
static bool ask(struct folders *folders, const char *command, json_t *parameters, int may_fail, struct heard *heard, struct error *error)
{
	json_t *whole = parameters ? json_pack("[[s, o, s]]", command, parameters, "1") : NULL;
	char *body = whole ? json_dumps(whole, JSON_COMPACT) : NULL;
	struct text answer;
	struct error why;
	bool too_long, asked;

	json_decref(whole);
	if (!body)
		return error_set(error, _("%s of '%s': the name is no UTF-8"), command, folders->user);
	asked = doveadm_post(folders->doveadm, body, &answer, &too_long, &why) && dovecot_answer_each(answer, on_reply, heard, &why);
	free(body);
	if (!asked)
		return error_set(error, _("%s of '%s': %s"), command, folders->user, why.text);
	if (heard->failed && (!may_fail || heard->exit_code != may_fail))
		return error_set(error, _("%s of '%s': doveadm says %s, exit code %d"), command, folders->user, heard->fault, heard->exit_code);
	return heard->heard || error_set(error, _("%s of '%s': doveadm left the question unanswered"), command, folders->user);
}

static uint64_t number_in(const json_t *row, const char *field, uint64_t most)
{
	const char *text = json_string_value(json_object_get(row, field));
	uint64_t number = 0;

	return text && text_number(text_of(text), most, &number) ? number : 0;
}

/* ---- the user, and one folder */

static void take_status(void *context, const json_t *row)
{
	*(struct folders_state *)context = (struct folders_state){
		.there = true,
		.validity = (uint32_t)number_in(row, "uidvalidity", UINT32_MAX),
		.next_uid = (uint32_t)number_in(row, "uidnext", UINT32_MAX),
		.mails = (uint32_t)number_in(row, "messages", UINT32_MAX),
	};
}

static bool ask_state(struct folders *folders, const char *folder, int may_fail, struct heard *heard, struct error *error)
{
	return ask(folders, "mailboxStatus", json_pack("{s:s, s:[s,s,s], s:[s]}", "user", folders->user, "field", "uidvalidity", "uidnext", "messages",
						       "mailboxMask", folder), may_fail, heard, error);
}

bool folders_state(struct folders *folders, const char *folder, struct folders_state *state, struct error *error)
{
	struct heard heard = { .row = take_status, .context = state };

	*state = (struct folders_state){ 0 };
	return ask_state(folders, folder, EXIT_NO_FOLDER, &heard, error);
}

bool folders_find_user(struct folders *folders, const char *default_domain, bool *found, struct error *error)
{
	struct heard heard = { 0 }, again = { 0 };
	char *at = strrchr(folders->user, '@');

	*found = false;
	if (!ask_state(folders, "INBOX", EXIT_NOBODY, &heard, error))
		return false;
	*found = !heard.failed;
	if (*found || !at || at == folders->user || strcmp(at + 1, default_domain) != 0)
		return true;
	*at = '\0';
	if (!ask_state(folders, "INBOX", EXIT_NOBODY, &again, error))
		return false;
	*found = !again.failed;
	if (!*found)
		*at = '@';
	return true;
}

/* ---- UIDs as a set: "1:9,12" */

static void add_range(struct bytes *set, uint32_t first, uint32_t last)
{
	char *to = bytes_room(set, SET_ROOM);

	set->n += (size_t)snprintf(to, SET_ROOM, first == last ? "%s%" PRIu32 : "%s%" PRIu32 ":%" PRIu32, set->n ? "," : "", first,
				   last);
}

static char *set_of(const uint32_t *uids, size_t count)
{
	struct bytes set = { 0 };

	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && uids[end] == uids[end - 1] + 1; end++)
			;
		add_range(&set, uids[i], uids[end - 1]);
	}
	return set.p;
}

/* ---- what is there */

struct listing {
	struct folders_mail *mails;
	size_t count, room;
};

static void add_mail(void *context, const json_t *row)
{
	struct listing *listing = context;
	struct folders_mail mail = { .uid = (uint32_t)number_in(row, "uid", UINT32_MAX), .bytes = number_in(row, "size.physical", INT64_MAX) };
	const char *guid = json_string_value(json_object_get(row, "guid"));

	if (!mail.uid || listing->count == FOLDERS_LISTED_MAX)
		return;
	text_copy(mail.guid, sizeof mail.guid, text_of(guid ? guid : ""));
	MEMORY_ROOM(listing->mails, listing->count, listing->room);
	listing->mails[listing->count++] = mail;
}

static int by_uid(const void *a, const void *b)
{
	const struct folders_mail *one = a, *other = b;

	return (one->uid > other->uid) - (one->uid < other->uid);
}

/* takes the query, and what is no mail of it: those of the search, by UID */
static bool search(struct folders *folders, json_t *query, struct listing *listing, struct error *error)
{
	struct heard heard = { .row = add_mail, .context = listing };
	bool asked = ask(folders, "fetch", json_pack("{s:s, s:[s,s,s], s:o}", "user", folders->user, "field", "uid", "guid", "size.physical", "query",
						     query), EXIT_NO_FOLDER, &heard, error);

	if (!asked)
		free(listing->mails);
	else if (listing->count)
		qsort(listing->mails, listing->count, sizeof *listing->mails, by_uid);
	return asked;
}

bool folders_list(struct folders *folders, const char *folder, uint32_t from_uid, int64_t since, struct folders_mail **mails, size_t *count,
		  struct error *error)
{
	struct listing listing = { 0 };
	char from[NUMBER_ROOM], when[NUMBER_ROOM];
	size_t before = 0;

	snprintf(from, sizeof from, "%" PRIu32 ":*", from_uid ? from_uid : 1);
	snprintf(when, sizeof when, "%" PRId64, since > 0 ? since : 1);
	if (!search(folders, json_pack("[s,s,s,s,s,s]", "mailbox", folder, "uid", from, "savedsince", when), &listing, error))
		return false;
	while (before < listing.count && listing.mails[before].uid < from_uid)
		before++; /* "9:*" has the last mail even where that is before 9 */
	if (before)
		memmove(listing.mails, listing.mails + before, (listing.count -= before) * sizeof *listing.mails);
	*mails = listing.mails;
	*count = listing.count;
	return true;
}

bool folders_list_marked(struct folders *folders, const char *folder, const char *mark, struct folders_mail **mails, size_t *count,
			 struct error *error)
{
	struct listing listing = { 0 };

	if (!search(folders, json_pack("[s,s,s,s]", "mailbox", folder, "keyword", mark), &listing, error))
		return false;
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
static size_t gather(const struct folders_mail *mails, size_t count, uint32_t *uids, size_t *taken)
{
	uint64_t bytes = 0;
	size_t n = 0, i = 0;

	for (; i < count && n < FOLDERS_TOGETHER; i++) {
		if (mails[i].bytes > FOLDERS_MAIL_MAX)
			continue;
		if (n && bytes + mails[i].bytes > FOLDERS_BATCH_BYTES)
			break;
		bytes += mails[i].bytes;
		uids[n++] = mails[i].uid;
	}
	*taken = i;
	return n;
}

bool folders_fetch(struct folders *folders, const char *folder, const struct folders_mail *mails, size_t count,
		   void (*each)(void *context, uint32_t uid, struct text mail), void *context, struct error *error)
{
	struct reading reading = { each, context };
	uint32_t uids[FOLDERS_TOGETHER];
	bool good = true;

	for (size_t taken; good && count; mails += taken, count -= taken) {
		struct heard heard = { .row = read_mail, .context = &reading };
		size_t n = gather(mails, count, uids, &taken);
		char *set = n ? set_of(uids, n) : NULL;

		if (set)
			good = ask(folders, "fetch",
				   json_pack("{s:s, s:[s,s], s:[s,s,s,s]}", "user", folders->user, "field", "uid", "text", "query", "mailbox", folder, "uid",
					     set),
				   0, &heard, error);
		free(set);
	}
	return good;
}

/* ---- changes */

bool folders_create(struct folders *folders, const char *folder, struct error *error)
{
	struct heard heard = { 0 };

	return ask(folders, "mailboxCreate", json_pack("{s:s, s:[s], s:b}", "user", folders->user, "mailbox", folder, "subscriptions", 1),
		   EXIT_REFUSED, &heard, error);
}

bool folders_remove_empty(struct folders *folders, const char *folder, struct error *error)
{
	struct heard heard = { 0 };

	return ask(folders, "mailboxDelete", json_pack("{s:s, s:[s], s:b, s:b}", "user", folders->user, "mailbox", folder, "requireEmpty", 1,
						       "subscriptions", 1), EXIT_REFUSED, &heard, error);
}

/* takes `more`, what the command needs beside the user and the query */
static bool change(struct folders *folders, const char *command, json_t *more, const char *folder, const uint32_t *uids, size_t count,
		   struct error *error)
{
	bool good = true;

	for (size_t n; good && count; uids += n, count -= n) {
		struct heard heard = { 0 };
		json_t *parameters;
		char *set;

		n = count < FOLDERS_TOGETHER ? count : FOLDERS_TOGETHER;
		set = set_of(uids, n);
		parameters = json_pack("{s:s, s:[s,s,s,s]}", "user", folders->user, "query", "mailbox", folder, "uid", set);
		if (parameters)
			json_object_update(parameters, more);
		good = ask(folders, command, parameters, 0, &heard, error);
		free(set);
	}
	json_decref(more);
	return good;
}

bool folders_move(struct folders *folders, const char *from, const char *to, const uint32_t *uids, size_t count, struct error *error)
{
	return change(folders, "move", json_pack("{s:s}", "destinationMailbox", to), from, uids, count, error);
}

bool folders_mark(struct folders *folders, const char *folder, const char *mark, const uint32_t *uids, size_t count, struct error *error)
{
	return change(folders, "flagsAdd", json_pack("{s:[s]}", "flag", mark), folder, uids, count, error);
}

bool folders_unmark(struct folders *folders, const char *folder, const char *mark, struct error *error)
{
	struct heard heard = { 0 };

	return ask(folders, "flagsRemove", json_pack("{s:s, s:[s], s:[s,s,s,s]}", "user", folders->user, "flag", mark, "query", "mailbox", folder, "keyword",
						     mark), EXIT_NO_FOLDER, &heard, error);
}
