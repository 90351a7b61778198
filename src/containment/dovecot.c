/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/dovecot.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "containment/doveadm.h"
#include "containment/dovecot_answer.h"
#include "containment/dovecot_trial.h"

enum { TAG_ROOM = 16, SAYS_ROOM = 128 };

struct question {
	struct question *next;
	enum dovecot_verb verb;
	void (*done)(void *context, enum dovecot_result result, uint32_t count, const char *says);
	void *context;
	const char *impossible; /* why it need not be asked, or NULL */
	bool looking;           /* a name like an address, to be kicked: who would be, first? */
	bool heard;             /* all that was asked was answered, this time */
	uint32_t own, others, number, rows;
	char says[SAYS_ROOM]; /* what went wrong; empty: nothing */
	uint16_t veil;        /* of a name like an address: the letter that becomes ?, counted from 1 */
	char user[];
};

struct dovecot {
	uv_loop_t *loop;
	uv_timer_t wake;
	uv_work_t work;
	struct doveadm *doveadm; /* NULL: not set up */
	struct trials *trials;
	struct question *first, **last; /* those under way are the first ones */
	size_t waiting, asked, together;
	bool busy, closing, closed;
	/* the thread's, while busy */
	char *body;
	struct text answer;
	bool good, too_long;
	struct error error;
};

/* ---- names */

static bool is_utf8_text(struct text name)
{
	json_t *made = json_stringn(name.p, name.n);
	bool sound = made != NULL;

	json_decref(made);
	for (size_t i = 0; i < name.n; i++)
		sound = sound && (unsigned char)name.p[i] >= ' ' && name.p[i] != 0x7f;
	return sound && name.n > 0 && name.n <= DOVECOT_USER_MAX;
}

/* What doveadm takes for an address or a network, and a little more: 127.0.0.1, 127.1, 0x7f.1, 1/0, ::/0. Digits alone it does not. */
static bool is_like_address(const char *name)
{
	struct in_addr address;

	return strpbrk(name, ":/") || (strchr(name, '.') && inet_aton(name, &address));
}

/* what could not be made one name by hiding a letter: blanks end an address */
static bool is_mask(struct text name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '*' || name.p[i] == '?' || name.p[i] == ' ')
			return true;
	return false;
}

static const char *why_impossible(const struct dovecot *dovecot, enum dovecot_verb verb, struct text user)
{
	if (!dovecot->doveadm)
		return dovecot->error.text;
	if (dovecot->waiting >= DOVECOT_WAITING_MAX)
		return _("too many questions wait for doveadm");
	if (!is_utf8_text(user))
		return _("this is no login of Dovecot");
	if (verb == DOVECOT_KICK && is_mask(user))
		return _("sessions of a login with * or ? or a blank cannot be ended alone");
	return NULL;
}

static void mask_of(const struct question *question, char mask[DOVECOT_USER_MAX + 1])
{
	text_copy(mask, DOVECOT_USER_MAX + 1, text_of(question->user));
	if (question->veil)
		mask[question->veil - 1] = '?';
}

/* ---- one request */

static void add_command(json_t *commands, const char *verb, const char *field, const char *value, char kind, size_t place)
{
	char tag[TAG_ROOM];

	snprintf(tag, sizeof tag, "%c%zu", kind, place);
	json_array_append_new(commands, json_pack("[s, {s: [s]}, s]", verb, field, value, tag));
}

/* A question is one command or two: to say how many sessions a kick ended, they are counted just before. */
static char *write_body(struct dovecot *dovecot)
{
	json_t *commands = json_array();
	struct question *question = dovecot->first;
	char mask[DOVECOT_USER_MAX + 1], *body;

	for (dovecot->asked = 0; question && !question->impossible && dovecot->asked < dovecot->together; question = question->next) {
		size_t place = dovecot->asked++;

		question->heard = false;
		question->own = question->others = question->number = question->rows = 0;
		question->says[0] = '\0';
		mask_of(question, mask);
		if (question->verb == DOVECOT_FLUSH)
			add_command(commands, "authCacheFlush", "user", question->user, 'f', place);
		else
			add_command(commands, "who", "mask", mask, 'w', place);
		if (question->verb == DOVECOT_KICK && !question->looking)
			add_command(commands, "kick", "mask", mask, 'k', place);
	}
	body = json_dumps(commands, JSON_COMPACT);
	json_decref(commands);
	return body;
}

