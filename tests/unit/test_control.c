/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon answers. */
#include "base/clock.h"
#include "containment/action.h"
#include "control_help.h"
#include "recovery/care.h"

#include <signal.h>
#include <unistd.h>

static void shows_an_incident_whole(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	json_t *answer, *shown, *sources, *series;

	begin(&daemon);
	tell_story(&daemon);
	answer = answer_to("{\"verb\":\"incident show\",\"incident\":7}");
	shown = json_object_get(answer, "incident");
	sources = json_object_get(shown, "sources");
	assert_int_equal(json_array_size(sources), 4);
	json_object_del(json_array_get(sources, 0), "asn"); /* as the geo database here happens to know */
	json_object_del(json_array_get(sources, 0), "network");
	compare(json_array_get(sources, 0),
		"{\"attacker\":true,\"country\":\"BR\",\"familiar\":false,\"first\":\"2026-11-20T10:20:01+00:00\",\"ip\":\"203.0.1.44\","
		"\"last\":\"2026-11-20T12:00:01+00:00\",\"logins\":2,\"messages\":3,\"recipients\":70}");
	assert_true(json_is_true(json_object_get(json_array_get(sources, 1), "attacker")));
	assert_string_equal(json_string_value(json_object_get(json_array_get(sources, 2), "ip")), "203.0.9.9"); /* logged in, sent nothing */
	assert_int_equal(json_integer_value(json_object_get(json_array_get(sources, 2), "logins")), 1);
	assert_true(json_is_true(json_object_get(json_array_get(sources, 2), "attacker")));
	assert_true(json_is_false(json_object_get(json_array_get(sources, 3), "attacker")));
	assert_true(json_is_true(json_object_get(json_array_get(sources, 3), "familiar")));
	assert_true(json_is_null(json_object_get(json_array_get(sources, 3), "logins")));
	json_object_del(shown, "sources");
	assert_int_equal(json_array_size(json_object_get(shown, "care")), care_item_count);
	compare(json_array_get(json_object_get(shown, "care"), 1),
		"{\"at\":null,\"item\":\"devices\",\"state\":\"open\",\"text\":\"Let a virus scanner look through every computer and telephone on which you"
		" read this mailbox.\",\"who\":\"\",\"why\":\"Programs that steal passwords would take the new one just as well.\"}");
	json_object_del(shown, "care");
	assert_true(json_is_null(json_object_get(shown, "guide")));
	json_object_del(shown, "guide");
	series = json_object_get(shown, "series");
	assert_string_equal(json_string_value(json_object_get(series, "start")), "2026-11-20T10:20:00+00:00");
	assert_int_equal(json_integer_value(json_object_get(series, "step")), 60);
	assert_int_equal(json_array_size(json_object_get(series, "attacker")), 101); /* up to the last one, refused at noon */
	assert_int_equal(json_integer_value(json_array_get(json_object_get(series, "attacker"), 0)), 3);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(series, "attacker"), 100)), 1);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(series, "owner"), 0)), 1);
	json_object_del(shown, "series");
	compare(shown,
		"{\"account\":\"alice@example.org\",\"began\":\"2026-11-20T10:20:00+00:00\",\"bits\":24.3,\"bounced\":4,\"braked\":true,\"bulk\":0,\"closed\":null,"
		"\"closure\":{\"began\":\"2026-11-20T12:00:01+00:00\",\"closed\":\"2026-11-20T12:00:01+00:00\",\"proved\":null,\"scope\":\"unfamiliar\",\"steps\":["
		"{\"action\":\"queue\",\"at\":\"2026-11-20T12:00:01+00:00\",\"done_at\":\"2026-11-20T12:00:01+00:00\",\"proof\":null,\"proved\":null,\"proved_at\":null,"
		"\"said\":{\"count\":12,\"form\":\"%u messages were put on hold\"},\"says\":\"12 messages were put on hold\",\"state\":\"done\","
		"\"title\":\"the queue\",\"tries\":1,\"wanted\":true}]},"
		"\"complaints\":[{\"about\":\"abuse\",\"at\":\"2026-11-20T13:00:00+00:00\",\"queue_id\":\"BAD1\",\"reporter\":\"example.net\","
		"\"sent\":\"2026-11-20T10:20:01+00:00\"}],"
		"\"deferred\":1,\"detected_at\":\"2026-11-20T12:00:00+00:00\",\"evidence\":[{\"signal\":\"rate\"}],"
		"\"first_abuse\":\"2026-11-20T10:20:01+00:00\",\"flood\":null,"
		"\"held\":{\"condemned\":{\"messages\":1,\"recipients\":20},\"waiting\":{\"messages\":1,\"recipients\":38}},\"id\":7,"
		"\"last_abuse\":\"2026-11-20T12:00:01+00:00\",\"last_turned_away\":null,\"leaked_before_detection\":1,\"locked\":true,"
		"\"messages\":3,\"mode\":\"enforce\","
		"\"notes\":[{\"at\":\"2026-11-20T12:00:00+00:00\",\"text\":\"locked\",\"who\":\"sekisho\"}],\"notices\":[],"
		"\"opening\":\"out_of_the_blue\",\"owner_messages\":1,\"partial\":false,"
		"\"passed\":{\"messages\":1,\"recipients\":10},\"precaution\":false,"
		"\"reached\":{\"complete\":true,\"distinct\":9,\"messages\":1,\"recipients\":10},"
		"\"recipients\":60,\"refused\":{\"messages\":1,\"recipients\":40},\"same_source\":false,\"sent\":6,"
		"\"sources_omitted\":false,\"state\":\"contained\",\"turned_away\":5,\"verdict\":\"hijacked\"}");
	json_decref(answer);
	expect_fault("{\"verb\":\"incident show\",\"incident\":8}", "absent: there is no incident 8");
	expect_fault("{\"verb\":\"incident show\"}", "faulty: 'incident' is missing");
	end(&daemon);
}

