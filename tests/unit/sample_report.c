/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "event/accounts.h"

#define COUNT(items) (sizeof(items) / sizeof *(items))

static int64_t at(int day, int hour, int minute, int second)
{
	return when_from_civil(&(struct civil){ 2024, 3, day, hour, minute, second });
}

static struct ip ip_of(const char *text)
{
	struct ip ip = { { 0 } };

	if (!ip_parse(text_of(text), &ip))
		abort();
	return ip;
}

/* in the words of the evidence room, and so in the reader's language */
__attribute__((format(printf, 5, 6))) static void evidence(struct incident *incident, const char *signal, double bits, int64_t at_us,
							   const char *format, ...)
{
	size_t n = incident->evidence_count;
	va_list args;

	incident->evidence = memory_resize(incident->evidence, n + 1, sizeof *incident->evidence);
	incident->evidence_count++;
	incident->evidence[n] = (struct incident_evidence){ .signal = signal, .bits = bits, .at_us = at_us };
	va_start(args, format);
	vsnprintf(incident->evidence[n].text, sizeof incident->evidence[n].text, _(format), args);
	va_end(args);
	incident->bits += bits;
}

static struct incident_source *source(struct incident *incident, struct ip ip, const char *country, uint32_t asn, const char *network)
{
	size_t n = incident->source_count;

	incident->sources = memory_resize(incident->sources, n + 1, sizeof *incident->sources);
	incident->source_count++;
	incident->sources[n] = (struct incident_source){
		.ip = ip, .place = { .asn = asn }, .first_us = incident->first_abuse_us, .last_us = incident->last_abuse_us,
		.attacker = true, .logins = 1,
	};
	memcpy(incident->sources[n].place.country, country, strlen(country));
	snprintf(incident->sources[n].network, sizeof incident->sources[n].network, "%s", network);
	return &incident->sources[n];
}

static const struct where {
	const char *country;
	uint32_t asn;
	const char *network;
	uint32_t addresses, messages;
} wheres[] = {
	{ "BR", 64496, "Exemplo Telecom do Brasil S.A.", 9, 131 }, { "VN", 64497, "Example Post and Telecom Group", 7, 118 },
	{ "IN", 64498, "Example Broadband Ltd", 6, 97 },           { "US", 64499, "Example Hosting LLC", 4, 212 },
	{ "NL", 64500, "Example Servers B.V.", 3, 240 },           { "TR", 64501, "Ornek Telekom", 3, 60 },
	{ "ID", 64502, "PT Contoh Jaringan Nusantara", 2, 55 },    { "CN", 64503, "Example Backbone", 2, 31 },
	{ "AR", 64504, "Ejemplo Cable", 1, 40 },                   { "ZA", 64505, "Example Mobile (Pty) Ltd", 1, 22 },
	{ "", 0, "", 1, 3 },
};

static void many_sources(struct incident *incident)
{
	uint32_t host = 1;

	for (size_t w = 0; w < COUNT(wheres); w++)
		for (uint32_t i = 0; i < wheres[w].addresses; i++, host++) {
			struct incident_source *one;
			char text[32];

			snprintf(text, sizeof text, "203.0.113.%u", host * 5);
			one = source(incident, ip_of(text), wheres[w].country, wheres[w].asn, wheres[w].network);
			one->messages = wheres[w].messages - i * 3;
			one->logins = 1 + one->messages / 40;
			one->recipients = one->messages * 15;
			one->first_us += (int64_t)host * 70 * SECOND_US;
			one->last_us -= (int64_t)(host * 131 % 4000) * SECOND_US;
		}
}

static void owners_source(struct incident *incident)
{
	struct incident_source *one = source(incident, ip_of("2001:db8:7:1::25"), "JP", 64510, "Example Internet Japan");

	one->attacker = false;
	one->familiar = true;
	one->logins = 61;
	one->messages = 14;
	one->first_us = at(1, 0, 12, 0);
	one->last_us = at(4, 8, 51, 7);
}

static void first_series(struct incident_series *series)
{
	series->start_us = at(3, 12, 0, 0);
	series->step_us = 10 * MINUTE_US;
	series->count = 144;
	for (size_t i = 0; i < series->count; i++) {
		series->owner[i] = i % 11 == 3 ? 1 + (uint32_t)(i % 3) : 0;
		if (i >= 90 && i < 106)
			series->attacker[i] = 60 + (uint32_t)((i * 7919) % 260);
		if (i == 88)
			series->attacker[i] = 1;
	}
}

static void queue_ids(struct incident *incident, size_t count)
{
	incident->queue_ids = memory_zero(count, sizeof *incident->queue_ids);
	incident->queue_id_count = count;
	for (size_t i = 0; i < count; i++) {
		char id[32];

		snprintf(id, sizeof id, "4TpX%02zuYz%zu", i % 100, i);
		incident->queue_ids[i] = memory_copy(id, strlen(id));
	}
}

