/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/dovecot_answer.h"

#include <strings.h>

/* ---- elements */

static struct text skip(struct text t, const char *these)
{
	while (t.n && strchr(these, t.p[0]) && t.p[0])
		t = text_after(t, 1);
	return t;
}

static void make_plain(char to[DOVECOT_FAULT_MAX], const char *from)
{
	text_copy(to, DOVECOT_FAULT_MAX, text_of(from));
	for (char *c = to; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

static bool read_element(const json_t *element, struct dovecot_reply *reply)
{
	size_t size = json_array_size(element);
	const char *kind = json_string_value(json_array_get(element, 0)), *type;
	const json_t *fault;
	json_int_t code;

	*reply = (struct dovecot_reply){ .tag = json_string_value(json_array_get(element, size ? size - 1 : 0)), .value = element };
	if (size < 3 || !kind || !reply->tag)
		return false;
	if (strcmp(kind, "doveadmResponse") == 0)
		return true;
	reply->failed = true;
	fault = json_array_get(element, 1);
	type = json_string_value(json_object_get(fault, "type"));
	code = json_integer_value(json_object_get(fault, "exitCode"));
	make_plain(reply->fault, type ? type : "");
	reply->exit_code = code > 0 && code < 256 ? (int)code : 0;
	return strcmp(kind, "error") == 0;
}

bool dovecot_answer_each(struct text body, void (*each)(void *context, const struct dovecot_reply *reply), void *context,
			 struct error *error)
{
	struct text rest = skip(body, " \t\r\n");
	struct dovecot_reply reply;
	json_error_t fault;
	json_t *element;

	if (!rest.n || rest.p[0] != '[')
		return error_set(error, "doveadm's answer is no list");
	rest = skip(text_after(rest, 1), " \t\r\n");
	while (rest.n && rest.p[0] != ']') {
		element = json_loadb(rest.p, rest.n, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &fault);
		if (!element || !read_element(element, &reply)) {
			json_decref(element);
			return error_set(error, "doveadm's answer cannot be read at byte %zu", body.n - rest.n);
		}
		each(context, &reply);
		json_decref(element);
		rest = skip(text_after(rest, (size_t)fault.position), " \t\r\n,");
	}
	if (!rest.n || skip(text_after(rest, 1), " \t\r\n").n)
		return error_set(error, "doveadm's answer has no end");
	return true;
}

/* ---- rows */

static uint32_t number_of(const json_t *value)
{
	const char *text = json_string_value(value);
	uint64_t number = 0;

	if (json_is_integer(value))
		return json_integer_value(value) < 0			   ? 0 :
		       (uint64_t)json_integer_value(value) > UINT32_MAX ? UINT32_MAX :
									  (uint32_t)json_integer_value(value);
	return text && text_number(text_of(text), UINT32_MAX, &number) ? (uint32_t)number : 0;
}

static void add(uint32_t *sum, uint32_t more) { *sum = more > UINT32_MAX - *sum ? UINT32_MAX : *sum + more; }

/* each row, whether it stands in a list or beside it */
static void each_row(const struct dovecot_reply *reply, void (*each)(void *context, const json_t *row), void *context)
{
	const json_t *part, *row;
	size_t i, j;

	json_array_foreach(reply->value, i, part) {
		if (json_is_object(part))
			each(context, part);
		json_array_foreach(part, j, row)
			if (json_is_object(row))
				each(context, row);
	}
}

struct sessions {
	struct text user;
	uint32_t own, others;
};

static void count_sessions(void *context, const json_t *row)
{
	struct sessions *sessions = context;
	const char *name = json_string_value(json_object_get(row, "username"));
	const json_t *connections = json_object_get(row, "connections");
	struct text user = name ? text_of(name) : TEXT_NONE;
	bool own = user.n == sessions->user.n && strncasecmp(user.p, sessions->user.p, user.n) == 0;

	add(own ? &sessions->own : &sessions->others, connections ? number_of(connections) : 1);
}

void dovecot_reply_sessions(const struct dovecot_reply *reply, struct text user, uint32_t *own, uint32_t *others)
{
	struct sessions sessions = { user, 0, 0 };

	each_row(reply, count_sessions, &sessions);
	*own = sessions.own;
	*others = sessions.others;
}

struct field {
	const char *name;
	uint32_t rows, sum;
};

static void count_field(void *context, const json_t *row)
{
	struct field *field = context;
	const json_t *value = json_object_get(row, field->name);

	if (!value)
		return;
	field->rows++;
	add(&field->sum, number_of(value));
}

uint32_t dovecot_reply_rows(const struct dovecot_reply *reply, const char *field)
{
	struct field found = { field, 0, 0 };

	each_row(reply, count_field, &found);
	return found.rows;
}

uint32_t dovecot_reply_number(const struct dovecot_reply *reply, const char *field)
{
	struct field found = { field, 0, 0 };

	each_row(reply, count_field, &found);
	return found.sum;
}
