/* SPDX-License-Identifier: Apache-2.0 */
/* What waits, from the desk to the child and back. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/ip.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/notices_inside.h"
#include "notice/ways.h"

#define FIRST_AGAIN_US (5 * SECOND_US)
#define MOST_AGAIN_US (4 * HOUR_US)

/* ---- life */

struct notices *notices_new(uv_loop_t *loop, const struct config *config, struct desk *desk, const char *program, const char *config_file,
			    struct error *error)
{
	struct notices *notices = memory_zero(1, sizeof *notices);

	*notices = (struct notices){ .loop = loop, .config = config, .desk = desk, .program = program, .config_file = config_file,
				     .any = ways_any(config), .mails = ways_has_mail(config), .operator_us = WHEN_NONE,
				     .operator_first_us = WHEN_NONE, .child_next_us = INT64_MIN };
	if (ways_check(config, error) && quiet_read(text_of(config->notice_quiet), &notices->quiet, error) &&
	    notice_keys_read(config->state_folder, true, &notices->keys, error)) {
		uv_timer_init(loop, &notices->own);
		notices->own.data = notices;
		notices->handles = 1;
		return notices;
	}
	free(notices);
	return NULL;
}

static void free_waiting(struct waiting *one)
{
	free(one->account);
	free(one->ways);
	free(one->language);
	free(one->says);
	free(one);
}

void notices_free_if_done(struct notices *notices)
{
	if (!notices->closing || notices->handles)
		return;
	for (size_t i = 0; i < notices->count; i++)
		free_waiting(notices->items[i]);
	notices_codes_done(notices);
	table_done(&notices->told);
	notice_keys_wipe(&notices->keys);
	free(notices->items);
	free(notices);
}

static void own_closed(uv_handle_t *handle)
{
	struct notices *notices = handle->data;

	notices->handles--;
	notices_free_if_done(notices);
}

void notices_close(struct notices *notices)
{
	if (!notices)
		return;
	notices->closing = true;
	notices_child_end(notices);
	notices_codes_close(notices);
	uv_close((uv_handle_t *)&notices->own, own_closed);
}

size_t notices_waiting(const struct notices *notices) { return notices->count; }

/* ---- to the desk */

static struct desk_notice record_of(const struct waiting *one, char hash[NOTICE_HASH_MAX], const struct notices *notices)
{
	char code[NOTICE_CODE_MAX], plain[NOTICE_CODE_CHARACTERS + 1];

	notice_code_make(&notices->keys, one->id, code);
	if (!notice_code_read(text_of(code), NOTICE_CODE_CHARACTERS, plain))
		abort(); /* made a line above */
	notice_code_hash(&notices->keys, TEXT_NONE, plain, hash);
	return (struct desk_notice){
		.id = one->id,
		.incident = one->incident,
		.account = text_of(one->account),
		.kind = text_of(notice_kind_names[one->kind]),
		.to_operator = one->to_operator,
		.summary = one->summary,
		.code_hash = text_of(hash),
		.language = text_of(one->language),
		.state = one->state,
		.ways = text_of(one->ways),
		.tries = one->tries,
		.made_us = one->made_us,
		.next_us = one->next_us,
		.sent_us = one->sent_us,
		.says = text_of(one->says),
	};
}

/* a line of the incident's story, which the paper has, too */
static void put_story(const struct waiting *one, struct desk_batch *batch)
{
	static const char *const told[2][2] = {
		{ N_("the owner could not be told"), N_("the owner was told") },
		{ N_("the operator could not be told"), N_("the operator was told") },
	};
	bool sent = one->state == DESK_NOTICE_SENT;

	if (one->incident && one->state != DESK_NOTICE_WAITING)
		desk_note(batch, one->incident, sent ? one->sent_us : one->next_us, TEXT("sekisho"), text_of(told[one->to_operator][sent]));
}

