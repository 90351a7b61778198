/* SPDX-License-Identifier: Apache-2.0 */
/* The second look: what an incident tells must be what happened in the story, to the message. */
#include "story.h"

#include "engine/hindsight.h"

#define MANY_FATES PEOPLE("strangers", .dead = 25, .refusing = 5, .greylisting = 10)

static struct story story;
static struct geo *geo;
static struct hindsight *hindsight;

static int begin(void **state)
{
	story_begin(&story);
	geo = story_geo();
	hindsight = NULL;
	return 0;
}

static int end(void **state)
{
	hindsight_free(hindsight);
	story_end(&story);
	geo_free(geo);
	return 0;
}

static size_t look_back(struct incident **incidents)
{
	hindsight = hindsight_new(story.engine, story.accounts, geo, story_time(1, "00:00"));
	return hindsight_incidents(hindsight, incidents);
}

static struct incident *the_only_incident(const char *who)
{
	struct incident *incidents;
	size_t count = look_back(&incidents);

	if (count != 1)
		fail_msg("%zu incidents, wanted one", count);
	assert_int_equal(incidents[0].account, story_account(&story, who));
	assert_memory_equal(incidents[0].name, who, strlen(who));
	return incidents;
}

static void is_the_truth(const struct incident *incident, const struct story_truth *truth)
{
	assert_int_equal(incident->messages, truth->messages);
	assert_int_equal(incident->recipients, truth->recipients);
	assert_int_equal(incident->sent, truth->sent);
	assert_int_equal(incident->bounced, truth->bounced);
	assert_int_equal(incident->deferred, truth->deferred);
	assert_int_equal(incident->unfinished, truth->recipients - truth->sent - truth->bounced);
	assert_true(incident->first_abuse_us == truth->first_us);
	assert_true(incident->last_abuse_us == truth->last_us);
}

/* ---- counts and times */

static void flood(struct story *s, struct story_people to)
{
	story_commuter_days(s, "alice", 1, 9);
	story_at(s, 10, "03:10");
	story_login(s, "alice", VIETNAM);
	story_at(s, 10, "03:12");
	s->pace_s = 2;
	story_sends(s, "alice", BOTNET(40), 400, to);
	s->pace_s = 20;
}

static void a_night_of_the_botnet(void **state)
{
	struct incident *incident;

	flood(&story, STRANGERS);
	story_commuter_days(&story, "alice", 10, 12);
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	assert_int_equal(incident->verdict, INCIDENT_HIJACKED);
	assert_int_equal(incident->opening, OPENING_BLUE);
	assert_true(incident->began_us == story_time(10, "03:10"));
	assert_in_range(incident->detected_us, story_time(10, "03:12"), story_time(10, "03:14"));
	assert_int_equal(incident->owner_messages, 3 * 4);
	assert_true(incident->bits >= 22);
	assert_false(incident->same_source);
	assert_false(incident->partial);
	assert_false(hindsight_partial(hindsight));
}

static void greylisted_and_delivered_later(void **state)
{
	struct incident *incident;

	flood(&story, MANY_FATES);
	assert_int_equal(story.thief.deferred, 40);
	story_at(&story, 10, "04:00");
	story_retries(&story);
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	assert_int_equal(incident->deferred, 0);
	assert_int_equal(incident->unfinished, 0);
}

static void greylisted_and_still_waiting(void **state)
{
	struct incident *incident;

	flood(&story, MANY_FATES);
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	assert_int_equal(incident->deferred, 40);
	assert_int_equal(incident->unfinished, 40);
}

static void greylisted_and_expired_after_days(void **state)
{
	struct incident *incident;

	story.width = 5;
	flood(&story, MANY_FATES);
	story.width = 1;
	story_commuter_days(&story, "alice", 10, 15);
	story_expires(&story);
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	assert_int_equal(incident->recipients, 2000);
	assert_int_equal(incident->unfinished, 0);
}