static void hijacked(struct incident *incident)
{
	*incident = (struct incident){
		.account = 1, .name = "info@example.jp", .verdict = INCIDENT_HIJACKED, .opening = OPENING_GUESSED,
		.began_us = at(4, 2, 41, 19), .first_abuse_us = at(4, 2, 41, 19), .last_abuse_us = at(4, 5, 36, 42),
		.detected_us = at(4, 3, 1, 26), .messages = 3166, .recipients = 47490, .sent = 33127, .bounced = 12104,
		.deferred = 1911, .unfinished = 2259, .queued = 2259, .leaked_before_detection = 3, .owner_messages = 14, .returned = 862,
	};
	many_sources(incident);
	owners_source(incident);
	evidence(incident, "guessed", 8.6, at(4, 2, 41, 19), "the right password after wrong ones, from where passwords are being guessed");
	evidence(incident, "new_country", 7.4, at(4, 3, 1, 2), "logins from %u countries that are new for this account within %u minutes", 3u, 9u);
	evidence(incident, "rate", 6.9, at(4, 3, 2, 11), "%.0f recipients within an hour, where %.0f an hour are usual", 1140.0, 30.0);
	evidence(incident, "bounces", 4.1, at(4, 3, 4, 50), "%.0f of %.0f new recipients do not exist, where %.1f %% are usual", 312.0, 990.0, 1.0);
	evidence(incident, "refused", -0.8, at(4, 3, 1, 2), "other servers refuse its mail as spam");
	first_series(&incident->series);
	queue_ids(incident, 204);
}

static void suspected(struct incident *incident)
{
	*incident = (struct incident){
		.account = 2, .name = "o'brien.sales@shop.example.jp", .verdict = INCIDENT_SUSPECTED, .opening = OPENING_BLUE,
		.began_us = at(5, 14, 3, 0), .first_abuse_us = at(5, 14, 9, 30), .last_abuse_us = at(5, 14, 52, 1),
		.detected_us = WHEN_NONE, .messages = 41, .recipients = 41, .sent = 38, .bounced = 1, .deferred = 2, .unfinished = 2, .queued = 2,
		.partial = true,
	};
	source(incident, ip_of("198.51.100.77"), "DE", 64511, "Beispiel Rechenzentrum GmbH")->messages = 41;
	owners_source(incident);
	evidence(incident, "new_network", 4.4, at(5, 14, 3, 0), "login from a network that is new for this account");
	evidence(incident, "refused", 1.9, at(5, 14, 3, 0), "other servers refuse its mail as spam");
	incident->series = (struct incident_series){ .start_us = at(5, 14, 0, 0), .step_us = 5 * MINUTE_US, .count = 12 };
	incident->series.attacker[2] = 9;
	incident->series.attacker[5] = 17;
	incident->series.attacker[10] = 15;
	queue_ids(incident, 2);
}

static void others(struct report *report)
{
	static const char *opened[] = { "info@example.jp", "scan@example.jp" };
	static struct report_file files[] = {
		{ .path = "/var/log/mail.log", .lines = 402133, .bytes = 61204411, .unparsed = 12, .foreign = 2011 },
		{ .path = "/var/log/mail.log.1", .lines = 981204, .bytes = 148811200, .unparsed = 40, .foreign = 6120 },
		{ .path = "/var/log/mail.log.2.gz", .lines = 77012, .bytes = 11904000, .unparsed = 1, .foreign = 90,
		  .error = "the gzip data ends too early" },
	};
	static struct report_guess guessing[2];
	static struct report_spoofed spoofed[] = { { "president@example.jp", 1204, 0, 0 } };
	static struct report_local_sender senders[] = { { "root", false, 12, 12, 0, false }, { "33", true, 5120, 5120, 1417, true },
							{ "forward@example.jp", false, 81, 81, 3, false } };
	static struct report_top_sender top[] = { { "info@example.jp", 3180, 47504, 12104, true },
						  { "newsletter@example.jp", 4, 8120, 66, false },
						  { "office@example.jp", 611, 940, 5, false } };

	guessing[0] = (struct report_guess){ ip_of("192.0.2.0"), true, { { 'R', 'U' }, 64509 }, "Primer Hosting", 811, 9044,
					     at(2, 22, 0, 0), at(4, 2, 41, 19), opened, 2 };
	guessing[1] = (struct report_guess){ ip_of("2001:db8:ffff::1"), false, { { 0, 0 }, 0 }, "", 1, 77, at(3, 1, 0, 0),
					     at(3, 1, 9, 12), NULL, 0 };
	spoofed[0].first_us = at(3, 20, 1, 0);
	spoofed[0].last_us = at(5, 23, 58, 0);
	report->files = files, report->file_count = COUNT(files);
	report->guessing = guessing, report->guess_count = COUNT(guessing);
	report->spoofed = spoofed, report->spoofed_count = COUNT(spoofed);
	report->local_senders = senders, report->local_sender_count = COUNT(senders);
	report->top_senders = top, report->top_sender_count = COUNT(top);
}

