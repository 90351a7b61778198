/* SPDX-License-Identifier: Apache-2.0 */
#include "report/shell.h"

#include <string.h>

#include "report/utf8.h"

static bool all_plain(const char *name)
{
	struct utf8_step step;

	for (utf8_step(name, &step); step.used; utf8_step(name += step.used, &step))
		if (!step.plain)
			return false;
	return true;
}

static void octal(FILE *to, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(to, "\\%03o", (unsigned)(unsigned char)p[i]);
}

static void escaped(FILE *to, const char *name)
{
	struct utf8_step step;

	fputs("$'", to);
	for (utf8_step(name, &step); step.used; utf8_step(name += step.used, &step)) {
		if (!step.plain || *name == '\'' || *name == '\\')
			octal(to, name, step.used);
		else
			fwrite(name, 1, step.used, to);
	}
	fputc('\'', to);
}

void shell_word(FILE *to, const char *name)
{
	if (!all_plain(name)) {
		escaped(to, name);
		return;
	}
	fputc('\'', to);
	for (; *name; name++) {
		if (*name == '\'')
			fputs("'\\''", to);
		else
			fputc(*name, to);
	}
	fputc('\'', to);
}

void shell_operand(FILE *to, const char *name)
{
	if (*name == '-')
		fputs("-- ", to);
	shell_word(to, name);
}
