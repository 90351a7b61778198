/* SPDX-License-Identifier: Apache-2.0 */
/* Values of each type. Numbers are read and written without the locale's decimal comma: a file means the same
 * everywhere. */
#include <math.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/when.h"
#include "config/setting.h"

enum { SHOWN_MAX = 64 /* bytes of a faulty value that an error repeats */, DIGITS_MAX = 15, NUMBER_TEXT_MAX = 40 };

struct unit {
	const char *name;
	double factor;
};

static const struct unit no_units[] = { { NULL, 0 } };
/* smallest first, each a multiple of the one before */
static const struct unit byte_units[] = {
	{ "", 1 }, { "k", 1024.0 }, { "M", 1048576.0 }, { "G", 1073741824.0 }, { "T", 1099511627776.0 }, { NULL, 0 },
};
static const struct unit duration_units[] = {
	{ "s", SECOND_US }, { "min", MINUTE_US }, { "h", HOUR_US }, { "d", DAY_US }, { "w", 7 * DAY_US }, { NULL, 0 },
};

static const char *const type_names[] = {
	[SETTING_TEXT] = N_("text"),
	[SETTING_NUMBER] = N_("number"),
	[SETTING_COUNT] = N_("whole number"),
	[SETTING_BYTES] = N_("bytes, with k, M, G or T"),
	[SETTING_DURATION] = N_("time, in s, min, h, d or w"),
	[SETTING_ADDRESSES] = N_("list of addresses"),
	[SETTING_TEXTS] = N_("list of texts"),
};

/* what a faulty value should have been */
static const char *const wanted[] = {
	[SETTING_NUMBER] = N_("a number"),
	[SETTING_COUNT] = N_("a whole number"),
	[SETTING_BYTES] = N_("a size such as 512M"),
	[SETTING_DURATION] = N_("a time such as 90s"),
};

const char *setting_type_name(enum setting_type type)
{
	return _(type_names[type]);
}

static bool refuse(const struct setting *setting, struct text value, const char *what, struct error *error)
{
	if (value.n > SHOWN_MAX)
		value.n = SHOWN_MAX;
	return error_set(error, _("'%s' must be %s, not '%.*s'"), setting->name, what, TEXT_ARG(value));
}

/* digits, and a fraction after a point; *rest is what follows */
static bool take_decimal(struct text value, double *number, struct text *rest)
{
	double sum = 0, place = 1;
	size_t digits = 0, i;
	bool point = false;

	for (i = 0; i < value.n && digits <= DIGITS_MAX; i++) {
		if (value.p[i] == '.' && !point && digits) {
			point = true;
			continue;
		}
		if (value.p[i] < '0' || value.p[i] > '9')
			break;
		sum = sum * 10 + (value.p[i] - '0');
		place = point ? place * 10 : 1;
		digits++;
	}
	if (digits == 0 || digits > DIGITS_MAX || value.p[i - 1] == '.')
		return false;
	*number = sum / place;
	*rest = text_after(value, i);
	return true;
}

static bool take_unit(struct text name, const struct unit *units, double *factor)
{
	for (; units->name; units++) {
		if (name.n == strlen(units->name) && strncasecmp(name.p, units->name, name.n) == 0) {
			*factor = units->factor;
			return true;
		}
	}
	return false;
}

static const struct unit *units_of(enum setting_type type)
{
	return type == SETTING_BYTES ? byte_units : type == SETTING_DURATION ? duration_units : no_units;
}

static bool take_number(const struct setting *setting, struct text value, double *number, struct error *error)
{
	const struct unit *units = units_of(setting->type);
	double factor = 1, read;
	struct text unit;

	if (!take_decimal(value, &read, &unit) ||
	    (units->name ? !take_unit(text_trim(unit), units, &factor) : unit.n > 0))
		return refuse(setting, value, _(wanted[setting->type]), error);
	read *= factor;
	if (setting->type != SETTING_NUMBER && read != floor(read))
		return refuse(setting, value, _("a whole number"), error);
	*number = read;
	return true;
}

static bool set_number(const struct setting *setting, struct text value, void *field, struct error *error)
{
	char limits[SETTING_LIMITS_MAX];
	double number = 0;

	if (!take_number(setting, value, &number, error))
		return false;
	if (number < setting->least || number > setting->most)
		return refuse(setting, value, setting_limits(setting, limits), error);
	if (setting->type == SETTING_NUMBER)
		*(double *)field = number;
	else if (setting->type == SETTING_COUNT)
		*(uint64_t *)field = (uint64_t)number;
	else
		*(int64_t *)field = (int64_t)number;
	return true;
}

/* the one text that is put behind names: "@example.org" would make alice@@example.org of alice, and nobody be found */
static bool is_no_domain(const struct setting *setting, struct text value)
{
	return strcmp(setting->name, "default_domain") == 0 &&
	       (text_find(value, '@') < value.n || text_find(value, ' ') < value.n || text_find(value, '\t') < value.n);
}

static bool set_text(const struct setting *setting, struct text value, char **field, struct error *error)
{
	if (is_no_domain(setting, value))
		return refuse(setting, value, _("a domain such as example.org"), error);
	if (value.n > CONFIG_TEXT_MAX)
		return error_set(error, _("'%s' is longer than %d bytes"), setting->name, CONFIG_TEXT_MAX);
	free(*field);
	*field = memory_copy(value.p, value.n);
	return true;
}

