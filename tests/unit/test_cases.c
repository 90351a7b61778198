/* SPDX-License-Identifier: Apache-2.0 */
/* Open incidents, on a real desk that cannot always be written. */
#include "desk_help.h"

#include <sqlite3.h>

#include "base/memory.h"
#include "gate/case_lock.h"

static struct world {
	struct desk *desk;
	struct accounts *accounts;
	struct cases *cases;
	uint32_t alice, bob;
} w;

static int begin(void **state)
{
	uint64_t key;

	if (make_folder(state) != 0)
		return -1;
	w.desk = open_desk();
	w.accounts = accounts_new(NULL);
	w.alice = accounts_add(w.accounts, TEXT("alice@example.org"), &key);
	w.bob = accounts_add(w.accounts, TEXT("bob@example.org"), &key);
	w.cases = cases_new(w.desk, w.accounts, 6);
	return 0;
}

static int end(void **state)
{
	desk_finish(w.desk);
	cases_free(w.cases);
	desk_close(w.desk);
	accounts_free(w.accounts);
	return drop_folder(state);
}

/* as the gate's own batches are */
static void written(void *context, const struct error *error)
{
	if (error)
		cases_unsaved(w.cases);
}

static struct incident_case *open_one(uint32_t account)
{
	struct desk_batch *batch = desk_batch_new(written, NULL);
	struct incident_case *one = cases_open(w.cases, account);

	one->locked = true;
	one->scope = 1;
	one->mode = DESK_ENFORCE;
	one->began_us = one->opened_us = NOON;
	cases_save(w.cases, one, batch);
	desk_write(w.desk, batch);
	return one;
}

static void close_one(uint32_t account)
{
	struct desk_batch *batch = desk_batch_new(written, NULL);

	cases_close(w.cases, cases_find(w.cases, account), DESK_RELEASED, NOON + 5, batch);
	desk_write(w.desk, batch);
}

static void tell_incident(void *context, const struct desk_incident *told)
{
	char *to = context;

	snprintf(to + strlen(to), 512 - strlen(to), "%llu %.*s %s;", (unsigned long long)told->id, TEXT_ARG(told->account),
		 desk_incident_names[told->state]);
}

static void tell_lock(void *context, const struct desk_lock *lock)
{
	char *to = context;

	snprintf(to + strlen(to), 512 - strlen(to), "%.*s;", TEXT_ARG(lock->account));
}

/* incidents, newest first, then locks */
static const char *desk_says(void)
{
	static char told[512];
	struct desk_reader *reader;
	struct error error;

	desk_finish(w.desk);
	reader = open_reader();
	*told = '\0';
	assert_true(desk_each_incident(reader, 0, TEXT_NONE, false, 100, tell_incident, told, &error));
	snprintf(told + strlen(told), sizeof told - strlen(told), "| ");
	assert_true(desk_each_lock(reader, tell_lock, told, &error));
	desk_reader_close(reader);
	return told;
}

