/* SPDX-License-Identifier: Apache-2.0 */
/* What panels ask about passwords, and the lines that they are told. The process that answers is played at in tests/gate/passwords.py. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/memory.h"
#include "gate/password_question.h"

static void what_is_asked(void **state)
{
	static const struct {
		const char *line;
		enum password_question_kind kind;
		const char *account, *password, *names, *language;
	} table[] = {
		{ "{\"password\":\"a\"}", QUESTION_CHECK, "", "a", "", "" },
		{ " {\"x\":[{}], \"password\" : \"a b\" , \"account\":\"al@example.org\"} \r", QUESTION_CHECK, "al@example.org", "a b", "", "" },
		{ "{\"password\":\"\\\"\\u3042\\\\\",\"names\":[\"A \\u0042\",\"\",\"C\"],\"language\":\"ja\"}", QUESTION_CHECK, "", "\"あ\\", "A B||C|", "ja" },
		{ "{\"password\":\"a\",\"language\":\"ja-JP\"}", QUESTION_CHECK, "", "a", "", "ja" },
		{ "{\"password\":\"a\",\"language\":\"de\"}", QUESTION_CHECK, "", "a", "", "en" },
		{ "{\"password\":\"a\",\"generate\":false,\"demands\":0}", QUESTION_CHECK, "", "a", "", "" },
		{ "{\"password\":\"a\",\"password\":\"b\"}", QUESTION_CHECK, "", "b", "", "" },
		{ "{\"generate\":true,\"account\":\"al\"}", QUESTION_GENERATE, "al", "", "", "" },
		{ "{\"demands\":true}", QUESTION_DEMANDS, "", "", "", "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *line = memory_copy(table[i].line, strlen(table[i].line)), names[100] = "";
		struct password_question question;
		struct error error;

		if (!password_question_read(&question, text_of(line), &error))
			fail_msg("%s: %s", table[i].line, error.text);
		memset(line, 'x', strlen(line)); /* nothing of it is needed any more */
		assert_int_equal(question.kind, table[i].kind);
		assert_true(text_is(question.account, text_of(table[i].account)));
		assert_true(text_is(question.password, text_of(table[i].password)));
		for (const char **name = question.names; *name; name++)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s|", *name);
		assert_string_equal(names, table[i].names);
		assert_string_equal(question.language, table[i].language);
		free(line);
	}
}

static void what_is_no_question(void **state)
{
	static const struct {
		const char *line, *why;
	} table[] = {
		{ "", "no JSON object" },
		{ "password", "no JSON object" },
		{ "[\"secret\"]", "no JSON object" },
		{ "{\"password\":\"secret\"", "no JSON object" },
		{ "{\"password\":\"secret\\u0000\"}", "no JSON object" },
		{ "{\"password\":\"secret\xff\"}", "no JSON object" },
		{ "{}", "no password" },
		{ "{\"password\":\"\"}", "no password" },
		{ "{\"demands\":\"secret\"}", "no password" },
		{ "{\"password\":[\"secret\"]}", "'password' is no text" },
		{ "{\"password\":\"secret\",\"account\":7}", "'account' is no text" },
		{ "{\"password\":\"secret\",\"language\":null}", "'language' is no text" },
		{ "{\"password\":\"secret\",\"names\":\"secret\"}", "'names' is no list of texts" },
		{ "{\"password\":\"secret\",\"names\":[7]}", "'names' is no text" },
		{ "{\"names\":[\"secret\"],\"names\":[\"secret\"]}", "'names' is no list of texts" },
		{ "{\"names\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"secret\"]}", "at most 16 names" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct password_question question;
		struct error error = { "" };
		char *line;

		if (password_question_read(&question, text_of(table[i].line), &error) || !strstr(error.text, table[i].why))
			fail_msg("%s: %s", table[i].line, error.text);
		line = password_error_line(&error);
		assert_non_null(strstr(line, "{\"error\":\""));
		assert_null(strstr(line, "secret"));
		free(line);
	}
}

/* as much as a line may hold, with all of it in texts */
static void a_full_line(void **state)
{
	static const char head[] = "{\"names\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"],\"password\":\"";
	char line[PASSWORD_QUESTION_MAX + 1];
	struct password_question question;
	struct error error;

	memset(line, 'a', sizeof line);
	memcpy(line, head, sizeof head - 1);
	memcpy(line + PASSWORD_QUESTION_MAX - 2, "\"}", 2);
	assert_true(password_question_read(&question, (struct text){ line, PASSWORD_QUESTION_MAX }, &error));
	assert_int_equal(question.password.n, PASSWORD_QUESTION_MAX - sizeof head + 1 - 2);
	assert_false(password_question_read(&question, (struct text){ line, sizeof line }, &error));
	password_question_wipe(&question);
	for (size_t i = 0; i < sizeof question; i++)
		assert_int_equal(((const char *)&question)[i], 0);
}

static json_t *told(const char *line)
{
	const struct password_policy *policy = password_profile_find(TEXT("basic"));
	struct password_question question;
	struct password_reply reply;
	struct error error;
	json_t *root;
	char *answer;

	assert_true(password_question_read(&question, text_of(line), &error));
	password_question_answer(&question, policy, &reply);
	answer = password_reply_line(&question, policy, &reply);
	assert_true(strchr(answer, '\n') == answer + strlen(answer) - 1);
	root = json_loads(answer, 0, NULL);
	assert_non_null(root);
	free(answer);
	return root;
}

static void what_is_told(void **state)
{
	json_t *root = told("{\"password\":\"Kz7\"}"), *first = json_array_get(json_object_get(root, "objections"), 0);

	assert_true(json_is_false(json_object_get(root, "good")) && json_is_null(json_object_get(root, "bits")));
	assert_string_equal(json_string_value(json_object_get(first, "fault")), "short");
	assert_int_equal(json_integer_value(json_object_get(first, "number")), 8);
	assert_true(json_string_length(json_object_get(first, "why")) && json_string_length(json_object_get(first, "mend")));
	json_decref(root);
	root = told("{\"password\":\"kT7.vQ-x2Lp,\"}");
	assert_true(json_is_true(json_object_get(root, "good")) && json_real_value(json_object_get(root, "bits")) > 50);
	assert_int_equal(json_array_size(json_object_get(root, "objections")), 0);
	json_decref(root);
	root = told("{\"generate\":true,\"account\":\"alice@example.org\"}");
	assert_true(json_string_length(json_object_get(root, "password")) >= 8 && json_real_value(json_object_get(root, "bits")) > 60);
	json_decref(root);
	root = told("{\"demands\":true}");
	assert_string_equal(json_string_value(json_object_get(root, "profile")), "basic");
	assert_true(json_array_size(json_object_get(root, "demands")) > 3);
	json_decref(root);
}

/* what it makes needs escapes where the policy takes every symbol */
static void symbols_in_json(void **state)
{
	const struct password_policy policy = { .profile = "own", .least = 40, .most = 60, .symbols = "\"\\" };
	struct password_question question = { .kind = QUESTION_GENERATE };
	struct password_reply reply;
	json_t *root;
	char *line;

	password_question_answer(&question, &policy, &reply);
	assert_false(reply.failed);
	line = password_reply_line(&question, &policy, &reply);
	root = json_loads(line, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(root, "password")), reply.made.text);
	json_decref(root);
	free(line);
}

static int begin(void **state) { return sodium_init() < 0 ? -1 : 0; }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked), cmocka_unit_test(what_is_no_question), cmocka_unit_test(a_full_line),
		cmocka_unit_test(what_is_told),	 cmocka_unit_test(symbols_in_json),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
