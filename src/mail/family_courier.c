/* SPDX-License-Identifier: Apache-2.0 */
/* Courier: "UNDELIVERABLE MAIL … Your message to the following recipients cannot be delivered:", then for each "<a@example.com>:",
 * the host in brackets and the session with ">>>" and "<<<". */
#include "mail/families.h"

const struct family family_courier = {
	"courier",
	{ "this is a delivery status notification from", "the courier mail server", "your message to the following recipients cannot be delivered", "instructions for interpreting this delivery",
	  NULL },
	NULL,
	bracketed_words_read,
};