/* Exim tells of recipients only as they are done */
static void recipients_that_nobody_announced(void **state)
{
	struct incident *incident;

	story_watch(&story, NULL);
	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 10, "03:12");
	for (unsigned i = 0; i < 100; i++) {
		struct event event = story_event_from(&story, EVENT_SUBMIT, "alice", VIETNAM);

		event.message = ++story.messages;
		event.count = 0;
		story_event(&story, event);
		event.kind = EVENT_OUTCOME;
		event.unannounced = true;
		event.count = 1;
		for (unsigned k = 0; k < 3; k++) {
			event.rcpt = 1000000 + 10 * i + k;
			event.result = k == 0 ? RESULT_BOUNCED : k == 1 ? RESULT_DEFERRED : RESULT_SENT;
			event.reason = k == 0 ? REASON_UNKNOWN_USER : REASON_OTHER;
			story_event(&story, event);
		}
		story_later(&story, 5 * SECOND_US);
	}
	incident = the_only_incident("alice");
	assert_int_equal(incident->messages, 100);
	assert_int_equal(incident->recipients, 300);
	assert_int_equal(incident->sent, 100);
	assert_int_equal(incident->bounced, 100);
	assert_int_equal(incident->deferred, 100);
	assert_int_equal(incident->unfinished, 100);
}

static void slow_over_days_beside_the_owner(void **state)
{
	struct incident *incident;

	story_commuter_days(&story, "alice", 1, 14);
	story.pace_s = 5 * 60;
	for (unsigned day = 15; day <= 19; day++) {
		story.pace_s = 20;
		story_commuter_days(&story, "alice", day, day);
		story.pace_s = 60;
		story_at(&story, day, "23:00");
		story_sends(&story, "alice", BOTNET(6), 100, PEOPLE("strangers", .dead = 8));
	}
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	assert_true(incident->began_us == story_time(15, "23:00"));
	assert_int_equal(incident->owner_messages, 4 * 4);
}

static void leaked_is_what_had_passed_before_the_lock(void **state)
{
	struct incident *incident;
	uint32_t leaked = 0;

	flood(&story, STRANGERS);
	for (size_t i = 0; i < story.said_count; i++) {
		const struct story_said *said = &story.said[i];

		if (said->verdict.action == VERDICT_LOCK)
			break;
		if (said->t_us >= story_time(10, "03:12") && said->kind == EVENT_SUBMIT)
			leaked += said->verdict.action == VERDICT_PASS;
	}
	incident = the_only_incident("alice");
	assert_int_equal(incident->leaked_before_detection, leaked);
	assert_in_range(incident->leaked_before_detection, 0, 12);
}

static void bounces_that_came_in_since_it_began(void **state)
{
	story_commuter_days(&story, "alice", 1, 8);
	story_bounces(&story, "alice", 7);
	story_commuter_days(&story, "alice", 9, 9);
	story_at(&story, 10, "03:12");
	story.pace_s = 2;
	story_sends(&story, "alice", BOTNET(40), 400, STRANGERS);
	story_bounces(&story, "alice", 50);
	assert_int_equal(the_only_incident("alice")->returned, 50);
}

/* ---- how it was opened */

static void opened_out_of_the_blue(void **state)
{
	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 10, "03:12");
	story_sends(&story, "alice", VIETNAM, 100, STRANGERS);
	assert_int_equal(the_only_incident("alice")->opening, OPENING_BLUE);
}

static void opened_by_guessing_from_one_address(void **state)
{
	struct incident *incident;

	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 9, "23:10");
	story_mistypes(&story, "alice", VIETNAM, 180);
	story_at(&story, 10, "03:12");
	story_sends(&story, "alice", VIETNAM, 100, STRANGERS);
	incident = the_only_incident("alice");
	assert_int_equal(incident->opening, OPENING_GUESSED);
	assert_true(incident->began_us == story_time(9, "23:10"));
	is_the_truth(incident, &story.thief);
}

static void opened_by_guessing_from_many_addresses(void **state)
{
	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 9, "23:10");
	for (unsigned i = 0; i < 60; i++)
		story_mistypes(&story, "alice", BOTNET(60), 1);
	story_at(&story, 10, "03:12");
	story_sends(&story, "alice", LAGOS, 100, STRANGERS);
	assert_int_equal(the_only_incident("alice")->opening, OPENING_GUESSED);
}

static void opened_by_spraying(void **state)
{
	char name[16];

	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 9, "23:10");
	for (unsigned i = 0; i < 60; i++) {
		snprintf(name, sizeof name, "user%u", i);
		story_mistypes(&story, name, VIETNAM, 1);
	}
	story_at(&story, 10, "03:12");
	story_sends(&story, "alice", VIETNAM, 100, STRANGERS);
	assert_int_equal(the_only_incident("alice")->opening, OPENING_SPRAYED);
}

static void log_begins_too_late_to_tell(void **state)
{
	struct incident *incident;

	story_sends(&story, "alice", BOTNET(40), 400, STRANGERS);
	incident = the_only_incident("alice");
	assert_int_equal(incident->opening, OPENING_UNKNOWN);
	is_the_truth(incident, &story.thief);
}