static bool list_full(const struct setting *setting, size_t count, struct error *error)
{
	if (count < CONFIG_LIST_MAX)
		return false;
	error_set(error, _("'%s' has more than %d values"), setting->name, CONFIG_LIST_MAX);
	return true;
}

static bool add_address(const struct setting *setting, struct text value, struct config_addresses *list,
			struct error *error)
{
	struct ip ip;

	if (list_full(setting, list->count, error))
		return false;
	if (!ip_parse(value, &ip))
		return refuse(setting, value, _("an address of IPv4 or IPv6"), error);
	MEMORY_ROOM(list->items, list->count, list->room);
	list->items[list->count++] = ip;
	return true;
}

static bool add_text(const struct setting *setting, struct text value, struct config_texts *list, struct error *error)
{
	char *text = NULL;

	if (list_full(setting, list->count, error) || !set_text(setting, value, &text, error))
		return false;
	MEMORY_ROOM(list->items, list->count, list->room);
	list->items[list->count++] = text;
	return true;
}

bool setting_take(const struct setting *setting, struct text value, void *field, struct error *error)
{
	switch (setting->type) {
	case SETTING_TEXT:
		return set_text(setting, value, field, error);
	case SETTING_ADDRESSES:
		return add_address(setting, value, field, error);
	case SETTING_TEXTS:
		return add_text(setting, value, field, error);
	default:
		return set_number(setting, value, field, error);
	}
}

void setting_clear(const struct setting *setting, void *field)
{
	struct config_addresses *addresses = field;
	struct config_texts *texts = field;

	if (setting->type == SETTING_TEXT) {
		free(*(char **)field);
		*(char **)field = NULL;
	} else if (setting->type == SETTING_ADDRESSES) {
		free(addresses->items);
		*addresses = (struct config_addresses){ 0 };
	} else if (setting->type == SETTING_TEXTS) {
		for (size_t i = 0; i < texts->count; i++)
			free(texts->items[i]);
		free(texts->items);
		*texts = (struct config_texts){ 0 };
	}
}

static void write_quoted(const char *text, FILE *out)
{
	putc('"', out);
	for (; *text; text++) {
		if (strchr("\"\\$", *text))
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

/* up to six digits of fraction, as far as there are any */
static void format_decimal(double number, const char *unit, char to[NUMBER_TEXT_MAX])
{
	uint64_t millionths = (uint64_t)llround(number * 1e6);
	size_t n = (size_t)snprintf(to, NUMBER_TEXT_MAX, "%llu.%06u", (unsigned long long)(millionths / 1000000),
				    (unsigned)(millionths % 1000000));

	while (to[n - 1] == '0')
		n--;
	if (to[n - 1] == '.')
		n--;
	snprintf(to + n, NUMBER_TEXT_MAX - n, "%s", unit);
}

/* in the largest unit that leaves no fraction */
static char *format_number(const struct setting *setting, double number, char to[NUMBER_TEXT_MAX])
{
	const struct unit *unit = units_of(setting->type), *best = unit;
	uint64_t whole = (uint64_t)number;

	for (; unit->name; unit++)
		if (whole && whole % (uint64_t)unit->factor == 0)
			best = unit;
	format_decimal(best->name ? number / best->factor : number, best->name ? best->name : "", to);
	return to;
}

char *setting_limits(const struct setting *setting, char to[SETTING_LIMITS_MAX])
{
	char least[NUMBER_TEXT_MAX], most[NUMBER_TEXT_MAX];

	snprintf(to, SETTING_LIMITS_MAX, _("from %s to %s"), format_number(setting, setting->least, least),
		 format_number(setting, setting->most, most));
	return to;
}

static void write_addresses(const struct config_addresses *list, FILE *out)
{
	char text[IP_TEXT_MAX];

	putc('{', out);
	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "%s%s", i ? ", " : " ", ip_format(&list->items[i], text));
	fputs(" }", out);
}

static void write_texts(const struct config_texts *list, FILE *out)
{
	putc('{', out);
	for (size_t i = 0; i < list->count; i++) {
		fputs(i ? ", " : " ", out);
		write_quoted(list->items[i], out);
	}
	fputs(" }", out);
}

void setting_write(const struct setting *setting, const void *field, FILE *out)
{
	char number[NUMBER_TEXT_MAX];

	switch (setting->type) {
	case SETTING_TEXT:
		write_quoted(*(char *const *)field, out);
		break;
	case SETTING_NUMBER:
		fputs(format_number(setting, *(const double *)field, number), out);
		break;
	case SETTING_COUNT:
		fputs(format_number(setting, (double)*(const uint64_t *)field, number), out);
		break;
	case SETTING_BYTES:
	case SETTING_DURATION:
		fputs(format_number(setting, (double)*(const int64_t *)field, number), out);
		break;
	case SETTING_ADDRESSES:
		write_addresses(field, out);
		break;
	case SETTING_TEXTS:
		write_texts(field, out);
		break;
	}
}
