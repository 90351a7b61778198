/* SPDX-License-Identifier: Apache-2.0 */
#include "desk_help.h"

#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

/* ---- a folder, and a desk in it */

char folder[64];

int make_folder(void **state)
{
	snprintf(folder, sizeof folder, "/tmp/sekisho-desk-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

unsigned files(const char *head, bool gone)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir = opendir(folder);
	unsigned count = 0;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || strncmp(entry->d_name, head, strlen(head)) != 0)
			continue;
		count++;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (gone)
			unlink(path);
	}
	closedir(dir);
	return count;
}

int drop_folder(void **state)
{
	files("", true);
	return rmdir(folder);
}

const char *database(void)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/desk.db", folder);
	return path;
}

struct desk *open_desk(void)
{
	struct error error = { "" };
	struct desk *desk = desk_open(folder, &error);

	if (!desk)
		fail_msg("%s", error.text);
	return desk;
}

struct desk_reader *open_reader(void)
{
	struct error error = { "" };
	struct desk_reader *reader = desk_reader_open(folder, &error);

	if (!reader)
		fail_msg("%s", error.text);
	return reader;
}

/* ---- what was told of a batch */

void tell(void *context, const struct error *error)
{
	const struct mark *mark = context;
	struct told *told = mark->told;

	told->order[told->count++ % 16] = mark->number;
	told->written += error == NULL;
	told->failed += error != NULL;
	if (error)
		snprintf(told->why, sizeof told->why, "%s", error->text);
}

void wait_for(struct desk *desk, const struct told *told, unsigned count)
{
	struct pollfd ready = { .fd = desk_descriptor(desk), .events = POLLIN };

	while (told->count < count) {
		assert_int_equal(poll(&ready, 1, 20000), 1);
		desk_collect(desk);
	}
}

bool write_one(struct desk *desk, void (*fill)(struct desk_batch *batch), struct told *told)
{
	struct mark mark = { told, 0 };
	struct desk_batch *batch = desk_batch_new(tell, &mark);
	unsigned written = told->written;

	fill(batch);
	desk_write(desk, batch);
	wait_for(desk, told, told->count + 1);
	return told->written > written;
}

/* ---- what is put in */

const struct desk_letter letter = {
	.queue_id = { "4Z1xQk2Lzz", 10 }, .account = { "alice@example.org", 17 }, .t_us = 1795176000123456,
	.ip = { { [10] = 0xff, 0xff, 203, 0, 113, 7 } }, .familiar = 1, .state = HELD_WAITING, .recipients = 38, .bits = 12.5f,
};

const struct desk_incident incident = {
	.id = 7, .account = { "alice@example.org", 17 }, .state = DESK_CONTAINED, .mode = DESK_ENFORCE, .braked = true,
	.began_us = 1795170000000000, .opened_us = 1795176000000000, .closed_us = WHEN_NONE, .bits = 24.25f,
	.evidence = { "[{\"signal\":\"rate\"}]", 19 }, .refused = 5, .last_refused_us = WHEN_NONE,
};

void put_everything(struct desk_batch *batch)
{
	struct desk_letter other = letter;

	other.queue_id = TEXT("ABC\0\xff\x1b[31m");
	other.account = TEXT("bob@example.org");
	other.ip = (struct ip){ { 0 } };
	other.state = HELD_RELEASED;
	desk_put_letter(batch, &letter);
	desk_put_letter(batch, &other);
	desk_put_incident(batch, &incident);
	desk_note(batch, 7, NOON, TEXT("sekisho"), TEXT("locked"));
	desk_put_lock(batch, &(struct desk_lock){ letter.account, NOON, 7, 1 });
	desk_set_mode(batch, TEXT_NONE, DESK_OBSERVE);
	desk_set_mode(batch, TEXT("example.org"), DESK_ENFORCE);
	desk_audit(batch, NOON, TEXT("carol(1000)"), TEXT("incident show"), TEXT("7"));
}

void put_a_lock(struct desk_batch *batch)
{
	desk_put_lock(batch, &(struct desk_lock){ TEXT("dave@example.org"), NOON, 8, 2 });
}

/* ---- what is read, as one text a row */

static void row(struct rows *rows, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void row(struct rows *rows, const char *format, ...)
{
	va_list args;

	rows->count++;
	if (rows->n >= sizeof rows->text - 300)
		return;
	va_start(args, format);
	rows->n += (size_t)vsnprintf(rows->text + rows->n, sizeof rows->text - rows->n, format, args);
	va_end(args);
	rows->text[rows->n++] = '\n';
	rows->text[rows->n] = '\0';
}

void see_letter(void *context, const struct desk_letter *seen)
{
	char ip[IP_TEXT_MAX];

	row(context, "%.*s %zu %.*s %s %d %s %u %.2f", TEXT_ARG(seen->queue_id), seen->queue_id.n, TEXT_ARG(seen->account),
	    ip_format(&seen->ip, ip), seen->familiar, desk_held_names[seen->state], seen->recipients, (double)seen->bits);
}

void see_lock(void *context, const struct desk_lock *seen)
{
	row(context, "%.*s %llu %d", TEXT_ARG(seen->account), (unsigned long long)seen->incident, seen->scope);
}

void see_incident(void *context, const struct desk_incident *seen)
{
	row(context, "%llu %.*s %s %s %d %d %d %.2f %.*s %u %d", (unsigned long long)seen->id, TEXT_ARG(seen->account),
	    desk_incident_names[seen->state], desk_mode_names[seen->mode], seen->braked,
	    seen->opened_us - seen->began_us == 6000 * SECOND_US, seen->closed_us == WHEN_NONE, (double)seen->bits,
	    TEXT_ARG(seen->evidence), seen->refused, seen->last_refused_us == WHEN_NONE);
}

void see_note(void *context, int64_t t_us, struct text who, struct text what)
{
	row(context, "%d %.*s %.*s", t_us == NOON, TEXT_ARG(who), TEXT_ARG(what));
}

void see_mode(void *context, struct text domain, enum desk_mode mode)
{
	row(context, "<%.*s> %s", TEXT_ARG(domain), desk_mode_names[mode]);
}

void see_audit(void *context, int64_t t_us, struct text who, struct text verb, struct text about)
{
	row(context, "%d %.*s %.*s %.*s", t_us == NOON, TEXT_ARG(who), TEXT_ARG(verb), TEXT_ARG(about));
}

struct rows read_all(struct desk_reader *reader)
{
	struct rows rows = { "" };
	struct error error = { "" };

	if (!desk_each_letter(reader, TEXT_NONE, false, see_letter, &rows, &error) ||
	    !desk_each_incident(reader, 0, TEXT_NONE, false, 10, see_incident, &rows, &error) ||
	    !desk_each_note(reader, 7, see_note, &rows, &error) || !desk_each_lock(reader, see_lock, &rows, &error) ||
	    !desk_each_mode(reader, see_mode, &rows, &error) || !desk_each_audit(reader, TEXT_NONE, 10, see_audit, &rows, &error))
		fail_msg("%s", error.text);
	return rows;
}

unsigned count_locks(void)
{
	struct desk_reader *reader = open_reader();
	struct rows rows = { "" };
	struct error error;

	assert_true(desk_each_lock(reader, see_lock, &rows, &error));
	desk_reader_close(reader);
	return rows.count;
}