/* at 10:20 the thief was there, and the owner, too */
static const struct came_back_case {
	const char *verb, *kind, *id, *to, *verdict;
	bool certain, told;
} came_back_cases[] = {
	{ "whose", "bounce", "BAD1", "b@x", "hijacked", true, false },
	{ "tell", "bounce", "BAD1", "b@x", "hijacked", true, true },
	{ "tell", "complaint", "BAD1", "b@x", "hijacked", true, true },
	{ "tell", "bounce", "OWN1", "A@x", "owner", true, true },
	{ "tell", "bounce", "OWN1", "forged@x", "owner", false, false },
	{ "tell", "bounce", "BAD4", "z@x", "spoofed", false, false }, /* it was refused, so it never went out */
	{ "tell", "bounce", "ELSEWHERE1", "z@x", "spoofed", false, false },
	{ "tell", "other", "BAD1", "b@x", "hijacked", true, false },
};

static void says_whose_came_back(void **state)
{
	static const char asked[] = "{\"verb\":\"mail %s\",\"mail\":{\"kind\":\"%s\",\"queue_id\":\"%s\",\"date\":1795170003,\"from\":\"Alice@example.org\","
				    "\"reporter\":\"example.net\",\"recipients\":[{\"address\":\"%s\",\"why\":\"unknown_user\"}]}}";
	struct daemon daemon = { .mode = DESK_ENFORCE };
	char line[1000];

	begin(&daemon);
	tell_story(&daemon);
	for (unsigned i = 0; i < sizeof came_back_cases / sizeof *came_back_cases; i++) {
		const struct came_back_case *one = &came_back_cases[i];
		json_t *answer, *found;

		daemon.returned = (struct control_returned){ 0 };
		snprintf(line, sizeof line, asked, one->verb, one->kind, one->id, one->to);
		answer = answer_to(line);
		found = json_object_get(answer, "attribution");
		if (strcmp(json_string_value(json_object_get(found, "verdict")), one->verdict) != 0 ||
		    json_is_true(json_object_get(found, "certain")) != one->certain || json_is_true(json_object_get(answer, "told")) != one->told)
			fail_msg("case %u: %s", i, json_dumps(answer, JSON_SORT_KEYS));
		assert_string_equal(json_string_value(json_object_get(answer, "account")), "alice@example.org");
		assert_int_equal(daemon.returned.count, one->told);
		assert_int_equal(json_integer_value(json_object_get(found, "incident")), strcmp(one->verdict, "hijacked") == 0 ? 7 : 0);
		json_decref(answer);
	}
	expect_fault("{\"verb\":\"mail whose\"}", "faulty: 'mail' is wrong or too long");
	expect_fault("{\"verb\":\"mail whose\",\"mail\":{\"kind\":\"letter\"}}", "faulty: 'kind' is wrong or too long");
	expect_fault("{\"verb\":\"mail tell\",\"mail\":{\"kind\":\"bounce\",\"recipients\":[{\"address\":\"a\\tb\"}]}}",
		     "faulty: 'address' is wrong or too long");
	end(&daemon);
}

