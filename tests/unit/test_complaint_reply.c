/* SPDX-License-Identifier: Apache-2.0 */
/* The draft of an answer to a complaint: to whom, in which language, what was done, and nobody's name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/complaint_reply.h"
#include "sample_paper.h"

static struct message *message;

#define COMPLAINT(head, body) \
	head "To: abuse@example.jp\nMessage-ID: <report.7@example.com>\nContent-Type: text/plain; charset=utf-8\n\n" body \
	     "\nReceived: from [203.0.113.77] by mx.example.com with ESMTP id 4kQx7T2pLz1cRb; Fri, 20 Nov 2026 03:20:07 +0900\n" \
	     "From: hanako@example.jp\nTo: bob@example.com\nSubject: parcel\nMessage-ID: <parcel.1@example.jp>\n"

static const char english[] = COMPLAINT("From: Bob <bob@example.com>\nSubject: spam from your server\n",
					"We received spam from your network. Please investigate.\n");
static const char japanese[] = COMPLAINT("From: jiro@example.com\nSubject: 迷惑メールについて\n",
					 "貴社のサーバーから迷惑メールが届きました。ご対応をお願いします。\n");

/* the draft, which the caller frees, or NULL */
static char *draft(const char *mail, json_t *incident, struct error *error)
{
	struct inspection inspection;
	struct paper paper;
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	bool good;

	if (!inspect_mail(message, text_of(mail), NULL, &inspection, error))
		fail_msg("%s", error->text);
	if (incident)
		assert_true(paper_read(incident, false, SAMPLE_PAPER_US, &paper, error));
	good = complaint_reply(message, &inspection, incident ? &paper : NULL, to, error);
	fclose(to);
	if (incident)
		paper_done(&paper);
	json_decref(incident);
	if (good)
		return text;
	free(text);
	return NULL;
}

static void holds(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("wanted '%s' in:\n%s", part, text ? text : "nothing");
}

static void lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("did not want '%s' in:\n%s", part, text);
}

static void answers_whoever_wrote(void **state)
{
	struct error error = { "" };
	char *text = draft(english, NULL, &error);

	holds(text, "X-Unsent: 1\nTo: bob@example.com\nSubject: Re: spam from your server\nIn-Reply-To: <report.7@example.com>\n");
	holds(text, "Message-ID: parcel.1@example.jp\n");
	holds(text, "203.0.113.77");
	holds(text, "[To be filled in");
	lacks(text, "hanako");
	free(text);
}

static void tells_what_was_done_and_names_nobody(void **state)
{
	struct error error = { "" };
	char *text = draft(english, sample_incident(getenv("SEKISHO_SOURCE")), &error);

	holds(text, "A mail account on our server was used by somebody who is not its owner.");
	holds(text, "We noticed it at 2026-11-");
	holds(text, "What we did:\n  - ");
	holds(text, "can no longer send from here");
	lacks(text, "hanako");
	lacks(text, "192.0.2.");
	lacks(text, "Example Servers");
	lacks(text, "[To be filled in");
	free(text);
}

static void keeps_to_its_form_whatever_the_incident_says(void **state)
{
	struct error error = { "" };
	char *hostile = draft(english, sample_incident_hostile(), &error), *bare = draft(english, sample_incident_bare(), &error);

	lacks(hostile, "<script>");
	lacks(hostile, "\x1b");
	holds(bare, "Thank you for your report.");
	lacks(bare, "What we did:");
	free(hostile);
	free(bare);
}

static void lets_no_line_into_the_head(void **state)
{
	struct error error = { "" };
	char *text = draft(COMPLAINT("From: bob@example.com\nSubject: =?utf-8?Q?spam_from_your_server=0ABcc:_x@example.net?=\n",
				     "We received spam from your network. Please investigate.\n"),
			   NULL, &error);

	holds(text, "Subject: Re: spam from your server");
	lacks(text, "\nBcc:");
	free(text);
}

static void encodes_what_is_not_ascii(void **state)
{
	struct error error = { "" };
	char *text = draft(japanese, NULL, &error), *end;

	holds(text, "Subject: Re: =?");
	end = strstr(text, "\n\n");
	assert_non_null(end);
	for (const char *c = text; c < end; c++)
		assert_true((unsigned char)*c < 0x80);
	assert_string_equal(complaint_reply_language(message), "ja");
	free(text);
	free(draft(english, NULL, &error));
	assert_string_equal(complaint_reply_language(message), "en");
}

static void answers_nobody_who_does_not_read(void **state)
{
	struct error error = { "" };

	assert_null(draft(COMPLAINT("From: no-reply@example.com\nSubject: spam from your server\n", "We received spam from your network.\n"),
			  NULL, &error));
	assert_string_equal(error.text, "nobody reads what is sent to no-reply@example.com");
	assert_null(draft("From: bob@example.com\nSubject: lunch\n\nAt noon?\n", NULL, &error));
	assert_string_equal(error.text, "this mail is no complaint");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_whoever_wrote),
		cmocka_unit_test(tells_what_was_done_and_names_nobody),
		cmocka_unit_test(keeps_to_its_form_whatever_the_incident_says),
		cmocka_unit_test(lets_no_line_into_the_head),
		cmocka_unit_test(encodes_what_is_not_ascii),
		cmocka_unit_test(answers_nobody_who_does_not_read),
	};
	int failed;

	message = message_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	message_free(message);
	return failed;
}