static void put(struct notices *notices, struct waiting *one, struct desk_batch *batch)
{
	char hash[NOTICE_HASH_MAX];
	struct desk_notice record = record_of(one, hash, notices);

	if (!one->stored)
		desk_put_notice(batch, &record);
	if (one->stored || one->tries || one->summary || one->state != DESK_NOTICE_WAITING)
		desk_set_notice(batch, &record);
	put_story(one, batch);
	notices->in_batches += !one->batch;
	one->batch = batch;
	one->dirty = false;
}

struct own_batch {
	struct notices *notices;
	const struct desk_batch *batch;
};

static void own_written(void *context, const struct error *error)
{
	struct own_batch own = *(struct own_batch *)context;

	free(context);
	if (!own.notices->closing)
		notices_written(own.notices, own.batch, !error);
}

/* what changed since the desk was told */
static void save(struct notices *notices)
{
	struct own_batch *own;
	struct desk_batch *batch = NULL;

	for (size_t i = 0; i < notices->count; i++) {
		if (!notices->items[i]->dirty || notices->items[i]->batch)
			continue;
		if (!batch) {
			own = memory_zero(1, sizeof *own);
			batch = desk_batch_new(own_written, own);
			*own = (struct own_batch){ notices, batch };
		}
		put(notices, notices->items[i], batch);
	}
	if (batch)
		desk_write(notices->desk, batch);
}

static void drop_settled(struct notices *notices)
{
	size_t kept = 0;

	for (size_t i = 0; i < notices->count; i++) {
		struct waiting *one = notices->items[i];

		if (one->state != DESK_NOTICE_WAITING && !one->dirty && !one->batch)
			free_waiting(one);
		else
			notices->items[kept++] = one;
	}
	notices->count = kept;
}

void notices_written(struct notices *notices, const struct desk_batch *batch, bool written)
{
	bool settled = false;

	if (!notices || !notices->in_batches)
		return;
	for (size_t i = 0; i < notices->count; i++) {
		struct waiting *one = notices->items[i];

		if (one->batch != batch)
			continue;
		one->batch = NULL;
		notices->in_batches--;
		one->stored |= written;
		one->dirty |= !written;
		settled |= one->state != DESK_NOTICE_WAITING;
	}
	if (settled)
		drop_settled(notices);
	if (written)
		notices_feed(notices, clock_now());
}

/* ---- what is put */

static struct waiting *add(struct notices *notices)
{
	struct waiting *one = memory_zero(1, sizeof *one);

	MEMORY_ROOM(notices->items, notices->count, notices->room);
	notices->items[notices->count++] = one;
	return one;
}

/* each kind of an incident's once, also where it was sent long ago (the desk has the same rule) */
static bool was_told(struct notices *notices, enum notice_kind kind, uint64_t incident, bool to_operator)
{
	bool made = true;

	if (incident && kind != NOTICE_CHANGED)
		table_put(&notices->told, hash_pair(incident, 2 * (unsigned)kind + to_operator) | 1, 1, &made);
	return !made;
}

static void note_operator(struct notices *notices, int64_t now_us)
{
	notices->operator_us = now_us;
	if (notices->operator_first_us == WHEN_NONE)
		notices->operator_first_us = now_us;
}

static void put_one(struct notices *notices, struct desk_batch *batch, enum notice_kind kind, struct text account, uint64_t incident,
		    bool to_operator, int64_t now_us)
{
	struct waiting *one;

	if (was_told(notices, kind, incident, to_operator))
		return;
	one = add(notices);
	*one = (struct waiting){ .id = ++notices->last_id, .incident = incident, .account = memory_copy(account.p, account.n),
				 .ways = memory_copy("", 0), .language = memory_copy("", 0), .says = memory_copy("", 0), .kind = kind,
				 .to_operator = to_operator, .made_us = now_us, .next_us = now_us, .sent_us = WHEN_NONE };
	if (to_operator)
		note_operator(notices, now_us);
	put(notices, one, batch);
}

