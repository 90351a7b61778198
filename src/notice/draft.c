/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/memory.h"

enum { SUBJECT_MAX = 600, LANGUAGES_MAX = 2, PIECES_MAX = 64 };

struct block {
	enum block_kind kind;
	bool as_is;     /* the operator's own lines stay as they are */
	char *text;     /* NULL: a line between two languages */
};

struct draft {
	struct block *blocks;
	size_t count, room;
	char subject[SUBJECT_MAX];
	char language[16];
};

const char *notice_text_name(unsigned text)
{
	static const char *const others[] = { "operator", "summary", "precaution", "reopened" };

	return text < NOTICE_KINDS ? notice_kind_names[text] : others[text - NOTICE_KINDS];
}

struct draft *draft_new(void) { return memory_zero(1, sizeof(struct draft)); }

static void drop_blocks(struct draft *draft, size_t from)
{
	while (draft->count > from) {
		char *text = draft->blocks[--draft->count].text;

		if (text)
			explicit_bzero(text, strlen(text));
		free(text);
	}
}

void draft_free(struct draft *draft)
{
	if (!draft)
		return;
	drop_blocks(draft, 0);
	free(draft->blocks);
	free(draft);
}

const char *draft_subject(const struct draft *draft) { return draft->subject; }
const char *draft_language(const struct draft *draft) { return draft->language; }

/* ---- facts in their places */

enum filled { FILLED, FILLED_NOT_KNOWN, FILLED_WRONG };

/* `facts` NULL: nothing is put, only looked at. *wrong is the name that is none. */
static enum filled fill(struct text words, const struct notice_facts *facts, struct bytes *page, struct text *wrong)
{
	enum filled filled = FILLED;

	while (words.n) {
		size_t plain = 0;
		struct text name;
		enum notice_fact fact;

		while (plain < words.n && words.p[plain] != '{' && words.p[plain] != '}')
			plain++;
		bytes_add(page, text_head(words, plain));
		words = text_after(words, plain);
		if (words.n >= 2 && words.p[0] == words.p[1]) {
			bytes_add(page, text_head(words, 1));
			words = text_after(words, 2);
			continue;
		}
		if (!words.n)
			break;
		name = text_head(words, words.n < 40 ? words.n : 40);
		*wrong = name;
		if (words.p[0] == '}' || !text_cut(&words, '}', &name))
			return FILLED_WRONG;
		name = text_after(name, 1);
		*wrong = name;
		fact = notice_fact_find(name);
		if (fact == NOTICE_FACTS)
			return FILLED_WRONG;
		if (!facts)
			continue;
		if (!facts->values[fact] || !*facts->values[fact])
			filled = FILLED_NOT_KNOWN;
		else
			bytes_say(page, facts->values[fact]);
	}
	return filled;
}

static void add_block(struct draft *draft, enum block_kind kind, bool as_is, struct text text)
{
	MEMORY_ROOM(draft->blocks, draft->count, draft->room);
	draft->blocks[draft->count++] = (struct block){ kind, as_is, memory_copy(text.p, text.n) };
}

/* items of a list each on their own */
static void add_lines(struct draft *draft, enum block_kind kind, bool as_is, struct text text)
{
	bool lists = kind == BLOCK_ITEM || kind == BLOCK_STEP;

	while (lists && text.n) {
		struct text line = text_trim(text_word(&text, '\n'));

		if (line.n)
			add_block(draft, kind, as_is, line);
	}
	if (!lists)
		add_block(draft, kind, as_is, text);
}

static bool add_filled(struct draft *draft, enum block_kind kind, bool as_is, struct text words, const struct notice_facts *facts,
		       struct text *wrong)
{
	struct bytes page = { 0 };
	enum filled filled = fill(words, facts, &page, wrong);

	if (filled == FILLED && page.n)
		add_lines(draft, kind, as_is, bytes_text(&page));
	if (page.p)
		explicit_bzero(page.p, page.n);
	free(page.p);
	return filled != FILLED_WRONG;
}

/* a heading with nothing below it */
static void drop_empty_headings(struct draft *draft, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < draft->count; i++) {
		bool empty = draft->blocks[i].kind == BLOCK_HEADING && (i + 1 == draft->count || draft->blocks[i + 1].kind == BLOCK_HEADING);

		if (empty)
			free(draft->blocks[i].text);
		else
			draft->blocks[kept++] = draft->blocks[i];
	}
	draft->count = kept;
}

/* one line, whatever the facts hold */
static bool set_subject(struct draft *draft, struct text words, const struct notice_facts *facts, struct text *wrong)
{
	struct bytes page = { 0 };
	bool done = fill(words, facts, &page, wrong) != FILLED_WRONG;
	size_t n = strlen(draft->subject);

	for (size_t i = 0; i < page.n; i++)
		if ((unsigned char)page.p[i] < ' ' || page.p[i] == 0x7f)
			page.p[i] = ' ';
	if (done && facts)
		snprintf(draft->subject + n, sizeof draft->subject - n, "%s%s", n ? " / " : "", page.p ? page.p : "");
	free(page.p);
	return done;
}