static void lists_incidents(void **state)
{
	struct daemon daemon = { 0 };

	begin(&daemon);
	expect("{\"verb\":\"incident list\"}", NULL, "{\"incidents\":[]}");
	tell_story(&daemon);
	expect("{\"verb\":\"incident list\",\"account\":\"bob\"}", "incidents", "[]");
	expect("{\"verb\":\"incident list\",\"account\":\"Alice\",\"all\":true}", "incidents",
	       "[{\"account\":\"alice@example.org\",\"began\":\"2026-11-20T10:20:00+00:00\",\"bits\":24.3,\"braked\":true,\"bulk\":0,\"closed\":null,"
	       "\"detected_at\":\"2026-11-20T12:00:00+00:00\",\"id\":7,\"last_turned_away\":null,\"mode\":\"enforce\",\"state\":\"contained\","
	       "\"turned_away\":5,\"verdict\":\"hijacked\"}]");
	end(&daemon);
}

static void shows_an_account(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	json_t *answer;

	begin(&daemon);
	tell_story(&daemon);
	answer = answer_to("{\"verb\":\"account show\",\"account\":\"ALICE\"}");
	assert_int_equal(json_array_size(json_object_get(answer, "recent")), 6);
	assert_int_equal(json_array_size(json_object_get(answer, "incidents")), 1);
	json_object_del(answer, "recent");
	json_object_del(answer, "incidents");
	compare(answer, "{\"account\":\"alice@example.org\",\"bits\":23.4,\"by_hand\":false,\"guessable\":\"row\",\"held\":2,\"known\":true,"
			"\"last_seen\":\"2026-11-20T12:00:00+00:00\",\"locked\":true,\"messages\":5,\"mode\":\"enforce\","
			"\"old_passwords\":[{\"first\":\"2026-11-20T12:00:00+00:00\",\"ip\":\"unknown\",\"last\":"
			"\"2026-11-20T12:00:00+00:00\",\"times\":412}],\"recipients\":62,\"scope\":\"first\",\"why\":[\"a new country +9.0\"]}");
	json_decref(answer);
	expect_fault("{\"verb\":\"account show\",\"account\":\"nobody\"}", "absent: nothing is known of nobody@example.org");
	expect_fault("{\"verb\":\"account show\"}", "faulty: 'account' is missing");
	end(&daemon);
}