static void on_work(uv_work_t *work)
{
	struct dovecot *dovecot = work->data;

	dovecot->good = doveadm_post(dovecot->doveadm, dovecot->body, &dovecot->answer, &dovecot->too_long, &dovecot->error);
}

/* ---- what came back */

static struct question *question_of(struct dovecot *dovecot, struct text tag)
{
	struct question *question = dovecot->first;
	uint64_t place;

	if (!tag.n || !text_number(text_after(tag, 1), dovecot->asked - 1, &place))
		return NULL;
	while (place--)
		question = question->next;
	return question;
}

/* of its commands */
static char last_kind(const struct question *question)
{
	if (question->verb == DOVECOT_FLUSH)
		return 'f';
	return question->verb == DOVECOT_KICK && !question->looking ? 'k' : 'w';
}

static void take_reply(void *context, const struct dovecot_reply *reply)
{
	struct text tag = text_of(reply->tag);
	struct question *question = question_of(context, tag);

	if (!question)
		return;
	if (reply->failed && (tag.p[0] != 'k' || reply->exit_code != DOVECOT_EXIT_NOBODY))
		snprintf(question->says, sizeof question->says, _("doveadm says %s, exit code %d"), reply->fault, reply->exit_code);
	else if (tag.p[0] == 'w')
		dovecot_reply_sessions(reply, text_of(question->user), &question->own, &question->others);
	else if (tag.p[0] == 'k')
		question->rows = dovecot_reply_rows(reply, "result");
	else
		question->number = dovecot_reply_number(reply, "entries");
	question->heard |= tag.p[0] == last_kind(question);
}

static struct question *take_first(struct dovecot *dovecot)
{
	struct question *first = dovecot->first;

	dovecot->first = first->next;
	if (!dovecot->first)
		dovecot->last = &dovecot->first;
	dovecot->waiting--;
	return first;
}

static void put_back(struct dovecot *dovecot, struct question *question)
{
	question->next = NULL;
	*dovecot->last = question;
	dovecot->last = &question->next;
	dovecot->waiting++;
}

static void tell(struct question *question, enum dovecot_result result, uint32_t count, const char *says)
{
	question->done(question->context, result, count, says);
	free(question);
}

static void tell_count(struct question *question)
{
	char says[DOVECOT_SAYS_MAX];
	uint32_t count = question->verb == DOVECOT_FLUSH ? question->number : question->own;

	if (question->verb == DOVECOT_KICK && question->rows > count)
		count = question->rows;
	snprintf(says, sizeof says, question->verb == DOVECOT_KICK ? _("%u sessions ended") :
				    question->verb == DOVECOT_WHO  ? _("%u sessions") :
								     _("%u entries of the cache forgotten"),
		 count);
	tell(question, DOVECOT_DONE, count, says);
}

/* Who would be kicked is known: nobody, this user alone, or others too. */
static void look(struct dovecot *dovecot, struct question *question)
{
	if (!question->own) {
		tell_count(question);
		return;
	}
	if (!question->others)
		question->looking = false;
	else if (question->user[question->veil] != '\0')
		question->veil++;
	else {
		tell(question, DOVECOT_FAILED, 0, _("doveadm takes this login for an address, and others that it would take along have sessions"));
		return;
	}
	put_back(dovecot, question);
}

static void settle(struct dovecot *dovecot, struct question *question)
{
	if (question->says[0])
		tell(question, DOVECOT_FAILED, 0, question->says);
	else if (!question->heard)
		tell(question, DOVECOT_FAILED, 0, _("doveadm left the question unanswered"));
	else if (question->looking)
		look(dovecot, question);
	else
		tell_count(question);
}

/* Of those that are here now; what they ask anew waits. */
static void fail_all(struct dovecot *dovecot, const char *why)
{
	char says[DOVECOT_SAYS_MAX];

	text_copy(says, sizeof says, text_of(why));
	for (size_t count = dovecot->waiting; count && !dovecot->closing; count--) {
		struct question *question = take_first(dovecot);

		tell(question, DOVECOT_FAILED, 0, question->impossible ? question->impossible : says);
	}
}

static void settle_all(struct dovecot *dovecot)
{
	size_t asked = dovecot->asked;

	if (!dovecot_answer_each(dovecot->answer, take_reply, dovecot, &dovecot->error)) {
		fail_all(dovecot, dovecot->error.text);
		return;
	}
	dovecot->together = DOVECOT_TOGETHER_MAX;
	for (; asked && !dovecot->closing; asked--)
		settle(dovecot, take_first(dovecot));
}

