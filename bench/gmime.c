/* SPDX-License-Identifier: Apache-2.0 */
/* bench-gmime MBOX: parses every mail with GMime alone and asks nothing: the measure that inspect stands beside. Says how many. */
#include <gmime/gmime.h>
#include <stdio.h>

#include "intake/mailbox.h"

static bool parse(struct text mail)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail.p, mail.n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	if (message)
		g_object_unref(message);
	return message;
}

int main(int argc, char **argv)
{
	struct mailbox *mailbox = mailbox_new();
	struct error error = { "no file was named" };
	uint64_t number, mails = 0;
	struct text mail;

	if (argc != 2 || !mailbox_open(mailbox, argv[1], false, &error)) {
		fprintf(stderr, "bench-gmime: %s\n", error.text);
		return 2;
	}
	g_mime_init();
	while (mailbox_next(mailbox, &mail, &number, &error) > 0)
		mails += parse(mail);
	mailbox_free(mailbox);
	printf("%llu\n", (unsigned long long)mails);
	return 0;
}
