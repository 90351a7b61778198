/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/forwarded.h"

#include "mail/fields.h"

enum what { FROM, DATE, TO, SUBJECT, COPY, WHATS };
enum { HEAD_LINES_MAX = 12 };

static const struct {
	const char *name;
	enum what what;
} labels[] = {
	{ "From", FROM },         { "差出人", FROM },   { "送信者", FROM },      { "Date", DATE },        { "Sent", DATE },
	{ "日付", DATE },         { "日時", DATE },     { "送信日時", DATE },    { "送信", DATE },        { "To", TO },
	{ "宛先", TO },           { "Subject", SUBJECT }, { "件名", SUBJECT },   { "Cc", COPY },          { "CC", COPY },
	{ "Reply-To", COPY },     { "返信先", COPY },   { "Importance", COPY },  { "Attachments", COPY },
};

/* without what quotes it, and without the stars of bold letters */
static struct text bare(struct text line)
{
	while (line.n && strchr("> |*\t\r", line.p[0]))
		line = text_after(line, 1);
	while (line.n && strchr(" *\t\r", line.p[line.n - 1]))
		line.n--;
	return line;
}

static bool is_label(struct text name, const char *label)
{
	return text_is(name, text_of(label)) || text_same_word(name, label);
}

/* "Subject: …", "件名：…": which, and what follows */
static bool read_label(struct text line, enum what *what, struct text *value)
{
	struct text rest = bare(line), name;

	if (!text_cut(&rest, ':', &name)) {
		const char *wide = memmem(rest.p, rest.n, "：", strlen("："));

		if (!wide)
			return false;
		name = text_between(rest.p, wide);
		rest = text_after(rest, name.n + strlen("："));
	}
	name = bare(name);
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (is_label(name, labels[i].name)) {
			*what = labels[i].what;
			*value = bare(rest);
			return true;
		}
	return false;
}

/* do the lines of a head begin here? *rest then stands behind them. Long lists of recipients are broken into lines without a label. */
static bool read_head(struct text *rest, struct forwarded *forwarded)
{
	struct text values[WHATS] = { TEXT_NONE }, at = *rest, behind = at, line, value;
	bool seen[WHATS] = { false };

	for (int lines = 0; lines < HEAD_LINES_MAX && text_line(&at, &line); lines++) {
		enum what what;

		if (read_label(line, &what, &value) && !seen[what]) {
			seen[what] = true;
			values[what] = value;
			behind = at;
		} else if (!lines || !bare(line).n) {
			break;
		}
	}
	if (!seen[FROM] || !seen[SUBJECT] || !values[FROM].n || (!seen[DATE] && !seen[TO]))
		return false;
	forwarded->from = values[FROM];
	forwarded->to = values[TO];
	forwarded->subject = values[SUBJECT];
	forwarded->date = values[DATE];
	*rest = behind;
	return true;
}

bool forwarded_find(struct text text, struct forwarded *forwarded)
{
	struct text rest = text, here = text, line, value;
	enum what what;

	for (int lines = 0; lines < FORWARDED_LINES_MAX && text_line(&rest, &line); lines++, here = rest) {
		struct text head = here;

		if (!read_label(line, &what, &value) || !read_head(&head, forwarded))
			continue;
		forwarded->own = text_between(text.p, here.p);
		forwarded->body = head;
		return true;
	}
	return false;
}

bool forwarded_subject(struct text subject)
{
	static const char *const heads[] = { "fw:", "fwd:", "[fwd:", "転送:", "転送：", "fw：", "fwd：", NULL };

	subject = text_trim(subject);
	for (const char *const *head = heads; *head; head++)
		if (subject.n >= strlen(*head) && text_seek(text_head(subject, strlen(*head)), *head))
			return true;
	return false;
}