static bool has_operator(const struct notices *notices)
{
	const struct config *config = notices->config;

	return config->notice_operators.count || *config->notice_webhook || config->notice_command.count;
}

void notices_put(struct notices *notices, struct desk_batch *batch, enum notice_kind kind, struct text account, uint64_t incident,
		 int64_t now_us)
{
	if (!notices || !notices->any || kind == NOTICE_CODE)
		return;
	if (notices->count + 2 > NOTICES_MAX) {
		if (!notices->full_said)
			log_say(LOG_ERROR, _("%d notices wait already: nobody is told of what happens now"), NOTICES_MAX);
		notices->full_said = true;
		return;
	}
	notices->full_said = false;
	if (notice_kinds[kind].to_owner)
		put_one(notices, batch, kind, account, incident, false, now_us);
	if (notice_kinds[kind].to_operator && has_operator(notices))
		put_one(notices, batch, kind, account, incident, true, now_us);
}

/* ---- to the child */

static bool is_quiet(const struct notices *notices, int64_t now_us)
{
	return quiet_is(&notices->quiet, now_us, when_local_offset(now_us));
}

/* what operators are told waits until nothing more of it comes */
static bool is_gathering(const struct notices *notices, int64_t now_us)
{
	return notices->operator_us != WHEN_NONE && now_us >= notices->operator_us && now_us - notices->operator_us < NOTICES_GATHER_US &&
	       now_us - notices->operator_first_us < NOTICES_GATHER_MOST_US;
}

static bool is_member(const struct waiting *one) { return one->summary && one->summary != one->id; }

static bool is_due(const struct notices *notices, const struct waiting *one, int64_t now_us)
{
	if (!one->stored || one->batch || one->handed || one->state != DESK_NOTICE_WAITING || is_member(one))
		return false;
	/* a clock that was set back must not keep it for long */
	if (one->next_us > now_us && one->next_us - now_us <= MOST_AGAIN_US)
		return false;
	return !notice_kinds[one->kind].can_wait || !is_quiet(notices, now_us);
}

static bool may_be_summed(const struct notices *notices, const struct waiting *one, int64_t now_us)
{
	return one->to_operator && !one->summary && !one->tries && is_due(notices, one, now_us);
}

/* Those that came together become one, on the desk first. True: they are there in a moment. */
static bool sum_up(struct notices *notices, int64_t now_us)
{
	size_t count = 0;
	uint64_t first = 0;

	if (is_gathering(notices, now_us))
		return false;
	notices->operator_us = notices->operator_first_us = WHEN_NONE;
	for (size_t i = 0; i < notices->count; i++)
		count += may_be_summed(notices, notices->items[i], now_us);
	if (count < NOTICES_SUMMARY)
		return false;
	for (size_t i = 0; i < notices->count; i++) {
		struct waiting *one = notices->items[i];

		if (!may_be_summed(notices, one, now_us))
			continue;
		first = first ? first : one->id;
		one->summary = first;
		one->dirty = true;
	}
	save(notices);
	return true;
}

static json_t *text_json(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("?");
}

static json_t *members_of(const struct notices *notices, uint64_t summary, uint64_t *count)
{
	json_t *members = json_array();

	*count = 0;
	for (size_t i = 0; i < notices->count; i++) {
		const struct waiting *one = notices->items[i];

		if (one->summary != summary || ++*count > NOTICES_MEMBERS_TOLD)
			continue;
		json_array_append_new(members, json_pack("{s:I, s:o, s:s}", "incident", (json_int_t)one->incident, "account",
							 text_json(one->account), "kind", notice_kind_names[one->kind]));
	}
	return members;
}

