/* SPDX-License-Identifier: Apache-2.0 */
#include "web/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/* a checkpoint's gate: two posts, a beam, a roof */
#define GATE_PATH "M2 5.2h28v3.6H2zM5 11h22v3H5zM7.5 8.8h4V28h-4zM20.5 8.8h4V28h-4z"

const char frame_icon[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><path fill=\"#1f5068\" d=\"" GATE_PATH "\"/></svg>\n";

/* ---- the frame */

static void write_head(struct visit *visit, FILE *to, const char *title)
{
	fprintf(to, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", languages[visit->language].tag);
	fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"format-detection\" content=\"telephone=no\">\n<title>", to);
	page_text(to, title);
	fputs(" – ", to);
	page_text(to, visit_words(visit).server_name);
	fputs("</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n</head>\n", to);
}

/* where somebody can come back to by a link: what was answered to a form is asked for anew */
static const char *own_path(const struct visit *visit)
{
	for (size_t i = 0; visit->route && i < route_count; i++)
		if (routes[i].method == HTTP_GET && strcmp(routes[i].path, visit->route->path) == 0)
			return routes[i].path;
	return "/";
}

static void write_languages(struct visit *visit, FILE *to)
{
	fprintf(to, "<nav class=\"languages\" aria-label=\"%s\">", _("Language of this page"));
	for (unsigned i = 0; i < LANGUAGES; i++) {
		const struct language_row *row = &languages[i];

		if (i == visit->language)
			fprintf(to, "<span lang=\"%s\" aria-current=\"true\">%s</span>", row->tag, row->name);
		else
			fprintf(to, "<a lang=\"%s\" hreflang=\"%s\" href=\"%s?lang=%s\">%s</a>", row->tag, row->tag, own_path(visit), row->tag, row->name);
	}
	fputs("</nav>\n", to);
}

static void write_tab(const struct visit *visit, FILE *to, const char *path, const char *label)
{
	bool here = visit->route && strcmp(visit->route->path, path) == 0;

	fprintf(to, "<li><a href=\"%s\"%s>", path, here ? " aria-current=\"page\"" : "");
	page_text(to, label);
	fputs("</a></li>", to);
}

static void write_owner(struct visit *visit, FILE *to)
{
	fprintf(to, "<div class=\"owner\"><p class=\"who\"><span>%s</span> <b>", _("Signed in for"));
	page_text(to, visit->account);
	fputs("</b></p>\n", to);
	frame_form(visit, to, "/leave");
	frame_button(to, "quiet", _("Leave"));
	frame_form_close(to);
	fprintf(to, "<nav aria-label=\"%s\"><ul>", _("Your account"));
	write_tab(visit, to, "/account", _("What happened"));
	write_tab(visit, to, "/password", _("Password"));
	write_tab(visit, to, "/care", _("After-care"));
	fputs("</ul></nav></div>\n", to);
}

void frame_open(struct visit *visit, FILE *to, const char *title)
{
	write_head(visit, to, title);
	fprintf(to, "<body>\n<a class=\"skip\" href=\"#content\">%s</a>\n<header>\n<a class=\"home\" href=\"/\">", _("To the content"));
	fputs("<svg viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\" focusable=\"false\"><path d=\"" GATE_PATH "\"/></svg><span>", to);
	page_text(to, visit_words(visit).server_name);
	fputs("</span></a>\n", to);
	write_languages(visit, to);
	fputs("</header>\n", to);
	if (*visit->account)
		write_owner(visit, to);
	fputs("<main id=\"content\" tabindex=\"-1\">\n", to);
}

void frame_close(struct visit *visit, FILE *to)
{
	const char *support = visit_words(visit).support_words;

	fputs("</main>\n<footer>\n", to);
	if (*support) {
		fprintf(to, "<p><b>%s</b> ", _("Questions?"));
		frame_spoken(to, support);
		fputs("</p>\n", to);
	}
	frame_paragraph(to, _("We never ask for your password by mail or on the telephone, and our mails never carry a link to log in."));
	fputs("<p>", to);
	frame_link(to, "/notice", _("How to tell our notices from fakes"));
	fputs("</p>\n</footer>\n</body>\n</html>\n", to);
}

/* ---- pieces */

void frame_heading(FILE *to, const char *title, const char *lead)
{
	page_element(to, "h1", title);
	if (lead)
		page_element(to, "p class=\"lead\"", lead);
	fputc('\n', to);
}

void frame_paragraph(FILE *to, const char *text)
{
	page_element(to, "p", text);
	fputc('\n', to);
}

void frame_section(FILE *to, const char *title)
{
	fputs("<section>\n", to);
	if (title)
		page_element(to, "h2", title);
	fputc('\n', to);
}

void frame_section_close(FILE *to) { fputs("</section>\n", to); }

void frame_message(FILE *to, const char *kind, const char *text)
{
	fprintf(to, "<div class=\"message %s\" role=\"%s\"><p>", kind, strcmp(kind, "bad") == 0 ? "alert" : "status");
	page_text(to, text);
	fputs("</p></div>\n", to);
}

/* bytes of a number with hyphens at the beginning, as of a telephone; 0: none */
static size_t number_at(const char *text)
{
	size_t n = strspn(text, "0123456789-+()");

	while (n && text[n - 1] == '-')
		n--;
	return n && memchr(text, '-', n) ? n : 0;
}

void frame_spoken(FILE *to, const char *text)
{
	while (*text) {
		size_t plain = 0, number;
		char piece[600];

		while (text[plain] && plain + 1 < sizeof piece && !(number = number_at(text + plain)))
			plain++;
		text_copy(piece, sizeof piece, (struct text){ text, plain });
		page_text(to, piece);
		text += plain;
		number = number_at(text);
		if (!number)
			continue;
		text_copy(piece, sizeof piece, (struct text){ text, number });
		page_element(to, "span class=\"number\"", piece);
		text += number < sizeof piece ? number : sizeof piece - 1;
	}
}

void frame_steps(FILE *to, unsigned at)
{
	const char *names[] = { _("Prove who you are"), _("New password"), _("After-care") };

	fprintf(to, "<ol class=\"progress\" aria-label=\"%s\">", _("Steps"));
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		fprintf(to, "<li%s>", i + 1 == at ? " aria-current=\"step\"" : i + 1 < at ? " class=\"past\"" : "");
		page_element(to, "span", names[i]);
		fputs("</li>", to);
	}
	fputs("</ol>\n", to);
}

