/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/journal.h"

#include "base/memory.h"
#include "base/when.h"

enum field { TIME, SOURCE_TIME, HOST, IDENTIFIER, COMM, SYSLOG_PID, PID, MESSAGE, FIELDS };

static const struct text names[FIELDS] = {
	[TIME] = { "__REALTIME_TIMESTAMP", sizeof "__REALTIME_TIMESTAMP" - 1 },
	[SOURCE_TIME] = { "_SOURCE_REALTIME_TIMESTAMP", sizeof "_SOURCE_REALTIME_TIMESTAMP" - 1 },
	[HOST] = { "_HOSTNAME", sizeof "_HOSTNAME" - 1 },
	[IDENTIFIER] = { "SYSLOG_IDENTIFIER", sizeof "SYSLOG_IDENTIFIER" - 1 },
	[COMM] = { "_COMM", sizeof "_COMM" - 1 },
	[SYSLOG_PID] = { "SYSLOG_PID", sizeof "SYSLOG_PID" - 1 },
	[PID] = { "_PID", sizeof "_PID" - 1 },
	[MESSAGE] = { "MESSAGE", sizeof "MESSAGE" - 1 },
};

struct journal_entry {
	bool known[FIELDS];
	size_t bytes[FIELDS];
	char small[MESSAGE][JOURNAL_NAME_MAX];
	char message[JOURNAL_FIELD_MAX];
};

struct journal_entry *journal_entry_new(void)
{
	return memory_zero(1, sizeof(struct journal_entry));
}

void journal_entry_free(struct journal_entry *entry)
{
	free(entry);
}

void journal_entry_clear(struct journal_entry *entry)
{
	memset(entry->known, 0, sizeof entry->known);
}

static enum field field_of(struct text name)
{
	int field = 0;

	while (field < FIELDS && !text_is(name, names[field]))
		field++;
	return (enum field)field;
}

bool journal_entry_wants(struct text name)
{
	return field_of(name) < FIELDS;
}

void journal_entry_put(struct journal_entry *entry, struct text name, struct text value)
{
	enum field field = field_of(name);
	size_t room = field == MESSAGE ? sizeof entry->message : JOURNAL_NAME_MAX;

	if (field >= FIELDS || entry->known[field])
		return;
	entry->known[field] = true;
	entry->bytes[field] = value.n < room ? value.n : room;
	memcpy(field == MESSAGE ? entry->message : entry->small[field], value.p, entry->bytes[field]);
}

static struct text value_of(const struct journal_entry *entry, enum field field, enum field or_else)
{
	if (!entry->known[field] || entry->bytes[field] == 0)
		field = or_else;
	return entry->known[field] ? (struct text){ entry->small[field], entry->bytes[field] } : TEXT_NONE;
}

/* ---- the line */

static char *put_time(char *to, uint64_t t_us)
{
	struct civil c;

	when_to_civil((int64_t)t_us, &c);
	return to + snprintf(to, 64, "%04d-%02d-%02dT%02d:%02d:%02d.%06u+00:00 ", c.year, c.month, c.day, c.hour,
			     c.minute, c.second, (unsigned)(t_us % (uint64_t)SECOND_US));
}

static char *put_name(char *to, struct text name, const char *also_bad)
{
	if (name.n == 0)
		*to++ = '-';
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		*to++ = c <= ' ' || c == 0x7f || strchr(also_bad, c) ? '?' : (char)c;
	}
	return to;
}

static char *put_pid(char *to, struct text pid)
{
	uint64_t number;

	return text_number(pid, UINT32_MAX, &number) ? to + snprintf(to, 16, "[%u]", (unsigned)number) : to;
}

static char *put_message(char *to, struct text message)
{
	for (size_t i = 0; i < message.n; i++) {
		unsigned char c = (unsigned char)message.p[i];

		*to++ = c < ' ' || c == 0x7f ? ' ' : (char)c;
	}
	return to;
}

size_t journal_entry_line(const struct journal_entry *entry, char *to)
{
	static const uint64_t last_us = 253402300799999999; /* of the year 9999 */
	char *at = to;
	uint64_t t_us;

	if (!entry->known[MESSAGE] || !text_number(value_of(entry, TIME, SOURCE_TIME), last_us, &t_us))
		return 0;
	at = put_time(at, t_us);
	at = put_name(at, value_of(entry, HOST, HOST), "");
	*at++ = ' ';
	at = put_name(at, value_of(entry, IDENTIFIER, COMM), "[]:");
	at = put_pid(at, value_of(entry, SYSLOG_PID, PID));
	*at++ = ':';
	*at++ = ' ';
	at = put_message(at, (struct text){ entry->message, entry->bytes[MESSAGE] });
	*at++ = '\n';
	return (size_t)(at - to);
}
