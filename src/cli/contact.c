/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contact.h"

#include <getopt.h>
#include <jansson.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/secret.h"
#include "report/show.h"
#include "report/value.h"

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho contact import FILE.csv|- [--dry-run] [options]\n"
		  "       sekisho contact import --sqlite FILE --sql STATEMENT [--dry-run] [options]\n"
		  "       sekisho contact import --database FILE [--dry-run] [options]\n"
		  "       sekisho contact show ACCOUNT|@DOMAIN [options]\n"
		  "       sekisho contact set ACCOUNT|@DOMAIN [--mail ADDRESS]… [--alias ADDRESS]… [--name NAME] [--language ja|en]\n"
		  "                           [--phrase] [options]\n"
		  "       sekisho contact drop ACCOUNT|@DOMAIN [options]\n"
		  "Where owners are reached outside their mailbox, which a thief may be reading. For root, and the daemon's user.\n\n"
		  "      --mail ADDRESS        where they are reached; instead of the addresses that are known\n"
		  "      --alias ADDRESS       one that leads into the account's own mailbox: it is never written to\n"
		  "      --name NAME           how they are addressed\n"
		  "      --language ja|en      the language of notices to them\n"
		  "      --phrase              a phrase of the owner's, read from the standard input: notices carry it, so that they are known\n"
		  "      --no-phrase           without one from now on\n"
		  "      --database FILE       import from PostgreSQL, MariaDB or MySQL; FILE is root's alone and says how, see sekisho-passdb(8)\n"
		  "      --dry-run             only says what would be done\n"
		  "  -f, --format text|json    how to answer (text)\n"
		  "  -o, --output FILE         where to (standard output)\n"
		  "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "  -h, --help"));
	return status;
}

/* ---- options */

enum { MAIL = 256, ALIAS, NAME, LANGUAGE, PHRASE, NO_PHRASE, DRY_RUN, SQLITE, SQL, DATABASE };

static bool take_address(const char **list, size_t *count, const char *value)
{
	if (*count == CONTACT_ADDRESSES_MAX) {
		cli_complain(_("there are more than %d addresses"), CONTACT_ADDRESSES_MAX);
		return false;
	}
	list[(*count)++] = value;
	return true;
}

static bool take_option(struct contact_command *command, int option, const char *value)
{
	switch (option) {
	case 'f': return output_parse_form(value, false, &command->form);
	case 'o': command->output = value; return true;
	case 'c': command->config_file = value; return true;
	case MAIL: return take_address(command->mails, &command->mail_count, value);
	case ALIAS: return take_address(command->aliases, &command->alias_count, value);
	case NAME: command->name = value; return true;
	case LANGUAGE: command->language = value; return true;
	case PHRASE: command->phrase = true; return true;
	case NO_PHRASE: command->no_phrase = true; return true;
	case DRY_RUN: command->dry_run = true; return true;
	case SQLITE: command->sqlite = value; return true;
	case SQL: command->sql = value; return true;
	case DATABASE: command->database = value; return true;
	default: return false;
	}
}

static int take_options(struct contact_command *command, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },   { "output", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' },   { "help", no_argument, NULL, 'h' },
		{ "mail", required_argument, NULL, MAIL },    { "alias", required_argument, NULL, ALIAS },
		{ "name", required_argument, NULL, NAME },    { "language", required_argument, NULL, LANGUAGE },
		{ "phrase", no_argument, NULL, PHRASE },      { "no-phrase", no_argument, NULL, NO_PHRASE },
		{ "dry-run", no_argument, NULL, DRY_RUN },    { "sqlite", required_argument, NULL, SQLITE },
		{ "sql", required_argument, NULL, SQL },      { "database", required_argument, NULL, DATABASE },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (!take_option(command, option, optarg))
			return option == '?' ? usage(stderr, CLI_USAGE) : CLI_USAGE;
	}
	command->words = argv + optind;
	command->word_count = argc - optind;
	*ended = false;
	return CLI_DONE;
}

