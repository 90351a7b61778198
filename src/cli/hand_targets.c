/* SPDX-License-Identifier: Apache-2.0 */
/* Who is meant: names, those of a file, of a domain, of a bulk, of an incident; each once, in its normal form. And the preview. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "cli/hand.h"
#include "report/show.h"

enum { LINE_MAX_BYTES = 1024 };

/* ---- one name */

static bool is_utf8(const char *name)
{
	json_t *text = json_string(name);

	json_decref(text);
	return text != NULL;
}

/* no blanks inside, for two names on one line are a mistake */
static bool is_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	return *name && is_utf8(name);
}

/* false where it is none; one that is there already stays */
static bool add(struct hand *hand, const char *name)
{
	uint32_t before = accounts_count(hand->accounts), account;
	uint64_t key;

	account = is_name(name) ? accounts_add(hand->accounts, text_of(name), &key) : ACCOUNT_NONE;
	if (!account || account <= before)
		return account != ACCOUNT_NONE;
	MEMORY_ROOM(hand->targets, hand->count, hand->room);
	hand->targets[hand->count++] = (struct hand_target){ .name = accounts_name(hand->accounts, account) };
	return true;
}

static int too_many(void)
{
	cli_complain(_("these are more than %d accounts"), HAND_TARGETS_MAX);
	return CLI_USAGE;
}

/* ---- many names */

static int gather_words(struct hand *hand)
{
	for (int i = 0; i < hand->asked.word_count; i++) {
		if (add(hand, hand->asked.words[i]))
			continue;
		cli_complain(_("'%s' is no account"), show_name(SHOWN, hand->asked.words[i], NAME_COLUMNS));
		return CLI_USAGE;
	}
	return CLI_DONE;
}

