/* SPDX-License-Identifier: Apache-2.0 */
/* Postfix (bounce(5)): "<a@example.com> (expanded from <b@example.com>): host mx.example.com[192.0.2.1] said: 550 …". Its templates may be
 * in any language: the queue's words and the form of the list stay. */
#include "mail/address.h"
#include "mail/families.h"

/* "(expanded from <b@example.com>)" in what was said is whom the mail was sent to */
static void take_expanded(struct report *report, struct returned *returned)
{
	struct text said = returned->diagnostic, rest, inner, address;

	if (!text_behind(text_head(said, said.n < 400 ? said.n : 400), TEXT("expanded from"), &rest))
		return;
	rest = text_between(rest.p, said.p + said.n);
	if (!text_cut(&rest, ')', &inner))
		return;
	if (!returned->original_address.n && address_in(report->arena, inner, &address) && !address_same(address, returned->address))
		returned->original_address = address;
	returned->diagnostic = text_trim(text_starts(rest, TEXT(":")) ? text_after(rest, 1) : rest);
}

static void read(struct report *report)
{
	bracketed_words_read(report);
	for (size_t i = 0; i < report->count; i++)
		take_expanded(report, &report->returned[i]);
}

const struct family family_postfix = {
	"postfix",
	{ "this is the mail system at host", "this is the postfix program at host", "the mail system <", "(in reply to rcpt to command)", "(in reply to end of data command)", "(in reply to mail from command)", "the postfix program <", "postfix program at host", "the smtp_gateway", NULL },
	NULL,
	read,
};
