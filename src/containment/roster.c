/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/roster.h"

#include <limits.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "containment/roster_file.h"

enum { PAUSE_LEAST_MS = 1000, PAUSE_MOST_MS = 60000 };

/* all that the thread needs; the loop leaves it alone meanwhile */
struct writing {
	uv_work_t work;
	struct roster *roster;
	struct roster_file file;
	struct text text;
	uint64_t upto; /* of the changes */
	bool done;
	struct error error;
};

struct waiter {
	uint64_t change; /* the last one that has to be written */
	void (*done)(void *context, const struct error *error);
	void *context;
};

struct roster {
	uv_loop_t *loop;
	uv_timer_t moment;
	struct roster_options options;
	char **logins; /* sorted, in small letters */
	size_t count, room;
	bool set;                  /* who is in it is known */
	uint64_t changes, written; /* how many there were; so many of them are on the disk */
	struct waiter *waiters;    /* in the order of their changes */
	size_t waiter_count, waiter_room;
	bool busy, closing, closed; /* closed: the timer is */
	size_t looks;               /* that threads make */
	unsigned pause_ms;
	struct writing writing;
};

/* ---- which logins */

/* whole characters of UTF-8, none of which a reader would take apart */
static bool is_sound(const struct roster *roster, struct text login)
{
	uint32_t code;
	size_t n;

	for (struct text rest = login; rest.n; rest = text_after(rest, n)) {
		n = text_character(rest, &code);
		if (!n || code <= ' ' || code == 0x7f || code == '"' || code == '\\' || (code < 0x80 && strchr(roster->options.forbidden, (int)code)))
			return false;
	}
	return login.n > 0 && login.n <= ROSTER_LOGIN_MAX && login.p[0] != '#';
}

