/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho incident list|show|report|release; contain is cli/hand.h's */
#include "cli/incident.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/hand.h"
#include "recovery/care.h"
#include "report/show.h"

static const char *usage(void)
{
	return _("usage: sekisho incident list [--all] [--account A] [options]\n"
		 "       sekisho incident show NUMBER [options]\n"
		 "       sekisho incident report NUMBER [--lang ja|en] [--full] [options]\n"
		 "       sekisho incident release NUMBER [--false-alarm] [options]\n"
		 "       sekisho incident care NUMBER [ITEM done|open|not-applicable] [options]\n"
		 "       sekisho incident contain NUMBER [options]; see sekisho incident contain --help\n"
		 "Lists the hijacks that the daemon found, shows one (since when, how many, from where, what now), writes the paper on\n"
		 "it that can be handed on, locks its account, opens it again, or lists and ticks what is to be done after it. The thief's\n"
		 "mail is deleted after seven days, unless it was a false alarm.\n\n"
		 "      --all                 also those that are closed\n"
		 "      --account A           of this account alone\n"
		 "      --false-alarm         it was the owner: all mail that is held goes out\n"
		 "      --lang ja|en          the language of the paper (as the locale says)\n"
		 "      --full                with the owner's own addresses, and who worked on it: not for handing on\n"
		 "  -f, --format text|json    how to answer (text); of report also html\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

static void show_list(const struct asked *asked, struct terminal *t)
{
	const json_t *incidents = json_object_get(asked->answer, "incidents");
	size_t count = json_array_size(incidents);

	if (count) {
		asked_incidents(t, incidents);
		return;
	}
	terminal_put(t, SHADE_GREEN, asked->all ? _("No incident was ever opened.") : _("No incident is open."));
	terminal_end(t);
}

static int list(struct asked *asked)
{
	json_t *request = asked_question("incident list", asked->account);

	json_object_set_new(request, "all", json_boolean(asked->all));
	return asked_ask_and_tell(asked, request, show_list);
}

/* the incident itself is the document, with the advice in the reader's language */
static void make_document(struct asked *asked)
{
	json_t *incident = json_incref(json_object_get(asked->answer, "incident"));
	char *next = incident_next(incident);

	json_object_set_new(incident, "advice", json_pack("[s]", next));
	free(next);
	json_decref(asked->answer);
	asked->answer = incident;
}

static int about(struct asked *asked, const char *verb, const char *number)
{
	uint64_t id;

	if (!text_number(text_of(number), INT64_MAX, &id) || !id) {
		cli_complain(_("'%s' is no number of an incident"), number);
		return CLI_USAGE;
	}
	return asked_ask(asked, json_pack("{s:s, s:I, s:b}", "verb", verb, "incident", (json_int_t)id, "false_alarm",
				       asked->false_alarm));
}

static int show(struct asked *asked, const char *number)
{
	int status = about(asked, "incident show", number);

	if (status)
		return status;
	make_document(asked);
	asked->show = incident_show;
	return asked_tell(asked);
}

static int report(struct asked *asked, const char *number)
{
	int status = about(asked, "incident show", number);

	if (asked->language)
		cli_speak_in(asked->language);
	return status ? status : incident_report(asked);
}

static void show_released(const struct asked *asked, struct terminal *t)
{
	terminal_put(t, SHADE_GREEN, asked->false_alarm ? _("Released: the account is open again, and all of its mail that was held goes out.")
							: _("Released: the account is open again. Mail of the thief is deleted after seven days; should it be the owner's after all, the "
					   "same with --false-alarm lets it go."));
	terminal_end(t);
}

static int release(struct asked *asked, const char *number)
{
	int status = about(asked, "incident release", number);

	asked->show = show_released;
	return status ? status : asked_tell(asked);
}

/* ---- after-care */

static void show_care(const struct asked *asked, struct terminal *t) { incident_show_care(json_object_get(asked->answer, "care"), t); }

static int list_care(struct asked *asked, const char *number)
{
	int status = about(asked, "care list", number);

	asked->show = show_care;
	return status ? status : asked_tell(asked);
}

static int tick(struct asked *asked, const char *number, const char *item, const char *state)
{
	uint64_t id;
	json_t *request;
	int status;

	if (!text_number(text_of(number), INT64_MAX, &id) || !id) {
		cli_complain(_("'%s' is no number of an incident"), number);
		return CLI_USAGE;
	}
	if (!care_find(text_of(item))) {
		cli_complain(_("'%s' is no item of the after-care; sekisho incident care %s lists them"), item, number);
		return CLI_USAGE;
	}
	if (strcmp(state, "done") != 0 && strcmp(state, "open") != 0 && strcmp(state, "not-applicable") != 0) {
		cli_complain(_("'%s' is none of done, open, not-applicable"), state);
		return CLI_USAGE;
	}
	request = json_pack("{s:s, s:I, s:s, s:s}", "verb", "care tick", "incident", (json_int_t)id, "item", item, "state",
			    *state == 'n' ? "not_applicable" : state);
	status = asked_ask(asked, request);
	if (status)
		return status;
	json_decref(asked->answer);
	asked->answer = NULL;
	return list_care(asked, number);
}

static bool is_word(const struct asked *asked, const char *word, int words)
{
	return asked->word_count == words && strcmp(asked->words[0], word) == 0;
}

/* each command has options of its own */
static int answer(struct asked *asked)
{
	bool lists = asked->all || asked->account, hands_on = asked->full || asked->language;

	if (is_word(asked, "list", 1) && !asked->false_alarm && !hands_on)
		return list(asked);
	if (is_word(asked, "show", 2) && !lists && !asked->false_alarm && !hands_on)
		return show(asked, asked->words[1]);
	if (is_word(asked, "report", 2) && !lists && !asked->false_alarm)
		return report(asked, asked->words[1]);
	if (is_word(asked, "release", 2) && !lists && !hands_on)
		return release(asked, asked->words[1]);
	if (is_word(asked, "care", 2) && !lists && !hands_on && !asked->false_alarm)
		return list_care(asked, asked->words[1]);
	if (is_word(asked, "care", 4) && !lists && !hands_on && !asked->false_alarm)
		return tick(asked, asked->words[1], asked->words[2], asked->words[3]);
	return asked_misused(usage());
}

int cli_incident(int argc, char **argv)
{
	struct asked asked = { .pages_of = "report" };
	bool ended;
	int status;

	if (argc > 1 && strcmp(argv[1], "contain") == 0)
		return cli_hand(HAND_CONTAIN, argc, argv);
	status = asked_begin(&asked, argc, argv, usage(), true, &ended);
	if (!ended)
		status = answer(&asked);
	asked_done(&asked);
	return status;
}
