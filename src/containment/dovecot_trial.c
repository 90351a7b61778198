/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/dovecot_trial.h"

#include <sodium.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "containment/dovecot_auth.h"
#include "containment/lines.h"

enum { SECRET_BYTES = 15, SECRET_ROOM = 21, SERVICE_MAX = 16, NUMBER_FIRST = 1 << 23 /* above every process */ };
enum { PLAIN_MAX = DOVECOT_USER_MAX + SECRET_ROOM + 2, RESPONSE_ROOM = PLAIN_MAX * 4 / 3 + 5, LINE_ROOM = RESPONSE_ROOM + 256 };

struct trial {
	struct trial *next;
	uint32_t id; /* 0: not sent */
	bool impossible;
	void (*done)(void *context, enum dovecot_trial trial, const char *says);
	void *context;
	char service[SERVICE_MAX + 1];
	char user[DOVECOT_USER_MAX + 1];
};

struct trials {
	uv_loop_t *loop;
	uv_timer_t begin, silence; /* silence: while there is a connection */
	unsigned handles;          /* that are not closed yet */
	char *path;
	struct lines *lines; /* NULL: no connection */
	bool version, plain, open; /* what the greeting said */
	struct trial *first, **last;
	size_t waiting, sent; /* waiting: all of them */
	uint32_t id;
	bool closing;
	char secret[SECRET_ROOM]; /* begins the name of each trial's session */
};

/* ---- answers */

static void answer(struct trials *trials, struct trial **place, enum dovecot_trial result, const char *says)
{
	struct trial *trial = *place;

	*place = trial->next;
	if (!*place)
		trials->last = place;
	trials->waiting--;
	trials->sent -= trial->id != 0;
	trial->done(trial->context, result, says);
	free(trial);
}

static void leave(struct trials *trials)
{
	if (trials->lines)
		lines_close(trials->lines);
	trials->lines = NULL;
	uv_timer_stop(&trials->silence);
	trials->version = trials->plain = trials->open = false;
}

/* Of those that are here now; what they ask anew waits. */
static void fail_all(struct trials *trials, const char *why)
{
	size_t count = trials->waiting;
	char says[DOVECOT_SAYS_MAX];

	snprintf(says, sizeof says, _("Dovecot's auth socket '%.100s': %s"), trials->path ? trials->path : "", why);
	leave(trials);
	for (; count && !trials->closing; count--)
		answer(trials, &trials->first, TRIAL_FAILED, says);
}

/* ---- questions */

