/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon saw: accounts that nobody uses, and passwords that work and that a guesser tries first. */
#include <string.h>

#include "base/clock.h"
#include "cli/asked.h"
#include "cli/risk_sources.h"
#include "cli/stale.h"

static bool is_meant(const struct risk_asked *asked, const char *account)
{
	const char *at = strchr(account, '@');

	return (!asked->account || strcmp(asked->account, account) == 0) && (!asked->domain || (at && strcmp(at + 1, asked->domain) == 0));
}

static int ask_daemon(const struct risk_asked *asked, json_t *question, json_t **answer)
{
	struct error error = { "" };

	return asked_status(ask(asked->config->control_socket, question, answer, &error), &error);
}

/* of who was never seen something is said only when somebody has looked for so long */
static void take_unused(const struct risk_asked *asked, const json_t *answer, struct risks *risks)
{
	const json_t *accounts = json_object_get(answer, "accounts");
	int64_t since_us = field_time(answer, "since");
	bool long_enough = since_us != WHEN_NONE && since_us < clock_now() - STALE_DAYS * DAY_US;

	for (size_t i = 0; i < json_array_size(accounts); i++) {
		struct risk_found found = stale_risk(answer, json_array_get(accounts, i));

		if (is_meant(asked, found.account) && (found.risk == RISK_UNUSED || long_enough))
			risks_add(risks, &found);
	}
}

static void take_guessable(const struct risk_asked *asked, const json_t *answer, struct risks *risks)
{
	const json_t *accounts = json_object_get(answer, "accounts");

	for (size_t i = 0; i < json_array_size(accounts); i++) {
		const json_t *one = json_array_get(accounts, i);
		struct risk_found found = { .account = field_text(one, "account"), .risk = RISK_GUESSABLE, .fault = PASSWORD_GUESSED };

		for (unsigned fault = 0; fault < PASSWORD_FAULTS; fault++)
			if (strcmp(field_text(one, "fault"), password_fault_names[fault]) == 0)
				found.fault = (enum password_fault)fault;
		if (is_meant(asked, found.account))
			risks_add(risks, &found);
	}
}

static int gather(const struct risk_asked *asked, struct risks *risks)
{
	json_t *answer = NULL;
	int status = ask_daemon(asked, stale_question(STALE_DAYS, asked->domain), &answer);

	if (status != CLI_DONE)
		return status;
	take_unused(asked, answer, risks);
	json_decref(answer);
	status = ask_daemon(asked, json_pack("{s:s}", "verb", "account guessable"), &answer);
	if (status == CLI_DONE) {
		take_guessable(asked, answer, risks);
		json_decref(answer);
	}
	return status;
}

extern const struct risk_source risk_by_daemon;
const struct risk_source risk_by_daemon = { "daemon", gather };
