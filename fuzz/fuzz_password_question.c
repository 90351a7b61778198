/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about passwords, of any content: a question, which says the same as in jansson's reading of it, or an error; and an answer is
 * one line of JSON. */
#include <assert.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "gate/password_question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_json(char *line)
{
	json_t *root = json_loads(line, 0, NULL);

	assert(root && strchr(line, '\n') == line + strlen(line) - 1);
	json_decref(root);
	free(line);
}

static void same(const json_t *root, const char *name, struct text text)
{
	const json_t *value = json_object_get(root, name);

	assert(value ? text_is(text, (struct text){ json_string_value(value), json_string_length(value) }) : !text.n);
}

static void compare(const struct password_question *question, struct text line)
{
	json_t *root = json_loadb(line.p, line.n, 0, NULL);
	const json_t *names = json_object_get(root, "names");
	size_t count = 0;

	if (!root) /* jansson passes over NUL behind a number, and nothing else differs */
		return;
	same(root, "password", question->password);
	same(root, "account", question->account);
	for (; question->names[count]; count++)
		assert(strcmp(question->names[count], json_string_value(json_array_get(names, count))) == 0);
	assert(count == json_array_size(names));
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct password_policy *policy = password_profile_find(TEXT("four"));
	struct text line = { (const char *)data, size };
	struct password_question question;
	struct password_reply reply;
	struct error error;

	if (sodium_init() < 0)
		abort();
	if (!password_question_read(&question, line, &error)) {
		is_json(password_error_line(&error));
		return 0;
	}
	compare(&question, line);
	password_question_answer(&question, policy, &reply);
	is_json(password_reply_line(&question, policy, &reply));
	password_question_wipe(&question);
	return 0;
}