/* what stands before a # */
static char *name_in(char *line)
{
	char *end;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	for (end = line + strlen(line); end > line && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	return line;
}

#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* what some editors begin a file with */

static int gather_lines(struct hand *hand, FILE *file)
{
	char line[LINE_MAX_BYTES];

	for (unsigned number = 1; fgets(line, sizeof line, file); number++) {
		bool whole = strchr(line, '\n') || strlen(line) < sizeof line - 1;
		char *name = name_in(number == 1 && strncmp(line, BYTE_ORDER_MARK, 3) == 0 ? line + 3 : line);

		if (!whole || (*name && !add(hand, name))) {
			cli_complain(_("%s:%u: '%s' is no account"), hand->file, number, show_name(SHOWN, name, NAME_COLUMNS));
			return CLI_USAGE;
		}
		if (hand->count > HAND_TARGETS_MAX)
			return too_many();
	}
	return CLI_DONE;
}

static int gather_file(struct hand *hand)
{
	bool input = strcmp(hand->file, "-") == 0;
	FILE *file = input ? stdin : fopen(hand->file, "re");
	int status = file ? gather_lines(hand, file) : CLI_UNREADABLE;

	if (!file || ferror(file)) {
		cli_complain("'%s': %s", hand->file, strerror(errno));
		status = CLI_UNREADABLE;
	}
	if (file && !input)
		fclose(file);
	return status;
}

/* the names in a list of the daemon's */
static int gather_list(struct hand *hand, json_t *request)
{
	const json_t *accounts;
	json_t *answer;
	int status;

	if (!request)
		return asked_misused(_("the name is no UTF-8"));
	status = hand_ask(hand, request, &answer);
	if (status)
		return status;
	accounts = json_object_get(answer, "accounts");
	for (size_t i = 0; i < json_array_size(accounts); i++)
		add(hand, field_text(json_array_get(accounts, i), "account"));
	if (json_is_false(json_object_get(answer, "whole")))
		status = too_many();
	json_decref(answer);
	return status;
}

static int gather_incident(struct hand *hand)
{
	json_t *answer;
	int status = hand_ask(hand, json_pack("{s:s, s:I}", "verb", "incident account", "incident", (json_int_t)hand->incident), &answer);

	if (status)
		return status;
	add(hand, field_text(answer, "account"));
	json_decref(answer);
	return CLI_DONE;
}

static int gather(struct hand *hand)
{
	if (hand->incident)
		return gather_incident(hand);
	if (hand->file)
		return gather_file(hand);
	if (hand->domain)
		return gather_list(hand, json_pack("{s:s, s:s}", "verb", "account list", "domain", hand->domain));
	if (hand->act == HAND_UNLOCK && hand->bulk)
		return gather_list(hand, json_pack("{s:s, s:I}", "verb", "bulk list", "bulk", (json_int_t)hand->bulk));
	return gather_words(hand);
}

static bool wants_all(const struct hand *hand, const struct hand_target *target) { return true; }

static void take_closure(struct hand *hand, struct hand_target *target, const json_t *answer)
{
	target->was_locked = field_flag(answer, "known") && field_flag(answer, "shut");
}

int hand_gather(struct hand *hand)
{
	static const struct hand_round look = { wants_all, hand_ask_closure, take_closure, false };
	int status;

	hand->accounts = accounts_new(hand->asked.config.default_domain);
	status = gather(hand);
	if (status)
		return status;
	if (!hand->count) {
		cli_complain("%s", _("there is no such account"));
		return CLI_NO;
	}
	hand_go_round(hand, &look);
	for (size_t i = 0; i < hand->count && !status; i++)
		status = hand->targets[i].status;
	if (status)
		cli_complain("%s", hand->targets[0].why ? hand->targets[0].why : _("nobody could be asked"));
	return status;
}

bool hand_is_many(const struct hand *hand)
{
	return hand->count > 1 || hand->domain || hand->file || (hand->act == HAND_UNLOCK && hand->bulk);
}

/* ---- preview */

static void show_names(const struct hand *hand, struct terminal *t)
{
	for (size_t i = 0; i < hand->count && i < HAND_NAMED; i++) {
		terminal_pad(t, 2);
		terminal_print(t, SHADE_PLAIN, "%.*s", TEXT_ARG(hand->targets[i].name));
		terminal_end(t);
	}
	if (hand->count > HAND_NAMED) {
		uint64_t more = hand->count - HAND_NAMED;

		terminal_pad(t, 2);
		terminal_print(t, SHADE_DIM, ngettext("and %s more", "and %s more", more), show_count(SHOWN, more));
		terminal_end(t);
	}
}

void hand_preview(const struct hand *hand, struct terminal *t)
{
	uint64_t locked = 0;

	for (size_t i = 0; i < hand->count; i++)
		locked += hand->targets[i].was_locked;
	terminal_print(t, SHADE_BOLD,
		       hand->act == HAND_UNLOCK ? ngettext("%s account would be opened", "%s accounts would be opened", hand->count)
						: ngettext("%s account would be locked", "%s accounts would be locked", hand->count),
		       show_count(SHOWN, hand->count));
	terminal_print(t, SHADE_PLAIN, ngettext(", %s is locked now:", ", %s are locked now:", locked), show_count(SHOWN, locked));
	terminal_end(t);
	show_names(hand, t);
}

/* at the terminal itself, for the list may come in on the standard input */
static bool says_yes(FILE *terminal)
{
	char answer[64];

	fprintf(terminal, "%s ", _("Go on? [y/N]"));
	fflush(terminal);
	/* TRANSLATORS: the first letter of "yes"; y is always taken, too */
	return fgets(answer, sizeof answer, terminal) && (*answer == 'y' || *answer == 'Y' || *answer == *_("y"));
}

int hand_confirm(const struct hand *hand)
{
	struct terminal t;
	FILE *terminal;
	bool yes;

	terminal_init(&t, stderr, output_has_colour(stderr));
	hand_preview(hand, &t);
	if (hand->yes)
		return CLI_DONE;
	terminal = isatty(STDERR_FILENO) ? fopen("/dev/tty", "r+e") : NULL;
	if (!terminal) {
		cli_complain("%s", _("nobody is there to be asked: say --yes, or --dry-run to see it alone"));
		return CLI_USAGE;
	}
	yes = says_yes(terminal);
	fclose(terminal);
	if (!yes)
		cli_complain("%s", _("nothing was done"));
	return yes ? CLI_DONE : CLI_NO;
}
