/* SPDX-License-Identifier: Apache-2.0 */
#include "keeper_story.h"

static int begin(void **state)
{
	make_folder();
	return 0;
}

static int end(void **state)
{
	remove_folder();
	return 0;
}

/* the names of its files, in order, each behind a blank; how many of them begin so */
static unsigned files_of(const char *begin, char names[1024])
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	unsigned found = 0;

	*names = '\0';
	for (int i = 0; i < count; i++) {
		size_t n = strlen(names);

		if (entries[i]->d_name[0] != '.' && strncmp(entries[i]->d_name, begin, strlen(begin)) == 0) {
			snprintf(names + n, 1024 - n, " %s", entries[i]->d_name);
			found++;
		}
		free(entries[i]);
	}
	free(entries);
	return found;
}

static void what_was_known_is_known_after_a_restart(void **state)
{
	struct world world, twin;
	char names[1024];
	bool first;

	world_begin(&twin);
	assert_true(world_wake(&world, &first) && first);
	world_hear_until(&world, told_count / 2);
	world_end(&world);
	world_hear_until(&twin, told_count / 2);
	assert_true(world_wake(&world, &first) && !first);
	world.heard = told_count / 2;
	assert_true(worlds_are_alike(&world, &twin));
	world_hear_until(&world, told_count);
	world_hear_until(&twin, told_count);
	assert_true(worlds_are_alike(&world, &twin));
	world_end(&world);
	world_end(&twin);
	assert_int_equal(files_of("memory", names) + files_of("journal", names), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_known_is_known_after_a_restart, begin, end),
	};

	return cmocka_run_group_tests(tests, live, die);
}
