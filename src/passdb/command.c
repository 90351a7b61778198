/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of a panel: an array of words, never a shell's line. The password is on their standard input, with a line end, or in the
 * environment, never among the words. A status of COMMAND_NO_USER (EX_NOUSER, sysexits(3)) says that there is no such
 * account; whatever else is not 0 is a failure. What they print is not read, but for the list: a name a line. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/program.h"
#include "passdb/account.h"
#include "passdb/backends.h"

enum { COMMAND_NO_USER = 67, WORD_MAX = 4096 };

struct commands {
	bool in_environment;
	char variable[PASSDB_VARIABLE_MAX];
	struct passdb_command change, disable, enable, delete, list; /* the settings' own words */
	int64_t patience_us;
};

static void *open_backend(const struct passdb_settings *settings, struct error *error)
{
	struct commands *commands;

	if (!settings->change_command.words[0]) {
		error_set(error, "change_command: how is a password changed?");
		return NULL;
	}
	commands = memory_zero(1, sizeof *commands);
	*commands = (struct commands){
		.in_environment = strcmp(settings->secret_in, "environment") == 0,
		.change = settings->change_command,
		.disable = settings->disable_command,
		.enable = settings->enable_command,
		.delete = settings->delete_command,
		.list = settings->list_command,
		.patience_us = (int64_t)settings->patience_s * 1000000,
	};
	text_copy(commands->variable, sizeof commands->variable, text_of(settings->secret_name));
	return commands;
}

static void close_backend(void *backend) { free(backend); }

/* ---- one command */

static void free_words(char *words[PASSDB_WORDS_MAX + 1])
{
	for (size_t i = 0; words[i]; i++)
		free(words[i]);
}

/* false where a word cannot be made of this account */
static bool make_words(const struct passdb_command *command, const char *account, char *words[PASSDB_WORDS_MAX + 1])
{
	char word[WORD_MAX];

	for (size_t i = 0; command->words[i]; i++) {
		if (!account_expand(command->words[i], text_of(account), word, sizeof word)) {
			free_words(words);
			return false;
		}
		words[i] = memory_copy(word, strlen(word));
	}
	return true;
}

static enum passdb_result run(const struct commands *commands, struct program *program, struct error *error)
{
	int status = -1;

	program->status = &status;
	program->stop = -1;
	program->patience_us = commands->patience_us;
	if (program_run(program, error))
		return PASSDB_DONE;
	return status == COMMAND_NO_USER ? PASSDB_ABSENT : PASSDB_FAILED;
}

static enum passdb_result simply(const struct commands *commands, const struct passdb_command *command, const char *account,
				 struct program program, struct error *error)
{
	char *words[PASSDB_WORDS_MAX + 1] = { 0 };
	enum passdb_result result;

	if (!command->words[0]) {
		error_set(error, "no command is named for that");
		return PASSDB_NOT;
	}
	if (!make_words(command, account, words)) {
		error_set(error, "a word of the command cannot be made for this account");
		return PASSDB_NOT;
	}
	program.words = (const char *const *)words;
	result = run(commands, &program, error);
	free_words(words);
	return result;
}

static enum passdb_result act(const struct commands *commands, const struct passdb_command *command, const char *account, struct error *error)
{
	return simply(commands, command, account, (struct program){ .input = -1, .output = -1 }, error);
}

/* ---- the password */

/* memory alone, which is gone with its last descriptor; -1: none */
static int input_of(const char *password)
{
	char line[PASSWORD_MAX + 2];
	int n = snprintf(line, sizeof line, "%s\n", password), fd = memfd_create("password", MFD_CLOEXEC);

	if (fd >= 0 && pwrite(fd, line, (size_t)n, 0) != n) {
		close(fd);
		fd = -1;
	}
	explicit_bzero(line, sizeof line);
	return fd;
}

static enum passdb_result change_by_input(const struct commands *commands, const char *account, const char *password, struct error *error)
{
	int input = input_of(password);
	enum passdb_result result;

	if (input < 0) {
		error_set(error, "no memory file for the password: %s", strerror(errno));
		return PASSDB_FAILED;
	}
	result = simply(commands, &commands->change, account, (struct program){ .input = input, .output = -1 }, error);
	close(input);
	return result;
}

static enum passdb_result change_by_environment(const struct commands *commands, const char *account, const char *password,
						struct error *error)
{
	char variable[PASSDB_VARIABLE_MAX + PASSWORD_MAX + 2];
	const char *const environment[] = { variable, NULL };
	enum passdb_result result;

	snprintf(variable, sizeof variable, "%s=%s", commands->variable, password);
	result = simply(commands, &commands->change, account,
			(struct program){ .input = -1, .output = -1, .environment = environment }, error);
	explicit_bzero(variable, sizeof variable);
	return result;
}

static enum passdb_result change(void *backend, const char *account, const char *password, struct error *error)
{
	const struct commands *commands = backend;

	return commands->in_environment ? change_by_environment(commands, account, password, error)
					: change_by_input(commands, account, password, error);
}

/* ---- the rest */

static enum passdb_result disable(void *backend, const char *account, struct error *error)
{
	const struct commands *commands = backend;

	return act(commands, &commands->disable, account, error);
}

static enum passdb_result enable(void *backend, const char *account, struct error *error)
{
	const struct commands *commands = backend;

	return act(commands, &commands->enable, account, error);
}

static enum passdb_result drop(void *backend, const char *account, struct error *error)
{
	const struct commands *commands = backend;

	return act(commands, &commands->delete, account, error);
}

static void tell_names(FILE *names, void (*each)(void *context, const char *account), void *context)
{
	char line[PASSDB_ACCOUNT_MAX + 2];
	bool whole = true;

	while (fgets(line, sizeof line, names)) {
		size_t n = strcspn(line, "\r\n");
		bool ended = line[n] != '\0', begun = whole;

		whole = ended;
		line[n] = '\0';
		if (begun && n && (ended || feof(names)))
			each(context, line);
	}
}

static enum passdb_result list(void *backend, void (*each)(void *context, const char *account), void *context, struct error *error)
{
	const struct commands *commands = backend;
	int output = memfd_create("list", MFD_CLOEXEC);
	enum passdb_result result;
	FILE *names;

	if (output < 0 || !(names = fdopen(output, "r+"))) {
		error_set(error, "no memory file for the list: %s", strerror(errno));
		if (output >= 0)
			close(output);
		return PASSDB_FAILED;
	}
	result = simply(commands, &commands->list, "all", (struct program){ .input = -1, .output = output }, error);
	rewind(names);
	if (result == PASSDB_DONE)
		tell_names(names, each, context);
	fclose(names);
	return result;
}

const struct passdb_backend passdb_commands = {
	.name = "command",
	.open = open_backend,
	.close = close_backend,
	.change = change,
	.disable = disable,
	.enable = enable,
	.delete = drop,
	.list = list,
};