/* ---- answers */

struct telling {
	const struct contact_command *command;
	json_t *document;
	void (*write)(const struct telling *telling, FILE *to);
};

static bool write_answer(const void *context, FILE *to, struct error *error)
{
	const struct telling *telling = context;

	if (telling->command->form == OUTPUT_JSON)
		return value_write(json_incref(telling->document), to, error);
	telling->write(telling, to);
	return fflush(to) == 0;
}

static int tell(const struct contact_command *command, json_t *document, void (*write)(const struct telling *telling, FILE *to))
{
	struct telling telling = { command, document, write };
	int status = output_write(command->output, write_answer, &telling);

	json_decref(document);
	return status;
}

/* ---- show: never the phrase itself */

static json_t *list_of(const char list[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX], size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, value_text(list[i]));
	return array;
}

static void note_change(void *context, int64_t t_us, struct text who, struct text verb)
{
	json_array_append_new(context, json_pack("{s:o, s:s%, s:s%}", "at", value_time(t_us), "who", who.p, who.n, "what", verb.p, verb.n));
}

/* takes the list of changes */
static json_t *document_of(const struct contact *contact, json_t *changes)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "account", value_text(contact->account), "mail",
			 list_of(contact->addresses, contact->address_count), "aliases", list_of(contact->aliases, contact->alias_count), "name",
			 value_text_or_null(contact->name), "language", value_text_or_null(contact->language), "phrase", *contact->phrase != '\0',
			 "source", value_text(contact->source), "changed", value_time(contact->changed_us),
			 "changes", changes);
}

static void write_list(const json_t *list, const char *label, FILE *to)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		fprintf(to, "  %-14s %s\n", i ? "" : label, show_name(SHOWN, json_string_value(one), NAME_COLUMNS));
	}
}

static void write_text(const json_t *document, const char *field, const char *label, FILE *to)
{
	const char *value = json_string_value(json_object_get(document, field));

	if (value)
		fprintf(to, "  %-14s %s\n", label, show_name(SHOWN, value, NAME_COLUMNS));
}

static void write_contact(const struct telling *telling, FILE *to)
{
	const json_t *document = telling->document, *one;
	size_t i;

	fprintf(to, "%s\n", show_name(SHOWN, json_string_value(json_object_get(document, "account")), NAME_COLUMNS));
	write_list(json_object_get(document, "mail"), _("Mail"), to);
	write_list(json_object_get(document, "aliases"), _("Never"), to);
	write_text(document, "name", _("Name"), to);
	write_text(document, "language", _("Language"), to);
	fprintf(to, "  %-14s %s\n", _("Phrase"), json_is_true(json_object_get(document, "phrase")) ? _("there is one") : _("none"));
	write_text(document, "source", _("From"), to);
	write_text(document, "changed", _("Changed"), to);
	json_array_foreach(json_object_get(document, "changes"), i, one) {
		fprintf(to, "  %-14s %s  %s  %s\n", i ? "" : _("Changes"), json_string_value(json_object_get(one, "at")),
			show_name(SHOWN, json_string_value(json_object_get(one, "who")), NAME_COLUMNS), json_string_value(json_object_get(one, "what")));
	}
}

static bool find(struct contact_command *command, struct contacts *contacts, struct text account, bool *found, struct contact *contact)
{
	struct error error;

	if (contacts && contacts_find(contacts, account, found, contact, &error))
		return true;
	cli_complain("%s", error.text);
	return false;
}

const char *contact_who(char who[CONTACTS_WHO_MAX])
{
	const struct passwd *user = getpwuid(geteuid());

	snprintf(who, CONTACTS_WHO_MAX, "%.64s(%lu)", user ? user->pw_name : "", (unsigned long)geteuid());
	return who;
}