static void her_own_wrong_passwords_open_nothing(void **state)
{
	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 9, "23:10");
	story_mistypes(&story, "alice", HOME, 40);
	story_at(&story, 10, "03:12");
	story_sends(&story, "alice", BOTNET(40), 100, STRANGERS);
	assert_int_equal(the_only_incident("alice")->opening, OPENING_BLUE);
}

/* ---- whose is what */

static void from_the_owners_own_pc(void **state)
{
	struct incident *incident;

	story_commuter_days(&story, "alice", 1, 10);
	story_at(&story, 11, "13:00");
	story.pace_s = 12;
	story_sends(&story, "alice", INFECTED_PC, 1200, STRANGERS);
	story.pace_s = 20;
	story_commuter_days(&story, "alice", 12, 13);
	incident = the_only_incident("alice");
	assert_true(incident->same_source);
	is_the_truth(incident, &story.thief);
	assert_true(incident->sources[0].attacker && incident->sources[0].familiar);
	assert_true(incident->began_us == story.thief.first_us);
}

/* she moves, and on the third evening writes to everybody */
static void owner_who_moved_is_acquitted(void **state)
{
	struct incident *incidents;

	story_commuter_days(&story, "alice", 1, 13);
	story_usual_days(&story, "alice", 15, 17, BERLIN);
	story_at(&story, 17, "23:00");
	story.width = 38;
	story_sends(&story, "alice", BERLIN, 1, PEOPLE("everybody", 38, .dead = 3));
	story.width = 1;
	story_usual_days(&story, "alice", 18, 30, BERLIN);
	assert_int_equal(look_back(&incidents), 0);
	assert_null(hindsight_incident_of(hindsight, story_account(&story, "alice"), 60));
	assert_false(hindsight_partial(hindsight));
}

/* a nervous administrator: whoever comes from a new country is suspected at once */
static void nobody_is_accused_for_having_moved(void **state)
{
	struct incident *incidents;
	const struct suspect *suspects;

	story_end(&story);
	story_begin_with(&story, &(struct engine_options){ .limits = { 7, 11, 22 }, .spool_bytes = 1 << 28 });
	story_usual_days(&story, "alice", 1, 13, HOME);
	story_usual_days(&story, "alice", 15, 30, BERLIN);
	assert_in_range(engine_suspects(story.engine, &suspects), 0, 1);
	assert_int_equal(look_back(&incidents), 0);
}

static void journey_of_four_days_is_no_incident(void **state)
{
	struct incident *incidents;

	story_end(&story);
	story_begin_with(&story, &(struct engine_options){ .limits = { 7, 11, 22 }, .spool_bytes = 1 << 28 });
	story_usual_days(&story, "alice", 1, 14, HOME);
	story_usual_days(&story, "alice", 15, 18, BANGKOK);
	story_usual_days(&story, "alice", 19, 25, HOME);
	assert_int_equal(look_back(&incidents), 0);
}

static void hotel_of_the_journey_is_hers(void **state)
{
	struct incident *incident;
	struct ip hotel = story_address(BANGKOK, 0);
	bool seen = false;

	story_commuter_days(&story, "alice", 1, 14);
	story_usual_days(&story, "alice", 15, 18, BANGKOK);
	story_at(&story, 19, "03:00");
	story_sends(&story, "alice", BOTNET(30), 300, STRANGERS);
	story_usual_days(&story, "alice", 19, 20, BANGKOK);
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	for (size_t i = 0; i < incident->source_count; i++) {
		if (!ip_equal(&incident->sources[i].ip, &hotel))
			continue;
		seen = true;
		assert_true(incident->sources[i].familiar && !incident->sources[i].attacker);
	}
	assert_true(seen);
}

static void each_message_belongs_to_somebody(void **state)
{
	struct incident *incident;
	uint32_t account, first_of_thief, last_of_thief;

	story_commuter_days(&story, "alice", 1, 9);
	first_of_thief = story.messages + 1;
	story_at(&story, 10, "03:12");
	story_sends(&story, "alice", BOTNET(40), 200, STRANGERS);
	last_of_thief = story.messages;
	story_commuter_days(&story, "alice", 10, 10);
	incident = the_only_incident("alice");
	account = story_account(&story, "alice");
	for (uint32_t message = 1; message <= story.messages + 5; message++) {
		bool thief = message >= first_of_thief && message <= last_of_thief;

		assert_ptr_equal(hindsight_incident_of(hindsight, account, message), thief ? incident : NULL);
		assert_null(hindsight_incident_of(hindsight, account + 1, message));
	}
}

