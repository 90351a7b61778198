/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_writer.h"

#include "base/memory.h"

void ledger_writer_init(struct ledger_writer *writer, const char *folder, const struct ledger_retention *retention)
{
	*writer = (struct ledger_writer){ .folder = memory_copy(folder, strlen(folder)), .retention = *retention };
	writer->recent.horizon_us = writer->recent.last_us = WHEN_NONE;
}

void ledger_writer_done(struct ledger_writer *writer)
{
	for (size_t i = 0; i < LEDGER_DAYS_OPEN; i++)
		ledger_day_close(writer->days[i]);
	ledger_recent_done(&writer->recent);
	ledger_batch_done(&writer->batch);
	free(writer->folder);
}

/* ---- days */

void ledger_writer_close(struct ledger_writer *writer, int32_t number)
{
	for (size_t i = 0; i < LEDGER_DAYS_OPEN; i++) {
		if (!writer->days[i] || writer->days[i]->number != number)
			continue;
		ledger_day_close(writer->days[i]);
		writer->days[i] = NULL;
	}
}

struct ledger_day *ledger_writer_day(struct ledger_writer *writer, int32_t number, enum ledger_access access,
				     struct ledger_fault *fault)
{
	struct ledger_day **slot = &writer->days[0];

	for (size_t i = 0; i < LEDGER_DAYS_OPEN; i++) {
		struct ledger_day *day = writer->days[i];

		if (day && day->number == number) {
			day->used = ++writer->uses;
			return day;
		}
		if (*slot && (!day || day->used < (*slot)->used))
			slot = &writer->days[i];
	}
	ledger_day_close(*slot);
	*slot = ledger_day_open(writer->folder, number, access, fault);
	if (*slot)
		(*slot)->used = ++writer->uses;
	return *slot;
}

static void set_aside(struct ledger_writer *writer, int32_t number)
{
	char name[LEDGER_FILE_MAX];
	struct error error, damage = writer->why;

	if (writer->aside == LEDGER_ASIDE_MAX)
		return;
	if (!ledger_set_aside(writer->folder, number, name, &error)) {
		writer->why = error;
		return;
	}
	writer->aside++;
	error_set(&writer->why, "%.300s; it was set aside as '%s', and a new one begun", damage.text, name);
}

void ledger_writer_fault(struct ledger_writer *writer, int32_t number, const struct ledger_fault *fault)
{
	writer->why = fault->error;
	ledger_writer_close(writer, number);
	ledger_recent_clear(&writer->recent);
	if (fault->kind == LEDGER_FAULT_DAMAGED)
		set_aside(writer, number);
}

bool ledger_writer_look(struct ledger_writer *writer, struct error *error)
{
	struct ledger_fault fault = { 0 };
	struct ledger_listed *days;
	struct ledger_day *day;
	size_t count;
	int32_t newest;

	if (!ledger_list(writer->folder, &days, &count, error))
		return false;
	newest = count ? days[0].day : -1;
	free(days);
	if (newest < 0)
		return true;
	day = ledger_writer_day(writer, newest, LEDGER_WRITE, &fault);
	ledger_recent_until(&writer->recent, day ? day->last_us : (newest + 1) * DAY_US);
	if (day)
		return true;
	if (fault.kind == LEDGER_FAULT_NEWER)
		return error_set(error, "%s", fault.error.text);
	ledger_writer_fault(writer, newest, &fault);
	return true;
}

/* ---- one entry */

static bool is_near(const struct ledger_place *place, int64_t t_us)
{
	return place->t_us - t_us <= LEDGER_SAME_US && t_us - place->t_us <= LEDGER_SAME_US;
}

/* the one remembered with this queue id, of the entry's account if it has one; NULL without */
static const struct ledger_place *remembered(const struct ledger_writer *writer, const struct ledger_entry *entry)
{
	const struct ledger_place *place = ledger_recent_find(&writer->recent, ledger_entry_id(entry));

	if (!place || !is_near(place, entry->t_us))
		return NULL;
	return !entry->account_n || place->account == ledger_recent_key(ledger_entry_account(entry)) ? place : NULL;
}

