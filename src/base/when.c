/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"

#include <stdio.h>
#include <time.h>

/* days since 1970-01-01, after H. Hinnant, "chrono-compatible low-level date algorithms" */
static int64_t days_from_civil(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t when_from_civil(const struct civil *c)
{
	int64_t days = days_from_civil(c->year, c->month, c->day);

	return (((days * 24 + c->hour) * 60 + c->minute) * 60 + c->second) * SECOND_US;
}

void when_to_civil(int64_t t_us, struct civil *c)
{
	int64_t s = t_us / SECOND_US - (t_us % SECOND_US < 0);
	int64_t days = s / 86400 - (s % 86400 < 0);
	int rest = (int)(s - days * 86400);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int of_era = (int)(z - era * 146097);
	int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int mp = (5 * of_year + 2) / 153;

	c->day = of_year - (153 * mp + 2) / 5 + 1;
	c->month = mp < 10 ? mp + 3 : mp - 9;
	c->year = (int)(year_of_era + era * 400) + (c->month <= 2);
	c->hour = rest / 3600;
	c->minute = rest / 60 % 60;
	c->second = rest % 60;
}

/* exactly `digits` decimal digits at p */
static bool digits(const char *p, size_t count, int least, int most, int *value)
{
	int v = 0;

	for (size_t i = 0; i < count; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		v = v * 10 + (p[i] - '0');
	}
	if (v < least || v > most)
		return false;
	*value = v;
	return true;
}

static size_t parse_fraction(struct text t, int64_t *us)
{
	size_t i = 1;
	int64_t scale = 100000;

	*us = 0;
	if (t.n < 2 || (t.p[0] != '.' && t.p[0] != ',') || t.p[1] < '0' || t.p[1] > '9')
		return 0;
	for (; i < t.n && t.p[i] >= '0' && t.p[i] <= '9'; i++, scale /= 10)
		*us += (t.p[i] - '0') * scale;
	return i;
}

static size_t parse_offset(struct text t, int *offset_s)
{
	int hours, minutes;
	size_t colon;

	if (t.n >= 1 && (t.p[0] == 'Z' || t.p[0] == 'z')) {
		*offset_s = 0;
		return 1;
	}
	if (t.n < 5 || (t.p[0] != '+' && t.p[0] != '-'))
		return 0;
	colon = t.p[3] == ':';
	if (t.n < 5 + colon || !digits(t.p + 1, 2, 0, 23, &hours) || !digits(t.p + 3 + colon, 2, 0, 59, &minutes))
		return 0;
	*offset_s = (hours * 3600 + minutes * 60) * (t.p[0] == '-' ? -1 : 1);
	return 5 + colon;
}

bool when_parse_rfc3339(struct text t, int offset_s, int64_t *t_us, size_t *used)
{
	struct civil c;
	int64_t fraction;
	size_t at = 19;

	if (t.n < at || t.p[4] != '-' || t.p[7] != '-' || (t.p[10] != 'T' && t.p[10] != ' ' && t.p[10] != 't') ||
	    t.p[13] != ':' || t.p[16] != ':')
		return false;
	if (!digits(t.p, 4, 1970, 9999, &c.year) || !digits(t.p + 5, 2, 1, 12, &c.month) ||
	    !digits(t.p + 8, 2, 1, 31, &c.day) || !digits(t.p + 11, 2, 0, 23, &c.hour) ||
	    !digits(t.p + 14, 2, 0, 59, &c.minute) || !digits(t.p + 17, 2, 0, 60, &c.second))
		return false;
	at += parse_fraction(text_after(t, at), &fraction);
	at += parse_offset(text_after(t, at), &offset_s);
	*t_us = when_from_civil(&c) + fraction - offset_s * SECOND_US;
	*used = at;
	return true;
}

static bool parse_date(struct text t, int offset_s, int64_t *t_us)
{
	struct civil c = { 0 };

	if (t.n != 10 || t.p[4] != '-' || t.p[7] != '-' || !digits(t.p, 4, 1970, 9999, &c.year) ||
	    !digits(t.p + 5, 2, 1, 12, &c.month) || !digits(t.p + 8, 2, 1, 31, &c.day))
		return false;
	*t_us = when_from_civil(&c) - offset_s * SECOND_US;
	return true;
}

static int64_t unit_us(struct text word)
{
	static const struct { const char *name; int64_t us; } units[] = {
		{ "s", SECOND_US }, { "second", SECOND_US }, { "seconds", SECOND_US },
		{ "m", MINUTE_US }, { "min", MINUTE_US },    { "minute", MINUTE_US },  { "minutes", MINUTE_US },
		{ "h", HOUR_US },   { "hour", HOUR_US },     { "hours", HOUR_US },
		{ "d", DAY_US },    { "day", DAY_US },       { "days", DAY_US },
		{ "w", 7 * DAY_US }, { "week", 7 * DAY_US }, { "weeks", 7 * DAY_US },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text_is(word, text_of(units[i].name)))
			return units[i].us;
	return 0;
}

static bool parse_ago(struct text t, int64_t now_us, int64_t *t_us)
{
	size_t n = 0;
	uint64_t count;
	int64_t unit;

	while (n < t.n && t.p[n] >= '0' && t.p[n] <= '9')
		n++;
	if (!text_number(text_head(t, n), 1000000, &count))
		return false;
	t = text_trim(text_after(t, n));
	if (text_ends(t, TEXT("ago")))
		t = text_trim(text_head(t, t.n - 3));
	unit = unit_us(t);
	if (!unit)
		return false;
	*t_us = now_us - (int64_t)count * unit;
	return true;
}

bool when_parse_people(struct text t, int64_t now_us, int offset_s, int64_t *t_us)
{
	size_t used;
	int64_t parsed;

	t = text_trim(t);
	if (when_parse_rfc3339(t, offset_s, &parsed, &used) && used == t.n) {
		*t_us = parsed;
		return true;
	}
	return parse_date(t, offset_s, t_us) || parse_ago(t, now_us, t_us);
}

int when_local_offset(int64_t t_us)
{
	time_t s = (time_t)(t_us / SECOND_US);
	struct tm local;

	return localtime_r(&s, &local) ? (int)local.tm_gmtoff : 0;
}

char *when_format(int64_t t_us, char to[WHEN_TEXT_MAX])
{
	struct civil c;
	int offset = when_local_offset(t_us), minutes = (offset < 0 ? -offset : offset) / 60;

	if (t_us == WHEN_NONE) {
		snprintf(to, WHEN_TEXT_MAX, "-");
		return to;
	}
	when_to_civil(t_us + offset * SECOND_US, &c);
	snprintf(to, WHEN_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year, c.month, c.day, c.hour,
		 c.minute, c.second, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
	return to;
}

char *when_format_span(int64_t span_us, char to[WHEN_TEXT_MAX])
{
	long long s = (long long)(span_us / SECOND_US);

	if (s < 120)
		snprintf(to, WHEN_TEXT_MAX, "%lld s", s);
	else if (s < 2 * 3600)
		snprintf(to, WHEN_TEXT_MAX, "%lld min", s / 60);
	else if (s < 2 * 86400)
		snprintf(to, WHEN_TEXT_MAX, "%lld h %02lld min", s / 3600, s / 60 % 60);
	else
		snprintf(to, WHEN_TEXT_MAX, "%lld d %lld h", s / 86400, s / 3600 % 24);
	return to;
}