static json_t *line_of(const struct notices *notices, const struct waiting *one)
{
	json_t *ways = *one->ways ? json_loads(one->ways, 0, NULL) : NULL;
	json_t *line = json_pack("{s:I, s:I, s:o, s:s, s:s, s:I, s:o}", "id", (json_int_t)one->id, "incident", (json_int_t)one->incident, "account",
				 text_json(one->account), "kind", notice_kind_names[one->kind], "to", one->to_operator ? "operator" : "owner",
				 "made", (json_int_t)one->made_us, "ways", json_is_array(ways) ? json_incref(ways) : json_array());
	uint64_t count;

	json_decref(ways);
	if (one->summary) {
		json_object_set_new(line, "members", members_of(notices, one->summary, &count));
		json_object_set_new(line, "count", json_integer((json_int_t)count));
	}
	return line;
}

void notices_feed(struct notices *notices, int64_t now_us)
{
	bool ready = false, waits = false;

	if (notices->closing || notices->handed > NOTICES_AT_ONCE / 2 || sum_up(notices, now_us))
		return;
	for (size_t i = 0; i < notices->count && notices->handed < NOTICES_AT_ONCE; i++) {
		struct waiting *one = notices->items[i];

		if (!is_due(notices, one, now_us) || (one->to_operator && !one->tries && is_gathering(notices, now_us)))
			continue;
		waits = true;
		ready = ready || notices_child_ready(notices, now_us);
		if (!ready)
			break;
		one->handed = true;
		notices->handed++;
		notices_child_say(notices, line_of(notices, one));
	}
	if (!notices->handed && !waits)
		notices_child_rest(notices);
}

/* ---- what came of it */

static struct waiting *find(const struct notices *notices, uint64_t id)
{
	for (size_t i = 0; i < notices->count; i++)
		if (notices->items[i]->id == id)
			return notices->items[i];
	return NULL;
}

static void take(char **text, const json_t *answer, const char *field)
{
	const json_t *value = json_object_get(answer, field);

	if (!json_is_string(value))
		return;
	free(*text);
	*text = memory_copy(json_string_value(value), json_string_length(value));
}

static int64_t again_us(uint32_t tries)
{
	int64_t span_us = FIRST_AGAIN_US << (tries < 12 ? tries - 1 : 11);

	return span_us < MOST_AGAIN_US ? span_us : MOST_AGAIN_US;
}

/* where it was not sent: when is it tried again, if at all? */
static void put_off(struct waiting *one, int64_t now_us)
{
	one->tries++;
	one->next_us = now_us + again_us(one->tries);
	if (now_us - one->made_us >= NOTICES_TRY_US)
		one->state = DESK_NOTICE_FAILED;
}

static void tell(const struct waiting *one)
{
	const char *whom = one->to_operator ? _("to the operator") : _("to the owner");

	if (one->state == DESK_NOTICE_SENT)
		log_say(LOG_NOTE, _("notice %llu (%s, %s), %s: sent"), (unsigned long long)one->id, notice_kind_names[one->kind], one->account, whom);
	else if (one->state == DESK_NOTICE_FAILED)
		log_say(LOG_ERROR, _("notice %llu (%s, %s), %s: given up: %s"), (unsigned long long)one->id, notice_kind_names[one->kind],
			one->account, whom, one->says);
	else if (one->tries == 1)
		log_say(LOG_WARN, _("notice %llu (%s, %s), %s: tried again, ever more rarely: %s"), (unsigned long long)one->id,
			notice_kind_names[one->kind], one->account, whom, one->says);
}

/* the others of a summary go the way of the first */
static void settle_members(struct notices *notices, const struct waiting *first)
{
	for (size_t i = 0; first->summary && i < notices->count; i++) {
		struct waiting *one = notices->items[i];

		if (one->summary != first->summary || one == first)
			continue;
		one->state = first->state;
		one->tries = first->tries;
		one->next_us = first->next_us;
		one->sent_us = first->sent_us;
		one->dirty = true;
	}
}

