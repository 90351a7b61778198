/* SPDX-License-Identifier: Apache-2.0 */
/* qmail (QSBMF, https://cr.yp.to/proto/qsbmf.txt) and its descendants: paragraphs that begin with "<a@example.com>:"; a paragraph of
 * dashes ends them. Yahoo's has the same form. */
#include "mail/families.h"

const struct family family_qmail = {
	"qmail",
	{ "this is the qmail", "qmail-send program", "i wasn't able to deliver your message to the following addresses", "i'm afraid i wasn't able to deliver", "--- below this line is a copy",
	  "i tried to deliver a bounce message to this address", "this is the mail delivery agent at", "hi. the mta program at", "we're sorry. there's a problem", "unfortunately, your mail was not delivered", "i couldn't find any host named", NULL },
	NULL,
	bracketed_words_read,
};

const struct family family_yahoo = {
	"yahoo",
	{ "message from yahoo", "unable to deliver message to the following address(es)", "sorry, we were unable to deliver your message to the following address", NULL },
	NULL,
	bracketed_words_read,
};
