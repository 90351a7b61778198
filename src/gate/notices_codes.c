/* SPDX-License-Identifier: Apache-2.0 */
/* Codes by which owners prove who they are. Whether there is such an account, or a way to reach its owner, makes no difference to anything that
 * is done here: a code is made for whatever name is given, written down, and handed to the child, which alone looks for an address. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/notices_inside.h"

enum { KEY_SENDS = 11, KEY_TRIES, KEY_ALL_SENDS, KEY_TOLD, KEY_GIVEN }; /* what is counted */

struct code_promise {
	struct notices *notices;
	struct code_promise *next;
	uv_timer_t timer;
	bool timed;             /* the timer is a handle of the loop */
	void (*sent)(void *ticket, const struct error *error);
	void (*tried)(void *ticket, bool right, const struct error *error);
	void (*given)(void *ticket, const char *code, const struct error *error);
	void *ticket;
	bool right, written, due, failed;
	char code[CODE_CHARACTERS + 1];
	struct error error;
};

/* ---- the codes that are good */

static uint64_t key_of(struct text account) { return hash_text(hash_seed(), account) | 1; }

static struct code *find(const struct notices *notices, struct text account)
{
	const uint32_t *at = table_find(&notices->code_of, key_of(account));

	return at && text_is(text_of(notices->codes[*at].account), account) ? &notices->codes[*at] : NULL;
}

static void drop(struct notices *notices, struct code *code)
{
	struct code *last = &notices->codes[notices->code_count - 1];

	table_drop(&notices->code_of, key_of(text_of(code->account)));
	free(code->account);
	if (code != last) {
		*code = *last;
		*table_put(&notices->code_of, key_of(text_of(code->account)), 0, NULL) = (uint32_t)(code - notices->codes);
	}
	notices->code_count--;
}

static struct code *add(struct notices *notices, struct text account)
{
	const uint32_t *at = table_find(&notices->code_of, key_of(account));

	if (at) /* its own, or one whose key is the same by chance */
		drop(notices, &notices->codes[*at]);
	if (notices->code_count == CODES_MAX)
		return NULL;
	MEMORY_ROOM(notices->codes, notices->code_count, notices->code_room);
	*table_put(&notices->code_of, key_of(account), 0, NULL) = (uint32_t)notices->code_count;
	notices->codes[notices->code_count] = (struct code){ .account = memory_copy(account.p, account.n) };
	return &notices->codes[notices->code_count++];
}

static void put(struct desk_batch *batch, const struct code *code)
{
	desk_put_code(batch, &(struct desk_code){ text_of(code->account), text_of(code->hash), code->made_us, code->expires_us, code->tries_left,
						  code->used });
}

void notices_codes_look(struct notices *notices, int64_t now_us)
{
	for (size_t i = notices->code_count; i-- > 0;)
		if (notices->codes[i].expires_us <= now_us)
			drop(notices, &notices->codes[i]);
}

static void restore(void *context, const struct desk_code *saved)
{
	struct notices *notices = context;
	struct code *code = saved->account.n && saved->hash.n < NOTICE_HASH_MAX ? add(notices, saved->account) : NULL;

	if (!code)
		return;
	text_copy(code->hash, sizeof code->hash, saved->hash);
	code->made_us = saved->made_us;
	code->expires_us = saved->expires_us;
	code->tries_left = saved->tries_left;
	code->used = saved->used;
}

bool notices_codes_restore(struct notices *notices, struct desk_reader *reader, struct error *error)
{
	return desk_each_code(reader, restore, notices, error);
}

/* ---- answers, once they are written and it is time */

static void free_promise(struct code_promise *promise)
{
	struct notices *notices = promise->notices;
	struct code_promise **at = &notices->promises;

	while (*at != promise)
		at = &(*at)->next;
	*at = promise->next;
	sodium_memzero(promise, sizeof *promise);
	free(promise);
}

static void timer_closed(uv_handle_t *handle)
{
	struct code_promise *promise = handle->data;
	struct notices *notices = promise->notices;

	free_promise(promise);
	notices->handles--;
	notices_free_if_done(notices);
}

static void keep(struct code_promise *promise)
{
	const struct error *error = promise->failed ? &promise->error : NULL;

	if (promise->sent)
		promise->sent(promise->ticket, error);
	else if (promise->tried)
		promise->tried(promise->ticket, promise->right && !error, error);
	else
		promise->given(promise->ticket, error ? NULL : promise->code, error);
	if (promise->timed)
		uv_close((uv_handle_t *)&promise->timer, timer_closed);
	else
		free_promise(promise);
}

