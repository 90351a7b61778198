/* SPDX-License-Identifier: Apache-2.0 */
/* The list of accounts at risk: each account once, the worst first, whoever told what in whichever order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "report/risks.h"

static void add(struct risks *risks, const char *account, enum risk risk, enum password_fault fault)
{
	risks_add(risks, &(struct risk_found){ .account = account, .risk = risk, .fault = fault });
}

static struct risks *sample(void)
{
	struct risks *risks = risks_new();

	add(risks, "jiro@example.jp", RISK_SCHEME, 0);
	add(risks, "taro@example.jp", RISK_SHARED, 0);
	add(risks, "hanako@example.jp", RISK_GUESSABLE, PASSWORD_ROW);
	add(risks, "taro@example.jp", RISK_GUESSABLE, PASSWORD_OF_ADDRESS);
	add(risks, "jiro@example.jp", RISK_SCHEME, 0);
	add(risks, "a$(id)@example.jp", RISK_SHARED, 0);
	add(risks, "taro@example.jp", RISK_GUESSABLE, PASSWORD_WORD);
	return risks;
}

static const char *name_at(const json_t *list, size_t i)
{
	return json_string_value(json_object_get(json_array_get(list, i), "account"));
}

static const char *field_at(const json_t *list, size_t i, size_t risk, const char *field)
{
	return json_string_value(json_object_get(json_array_get(json_object_get(json_array_get(list, i), "risks"), risk), field));
}

static void an_account_stands_once_and_the_worst_first(void **state)
{
	struct risks *risks = sample();
	json_t *list = risks_json(risks);

	assert_int_equal(json_array_size(list), 4);
	assert_int_equal(risks_accounts(risks), 4);
	assert_string_equal(name_at(list, 0), "hanako@example.jp");
	assert_string_equal(name_at(list, 1), "taro@example.jp");
	assert_string_equal(name_at(list, 2), "a$(id)@example.jp");
	assert_string_equal(name_at(list, 3), "jiro@example.jp");
	assert_int_equal(json_array_size(json_object_get(json_array_get(list, 1), "risks")), 2);
	assert_int_equal(json_array_size(json_object_get(json_array_get(list, 3), "risks")), 1);
	assert_string_equal(field_at(list, 0, 0, "risk"), "guessable");
	assert_string_equal(field_at(list, 0, 0, "fault"), password_fault_names[PASSWORD_ROW]);
	assert_string_equal(field_at(list, 1, 0, "fault"), password_fault_names[PASSWORD_OF_ADDRESS]);
	assert_string_equal(field_at(list, 1, 1, "risk"), "shared_password");
	assert_string_equal(field_at(list, 2, 0, "command"), "sekisho account reset --generate 'a$(id)@example.jp'");
	json_decref(list);
	risks_free(risks);
	risks_free(NULL);
}

static void each_says_why_and_what_to_do(void **state)
{
	struct risks *risks = risks_new();
	char *text = NULL;
	size_t n = 0;
	struct terminal t;
	FILE *to = open_memstream(&text, &n);

	for (enum risk risk = 0; risk < RISKS; risk++)
		add(risks, "taro@example.jp", risk, PASSWORD_OF_NAMES);
	terminal_init(&t, to, false);
	risks_show(risks, &t);
	fclose(to);
	assert_ptr_equal(strstr(text, "taro@example.jp\n  Its password can be guessed: it contains the company's name.\n"), text);
	assert_null(strstr(text, "taro@example.jp\n  Its password is stored"));
	for (enum risk risk = 0; risk < RISKS; risk++) {
		assert_non_null(risk_kinds[risk].name);
		assert_true(risk_kinds[risk].why || risk_kinds[risk].say);
		assert_non_null(risk_kinds[risk].next);
	}
	free(text);
	risks_free(risks);
}

static void nothing_is_an_empty_list(void **state)
{
	struct risks *risks = risks_new();
	json_t *list = risks_json(risks);

	assert_int_equal(json_array_size(list), 0);
	assert_int_equal(risks_accounts(risks), 0);
	json_decref(list);
	risks_free(risks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_stands_once_and_the_worst_first),
		cmocka_unit_test(each_says_why_and_what_to_do),
		cmocka_unit_test(nothing_is_an_empty_list),
	};

	return cmocka_run_group_tests_name("risks", tests, NULL, NULL);
}
