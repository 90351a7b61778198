/* SPDX-License-Identifier: Apache-2.0 */
/* Whose is it? Told by a real ledger, about mails that came back truly, were forged, or never passed here. */
#include "ledger_story.h"

#include "attribution/attribute.h"
#include "profile/profile.h"

#define LONG_ID "4nQ1Zb2mVTz1rDp"
#define SHORT_ID "9F0A11C2"

static struct ledger_reader *reader;

/* alice is at home at noon, and somebody else in her name at one; bob's mail was only told by the log */
static int fill(void **state)
{
	struct ledger *ledger;
	const struct text friends[] = { TEXT("friend@example.net"), TEXT("Other@example.net") }, victims[] = { TEXT("victim@example.com") };
	struct ledger_row row;

	if (make_folder(state) != 0)
		return -1;
	ledger = open_ledger();
	row = row_of(NOON, "alice@example.jp", LONG_ID);
	row.familiar = FAMILIAR_WELL;
	row.rcpts = friends;
	row.rcpt_texts = row.rcpt_count = 2;
	if (!ip_parse(TEXT("203.0.113.9"), &row.ip))
		return -1;
	ledger_add(ledger, &row);
	row = row_of(NOON + HOUR_US, "alice@example.jp", SHORT_ID);
	row.rcpts = victims;
	row.rcpt_texts = 1;
	row.rcpt_count = 50;
	ledger_add(ledger, &row);
	row = row_of(NOON, "bob@example.jp", "77AA33");
	row.familiar = FAMILIAR_SOMEWHAT;
	row.from_log = true;
	ledger_add(ledger, &row);
	row = row_of(NOON, "alice@example.jp", "BAD0BAD");
	row.action = LEDGER_REFUSED;
	ledger_add(ledger, &row);
	name(ledger, NOON, LONG_ID, "harvest.1@example.jp");
	name(ledger, NOON, "77AA33", "bob.1@example.jp");
	ledger_close(ledger);
	reader = ledger_reader_open(folder, &error);
	return reader ? 0 : -1;
}

static int empty(void **state)
{
	ledger_reader_close(reader);
	return remove_folder(state);
}

static struct attribution ask_with(const struct attribution_ground *ground, struct attribution_question question, const char *to)
{
	struct attribution attribution;
	struct text recipient = to ? text_of(to) : TEXT_NONE;

	question.date_us = question.date_us ? question.date_us : WHEN_NONE;
	question.to = &recipient;
	question.to_count = to != NULL;
	assert_true(attribute(ground, &question, &attribution, &error));
	return attribution;
}

static struct attribution ask(struct attribution_question question, const char *to)
{
	return ask_with(&(struct attribution_ground){ .ledger = reader, .now_us = NOON + DAY_US }, question, to);
}

#define CAME_BACK(...) ((struct attribution_question){ __VA_ARGS__ }) /* without a date: 0 */

static void expect(const struct attribution *got, enum owner_verdict verdict, enum attribution_by by, bool certain, const char *account)
{
	char said[600];

	attribution_say(got, said, sizeof said);
	if (got->verdict != verdict || got->by != by || got->certain != certain || strcmp(got->account, account) != 0)
		fail_msg("%s by '%s' %d of '%s': %s", owner_verdict_name(got->verdict), attribution_by_name(got->by), got->certain, got->account, said);
	assert_true(strlen(said) > 20);
}

/* ---- what passed here */

static void knows_the_owners_mail(void **state)
{
	static const struct { const char *to; bool certain; } cases[] = {
		{ "friend@example.net", true }, { "FRIEND@example.net", true }, { "Other@example.net", true }, { NULL, true },
		{ "somebody@example.org", false }, /* whoever got it knows its id, too */
	};
	struct attribution got;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		got = ask(CAME_BACK(.queue_id = TEXT(LONG_ID)), cases[i].to);
		expect(&got, OWNER_OWN, BY_QUEUE_ID, cases[i].certain, "alice@example.jp");
		assert_int_equal(got.other_recipient, !cases[i].certain);
		assert_true(got.sent_us == NOON && got.recipients == 2 && ip_known(&got.ip));
		got = ask(CAME_BACK(.message_id = TEXT("<harvest.1@example.jp>")), cases[i].to);
		expect(&got, OWNER_OWN, BY_MESSAGE_ID, cases[i].certain, "alice@example.jp");
	}
}

static void knows_the_thiefs_mail(void **state)
{
	struct attribution got = ask(CAME_BACK(.queue_id = TEXT(SHORT_ID), .date_us = NOON + HOUR_US), "victim@example.com");

	expect(&got, OWNER_HIJACKED, BY_QUEUE_ID, true, "alice@example.jp");
	assert_int_equal(got.recipients, 50);
}