static void written(void *context, const struct error *error)
{
	struct code_promise *promise = context;

	if (promise->notices->closing) { /* nobody is there any more to be answered */
		if (!promise->timed)
			free_promise(promise);
		return;
	}
	promise->written = true;
	promise->failed = error != NULL;
	if (error)
		promise->error = *error;
	if (promise->due)
		keep(promise);
}

static void is_time(uv_timer_t *timer)
{
	struct code_promise *promise = timer->data;

	promise->due = true;
	if (promise->written)
		keep(promise);
}

static struct code_promise *promise(struct notices *notices, void *ticket, bool timed)
{
	struct code_promise *made = memory_zero(1, sizeof *made);

	made->notices = notices;
	made->ticket = ticket;
	made->timed = timed;
	made->due = !timed;
	made->next = notices->promises;
	notices->promises = made;
	if (!timed)
		return made;
	uv_update_time(notices->loop); /* from now, and not from when the loop looked at the clock */
	uv_timer_init(notices->loop, &made->timer);
	made->timer.data = made;
	notices->handles++;
	uv_timer_start(&made->timer, is_time, CODE_LEAST_MS, 0);
	return made;
}

void notices_codes_close(struct notices *notices)
{
	for (struct code_promise *one = notices->promises; one; one = one->next)
		if (one->timed && !uv_is_closing((uv_handle_t *)&one->timer))
			uv_close((uv_handle_t *)&one->timer, timer_closed);
}

void notices_codes_done(struct notices *notices)
{
	while (notices->promises) /* that the desk never told of */
		free_promise(notices->promises);
	while (notices->code_count)
		drop(notices, &notices->codes[notices->code_count - 1]);
	table_done(&notices->code_of);
	free(notices->codes);
}

/* ---- how often */

/* support told it to the owner, and it is to open whatever others type meanwhile */
static bool is_given(const struct code *code) { return code && code->tries_left > CODE_TRIES && !code->used; }

static bool may_send(struct notices *notices, struct text account, const struct ip *ip, int64_t now_us)
{
	uint64_t of_name = hash_pair(key_of(account), KEY_SENDS), of_place = hash_pair(ip_host_key(ip), KEY_SENDS);

	return turns_take(&notices->turns, KEY_ALL_SENDS, CODE_SENDS, HOUR_US, now_us) &&
	       turns_take(&notices->turns, of_name, CODE_SENDS_OF_ACCOUNT, HOUR_US, now_us) &&
	       (!ip_known(ip) || turns_take(&notices->turns, of_place, CODE_SENDS_OF_ADDRESS, HOUR_US, now_us));
}

/* Whoever guesses at an account uses up what is mailed to it; but not what support gave, of which each address has its own tries. */
static bool may_try(struct notices *notices, struct text account, const struct code *code, const struct ip *ip, int64_t now_us)
{
	uint64_t of_name = hash_pair(key_of(account), KEY_TRIES), of_place = hash_pair(ip_host_key(ip), KEY_TRIES);
	bool often = !turns_take(&notices->turns, of_name, CODE_TRIES_OF_ACCOUNT, HOUR_US, now_us);

	if (often && turns_take(&notices->turns, hash_pair(key_of(account), KEY_TOLD), 1, HOUR_US, now_us))
		log_say(LOG_WARN, _("codes for %.*s are being guessed: %d were tried within an hour, and those that are mailed open nothing until it is "
				    "over. One of sekisho account code does"), TEXT_ARG(account), (int)CODE_TRIES_OF_ACCOUNT);
	if (ip_known(ip) && !turns_take(&notices->turns, of_place, CODE_TRIES_OF_ADDRESS, HOUR_US, now_us))
		return false;
	if (!is_given(code))
		return !often;
	return !ip_known(ip) || turns_take(&notices->turns, hash_pair(hash_pair(of_name, of_place) ^ (uint64_t)code->made_us, KEY_GIVEN), CODE_TRIES,
					   HOUR_US, now_us);
}

static const char *too_often(void) { return _("too often: try again in an hour, or ask our support"); }

/* ---- a code goes out */

static struct code *make(struct notices *notices, struct text account, uint32_t tries, int64_t now_us, char plain[CODE_CHARACTERS + 1])
{
	struct code *code = add(notices, account);