static void make_secret(char to[SECRET_ROOM])
{
	unsigned char bytes[SECRET_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(to, SECRET_ROOM, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void send_trial(struct trials *trials, struct trial *trial)
{
	char plain[PLAIN_MAX + 1], password[SECRET_ROOM], response[RESPONSE_ROOM], line[LINE_ROOM];
	int n;

	trial->id = ++trials->id;
	trials->sent++;
	make_secret(password);
	n = snprintf(plain, sizeof plain, "%c%s%c%s", 0, trial->user, 0, password);
	sodium_bin2base64(response, sizeof response, (unsigned char *)plain, (size_t)n, sodium_base64_VARIANT_ORIGINAL);
	n = snprintf(line, sizeof line,
		     "AUTH\t%u\tPLAIN\tservice=%s\tnologin\tno-penalty\tsecured\tsession=%s%u\tlip=127.0.0.1\trip=127.0.0.1\tresp=%s\n",
		     trial->id, trial->service, trials->secret, trial->id, response);
	lines_send(trials->lines, (struct text){ line, (size_t)n });
}

static void on_silence(uv_timer_t *timer);

static void send_all(struct trials *trials)
{
	for (struct trial *trial = trials->first; trial && trials->sent < TRIALS_TOGETHER_MAX; trial = trial->next)
		if (!trial->id && !trial->impossible)
			send_trial(trials, trial);
}

static void expect(struct trials *trials) { uv_timer_start(&trials->silence, on_silence, DOVECOT_PATIENCE_MS, 0); }

/* ---- the connection */

static void on_opened(void *context)
{
	struct trials *trials = context;
	char hello[64];
	int n = snprintf(hello, sizeof hello, "VERSION\t1\t2\nCPID\t%u\n", NUMBER_FIRST + randombytes_uniform(1u << 30));

	lines_send(trials->lines, (struct text){ hello, (size_t)n });
}

static void on_verdict(struct trials *trials, const struct dovecot_auth_line *line)
{
	struct trial **place = &trials->first;

	while (*place && (*place)->id != line->id)
		place = &(*place)->next;
	if (!*place || !line->id) {
		fail_all(trials, _("it answers what nobody asked"));
		return;
	}
	answer(trials, place, line->trial, line->says);
	if (trials->closing)
		return;
	if (trials->waiting) {
		send_all(trials);
		expect(trials);
	} else {
		leave(trials);
	}
}

static void on_greeted(struct trials *trials)
{
	if (!trials->version || !trials->plain) {
		fail_all(trials, _("it does not offer PLAIN in version 1 of its protocol"));
		return;
	}
	trials->open = true;
	send_all(trials);
	expect(trials);
}

static void on_line(void *context, struct text text)
{
	struct trials *trials = context;
	struct dovecot_auth_line line;
	bool sound = dovecot_auth_parse(text, &line);

	if (!sound || (line.kind == AUTH_VERDICT && !trials->open)) {
		fail_all(trials, _("what it says is no answer"));
		return;
	}
	trials->version |= line.kind == AUTH_VERSION;
	trials->plain |= line.kind == AUTH_PLAIN;
	if (line.kind == AUTH_VERDICT)
		on_verdict(trials, &line);
	else if (line.kind == AUTH_DONE && !trials->open)
		on_greeted(trials);
}

static void on_lost(void *context, const struct error *error)
{
	struct trials *trials = context;

	trials->lines = NULL;
	fail_all(trials, error->text);
}

static void on_silence(uv_timer_t *timer) { fail_all(timer->data, _("no answer")); }

/* ---- asking */

static void answer_impossible(struct trials *trials)
{
	struct trial **place = &trials->first;

	while (!trials->closing && *place)
		if ((*place)->impossible)
			answer(trials, place, TRIAL_FAILED, _("this cannot be tried: no login of Dovecot, or too many at once"));
		else
			place = &(*place)->next;
}

static void on_begin(uv_timer_t *timer)
{
	struct trials *trials = timer->data;
	const struct lines_handler handler = { on_opened, on_line, on_lost, trials };

	answer_impossible(trials);
	if (trials->closing || !trials->waiting)
		return;
	if (!trials->path) {
		fail_all(trials, _("it is not set up (dovecot_auth_socket)"));
	} else if (trials->open) {
		send_all(trials);
	} else if (!trials->lines) {
		trials->lines = lines_open(trials->loop, trials->path, &handler);
		expect(trials);
	}
}

struct trials *trials_new(uv_loop_t *loop, const char *path)
{
	struct trials *trials = memory_zero(1, sizeof *trials);

	trials->loop = loop;
	trials->path = path && *path ? memory_copy(path, strlen(path)) : NULL;
	trials->last = &trials->first;
	trials->handles = 2;
	make_secret(trials->secret);
	uv_timer_init(loop, &trials->begin);
	uv_timer_init(loop, &trials->silence);
	trials->begin.data = trials->silence.data = trials;
	return trials;
}

static bool is_service(const char *service)
{
	size_t n = strlen(service);

	return n > 0 && n <= SERVICE_MAX && text_span(text_of(service), CHAR_ALNUM) == n;
}

void trials_ask(struct trials *trials, const char *service, struct text user,
		void (*done)(void *context, enum dovecot_trial trial, const char *says), void *context)
{
	struct trial *trial = memory_zero(1, sizeof *trial);

	trial->done = done;
	trial->context = context;
	trial->impossible = !is_service(service) || !user.n || user.n > DOVECOT_USER_MAX || text_find(user, '\0') < user.n ||
			    trials->waiting >= DOVECOT_WAITING_MAX;
	text_copy(trial->service, sizeof trial->service, text_of(service));
	text_copy(trial->user, sizeof trial->user, user);
	*trials->last = trial;
	trials->last = &trial->next;
	trials->waiting++;
	uv_timer_start(&trials->begin, on_begin, 0, 0);
}

bool trials_know(const struct trials *trials, struct text session)
{
	const size_t n = sizeof trials->secret - 1;

	return session.n > n && sodium_memcmp(session.p, trials->secret, n) == 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct trials *trials = handle->data;

	if (--trials->handles)
		return;
	free(trials->path);
	free(trials);
}

void trials_close(struct trials *trials)
{
	struct trial *trial;

	leave(trials);
	trials->closing = true;
	while ((trial = trials->first)) {
		trials->first = trial->next;
		free(trial);
	}
	uv_close((uv_handle_t *)&trials->begin, on_closed);
	uv_close((uv_handle_t *)&trials->silence, on_closed);
}