void notices_heard(struct notices *notices, const json_t *answer, int64_t now_us)
{
	struct waiting *one = find(notices, (uint64_t)json_integer_value(json_object_get(answer, "id")));
	const char *state = json_string_value(json_object_get(answer, "state"));
	const json_t *ways = json_object_get(answer, "ways");

	if (!one || !one->handed || !state)
		return;
	one->handed = false;
	notices->handed--;
	take(&one->language, answer, "language");
	take(&one->says, answer, "says");
	if (json_is_array(ways)) {
		free(one->ways);
		one->ways = json_dumps(ways, JSON_COMPACT);
	}
	if (strcmp(state, "sent") == 0) {
		one->state = DESK_NOTICE_SENT;
		one->sent_us = now_us;
	} else if (strcmp(state, "failed") == 0) {
		one->state = DESK_NOTICE_FAILED;
	} else {
		put_off(one, now_us);
	}
	one->dirty = true;
	tell(one);
	settle_members(notices, one);
	save(notices);
	notices_feed(notices, now_us);
}

void notices_child_gone(struct notices *notices, int64_t now_us)
{
	for (size_t i = 0; i < notices->count; i++) {
		struct waiting *one = notices->items[i];

		if (!one->handed)
			continue;
		one->handed = false;
		put_off(one, now_us);
		one->dirty = true;
		if (one->state == DESK_NOTICE_FAILED)
			tell(one);
		settle_members(notices, one);
	}
	if (notices->handed)
		save(notices);
	notices->handed = 0;
}

void notices_look(struct notices *notices, int64_t now_us)
{
	if (!notices)
		return;
	save(notices);
	notices_child_look(notices, now_us);
	notices_codes_look(notices, now_us);
	notices_feed(notices, now_us);
}

/* ---- after a restart */

static char *copy_of(struct text text) { return memory_copy(text.p, text.n); }

static void restore(void *context, const struct desk_notice *notice)
{
	struct notices *notices = context;
	enum notice_kind kind = notice_kind_find(notice->kind);
	struct waiting *one;

	if (kind == NOTICE_KINDS || notices->count >= NOTICES_MAX)
		return;
	one = add(notices);
	*one = (struct waiting){ .id = notice->id, .incident = notice->incident, .summary = notice->summary, .account = copy_of(notice->account),
				 .ways = copy_of(notice->ways), .language = copy_of(notice->language), .says = copy_of(notice->says),
				 .kind = kind, .to_operator = notice->to_operator, .stored = true, .state = notice->state,
				 .tries = notice->tries, .made_us = notice->made_us, .next_us = notice->next_us, .sent_us = notice->sent_us };
	if (one->to_operator && !one->tries && !one->summary)
		note_operator(notices, clock_now());
}

static void restore_told(void *context, const struct desk_notice *notice)
{
	enum notice_kind kind = notice_kind_find(notice->kind);

	if (kind < NOTICE_KINDS)
		was_told(context, kind, notice->incident, notice->to_operator);
}

bool notices_restore(struct notices *notices, struct desk_reader *reader, struct error *error)
{
	return desk_last_notice(reader, &notices->last_id, error) &&
	       desk_each_notice(reader, 0, TEXT_NONE, false, UINT32_MAX, restore_told, notices, error) &&
	       (!notices->any || desk_each_notice(reader, 0, TEXT_NONE, true, NOTICES_MAX, restore, notices, error)) &&
	       notices_codes_restore(notices, reader, error);
}

/* ---- is it ours? */

bool notices_ask(struct notices *notices, struct text code, struct text who, int64_t now_us, char hash[NOTICE_HASH_MAX], struct error *error)
{
	char plain[NOTICE_CODE_CHARACTERS + 1];

	if (who.n && !turns_take(&notices->turns, hash_pair(hash_text(hash_seed(), who), 3), VERIFIES_OF_ASKER, HOUR_US, now_us))
		return error_set(error, "%s", _("too many codes were asked about: try again in an hour"));
	if (!notice_code_read(code, NOTICE_CODE_CHARACTERS, plain)) {
		memset(plain, '0', sizeof plain - 1); /* which is in no code: it is looked for all the same */
		plain[sizeof plain - 1] = '\0';
	}
	notice_code_hash(&notices->keys, TEXT_NONE, plain, hash);
	return true;
}