static void fold(struct text login, char folded[ROSTER_LOGIN_MAX + 1])
{
	text_copy(folded, ROSTER_LOGIN_MAX + 1, login);
	for (char *c = folded; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
}

/* where it is, or would be */
static size_t place_of(const struct roster *roster, const char *login, bool *there)
{
	size_t low = 0, high = roster->count;

	*there = false;
	while (low < high && !*there) {
		size_t middle = (low + high) / 2;
		int order = strcmp(roster->logins[middle], login);

		*there = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

static bool check(const struct roster *roster, struct text login, struct error *error)
{
	return is_sound(roster, login) || error_set(error, "login '%.*s' cannot be in %s", (int)(login.n < 100 ? login.n : 100),
						    login.p, roster->options.what);
}

/* the same login as it may come without its domain; empty where that cannot be */
static struct text without_domain(const struct roster *roster, struct text login)
{
	const char *usual = roster->options.default_domain;
	size_t at = text_find(login, '@');
	struct text domain = at < login.n ? text_after(login, at + 1) : TEXT_NONE;

	if (!usual || domain.n != strlen(usual) || strncasecmp(domain.p, usual, domain.n) != 0)
		return TEXT_NONE;
	return text_head(login, at);
}

/* sound, and there is room; was it not there? */
static bool put(struct roster *roster, struct text login)
{
	char folded[ROSTER_LOGIN_MAX + 1];
	size_t place;
	bool there;

	fold(login, folded);
	place = place_of(roster, folded, &there);
	if (there)
		return false;
	MEMORY_ROOM(roster->logins, roster->count, roster->room);
	memmove(roster->logins + place + 1, roster->logins + place, (roster->count - place) * sizeof *roster->logins);
	roster->logins[place] = memory_copy(folded, strlen(folded));
	roster->count++;
	return true;
}

static bool drop(struct roster *roster, struct text login)
{
	char folded[ROSTER_LOGIN_MAX + 1];
	size_t place;
	bool there;

	fold(login, folded);
	place = place_of(roster, folded, &there);
	if (!there)
		return false;
	free(roster->logins[place]);
	roster->count--;
	memmove(roster->logins + place, roster->logins + place + 1, (roster->count - place) * sizeof *roster->logins);
	return true;
}

static void clear(struct roster *roster)
{
	while (roster->count)
		free(roster->logins[--roster->count]);
}

/* ---- writing, on a thread of the pool */

static void on_work(uv_work_t *work)
{
	struct writing *writing = work->data;

	writing->done = roster_file_write(&writing->file, writing->text, &writing->error);
}

/* ---- when */

static void on_written(uv_work_t *work, int status);

static char *append(char *to, const char *text) { return mempcpy(to, text, strlen(text)); }

static void write_text(const struct roster *roster, struct writing *writing)
{
	const struct roster_options *options = &roster->options;
	size_t most = strlen(options->remark) + 1 + roster->count * (strlen(options->ending) + 1);
	char *text, *end;

	for (size_t i = 0; i < roster->count; i++)
		most += strlen(roster->logins[i]);
	text = memory_new(most);
	end = append(append(text, options->remark), "\n");
	for (size_t i = 0; i < roster->count; i++)
		end = append(append(append(end, roster->logins[i]), options->ending), "\n");
	writing->text = text_between(text, end);
}

/* Those who wait for changes up to this one. One that is told may ask again, or close the roster. */
static void tell_waiters(struct roster *roster, uint64_t upto, const struct error *error)
{
	while (!roster->closing && roster->waiter_count && roster->waiters[0].change <= upto) {
		struct waiter first = roster->waiters[0];

		roster->waiter_count--;
		memmove(roster->waiters, roster->waiters + 1, roster->waiter_count * sizeof *roster->waiters);
		first.done(first.context, error);
	}
}

static void on_moment(uv_timer_t *timer)
{
	struct roster *roster = timer->data;

	if (roster->written == roster->changes) {
		tell_waiters(roster, roster->written, NULL);
		return;
	}
	write_text(roster, &roster->writing);
	roster->writing.upto = roster->changes;
	roster->busy = uv_queue_work(roster->loop, &roster->writing.work, on_work, on_written) == 0;
}

static void plan(struct roster *roster, unsigned pause_ms)
{
	if (roster->set && !roster->busy && !roster->closing && !uv_is_active((uv_handle_t *)&roster->moment))
		uv_timer_start(&roster->moment, on_moment, pause_ms, 0);
}

static void note_change(struct roster *roster)
{
	roster->changes++;
	plan(roster, roster->options.moment_ms);
}

/* both the thread and the timer must have let go */
static void finish(struct roster *roster)
{
	if (roster->busy || roster->looks || !roster->closed)
		return;
	clear(roster);
	free(roster->logins);
	free(roster->waiters);
	free((char *)roster->options.file);
	free((char *)roster->options.forbidden);
	free((char *)roster->options.postmap);
	free((char *)roster->options.default_domain);
	if (roster->writing.file.stop >= 0)
		close(roster->writing.file.stop);
	free(roster);
}

static void on_written(uv_work_t *work, int status)
{
	struct roster *roster = ((struct writing *)work->data)->roster;
	bool done = roster->writing.done;

	free((char *)roster->writing.text.p);
	roster->busy = false;
	if (roster->closing) {
		finish(roster);
		return;
	}
	roster->pause_ms = done ? 0 : roster->pause_ms ? roster->pause_ms * 2 : PAUSE_LEAST_MS;
	if (roster->pause_ms > PAUSE_MOST_MS)
		roster->pause_ms = PAUSE_MOST_MS;
	if (done)
		roster->written = roster->writing.upto;
	if (roster->written != roster->changes)
		plan(roster, done ? roster->options.moment_ms : roster->pause_ms);
	roster->options.told(roster->options.context, done ? NULL : &roster->writing.error);
	tell_waiters(roster, roster->writing.upto, done ? NULL : &roster->writing.error);
}

/* ---- from outside */

static const char *keep(const char *text) { return text && *text ? memory_copy(text, strlen(text)) : NULL; }

struct roster *roster_new(uv_loop_t *loop, const struct roster_options *options)
{
	struct roster *roster = memory_zero(1, sizeof *roster);

	roster->loop = loop;
	roster->options = *options;
	roster->options.file = keep(options->file);
	roster->options.postmap = keep(options->postmap);
	roster->options.default_domain = keep(options->default_domain);
	roster->options.forbidden = memory_copy(options->forbidden, strlen(options->forbidden));
	roster->writing.roster = roster;
	roster->writing.work.data = &roster->writing;
	roster->writing.file = (struct roster_file){ roster->options.file, roster->options.postmap, options->mode, options->by_seconds,
						     options->by_group, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	uv_timer_init(loop, &roster->moment);
	roster->moment.data = roster;
	return roster;
}

bool roster_put(struct roster *roster, struct text login, struct error *error)
{
	struct text bare = without_domain(roster, login);
	bool changed;

	if (!check(roster, login, error))
		return false;
	if (roster->count + 2 > ROSTER_LOGINS_MAX)
		return error_set(error, "more than %d logins are locked", ROSTER_LOGINS_MAX);
	changed = put(roster, login);
	if (bare.n)
		changed |= put(roster, bare);
	if (changed)
		note_change(roster);
	return true;
}

void roster_drop(struct roster *roster, struct text login)
{
	struct text bare = without_domain(roster, login);
	bool changed = drop(roster, login);

	if (bare.n)
		changed |= drop(roster, bare);
	if (changed)
		note_change(roster);
}

size_t roster_set(struct roster *roster, const struct text *logins, size_t count, struct error *error)
{
	size_t left_out = 0;

	clear(roster);
	roster->set = true;
	note_change(roster);
	for (size_t i = 0; i < count; i++)
		left_out += !roster_put(roster, logins[i], left_out ? NULL : error);
	return left_out;
}

void roster_mend(struct roster *roster)
{
	char map[PATH_MAX];

	snprintf(map, sizeof map, "%s%s", roster->options.file, roster->options.postmap ? ".db" : "");
	if (roster->set && roster->written == roster->changes &&
	    (access(roster->options.file, F_OK) != 0 || access(map, F_OK) != 0))
		note_change(roster);
}

size_t roster_count(const struct roster *roster) { return roster->count; }

void roster_when_written(struct roster *roster, void (*done)(void *context, const struct error *error), void *context)
{
	MEMORY_ROOM(roster->waiters, roster->waiter_count, roster->waiter_room);
	roster->waiters[roster->waiter_count++] = (struct waiter){ roster->changes, done, context };
	plan(roster, roster->written == roster->changes ? 0 : roster->options.moment_ms);
}

/* ---- what is on the disk */

struct look {
	uv_work_t work;
	struct roster *roster;
	char login[ROSTER_LOGIN_MAX + 1];
	bool read, there;
	struct error error;
	void (*done)(void *context, bool there, const struct error *error);
	void *context;
};

static void on_look(uv_work_t *work)
{
	struct look *look = work->data;

	look->read = roster_file_has(&look->roster->writing.file, look->login, look->roster->options.ending, &look->there, &look->error);
}

static void on_looked(uv_work_t *work, int status)
{
	struct look *look = work->data;
	struct roster *roster = look->roster;

	roster->looks--;
	if (roster->closing)
		finish(roster);
	else
		look->done(look->context, look->there, look->read ? NULL : &look->error);
	free(look);
}

void roster_look(struct roster *roster, struct text login, void (*done)(void *context, bool there, const struct error *error),
		 void *context)
{
	struct look *look = memory_zero(1, sizeof *look);

	look->roster = roster;
	look->done = done;
	look->context = context;
	look->work.data = look;
	fold(login, look->login);
	roster->looks++;
	uv_queue_work(roster->loop, &look->work, on_look, on_looked);
}

static void on_closed(uv_handle_t *handle)
{
	struct roster *roster = handle->data;

	roster->closed = true;
	finish(roster);
}

void roster_close(struct roster *roster)
{
	if (!roster)
		return;
	roster->closing = true;
	if (roster->writing.file.stop >= 0)
		eventfd_write(roster->writing.file.stop, 1);
	uv_close((uv_handle_t *)&roster->moment, on_closed);
}
