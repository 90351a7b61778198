/* SPDX-License-Identifier: Apache-2.0 */
/* The journal itself, by libsystemd: of this machine, of a folder, or of one file. sd-journal wants one thread
 * for all that is done with one journal: the pump's. */
#include <errno.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/when.h"
#include "intake/input_source.h"
#include "intake/journal.h"

struct local {
	char *path; /* NULL: this machine's */
	int64_t since_us;
	sd_journal *journal;
	_Atomic uint64_t *bad_entries;
	struct journal_entry *entry;
};

/* Everything that a mail server says through syslog(3) has the facility "mail" (2), whatever its name. The units
 * are for what does not come that way: servers that log to standard output, and PAM speaking for them. */
static const char *const matches[] = {
	"SYSLOG_FACILITY=2",
	"_SYSTEMD_UNIT=postfix.service",
	"_SYSTEMD_UNIT=postfix@-.service",
	"_SYSTEMD_UNIT=dovecot.service",
	"_SYSTEMD_UNIT=exim.service",
	"_SYSTEMD_UNIT=exim4.service",
	"_SYSTEMD_UNIT=sendmail.service",
};

bool journal_file_claims(struct text head)
{
	return text_starts(head, TEXT("LPKSHHRH"));
}

static bool failed(const struct local *local, int status, struct error *error)
{
	if (!local->path)
		return error_set(error, _("cannot read the journal: %s"), strerror(-status));
	return error_set(error, _("cannot read the journal '%s': %s"), local->path, strerror(-status));
}

static int open_journal(struct local *local)
{
	const char *paths[] = { local->path, NULL };
	struct stat status;

	if (!local->path)
		return sd_journal_open(&local->journal, SD_JOURNAL_LOCAL_ONLY);
	if (stat(local->path, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return sd_journal_open_directory(&local->journal, local->path, 0);
	return sd_journal_open_files(&local->journal, paths, 0);
}

static int prepare(struct local *local)
{
	int status = sd_journal_set_data_threshold(local->journal, JOURNAL_LINE_MAX);

	/* one disjunction: a term of matches of one field each, or-ed */
	for (size_t i = 0; status >= 0 && i < sizeof matches / sizeof *matches; i++) {
		status = sd_journal_add_match(local->journal, matches[i], 0);
		if (status >= 0)
			status = sd_journal_add_disjunction(local->journal);
	}
	if (status < 0)
		return status;
	if (local->since_us == WHEN_NONE)
		return sd_journal_seek_head(local->journal);
	return sd_journal_seek_realtime_usec(local->journal, local->since_us < 0 ? 0 : (uint64_t)local->since_us);
}

static bool local_begin(void *context, struct source *source, struct error *error)
{
	struct local *local = context;
	uint64_t bytes = 0;
	int status = open_journal(local);

	local->bad_entries = &source->bad_entries;
	if (status >= 0)
		status = sd_journal_get_usage(local->journal, &bytes);
	if (status >= 0 && bytes > 0)
		status = prepare(local);
	if (status < 0)
		return failed(local, status, error);
	if (bytes > 0)
		return true;
	/* files that may not be opened are left out without a word */
	if (!local->path)
		return error_set(
			error, _("there is no journal here that can be read (the group systemd-journal may read it)"));
	return error_set(error, _("'%s' holds no journal that can be read"), local->path);
}

/* ---- entries */

static void put_field(struct journal_entry *entry, const void *data, size_t n)
{
	struct text value = { data, n }, name;

	if (text_cut(&value, '=', &name))
		journal_entry_put(entry, name, value);
}

/* the entry's line, 0 without one */
static size_t entry_line(struct local *local, char *to)
{
	const void *data;
	uint64_t t_us;
	char number[24];
	size_t n, fields = 0;

	journal_entry_clear(local->entry);
	if (sd_journal_get_realtime_usec(local->journal, &t_us) < 0)
		return 0;
	n = (size_t)snprintf(number, sizeof number, "%llu", (unsigned long long)t_us);
	journal_entry_put(local->entry, TEXT("__REALTIME_TIMESTAMP"), (struct text){ number, n });
	sd_journal_restart_data(local->journal);
	while (sd_journal_enumerate_available_data(local->journal, &data, &n) > 0 && fields++ < JOURNAL_FIELDS_MAX)
		put_field(local->entry, data, n);
	return fields <= JOURNAL_FIELDS_MAX ? journal_entry_line(local->entry, to) : 0;
}

static ssize_t local_fill(void *context, char *to, size_t room, struct error *error)
{
	struct local *local = context;
	int status;

	while ((status = sd_journal_next(local->journal)) > 0) {
		size_t n = entry_line(local, to);

		if (n)
			return (ssize_t)n;
		(*local->bad_entries)++;
	}
	if (status < 0)
		failed(local, status, error);
	return status;
}

static void local_end(void *context)
{
	struct local *local = context;

	sd_journal_close(local->journal);
	journal_entry_free(local->entry);
	free(local->path);
}

static const struct pump_work local_work = {
	.least = JOURNAL_LINE_MAX,
	.begin = local_begin,
	.fill = local_fill,
	.end = local_end,
};

struct source *source_journal(const char *path, int64_t since_us, struct error *error)
{
	struct local *local = memory_zero(1, sizeof *local);

	local->path = path ? memory_copy(path, strlen(path)) : NULL;
	local->since_us = since_us;
	local->entry = journal_entry_new();
	return source_pump(&local_work, local, error);
}
