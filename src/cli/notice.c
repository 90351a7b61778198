/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho notice list|show|verify: what was sent to whom; is this notice ours. `deliver` is the daemon's child. */
#include "cli/notice.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/typed.h"
#include "event/accounts.h"
#include "cli/asked.h"
#include "report/show.h"

static const char *usage(void)
{
	return _("usage: sekisho notice list [--all] [--account A] [options]\n"
		 "       sekisho notice show NUMBER [options]\n"
		 "       sekisho notice verify CODE ADDRESS [options]\n"
		 "Lists what owners and operators were told, shows one notice with each way out that was tried, or says whether a notice\n"
		 "that somebody got is ours: by its code and the address to which it came (or the account that it is about).\n\n"
		 "      --all                 also those that were sent; without it what still waits, and what failed\n"
		 "      --account A           about this account alone\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help\n\n"
		 "Exit status of verify: 1 where it is not ours.");
}

/* ---- words */

static const char *kind_word(const char *kind)
{
	static const char *const words[NOTICE_KINDS] = {
		[NOTICE_LOCKED] = N_("somebody else sent with the account"),
		[NOTICE_OBSERVED] = N_("would have been locked"),
		[NOTICE_BRAKED] = N_("a person has to decide"),
		[NOTICE_RELEASED] = N_("open again"),
		[NOTICE_AGAIN] = N_("mail still comes back"),
		[NOTICE_CARE] = N_("what is still open"),
		[NOTICE_WEAK] = N_("the password can be guessed"),
		[NOTICE_CODE] = N_("a code"),
		[NOTICE_CHANGED] = N_("the password was changed"),
	};
	enum notice_kind found = notice_kind_find(text_of(kind));

	return found < NOTICE_KINDS ? _(words[found]) : kind;
}