void sample_report(struct report *report)
{
	*report = (struct report){
		.lines = 1460349, .bytes = 221919611, .unparsed = 53, .foreign = 8221, .events = 911204,
		.first_us = at(1, 0, 0, 3), .last_us = at(6, 9, 30, 0),
		.since_us = WHEN_NONE, .seconds = 0.84, .accounts = 1288, .mta = REPORT_POSTFIX,
		.dovecot = true,
		.geo = { "/usr/share/libloc-location/location.db", at(1, 0, 0, 0) - 490 * DAY_US, true, true, "location update" },
		.incidents = memory_zero(2, sizeof *report->incidents), .incident_count = 2,
	};
	hijacked(&report->incidents[0]);
	suspected(&report->incidents[1]);
	others(report);
}

void sample_report_empty(struct report *report)
{
	static struct report_file file = { .path = "-", .lines = 48211, .bytes = 6200000, .foreign = 11 };

	*report = (struct report){
		.files = &file, .file_count = 1, .lines = 48211, .bytes = 6200000, .foreign = 11, .events = 30112, .first_us = at(1, 0, 0, 0),
		.last_us = at(5, 23, 59, 59), .since_us = WHEN_NONE, .seconds = 0.1, .accounts = 312, .geo = { .made_us = WHEN_NONE },
	};
}

static void hostile_incident(struct incident *incident)
{
	static char huge[ACCOUNT_NAME_MAX + 1];

	memset(huge, 'w', ACCOUNT_NAME_MAX);
	*incident = (struct incident){
		.name = huge, .verdict = INCIDENT_HIJACKED, .began_us = WHEN_NONE, .first_abuse_us = WHEN_NONE,
		.last_abuse_us = WHEN_NONE, .detected_us = WHEN_NONE, .same_source = true,
	};
	source(incident, (struct ip){ { 0 } }, "", 0, "\033[31m<b>&'\"\xff\xe2\x80\xae");
	incident->sources[0].messages = 1;
	evidence(incident, "<signal>", 1e9, WHEN_NONE, "%s", "<img src=x onerror=alert(1)>\033]0;title\007\n");
}

void sample_report_hostile(struct report *report)
{
	static const char *opened[] = { "-rf <script>'\"$(reboot)`\\@x", "b@x" };
	static struct report_guess guess = { .place = { { '<', '"' }, UINT32_MAX }, .first_us = WHEN_NONE, .last_us = WHEN_NONE,
					     .opened = opened, .opened_count = 2 };
	static struct report_spoofed spoofed = { "\033[2J\x9b" "31m@\xc3\x28", 0, WHEN_NONE, WHEN_NONE };
	static struct report_local_sender sender = { "99999999999999999999", true, 0, 0, 0, true };
	static struct report_top_sender top = { "</td></table>&amp;", 0, 0, 0, false };
	static struct report_file file = { .path = "\033]52;c;eA==\007/\xff\xfe<log>", .error = "]]><script>\x01" };

	sample_report_empty(report);
	report->incidents = memory_zero(2, sizeof *report->incidents);
	report->incident_count = 2;
	hostile_incident(&report->incidents[0]);
	report->incidents[1] = (struct incident){
		.name = opened[0], .verdict = INCIDENT_HIJACKED, .opening = OPENING_SPRAYED, .began_us = at(1, 0, 0, 0),
		.first_abuse_us = at(1, 0, 0, 0), .last_abuse_us = at(1, 0, 0, 0), .detected_us = at(1, 0, 0, 0), .messages = 1,
		.recipients = UINT32_MAX, .queue_ids = memory_zero(1, sizeof(char *)), .queue_id_count = 1,
	};
	report->incidents[1].queue_ids[0] = memory_copy("'; reboot #", 11);
	report->guessing = &guess, report->guess_count = 1;
	report->spoofed = &spoofed, report->spoofed_count = 1;
	report->local_senders = &sender, report->local_sender_count = 1;
	report->top_senders = &top, report->top_sender_count = 1;
	report->files = &file;
	report->dovecot = true;
}

void sample_report_done(struct report *report)
{
	for (size_t i = 0; i < report->incident_count; i++)
		incident_done(&report->incidents[i]);
	free(report->incidents);
	*report = (struct report){ 0 };
}
