/* SPDX-License-Identifier: Apache-2.0 */
/* After a release: which mail comes back, who is told once, and what a restart leaves of it, on a real desk. */
#include "desk_help.h"

#include "gate/aftermath.h"
#include "recovery/care.h"

enum { ALICE = 3, BOB = 4 };

struct heard {
	unsigned again, care;
	uint64_t incident;
};

static void hear(void *context, uint32_t account, uint64_t number, bool again)
{
	struct heard *heard = context;

	assert_int_equal(account, ALICE);
	heard->incident = number;
	*(again ? &heard->again : &heard->care) += 1;
}

static void submit(struct aftermath *aftermath, const char *id, enum profile_familiar familiar, int64_t t_us)
{
	aftermath_event(aftermath, &(struct event){ .t_us = t_us, .kind = EVENT_SUBMIT, .account = ALICE, .count = 1 }, text_of(id), familiar);
}

static void bounce(struct aftermath *aftermath, const char *id, int64_t t_us)
{
	aftermath_event(aftermath, &(struct event){ .t_us = t_us, .kind = EVENT_OUTCOME, .account = ALICE, .result = RESULT_BOUNCED }, text_of(id),
			FAMILIAR_NOT);
}

static void take(void *context, uint64_t number, struct text account, struct text told)
{
	assert_true(aftermath_read(told, context));
}

/* what the desk has of incident 7 */
static struct guide_figures kept(struct desk *desk)
{
	struct desk_reader *reader;
	struct guide_figures figures = { .released_us = WHEN_NONE };
	struct error error = { "" };

	desk_finish(desk);
	reader = open_reader();
	assert_true(desk_each_aftermath(reader, 7, 0, take, &figures, &error));
	desk_reader_close(reader);
	return figures;
}

static struct desk *desk_with_incident(void)
{
	struct desk *desk = open_desk();
	struct told told = { 0 };

	assert_true(write_one(desk, put_everything, &told));
	return desk;
}

static void old_mail_alarms_nobody(void **state)
{
	struct desk *desk = desk_with_incident();
	struct aftermath *aftermath = aftermath_new(desk);
	struct heard heard = { 0 };

	aftermath_begin(aftermath, 7, ALICE, NOON);
	for (int i = 0; i < 500; i++)
		bounce(aftermath, "4OLD", NOON + i * MINUTE_US);
	aftermath_returned(aftermath, ALICE, TEXT("4OLDER"), NOON - HOUR_US, FAMILIAR_NOT);
	aftermath_returned(aftermath, BOB, TEXT("4OTHER"), NOON + HOUR_US, FAMILIAR_NOT); /* nobody watches him */
	bounce(aftermath, "4BEFORE", NOON - 1);
	aftermath_look(aftermath, NOON + DAY_US, hear, &heard);
	assert_int_equal(heard.again + heard.care, 0);
	assert_int_equal(kept(desk).old_bounces, 501);
	aftermath_free(aftermath);
	desk_close(desk);
}

static void new_mail_alarms_once(void **state)
{
	static const char *const ids[] = { "4N1", "4N2", "4N3", "4N4" };
	struct desk *desk = desk_with_incident();
	struct aftermath *aftermath = aftermath_new(desk);
	struct heard heard = { 0 };
	struct guide_figures figures;

	aftermath_begin(aftermath, 7, ALICE, NOON);
	for (int i = 0; i < 4; i++) {
		submit(aftermath, ids[i], FAMILIAR_NOT, NOON + (i + 1) * HOUR_US);
		submit(aftermath, ids[i], FAMILIAR_NOT, NOON + (i + 1) * HOUR_US); /* the log says so, too */
		bounce(aftermath, ids[i], NOON + (i + 1) * HOUR_US + 1);
		aftermath_look(aftermath, NOON + 5 * HOUR_US, hear, &heard);
		assert_int_equal(heard.again, i >= 2);
	}
	assert_int_equal(heard.incident, 7);
	figures = kept(desk);
	assert_int_equal(guide_cause_of(&figures), GUIDE_LEAK);
	assert_int_equal(figures.strange_sent, 4);
	assert_true(figures.strange_first_us == NOON + HOUR_US);
	aftermath_free(aftermath);
	desk_close(desk);
}

