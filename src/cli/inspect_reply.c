/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect_reply.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "gate/ask.h"
#include "report/complaint_reply.h"

/* the paper on the incident in which the mail was sent, where there was one */
static bool ask_incident(const struct config *config, const json_t *whose, struct paper *paper, bool *found, struct error *error)
{
	const json_t *number = json_object_get(json_object_get(whose, "attribution"), "incident");
	json_t *answer = NULL;
	bool good;

	*found = false;
	if (!json_integer_value(number))
		return true;
	if (ask(config->control_socket, json_pack("{s:s, s:I}", "verb", "incident", "incident", json_integer_value(number)), &answer, error) !=
	    ASK_ANSWERED)
		return false;
	good = *found = paper_read(json_object_get(answer, "incident"), false, clock_now(), paper, error);
	json_decref(answer);
	return good;
}

bool inspect_reply(const struct config *config, struct message *message, const struct inspection *inspection, const json_t *whose, FILE *to,
		   struct error *error)
{
	struct paper paper;
	bool found, good;

	if (inspection->kind != MAIL_COMPLAINT)
		return error_set(error, "%s", _("it is no complaint, so there is nothing to answer"));
	if (!ask_incident(config, whose, &paper, &found, error))
		return false;
	cli_speak_in(complaint_reply_language(message));
	good = complaint_reply(message, inspection, found ? &paper : NULL, to, error);
	if (found)
		paper_done(&paper);
	return good;
}