static struct contacts *open_to(struct contact_command *command, bool write)
{
	struct error error;
	const char *folder = command->config.state_folder;
	struct contacts *contacts = write ? contacts_open_to_write(folder, contact_who(command->who), &error) : contacts_open(folder, &error);

	if (!contacts)
		cli_complain("%s", error.text);
	return contacts;
}

static int tell_of(struct contact_command *command, struct contacts *contacts, const struct contact *contact)
{
	json_t *changes = json_array();
	struct error error;

	if (contacts_each_change(contacts, text_of(contact->account), CONTACT_CHANGES_TOLD, note_change, changes, &error))
		return tell(command, document_of(contact, changes), write_contact);
	cli_complain("%s", error.text);
	json_decref(changes);
	return CLI_AWAY;
}

static int show(struct contact_command *command, struct text account)
{
	struct contacts *contacts = open_to(command, false);
	struct contact contact;
	bool found = false;
	int status = CLI_AWAY;

	if (contacts && find(command, contacts, account, &found, &contact)) {
		if (found)
			status = tell_of(command, contacts, &contact);
		else
			cli_complain(_("no contact of %.*s is known"), TEXT_ARG(account));
		status = found ? status : CLI_NO;
	}
	explicit_bzero(&contact, sizeof contact);
	contacts_close(contacts);
	return status;
}

/* ---- set */

static bool read_phrase(char phrase[CONTACT_PHRASE_MAX])
{
	char line[4 * CONTACT_PHRASE_MAX];
	struct text read;
	bool done, more;

	if (isatty(STDIN_FILENO))
		fputs(_("The phrase of the owner: "), stderr);
	setvbuf(stdin, NULL, _IONBF, 0);
	done = fgets(line, sizeof line, stdin) != NULL;
	read = done ? text_trim(text_of(line)) : TEXT_NONE;
	more = done && !isatty(STDIN_FILENO) && fgets(line + strlen(line) + 1, (int)(sizeof line - strlen(line) - 1), stdin);
	if (more)
		cli_complain("%s", _("a phrase is one line, and there are more"));
	else if (!read.n || read.n >= CONTACT_PHRASE_MAX)
		cli_complain(_("a phrase has from 1 to %d bytes"), CONTACT_PHRASE_MAX - 1);
	else
		text_copy(phrase, CONTACT_PHRASE_MAX, read);
	explicit_bzero(line, sizeof line);
	return !more && read.n && read.n < CONTACT_PHRASE_MAX;
}

static bool take_list(const char *const *given, size_t n, char to[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX], size_t *count)
{
	struct error error;

	if (n)
		*count = 0;
	for (size_t i = 0; i < n; i++)
		if (!contact_take_addresses(text_of(given[i]), to, count, &error)) {
			cli_complain("%s", error.text);
			return false;
		}
	return true;
}

static bool change(const struct contact_command *command, struct text account, struct contact *contact)
{
	text_copy(contact->account, sizeof contact->account, account);
	text_copy(contact->source, sizeof contact->source, TEXT("hand"));
	contact->changed_us = clock_now();
	if (command->name)
		text_copy(contact->name, sizeof contact->name, text_of(command->name));
	if (command->language)
		text_copy(contact->language, sizeof contact->language, text_of(command->language));
	if (command->no_phrase)
		*contact->phrase = '\0';
	return take_list(command->mails, command->mail_count, contact->addresses, &contact->address_count) &&
	       take_list(command->aliases, command->alias_count, contact->aliases, &contact->alias_count) &&
	       (!command->phrase || read_phrase(contact->phrase));
}

static int put(struct contact_command *command, struct contacts *contacts, struct text account)
{
	struct contact contact;
	struct error error = { "" };
	bool found, kept;

	if (!find(command, contacts, account, &found, &contact))
		return CLI_AWAY;
	if (!change(command, account, &contact))
		return CLI_USAGE;
	if (!contact.address_count)
		error_set(&error, _("no address of %s is known: --mail names one"), contact.account);
	kept = contact.address_count && contact_check(&contact, &error) && (command->dry_run || contacts_put(contacts, &contact, false, &error));
	if (!kept)
		cli_complain("%s", error.text);
	explicit_bzero(contact.phrase, sizeof contact.phrase);
	return kept ? CLI_DONE : CLI_NO;
}

