/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/flood.h"
#include "report/show.h"
#include "report/value.h"

enum { INDENT = 2, ABOUT_COLUMNS = 34, SUBJECT_COLUMNS = 40 };

/* ---- as JSON */

json_t *flood_document(const struct flood *flood)
{
	uint64_t kinds[FLOOD_KINDS] = { 0 }, verdicts[OWNER_VERDICTS] = { 0 }, chosen = 0;
	json_t *returns = json_object(), *whose = json_object();
	bool undo = strcmp(flood->verb, "undo") == 0;

	for (size_t i = 0; i < flood->count; i++) {
		kinds[flood->mails[i].kind]++;
		verdicts[flood->mails[i].whose.verdict]++;
		chosen += flood->mails[i].moves;
	}
	for (int i = 0; i < FLOOD_KINDS; i++)
		if (kinds[i])
			json_object_set_new(returns, mail_kind_name((enum mail_kind)i), value_count(kinds[i]));
	for (int i = 0; i < OWNER_VERDICTS; i++)
		json_object_set_new(whose, owner_verdict_name((enum owner_verdict)i), value_count(verdicts[i]));
	if (undo) {
		json_decref(returns);
		json_decref(whose);
		return json_pack("{s:O, s:s, s:o}", "account", json_object_get(flood->known, "account"), "folder", flood->name, "brought_back",
				 value_count(flood->brought_back));
	}
	return json_pack("{s:O, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:O, s:O}",
		"account", json_object_get(flood->known, "account"),
		"folder", flood->name,
		"since", value_time(flood->since_us),
		"dry_run", flood->dry_run,
		"looked_at", value_count(flood->looked_at),
		"unreadable", value_count(flood->unreadable),
		"returns", returns,
		"whose", whose,
		"chosen", value_count(chosen),
		"moved", value_count(flood->moved),
		"staying", value_count(flood->count - chosen),
		"until", value_time(flood->until_us),
		"examples", flood->examples,
		"staying_examples", flood->staying);
}

/* ---- for people */

static const char *kind_words(const char *kind)
{
	static const char *const names[] = { "bounce", "delay", "delivered", "auto_reply", "complaint", "challenge" };
	static const char *const words[] = { N_("bounce"), N_("delay"), N_("delivery report"), N_("automatic answer"), N_("complaint"),
					     N_("challenge") };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(kind, names[i]) == 0)
			return _(words[i]);
	return kind;
}

static void show_examples(const json_t *examples, const char *heading, struct terminal *t)
{
	struct grid grid;

	if (!json_array_size(examples))
		return;
	asked_heading(t, heading);
	grid_init(&grid, "lll");
	grid_cell(&grid, "%s", _("what"));
	grid_cell(&grid, "%s", _("about"));
	grid_cell(&grid, "%s", _("subject"));
	for (size_t i = 0; i < json_array_size(examples); i++) {
		const json_t *one = json_array_get(examples, i);

		grid_cell(&grid, "%s", kind_words(field_text(one, "kind")));
		grid_cell(&grid, "%s", show_name(SHOWN, field_text(one, "about"), ABOUT_COLUMNS));
		grid_cell(&grid, "%s", show_name(SHOWN, field_text(one, "subject"), SUBJECT_COLUMNS));
	}
	grid_done(&grid, t, INDENT);
}

static void show_count_of(struct terminal *t, const char *label, uint64_t count, const char *remark)
{
	if (count)
		asked_fact_of(t, label, show_format("%s%s%s", show_count(SHOWN, count), *remark ? ", " : "", remark));
}

static void show_moved(const json_t *answer, struct terminal *t)
{
	const json_t *whose = json_object_get(answer, "whose");
	uint64_t chosen = field_count(answer, "chosen"), moved = field_count(answer, "moved");
	bool dry = field_flag(answer, "dry_run");

	asked_fact_of(t, _("Looked at"), show_format(_("%s mails since %s"), show_count(SHOWN, field_count(answer, "looked_at")),
						     show_time(SHOWN, field_time(answer, "since"))));
	asked_fact_of(t, dry ? _("To be moved") : _("Moved"), show_format(_("%s, to the folder '%s'"), show_count(SHOWN, dry ? chosen : moved),
									    show_name(SHOWN, field_text(answer, "folder"), NAME_COLUMNS)));
	show_count_of(t, _("The owner's"), field_count(whose, "owner"), _("they stay"));
	show_count_of(t, _("Never passed here"), field_count(whose, "spoofed"), "");
	show_count_of(t, _("Sent by a website"), field_count(whose, "web_script"), _("they stay"));
	show_count_of(t, _("Not known whose"), field_count(whose, "unknown"), _("they stay"));
	show_count_of(t, _("Not readable"), field_count(answer, "unreadable"), _("they stay"));
	if (field_time(answer, "until") != WHEN_NONE)
		asked_fact_of(t, _("Later ones"), show_format(_("what still comes goes there, too, until %s"), show_time(SHOWN, field_time(answer, "until"))));
	show_examples(json_object_get(answer, "examples"), dry ? _("To be moved, for example") : _("Moved, for example"), t);
	show_examples(json_object_get(answer, "staying_examples"), _("Staying, for example"), t);
}

void flood_show(const struct asked *asked, struct terminal *t)
{
	const json_t *answer = asked->answer;

	terminal_put(t, SHADE_BOLD, show_name(SHOWN, field_text(answer, "account"), NAME_COLUMNS));
	terminal_end(t);
	if (json_object_get(answer, "brought_back"))
		asked_fact_of(t, _("Brought back"), show_format(_("%s, from the folder '%s' to INBOX"), show_count(SHOWN, field_count(answer, "brought_back")),
								  show_name(SHOWN, field_text(answer, "folder"), NAME_COLUMNS)));
	else
		show_moved(answer, t);
}