/* short ids are used again: one of another day is another mail's */
static void a_short_id_needs_its_time(void **state)
{
	const struct trail_id hop = { .text = TEXT("77AA33"), .t_us = NOON + SECOND_US, .by = TEXT("mail.example.jp") };
	struct attribution got = ask(CAME_BACK(.queue_id = TEXT("77AA33"), .date_us = NOON + 2 * MINUTE_US), "anybody@example.net");

	expect(&got, OWNER_OWN, BY_QUEUE_ID, true, "bob@example.jp"); /* of mail that the log told recipients are not known */
	got = ask(CAME_BACK(.queue_id = TEXT("77AA33"), .trail = &hop, .trail_count = 1), NULL);
	expect(&got, OWNER_OWN, BY_QUEUE_ID, true, "bob@example.jp");
	got = ask(CAME_BACK(.queue_id = TEXT("77AA33")), NULL);
	expect(&got, OWNER_OWN, BY_QUEUE_ID, false, "bob@example.jp");
	got = ask(CAME_BACK(.queue_id = TEXT("77AA33"), .date_us = NOON + 9 * DAY_US), NULL);
	expect(&got, OWNER_SPOOFED, BY_NOTHING, false, "");
}

static uint64_t any_incident(void *context, const struct ledger_row *row) { return row->t_us == NOON ? 7 : 0; }

static void mail_of_an_incident_is_the_thiefs(void **state)
{
	struct attribution_ground ground = { .ledger = reader, .now_us = NOON + DAY_US, .incident_of = any_incident };
	struct attribution got = ask_with(&ground, CAME_BACK(.queue_id = TEXT(LONG_ID)), "friend@example.net");
	char said[600];

	expect(&got, OWNER_HIJACKED, BY_QUEUE_ID, true, "alice@example.jp");
	attribution_say(&got, said, sizeof said);
	assert_non_null(strstr(said, "incident 7"));
}

static void a_better_id_is_taken(void **state)
{
	struct attribution got = ask(CAME_BACK(.queue_id = TEXT(SHORT_ID), .message_id = TEXT("harvest.1@example.jp")), "friend@example.net");

	expect(&got, OWNER_OWN, BY_MESSAGE_ID, true, "alice@example.jp");
}

static void looks_along_the_chain(void **state)
{
	const struct trail_id trail[] = {
		{ .text = TEXT("ABCDEF"), .t_us = NOON + 9 * SECOND_US, .by = TEXT("mx.example.com") },
		{ .text = TEXT(SHORT_ID), .t_us = NOON + HOUR_US + SECOND_US, .by = TEXT("mail.example.jp") },
	};
	struct attribution got = ask(CAME_BACK(.trail = trail, .trail_count = 2), "victim@example.com");

	expect(&got, OWNER_HIJACKED, BY_RECEIVED, true, "alice@example.jp");
}

static void finds_it_without_any_id(void **state)
{
	struct attribution got = ask(CAME_BACK(.from = TEXT("Alice@Example.jp"), .date_us = NOON - 5 * MINUTE_US), "friend@example.net");

	expect(&got, OWNER_OWN, BY_LEDGER, true, "alice@example.jp");
	got = ask(CAME_BACK(.from = TEXT("alice@example.jp"), .date_us = NOON, .message_id = TEXT("forged@example.jp")), "friend@example.net");
	expect(&got, OWNER_OWN, BY_LEDGER, false, "alice@example.jp");
	got = ask(CAME_BACK(.from = TEXT("alice@example.jp"), .date_us = NOON - 5 * MINUTE_US), "nobody@example.net");
	expect(&got, OWNER_UNKNOWN, BY_FROM, false, "alice@example.jp");
}

static void what_was_refused_was_not_sent(void **state)
{
	struct attribution got = ask(CAME_BACK(.queue_id = TEXT("BAD0BAD"), .date_us = NOON, .from = TEXT("alice@example.jp")), NULL);

	assert_int_equal(got.verdict, OWNER_SPOOFED);
}

static void says_which_recipients_fit(void **state)
{
	const struct text to[] = { TEXT("forged@example.org"), TEXT("friend@example.net"), TEXT("other@example.com") };
	bool fits[3] = { true, false, true };
	struct attribution got;
	struct attribution_question question = CAME_BACK(.queue_id = TEXT(LONG_ID), .date_us = WHEN_NONE, .to = to, .to_count = 3, .fits = fits);

	assert_true(attribute(&(struct attribution_ground){ .ledger = reader }, &question, &got, &error));
	assert_true(got.certain && !fits[0] && fits[1] && !fits[2]);
	question.queue_id = TEXT("NOTOURS1");
	assert_true(attribute(&(struct attribution_ground){ .ledger = reader }, &question, &got, &error));
	assert_true(!fits[0] && !fits[1] && !fits[2]);
}

/* ---- what did not */

static const struct trail_id elsewhere[] = {
	{ .text = TEXT("1A2B3C"), .t_us = NOON + MINUTE_US, .by = TEXT("mx.example.com") },
	{ .text = TEXT("spam.1@example.jp"), .t_us = WHEN_NONE, .is_message_id = true },
};