static void tells_who_is_at_risk(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	begin(&daemon);
	tell_story(&daemon);
	desk_put_guessable(batch, TEXT("carol@example.org"), TEXT("of_names"), NOON);
	desk_put_guessable(batch, TEXT("alice@example.org"), TEXT("row"), NOON);
	desk_put_guessable(batch, TEXT("carol@example.org"), TEXT("row"), NOON);
	desk_put_guessable(batch, TEXT("bob@example.org"), TEXT("row"), NOON);
	desk_drop_guessable(batch, TEXT("bob@example.org"));
	desk_write(daemon.desk, batch);
	desk_finish(daemon.desk);
	expect("{\"verb\":\"account guessable\"}", "accounts",
	       "[{\"account\":\"alice@example.org\",\"fault\":\"row\",\"found\":\"2026-11-20T12:00:00+00:00\"},"
	       "{\"account\":\"carol@example.org\",\"fault\":\"row\",\"found\":\"2026-11-20T12:00:00+00:00\"}]");
	expect("{\"verb\":\"account stale\",\"days\":90}", NULL,
	       "{\"accounts\":[{\"account\":\"bob@example.org\",\"last_seen\":null},"
	       "{\"account\":\"alice@example.org\",\"last_seen\":\"2026-11-20T12:00:00+00:00\"}],\"days\":90,\"listed\":true,"
	       "\"since\":\"2026-11-20T12:00:00+00:00\",\"unused\":2}");
	expect("{\"verb\":\"account stale\",\"days\":90,\"domain\":\"example.org\"}", "unused", "1");
	expect_fault("{\"verb\":\"account stale\"}", "faulty: 'days' is no number from 1 to 36500");
	expect_fault("{\"verb\":\"account stale\",\"days\":36501}", "faulty: 'days' is no number from 1 to 36500");
	end(&daemon);
}

static void put_notice(struct daemon *daemon, uint64_t id, struct text account, const char *kind, int64_t made_us)
{
	struct told told = { 0 };
	struct mark mark = { &told, 1 };
	struct desk_batch *batch = desk_batch_new(tell, &mark);

	desk_put_notice(batch, &(struct desk_notice){ .id = id, .account = account, .kind = text_of(kind), .state = DESK_NOTICE_SENT,
						      .made_us = made_us, .next_us = made_us, .sent_us = made_us, .code_hash = TEXT("00"),
						      .language = TEXT("ja"), .ways = TEXT("[]"), .says = TEXT("-") });
	desk_write(daemon->desk, batch);
	wait_for(daemon->desk, &told, 1);
}

/* once in NOTICES_WEAK_US, whatever else they were told */
static void asks_an_owner_for_another_password_once(void **state)
{
	struct daemon daemon = { 0 };
	json_t *answer;

	begin(&daemon);
	put_notice(&daemon, 1, TEXT("bob@example.org"), "weak", clock_now() - 31 * DAY_US);
	put_notice(&daemon, 2, TEXT("bob@example.org"), "locked", clock_now());
	expect("{\"verb\":\"account warn\",\"account\":\"Bob\"}", NULL, "{\"account\":\"bob@example.org\",\"before\":null}");
	assert_string_equal(daemon.warned, "bob@example.org");
	daemon.warned[0] = '\0';
	put_notice(&daemon, 3, TEXT("bob@example.org"), "weak", clock_now() - 29 * DAY_US);
	answer = answer_to("{\"verb\":\"account warn\",\"account\":\"bob\"}");
	assert_true(json_is_string(json_object_get(answer, "before")));
	assert_string_equal(daemon.warned, "");
	json_decref(answer);
	expect_fault("{\"verb\":\"account warn\"}", "faulty: 'account' is missing or wrong");
	end(&daemon);
}

static void forgets_when_the_gate_has_done_it(void **state)
{
	struct daemon daemon = { 0 };

	begin(&daemon);
	expect("{\"verb\":\"account forget\",\"account\":\"Alice\"}", NULL, "{\"account\":\"alice@example.org\"}");
	assert_string_equal(daemon.forgotten, "alice@example.org");
	daemon.fails = true;
	expect_fault("{\"verb\":\"account forget\",\"account\":\"alice\"}", "failed: it is locked");
	end(&daemon);
}

