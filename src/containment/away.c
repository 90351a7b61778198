/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/away.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/program.h"

enum { PAUSE_LEAST_MS = 1000, PAUSE_MOST_MS = 60000, PATH_ROOM = 4096 };
#define PATIENCE_US ((int64_t)60 * 1000000)
#define FRESH "new." /* and the number of the process */

/* all that the thread needs; the loop leaves it alone meanwhile */
struct writing {
	uv_work_t work;
	struct away *away;
	char *folder, *postmap;
	char *table;
	size_t bytes;
	int stop; /* readable once nobody waits for it any more */
	bool done;
	struct error error;
};

struct away {
	uv_loop_t *loop;
	uv_timer_t moment;
	void (*told)(void *context, const struct error *error);
	void *context;
	char *default_domain; /* or NULL */
	char **logins; /* sorted, in small letters */
	size_t count, room;
	bool set;      /* what is locked is known */
	bool changed;  /* since the last writing began */
	bool busy, closing, closed; /* closed: the timer is */
	unsigned pause_ms;
	struct writing writing;
};

/* ---- which logins */

/* whole characters of UTF-8, none of which Postfix would take apart */
static bool is_sound(struct text login)
{
	for (size_t i = 0; i < login.n;) {
		unsigned char c = (unsigned char)login.p[i++];
		int more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : -1;

		if (more < 0 || c <= ' ' || c == 0x7f || c == '"' || c == '\\')
			return false;
		for (; more; more--, i++)
			if (i == login.n || ((unsigned char)login.p[i] & 0xc0) != 0x80)
				return false;
	}
	return login.n > 0 && login.n <= AWAY_LOGIN_MAX && login.p[0] != '#';
}

