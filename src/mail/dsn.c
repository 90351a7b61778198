/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/dsn.h"

#include <ctype.h>

#include "mail/address.h"

enum { HOST_MAX = 255 };

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

struct text dsn_said(struct text value)
{
	struct text rest, type;

	value = text_trim(value);
	rest = value;
	if (!text_cut(&rest, ';', &type) || type.n > 40)
		return value;
	type = text_trim(type);
	for (size_t i = 0; i < type.n; i++)
		if (!isalnum((unsigned char)type.p[i]) && !strchr("-_./+", type.p[i]))
			return value;
	return text_trim(rest);
}

struct text dsn_status(struct text value)
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
	return !text_trim(action).n && status.n && status.p[0] == '2' ? RETURN_DELIVERED : RETURN_FAILED;
}

/* a host's name or address: "dns; mx.example.com (192.0.2.1)" */
static struct text host_of(struct text value)
{
	struct text host = dsn_said(value);
	size_t n = 0;

	while (host.n && strchr("[(<\"", host.p[0]))
		host = text_after(host, 1);
	while (n < host.n && n < HOST_MAX && (unsigned char)host.p[n] > ' ' && !strchr("()[]<>;,\"\x7f", host.p[n]))
		n++;
	host = n == HOST_MAX ? TEXT_NONE : text_head(host, n);
	while (host.n && host.p[host.n - 1] == '.')
		host.n--;
	return host;
}

static struct text address_of(struct arena *arena, struct text value)
{
	struct text address = TEXT_NONE, inner = dsn_said(value);

	if (inner.n && !text_starts(inner, TEXT("\"|")) && !text_starts(inner, TEXT("|")))
		address_in(arena, inner, &address);
	return address;
}

/* a name without a domain, where nothing better is known */
static struct text local_name(struct text value)
{
	struct text name = dsn_said(value);

	if (name.n > 2 && name.p[0] == '<' && name.p[name.n - 1] == '>')
		name = text_head(text_after(name, 1), name.n - 2);
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ' || strchr("<>|\"\\/;", name.p[i]))
			return TEXT_NONE;
	return name.n <= ADDRESS_MAX ? name : TEXT_NONE;
}

/* "ims_daemon" and "localhost" are names that a server has for itself */
static bool has_full_domain(struct text address)
{
	size_t at = text_find(address, '@');

	return at < address.n && memchr(address.p + at, '.', address.n - at);
}

static void describe(struct report *report, const struct group *group, struct returned *returned)
{
	returned->status = dsn_status(group->status);
	returned->action = action_of(group->action, returned->status);
	returned->remote_mta = host_of(group->remote);
	report_say(report, returned, dsn_said(group->code));
	if (!returned->status.n && !returned->diagnostic.n)
		report_say(report, returned, group->status); /* "Status: 553 too big" */
}

static void take(struct report *report, const struct group *group, size_t *found)
{
	struct text final = address_of(report->arena, group->final), original = address_of(report->arena, group->original);
	struct text address = final.n ? final : original;
	struct returned *returned;

	if (!text_trim(group->final).n && !text_trim(group->original).n && !text_trim(group->actual).n)
		return;
	if (original.n && !has_full_domain(address) && has_full_domain(original))
		address = original;
	if (!address.n)
		address = address_of(report->arena, group->actual);
	if (!address.n)
		address = local_name(group->final.n ? group->final : group->original);
	returned = report_add(report, address);
	if (!returned) {
		if (!report->unnamed.status.n)
			describe(report, group, &report->unnamed);
		return;
	}
	++*found;
	if (original.n && !address_same(original, returned->address))
		returned->original_address = original;
	describe(report, group, returned);
}

/* the place in the group of the field that begins in this line; NULL where it is another's, or no field */
static struct text *place_of(struct group *group, struct text line, struct text *value)
{
	struct text rest = line, name;

	if (!text_cut(&rest, ':', &name) || name.n > 40)
		return NULL;
	name = text_trim(name);
	*value = rest;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_same_word(name, names[i].name))
			return (struct text *)((char *)group + names[i].place);
	return NULL;
}

/* Two recipients may stand without an empty line between them. */
static bool is_next_recipient(const struct group *group, const struct text *place)
{
	return (place == &group->final && group->final.n) || (place == &group->original && group->original.n && (group->final.n || group->action.n));
}

/* Values are views of the text with the lines folded into them. */
struct reading {
	struct report *report;
	struct group group;
	struct text *place; /* of the field that is being read, NULL: of no interest */
	size_t found;
};

static void end_group(struct reading *reading)
{
	take(reading->report, &reading->group, &reading->found);
	reading->group = nothing;
	reading->place = NULL;
}

static void begin_field(struct reading *reading, struct text line)
{
	struct text value = TEXT_NONE, *place = place_of(&reading->group, line, &value);

	if (place && is_next_recipient(&reading->group, place))
		end_group(reading);
	reading->place = place && !place->n ? place : NULL;
	if (reading->place)
		*place = value;
}

size_t dsn_read_text(struct report *report, struct text text)
{
	struct reading reading = { .report = report, .group = nothing };
	struct text line;

	while (text_line(&text, &line) && report->count < RETURNED_MAX) {
		if (!text_trim(line).n)
			end_group(&reading);
		else if (line.p[0] != ' ' && line.p[0] != '\t')
			begin_field(&reading, line);
		else if (reading.place)
			*reading.place = text_between(reading.place->p, line.p + line.n);
	}
	end_group(&reading);
	return reading.found;
}

static bool is_status_part(const struct part *part)
{
	return !part->inside && part->kind == PART_LEAF &&
	       (text_is(part->type, TEXT("message/delivery-status")) || text_is(part->type, TEXT("message/global-delivery-status")) ||
		text_is(part->type, TEXT("text/delivery-status")) || text_is(part->type, TEXT("message/delivery_status")));
}

/* what came back, where the boundary before it is broken */
static void find_original(struct report *report, struct text text)
{
	const char *at = memmem(text.p, text.n, "\nReturn-Path: ", 14);

	at = at ? at : memmem(text.p, text.n, "\nReceived: ", 11);
	if (at && report->original < 0 && !report->original_text.n)
		report->original_text = text_between(at + 1, text.p + text.n);
}

bool dsn_read(struct report *report)
{
	size_t found = 0;
	const char *at;

	for (int i = 1; i < message_parts(report->message); i++)
		if (is_status_part(message_part(report->message, i))) {
			found += dsn_read_text(report, message_text(report->message, i));
			find_original(report, message_text(report->message, i));
		}
	if (!found && (at = text_seek(report->words, "final-recipient:")))
		found = dsn_read_text(report, text_between(at, report->words.p + report->words.n));
	return found > 0;
}
