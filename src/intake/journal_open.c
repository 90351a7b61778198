/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/journal_open.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/i18n.h"

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

bool journal_failed(const char *path, int status, struct error *error)
{
	if (!path)
		return error_set(error, _("cannot read the journal: %s"), strerror(-status));
	return error_set(error, _("cannot read the journal '%s': %s"), path, strerror(-status));
}

static int open_kind(const char *path, sd_journal **journal)
{
	const char *paths[] = { path, NULL };
	struct stat status;

	if (!path)
		return sd_journal_open(journal, SD_JOURNAL_LOCAL_ONLY);
	if (stat(path, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return sd_journal_open_directory(journal, path, 0);
	return sd_journal_open_files(journal, paths, 0);
}

static int prepare(sd_journal *journal)
{
	int status = sd_journal_set_data_threshold(journal, JOURNAL_LINE_MAX);

	/* one disjunction: a term of matches of one field each, or-ed */
	for (size_t i = 0; status >= 0 && i < sizeof matches / sizeof *matches; i++) {
		status = sd_journal_add_match(journal, matches[i], 0);
		if (status >= 0)
			status = sd_journal_add_disjunction(journal);
	}
	return status < 0 ? status : sd_journal_seek_head(journal);
}

/* files that may not be opened are left out without a word */
static bool nothing_there(const char *path, struct error *error)
{
	if (!path)
		return error_set(error, _("there is no journal here that can be read (the group systemd-journal may read it)"));
	return error_set(error, _("'%s' holds no journal that can be read"), path);
}

sd_journal *journal_open(const char *path, struct error *error)
{
	sd_journal *journal = NULL;
	uint64_t bytes = 0;
	int status = open_kind(path, &journal);

	if (status >= 0)
		status = sd_journal_get_usage(journal, &bytes);
	if (status >= 0 && bytes > 0)
		status = prepare(journal);
	if (status >= 0 && bytes > 0)
		return journal;
	if (status < 0)
		journal_failed(path, status, error);
	else
		nothing_there(path, error);
	sd_journal_close(journal);
	return NULL;
}

/* ---- entries */

static void put_field(struct journal_entry *entry, const void *data, size_t n)
{
	struct text value = { data, n }, name;

	if (text_cut(&value, '=', &name))
		journal_entry_put(entry, name, value);
}

size_t journal_line(sd_journal *journal, struct journal_entry *entry, char *to)
{
	const void *data;
	uint64_t t_us;
	char number[24];
	size_t n, fields = 0;

	journal_entry_clear(entry);
	if (sd_journal_get_realtime_usec(journal, &t_us) < 0)
		return 0;
	n = (size_t)snprintf(number, sizeof number, "%llu", (unsigned long long)t_us);
	journal_entry_put(entry, TEXT("__REALTIME_TIMESTAMP"), (struct text){ number, n });
	sd_journal_restart_data(journal);
	while (sd_journal_enumerate_available_data(journal, &data, &n) > 0 && fields++ < JOURNAL_FIELDS_MAX)
		put_field(entry, data, n);
	return fields <= JOURNAL_FIELDS_MAX ? journal_entry_line(entry, to) : 0;
}
