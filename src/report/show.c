/* SPDX-License-Identifier: Apache-2.0 */
#include "report/show.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/utf8.h"

char *show_format(const char *format, ...)
{
	va_list args, again;
	char *text;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	text = memory_new((size_t)(n > 0 ? n : 0) + 1);
	if (vsnprintf(text, (size_t)(n > 0 ? n : 0) + 1, format, again) < 0)
		*text = '\0';
	va_end(again);
	va_end(args);
	return text;
}

const char *show_count(struct shown *to, uint64_t count)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
	char *p = to->text;

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p = '\0';
	return to->text;
}

/* one digit behind the point, whatever the locale's point is */
static void tenths(char *to, size_t size, const char *sign, double value)
{
	long long t = llround(fabs(value) * 10);

	snprintf(to, size, "%s%lld.%lld", t ? sign : "", t / 10, t % 10);
}

const char *show_bits(struct shown *to, double bits, bool sign)
{
	if (!isfinite(bits) || fabs(bits) > 1e6)
		bits = bits > 0 ? 1e6 : 0;
	tenths(to->text, sizeof to->text, bits < 0 ? "-" : sign ? "+" : "", bits);
	return to->text;
}

const char *show_seconds(struct shown *to, double seconds)
{
	if (!isfinite(seconds) || seconds < 0 || seconds > 1e9)
		seconds = 0;
	tenths(to->text, sizeof to->text, "", seconds);
	return to->text;
}

const char *show_bytes(struct shown *to, uint64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 1000 && unit < 4; unit++)
		value /= 1000;
	if (unit == 0 || value >= 100)
		snprintf(to->text, sizeof to->text, "%lld %s", llround(value), units[unit]);
	else
		tenths(to->text, sizeof to->text, "", value);
	if (unit && value < 100)
		snprintf(to->text + strlen(to->text), 8, " %s", units[unit]);
	return to->text;
}

const char *show_share(struct shown *to, uint64_t part, uint64_t whole)
{
	double share;

	part = part < whole ? part : whole;
	share = whole ? 100.0 * (double)part / (double)whole : 0;
	/* all and nothing are said only of all and nothing */
	if (part < whole && share > 99.9)
		share = 99.9;
	if (part && share < 0.1)
		share = 0.1;
	if (!whole)
		snprintf(to->text, sizeof to->text, "-");
	else if (part == whole)
		snprintf(to->text, sizeof to->text, "100%%");
	else if (!part)
		snprintf(to->text, sizeof to->text, "0%%");
	else
		tenths(to->text, sizeof to->text, "", share);
	if (whole && part && part != whole)
		snprintf(to->text + strlen(to->text), 4, "%%");
	return to->text;
}

const char *show_time(struct shown *to, int64_t t_us)
{
	char text[WHEN_TEXT_MAX];

	if (t_us == WHEN_NONE) {
		snprintf(to->text, sizeof to->text, "%s", _("unknown"));
		return to->text;
	}
	when_format(t_us, text);
	if (strlen(text) > 10 && text[10] == 'T')
		text[10] = ' ';
	snprintf(to->text, sizeof to->text, "%s", text);
	return to->text;
}

/* the day is said once where both are of one day */
const char *show_range(struct shown *to, int64_t first_us, int64_t last_us)
{
	const char *first = show_time(SHOWN, first_us), *last = show_time(SHOWN, last_us);

	if (first_us == WHEN_NONE || last_us == WHEN_NONE) {
		snprintf(to->text, sizeof to->text, "%s", first_us == WHEN_NONE ? last : first);
		return to->text;
	}
	if (strlen(first) > 11 && strlen(last) > 11 && memcmp(first, last, 11) == 0)
		last += 11;
	/* TRANSLATORS: from one point in time to another */
	snprintf(to->text, sizeof to->text, _("%s to %s"), first, last);
	return to->text;
}

const char *show_span(struct shown *to, int64_t span_us)
{
	long long s = span_us > 0 ? (long long)(span_us / SECOND_US) : 0;

	if (s < 120)
		snprintf(to->text, sizeof to->text, _("%lld s"), s);
	else if (s < 2 * 86400 && s % 3600 == 0)
		snprintf(to->text, sizeof to->text, _("%lld h"), s / 3600);
	else if (s < 2 * 3600)
		snprintf(to->text, sizeof to->text, _("%lld min"), s / 60);
	else if (s < 2 * 86400)
		snprintf(to->text, sizeof to->text, _("%lld h %02lld min"), s / 3600, s / 60 % 60);
	else if (s < 10 * 86400)
		snprintf(to->text, sizeof to->text, _("%lld days %lld h"), s / 86400, s / 3600 % 24);
	else
		snprintf(to->text, sizeof to->text, _("%lld days"), s / 86400);
	return to->text;
}

const char *show_name(struct shown *to, const char *name, unsigned columns)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	struct utf8_step step;
	size_t n = 0, fits = 0; /* fits: bytes that leave room for the ellipsis */
	unsigned used = 0;

	name = name ? name : "";
	for (utf8_step(name, &step); step.used; utf8_step(name += step.used, &step)) {
		size_t bytes = strlen(step.shown);

		if (used + step.columns > columns || n + bytes + sizeof ellipsis > sizeof to->text) {
			memcpy(to->text + fits, ellipsis, sizeof ellipsis);
			return to->text;
		}
		memcpy(to->text + n, step.shown, bytes);
		n += bytes;
		used += step.columns;
		if (used < columns)
			fits = n;
	}
	to->text[n] = '\0';
	return to->text;
}

const char *show_ip(struct shown *to, const struct ip *ip, bool block)
{
	char text[IP_TEXT_MAX];

	if (!ip_known(ip))
		snprintf(to->text, sizeof to->text, "%s", _("unknown"));
	else
		snprintf(to->text, sizeof to->text, "%s", block ? ip_format_block(ip, text) : ip_format(ip, text));
	return to->text;
}

const char *show_country_code(struct shown *to, const struct event_place *place)
{
	snprintf(to->text, sizeof to->text, "%.2s", place->country[0] ? place->country : "-");
	return to->text;
}

const char *show_country(struct shown *to, const struct event_place *place)
{
	const char *name = place->country[0] ? country_name(place->country) : _("unknown country");

	if (name)
		snprintf(to->text, sizeof to->text, "%s", name);
	else
		show_country_code(to, place);
	return to->text;
}

const char *show_network(struct shown *to, const struct event_place *place, const char *network, unsigned columns)
{
	const char *name = show_name(SHOWN, network, columns);

	if (place->asn && *name)
		snprintf(to->text, sizeof to->text, "AS%u %s", place->asn, name);
	else if (place->asn)
		snprintf(to->text, sizeof to->text, "AS%u", place->asn);
	else
		snprintf(to->text, sizeof to->text, "%s", name);
	return to->text;
}