static void backscatter_is_spoofed(void **state)
{
	struct attribution got = ask(CAME_BACK(.from = TEXT("alice@example.jp"), .message_id = TEXT("spam.1@example.jp"), .trail = elsewhere,
					       .trail_count = 2), "victim@example.com");
	char said[600];

	expect(&got, OWNER_SPOOFED, BY_FROM, true, "alice@example.jp");
	attribution_say(&got, said, sizeof said);
	assert_non_null(strstr(said, "DMARC"));
	got = ask(CAME_BACK(.from = TEXT("alice@example.jp"), .message_id = TEXT("spam.1@example.jp")), "victim@example.com");
	expect(&got, OWNER_SPOOFED, BY_FROM, false, "alice@example.jp");
}

static void what_is_older_is_unknown(void **state)
{
	struct trail_id old = elsewhere[0];
	struct attribution got;

	old.t_us = NOON - 3 * DAY_US;
	got = ask(CAME_BACK(.from = TEXT("alice@example.jp"), .trail = &old, .trail_count = 1), NULL);
	expect(&got, OWNER_UNKNOWN, BY_FROM, false, "alice@example.jp");
	got = ask_with(&(struct attribution_ground){ .now_us = NOON }, CAME_BACK(.from = TEXT("alice@example.jp"), .message_id = TEXT("x@y")), NULL);
	expect(&got, OWNER_UNKNOWN, BY_FROM, false, "alice@example.jp");
	got = ask(CAME_BACK(.queue_id = TEXT_NONE), NULL);
	expect(&got, OWNER_UNKNOWN, BY_NOTHING, false, "");
}

static void web_scripts_are_told(void **state)
{
	char *hosts[] = { (char *)"www.example.jp" };
	struct attribution_ground ground = { .ledger = reader, .hosts = hosts, .host_count = 1, .now_us = NOON };
	struct trail_id hop = { .text = TEXT("4C11AA"), .t_us = NOON, .by = TEXT("WWW.example.jp"), .local = true };
	struct attribution got = ask_with(&ground, CAME_BACK(.from = TEXT("www-data@example.jp"), .trail = &hop, .trail_count = 1), "victim@example.com");

	expect(&got, OWNER_WEB_SCRIPT, BY_RECEIVED, false, "");
	hop.local = false;
	got = ask_with(&ground, CAME_BACK(.trail = &hop, .trail_count = 1), "victim@example.com");
	expect(&got, OWNER_UNKNOWN, BY_RECEIVED, false, "");
}

/* ---- the milter's header */

static bool vouch(void *context, struct text trace, struct seal *seal)
{
	const char *queue_id = context;

	*seal = (struct seal){ .account = "carol@example.jp", .t_us = NOON };
	text_copy(seal->queue_id, sizeof seal->queue_id, text_of(queue_id ? queue_id : "4ZNOTHERE1"));
	return text_is(trace, TEXT("genuine"));
}

static void a_header_counts_where_somebody_vouches(void **state)
{
	struct attribution_ground ground = { .ledger = reader, .now_us = NOON, .verify = vouch };
	struct attribution got = ask_with(&ground, CAME_BACK(.trace = TEXT("genuine")), NULL);

	expect(&got, OWNER_OWN, BY_TRACE_HEADER, true, "carol@example.jp");
	got = ask_with(&ground, CAME_BACK(.trace = TEXT("forged")), NULL);
	assert_int_equal(got.by, BY_NOTHING);
	ground.context = (void *)LONG_ID; /* which the ledger has, and it knows to whom it went */
	got = ask_with(&ground, CAME_BACK(.trace = TEXT("genuine")), "friend@example.net");
	expect(&got, OWNER_OWN, BY_TRACE_HEADER, true, "alice@example.jp");
	assert_string_equal(got.queue_id, LONG_ID);
	got = ask_with(&ground, CAME_BACK(.trace = TEXT("genuine")), "somebody@example.org");
	expect(&got, OWNER_OWN, BY_TRACE_HEADER, false, "alice@example.jp");
	got = ask(CAME_BACK(.trace = TEXT("genuine")), NULL);
	assert_int_equal(got.by, BY_NOTHING);
}

static void names_go_both_ways(void **state)
{
	for (unsigned i = 0; i < OWNER_VERDICTS; i++)
		assert_int_equal(owner_verdict_of(text_of(owner_verdict_name((enum owner_verdict)i))), i);
	for (unsigned i = 0; i < BY_WAYS; i++)
		assert_int_equal(attribution_by_of(text_of(attribution_by_name((enum attribution_by)i))), i);
	assert_int_equal(owner_verdict_of(TEXT("nonsense")), OWNER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_owners_mail), cmocka_unit_test(knows_the_thiefs_mail), cmocka_unit_test(a_short_id_needs_its_time),
		cmocka_unit_test(mail_of_an_incident_is_the_thiefs), cmocka_unit_test(a_better_id_is_taken), cmocka_unit_test(looks_along_the_chain),
		cmocka_unit_test(finds_it_without_any_id), cmocka_unit_test(what_was_refused_was_not_sent),
		cmocka_unit_test(says_which_recipients_fit), cmocka_unit_test(backscatter_is_spoofed), cmocka_unit_test(what_is_older_is_unknown),
		cmocka_unit_test(web_scripts_are_told), cmocka_unit_test(a_header_counts_where_somebody_vouches),
		cmocka_unit_test(names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, fill, empty);
}