/* ---- built in */

static void add_built_in(struct draft *draft, unsigned text, const struct notice_facts *facts)
{
	struct text wrong;

	if (!set_subject(draft, text_of(_(notice_subjects[text])), facts, &wrong))
		abort(); /* a translation that names no fact: a test holds them all */
	for (size_t i = 0; i < notice_words_count; i++) {
		const struct notice_words *row = &notice_words[i];
		const char *lacks = row->lacks >= 0 ? facts->values[row->lacks] : NULL;

		if (!(row->texts & 1u << text) || (lacks && *lacks))
			continue;
		if (!add_filled(draft, row->kind, false, text_of(_(row->words)), facts, &wrong))
			abort();
	}
}

/* ---- the operator's own */

/* how many bytes stand for the kind */
static size_t kind_of(struct text line, enum block_kind *kind)
{
	size_t digits = 0;

	*kind = BLOCK_PARAGRAPH;
	if (text_starts(line, TEXT("# "))) {
		*kind = BLOCK_HEADING;
		return 2;
	}
	if (text_starts(line, TEXT("- "))) {
		*kind = BLOCK_ITEM;
		return 2;
	}
	while (digits < line.n && digits < 3 && isdigit((unsigned char)line.p[digits]))
		digits++;
	if (!digits || !text_starts(text_after(line, digits), TEXT(". ")))
		return 0;
	*kind = BLOCK_STEP;
	return digits + 2;
}

struct own {
	const char *path;
	struct text rest;
	unsigned line;
};

static bool next_line(struct own *own, struct text *line)
{
	if (!own->rest.n)
		return false;
	*line = text_word(&own->rest, '\n');
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	own->line++;
	return true;
}

static bool fault(const struct own *own, unsigned line, const char *what, struct text word, struct error *error)
{
	return error_set(error, "%s:%u: %s '%.*s'", own->path, line, what, TEXT_ARG(word));
}

/* a paragraph ends with an empty line, everything else with its line */
static bool add_own_blocks(struct draft *draft, struct own *own, const struct notice_facts *facts, struct error *error)
{
	struct text line, paragraph = TEXT_NONE, wrong = TEXT_NONE;
	unsigned from = 0;
	bool more = true;

	while (more) {
		enum block_kind kind = BLOCK_PARAGRAPH;
		size_t head;

		more = next_line(own, &line);
		head = more ? kind_of(line, &kind) : 0;
		if (more && kind == BLOCK_PARAGRAPH && text_trim(line).n) {
			if (!paragraph.n)
				from = own->line;
			paragraph = paragraph.n ? text_between(paragraph.p, line.p + line.n) : line;
			continue;
		}
		if (paragraph.n && !add_filled(draft, BLOCK_PARAGRAPH, true, paragraph, facts, &wrong))
			return fault(own, from, _("in this paragraph: there is no"), wrong, error);
		paragraph = TEXT_NONE;
		if (head && !add_filled(draft, kind, true, text_after(line, head), facts, &wrong))
			return fault(own, own->line, _("there is no"), wrong, error);
	}
	return true;
}

static bool is_utf8(struct text text)
{
	uint32_t code;

	while (text.n) {
		size_t n = text_character(text, &code);

		if (!n || (code < ' ' && code != '\n' && code != '\r' && code != '\t'))
			return false;
		text = text_after(text, n);
	}
	return true;
}

static bool add_own(struct draft *draft, const char *path, struct text bytes, const struct notice_facts *facts, struct error *error)
{
	struct own own = { path, bytes, 0 };
	struct text line = TEXT_NONE, wrong;

	if (!is_utf8(bytes))
		return error_set(error, _("%s: is no text in UTF-8"), path);
	if (!next_line(&own, &line) || !text_starts(line, TEXT("Subject:")))
		return error_set(error, _("%s:1: the first line has to be 'Subject: …'"), path);
	if (!set_subject(draft, text_trim(text_after(line, 8)), facts, &wrong))
		return fault(&own, 1, _("there is no"), wrong, error);
	return add_own_blocks(draft, &own, facts, error);
}

/* *there: is there such a file? *bytes is the caller's */
static bool read_own(const char *path, char **bytes, size_t *n, bool *there, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT || error_set(error, "%s: %s", path, strerror(errno));
	*bytes = memory_new(DRAFT_TEMPLATE_MAX + 1);
	got = read(fd, *bytes, DRAFT_TEMPLATE_MAX + 1);
	close(fd);
	*n = got > 0 ? (size_t)got : 0;
	if (got >= 0 && got <= DRAFT_TEMPLATE_MAX)
		return true;
	if (got < 0)
		error_set(error, "%s: %s", path, strerror(errno));
	else
		error_set(error, _("%s: is longer than %d bytes"), path, DRAFT_TEMPLATE_MAX);
	free(*bytes);
	return false;
}

