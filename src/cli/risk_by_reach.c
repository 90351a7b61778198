/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts whose owners cannot be reached outside the mailbox. */
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/risk_sources.h"
#include "notice/contacts.h"

static bool look_at(struct contacts *contacts, const char *account, struct risks *risks, struct error *error)
{
	struct contact contact;
	bool found = false, read = contacts_reach(contacts, text_of(account), &found, &contact, error);

	explicit_bzero(&contact, sizeof contact); /* the owner's phrase */
	if (read && !found)
		risks_add(risks, &(struct risk_found){ .account = account, .risk = RISK_UNREACHED });
	return read;
}

static int gather(const struct risk_asked *asked, struct risks *risks)
{
	struct error error = { "" };
	struct contacts *contacts = contacts_open(asked->config->state_folder, &error);
	bool read = contacts != NULL;

	if (read && !contacts_count(contacts)) /* of every account the same would be said */
		cli_complain("%s", _("no owner can be told outside the mailbox: no contacts are entered; see sekisho contact import --help"));
	else
		for (size_t i = 0; read && i < asked->count; i++)
			read = look_at(contacts, asked->accounts[i], risks, &error);
	contacts_close(contacts);
	if (read)
		return CLI_DONE;
	cli_complain("%s", error.text);
	return CLI_AWAY;
}

extern const struct risk_source risk_by_reach;
const struct risk_source risk_by_reach = { "reach", gather };
