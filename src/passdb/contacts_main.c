/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/contacts_main.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "configuration.h"
#include "passdb/hide.h"
#include "passdb/passdb.h"

static void usage(FILE *to)
{
	fprintf(to, "usage: sekisho-passdb --contacts [--config FILE]\n"
		    "Gives what the statement 'contacts' gives, as CSV; see sekisho-passdb(8).\n");
}

/* ---- CSV: everything in quotes, so that nothing that stands in a value can end it */

static void write_value(FILE *to, struct text value)
{
	putc('"', to);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			putc('"', to);
		putc(value.p[i], to);
	}
	putc('"', to);
}

static void write_heads(void *context, const char *const *names, size_t count)
{
	FILE *to = context;

	for (size_t i = 0; i < count; i++) {
		if (i)
			putc(',', to);
		write_value(to, text_of(names[i]));
	}
	putc('\n', to);
}

static bool write_row(void *context, const struct text *values, size_t count)
{
	FILE *to = context;

	for (size_t i = 0; i < count; i++) {
		if (i)
			putc(',', to);
		write_value(to, values[i]);
	}
	putc('\n', to);
	return !ferror(to);
}

/* ---- */

static const struct passdb_backend *backend_of(const struct passdb_settings *settings, struct error *error)
{
	for (size_t i = 0; i < passdb_backend_count; i++)
		if (strcmp(passdb_backends[i]->name, settings->backend) == 0 && passdb_backends[i]->contacts)
			return passdb_backends[i];
	error_set(error, "setting 'backend': '%.64s' gives no contacts: sqlite, postgresql and mysql do", settings->backend);
	return NULL;
}

static bool give(const struct passdb_settings *settings, FILE *to, struct error *error)
{
	const struct passdb_rows rows = { .heads = write_heads, .row = write_row, .context = to };
	const struct passdb_backend *backend = backend_of(settings, error);

	if (!backend || backend->contacts(settings, &rows, error) != PASSDB_DONE)
		return false;
	return (fflush(to) == 0 && !ferror(to)) || error_set(error, "cannot write: %s", strerror(errno));
}

static bool run(const char *file, struct error *error)
{
	struct passdb_settings settings;
	bool done;

	if (!hide(error) || !passdb_settings_read(&settings, file, error))
		return false;
	done = give(&settings, stdout, error);
	passdb_settings_done(&settings);
	return done;
}

int contacts_main(int argc, char **argv)
{
	static const struct option options[] = { { "contacts", no_argument, NULL, 'C' }, { "config", required_argument, NULL, 'c' },
						 { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	const char *file = SEKISHO_PASSDB_CONF_FILE;
	struct error error;
	int option;

	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		if (option == 'c')
			file = optarg;
		else if (option != 'C') {
			usage(option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
	}
	if (optind < argc) {
		usage(stderr);
		return 2;
	}
	if (run(file, &error))
		return 0;
	fprintf(stderr, "sekisho-passdb: %s\n", error.text);
	return 1;
}