static void fold(struct text login, char folded[AWAY_LOGIN_MAX + 1])
{
	text_copy(folded, AWAY_LOGIN_MAX + 1, login);
	for (char *c = folded; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
}

/* where it is, or would be */
static size_t place_of(const struct away *away, const char *login, bool *there)
{
	size_t low = 0, high = away->count;

	*there = false;
	while (low < high && !*there) {
		size_t middle = (low + high) / 2;
		int order = strcmp(away->logins[middle], login);

		*there = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

static bool check(struct text login, struct error *error)
{
	return is_sound(login) || error_set(error, "login '%.*s' cannot be in a table of Postfix",
					    (int)(login.n < 100 ? login.n : 100), login.p);
}

/* the same login as it may come without its domain; empty where that cannot be */
static struct text without_domain(const struct away *away, struct text login)
{
	size_t at = text_find(login, '@');
	struct text domain = at < login.n ? text_after(login, at + 1) : TEXT_NONE;

	if (!away->default_domain || domain.n != strlen(away->default_domain) ||
	    strncasecmp(domain.p, away->default_domain, domain.n) != 0)
		return TEXT_NONE;
	return text_head(login, at);
}

/* sound, and there is room */
static void put(struct away *away, struct text login)
{
	char folded[AWAY_LOGIN_MAX + 1];
	size_t place;
	bool there;

	fold(login, folded);
	place = place_of(away, folded, &there);
	if (there)
		return;
	MEMORY_ROOM(away->logins, away->count, away->room);
	memmove(away->logins + place + 1, away->logins + place, (away->count - place) * sizeof *away->logins);
	away->logins[place] = memory_copy(folded, strlen(folded));
	away->count++;
}

static void drop(struct away *away, struct text login)
{
	char folded[AWAY_LOGIN_MAX + 1];
	size_t place;
	bool there;

	fold(login, folded);
	place = place_of(away, folded, &there);
	if (!there)
		return;
	free(away->logins[place]);
	away->count--;
	memmove(away->logins + place, away->logins + place + 1, (away->count - place) * sizeof *away->logins);
}

static void clear(struct away *away)
{
	while (away->count)
		free(away->logins[--away->count]);
}

/* ---- writing, on a thread of the pool */

static bool write_table(const struct writing *writing, const char *path, struct error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t n = 0;
	ssize_t step = 0;

	while (fd >= 0 && n < writing->bytes && (step = write(fd, writing->table + n, writing->bytes - n)) >= 0)
		n += (size_t)step;
	if (fd < 0 || step < 0 || fsync(fd) != 0)
		error_set(error, "'%s' cannot be written: %s", path, strerror(errno));
	else
		n++;
	if (fd >= 0)
		close(fd);
	return n > writing->bytes;
}

static bool put_in_place(const char *from, const char *to, struct error *error)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0 && rename(from, to) == 0;

	if (!done)
		error_set(error, "'%s' cannot be put in place: %s", from, strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

/* What was begun and cut off: postmap would take it for a table, or wait in it for ever. A postmap that outlives the daemon
 * which was killed may still write, hence the number of the process in the name. */
static void sweep(const char *folder)
{
	DIR *files = opendir(folder);
	struct dirent *file;

	while (files && (file = readdir(files)))
		if (text_starts(text_of(file->d_name), TEXT(FRESH)))
			unlinkat(dirfd(files), file->d_name, 0);
	if (files)
		closedir(files);
}

static bool make(const struct writing *writing, struct error *error)
{
	char fresh[PATH_ROOM], map[PATH_ROOM + 8], fresh_map[PATH_ROOM + 8], old[PATH_ROOM], old_map[PATH_ROOM + 8];
	const char *const words[] = { writing->postmap, map, NULL };
	bool done;
	struct program postmap = { .words = words, .input = -1, .output = -1, .stop = writing->stop, .patience_us = PATIENCE_US };

	if (mkdir(writing->folder, 0750) != 0 && errno != EEXIST)
		return error_set(error, "'%s' cannot be made: %s", writing->folder, strerror(errno));
	if (snprintf(fresh, sizeof fresh, "%s/" FRESH "%ld", writing->folder, (long)getpid()) >= PATH_ROOM)
		return error_set(error, "'%s' is too long for a path", writing->folder);
	snprintf(old, sizeof old, "%s/locked", writing->folder);
	snprintf(map, sizeof map, "hash:%s", fresh);
	snprintf(fresh_map, sizeof fresh_map, "%s.db", fresh);
	snprintf(old_map, sizeof old_map, "%s.db", old);
	sweep(writing->folder);
	done = write_table(writing, fresh, error) && program_run(&postmap, error) && put_in_place(fresh_map, old_map, error) &&
	       put_in_place(fresh, old, error);
	if (!done)
		sweep(writing->folder);
	return done;
}

static void on_work(uv_work_t *work)
{
	struct writing *writing = work->data;

	writing->done = make(writing, &writing->error);
}

/* ---- when */

static void on_written(uv_work_t *work, int status);

static char *append(char *to, const char *text) { return mempcpy(to, text, strlen(text)); }

static void write_text(const struct away *away, struct writing *writing)
{
	static const char head[] = "# Logins that are locked while sekisho is away. Written by sekisho: changes are lost.\n";
	size_t most = sizeof head + away->count * sizeof " " AWAY_ACTION "\n";
	char *end;

	for (size_t i = 0; i < away->count; i++)
		most += strlen(away->logins[i]);
	writing->table = memory_new(most);
	end = append(writing->table, head);
	for (size_t i = 0; i < away->count; i++)
		end = append(append(end, away->logins[i]), " " AWAY_ACTION "\n");
	writing->bytes = (size_t)(end - writing->table);
}

static void on_moment(uv_timer_t *timer)
{
	struct away *away = timer->data;

	write_text(away, &away->writing);
	away->changed = false;
	away->busy = uv_queue_work(away->loop, &away->writing.work, on_work, on_written) == 0;
}

static void plan(struct away *away, unsigned pause_ms)
{
	if (away->set && !away->busy && !away->closing && !uv_is_active((uv_handle_t *)&away->moment))
		uv_timer_start(&away->moment, on_moment, pause_ms, 0);
}

static void note_change(struct away *away)
{
	away->changed = true;
	plan(away, AWAY_MOMENT_MS);
}

/* both the thread and the timer must have let go */
static void finish(struct away *away)
{
	if (away->busy || !away->closed)
		return;
	clear(away);
	free(away->logins);
	free(away->writing.folder);
	free(away->writing.postmap);
	free(away->default_domain);
	if (away->writing.stop >= 0)
		close(away->writing.stop);
	free(away);
}

static void on_written(uv_work_t *work, int status)
{
	struct away *away = ((struct writing *)work->data)->away;
	bool done = away->writing.done;

	free(away->writing.table);
	away->busy = false;
	if (away->closing) {
		finish(away);
		return;
	}
	away->pause_ms = done ? 0 : away->pause_ms ? away->pause_ms * 2 : PAUSE_LEAST_MS;
	if (away->pause_ms > PAUSE_MOST_MS)
		away->pause_ms = PAUSE_MOST_MS;
	if (!done || away->changed)
		plan(away, done ? AWAY_MOMENT_MS : away->pause_ms);
	away->told(away->context, done ? NULL : &away->writing.error);
}

/* ---- from outside */

struct away *away_new(uv_loop_t *loop, const struct away_options *options)
{
	struct away *away = memory_zero(1, sizeof *away);

	away->loop = loop;
	away->told = options->told;
	away->context = options->context;
	if (options->default_domain && *options->default_domain)
		away->default_domain = memory_copy(options->default_domain, strlen(options->default_domain));
	away->writing.away = away;
	away->writing.stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	away->writing.folder = memory_copy(options->folder, strlen(options->folder));
	away->writing.postmap = memory_copy(options->postmap, strlen(options->postmap));
	away->writing.work.data = &away->writing;
	uv_timer_init(loop, &away->moment);
	away->moment.data = away;
	return away;
}

bool away_put(struct away *away, struct text login, struct error *error)
{
	struct text bare = without_domain(away, login);

	if (!check(login, error))
		return false;
	if (away->count + 2 > AWAY_LOGINS_MAX)
		return error_set(error, "more than %d logins are locked", AWAY_LOGINS_MAX);
	put(away, login);
	if (bare.n)
		put(away, bare);
	note_change(away);
	return true;
}

void away_drop(struct away *away, struct text login)
{
	struct text bare = without_domain(away, login);

	drop(away, login);
	if (bare.n)
		drop(away, bare);
	note_change(away);
}

size_t away_set(struct away *away, const struct text *logins, size_t count, struct error *error)
{
	size_t left_out = 0;

	clear(away);
	away->set = true;
	note_change(away);
	for (size_t i = 0; i < count; i++)
		left_out += !away_put(away, logins[i], left_out ? NULL : error);
	return left_out;
}

size_t away_count(const struct away *away) { return away->count; }

static void on_closed(uv_handle_t *handle)
{
	struct away *away = handle->data;

	away->closed = true;
	finish(away);
}

void away_close(struct away *away)
{
	if (!away)
		return;
	away->closing = true;
	if (away->writing.stop >= 0)
		eventfd_write(away->writing.stop, 1);
	uv_close((uv_handle_t *)&away->moment, on_closed);
}
