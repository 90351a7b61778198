/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho account stale: accounts that nobody uses. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/asked.h"
#include "cli/stale.h"
#include "report/show.h"
#include "report/value.h"

struct stale {
	struct asked asked;
	unsigned days;
	const char *domain;
	struct risks *risks;
};

static const char *usage(void)
{
	return _("usage: sekisho account stale [options]\n"
		 "Lists the accounts that nobody uses: no login worked, and no mail of theirs was sent.\n\n"
		 "      --days N              for so long (180)\n"
		 "      --domain D            only accounts of that domain\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

json_t *stale_question(unsigned days, const char *domain)
{
	return json_pack("{s:s, s:i, s:s}", "verb", "account stale", "days", (int)days, "domain", domain ? domain : "");
}

struct risk_found stale_risk(const json_t *answer, const json_t *one)
{
	int64_t last_us = field_time(one, "last_seen");

	return (struct risk_found){ .account = field_text(one, "account"), .risk = last_us == WHEN_NONE ? RISK_UNSEEN : RISK_UNUSED,
				    .at_us = last_us == WHEN_NONE ? field_time(answer, "since") : last_us };
}

/* ---- options */

static bool take_days(struct stale *stale, const char *value)
{
	uint64_t days = 0;

	if (text_number(text_of(value), STALE_DAYS_MAX, &days) && days) {
		stale->days = (unsigned)days;
		return true;
	}
	cli_complain(_("--%s: '%s' is no number from 1 to %llu"), "days", value, (unsigned long long)STALE_DAYS_MAX);
	return false;
}

static bool take_option(struct stale *stale, int option, const char *value)
{
	switch (option) {
	case 'n': return take_days(stale, value);
	case 'd': stale->domain = value; return true;
	case 'o': stale->asked.output = value; return true;
	case 'c': stale->asked.config_file = value; return true;
	case 'f': return output_parse_form(value, false, &stale->asked.form);
	default: asked_misused(usage()); return false;
	}
}

static int take_options(struct stale *stale, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "days", required_argument, NULL, 'n' },   { "domain", required_argument, NULL, 'd' },
		{ "format", required_argument, NULL, 'f' }, { "output", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct evidence_weights weights;
	int option;

	*ended = true;
	signal(SIGXFSZ, SIG_IGN);
	config_init(&stale->asked.config);
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s\n", usage());
			return CLI_DONE;
		}
		if (!take_option(stale, option, optarg))
			return CLI_USAGE;
	}
	if (argc - optind != 1)
		return asked_misused(usage());
	if (!cli_read_config(&stale->asked.config, stale->asked.config_file, &weights))
		return CLI_NO;
	*ended = false;
	return CLI_DONE;
}

/* ---- the answer */

static void show(const struct asked *asked, struct terminal *t)
{
	const struct stale *stale = (const struct stale *)asked; /* its first field */
	uint64_t unused = field_count(asked->answer, "unused"), shown = json_array_size(json_object_get(asked->answer, "accounts"));

	if (!unused)
		terminal_print(t, SHADE_GREEN, ngettext("Every account was used within %s day.", "Every account was used within %s days.", stale->days),
			       show_count(SHOWN, stale->days));
	else
		terminal_print(t, SHADE_YELLOW, ngettext("%s account is not used:", "%s accounts are not used:", unused), show_count(SHOWN, unused));
	terminal_end(t);
	risks_show(stale->risks, t);
	if (shown < unused) {
		terminal_print(t, SHADE_DIM, ngettext("and %s more", "and %s more", unused - shown), show_count(SHOWN, unused - shown));
		terminal_end(t);
	}
	if (!field_flag(asked->answer, "listed")) {
		terminal_end(t);
		terminal_wrap(t, 0, _("Of accounts that were never seen in use nothing can be said here: nobody is set up who could list all that there are. See "
				      "passdb_socket, and sekisho-passdb(8)."));
	}
}

static void take_answer(struct stale *stale)
{
	json_t *answer = stale->asked.answer, *accounts = json_object_get(answer, "accounts");

	for (size_t i = 0; i < json_array_size(accounts); i++) {
		struct risk_found found = stale_risk(answer, json_array_get(accounts, i));

		risks_add(stale->risks, &found);
	}
	json_object_set_new(answer, "schema", json_string("sekisho.stale/1"));
	json_object_set_new(answer, "risks", risks_json(stale->risks));
}

int cli_stale(int argc, char **argv)
{
	struct stale stale = { .days = STALE_DAYS, .risks = risks_new() };
	bool ended;
	int status = take_options(&stale, argc, argv, &ended);

	if (!ended) {
		stale.asked.show = show;
		status = asked_ask(&stale.asked, stale_question(stale.days, stale.domain));
		if (status == CLI_DONE) {
			take_answer(&stale);
			status = asked_tell(&stale.asked);
		}
	}
	risks_free(stale.risks);
	asked_done(&stale.asked);
	return status;
}