static void sources_add_up(void **state)
{
	struct incident *incident;
	uint32_t messages = 0, bounced = 0, attackers = 0;

	flood(&story, STRANGERS);
	story_commuter_days(&story, "alice", 10, 11);
	incident = the_only_incident("alice");
	for (size_t i = 0; i < incident->source_count; i++) {
		const struct incident_source *source = &incident->sources[i];
		struct event_place wanted = story_where(&source->ip);

		assert_memory_equal(source->place.country, wanted.country, 2);
		assert_int_equal(source->place.asn, wanted.asn);
		assert_memory_equal(source->network, "Network ", 8);
		assert_true(source->first_us <= source->last_us);
		assert_true(source->attacker == !source->familiar);
		if (i > 0) { /* the attacker's first, the busy first */
			assert_true(source->attacker <= source[-1].attacker);
			assert_true(source->attacker != source[-1].attacker || source->messages <= source[-1].messages);
		}
		attackers += source->attacker;
		messages += source->attacker ? source->messages : 0;
		bounced += source->attacker ? source->bounced : 0;
	}
	assert_int_equal(attackers, 41);
	assert_int_equal(messages, story.thief.messages);
	assert_int_equal(bounced, story.thief.bounced);
	assert_int_equal(incident->sources_omitted, 0);
}

static void series_adds_up(void **state)
{
	struct incident *incident;
	uint32_t attacker = 0, owner = 0;

	flood(&story, STRANGERS);
	story_commuter_days(&story, "alice", 10, 30);
	incident = the_only_incident("alice");
	assert_in_range(incident->series.count, 1, INCIDENT_SERIES_MAX);
	assert_true(incident->series.step_us >= MINUTE_US);
	assert_true(incident->series.start_us <= incident->began_us);
	for (size_t i = 0; i < incident->series.count; i++) {
		int64_t from_us = incident->series.start_us + (int64_t)i * incident->series.step_us;

		attacker += incident->series.attacker[i];
		owner += incident->series.owner[i];
		if (!incident->series.attacker[i])
			continue;
		assert_true(from_us + incident->series.step_us > story.thief.first_us);
		assert_true(from_us <= story.thief.last_us);
	}
	assert_int_equal(attacker, story.thief.messages);
	assert_in_range(owner, 1, story.owner.messages);
}

static void series_of_a_month_fits_too(void **state)
{
	struct incident *incident;
	uint32_t attacker = 0;

	story_commuter_days(&story, "alice", 1, 14);
	for (unsigned day = 15; day <= 45; day++) {
		story_commuter_days(&story, "alice", day, day);
		story_at(&story, day, "23:00");
		story_sends(&story, "alice", BOTNET(12), 40, STRANGERS);
	}
	incident = the_only_incident("alice");
	for (size_t i = 0; i < incident->series.count; i++)
		attacker += incident->series.attacker[i];
	assert_int_equal(attacker, story.thief.messages);
	is_the_truth(incident, &story.thief);
}

static void evidence_is_sorted_and_told(void **state)
{
	struct incident *incident;
	double sum = 0;

	flood(&story, STRANGERS);
	incident = the_only_incident("alice");
	assert_in_range(incident->evidence_count, 3, PROFILE_SIGNALS);
	for (size_t i = 0; i < incident->evidence_count; i++) {
		const struct incident_evidence *evidence = &incident->evidence[i];

		assert_true(evidence->bits > 0 && (i == 0 || evidence->bits <= evidence[-1].bits));
		assert_in_range(strlen(evidence->text), 10, sizeof evidence->text - 1);
		assert_in_range(evidence->at_us, story_time(10, "03:10"), incident->detected_us);
		sum += evidence->bits;
	}
	assert_true(sum <= incident->bits + 0.1);
}

/* ---- several, none, and not all of it */

static void worst_comes_first(void **state)
{
	static const char *const names[] = { "few", "many", "some" };
	static const unsigned messages[] = { 60, 400, 200 };
	struct incident *incidents;

	for (unsigned i = 0; i < 3; i++) {
		story_usual_days(&story, names[i], 1, 9, HOME);
		story_at(&story, 10, "03:12");
		story_sends(&story, names[i], BOTNET(40), messages[i], STRANGERS);
	}
	story_commuter_days(&story, "alice", 10, 12); /* who has nothing to do with it */
	assert_int_equal(look_back(&incidents), 3);
	assert_int_equal(incidents[0].messages, 400);
	assert_int_equal(incidents[1].messages, 200);
	assert_int_equal(incidents[2].messages, 60);
	assert_memory_equal(incidents[0].name, names[1], strlen(names[1]));
}

