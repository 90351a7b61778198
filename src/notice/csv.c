/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/csv.h"

#include "base/i18n.h"

void csv_begin(struct csv *csv, FILE *from)
{
	csv->from = from;
	csv->divider = '\0';
	csv->next_line = 1;
	csv->count = 0;
}

/* all of a record, with its quotes; -1 where it is too long, -2 where the file ends within quotes */
static long read_record(struct csv *csv, bool *end)
{
	bool quoted = false;
	size_t n = 0;
	int c = 0;

	csv->line = csv->next_line;
	while ((c = getc(csv->from)) != EOF) {
		csv->next_line += c == '\n';
		if (c == '\n' && !quoted)
			break;
		quoted ^= c == '"';
		if (n < CSV_RECORD_MAX)
			csv->bytes[n] = (char)c;
		n++;
		if (n > CSV_RECORD_MAX && c == '\n') /* a quote that nobody closed */
			break;
	}
	*end = c == EOF && !n;
	if (n > CSV_RECORD_MAX)
		return -1;
	if (quoted)
		return -2;
	if (n && csv->bytes[n - 1] == '\r')
		n--;
	return (long)n;
}

static size_t count_of(struct text text, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < text.n; i++)
		count += text.p[i] == c;
	return count;
}

static char divider_of(struct text first)
{
	size_t commas = count_of(first, ','), semicolons = count_of(first, ';'), tabs = count_of(first, '\t');

	return commas >= semicolons && commas >= tabs ? ',' : semicolons >= tabs ? ';' : '\t';
}

/* takes a field off, in its place without its quotes */
static struct text take_field(char **at, char *end, char divider, bool *more)
{
	char *from = *at, *to = from, *begin = from;
	bool quoted = false;

	for (; from < end && (quoted || *from != divider); from++) {
		if (*from != '"')
			*to++ = *from;
		else if (quoted && from + 1 < end && from[1] == '"')
			*to++ = *from++;
		else
			quoted = !quoted;
	}
	*more = from < end;
	*at = from + 1;
	return text_between(begin, to);
}

static enum csv_result split(struct csv *csv, struct text record, struct error *error)
{
	char *at = csv->bytes + (record.p - csv->bytes), *end = at + record.n;
	bool more = true;

	for (csv->count = 0; more; csv->count++) {
		if (csv->count == CSV_FIELDS_MAX) {
			error_set(error, _("line %lu: has more than %d columns"), csv->line, CSV_FIELDS_MAX);
			return CSV_FAULTY;
		}
		csv->fields[csv->count] = text_trim(take_field(&at, end, csv->divider, &more));
	}
	return CSV_RECORD;
}

enum csv_result csv_next(struct csv *csv, struct error *error)
{
	for (;;) {
		bool end;
		long n = read_record(csv, &end);
		struct text record = { csv->bytes, n > 0 ? (size_t)n : 0 };

		if (end)
			return CSV_END;
		if (n < 0) {
			error_set(error, n == -1 ? _("line %lu: is longer than %d bytes") : _("line %lu: a quote is not closed"), csv->line, CSV_RECORD_MAX);
			return CSV_FAULTY;
		}
		if (csv->line == 1 && text_starts(record, TEXT("\xef\xbb\xbf")))
			record = text_after(record, 3);
		if (!text_trim(record).n)
			continue;
		if (!csv->divider)
			csv->divider = divider_of(record);
		return split(csv, record, error);
	}
}