static void shows_and_sets_modes(void **state)
{
	struct daemon daemon = { .mode = DESK_LEARN };
	char who[64];

	begin(&daemon);
	expect("{\"verb\":\"mode show\",\"domain\":\"Example.ORG\"}", NULL, "{\"domain\":\"example.org\",\"mode\":\"learn\"}");
	expect("{\"verb\":\"mode set\",\"domain\":\"example.org\",\"mode\":\"enforce\"}", NULL,
	       "{\"domain\":\"example.org\",\"mode\":\"enforce\"}");
	expect("{\"verb\":\"mode show\",\"domain\":\"example.org\"}", "mode", "\"enforce\"");
	snprintf(who, sizeof who, "(%lu)", (unsigned long)getuid());
	assert_non_null(strstr(daemon.who, who));
	expect_fault("{\"verb\":\"mode set\",\"domain\":\"example.org\",\"mode\":\"sleep\"}", "faulty: 'mode' is none of");
	tell_story(&daemon);
	expect("{\"verb\":\"mode list\"}", NULL,
	       "{\"default\":\"observe\",\"modes\":[{\"domain\":\"\",\"mode\":\"observe\"},{\"domain\":\"example.org\",\"mode\":\"enforce\"}]}");
	expect("{\"verb\":\"status\"}", NULL, "{\"accounts\":7}");
	end(&daemon);
}

static void tells_whose_a_message_was(void **state)
{
	static const struct { const char *ids, *asked, *queue_id, *incident; } cases[] = {
		{ "[{\"id\":\"BAD1\"}]", "BAD1", "BAD1", "7" },
		{ "[{\"id\":\"1@thief\"}]", "1@thief", "BAD1", "7" },
		{ "[{\"id\":\"NOT1\"},{\"id\":\"no@where\"},{\"id\":\"<1@thief>\"},{\"id\":\"BAD2\"}]", "<1@thief>", "BAD1", "7" },
		{ "[{\"id\":\"BEFORE1\",\"near\":1795166400}]", "BEFORE1", "BEFORE1", "null" },
	};
	struct daemon daemon = { 0 };

	begin(&daemon);
	tell_story(&daemon);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char request[256];
		json_t *answer, *message;

		snprintf(request, sizeof request, "{\"verb\":\"whose\",\"ids\":%s}", cases[i].ids);
		answer = answer_to(request);
		message = json_object_get(answer, "message");
		assert_string_equal(json_string_value(json_object_get(answer, "asked")), cases[i].asked);
		assert_string_equal(json_string_value(json_object_get(message, "queue_id")), cases[i].queue_id);
		assert_string_equal(json_string_value(json_object_get(message, "account")), "alice@example.org");
		compare(json_object_get(message, "incident"), cases[i].incident);
		json_decref(answer);
	}
	expect_fault("{\"verb\":\"whose\",\"ids\":[{\"id\":\"NOT1\"}]}", "absent: no message of that id");
	expect_fault("{\"verb\":\"whose\",\"ids\":[]}", "faulty: 'ids' is missing");
	end(&daemon);
}

static void locks_and_unlocks_by_hand(void **state)
{
	struct daemon daemon = { 0 };

	begin(&daemon);
	expect("{\"verb\":\"account lock\",\"account\":\"Alice\",\"scope\":\"sending\",\"actions\":[\"password\"],\"bulk\":17}", NULL,
	       "{\"account\":\"alice@example.org\",\"incident\":7,\"known\":true,\"scope\":\"sending\"}");
	assert_int_equal(daemon.locked.reach, REACH_SENDING);
	assert_int_equal(daemon.locked.actions, 1u << action_find(TEXT("password")));
	assert_int_equal(daemon.locked.bulk, 17);
	expect("{\"verb\":\"account lock\",\"account\":\"bob\"}", "scope", "\"account\"");
	expect("{\"verb\":\"account closure\",\"account\":\"alice\"}", NULL,
	       "{\"account\":\"alice@example.org\",\"impossible\":0,\"known\":true,\"lacking\":2,\"settled\":false,\"shut\":true}");
	expect("{\"verb\":\"account unlock\",\"account\":\"alice\"}", NULL, "{\"account\":\"alice@example.org\",\"incident\":7}");
	expect("{\"verb\":\"bulk begin\"}", NULL, "{\"bulk\":17}");
	expect("{\"verb\":\"account list\",\"domain\":\"EXAMPLE.org\"}", NULL,
	       "{\"accounts\":[{\"account\":\"alice@example.org\",\"known\":true,\"last_seen\":\"2026-11-20T12:00:00+00:00\",\"locked\":true}],\"whole\":true}");
	expect_fault("{\"verb\":\"account lock\"}", "faulty: 'account' is missing");
	expect_fault("{\"verb\":\"account lock\",\"account\":\"bob\",\"scope\":\"all\"}",
		     "faulty: 'scope' is none of unfamiliar, sending, account");
	expect_fault("{\"verb\":\"account lock\",\"account\":\"bob\",\"actions\":[\"fire\"]}",
		     "faulty: 'actions' names one that is not known");
	expect_fault("{\"verb\":\"account lock\",\"account\":\"bob\",\"actions\":[7]}", "faulty: 'actions' is wrong or too long");
	expect_fault("{\"verb\":\"account unlock\",\"account\":\"bob\"}", "no: no incident of bob@example.org is open");
	expect_fault("{\"verb\":\"incident account\",\"incident\":9}", "no: no incident 9 is open");
	end(&daemon);
}

