/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/control_request.h"

#include <string.h>

static bool wrong(const char *field, struct error *error) { return error_set(error, "'%s' is wrong or too long", field); }

static bool take_text(const json_t *object, const char *field, size_t most, const char **text, struct error *error)
{
	const json_t *value = json_object_get(object, field);

	*text = "";
	if (!value)
		return true;
	if (!json_is_string(value) || json_string_length(value) > most)
		return wrong(field, error);
	*text = json_string_value(value);
	return true;
}

static bool take_number(const json_t *object, const char *field, uint64_t *number, struct error *error)
{
	const json_t *value = json_object_get(object, field);

	if (!value)
		return true;
	if (!json_is_integer(value) || json_integer_value(value) < 1)
		return wrong(field, error);
	*number = (uint64_t)json_integer_value(value);
	return true;
}

static bool take_flag(const json_t *object, const char *field, bool *flag, struct error *error)
{
	const json_t *value = json_object_get(object, field);

	*flag = json_is_true(value);
	return !value || json_is_boolean(value) || wrong(field, error);
}

/* seconds since 1970, up to the year 9999 */
static bool take_time(const json_t *object, const char *field, int64_t *t_us, struct error *error)
{
	const json_t *value = json_object_get(object, field);
	double seconds = json_number_value(value);

	*t_us = WHEN_NONE;
	if (!value)
		return true;
	if (!json_is_number(value) || !(seconds >= 0 && seconds < 253402300800.0))
		return wrong(field, error);
	*t_us = (int64_t)(seconds * 1e6);
	return true;
}

static bool take_ids(struct control_request *request, struct error *error)
{
	const json_t *ids = json_object_get(request->root, "ids");

	if (!ids)
		return true;
	if (!json_is_array(ids) || json_array_size(ids) > CONTROL_IDS_MAX)
		return wrong("ids", error);
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const json_t *one = json_array_get(ids, i);
		struct control_id *id = &request->ids[request->id_count++];

		if (!take_text(one, "id", CONTROL_ID_MAX, &id->text, error) || !take_time(one, "near", &id->near_us, error))
			return false;
		if (!*id->text)
			return wrong("ids", error);
	}
	return true;
}

static bool take_actions(struct control_request *request, struct error *error)
{
	const json_t *actions = json_object_get(request->root, "actions");

	if (!actions)
		return true;
	if (!json_is_array(actions) || json_array_size(actions) > CONTROL_ACTIONS_MAX)
		return wrong("actions", error);
	for (size_t i = 0; i < json_array_size(actions); i++) {
		const json_t *one = json_array_get(actions, i);

		if (!json_is_string(one) || json_string_length(one) > CONTROL_VERB_MAX)
			return wrong("actions", error);
		request->actions[request->action_count++] = json_string_value(one);
	}
	return true;
}

static void wipe(const char *text)
{
	if (text)
		explicit_bzero((char *)(uintptr_t)text, strlen(text));
}

bool control_request_read(struct text line, struct control_request *request, struct error *error)
{
	json_error_t fault;

	*request = (struct control_request){ .root = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &fault) };
	if (!json_is_object(request->root))
		error_set(error, "no request: %s", request->root ? "no JSON object" : fault.text);
	else if (take_text(request->root, "verb", CONTROL_VERB_MAX, &request->verb, error) &&
		 take_text(request->root, "account", CONTROL_NAME_MAX, &request->account, error) &&
		 take_text(request->root, "domain", CONTROL_NAME_MAX, &request->domain, error) &&
		 take_text(request->root, "mode", CONTROL_VERB_MAX, &request->mode, error) &&
		 take_text(request->root, "scope", CONTROL_VERB_MAX, &request->scope, error) &&
		 take_text(request->root, "why", CONTROL_ID_MAX, &request->why, error) &&
		 take_text(request->root, "password", CONTROL_PASSWORD_MAX, &request->password, error) &&
		 take_text(request->root, "code", CONTROL_VERB_MAX, &request->code, error) &&
		 take_text(request->root, "ip", CONTROL_VERB_MAX * 2, &request->ip, error) &&
		 take_text(request->root, "item", CONTROL_VERB_MAX, &request->item, error) &&
		 take_text(request->root, "state", CONTROL_VERB_MAX, &request->state, error) &&
		 take_number(request->root, "incident", &request->incident, error) &&
		 take_number(request->root, "bulk", &request->bulk, error) &&
		 take_number(request->root, "days", &request->days, error) && take_actions(request, error) &&
		 take_flag(request->root, "all", &request->all, error) &&
		 take_flag(request->root, "false_alarm", &request->false_alarm, error) && take_ids(request, error))
		return true;
	control_request_done(request);
	return false;
}

void control_request_done(struct control_request *request)
{
	wipe(request->password);
	wipe(request->code);
	json_decref(request->root);
	*request = (struct control_request){ 0 };
}
