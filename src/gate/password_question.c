/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/password_question.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/flat.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "password/policy_json.h"

struct reading {
	struct password_question *question;
	size_t used; /* of its texts */
	struct error *error;
};

void password_question_wipe(struct password_question *question) { explicit_bzero(question, sizeof *question); }

/* ---- reading: what an escape stands for is never longer than it, so all texts of a line have room */

static bool take_text(struct reading *reading, const char *name, const struct flat_value *value, struct text *to)
{
	char *room = reading->question->texts + reading->used;

	if (value->kind != FLAT_TEXT)
		return error_set(reading->error, _("'%s' is no text"), name);
	*to = flat_text(value, room);
	if (to->p != room) { /* it stands in the line, which goes before the question does */
		memcpy(room, to->p, to->n);
		to->p = room;
	}
	reading->used += to->n;
	return true;
}

static bool take_name(struct reading *reading, const struct flat_value *value, const char **to)
{
	struct text name;

	if (!take_text(reading, "names", value, &name))
		return false;
	reading->question->texts[reading->used++] = '\0';
	*to = name.p;
	return true;
}

static bool take_names(struct reading *reading, const struct flat_value *value)
{
	struct flat items = flat_array(value->text);
	struct flat_value item;
	size_t count = 0;

	if (value->kind != FLAT_ARRAY || *reading->question->names)
		return error_set(reading->error, _("'%s' is no list of texts"), "names");
	while (flat_item(&items, &item)) {
		if (count == PASSWORD_QUESTION_NAMES_MAX)
			return error_set(reading->error, _("there are at most %d names"), PASSWORD_QUESTION_NAMES_MAX);
		if (!take_name(reading, &item, &reading->question->names[count++]))
			return false;
	}
	return true;
}

/* "ja", "ja-JP"; what is not spoken here is answered in English */
static bool take_language(struct reading *reading, const struct flat_value *value)
{
	struct text language;

	if (!take_text(reading, "language", value, &language))
		return false;
	text_copy(reading->question->language, sizeof reading->question->language, text_starts(language, TEXT("ja")) ? TEXT("ja") : TEXT("en"));
	return true;
}

static void take_kind(struct reading *reading, const struct flat_value *value, enum password_question_kind kind)
{
	if (value->kind == FLAT_TRUE)
		reading->question->kind = kind;
}

static bool take_field(struct reading *reading, struct text name, const struct flat_value *value)
{
	struct password_question *question = reading->question;

	if (text_is(name, TEXT("password")))
		return take_text(reading, "password", value, &question->password);
	if (text_is(name, TEXT("account")))
		return take_text(reading, "account", value, &question->account);
	if (text_is(name, TEXT("names")))
		return take_names(reading, value);
	if (text_is(name, TEXT("language")))
		return take_language(reading, value);
	if (text_is(name, TEXT("generate")))
		take_kind(reading, value, QUESTION_GENERATE);
	else if (text_is(name, TEXT("demands")))
		take_kind(reading, value, QUESTION_DEMANDS);
	return true;
}

bool password_question_read(struct password_question *question, struct text line, struct error *error)
{
	struct reading reading = { question, 0, error };
	struct flat flat = flat_object(line);
	struct flat_value value;
	struct text name;

	*question = (struct password_question){ .account = TEXT_NONE, .password = TEXT_NONE };
	if (line.n > PASSWORD_QUESTION_MAX)
		return error_set(error, _("a question has at most %d bytes"), PASSWORD_QUESTION_MAX);
	while (flat_next(&flat, &name, &value))
		if (!take_field(&reading, name, &value))
			return false;
	if (flat.fault)
		return error_set(error, "%s", _("this is no JSON object on one line"));
	return question->kind != QUESTION_CHECK || question->password.n || error_set(error, "%s", _("there is no password in the question"));
}

/* ---- answering */

void password_question_answer(const struct password_question *question, const struct password_policy *policy, struct password_reply *reply)
{
	struct password_owner owner = { .address = question->account, .names = question->names };

	*reply = (struct password_reply){ .failed = false };
	if (question->kind == QUESTION_CHECK)
		password_judge(policy, &owner, question->password, &reply->verdict);
	else if (question->kind == QUESTION_GENERATE)
		reply->failed = !password_policy_generate(policy, &owner, false, &reply->made, &reply->why);
}

/* ---- saying */

static char *line_of(json_t *root)
{
	char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6)), *line;
	size_t n = text ? strlen(text) : 0;

	line = memory_new(n + 2);
	snprintf(line, n + 2, "%s\n", text ? text : "");
	free(text);
	json_decref(root);
	return line;
}

static json_t *tenth(double bits) { return bits < 0 ? json_null() : json_real(round(bits * 10) / 10); }

static char *demands_line(const struct password_policy *policy)
{
	char sentences[PASSWORD_DEMANDS_MAX][PASSWORD_SENTENCE_MAX];
	size_t count = password_policy_demands(policy, sentences);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(sentences[i]));
	return line_of(json_pack("{s:s, s:i, s:i, s:o}", "profile", policy->profile, "least", (int)policy->least, "most", (int)policy->most,
				 "demands", list));
}

/* no JSON library keeps a copy of it */
static char *made_line(const struct password_made *made)
{
	size_t room = 6 * sizeof made->text + 64, n;
	char *line = memory_new(room);

	n = (size_t)snprintf(line, room, "{\"password\":");
	n += flat_quote(text_of(made->text), line + n);
	snprintf(line + n, room - n, ",\"bits\":%.1f}\n", made->bits);
	return line;
}

char *password_error_line(const struct error *error) { return line_of(json_pack("{s:s}", "error", error->text)); }

char *password_reply_line(const struct password_question *question, const struct password_policy *policy, const struct password_reply *reply)
{
	const struct password_verdict *verdict = &reply->verdict;

	if (reply->failed)
		return password_error_line(&reply->why);
	if (question->kind == QUESTION_DEMANDS)
		return demands_line(policy);
	if (question->kind == QUESTION_GENERATE)
		return made_line(&reply->made);
	return line_of(json_pack("{s:b, s:o, s:o, s:o*}", "good", !verdict->count, "bits", tenth(verdict->bits), "objections",
				 password_objections_json(verdict, policy), "not_asked", password_not_asked_json(policy)));
}