static void gives_new_passwords(void **state)
{
	struct daemon daemon = { 0 };

	begin(&daemon);
	expect("{\"verb\":\"account reset\",\"account\":\"alice\",\"password\":\"correct horse\"}", NULL,
	       "{\"account\":\"alice@example.org\"}");
	expect_fault("{\"verb\":\"account reset\",\"account\":\"bob\",\"password\":\"correct horse\"}", "failed: there is no such account");
	expect_fault("{\"verb\":\"account reset\",\"account\":\"bob\"}", "faulty: 'password' is missing");
	expect_fault("{\"verb\":\"account reset\",\"account\":\"alice\",\"password\":\"it leaked\"}",
		     "former: it was the password of this account before");
	expect("{\"verb\":\"account reset\",\"account\":\"alice\",\"password\":\"correct horse\"}", NULL,
	       "{\"account\":\"alice@example.org\"}");
	end(&daemon);
}

static void finds_those_that_were_locked_together(void **state)
{
	struct daemon daemon = { 0 };

	begin(&daemon);
	tell_story(&daemon);
	expect("{\"verb\":\"incident account\",\"incident\":7}", NULL, "{\"account\":\"alice@example.org\"}");
	expect("{\"verb\":\"bulk list\",\"bulk\":17}", NULL, "{\"accounts\":[]}");
	expect_fault("{\"verb\":\"bulk list\"}", "faulty: 'bulk' is missing");
	end(&daemon);
}

static void puts_down_who_looked_at_what(void **state)
{
	struct daemon daemon = { 0 };
	struct desk_reader *reader;
	struct rows rows = { "" };
	struct error error;
	char who[64];

	begin(&daemon);
	tell_story(&daemon);
	expect("{\"verb\":\"mode show\",\"domain\":\"example.org\"}", "mode", "\"learn\"");
	json_decref(answer_to("{\"verb\":\"incident show\",\"incident\":7}"));
	json_decref(answer_to("{\"verb\":\"whose\",\"ids\":[{\"id\":\"BAD1\"}]}"));
	json_decref(answer_to("{\"verb\":\"account show\",\"account\":\"Alice\"}"));
	end(&daemon);
	reader = open_reader();
	assert_true(desk_each_audit(reader, TEXT_NONE, 10, see_audit, &rows, &error));
	snprintf(who, sizeof who, "(%lu) account show alice@example.org\n", (unsigned long)getuid());
	assert_non_null(strstr(rows.text, who));
	assert_non_null(strstr(rows.text, ") whose BAD1\n"));
	assert_non_null(strstr(rows.text, ") incident show 7\n"));
	assert_non_null(strstr(rows.text, ") mode show example.org\n"));
	desk_reader_close(reader);
}