/* Looks on the disk, in two days where midnight is near, and remembers what it finds. Only the `own` day, which is being
 * written to, has to be readable: what was written to another one is there twice at worst. */
static bool look_up(struct ledger_writer *writer, int32_t own, const struct ledger_entry *entry, bool *found,
		    struct ledger_fault *fault)
{
	int32_t from = ledger_day_of(entry->t_us - LEDGER_SAME_US), until = ledger_day_of(entry->t_us + LEDGER_SAME_US);
	struct ledger_place place = { ledger_recent_key(ledger_entry_id(entry)), ledger_recent_key(ledger_entry_account(entry)),
				      entry->t_us, until, 0 };

	*found = false;
	for (; place.day >= from && place.day >= 0 && !*found; place.day -= !*found) {
		struct ledger_day *day = place.day == writer->shut ? NULL : ledger_writer_day(writer, place.day, LEDGER_WRITE, fault);
		bool told = day && ledger_day_find(day, ledger_entry_id(entry), ledger_entry_account(entry), entry->t_us,
						   &place.row, fault);

		if (!told && place.day == own)
			return false;
		if (!told)
			writer->shut = place.day;
		*found = told && place.row;
	}
	if (*found)
		ledger_recent_put(&writer->recent, &place);
	return true;
}

/* can it be on the disk, where nothing is remembered of it? */
static bool may_be_there(const struct ledger_writer *writer, const struct ledger_entry *entry)
{
	return entry->t_us - LEDGER_SAME_US <= writer->recent.horizon_us ||
	       ledger_recent_find(&writer->recent, ledger_entry_id(entry));
}

static bool write_row(struct ledger_writer *writer, struct ledger_day *day, struct ledger_entry *entry, struct ledger_fault *fault)
{
	struct ledger_place place = { ledger_recent_key(ledger_entry_id(entry)), ledger_recent_key(ledger_entry_account(entry)),
				      entry->t_us, day->number, 0 };

	entry->filled = entry->id_n && remembered(writer, entry);
	if (!entry->filled && entry->id_n && may_be_there(writer, entry) && !look_up(writer, day->number, entry, &entry->filled, fault))
		return false;
	entry->progress = LEDGER_TAKEN;
	if (entry->filled)
		return true;
	if (!ledger_day_add(day, entry, &place.row, fault))
		return false;
	if (entry->id_n)
		ledger_recent_put(&writer->recent, &place);
	return true;
}

/* whatever of it belongs to this day */
static bool write_entry(struct ledger_writer *writer, struct ledger_day *day, struct ledger_entry *entry,
			struct ledger_fault *fault)
{
	const struct ledger_place *place;

	if (entry->kind == LEDGER_ROW)
		return ledger_day_of(entry->t_us) != day->number || write_row(writer, day, entry, fault);
	place = remembered(writer, entry);
	if (!place || place->day != day->number)
		return true;
	entry->progress = LEDGER_TAKEN;
	return ledger_day_name(day, place->row, ledger_entry_rest(entry), fault);
}

/* ---- one transaction */

static bool write_entries(struct ledger_writer *writer, struct ledger_day *day, struct ledger_entry *entry,
			  struct ledger_fault *fault)
{
	size_t taken = 0;

	if (!ledger_day_begin(day, fault))
		return false;
	for (; entry && taken < LEDGER_ROUND_ENTRIES; entry = ledger_batch_next(&writer->batch, entry)) {
		if (entry->progress != LEDGER_PENDING)
			continue;
		if (!write_entry(writer, day, entry, fault))
			return false;
		taken += entry->progress == LEDGER_TAKEN;
	}
	return ledger_day_commit(day, fault);
}

/* which day it goes to; -1: a name of a row that is not known */
static int32_t day_for(const struct ledger_writer *writer, const struct ledger_entry *entry)
{
	const struct ledger_place *place;

	if (entry->kind == LEDGER_ROW)
		return ledger_day_of(entry->t_us);
	place = remembered(writer, entry);
	return place ? place->day : -1;
}

