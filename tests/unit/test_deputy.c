/* SPDX-License-Identifier: Apache-2.0 */
/* The deputy on a real desk, and the deny list that it writes anew. What it does when it is asked is in tests/gate. */
#include "desk_help.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/deputy.h"
#include "profile/profile.h"

enum { PATIENCE_MS = 20000, BREATH_MS = 50, FILE_MAX = 4096 };

static struct world {
	struct config config;
	char denied[100], said[100];
	struct deputy *deputy;
} w;

static int begin(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	snprintf(w.denied, sizeof w.denied, "%s/denied", folder);
	snprintf(w.said, sizeof w.said, "%s/said", folder);
	config_init(&w.config);
	free(w.config.state_folder);
	w.config.state_folder = memory_copy(folder, strlen(folder));
	free(w.config.deny_file);
	w.config.deny_file = memory_copy(w.denied, strlen(w.denied));
	return 0;
}

static int drop(const char *path, const struct stat *st, int kind, struct FTW *walk) { return remove(path); }

static int end(void **state)
{
	config_done(&w.config);
	return nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- what stands on the desk */

static void put_locked(struct desk_batch *batch, uint64_t number, const char *login, enum desk_reach reach)
{
	struct desk_incident one = incident;

	one.id = number;
	one.account = text_of(login);
	desk_put_incident(batch, &one);
	desk_put_lock(batch, &(struct desk_lock){ one.account, NOON, number, FAMILIAR_WELL, (uint8_t)reach, true });
}

static void put_locks(struct desk_batch *batch)
{
	put_locked(batch, 1, "alice@example.org", REACH_ACCOUNT);
	put_locked(batch, 2, "bob@example.org", REACH_SENDING);
	put_locked(batch, 3, "\"carol c\"@example.org", REACH_ACCOUNT);
	put_locked(batch, 4, "\"dave d\"@example.org", REACH_ACCOUNT);
}

/* its incident is lost */
static void put_half_a_lock(struct desk_batch *batch)
{
	desk_put_lock(batch, &(struct desk_lock){ TEXT("alice@example.org"), NOON, 1, FAMILIAR_WELL, REACH_ACCOUNT, true });
}

/* the lock itself is lost */
static void put_the_other_half(struct desk_batch *batch) { desk_put_incident(batch, &incident); }

static void write_desk(void (*fill)(struct desk_batch *batch))
{
	struct told told = { 0 };
	struct desk *desk = open_desk();

	assert_true(write_one(desk, fill, &told));
	desk_close(desk);
}

/* ---- the deputy */

static void read_file(const char *path, char text[FILE_MAX])
{
	FILE *from = fopen(path, "r");

	text[from ? fread(text, 1, FILE_MAX - 1, from) : 0] = '\0';
	if (from)
		fclose(from);
}

static void heard(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error) {}

/* with what it says meanwhile in a file */
static void open_deputy(void)
{
	struct error error = { "" };
	int terminal = dup(STDERR_FILENO);
	enum deputy_result result;

	assert_non_null(freopen(w.said, "w", stderr));
	result = deputy_open(&w.config, &w.deputy, &error);
	fflush(stderr);
	dup2(terminal, STDERR_FILENO);
	close(terminal);
	if (result != DEPUTY_READY)
		fail_msg("%s", error.text);
}

static void wait_for_list(char text[FILE_MAX])
{
	*text = '\0';
	for (int waited_ms = 0; !*text && waited_ms < PATIENCE_MS; waited_ms += BREATH_MS) {
		deputy_hear(w.deputy, BREATH_MS, heard, NULL);
		read_file(w.denied, text);
	}
}

/* ---- stories */

static void says_which_locks_no_list_can_hold(void **state)
{
	char list[FILE_MAX], said[FILE_MAX];

	write_desk(put_locks);
	open_deputy();
	wait_for_list(list);
	deputy_close(w.deputy);
	assert_non_null(strstr(list, "\nalice@example.org:"));
	assert_null(strstr(list, "bob")); /* sending alone is shut */
	assert_null(strstr(list, "carol"));
	assert_null(strstr(list, "dave"));
	read_file(w.said, said);
	assert_string_equal(said, "<3>2 locks are not in the table for when the daemon is away: "
				  "login '\"dave d\"@example.org' cannot be in a table of Postfix\n"
				  "<3>2 locks are not in the deny list: login '\"dave d\"@example.org' cannot be in a deny list of Dovecot\n");
}

static void denies_those_whose_incident_is_lost(void **state)
{
	char list[FILE_MAX], said[FILE_MAX];

	write_desk(put_half_a_lock);
	open_deputy();
	wait_for_list(list);
	deputy_close(w.deputy);
	assert_non_null(strstr(list, "\nalice@example.org:"));
	read_file(w.said, said);
	assert_string_equal(said, "");
}

static void note_scope(void *context, const struct desk_lock *lock) { *(int *)context = lock->scope; }

static void a_lost_lock_is_as_wide_as_the_gate_takes_it(void **state)
{
	struct desk_reader *reader;
	struct error error;
	int scope = -1;

	write_desk(put_the_other_half);
	open_deputy();
	deputy_close(w.deputy);
	reader = open_reader();
	assert_true(desk_each_lock(reader, note_scope, &scope, &error));
	assert_int_equal(scope, FAMILIAR_SOMEWHAT);
	desk_reader_close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(says_which_locks_no_list_can_hold, begin, end),
		cmocka_unit_test_setup_teardown(denies_those_whose_incident_is_lost, begin, end),
		cmocka_unit_test_setup_teardown(a_lost_lock_is_as_wide_as_the_gate_takes_it, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