/* what came back, and is moved out of the owner's way */
/* a tick is refused before it is asked of anybody, where it makes no sense */
static void refuses_ticks_that_make_no_sense(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	json_t *answer;

	begin(&daemon);
	tell_story(&daemon);
	answer = answer_to("{\"verb\":\"care list\",\"incident\":7}");
	assert_int_equal(json_array_size(json_object_get(answer, "care")), care_item_count);
	json_decref(answer);
	assert_string_equal(ask_for("{\"verb\":\"care list\"}", NULL), "faulty: 'incident' is missing");
	assert_string_equal(ask_for("{\"verb\":\"care list\",\"incident\":99}", NULL), "absent: there is no incident 99");
	assert_string_equal(ask_for("{\"verb\":\"care tick\",\"incident\":7,\"item\":\"passwords\",\"state\":\"done\"}", NULL), "no: nobody is here who could do that");
	end(&daemon);
}

static void tells_whose_many_are(void **state)
{
	static const char *const wanted[] = { "hijacked", "spoofed", "unknown", "unknown", "unknown" };
	struct daemon daemon = { .mode = DESK_ENFORCE };
	json_t *answer, *answers;

	begin(&daemon);
	tell_story(&daemon);
	answer = answer_to("{\"verb\":\"flood whose\",\"account\":\"Alice\",\"mails\":["
			   "{\"kind\":\"bounce\",\"queue_id\":\"BAD1\"},{\"kind\":\"bounce\",\"queue_id\":\"NEVER\"},{\"kind\":7},17,null]}");
	answers = json_object_get(answer, "answers");
	assert_int_equal(json_array_size(answers), 5); /* one for each, also for what is none */
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(json_string_value(json_object_get(json_object_get(json_array_get(answers, i), "attribution"), "verdict")),
				    wanted[i]);
	json_decref(answer);
	expect("{\"verb\":\"flood whose\",\"account\":\"alice\",\"mails\":[]}", "answers", "[]");
	expect_fault("{\"verb\":\"flood whose\",\"account\":\"alice\"}", "faulty: 'account' or 'mails' is missing or wrong");
	expect_fault("{\"verb\":\"flood whose\",\"mails\":[]}", "faulty: 'account' or 'mails' is missing or wrong");
	end(&daemon);
}

static void remembers_what_was_moved(void **state)
{
	static const char kept[] = "{\"verb\":\"flood keep\",\"step\":\"%s\",\"account\":\"alice\",\"folder\":\"%s\",\"since\":1795176000%s}";
	static const struct { const char *step, *folder, *more, *fault; } cases[] = {
		{ "begun", "Returned", ",\"until\":1795262400,\"moved\":9000,\"incident\":7", "" },
		{ "done", "戻ってきたメール", "", "" },
		{ "again", "Returned", "", "no: it is not moved any more" },
		{ "never", "Returned", "", "faulty: 'step', 'account', 'folder' or 'since' is missing or wrong" },
		{ "begun", "", "", "faulty: 'step', 'account', 'folder' or 'since' is missing or wrong" },
	};
	struct daemon daemon = { .mode = DESK_ENFORCE };

	begin(&daemon);
	tell_story(&daemon);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char request[500];

		snprintf(request, sizeof request, kept, cases[i].step, cases[i].folder, cases[i].more);
		if (*cases[i].fault)
			expect_fault(request, cases[i].fault);
		else
			json_decref(answer_to(request));
	}
	expect("{\"verb\":\"flood show\",\"account\":\"alice\"}", "incident", "7");
	expect("{\"verb\":\"flood show\",\"account\":\"alice\"}", "began", "\"2026-11-20T10:20:00+00:00\"");
	expect("{\"verb\":\"flood show\",\"account\":\"nobody\"}", "flood", "null");
	end(&daemon);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(shows_an_incident_whole),
		TEST(refuses_ticks_that_make_no_sense),
		TEST(tells_whose_many_are),
		TEST(remembers_what_was_moved),
		TEST(says_whose_came_back),
		TEST(lists_incidents),
		TEST(shows_an_account),
		TEST(tells_who_is_at_risk),
		TEST(forgets_when_the_gate_has_done_it),
		TEST(asks_an_owner_for_another_password_once),
		TEST(shows_and_sets_modes),
		TEST(tells_whose_a_message_was),
		TEST(locks_and_unlocks_by_hand),
		TEST(gives_new_passwords),
		TEST(finds_those_that_were_locked_together),
		TEST(puts_down_who_looked_at_what),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