/* *there false: nothing of the operator's own */
static bool take_own(struct draft *draft, unsigned text, const char *language, const char *folder, const struct notice_facts *facts, bool *there,
		     struct error *error)
{
	char path[PATH_MAX], *bytes = NULL;
	bool done;
	size_t n = 0;

	snprintf(path, sizeof path, "%s/%s.%s.txt", folder, notice_text_name(text), language);
	if (!read_own(path, &bytes, &n, there, error) || !*there)
		return !*there;
	done = add_own(draft, path, (struct text){ bytes, n }, facts, error);
	free(bytes);
	return done;
}

bool draft_check(const char *folder, struct error *error)
{
	static const char *const languages[] = { "ja", "en" };
	bool done = true, there;

	if (!folder || !*folder)
		return true;
	if (access(folder, R_OK | X_OK) != 0)
		return error_set(error, "'%s': %s", folder, strerror(errno));
	for (unsigned i = 0; done && i < 2 * NOTICE_TEXTS; i++) {
		struct draft *draft = draft_new();

		done = take_own(draft, i / 2, languages[i % 2], folder, NULL, &there, error);
		draft_free(draft);
	}
	return done;
}

/* ---- either */

static void begin_language(struct draft *draft, const char *language)
{
	size_t n = strlen(draft->language);

	snprintf(draft->language + n, sizeof draft->language - n, "%s%s", n ? ", " : "", language);
	if (!n)
		return;
	MEMORY_ROOM(draft->blocks, draft->count, draft->room);
	draft->blocks[draft->count++] = (struct block){ BLOCK_PARAGRAPH, false, NULL };
}

bool draft_add(struct draft *draft, unsigned text, const char *language, const char *folder, const struct notice_facts *facts,
	       struct error *error)
{
	struct draft before = *draft;
	size_t from;
	bool own = false, done = true;

	begin_language(draft, language);
	from = draft->count;
	if (folder && *folder)
		done = take_own(draft, text, language, folder, facts, &own, error);
	if (done && !own)
		add_built_in(draft, text, facts);
	if (done) {
		drop_empty_headings(draft, from);
		return true;
	}
	drop_blocks(draft, before.count);
	memcpy(draft->subject, before.subject, sizeof draft->subject);
	memcpy(draft->language, before.language, sizeof draft->language);
	return false;
}

/* ---- plain text */

static unsigned width_of(uint32_t code)
{
	int east = u_getIntPropertyValue((UChar32)code, UCHAR_EAST_ASIAN_WIDTH);

	return east == U_EA_FULLWIDTH || east == U_EA_WIDE || (east == U_EA_AMBIGUOUS && code >= 0x2000) ? 2 : 1;
}

/* what may not begin a line, and what may not end one (JIS X 4051) */
static bool is_in(uint32_t code, const char *list)
{
	struct text rest = text_of(list);
	uint32_t one;

	while (rest.n) {
		rest = text_after(rest, text_character(rest, &one));
		if (one == code)
			return true;
	}
	return false;
}

static bool hangs(uint32_t code) { return is_in(code, "、。，．・：；？！ー）」』】〕〉》’”々ゃゅょっぁぃぅぇぉャュョッァィゥェォヶ…"); }
static bool closes(uint32_t code) { return is_in(code, "、。，．：；？！）」』】〕〉》”"); }

/* where the line breaks: behind a blank or a mark that closes, never within a Japanese word; where there is neither it stays long, and whoever
 * shows it breaks it; how many bytes are on it */
static size_t line_end(struct text text, unsigned columns)
{
	size_t at = 0, best = 0;
	unsigned used = 0, width;
	uint32_t code = 0, before = 0;

	while (at < text.n) {
		size_t n = text_character(text_after(text, at), &code);

		n = n ? n : 1;
		if (code == '\n')
			return at;
		width = width_of(code);
		if (at && code != ' ' && !hangs(code) && (before == ' ' || closes(before)))
			best = at;
		if (used + width > columns && best)
			return best;
		used += width;
		at += n;
		before = code;
	}
	return text.n;
}

static void wrap(struct bytes *page, struct text text, const char *first, const char *others, bool as_is)
{
	const char *head = first;

	do {
		size_t end = as_is ? text_find(text, '\n') : line_end(text, DRAFT_COLUMNS - (unsigned)strlen(others));
		struct text line = text_head(text, end);

		while (line.n && line.p[line.n - 1] == ' ')
			line.n--;
		bytes_say(page, head);
		bytes_add(page, line);
		bytes_say(page, "\n");
		text = text_after(text, end);
		if (text.n && text.p[0] == '\n')
			text = text_after(text, 1);
		head = others;
	} while (text.n);
}

