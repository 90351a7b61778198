/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/dsn.h"

#include <ctype.h>

#include "mail/address.h"

/* one recipient's fields as they stood */
struct group {
	struct text final, original, actual, action, status, remote, code;
};

static const struct group nothing = { { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 } };

static const struct {
	const char *name;
	size_t place;
} names[] = {
	{ "Final-Recipient", offsetof(struct group, final) },
	{ "Original-Recipient", offsetof(struct group, original) },
	{ "X-Actual-Recipient", offsetof(struct group, actual) },
	{ "Action", offsetof(struct group, action) },
	{ "Status", offsetof(struct group, status) },
	{ "Remote-MTA", offsetof(struct group, remote) },
	{ "Diagnostic-Code", offsetof(struct group, code) },
	{ "Diagnostic-code-x", offsetof(struct group, code) },
};

/* what stands behind the type: "rfc822; a@example.com" */
static struct text behind_type(struct text value)
{
	struct text rest = value, type;

	if (!text_cut(&rest, ';', &type) || type.n > 40)
		return value;
	type = text_trim(type);
	for (size_t i = 0; i < type.n; i++)
		if (!isalnum((unsigned char)type.p[i]) && !strchr("-_./+", type.p[i]))
			return value;
	return text_trim(rest);
}

/* "5.1.1" in a field's value, whatever comment stands about it */
static struct text status_in(struct text value)
{
	for (size_t i = 0; i + 4 < value.n; i++) {
		const char *p = value.p + i, *end = value.p + value.n, *at = p + 2;

		if (!strchr("245", *p) || p[1] != '.' || (i && isalnum((unsigned char)p[-1])))
			continue;
		while (at < end && isdigit((unsigned char)*at))
			at++;
		if (at == p + 2 || at - p > 5 || at + 1 >= end || *at != '.' || !isdigit((unsigned char)at[1]))
			continue;
		for (at++; at < end && isdigit((unsigned char)*at) && at - p < 9; at++)
			;
		return text_between(p, at);
	}
	return TEXT_NONE;
}

static enum return_action action_of(struct text action, struct text status)
{
	static const struct {
		const char *word;
		enum return_action action;
	} actions[] = { { "delay", RETURN_DELAYED }, { "deliver", RETURN_DELIVERED }, { "success", RETURN_DELIVERED }, { "relay", RETURN_RELAYED },
			{ "expanded", RETURN_EXPANDED }, { "fail", RETURN_FAILED } };

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (text_seek(action, actions[i].word) && !text_seek(action, "undeliver"))
			return actions[i].action;
	return !action.n && status.n && status.p[0] == '2' ? RETURN_DELIVERED : RETURN_FAILED;
}

/* a host's name or address: "dns; mx.example.com (192.0.2.1)" */
static struct text host_of(struct text value)
{
	struct text host = behind_type(value);
	size_t n = 0;

	while (host.n && strchr("[(<\"", host.p[0]))
		host = text_after(host, 1);
	while (n < host.n && !strchr(" \t()[]<>;,\"", host.p[n]))
		n++;
	host = text_head(host, n);
	while (host.n && host.p[host.n - 1] == '.')
		host.n--;
	return host;
}

static struct text address_of(struct arena *arena, struct text value)
{
	struct text address = TEXT_NONE, inner = behind_type(value);

	if (inner.n && !text_starts(inner, TEXT("\"|")) && !text_starts(inner, TEXT("|")))
		address_in(arena, inner, &address);
	return address;
}

/* a name without a domain, where nothing better is known */
static struct text local_name(struct text value)
{
	struct text name = behind_type(value);

	if (name.n > 2 && name.p[0] == '<' && name.p[name.n - 1] == '>')
		name = text_head(text_after(name, 1), name.n - 2);
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ' || strchr("<>|\"\\/;", name.p[i]))
			return TEXT_NONE;
	return name.n <= ADDRESS_MAX ? name : TEXT_NONE;
}

static void take(struct report *report, const struct group *group, size_t *found)
{
	struct text final = address_of(report->arena, group->final), original = address_of(report->arena, group->original);
	struct text address = final.n ? final : original;
	struct returned *returned;

	if (!group->final.n && !group->original.n && !group->actual.n)
		return;
	if (!address.n)
		address = address_of(report->arena, group->actual);
	if (!address.n)
		address = local_name(group->final.n ? group->final : group->original);
	returned = report_add(report, address);
	if (!returned)
		return;
	++*found;
	if (original.n && !address_same(original, returned->address))
		returned->original_address = original;
	returned->status = status_in(group->status);
	returned->action = action_of(group->action, returned->status);
	returned->remote_mta = host_of(group->remote);
	report_say(report, returned, behind_type(group->code));
}

static void field_of_group(struct report *report, struct group *group, const struct field *field, size_t *found)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct text *place = (struct text *)((char *)group + names[i].place);

		if (!text_same_word(field->name, names[i].name))
			continue;
		if (i == 0 && place->n) { /* no empty line between two recipients */
			take(report, group, found);
			*group = nothing;
		}
		if (!place->n)
			*place = field->value;
	}
}

size_t dsn_read_text(struct report *report, struct text text)
{
	size_t found = 0;
	struct fields fields;
	struct text rest, line;

	while (text.n && report->count < RETURNED_MAX) {
		struct group group = nothing;

		fields_read(report->arena, text, &fields, &rest);
		for (size_t i = 0; i < fields.count; i++)
			field_of_group(report, &group, &fields.field[i], &found);
		take(report, &group, &found);
		if (rest.n == text.n || (!fields.count && rest.n))
			text_line(&rest, &line); /* what is no field is passed over */
		text = rest;
	}
	return found;
}

static bool is_status_part(const struct part *part)
{
	return !part->inside && part->kind == PART_LEAF &&
	       (text_is(part->type, TEXT("message/delivery-status")) || text_is(part->type, TEXT("message/global-delivery-status")) ||
		text_is(part->type, TEXT("text/delivery-status")) || text_is(part->type, TEXT("message/delivery_status")));
}

bool dsn_read(struct report *report)
{
	size_t found = 0;
	const char *at;

	for (int i = 1; i < message_parts(report->message); i++)
		if (is_status_part(message_part(report->message, i)))
			found += dsn_read_text(report, message_text(report->message, i));
	if (!found && (at = text_seek(report->words, "final-recipient:")))
		found = dsn_read_text(report, text_between(at, report->words.p + report->words.n));
	return found > 0;
}
