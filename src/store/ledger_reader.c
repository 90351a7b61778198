/* SPDX-License-Identifier: Apache-2.0 */
/* Looks things up in the files of all days, each on a connection that is opened when it is wanted first. The days are
 * listed anew when the folder has changed. */
#include <errno.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/ledger_day_read.h"

/* A folder's time stamp is of the last tick: what changes within the same one would not be seen. */
#define TICK_US (20 * 1000)
enum { DAYS_OPEN = 128, MEMORY_KIB = 64 * 1024 };

struct ledger_reader {
	char *folder;
	unsigned char key[LEDGER_KEY_BYTES];
	struct known_day {
		struct ledger_listed listed;
		struct ledger_day_read *read; /* NULL: not open */
		uint64_t used;
	} *days; /* newest first */
	size_t count, open;
	uint64_t uses;
	int64_t changed_us, listed_us; /* the folder, by its own word; when it was listed */
	struct ledger_kept best;
};

struct ledger_reader *ledger_reader_open(const char *folder, struct error *error)
{
	struct ledger_reader *reader = memory_zero(1, sizeof *reader);

	reader->changed_us = WHEN_NONE;
	if (!ledger_key(folder, reader->key, error)) {
		free(reader);
		return NULL;
	}
	reader->folder = memory_copy(folder, strlen(folder));
	return reader;
}

void ledger_reader_close(struct ledger_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->count; i++)
		ledger_day_read_close(reader->days[i].read);
	explicit_bzero(reader->key, sizeof reader->key);
	free(reader->days);
	free(reader->folder);
	free(reader);
}

uint64_t ledger_hash(const struct ledger_reader *reader, struct text text) { return ledger_hash_known(reader->key, text); }

/* ---- which days there are */

static struct ledger_day_read *keep_open(struct ledger_reader *reader, const struct ledger_listed *listed, uint64_t *used)
{
	for (size_t i = 0; i < reader->count; i++) {
		struct known_day *day = &reader->days[i];
		struct ledger_day_read *read = day->read;

		if (day->listed.day != listed->day || day->listed.inode != listed->inode)
			continue;
		day->read = NULL;
		*used = day->used;
		return read;
	}
	return NULL;
}

/* of the memory, by as many as can be open */
static int64_t share_of(const struct ledger_reader *reader)
{
	return MEMORY_KIB / (int64_t)(reader->count < DAYS_OPEN ? reader->count + 1 : DAYS_OPEN);
}

static bool list(struct ledger_reader *reader, struct error *error)
{
	struct ledger_listed *listed;
	struct known_day *days;
	size_t count;

	if (!ledger_list(reader->folder, &listed, &count, error))
		return false;
	days = memory_zero(count + 1, sizeof *days);
	for (size_t i = 0; i < count; i++) {
		days[i].listed = listed[i];
		days[i].read = keep_open(reader, &listed[i], &days[i].used);
	}
	for (size_t i = 0; i < reader->count; i++)
		ledger_day_read_close(reader->days[i].read);
	reader->open = 0;
	free(listed);
	free(reader->days);
	reader->days = days;
	reader->count = count;
	for (size_t i = 0; i < count; i++) {
		reader->open += days[i].read != NULL;
		if (days[i].read)
			ledger_day_read_share(days[i].read, share_of(reader));
	}
	return true;
}

static bool look_around(struct ledger_reader *reader, struct error *error)
{
	struct stat about;
	int64_t changed_us;

	if (stat(reader->folder, &about) != 0)
		return error_set(error, "folder '%s': %s", reader->folder, strerror(errno));
	changed_us = about.st_mtim.tv_sec * SECOND_US + about.st_mtim.tv_nsec / 1000;
	if (changed_us == reader->changed_us && changed_us + TICK_US < reader->listed_us)
		return true;
	reader->listed_us = clock_now();
	reader->changed_us = changed_us;
	return list(reader, error);
}

bool ledger_first(struct ledger_reader *reader, int64_t *first_us, struct error *error)
{
	if (!look_around(reader, error))
		return false;
	*first_us = reader->count ? reader->days[reader->count - 1].listed.day * DAY_US : WHEN_NONE;
	return true;
}

/* ---- one day */

static void close_least_used(struct ledger_reader *reader)
{
	struct known_day *least = NULL;

	for (size_t i = 0; i < reader->count; i++)
		if (reader->days[i].read && (!least || reader->days[i].used < least->used))
			least = &reader->days[i];
	ledger_day_read_close(least->read);
	least->read = NULL;
	reader->open--;
}

/* NULL: it cannot be read, or, with error->text empty, it went meanwhile */
static struct ledger_day_read *open_day(struct ledger_reader *reader, struct known_day *day, struct error *error)
{
	day->used = ++reader->uses;
	if (day->read)
		return day->read;
	if (reader->open == DAYS_OPEN)
		close_least_used(reader);
	day->read = ledger_day_read_open(reader->folder, day->listed.day, error);
	if (day->read) {
		ledger_day_read_share(day->read, share_of(reader));
		reader->open++;
	}
	return day->read;
}