static void what_open_care_there_is_is_said_once(void **state)
{
	struct desk *desk = desk_with_incident();
	struct aftermath *aftermath = aftermath_new(desk);
	struct heard heard = { 0 };

	aftermath_begin(aftermath, 7, ALICE, NOON);
	aftermath_care(aftermath, &(struct desk_care){ .incident = 7, .item = TEXT("passwords"), .state = CARE_DONE });
	aftermath_look(aftermath, NOON + AFTERMATH_REMIND_US - 1, hear, &heard);
	assert_int_equal(heard.care, 0);
	aftermath_look(aftermath, NOON + AFTERMATH_REMIND_US, hear, &heard);
	aftermath_look(aftermath, NOON + AFTERMATH_REMIND_US + DAY_US, hear, &heard);
	assert_int_equal(heard.care, 1);
	aftermath_free(aftermath);
	desk_close(desk);
}

static void who_has_done_all_is_not_reminded(void **state)
{
	struct desk *desk = desk_with_incident();
	struct aftermath *aftermath = aftermath_new(desk);
	struct heard heard = { 0 };

	aftermath_begin(aftermath, 7, ALICE, NOON);
	for (size_t i = 0; i < care_item_count; i++)
		aftermath_care(aftermath, &(struct desk_care){ .incident = 7, .item = text_of(care_items[i].id),
							      .state = i % 2 ? CARE_DONE : CARE_NOT_APPLICABLE });
	aftermath_look(aftermath, NOON + AFTERMATH_REMIND_US, hear, &heard);
	assert_int_equal(heard.care, 0);
	aftermath_free(aftermath);
	desk_close(desk);
}

static void restore(void *context, uint64_t number, struct text account, struct text told) { aftermath_restore(context, number, ALICE, told); }

static void a_restart_forgets_neither_figures_nor_what_was_said(void **state)
{
	struct desk *desk = desk_with_incident();
	struct aftermath *aftermath = aftermath_new(desk);
	struct desk_reader *reader;
	struct heard heard = { 0 };
	struct error error;

	aftermath_begin(aftermath, 7, ALICE, NOON);
	aftermath_stray(aftermath, ALICE, true, NOON + 1);
	aftermath_stray(aftermath, ALICE, true, NOON + 2);
	aftermath_stray(aftermath, ALICE, true, NOON + 3);
	aftermath_look(aftermath, NOON + 4, hear, &heard);
	assert_int_equal(heard.again, 1);
	desk_finish(desk);
	aftermath_free(aftermath);
	aftermath = aftermath_new(desk);
	reader = open_reader();
	assert_true(desk_each_aftermath(reader, 7, 0, restore, aftermath, &error));
	desk_reader_close(reader);
	/* which messages were sent since is forgotten; what the ledger dates is not */
	aftermath_returned(aftermath, ALICE, TEXT("4N9"), NOON + HOUR_US, FAMILIAR_WELL);
	aftermath_look(aftermath, NOON + 2 * HOUR_US, hear, &heard);
	assert_int_equal(heard.again, 1);
	assert_int_equal(kept(desk).script_bounces, 3);
	assert_int_equal(kept(desk).home_bounces, 1);
	aftermath_restore(aftermath, 8, BOB, TEXT("nonsense"));
	aftermath_free(aftermath);
	desk_close(desk);
}

static void it_ends_and_has_a_limit(void **state)
{
	struct desk *desk = desk_with_incident();
	struct aftermath *aftermath = aftermath_new(desk);
	struct heard heard = { 0 };

	for (uint32_t i = 0; i < AFTERMATH_MAX + 10; i++)
		aftermath_begin(aftermath, i + 1, i + 10, NOON + i);
	aftermath_free(aftermath);
	aftermath = aftermath_new(desk);
	aftermath_begin(aftermath, 7, ALICE, NOON);
	aftermath_look(aftermath, NOON + AFTERMATH_US + 1, hear, &heard);
	aftermath_look(aftermath, NOON + AFTERMATH_US + 2, hear, &heard); /* written, and let go */
	aftermath_stray(aftermath, ALICE, true, NOON + AFTERMATH_US + 3);
	aftermath_look(aftermath, NOON + AFTERMATH_US + 4, hear, &heard);
	assert_int_equal(kept(desk).script_bounces, 0);
	aftermath_free(aftermath);
	desk_close(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(old_mail_alarms_nobody),
		TEST(new_mail_alarms_once),
		TEST(what_open_care_there_is_is_said_once),
		TEST(who_has_done_all_is_not_reminded),
		TEST(a_restart_forgets_neither_figures_nor_what_was_said),
		TEST(it_ends_and_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