	notice_code_random(CODE_CHARACTERS, plain);
	if (!code)
		return NULL;
	notice_code_hash(&notices->keys, account, plain, code->hash);
	code->made_us = now_us;
	code->expires_us = now_us + CODE_MINUTES * MINUTE_US;
	code->tries_left = tries;
	return code;
}

/* the child looks for an address; where there is none, nothing goes out */
static void hand_over(struct notices *notices, struct text account, const char *plain, int64_t now_us)
{
	char shown[CODE_CHARACTERS + 2];
	json_t *name;

	if (!notices->mails || !notices_child_ready(notices, now_us))
		return;
	snprintf(shown, sizeof shown, "%.4s-%.4s", plain, plain + CODE_CHARACTERS / 2);
	name = json_stringn(account.p, account.n);
	notices_child_say(notices, json_pack("{s:i, s:o, s:s, s:s, s:I, s:s, s:i}", "id", 0, "account", name ? name : json_string("?"), "kind",
					     notice_kind_names[NOTICE_CODE], "to", "owner", "made", (json_int_t)now_us, "onetime", shown,
					     "minutes", (int)CODE_MINUTES));
	sodium_memzero(shown, sizeof shown);
}

void notices_code_send(struct notices *notices, struct text account, const struct ip *ip, int64_t now_us,
		       void (*done)(void *ticket, const struct error *error), void *ticket)
{
	struct desk_batch *batch;
	struct code_promise *made;
	char plain[CODE_CHARACTERS + 1];
	struct code *code;
	struct error error;
	bool given;

	notices_codes_look(notices, now_us);
	given = is_given(find(notices, account)); /* which nobody makes void by asking for another */
	if (!may_send(notices, account, ip, now_us) || !(code = given ? find(notices, account) : make(notices, account, CODE_TRIES, now_us, plain))) {
		error_set(&error, "%s", too_often());
		done(ticket, &error);
		return;
	}
	made = promise(notices, ticket, true);
	made->sent = done;
	batch = desk_batch_new(written, made);
	put(batch, code);
	desk_drop_codes(batch, now_us - HOUR_US);
	desk_write(notices->desk, batch);
	if (!given)
		hand_over(notices, account, plain, now_us);
	sodium_memzero(plain, sizeof plain);
}

void notices_code_give(struct notices *notices, struct text account, int64_t now_us,
		       void (*done)(void *ticket, const char *code, const struct error *error), void *ticket)
{
	struct desk_batch *batch;
	struct code_promise *made;
	char plain[CODE_CHARACTERS + 1];
	struct code *code = make(notices, account, CODE_TRIES_GIVEN, now_us, plain);
	struct error error;

	if (!code) {
		error_set(&error, "%s", too_often());
		done(ticket, NULL, &error);
		return;
	}
	made = promise(notices, ticket, false);
	made->given = done;
	memcpy(made->code, plain, sizeof plain);
	batch = desk_batch_new(written, made);
	put(batch, code);
	desk_write(notices->desk, batch);
	sodium_memzero(plain, sizeof plain);
}

/* ---- a code is tried */

/* a row that says nothing: so that what is no account takes the disk as long as what is one */
static void put_nothing(struct desk_batch *batch, const char *hash, int64_t now_us)
{
	desk_put_code(batch, &(struct desk_code){ TEXT_NONE, text_of(hash), now_us, now_us, 0, true });
}

void notices_code_try(struct notices *notices, struct text account, struct text typed, const struct ip *ip, int64_t now_us,
		      void (*done)(void *ticket, bool right, const struct error *error), void *ticket)
{
	char plain[CODE_CHARACTERS + 1] = "", hash[NOTICE_HASH_MAX];
	struct desk_batch *batch;
	struct code_promise *made;
	struct code *code = find(notices, account);
	bool is_code, same;
	struct error error;

	if (!may_try(notices, account, code, ip, now_us)) {
		error_set(&error, "%s", too_often());
		done(ticket, false, &error);
		return;
	}
	is_code = notice_code_read(typed, CODE_CHARACTERS, plain);
	notice_code_hash(&notices->keys, account, plain, hash);
	same = notice_hash_equal(text_of(hash), text_of(code ? code->hash : hash)) && code && is_code;
	made = promise(notices, ticket, false);
	made->tried = done;
	batch = desk_batch_new(written, made);
	if (code && !code->used && code->tries_left && code->expires_us > now_us) {
		code->tries_left--;
		code->used = made->right = same;
		put(batch, code);
	} else {
		put_nothing(batch, hash, now_us);
	}
	desk_write(notices->desk, batch);
	sodium_memzero(plain, sizeof plain);
}
