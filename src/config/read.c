/* SPDX-License-Identifier: Apache-2.0 */
#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "config/setting.h"
#include "config/wash.h"
#include "configuration.h"

enum { NAME_SHOWN_MAX = 64, NAMES_ALIKE = 3 /* letters that may differ for "did you mean" */ };

/* libconfuse hands no pointer of ours to its callbacks, and its lexer is global anyway */
static struct reader {
	const char *file;
	struct config *config;
	struct error *error;
	bool failed; /* the first fault is the one that is told */
} *reading;

static void say(uint32_t line, const char *what)
{
	if (!reading->failed)
		error_set(reading->error, "%s:%u: %s", reading->file, line, what);
	reading->failed = true;
}

/* how many letters to put in, take out or change to get from one name to the other */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_SHOWN_MAX + 1], n = strlen(b), before, old;

	if (strlen(a) > NAME_SHOWN_MAX || n > NAME_SHOWN_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		before = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			old = row[j];
			row[j] = before + (a[i - 1] != b[j - 1]);
			if (row[j] > old + 1)
				row[j] = old + 1;
			if (row[j] > row[j - 1] + 1)
				row[j] = row[j - 1] + 1;
			before = old;
		}
	}
	return row[n];
}

static const char *nearest(const char *name)
{
	const char *best = NULL;
	size_t least = NAMES_ALIKE + 1, d;

	for (size_t i = 0; i < settings_count; i++) {
		d = distance(name, settings[i].name);
		if (d < least) {
			least = d;
			best = settings[i].name;
		}
	}
	return best;
}

static void say_unknown(uint32_t line, const char *name)
{
	const char *meant = nearest(name);
	char what[256];

	if (meant)
		snprintf(what, sizeof what, _("unknown setting '%.*s', did you mean '%s'?"), NAME_SHOWN_MAX, name,
			 meant);
	else
		snprintf(what, sizeof what, _("unknown setting '%.*s'"), NAME_SHOWN_MAX, name);
	say(line, what);
}

/* libconfuse's own words, but for names that it does not know */
static void on_error(cfg_t *cfg, const char *format, va_list args)
{
	char what[256];

	if (strcmp(format, dgettext("confuse", "no such option '%s'")) == 0) {
		say_unknown((uint32_t)cfg->line, va_arg(args, const char *));
		return;
	}
	vsnprintf(what, sizeof what, format, args);
	say((uint32_t)cfg->line, what);
}

static size_t row_of(const char *name)
{
	size_t row = 0;

	while (strcmp(settings[row].name, name) != 0)
		row++;
	return row;
}

/* libconfuse calls this for each value; in a list, nvalues counts this one already */
static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	size_t row = row_of(opt->name);
	uint32_t *line = &reading->config->lines[row];
	struct error why;

	if (*line && !(setting_is_list(&settings[row]) && opt->nvalues > 1))
		error_set(&why, _("'%s' is set twice, first in line %u"), opt->name, *line);
	else if (setting_take(&settings[row], text_of(value), setting_field(&settings[row], reading->config), &why)) {
		*line = *line ? *line : (uint32_t)cfg->line;
		*(const char **)result = value;
		return 0;
	}
	say((uint32_t)cfg->line, why.text);
	return 1;
}

static void parse(char *text)
{
	cfg_opt_t options[CONFIG_SETTINGS_MAX + 1] = { CFG_END() };
	const cfg_opt_t end = CFG_END();
	cfg_t *cfg;

	for (size_t i = 0; i < settings_count; i++) {
		const cfg_opt_t one = CFG_STR_CB(settings[i].name, NULL, CFGF_NODEFAULT, on_value);
		const cfg_opt_t list = CFG_STR_LIST_CB(settings[i].name, NULL, CFGF_NODEFAULT, on_value);

		options[i] = setting_is_list(&settings[i]) ? list : one;
	}
	options[settings_count] = end;
	cfg = cfg_init(options, CFGF_NONE);
	if (!cfg)
		abort();
	cfg_set_error_function(cfg, on_error);
	if (cfg_parse_buf(cfg, text) != CFG_SUCCESS)
		say((uint32_t)cfg->line, _("this is not understood"));
	cfg_free(cfg);
}

/* what is locked was suspected and held before */
static void compare_limits(struct config *config)
{
	static const char *const lower[] = { "suspect_bits", "hold_bits" };
	size_t lock = row_of("lock_bits");
	char what[256];

	for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) {
		size_t row = row_of(lower[i]);
		double bits = *(const double *)setting_field(&settings[row], config);

		if (bits <= config->lock_bits)
			continue;
		snprintf(what, sizeof what, _("'%s' is %g, above 'lock_bits', which is %g"), lower[i], bits,
			 config->lock_bits);
		say(config->lines[row] ? config->lines[row] : config->lines[lock], what);
	}
}

bool config_is_set(const struct config *config, const char *setting) { return config->lines[row_of(setting)]; }

const char *config_place(const struct config *config, const char *setting, char to[CONFIG_PLACE_MAX])
{
	snprintf(to, CONFIG_PLACE_MAX, "%s:%u", config->file ? config->file : "-", config->lines[row_of(setting)]);
	return to;
}

bool config_misplaced(const struct config *config, const char *setting, struct error *error)
{
	char place[CONFIG_PLACE_MAX];
	struct error fault = *error;

	return error_set(error, "%s: %s: %s", config_place(config, setting, place), setting, fault.text);
}

static bool read_text(const char *file, char *text, size_t *bytes, struct error *error)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat about;
	ssize_t n = 0;

	if (fd < 0)
		return error_set(error, _("cannot read '%s': %s"), file, strerror(errno));
	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
		close(fd);
		return error_set(error, _("cannot read '%s': it is not a regular file"), file);
	}
	for (*bytes = 0; *bytes <= CONFIG_FILE_MAX; *bytes += (size_t)n) {
		n = read(fd, text + *bytes, CONFIG_FILE_MAX + 1 - *bytes);
		if (n <= 0)
			break;
	}
	close(fd);
	if (n < 0)
		return error_set(error, _("cannot read '%s': %s"), file, strerror(errno));
	if (*bytes > CONFIG_FILE_MAX)
		return error_set(error, _("cannot read '%s': it is larger than %d bytes"), file, CONFIG_FILE_MAX);
	text[*bytes] = '\0';
	return true;
}

static bool read_settings(const char *file, char *text, size_t bytes, struct config *config, struct error *error)
{
	struct reader reader = { .file = file, .config = config, .error = error };
	struct error why;
	uint32_t line = 1;

	reading = &reader;
	if (config_wash(text, bytes, &line, &why))
		parse(text);
	else
		say(line, why.text);
	if (!reader.failed)
		compare_limits(config);
	reading = NULL;
	config->file = memory_copy(file, strlen(file));
	return !reader.failed;
}

bool config_read(struct config *config, const char *file, struct error *error)
{
	const char *name = file ? file : SEKISHO_CONF_FILE;
	struct config fresh;
	size_t bytes = 0;
	char *text;
	bool done;

	config_init(&fresh);
	if (!file && access(name, F_OK) != 0 && errno == ENOENT) {
		config_done(config);
		*config = fresh;
		return true;
	}
	text = memory_new(CONFIG_FILE_MAX + 2);
	done = read_text(name, text, &bytes, error) && read_settings(name, text, bytes, &fresh, error);
	free(text);
	config_done(done ? config : &fresh);
	if (done)
		*config = fresh;
	return done;
}