/* ---- when */

static void finish(struct dovecot *dovecot)
{
	if (dovecot->busy || !dovecot->closed)
		return;
	doveadm_free(dovecot->doveadm);
	free(dovecot);
}

static void on_wake(uv_timer_t *timer);

static void on_answered(uv_work_t *work, int status)
{
	struct dovecot *dovecot = work->data;

	free(dovecot->body);
	dovecot->busy = false;
	if (dovecot->closing) {
		finish(dovecot);
		return;
	}
	if (dovecot->good)
		settle_all(dovecot);
	else if (dovecot->too_long && dovecot->asked > 1)
		dovecot->together = dovecot->asked / 2; /* the same in smaller pieces */
	else if (dovecot->too_long)
		tell(take_first(dovecot), DOVECOT_FAILED, 0, dovecot->error.text);
	else
		fail_all(dovecot, dovecot->error.text);
	if (!dovecot->closing && dovecot->waiting)
		uv_timer_start(&dovecot->wake, on_wake, 0, 0);
}

static void on_wake(uv_timer_t *timer)
{
	struct dovecot *dovecot = timer->data;

	if (dovecot->busy)
		return;
	while (!dovecot->closing && dovecot->first && dovecot->first->impossible) {
		struct question *question = take_first(dovecot);

		tell(question, DOVECOT_FAILED, 0, question->impossible);
	}
	if (dovecot->closing || !dovecot->first)
		return;
	dovecot->body = write_body(dovecot);
	dovecot->busy = uv_queue_work(dovecot->loop, &dovecot->work, on_work, on_answered) == 0;
}

/* ---- from outside */

struct dovecot *dovecot_new(uv_loop_t *loop, const struct dovecot_options *options)
{
	struct dovecot *dovecot = memory_zero(1, sizeof *dovecot);

	dovecot->loop = loop;
	dovecot->last = &dovecot->first;
	dovecot->together = DOVECOT_TOGETHER_MAX;
	dovecot->work.data = dovecot;
	if (options->doveadm_url && *options->doveadm_url)
		dovecot->doveadm = doveadm_new(options->doveadm_url, options->doveadm_key ? options->doveadm_key : "", DOVECOT_ANSWER_MAX,
					       DOVECOT_PATIENCE_MS, &dovecot->error);
	else
		error_set(&dovecot->error, _("doveadm is not set up (doveadm_url)"));
	dovecot->trials = trials_new(loop, options->auth_socket);
	uv_timer_init(loop, &dovecot->wake);
	dovecot->wake.data = dovecot;
	return dovecot;
}

void dovecot_ask(struct dovecot *dovecot, enum dovecot_verb verb, struct text user,
		 void (*done)(void *context, enum dovecot_result result, uint32_t count, const char *says), void *context)
{
	size_t room = (user.n < DOVECOT_USER_MAX ? user.n : DOVECOT_USER_MAX) + 1;
	struct question *question = memory_zero(1, sizeof *question + room);

	question->verb = verb;
	question->done = done;
	question->context = context;
	question->impossible = why_impossible(dovecot, verb, user);
	text_copy(question->user, room, user);
	if (is_like_address(question->user)) {
		question->veil = 1;
		question->looking = verb == DOVECOT_KICK;
	}
	put_back(dovecot, question);
	uv_timer_start(&dovecot->wake, on_wake, 0, 0);
}

void dovecot_try(struct dovecot *dovecot, const char *service, struct text user,
		 void (*done)(void *context, enum dovecot_trial trial, const char *says), void *context)
{
	trials_ask(dovecot->trials, service, user, done, context);
}

bool dovecot_is_trial(const struct dovecot *dovecot, struct text session) { return trials_know(dovecot->trials, session); }

static void on_closed(uv_handle_t *handle)
{
	struct dovecot *dovecot = handle->data;

	dovecot->closed = true;
	finish(dovecot);
}

void dovecot_close(struct dovecot *dovecot)
{
	if (!dovecot)
		return;
	dovecot->closing = true;
	trials_close(dovecot->trials);
	if (dovecot->busy)
		doveadm_stop(dovecot->doveadm);
	while (dovecot->first)
		free(take_first(dovecot));
	uv_close((uv_handle_t *)&dovecot->wake, on_closed);
}