static void nobody_is_suspected(void **state)
{
	struct incident *incidents;

	story_commuter_days(&story, "alice", 1, 20);
	assert_int_equal(look_back(&incidents), 0);
	assert_false(hindsight_partial(hindsight));
	hindsight_free(NULL);
}

static void nothing_ever_happened(void **state)
{
	struct incident *incidents;

	assert_int_equal(look_back(&incidents), 0);
	assert_null(hindsight_incident_of(hindsight, 1, 1));
}

static void spool_that_was_too_small(void **state)
{
	struct incident *incidents;

	story_end(&story);
	story_begin_with(&story, &(struct engine_options){ .limits = { 14, 11, 22 }, .spool_bytes = 100 * 1024 });
	flood(&story, STRANGERS);
	story_sends(&story, "alice", BOTNET(40), 8000, STRANGERS);
	assert_int_equal(look_back(&incidents), 1);
	assert_true(hindsight_partial(hindsight));
	assert_true(incidents[0].partial);
	assert_int_equal(incidents[0].verdict, INCIDENT_HIJACKED);
	assert_true(incidents[0].detected_us != WHEN_NONE);
	/* nothing of the thief's is lost: from the first suspicion on his records are kept in memory */
	assert_in_range(incidents[0].messages, story.thief.messages - 20, story.thief.messages);
}

static void without_any_spool(void **state)
{
	struct incident *incidents;

	story_end(&story);
	story_begin_with(&story, &(struct engine_options){ .limits = { 14, 11, 22 } });
	flood(&story, STRANGERS);
	assert_int_equal(look_back(&incidents), 1);
	assert_true(hindsight_partial(hindsight));
	assert_true(incidents[0].partial);
	assert_true(incidents[0].began_us != WHEN_NONE);
	assert_int_equal(incidents[0].messages, 0);
}

static void without_geography(void **state)
{
	struct incident *incidents;

	flood(&story, STRANGERS);
	story_commuter_days(&story, "alice", 10, 12);
	hindsight = hindsight_new(story.engine, story.accounts, NULL, story_time(1, "00:00"));
	assert_int_equal(hindsight_incidents(hindsight, &incidents), 1);
	is_the_truth(incidents, &story.thief);
	assert_int_equal(incidents[0].sources[0].network[0], '\0');
}

static void longer_than_one_batch_of_the_spool(void **state)
{
	struct incident *incident;

	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 10, "03:12");
	story.pace_s = 2;
	story_sends(&story, "alice", BOTNET(40), 12000, STRANGERS);
	incident = the_only_incident("alice");
	is_the_truth(incident, &story.thief);
	assert_false(incident->partial);
}

#define TELL(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TELL(a_night_of_the_botnet),
		TELL(greylisted_and_delivered_later),
		TELL(greylisted_and_still_waiting),
		TELL(greylisted_and_expired_after_days),
		TELL(recipients_that_nobody_announced),
		TELL(slow_over_days_beside_the_owner),
		TELL(leaked_is_what_had_passed_before_the_lock),
		TELL(bounces_that_came_in_since_it_began),
		TELL(opened_out_of_the_blue),
		TELL(opened_by_guessing_from_one_address),
		TELL(opened_by_guessing_from_many_addresses),
		TELL(opened_by_spraying),
		TELL(log_begins_too_late_to_tell),
		TELL(her_own_wrong_passwords_open_nothing),
		TELL(from_the_owners_own_pc),
		TELL(owner_who_moved_is_acquitted),
		TELL(nobody_is_accused_for_having_moved),
		TELL(journey_of_four_days_is_no_incident),
		TELL(hotel_of_the_journey_is_hers),
		TELL(each_message_belongs_to_somebody),
		TELL(sources_add_up),
		TELL(series_adds_up),
		TELL(series_of_a_month_fits_too),
		TELL(evidence_is_sorted_and_told),
		TELL(worst_comes_first),
		TELL(nobody_is_suspected),
		TELL(nothing_ever_happened),
		TELL(spool_that_was_too_small),
		TELL(without_any_spool),
		TELL(without_geography),
		TELL(longer_than_one_batch_of_the_spool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
