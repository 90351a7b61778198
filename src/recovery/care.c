/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/care.h"

#include "base/i18n.h"

const struct care_item care_items[] = {
	{ "passwords", N_("Change the password wherever else you use the same or a similar one: bank, cards and shops first."),
	  N_("Whoever had this password tries it elsewhere, and begins where there is money.") },
	{ "devices", N_("Let a virus scanner look through every computer and telephone on which you read this mailbox."),
	  N_("Programs that steal passwords would take the new one just as well.") },
	{ "web_space", N_("If you have a web site: download all of its files, look through them for what you did not put there, and change its passwords, too."),
	  N_("The same stolen password often opens the web space, and what is left there sends mail on its own.") },
	{ "other_accounts", N_("Change the passwords of the other mailboxes that are used on the same computers."),
	  N_("If a computer gave one password away, it gave all that it knew.") },
	{ "settings", N_("Look through forwarding, filters and signatures of your mailbox for what is not yours."),
	  N_("A forwarding that a thief left behind goes on telling them what you receive, whatever your password is.") },
	{ "country_rule", N_("Allow sending from your own country alone, if you never send from abroad."),
	  N_("Most stolen passwords are used from abroad.") },
	{ "recipients", N_("Tell those whom you write to often that mail in your name may have been false, and that they should not open its links."),
	  N_("Whoever got such a mail takes it for yours, and may be the next."), CARE_WHERE_MAIL_GOT_OUT },
};

_Static_assert(sizeof care_items / sizeof *care_items <= CARE_ITEMS_MAX, "each item has its bit");

const size_t care_item_count = sizeof care_items / sizeof *care_items;

const struct care_item *care_find(struct text id)
{
	for (size_t i = 0; i < care_item_count; i++)
		if (text_is(id, text_of(care_items[i].id)))
			return &care_items[i];
	return NULL;
}

bool care_applies(const struct care_item *item, uint64_t got_out) { return item->when == CARE_ALWAYS || got_out > 0; }