static const char *state_word(const char *state)
{
	static const char *const words[][2] = {
		{ "waiting", N_("waits") }, { "sent", N_("sent") },       { "failed", N_("not sent") },
		{ "later", N_("not yet") }, { "refused", N_("refused") }, { "unknown", N_("perhaps") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(state, words[i][0]) == 0)
			return _(words[i][1]);
	return state;
}

static const char *whom_word(const json_t *notice)
{
	return strcmp(field_text(notice, "to"), "operator") == 0 ? _("operator") : _("owner");
}

/* ---- list */

static void show_list(const struct asked *asked, struct terminal *t)
{
	const json_t *notices = json_object_get(asked->answer, "notices"), *one;
	size_t i;

	json_array_foreach(notices, i, one) {
		char *line = show_format(_("%6llu  %s  %-8s  %s (%s): %s"), (unsigned long long)field_count(one, "id"),
					 show_time(SHOWN, field_time(one, "made")), state_word(field_text(one, "state")),
					 show_name(SHOWN, field_text(one, "account"), NAME_COLUMNS), whom_word(one),
					 kind_word(field_text(one, "kind")));

		terminal_put(t, strcmp(field_text(one, "state"), "failed") == 0 ? SHADE_RED : SHADE_PLAIN, line);
		terminal_end(t);
		free(line);
	}
	if (json_array_size(notices))
		return;
	terminal_put(t, SHADE_GREEN, asked->all ? _("Nobody was ever told of anything.") : _("No notice waits, and none has failed."));
	terminal_end(t);
}

static int list(struct asked *asked)
{
	json_t *request = asked_question("notice list", asked->account);

	json_object_set_new(request, "all", json_boolean(asked->all));
	return asked_ask_and_tell(asked, request, show_list);
}

/* ---- show */

static void show_ways(const json_t *ways, struct terminal *t)
{
	const json_t *way;
	size_t i;

	json_array_foreach(ways, i, way) {
		char *line = show_format("%s %s: %s, %s", field_text(way, "way"), show_name(SHOWN, field_text(way, "to"), NAME_COLUMNS),
					 state_word(field_text(way, "state")), show_name(SHOWN, field_text(way, "says"), 200));

		asked_fact_of(t, i ? "" : _("Ways"), line);
	}
}

static void show_one(const struct asked *asked, struct terminal *t)
{
	const json_t *notice = json_object_get(asked->answer, "notice");
	uint64_t incident = field_count(notice, "incident");

	terminal_put(t, SHADE_BOLD, show_name(SHOWN, field_text(notice, "account"), NAME_COLUMNS));
	terminal_end(t);
	asked_fact(t, _("About"), kind_word(field_text(notice, "kind")));
	asked_fact(t, _("To"), whom_word(notice));
	asked_fact(t, _("State"), state_word(field_text(notice, "state")));
	asked_fact(t, _("Made"), show_time(SHOWN, field_time(notice, "made")));
	if (field_time(notice, "sent") != WHEN_NONE)
		asked_fact(t, _("Sent"), show_time(SHOWN, field_time(notice, "sent")));
	else if (strcmp(field_text(notice, "state"), "waiting") == 0)
		asked_fact(t, _("Next try"), show_time(SHOWN, field_time(notice, "next")));
	if (*field_text(notice, "says"))
		asked_fact(t, _("Why"), show_name(SHOWN, field_text(notice, "says"), 300));
	show_ways(json_object_get(notice, "ways"), t);
	if (incident)
		asked_fact_of(t, _("Incident"), show_format(_("%llu: sekisho incident show %llu"), (unsigned long long)incident,
							    (unsigned long long)incident));
}

static int show(struct asked *asked, const char *number)
{
	uint64_t id;

	if (!text_number(text_of(number), INT64_MAX, &id) || !id) {
		cli_complain(_("'%s' is no number of a notice"), number);
		return CLI_USAGE;
	}
	return asked_ask_and_tell(asked, json_pack("{s:s, s:I}", "verb", "notice show", "notice", (json_int_t)id), show_one);
}

/* ---- verify */

static void show_verified(const struct asked *asked, struct terminal *t)
{
	const json_t *notice = json_object_get(asked->answer, "notice");

	if (!field_flag(asked->answer, "ours")) {
		terminal_put(t, SHADE_RED, _("Not ours: no notice of this code was sent to this address."));
		terminal_end(t);
		return;
	}
	terminal_put(t, SHADE_GREEN, _("Ours."));
	terminal_end(t);
	asked_fact(t, _("Account"), show_name(SHOWN, field_text(notice, "account"), NAME_COLUMNS));
	asked_fact(t, _("Made"), show_time(SHOWN, field_time(notice, "made")));
	asked_fact(t, _("About"), kind_word(field_text(notice, "kind")));
}

static int verify(struct asked *asked, const char *code, const char *address)
{
	char meant[TYPED_CODE_MAX + 1], to[ACCOUNT_NAME_MAX];
	bool read = typed_plain(text_of(code), meant, sizeof meant) && typed_plain(text_of(address), to, sizeof to);
	json_t *request = read ? json_pack("{s:s, s:s, s:s}", "verb", "notice verify", "code", meant, "account", to) : NULL;
	int status;

	if (!request) {
		cli_complain("%s", _("code or address are no text"));
		return CLI_USAGE;
	}
	status = asked_ask_and_tell(asked, request, show_verified);
	return status || field_flag(asked->answer, "ours") ? status : CLI_NO;
}

static bool is_word(const struct asked *asked, const char *word, int words)
{
	return asked->word_count == words && strcmp(asked->words[0], word) == 0;
}

static int answer(struct asked *asked)
{
	bool lists = asked->all || asked->account;

	if (asked->false_alarm || asked->full || asked->language)
		return asked_misused(usage());
	if (is_word(asked, "list", 1))
		return list(asked);
	if (is_word(asked, "show", 2) && !lists)
		return show(asked, asked->words[1]);
	if (is_word(asked, "verify", 3) && !lists)
		return verify(asked, asked->words[1], asked->words[2]);
	return asked_misused(usage());
}

/* as the daemon calls it */
static int deliver(int argc, char **argv)
{
	bool named = argc == 4 && (strcmp(argv[2], "--config") == 0 || strcmp(argv[2], "-c") == 0);

	if (argc != 2 && !named)
		return asked_misused(usage());
	return notice_deliver(named ? argv[3] : NULL);
}

int cli_notice(int argc, char **argv)
{
	struct asked asked = { .form = OUTPUT_TEXT };
	bool ended;
	int status;

	if (argc > 1 && strcmp(argv[1], "deliver") == 0)
		return deliver(argc, argv);
	status = asked_begin(&asked, argc, argv, usage(), true, &ended);
	if (!ended)
		status = answer(&asked);
	asked_done(&asked);
	return status;
}
