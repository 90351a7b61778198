/* SPDX-License-Identifier: Apache-2.0 */
/* The table for people. Text of the table and of files goes out line by line; nothing here is measured or cut. */
#include "base/i18n.h"
#include "config/setting.h"

enum { SAMPLE_WIDTH = 78 };

/* "number (bits), from 1 to 100" */
static void write_kind(const struct setting *setting, FILE *out)
{
	char limits[SETTING_LIMITS_MAX];

	fputs(setting_type_name(setting->type), out);
	if (setting->unit)
		fprintf(out, " (%s)", _(setting->unit));
	if (setting->most > 0)
		fprintf(out, ", %s", setting_limits(setting, limits));
}

/* broken at blanks; text without blanks, such as Japanese, is left to the reader's screen */
static void write_comment(struct text sentence, FILE *out)
{
	size_t column = 0; /* of the line; 0 before the first */
	struct text word;

	while (sentence.n) {
		if (!text_cut(&sentence, ' ', &word)) {
			word = sentence;
			sentence.n = 0;
		}
		if (!column || column + 1 + word.n > SAMPLE_WIDTH) {
			fputs(column ? "\n#" : "#", out);
			column = 1;
		}
		fprintf(out, " %.*s", TEXT_ARG(word));
		column += 1 + word.n;
	}
	putc('\n', out);
}

void config_write_sample(FILE *out)
{
	struct config usual;

	config_init(&usual);
	write_comment(text_of(_("Settings of sekisho. Each line shows a default: take away the # and change it.")),
		      out);
	for (size_t i = 0; i < settings_count; i++) {
		putc('\n', out);
		write_comment(text_of(_(settings[i].sentence)), out);
		fputs("# ", out);
		write_kind(&settings[i], out);
		fprintf(out, "\n#%s = ", settings[i].name);
		setting_write(&settings[i], setting_field(&settings[i], &usual), out);
		putc('\n', out);
	}
	config_done(&usual);
}

/* a backslash anywhere, and a point or quote at the start of a line, mean something to roff */
static void write_roff(const char *text, FILE *out)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			putc(*text, out);
	}
}

static void write_manual_row(const struct setting *setting, const void *usual, FILE *out)
{
	char *text = NULL;
	size_t n;
	FILE *memory = open_memstream(&text, &n);

	if (!memory)
		abort();
	fprintf(memory, "%s: ", _("Type"));
	write_kind(setting, memory);
	fprintf(memory, ". %s: ", _("Default"));
	setting_write(setting, usual, memory);
	fclose(memory);
	fprintf(out, ".It Ic %s\n", setting->name);
	write_roff(_(setting->sentence), out);
	fputs("\n.br\n", out);
	write_roff(text, out);
	putc('\n', out);
	free(text);
}

void config_write_manual(FILE *out)
{
	struct config usual;

	config_init(&usual);
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < settings_count; i++)
		write_manual_row(&settings[i], setting_field(&settings[i], &usual), out);
	fputs(".El\n", out);
	config_done(&usual);
}

void config_show(const struct config *config, FILE *out)
{
	for (size_t i = 0; i < settings_count; i++) {
		fprintf(out, "%s = ", settings[i].name);
		setting_write(&settings[i], (const char *)config + settings[i].offset, out);
		if (config->file && config->lines[i])
			fprintf(out, "  # %s:%u\n", config->file, config->lines[i]);
		else
			fprintf(out, "  # %s\n", _("default"));
	}
}
