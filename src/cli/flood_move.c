/* SPDX-License-Identifier: Apache-2.0 */
/* Out of INBOX, and back. What the daemon is to remember is told before a mail is moved, and once more when it is done. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "cli/flood.h"

enum { BACK_ROUNDS = 20 };

int flood_ask(struct flood *flood, json_t *request, json_t **answer)
{
	struct error error = { "" };

	return asked_status(ask(flood->asked.config.control_socket, request, answer, &error), &error);
}

static int fault(const struct error *error, bool in_part)
{
	cli_complain("%s", error->text);
	return in_part ? CLI_PARTLY : CLI_AWAY;
}

/* ---- what is remembered */

static const json_t *remembered(const struct flood *flood) { return json_object_get(flood->known, "flood"); }

static void put_time(json_t *request, const char *field, int64_t t_us)
{
	if (t_us != WHEN_NONE)
		json_object_set_new(request, field, json_real((double)t_us / 1e6));
}

/* `step`: begun, done, again */
static int keep(struct flood *flood, const char *step, uint32_t moved, uint32_t back)
{
	const json_t *old = remembered(flood);
	uint64_t incident = field_count(flood->known, "incident");
	json_t *answer = NULL, *request = json_pack("{s:s, s:s, s:O, s:s, s:b, s:I, s:I}", "verb", "flood keep", "step", step, "account",
						    json_object_get(flood->known, "account"), "folder", flood->name, "spoofed", flood->spoofed, "moved",
						    (json_int_t)moved, "brought_back", (json_int_t)back);
	bool begun = strcmp(step, "begun") == 0;
	int status;

	if (incident && !flood->by_person)
		json_object_set_new(request, "incident", json_integer((json_int_t)incident));
	put_time(request, "since", flood->since_us);
	put_time(request, "until", flood->until_us);
	put_time(request, "last", flood->moved ? clock_now() : field_time(old, "last"));
	json_object_set_new(request, "validity", json_integer(flood->inbox.validity));
	json_object_set_new(request, "next_uid", json_integer(begun ? 1 : flood->open_uid ? flood->open_uid : flood->inbox.next_uid));
	json_object_set_new(request, "seen_uid", json_integer(begun ? 1 : flood->inbox.next_uid));
	status = flood_ask(flood, request, &answer);
	json_decref(answer);
	return status;
}

/* ---- out */

static size_t chosen(const struct flood *flood, uint32_t **uids)
{
	size_t count = 0;

	*uids = memory_new((flood->count + 1) * sizeof **uids);
	for (size_t i = 0; i < flood->count; i++)
		if (flood->mails[i].moves)
			(*uids)[count++] = flood->mails[i].uid;
	return count;
}

static bool carry(struct flood *flood, const uint32_t *uids, size_t count, struct error *error)
{
	struct progress progress;
	bool good = true;

	progress_begin(&progress, count);
	for (size_t n; good && flood->moved < count; flood->moved += good ? n : 0) {
		const uint32_t *next = uids + flood->moved;

		n = count - flood->moved < FOLDERS_TOGETHER ? count - flood->moved : FOLDERS_TOGETHER;
		good = folders_mark(flood->folders, "INBOX", FLOOD_MARK, next, n, error) &&
		       folders_move(flood->folders, "INBOX", flood->name, next, n, error);
		progress_show(&progress, flood->moved);
	}
	progress_end(&progress);
	return good;
}

/* as many as were moved so far; an earlier run may have been killed before it could say so */
static uint32_t count_moved(struct flood *flood)
{
	uint64_t before = field_count(remembered(flood), "moved") + flood->moved;
	struct folders_mail *mails = NULL;
	struct error error;
	size_t count = 0;

	if (folders_list_marked(flood->folders, flood->name, FLOOD_MARK, &mails, &count, &error))
		free(mails);
	return (uint32_t)(count > before ? count : before);
}

static bool keeps_on(const struct flood *flood) { return !flood->once && flood->asked.config.flood_days > 0; }

int flood_move(struct flood *flood)
{
	uint32_t *uids, before = (uint32_t)field_count(remembered(flood), "moved");
	struct error error = { "" };
	size_t count;
	int status = flood_read(flood);
	bool good = true;

	if (status || flood->dry_run)
		return status;
	count = chosen(flood, &uids);
	if (!flood->again)
		flood->until_us = keeps_on(flood) ? clock_now() + (int64_t)flood->asked.config.flood_days * DAY_US : WHEN_NONE;
	if (count || keeps_on(flood))
		status = flood->again ? CLI_DONE : keep(flood, "begun", before, 0);
	if (!status && count)
		good = folders_create(flood->folders, flood->name, &error) && carry(flood, uids, count, &error);
	if (!good)
		status = fault(&error, flood->moved > 0);
	if (count || flood->again || keeps_on(flood)) {
		int kept = good && !status ? keep(flood, flood->again ? "again" : "done", count ? count_moved(flood) : before, 0) : CLI_DONE;

		status = kept && flood->moved ? CLI_PARTLY : cli_worse(status, kept);
	}
	free(uids);
	return status;
}

/* ---- and back */

static bool bring_back(struct flood *flood, size_t *count, struct error *error)
{
	struct folders_mail *mails = NULL;
	uint32_t *uids;
	bool good;

	if (!folders_list_marked(flood->folders, flood->name, FLOOD_MARK, &mails, count, error))
		return false;
	uids = memory_new((*count + 1) * sizeof *uids);
	for (size_t i = 0; i < *count; i++)
		uids[i] = mails[i].uid;
	good = !*count || folders_move(flood->folders, flood->name, "INBOX", uids, *count, error);
	free(uids);
	free(mails);
	flood->brought_back += good ? *count : 0;
	return good;
}

/* what was moved while somebody else was still at work comes back in a later round; the folder itself goes where nothing else is in it */
int flood_undo(struct flood *flood)
{
	struct error error = { "" };
	size_t count = 1;
	bool good = true;
	int status;

	flood->until_us = WHEN_NONE;
	flood->since_us = field_time(remembered(flood), "since");
	status = keep(flood, "begun", (uint32_t)field_count(remembered(flood), "moved"), 0);
	for (int round = 0; !status && good && count && round < BACK_ROUNDS; round++)
		good = bring_back(flood, &count, &error);
	good = good && (status || (folders_unmark(flood->folders, "INBOX", FLOOD_MARK, &error) &&
				   folders_remove_empty(flood->folders, flood->name, &error)));
	if (!good)
		return fault(&error, flood->brought_back > 0);
	if (!status && keep(flood, "done", 0, (uint32_t)flood->brought_back))
		status = CLI_PARTLY;
	return status;
}
