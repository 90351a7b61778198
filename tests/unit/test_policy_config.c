/* SPDX-License-Identifier: Apache-2.0 */
/* The policy that settings ask for; what cannot be is said with the line of the setting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>
#include <nettle/sha1.h>
#include <sodium.h>

#include "password/breached_build.h"
#include "password/policy_config.h"

static char path[] = "/tmp/test_policy_config.XXXXXX";

static void read_settings(struct config *config, const char *lines)
{
	FILE *file = fopen(path, "w");
	struct error error;

	assert_non_null(file);
	fputs(lines, file);
	fclose(file);
	config_init(config);
	if (!config_read(config, path, &error))
		fail_msg("%s", error.text);
}

static void settings_make_a_policy(void **state)
{
	static const struct {
		const char *lines, *profile, *symbols;
		unsigned least, most, classes;
		double bits;
	} table[] = {
		{ "", "four", NULL, 8, 72, 4, 30 },
		{ "password_profile = basic\n", "basic", "-.,", 8, 15, 0, 30 },
		{ "password_profile = long\npassword_bits = 40\n", "long", NULL, 20, 72, 0, 40 },
		{ "password_profile = basic\npassword_least = 10\npassword_most = 12\npassword_classes = 3\n", "basic", "-.,", 10, 12, 3, 30 },
		{ "password_symbols = \"!_\"\n", "four", "!_", 8, 72, 4, 30 },
		{ "password_profile = basic\npassword_symbols = any\n", "basic", NULL, 8, 15, 0, 30 },
		{ "password_profile = basic\npassword_symbols = none\n", "basic", "", 8, 15, 0, 30 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct policy_config of;
		struct config config;
		struct error error;

		read_settings(&config, table[i].lines);
		if (!policy_config_init(&of, &config, NULL, &error))
			fail_msg("%s: %s", table[i].lines, error.text);
		assert_string_equal(of.policy.profile, table[i].profile);
		assert_int_equal(of.policy.least, table[i].least);
		assert_int_equal(of.policy.most, table[i].most);
		assert_int_equal(of.policy.classes, table[i].classes);
		assert_true(of.policy.bits == table[i].bits);
		assert_true(!of.policy.symbols == !table[i].symbols);
		if (table[i].symbols)
			assert_string_equal(of.policy.symbols, table[i].symbols);
		policy_config_done(&of);
		config_done(&config);
	}
}

static void what_cannot_be_is_said(void **state)
{
	static const struct {
		const char *lines, *profile, *why;
	} table[] = {
		{ "mode = learn\npassword_profile = best\n", NULL, ":2: 'password_profile' must be" },
		{ "", "best", "there is no profile 'best'" },
		{ "password_most = 7\n", NULL, ":1: 'password_most' is less" },
		{ "password_least = 80\n", NULL, ":1: 'password_most' is less" },
		{ "password_symbols = \"ab\"\n", NULL, ":1: 'password_symbols' must be" },
		{ "mode = learn\npassword_symbols = none\n", NULL, ":2: 'password_classes' asks for symbols" },
		{ "password_profile = basic\npassword_symbols = none\npassword_classes = 4\n", NULL, ":3: 'password_classes' asks for symbols" },
		{ "password_symbols = \"\xe3\x81\x82\"\n", NULL, ":1: 'password_symbols' must be" },
		{ "password_profile = long\npassword_most = 10\n", NULL, ":2: 'password_most' is less" },
		{ "password_bits = 150\n", NULL, ":1: 'password_bits' asks for more" },
		{ "password_bits = 100\npassword_most = 9\n", NULL, ":1: 'password_bits' asks for more" },
		{ "password_breached = /nowhere/at/all\n", NULL, ":1: " },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct policy_config of;
		struct config config;
		struct error error = { "" };

		read_settings(&config, table[i].lines);
		assert_false(policy_config_init(&of, &config, table[i].profile, &error));
		if (!strstr(error.text, table[i].why))
			fail_msg("%s: %s", table[i].lines, error.text);
		policy_config_done(&of);
		config_done(&config);
	}
}

static void another_profile_stands_as_it_was_built(void **state)
{
	struct policy_config of;
	struct config config;
	struct error error;

	read_settings(&config, "password_profile = basic\npassword_least = 12\npassword_names = { Momoyama }\n");
	assert_true(policy_config_init(&of, &config, "four", &error));
	assert_int_equal(of.policy.least, 8);
	assert_string_equal(of.policy.names[0], "Momoyama");
	policy_config_done(&of);
	config_done(&config);
}

static enum password_fault fault_of(const struct policy_config *of, const char *password)
{
	struct password_verdict verdict;

	password_judge(&of->policy, NULL, text_of(password), &verdict);
	return verdict.count ? verdict.objections[0].fault : PASSWORD_FAULTS;
}

static void names_of_the_site_are_refused(void **state)
{
	struct policy_config of;
	struct config config;
	struct error error;

	read_settings(&config, "password_profile = basic\npassword_names = { \"Kumo Denki\", Nagareboshi }\nofficial_names = { Tsukiyo }\nofficial_domains = { hoshizora.example }\n");
	assert_true(policy_config_init(&of, &config, NULL, &error));
	assert_int_equal(fault_of(&of, "kumo-denki7"), PASSWORD_OF_NAMES);
	assert_int_equal(fault_of(&of, "xK9.tsukiyo"), PASSWORD_OF_NAMES);
	assert_int_equal(fault_of(&of, "hoshizora77"), PASSWORD_OF_NAMES);
	assert_int_equal(fault_of(&of, "ihsoberagan1"), PASSWORD_OF_NAMES);
	assert_int_equal(fault_of(&of, "xK9.mP2-qLr"), PASSWORD_FAULTS);
	policy_config_done(&of);
	config_done(&config);
}

/* ---- the file of breached passwords comes, goes and is damaged while somebody judges by it */

