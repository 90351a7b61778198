/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/settings.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/memory.h"

enum { COST_MAX = 10000000 };

struct reading {
	struct passdb_settings *settings;
	bool has_user;
};

struct row {
	struct text name;
	enum { KIND_TEXT, KIND_PATH, KIND_COMMAND, KIND_WORDS } kind;
	size_t at; /* of a char *, or of a struct passdb_command */
};

#define ROW(name, kind) { { #name, sizeof #name - 1 }, kind, offsetof(struct passdb_settings, name) }

static const struct row rows[] = {
	ROW(backend, KIND_TEXT),
	ROW(scheme, KIND_TEXT),
	ROW(default_scheme, KIND_TEXT),
	ROW(names, KIND_WORDS),
	ROW(former_folder, KIND_PATH),
	ROW(file, KIND_PATH),
	ROW(entry, KIND_TEXT),
	ROW(connect, KIND_TEXT),
	ROW(get, KIND_TEXT),
	ROW(set, KIND_TEXT),
	ROW(delete, KIND_TEXT),
	ROW(list, KIND_TEXT),
	ROW(contacts, KIND_TEXT),
	ROW(bind_dn, KIND_TEXT),
	ROW(bind_password, KIND_TEXT),
	ROW(base_dn, KIND_TEXT),
	ROW(filter, KIND_TEXT),
	ROW(attribute, KIND_TEXT),
	ROW(start_tls, KIND_TEXT),
	ROW(ca_file, KIND_PATH),
	ROW(secret_in, KIND_TEXT),
	ROW(secret_name, KIND_TEXT),
	ROW(change_command, KIND_COMMAND),
	ROW(disable_command, KIND_COMMAND),
	ROW(enable_command, KIND_COMMAND),
	ROW(delete_command, KIND_COMMAND),
	ROW(list_command, KIND_COMMAND),
};

static void *field_of(struct passdb_settings *settings, const struct row *row) { return (char *)settings + row->at; }

/* ---- reading: what is wrong is said without the value, which may be a password */

static bool take_text(char **to, const struct row *row, struct text value, struct error *error)
{
	if (*to)
		return error_set(error, "'%s' is named twice", row->name.p);
	if (!value.n)
		return error_set(error, "'%s' is empty", row->name.p);
	if (row->kind == KIND_PATH && !rootfile_is_path(value, error))
		return false;
	*to = memory_copy(value.p, value.n);
	return true;
}

static bool take_word(struct passdb_command *command, const struct row *row, struct text value, struct error *error)
{
	size_t n = 0;

	while (command->words[n])
		n++;
	if (n == PASSDB_WORDS_MAX)
		return error_set(error, "'%s' has more than %d words", row->name.p, PASSDB_WORDS_MAX);
	if (!n && row->kind == KIND_COMMAND && !rootfile_is_path(value, error))
		return false;
	command->words[n] = memory_copy(value.p, value.n);
	return true;
}

static bool take_number(struct text name, struct text value, uint64_t least, uint64_t most, uint64_t *number, struct error *error)
{
	uint64_t read;

	if (!text_number(value, most, &read) || read < least)
		return error_set(error, "'%.*s' is no number from %llu to %llu", TEXT_ARG(name), (unsigned long long)least,
				 (unsigned long long)most);
	*number = read;
	return true;
}

static bool take_other(struct reading *reading, struct text name, struct text value, struct error *error)
{
	struct passdb_settings *settings = reading->settings;
	uint64_t number;

	if (text_is(name, TEXT("user")))
		return reading->has_user = rootfile_user(value, &settings->user, error);
	if (text_is(name, TEXT("cost"))) {
		if (!take_number(name, value, 0, COST_MAX, &number, error))
			return false;
		settings->cost = number;
		return true;
	}
	if (text_is(name, TEXT("patience"))) {
		if (!take_number(name, value, 1, PASSDB_PATIENCE_MAX_S, &number, error))
			return false;
		settings->patience_s = (unsigned)number;
		return true;
	}
	if (text_is(name, TEXT("random_length"))) {
		if (!take_number(name, value, PASSDB_LENGTH_LEAST, PASSDB_LENGTH_MAX, &number, error))
			return false;
		settings->random_length = (unsigned)number;
		return true;
	}
	return error_set(error, "no setting is named '%.*s'", (int)(name.n < 64 ? name.n : 64), name.p);
}

static bool take(void *context, struct text name, struct text value, struct error *error)
{
	struct reading *reading = context;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_is(name, rows[i].name))
			return rows[i].kind >= KIND_COMMAND
				       ? take_word(field_of(reading->settings, &rows[i]), &rows[i], value, error)
				       : take_text(field_of(reading->settings, &rows[i]), &rows[i], value, error);
	return take_other(reading, name, value, error);
}

/* ---- what was not named, and what cannot be */

static void usual(char **text, const char *value)
{
	if (!*text)
		*text = memory_copy(value, strlen(value));
}

static void complete(struct passdb_settings *settings)
{
	usual(&settings->scheme, "SHA512-CRYPT");
	usual(&settings->former_folder, "/var/lib/sekisho-passdb");
	usual(&settings->entry, "%u");
	usual(&settings->secret_in, "stdin");
	usual(&settings->secret_name, "PASSWORD");
}

static bool is_variable(const char *name)
{
	return strlen(name) < PASSDB_VARIABLE_MAX && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

static bool check(struct reading *reading, struct error *error)
{
	struct passdb_settings *settings = reading->settings;
	const struct passdb_command *command;

	if (!settings->backend)
		return error_set(error, "the setting 'backend' is missing: where do passwords live?");
	if (strcmp(settings->secret_in, "stdin") != 0 && strcmp(settings->secret_in, "environment") != 0)
		return error_set(error, "'secret_in' is neither stdin nor environment");
	if (!is_variable(settings->secret_name))
		return error_set(error, "'secret_name' is no name of a variable");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		command = field_of(settings, &rows[i]);
		if (rows[i].kind == KIND_COMMAND && command->words[0] && !rootfile_check_program(command->words[0], error))
			return false;
	}
	return reading->has_user || rootfile_user(TEXT("sekisho"), &settings->user, error);
}

bool passdb_settings_read(struct passdb_settings *settings, const char *path, struct error *error)
{
	struct reading reading = { .settings = settings };
	struct error why;

	*settings = (struct passdb_settings){ .patience_s = 30, .random_length = 15 };
	if (!rootfile_read(path, ROOTFILE_SECRET, take, &reading, error)) {
		passdb_settings_done(settings);
		return false;
	}
	complete(settings);
	if (check(&reading, &why))
		return true;
	passdb_settings_done(settings);
	return error_set(error, "settings '%.200s': %.280s", path, why.text);
}

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void passdb_settings_done(struct passdb_settings *settings)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		void *field = field_of(settings, &rows[i]);

		if (rows[i].kind < KIND_COMMAND)
			wipe(*(char **)field);
		else
			for (char **word = ((struct passdb_command *)field)->words; *word; word++)
				wipe(*word);
	}
	*settings = (struct passdb_settings){ 0 };
}