static void settle(struct ledger_writer *writer, struct ledger_entry *entry)
{
	for (; entry; entry = ledger_batch_next(&writer->batch, entry)) {
		if (entry->progress != LEDGER_TAKEN)
			continue;
		entry->progress = LEDGER_DONE;
		if (entry->kind == LEDGER_ROW)
			++*(entry->filled ? &writer->filled : &writer->written);
	}
}

/* Rows of a file that is to be left alone will never be written; others wait for the next round. */
static void put_off(struct ledger_writer *writer, struct ledger_entry *entry, int32_t number, bool forever)
{
	for (; entry; entry = ledger_batch_next(&writer->batch, entry)) {
		if (entry->progress == LEDGER_TAKEN)
			entry->progress = LEDGER_PENDING;
		if (entry->progress != LEDGER_PENDING || entry->kind != LEDGER_ROW || ledger_day_of(entry->t_us) != number)
			continue;
		entry->progress = forever ? LEDGER_DONE : LEDGER_LATER;
		writer->lost += forever;
	}
}

/* all from this entry on that belongs to the day */
static void write_day(struct ledger_writer *writer, int32_t number, struct ledger_entry *from)
{
	struct ledger_fault fault = { 0 };
	struct ledger_day *day;

	for (size_t i = 0; i < LEDGER_DAYS_OPEN; i++)
		if (writer->days[i] && writer->days[i]->number == number && !ledger_day_is_there(writer->days[i], writer->folder))
			ledger_writer_close(writer, number);
	day = ledger_writer_day(writer, number, LEDGER_MAKE, &fault);
	if (day && write_entries(writer, day, from, &fault)) {
		settle(writer, from);
		return;
	}
	ledger_writer_fault(writer, number, &fault);
	writer->failing = true;
	writer->shut = number;
	put_off(writer, from, number, fault.kind == LEDGER_FAULT_NEWER);
}

/* ---- one round */

/* Rows, and names of rows that are remembered; true: names were found on the disk, and go in a second sweep. */
static bool sweep(struct ledger_writer *writer)
{
	bool again = false, found;
	struct ledger_entry *entry = NULL;

	while ((entry = ledger_batch_next(&writer->batch, entry))) {
		int32_t number = entry->progress == LEDGER_PENDING ? day_for(writer, entry) : -1;

		if (number >= 0)
			write_day(writer, number, entry);
		if (entry->progress != LEDGER_PENDING)
			continue;
		if (entry->rounds == 0 && may_be_there(writer, entry) &&
		    look_up(writer, -1, entry, &found, &(struct ledger_fault){ 0 }) && found)
			again = true;
		else
			entry->progress = LEDGER_LATER;
	}
	return again;
}

static bool is_over(void *context, struct ledger_entry *entry)
{
	const struct ledger_writer *writer = context;

	if (entry->progress == LEDGER_DONE)
		return true;
	entry->progress = LEDGER_PENDING;
	if (entry->kind == LEDGER_NAME && !writer->failing && !writer->hurried)
		entry->rounds++;
	return entry->rounds > LEDGER_NAME_ROUNDS;
}

static bool is_too_late(void *context, struct ledger_entry *entry)
{
	size_t *too_many = context;

	return entry->kind == LEDGER_NAME && *too_many && (*too_many)--;
}

void ledger_writer_write(struct ledger_writer *writer)
{
	size_t names;

	if (!writer->batch.count)
		return;
	writer->shut = -1;
	writer->failing = false;
	if (sweep(writer))
		sweep(writer);
	ledger_batch_sift(&writer->batch, is_over, writer);
	names = writer->batch.count - writer->batch.rows;
	if (names > LEDGER_NAMES_LATE) {
		names -= LEDGER_NAMES_LATE;
		ledger_batch_sift(&writer->batch, is_too_late, &names);
	}
}