void frame_form(struct visit *visit, FILE *to, const char *action)
{
	char token[SESSION_ID_MAX];

	visit_token(visit, token);
	fprintf(to, "<form method=\"post\" action=\"%s\" accept-charset=\"utf-8\">\n<input type=\"hidden\" name=\"token\" value=\"%s\">\n", action, token);
}

void frame_form_close(FILE *to) { fputs("</form>\n", to); }

void frame_field(FILE *to, const struct frame_field *field)
{
	fprintf(to, "<div class=\"field\"><label for=\"%s\">", field->name);
	page_text(to, field->label);
	fputs("</label>\n", to);
	if (field->hint) {
		fprintf(to, "<p class=\"hint\" id=\"%s-hint\">", field->name);
		page_text(to, field->hint);
		fputs("</p>\n", to);
	}
	fprintf(to, "<input id=\"%s\" name=\"%s\" type=\"%s\"", field->name, field->name, field->type);
	if (field->hint)
		fprintf(to, " aria-describedby=\"%s-hint\"", field->name);
	if (field->value) {
		fputs(" value=\"", to);
		page_text(to, field->value);
		fputc('"', to);
	}
	fprintf(to, "%s%s></div>\n", field->attributes ? " " : "", field->attributes ? field->attributes : "");
}

void frame_button(FILE *to, const char *kind, const char *label)
{
	fprintf(to, "<button type=\"submit\" class=\"%s\">", kind);
	page_text(to, label);
	fputs("</button>\n", to);
}

static void write_link(FILE *to, const char *class, const char *path, const char *label)
{
	fprintf(to, "<a%s href=\"%s\">", class, path);
	page_text(to, label);
	fputs("</a>", to);
}

void frame_link(FILE *to, const char *path, const char *label) { write_link(to, "", path, label); }

void frame_link_button(FILE *to, const char *path, const char *label)
{
	fputs("<p class=\"act\">", to);
	write_link(to, " class=\"button main\"", path, label);
	fputs("</p>\n", to);
}

void frame_fact(FILE *to, const char *name, const char *value)
{
	if (!*value)
		return;
	fputs("<div>", to);
	page_element(to, "dt", name);
	page_element(to, "dd", value);
	fputs("</div>\n", to);
}

/* ---- times */

static int digits(const char *text, size_t n)
{
	int number = 0;

	for (size_t i = 0; i < n; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

/* "2026-11-22T14:03:11+09:00" */
const char *frame_moment(struct shown *to, const json_t *time)
{
	static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
					      N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };
	const char *text = json_string_value(time);
	int month = text && strlen(text) >= 16 ? digits(text + 5, 2) : 0;
	size_t n = 0;

	*to->text = '\0';
	if (month < 1 || month > 12)
		return to->text;
	/* TRANSLATORS: D day, M month, Y year, T hours and minutes; the rest stands as it is */
	for (const char *form = _("D M Y, T"); *form && n < sizeof to->text; form++)
		n += (size_t)(*form == 'D'   ? snprintf(to->text + n, sizeof to->text - n, "%d", digits(text + 8, 2))
			      : *form == 'M' ? snprintf(to->text + n, sizeof to->text - n, "%s", _(months[month - 1]))
			      : *form == 'Y' ? snprintf(to->text + n, sizeof to->text - n, "%.4s", text)
			      : *form == 'T' ? snprintf(to->text + n, sizeof to->text - n, "%.5s", text + 11)
					     : snprintf(to->text + n, sizeof to->text - n, "%c", *form));
	return to->text;
}