static char list[] = "/tmp/test_policy_config.list";

static void build_list(const char *word)
{
	struct breached_build *build = breached_build_new();
	unsigned char digest[SHA1_DIGEST_SIZE];
	struct sha1_ctx sha1;
	struct error error;

	sha1_init(&sha1);
	sha1_update(&sha1, strlen(word), (const uint8_t *)word);
	sha1_digest(&sha1, sizeof digest, digest);
	if (!breached_build_add(build, digest, &error) || !breached_build_write(build, list, 1, &error))
		fail_msg("%s", error.text);
	breached_build_free(build);
}

static void damage_list(void)
{
	FILE *file;

	unlink(list); /* whoever has it open keeps it */
	file = fopen(list, "w");
	assert_non_null(file);
	fputs("nothing of the kind, but long enough to be looked into: a head and a row would have room in here, as a hundred characters have", file);
	fclose(file);
}

/* one bit, far behind the head */
static void a_bit_that_fell_over_is_found(void **state)
{
	struct policy_config of;
	struct config config;
	struct error error = { "" };
	FILE *file;
	int c;

	build_list("xK9.mP2-qLr");
	read_settings(&config, "password_breached = /tmp/test_policy_config.list\n");
	assert_true(policy_config_init(&of, &config, NULL, &error));
	assert_true(policy_config_verify(&of, &config, &error));
	policy_config_done(&of);
	file = fopen(list, "r+");
	assert_non_null(file);
	fseek(file, -1, SEEK_END);
	c = fgetc(file);
	fseek(file, -1, SEEK_END);
	fputc(c ^ 1, file);
	fclose(file);
	assert_true(policy_config_init(&of, &config, NULL, &error));
	assert_false(policy_config_verify(&of, &config, &error));
	assert_non_null(strstr(error.text, ":1: "));
	assert_non_null(strstr(error.text, "is damaged"));
	policy_config_done(&of);
	unlink(list);
	config_done(&config);
}

static void a_list_that_is_away_is_no_fault_for_what_has_to_run(void **state)
{
	struct policy_config of;
	struct config config;
	struct error away, error;

	read_settings(&config, "password_breached = /tmp/test_policy_config.list\n");
	unlink(list);
	assert_true(policy_config_init_anyway(&of, &config, NULL, &away, &error));
	assert_true(of.policy.breached_away);
	assert_non_null(strstr(away.text, ":1: cannot open"));
	assert_int_equal(fault_of(&of, "xK9.mP2-qLr"), PASSWORD_FAULTS);
	assert_int_equal(fault_of(&of, "1234qwer"), PASSWORD_CLASSES);
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_SAME);
	damage_list();
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_FAULTY);
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_SAME);
	assert_true(of.policy.breached_away);
	build_list("xK9.mP2-qLr");
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_NEWER);
	assert_false(of.policy.breached_away);
	assert_int_equal(fault_of(&of, "xK9.mP2-qLr"), PASSWORD_BREACHED);
	damage_list();
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_FAULTY);
	assert_false(of.policy.breached_away);
	assert_int_equal(fault_of(&of, "xK9.mP2-qLr"), PASSWORD_BREACHED);
	unlink(list);
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_SAME);
	build_list("yJ8.nQ3-rMs");
	assert_int_equal(policy_config_look(&of, &config, &error), POLICY_LIST_NEWER);
	assert_int_equal(fault_of(&of, "xK9.mP2-qLr"), PASSWORD_FAULTS);
	policy_config_done(&of);
	assert_true(policy_config_init_anyway(&of, &config, NULL, &away, &error));
	assert_string_equal(away.text, "");
	policy_config_done(&of);
	unlink(list);
	config_done(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_make_a_policy),
		cmocka_unit_test(what_cannot_be_is_said),
		cmocka_unit_test(another_profile_stands_as_it_was_built),
		cmocka_unit_test(names_of_the_site_are_refused),
		cmocka_unit_test(a_bit_that_fell_over_is_found),
		cmocka_unit_test(a_list_that_is_away_is_no_fault_for_what_has_to_run),
	};
	int file = mkstemp(path), failed;

	if (file < 0 || sodium_init() < 0)
		return 1;
	close(file);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