static sqlite3 *lock_desk(void)
{
	sqlite3 *other;

	assert_int_equal(sqlite3_open(database(), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return other;
}

static void opened_and_closed(void **state)
{
	size_t locked;

	assert_null(cases_find(w.cases, w.alice));
	open_one(w.alice);
	open_one(w.bob);
	assert_int_equal(cases_count(w.cases, &locked), 2);
	assert_int_equal(locked, 2);
	assert_string_equal(desk_says(), "8 bob@example.org contained;7 alice@example.org contained;| alice@example.org;bob@example.org;");
	close_one(w.alice);
	assert_null(cases_find(w.cases, w.alice));
	assert_int_equal(cases_find(w.cases, w.bob)->id, 8);
	assert_ptr_equal(cases_next(w.cases, NULL), cases_find(w.cases, w.bob));
	assert_null(cases_next(w.cases, cases_find(w.cases, w.bob)));
	assert_string_equal(desk_says(), "8 bob@example.org contained;7 alice@example.org released;| bob@example.org;");
	for (int i = 0; i < 100; i++) /* the closed one is forgotten in time */
		cases_look(w.cases);
}

static void a_lock_that_cannot_be_written_is_written_later(void **state)
{
	sqlite3 *other = lock_desk();

	open_one(w.alice);
	assert_string_equal(desk_says(), "| ");
	cases_look(w.cases); /* in vain */
	assert_string_equal(desk_says(), "| ");
	sqlite3_close(other);
	cases_look(w.cases);
	assert_string_equal(desk_says(), "7 alice@example.org contained;| alice@example.org;");
}

static void a_release_that_cannot_be_written_is_written_later(void **state)
{
	sqlite3 *other;

	open_one(w.alice);
	desk_finish(w.desk);
	other = lock_desk();
	close_one(w.alice);
	assert_string_equal(desk_says(), "7 alice@example.org contained;| alice@example.org;");
	sqlite3_close(other);
	cases_look(w.cases);
	assert_string_equal(desk_says(), "7 alice@example.org released;| ");
}

static void a_lock_after_such_a_release_stays(void **state)
{
	sqlite3 *other;

	open_one(w.alice);
	desk_finish(w.desk);
	other = lock_desk();
	close_one(w.alice);
	open_one(w.alice);
	assert_string_equal(desk_says(), "7 alice@example.org contained;| alice@example.org;");
	sqlite3_close(other);
	cases_look(w.cases);
	assert_string_equal(desk_says(), "8 alice@example.org contained;7 alice@example.org released;| alice@example.org;");
}

static void a_desk_that_lost_all_gets_it_again(void **state)
{
	open_one(w.alice);
	open_one(w.bob);
	close_one(w.bob);
	desk_finish(w.desk);
	files("desk.db", true);
	cases_unsaved(w.cases);
	cases_look(w.cases);
	assert_string_equal(desk_says(), "8 bob@example.org released;7 alice@example.org contained;| alice@example.org;");
}

static void restored(void **state)
{
	struct desk_incident old = { .id = 40, .account = TEXT("alice@example.org"), .state = DESK_CONTAINED, .mode = DESK_ENFORCE,
				     .opened_us = NOON, .began_us = NOON, .closed_us = WHEN_NONE, .evidence = TEXT("[]"), .refused = 3,
				     .last_refused_us = NOON };
	struct incident_case *one = cases_restore(w.cases, &old, w.alice);

	assert_true(one->locked && one->changed && one->id == 40 && one->refused == 3);
	old.id = 39;
	assert_ptr_equal(cases_restore(w.cases, &old, w.alice), one);
	assert_int_equal(one->id, 40);
	assert_int_equal(open_one(w.bob)->id, 41); /* whatever was said to be the last */
}

static void note_apart(void *context, const struct desk_lock *lock) { *(struct desk_lock *)context = *lock; }

/* whose mail in the queue is the owner's is asked again after a restart */
static void where_the_abuse_came_from_is_kept(void **state)
{
	struct desk_reader *reader = open_reader();
	struct incident_case *one = open_one(w.alice);
	struct desk_batch *batch = desk_batch_new(NULL, NULL);
	struct desk_lock lock = { .apart = false };
	struct error error;

	one->locked = one->owner_apart = true;
	one->reach = REACH_ACCOUNT;
	cases_save(w.cases, one, batch);
	desk_write(w.desk, batch);
	desk_finish(w.desk);
	assert_true(desk_each_lock(reader, note_apart, &lock, &error));
	assert_true(lock.apart && lock.reach == REACH_ACCOUNT && !lock.by_hand);
	one->owner_apart = false; /* as if nobody had ever said so */
	lock.account = TEXT("alice@example.org");
	assert_true(case_lock_restore(w.cases, &lock, w.alice)->owner_apart);
	desk_reader_close(reader);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(opened_and_closed),
		CASE(a_lock_that_cannot_be_written_is_written_later),
		CASE(a_release_that_cannot_be_written_is_written_later),
		CASE(a_lock_after_such_a_release_stays),
		CASE(a_desk_that_lost_all_gets_it_again),
		CASE(restored),
		CASE(where_the_abuse_came_from_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
