/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/imap.h"

#include <stdlib.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/memory.h"

struct imap {
	imap_hear *hear;
	void *context;
	char line[IMAP_LINE_MAX];
	size_t line_bytes;
	bool line_cut;          /* what follows of it is passed over */
	char tail[24];          /* the line's last bytes, also of one that was cut: there a literal is announced */
	size_t tail_bytes;
	uint64_t literal_left;  /* of the literal that is being read */
	struct bytes literal;
	bool has_literal, passes_over;
};

struct imap *imap_new(imap_hear *hear, void *context)
{
	struct imap *imap = memory_zero(1, sizeof *imap);

	imap->hear = hear;
	imap->context = context;
	return imap;
}

void imap_free(struct imap *imap)
{
	if (!imap)
		return;
	free(imap->literal.p);
	free(imap);
}

/* ---- bytes */

static void add_to_line(struct imap *imap, char c)
{
	if (imap->tail_bytes == sizeof imap->tail) {
		memmove(imap->tail, imap->tail + 1, sizeof imap->tail - 1);
		imap->tail_bytes--;
	}
	imap->tail[imap->tail_bytes++] = c;
	if (imap->line_bytes < sizeof imap->line)
		imap->line[imap->line_bytes++] = c;
	else
		imap->line_cut = true;
}

/* "…{1234}" at the end of what was said so far: so many bytes follow as they are */
static bool announces(const struct imap *imap, uint64_t *bytes)
{
	struct text tail = { imap->tail, imap->tail_bytes };
	const char *brace = memrchr(tail.p, '{', tail.n);
	struct text number;

	if (!tail.n || tail.p[tail.n - 1] != '}' || !brace)
		return false;
	number = text_between(brace + 1, tail.p + tail.n - 1);
	return number.n && text_number(number, UINT32_MAX, bytes);
}

static void forget_response(struct imap *imap)
{
	free(imap->literal.p);
	imap->literal = (struct bytes){ 0 };
	imap->line_bytes = imap->tail_bytes = 0;
	imap->line_cut = imap->has_literal = imap->passes_over = false;
}

static void end_line(struct imap *imap)
{
	uint64_t bytes;

	if (announces(imap, &bytes)) {
		imap->passes_over = imap->has_literal;
		imap->has_literal = true;
		imap->literal_left = bytes;
		imap->tail_bytes = 0;
		return;
	}
	imap->hear(imap->context, &(struct imap_response){ { imap->line, imap->line_bytes }, bytes_text(&imap->literal),
							  imap->has_literal });
	forget_response(imap);
}

static void keep(struct imap *imap, struct text bytes)
{
	if (!imap->passes_over)
		bytes_fill(&imap->literal, bytes, IMAP_LITERAL_MAX);
}

void imap_take(struct imap *imap, struct text bytes)
{
	while (bytes.n) {
		if (imap->literal_left) {
			size_t n = bytes.n < imap->literal_left ? bytes.n : (size_t)imap->literal_left;

			keep(imap, text_head(bytes, n));
			imap->literal_left -= n;
			bytes = text_after(bytes, n);
			continue;
		}
		if (bytes.p[0] == '\n')
			end_line(imap);
		else if (bytes.p[0] != '\r')
			add_to_line(imap, bytes.p[0]);
		bytes = text_after(bytes, 1);
	}
}

/* ---- lines */

static bool is_like(struct text t, const char *word) { return t.n == strlen(word) && strncasecmp(t.p, word, t.n) == 0; }

enum imap_end imap_end_of(struct text line, struct text tag)
{
	if (!text_is(text_word(&line, ' '), tag))
		return IMAP_NOT_YET;
	return is_like(text_word(&line, ' '), "OK") ? IMAP_OK : IMAP_NO;
}

static struct text digits_of(struct text t)
{
	size_t n = 0;

	while (n < t.n && t.p[n] >= '0' && t.p[n] <= '9')
		n++;
	return text_head(t, n);
}

bool imap_number_of(struct text line, struct text name, uint64_t *number)
{
	struct text rest;

	if (!text_starts(line, TEXT("* ")) || !text_behind(line, name, &rest) || !text_starts(rest, TEXT(" ")))
		return false;
	rest = digits_of(text_after(rest, 1));
	return rest.n && text_number(rest, UINT32_MAX, number);
}

size_t imap_found(struct text line, uint64_t above, uint64_t *numbers, size_t room)
{
	bool whole = line.n < IMAP_LINE_MAX;
	size_t count = 0;

	if (!is_like(text_word(&line, ' '), "*") || !is_like(text_word(&line, ' '), "SEARCH"))
		return 0;
	while (line.n && count < room) {
		struct text word = text_word(&line, ' ');
		uint64_t number;

		if (word.n && text_number(word, UINT32_MAX, &number) && number > above && (whole || line.n))
			numbers[count++] = number;
	}
	return count;
}

bool imap_tells_of_mails(struct text line)
{
	if (!is_like(text_word(&line, ' '), "*") || !text_word(&line, ' ').n)
		return false;
	return is_like(line, "EXISTS") || is_like(line, "EXPUNGE") || is_like(line, "RECENT");
}

bool imap_quote(struct text name, char quoted[IMAP_QUOTED_MAX])
{
	size_t n = 0;

	quoted[n++] = '"';
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if ((unsigned char)c < ' ' || (unsigned char)c >= 0x7f || n + 4 > IMAP_QUOTED_MAX)
			return false;
		if (c == '"' || c == '\\')
			quoted[n++] = '\\';
		quoted[n++] = c;
	}
	quoted[n++] = '"';
	quoted[n] = '\0';
	return name.n != 0;
}
