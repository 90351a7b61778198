/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/keys.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/quoted.h"
#include "containment/asking.h"
#include "containment/keys_answer.h"
#include "containment/listing.h"

enum { FLIGHT_MAX = 16 };

struct asked {
	enum keys_verb verb;
	char *account, *password; /* as they are sent, quoted; password: NULL for none */
	size_t password_bytes;
	const char *impossible; /* why it is not sent, or NULL */
	void (*done)(void *context, enum keys_result result, const char *says);
	void *context;
};

struct keys {
	uv_loop_t *loop;
	struct asking *asking;
	struct listing *listings;
};

/* ---- one request */

static const char *const verbs[] = {
	[KEYS_FINGERPRINT] = "fingerprint", [KEYS_SCRAMBLE] = "scramble", [KEYS_RESTORE] = "restore", [KEYS_CHANGE] = "change",
	[KEYS_RENEW] = "renew",		    [KEYS_DISABLE] = "disable",	  [KEYS_ENABLE] = "enable",   [KEYS_DELETE] = "delete",
};

static bool has_password(enum keys_verb verb) { return verb == KEYS_CHANGE || verb == KEYS_RENEW; }

static size_t write_request(const void *request, char *line)
{
	const struct asked *asked = request;

	size_t n;

	if (asked->impossible)
		return 0;
	if (!asked->password)
		return (size_t)snprintf(line, KEYS_LINE_MAX + 1, "%s %s\n", verbs[asked->verb], asked->account);
	n = (size_t)snprintf(line, KEYS_LINE_MAX + 1, "%s %s %s\n", verbs[asked->verb], asked->account, asked->password);
	explicit_bzero(asked->password, asked->password_bytes); /* it is sent once */
	return n;
}

static bool fits(const void *request, struct text line)
{
	const struct asked *asked = request;
	char account[QUOTED_ROOM(KEYS_LINE_MAX)];
	struct keys_answer answer;

	if (!keys_answer_parse(line, &answer))
		return false;
	if (text_is(answer.account, TEXT("-")) && answer.result != KEYS_DONE)
		return true; /* a line that the helper could not read */
	quoted_write(answer.account, account, sizeof account);
	return strcmp(account, asked->account) == 0;
}

/* it does not even know the word */
static bool is_of_an_older_version(const struct asked *asked, const struct keys_answer *answer)
{
	return asked->verb == KEYS_RENEW && answer->result == KEYS_CANNOT && text_is(answer->account, TEXT("-")) &&
	       text_is(answer->says, TEXT("no verb"));
}

static void answered(void *request, struct text line)
{
	const struct asked *asked = request;
	struct keys_answer answer;
	char says[KEYS_LINE_MAX];

	if (!keys_answer_parse(line, &answer))
		return; /* it was looked at in fits() */
	if (is_of_an_older_version(asked, &answer)) {
		asked->done(asked->context, KEYS_FAILED,
			    _("the helper for passwords is of an older version, which cannot tell former passwords: install the new one, and restart sekisho-passdb"));
		return;
	}
	text_copy(says, sizeof says, answer.says);
	asked->done(asked->context, answer.result, says);
}

static void given_up(void *request, const char *why)
{
	const struct asked *asked = request;
	char says[256];

	snprintf(says, sizeof says, _("the helper for passwords: %s"), why);
	asked->done(asked->context, KEYS_FAILED, asked->impossible ? asked->impossible : says);
}

static void forget(void *request)
{
	struct asked *asked = request;

	if (asked->password)
		explicit_bzero(asked->password, asked->password_bytes); /* it was not sent */
	free(asked->password);
	free(asked->account);
}

static const struct asking_kind kind = {
	.request_bytes = sizeof(struct asked),
	.line_room = KEYS_LINE_MAX + 1,
	.flight_max = FLIGHT_MAX,
	.once = true,
	.patience_ms = KEYS_PATIENCE_MS,
	.hello = "ping\n",
	.write = write_request,
	.fits = fits,
	.answered = answered,
	.given_up = given_up,
	.forget = forget,
};

struct keys *keys_new(uv_loop_t *loop, const char *socket_path)
{
	struct keys *keys = memory_zero(1, sizeof *keys);

	keys->loop = loop;
	keys->asking = asking_new(loop, socket_path, &kind);
	return keys;
}

static char *quote(struct text text, size_t *bytes)
{
	char *quoted;

	*bytes = QUOTED_ROOM(text.n);
	quoted = memory_new(*bytes);
	quoted_write(text, quoted, *bytes);
	return quoted;
}

/* Neither of the two is copied where the line could not hold it. */
static const char *why_impossible(const struct keys *keys, enum keys_verb verb, struct text account, struct text password)
{
	if (asking_waiting(keys->asking) >= KEYS_WAITING_MAX)
		return _("too many requests wait for the helper for passwords");
	if (!account.n)
		return _("no account is named");
	if (has_password(verb) && !password.n)
		return _("an empty password is no password");
	if (QUOTED_ROOM(account.n) + QUOTED_ROOM(password.n) + sizeof "fingerprint  \n" > KEYS_LINE_MAX)
		return _("the account or the password is too long");
	return NULL;
}

void keys_ask(struct keys *keys, enum keys_verb verb, struct text account, struct text password,
	      void (*done)(void *context, enum keys_result result, const char *says), void *context)
{
	struct asked asked = { .verb = verb, .done = done, .context = context };
	size_t bytes;

	asked.impossible = why_impossible(keys, verb, account, password);
	if (!asked.impossible) {
		asked.account = quote(account, &bytes);
		if (has_password(verb))
			asked.password = quote(password, &asked.password_bytes);
	}
	asking_put(keys->asking, &asked);
}

/* ---- lists */

struct list {
	void (*each)(void *context, struct text account);
	void (*end)(void *context, const struct error *error);
	void *context;
};

static enum listing_step on_list_line(void *context, struct text line, struct error *error)
{
	const struct list *list = context;
	char room[KEYS_LINE_MAX];
	struct keys_answer answer;
	struct text account;

	if (text_is(line, TEXT("end")))
		return LISTING_ENDS;
	if (keys_account_parse(line, room, &account)) {
		list->each(list->context, account);
		return LISTING_GOES_ON;
	}
	if (keys_answer_parse(line, &answer) && answer.result != KEYS_DONE)
		error_set(error, "%.*s", (int)(answer.says.n < 300 ? answer.says.n : 300), answer.says.p);
	else
		error_set(error, "the helper for passwords said '%.*s'", (int)(line.n < 100 ? line.n : 100), line.p);
	return LISTING_FAILS;
}

static void on_list_end(void *context, const struct error *error)
{
	const struct list *list = context;

	list->end(list->context, error);
}

void keys_list(struct keys *keys, void (*each)(void *context, struct text account),
	       void (*end)(void *context, const struct error *error), void *context)
{
	struct list *list = memory_new(sizeof *list);

	*list = (struct list){ each, end, context };
	listing_open(&keys->listings, keys->loop, asking_path(keys->asking), TEXT("list\n"),
		     &(struct listing_handler){ "the helper for passwords", on_list_line, on_list_end, list });
}

void keys_close(struct keys *keys)
{
	if (!keys)
		return;
	listing_close_all(&keys->listings);
	asking_close(keys->asking);
	free(keys);
}