static int set(struct contact_command *command, struct text account)
{
	struct contacts *contacts;
	int status;

	if (!command->mail_count && !command->alias_count && !command->name && !command->language && !command->phrase && !command->no_phrase)
		return usage(stderr, CLI_USAGE);
	secret_guard();
	contacts = open_to(command, true);
	status = contacts ? put(command, contacts, account) : CLI_AWAY;
	contacts_close(contacts);
	return status == CLI_DONE && !command->dry_run ? show(command, account) : status;
}

static int drop(struct contact_command *command, struct text account)
{
	struct contacts *contacts = open_to(command, true);
	struct contact contact;
	struct error error;
	bool found = false;
	int status = CLI_AWAY;

	if (contacts && find(command, contacts, account, &found, &contact)) {
		status = found ? CLI_DONE : CLI_NO;
		if (!found)
			cli_complain(_("no contact of %.*s is known"), TEXT_ARG(account));
		else if (!command->dry_run && !contacts_drop(contacts, account, &error)) {
			cli_complain("%s", error.text);
			status = CLI_AWAY;
		}
	}
	explicit_bzero(&contact, sizeof contact);
	contacts_close(contacts);
	return status;
}

/* ---- import */

static void write_import(const struct telling *telling, FILE *to)
{
	const struct contact_command *command = telling->command;

	fprintf(to, command->dry_run ? _("%s of %s rows would be taken; %s are wrong.\n") : _("%s of %s rows were taken; %s are wrong.\n"),
		show_count(SHOWN, command->taken), show_count(SHOWN, command->rows), show_count(SHOWN, command->faults));
}

static int import(struct contact_command *command)
{
	int status = contact_import(command), told;

	if (status != CLI_DONE && !command->faults)
		return status;
	told = tell(command, json_pack("{s:I, s:I, s:I, s:b}", "rows", (json_int_t)command->rows, "taken", (json_int_t)command->taken, "wrong",
				       (json_int_t)command->faults, "dry_run", command->dry_run),
		    write_import);
	return cli_worse(status, told);
}

/* ---- all */

static int about(struct contact_command *command)
{
	char room[ACCOUNT_NAME_MAX];
	struct text account = contact_account(command, text_of(command->words[1]), room);

	if (!account.n) {
		cli_complain(_("'%s' is no account"), command->words[1]);
		return CLI_USAGE;
	}
	if (strcmp(command->words[0], "show") == 0)
		return show(command, account);
	if (strcmp(command->words[0], "set") == 0)
		return set(command, account);
	return strcmp(command->words[0], "drop") == 0 ? drop(command, account) : usage(stderr, CLI_USAGE);
}

static int answer(struct contact_command *command)
{
	bool imports = command->word_count && strcmp(command->words[0], "import") == 0;

	bool asks = command->sqlite || command->sql || command->database;

	if (imports && command->word_count == (asks ? 1 : 2) && !command->sqlite == !command->sql && !(command->sqlite && command->database))
		return import(command);
	return !imports && command->word_count == 2 && !asks ? about(command) : usage(stderr, CLI_USAGE);
}

int cli_contact(int argc, char **argv)
{
	struct contact_command command = { .form = OUTPUT_TEXT };
	struct evidence_weights weights;
	bool ended;
	int status = take_options(&command, argc, argv, &ended);

	if (ended)
		return status;
	config_init(&command.config);
	if (!cli_read_config(&command.config, command.config_file, &weights)) {
		config_done(&command.config);
		return CLI_NO;
	}
	command.accounts = accounts_new(command.config.default_domain);
	status = answer(&command);
	accounts_free(command.accounts);
	config_done(&command.config);
	return status;
}
