/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/told.h"

static void find_format(struct told_program *program, struct text name)
{
	text_copy(program->bytes, sizeof program->bytes, name);
	program->name = (struct text){ program->bytes, name.n < sizeof program->bytes ? name.n : 0 };
	for (program->row = 0; formats[program->row]; program->row++)
		if (formats[program->row]->claims(name))
			break;
	program->format = formats[program->row];
	program->service = program->format && program->format->service ? program->format->service(name) : 0;
}

const struct told_program *told_program(struct told *told, struct text name)
{
	unsigned char last = (unsigned char)name.p[name.n - 1], third = (unsigned char)name.p[name.n / 2];
	struct told_program *program = &told->programs[(name.n * 31 + last * 7 + third) % TOLD_PROGRAMS];

	if (!text_is(program->name, name))
		find_format(program, name);
	return program;
}

/* "message repeated 2 times: [ …]": what syslog makes of the same line again; how often it was said */
static uint64_t repeated(struct line *line)
{
	struct text t = line->text, number;
	uint64_t times;

	if (!text_starts(t, TEXT("message repeated ")) || t.p[t.n - 1] != ']')
		return 1;
	t = text_after(t, sizeof "message repeated " - 1);
	if (!text_cut(&t, ' ', &number) || !text_number(number, TOLD_REPEATED_MAX, &times) ||
	    !text_starts(t, TEXT("times: [ ")))
		return 1;
	line->text = text_between(t.p + sizeof "times: [ " - 1, t.p + t.n - 1);
	return times;
}

enum line_kind told_line(const struct told_program *program, struct life *life, struct line *line)
{
	enum line_kind kind = LINE_FOREIGN;

	if (!program->format)
		return LINE_FOREIGN;
	line->service = program->service;
	for (uint64_t times = repeated(line); times > 0; times--)
		kind = program->format->read(life, line);
	return kind;
}