/* after a fault: opened anew next time */
static void give_up(struct ledger_reader *reader, struct known_day *day)
{
	ledger_day_read_close(day->read);
	day->read = NULL;
	reader->open--;
}

/* ---- whose is it? */

/* Postfix's enable_long_queue_ids (global/mail_queue.h): six digits of seconds and four of microseconds in base 52,
 * without vowels, then 'z'. Only says where to look first. */
static int64_t long_id_time(struct text id)
{
	static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	int64_t s = 0;

	if (id.n < 12 || id.p[10] != 'z')
		return WHEN_NONE;
	for (size_t i = 0; i < 6; i++) {
		const char *digit = id.p[i] ? strchr(digits, id.p[i]) : NULL;

		if (!digit)
			return WHEN_NONE;
		s = s * 52 + (digit - digits);
	}
	return s * SECOND_US;
}

static struct text bare(struct text id)
{
	id = text_trim(id);
	return id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>' ? text_head(text_after(id, 1), id.n - 2) : id;
}

/* what days can have, so that it can be reckoned with */
static int64_t in_bounds(int64_t near_us)
{
	const int64_t last_us = (LEDGER_DAY_MAX + 1) * DAY_US;

	if (near_us == WHEN_NONE)
		return near_us;
	return near_us < 0 ? 0 : near_us > last_us ? last_us : near_us;
}

/* how far a day is from a time: its nearest moment */
static uint64_t distance(int32_t day, int64_t near_us)
{
	if (near_us < day * DAY_US)
		return (uint64_t)(day * DAY_US) - (uint64_t)near_us;
	if (near_us >= (day + 1) * DAY_US)
		return (uint64_t)near_us - (uint64_t)((day + 1) * DAY_US) + 1;
	return 0;
}

/* The days in the order of their distance from a time, or newest first: `newer` and `older` are those not looked at yet,
 * on both sides of it. NULL at the end, or where none can have anything nearer than `enough`. */
struct walk {
	size_t newer, older; /* days[newer - 1], days[older] come next */
	int64_t near_us;
};

static void walk_from(const struct ledger_reader *reader, int64_t near_us, struct walk *walk)
{
	*walk = (struct walk){ .near_us = near_us };
	while (near_us != WHEN_NONE && walk->older < reader->count && reader->days[walk->older].listed.day * DAY_US > near_us)
		walk->older++;
	walk->newer = walk->older;
}

static struct known_day *walk_on(const struct ledger_reader *reader, struct walk *walk, uint64_t enough)
{
	uint64_t newer = UINT64_MAX, older = UINT64_MAX;

	if (walk->near_us == WHEN_NONE)
		return enough == UINT64_MAX && walk->older < reader->count ? &reader->days[walk->older++] : NULL;
	if (walk->newer)
		newer = distance(reader->days[walk->newer - 1].listed.day, walk->near_us);
	if (walk->older < reader->count)
		older = distance(reader->days[walk->older].listed.day, walk->near_us);
	if ((newer < older ? newer : older) >= enough)
		return NULL;
	return newer < older ? &reader->days[--walk->newer] : &reader->days[walk->older++];
}

bool ledger_whose(struct ledger_reader *reader, struct text id, int64_t near_us, bool *found, struct ledger_found *row,
		  struct error *error)
{
	struct known_day *day;
	struct error trouble = { "" };
	struct walk walk;
	uint64_t enough = UINT64_MAX;

	if (!look_around(reader, error))
		return false;
	id = bare(id);
	id = text_head(id, id.n < LEDGER_ID_MAX ? id.n : (size_t)LEDGER_ID_MAX);
	walk_from(reader, in_bounds(near_us != WHEN_NONE ? near_us : long_id_time(id)), &walk);
	while ((day = walk_on(reader, &walk, enough))) {
		struct ledger_day_read *read = open_day(reader, day, &trouble);

		if (read && !ledger_day_read_whose(read, id, walk.near_us, &enough, &reader->best, &trouble))
			give_up(reader, day);
	}
	if (enough == UINT64_MAX && trouble.text[0])
		return error_set(error, "%s", trouble.text);
	*found = enough != UINT64_MAX;
	if (*found)
		*row = reader->best.found;
	return true;
}

/* ---- what did they send? */

bool ledger_each(struct ledger_reader *reader, struct text account, int64_t since_us, uint32_t most,
		 void (*each)(void *context, const struct ledger_found *row), void *context, struct error *error)
{
	struct error trouble = { "" };

	if (!look_around(reader, error))
		return false;
	account = text_head(account, account.n < LEDGER_ID_MAX ? account.n : (size_t)LEDGER_ID_MAX);
	for (size_t i = 0; i < reader->count && most; i++) {
		struct known_day *day = &reader->days[i];
		struct ledger_day_read *read;

		if (since_us != WHEN_NONE && (day->listed.day + 1) * DAY_US <= since_us)
			break;
		read = open_day(reader, day, &trouble);
		if (read && !ledger_day_read_each(read, account, since_us, &most, each, context, &trouble))
			give_up(reader, day);
	}
	return trouble.text[0] ? error_set(error, "%s", trouble.text) : true;
}