static bool is_list(enum block_kind kind) { return kind == BLOCK_ITEM || kind == BLOCK_STEP; }

/* an empty line in front, but between items of one list */
static bool stands_apart(const struct draft *draft, size_t i)
{
	return i && !(is_list(draft->blocks[i].kind) && draft->blocks[i - 1].kind == draft->blocks[i].kind && draft->blocks[i - 1].text);
}

static void write_plain(const struct block *block, unsigned number, struct bytes *page)
{
	struct text text = block->text ? text_of(block->text) : TEXT_NONE;
	char head[16];

	snprintf(head, sizeof head, "%u. ", number);
	if (!block->text)
		bytes_say(page, "------------------------------------------------------------------\n");
	else if (block->kind == BLOCK_HEADING)
		wrap(page, text, _("== "), "   ", block->as_is);
	else if (block->kind == BLOCK_ITEM)
		wrap(page, text, "- ", "  ", block->as_is);
	else if (block->kind == BLOCK_STEP)
		wrap(page, text, head, "   ", block->as_is);
	else if (block->kind == BLOCK_CODE)
		wrap(page, text, "    ", "    ", true);
	else
		wrap(page, text, "", "", block->as_is);
}

char *draft_plain(const struct draft *draft)
{
	struct bytes page = { 0 };
	unsigned number = 0;

	bytes_say(&page, "");
	for (size_t i = 0; i < draft->count; i++) {
		const struct block *block = &draft->blocks[i];

		number = block->kind == BLOCK_STEP && block->text ? number + 1 : 0;
		if (stands_apart(draft, i))
			bytes_say(&page, "\n");
		write_plain(block, number, &page);
	}
	return page.p;
}

/* ---- HTML: the same words, and no link */

static void escape(struct bytes *page, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': bytes_say(page, "&amp;"); break;
		case '<': bytes_say(page, "&lt;"); break;
		case '>': bytes_say(page, "&gt;"); break;
		case '"': bytes_say(page, "&quot;"); break;
		case '\n': bytes_say(page, "<br>\n"); break;
		default: bytes_add(page, (struct text){ text, 1 });
		}
	}
}

static void write_html(const struct block *block, struct bytes *page)
{
	static const char *const tags[][2] = {
		[BLOCK_PARAGRAPH] = { "<p>", "</p>\n" },
		[BLOCK_HEADING] = { "<h2 style=\"font-size:1.1em;margin:1.6em 0 .4em\">", "</h2>\n" },
		[BLOCK_ITEM] = { "<li>", "</li>\n" },
		[BLOCK_STEP] = { "<li>", "</li>\n" },
		[BLOCK_CODE] = { "<p style=\"font-size:1.4em;font-family:monospace;margin:.8em 1.6em\">", "</p>\n" },
	};

	if (!block->text) {
		bytes_say(page, "<hr>\n");
		return;
	}
	bytes_say(page, tags[block->kind][0]);
	escape(page, block->text);
	bytes_say(page, tags[block->kind][1]);
}

static const char *list_tag(const struct block *block) { return !block || !block->text ? "" : block->kind == BLOCK_ITEM ? "ul" : block->kind == BLOCK_STEP ? "ol" : ""; }

static void change_list(struct bytes *page, const char *from, const char *to)
{
	if (strcmp(from, to) == 0)
		return;
	if (*from) {
		bytes_say(page, "</");
		bytes_say(page, from);
		bytes_say(page, ">\n");
	}
	if (*to) {
		bytes_say(page, "<");
		bytes_say(page, to);
		bytes_say(page, ">\n");
	}
}

char *draft_html(const struct draft *draft)
{
	struct bytes page = { 0 };
	const struct block *before = NULL;

	bytes_say(&page, "<!DOCTYPE html>\n<html lang=\"");
	bytes_fill(&page, text_of(draft->language), page.n + 2);
	bytes_say(&page, "\">\n<head><meta charset=\"utf-8\"><title>");
	escape(&page, draft->subject);
	bytes_say(&page, "</title></head>\n<body style=\"font-family:sans-serif;line-height:1.6;max-width:42em;margin:1em;color:#222;background:#fff\">\n");
	for (size_t i = 0; i < draft->count; i++) {
		change_list(&page, list_tag(before), list_tag(&draft->blocks[i]));
		write_html(&draft->blocks[i], &page);
		before = &draft->blocks[i];
	}
	change_list(&page, list_tag(before), "");
	bytes_say(&page, "</body>\n</html>\n");
	return page.p;
}
