/* SPDX-License-Identifier: Apache-2.0 */
/* What sekisho-passdb(8) does, on two pipes: `rig_passdb SETTINGS`. A line is a verb, an account and a word, tabs between them; the
 * answer is a line "done|absent|not|failed|former", a tab, and what came of it. The verbs of passdb.h, and those of the back end itself,
 * which takes names that passdb.h would not let through: raw_get, raw_set, raw_delete. `list` answers with a line "account" for
 * each before. Ends with its input. */
#include <stdlib.h>

#include "passdb/passdb.h"

struct rig {
	struct passdb *passdb;
	const struct passdb_backend *backend;
	void *state;
};

static void say_account(void *context, const char *account) { printf("account\t%s\n", account); }

static enum passdb_result ask(const struct rig *rig, const char *verb, const char *account, const char *word, char *says,
			      struct error *error)
{
	enum passdb_result (*remove_raw)(void *, const char *, struct error *) = rig->backend->delete;
	struct passdb *passdb = rig->passdb;

	if (strcmp(verb, "fingerprint") == 0)
		return passdb_fingerprint(passdb, account, says, error);
	if (strcmp(verb, "scramble") == 0)
		return passdb_scramble(passdb, account, says, error);
	if (strcmp(verb, "restore") == 0)
		return passdb_restore(passdb, account, says, error);
	if (strcmp(verb, "change") == 0)
		return passdb_change(passdb, account, word, says, error);
	if (strcmp(verb, "renew") == 0)
		return passdb_renew(passdb, account, word, says, error);
	if (strcmp(verb, "disable") == 0)
		return passdb_disable(passdb, account, error);
	if (strcmp(verb, "enable") == 0)
		return passdb_enable(passdb, account, error);
	if (strcmp(verb, "delete") == 0)
		return passdb_delete(passdb, account, error);
	if (strcmp(verb, "list") == 0)
		return passdb_list(passdb, say_account, NULL, error);
	if (strcmp(verb, "raw_get") == 0)
		return rig->backend->get(rig->state, account, says, error);
	if (strcmp(verb, "raw_set") == 0)
		return rig->backend->set(rig->state, account, word, error);
	if (strcmp(verb, "raw_delete") == 0)
		return remove_raw(rig->state, account, error);
	error_set(error, "no verb is named '%s'", verb);
	return PASSDB_FAILED;
}

static void answer(const struct rig *rig, char *line)
{
	static const char *const results[] = { "done", "absent", "not", "failed", "former" };
	char *words[3] = { line, "", "" }, says[PASSWORD_HASH_MAX] = "";
	struct error error = { "no reason" };
	enum passdb_result result;

	line[strcspn(line, "\n")] = '\0';
	for (int i = 1; i < 3 && (line = strchr(line, '\t')); i++) {
		*line++ = '\0';
		words[i] = line;
	}
	result = ask(rig, words[0], words[1], words[2], says, &error);
	printf("%s\t%s\n", results[result], result == PASSDB_DONE ? says : error.text);
	fflush(stdout);
}

static const struct passdb_backend *backend_of(const char *name)
{
	for (size_t i = 0; i < passdb_backend_count; i++)
		if (strcmp(passdb_backends[i]->name, name) == 0)
			return passdb_backends[i];
	return NULL;
}

static int run(const struct passdb_settings *settings)
{
	struct rig rig = { .backend = backend_of(settings->backend) };
	struct error error;
	char line[4096];

	rig.passdb = passdb_open(settings, &error);
	rig.state = rig.passdb ? rig.backend->open(settings, &error) : NULL;
	if (!rig.state) {
		printf("failed\t%s\n", error.text);
		passdb_close(rig.passdb);
		return 1;
	}
	printf("done\t\n");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin))
		answer(&rig, line);
	rig.backend->close(rig.state);
	passdb_close(rig.passdb);
	return 0;
}

int main(int argc, char **argv)
{
	struct passdb_settings settings;
	struct error error;
	int status;

	if (argc != 2)
		return 2;
	if (!passdb_settings_read(&settings, argv[1], &error)) {
		printf("failed\t%s\n", error.text);
		return 1;
	}
	status = run(&settings);
	passdb_settings_done(&settings);
	return status;
}
