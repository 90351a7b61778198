/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/incident.h"
#include "recovery/care.h"
#include "recovery/guide.h"
#include "report/show.h"
#include "report/steps.h"
#include "report/words.h"

enum { INDENT = 2, SOURCES = 10, COMPLAINTS_SHOWN = 20, NETWORK_COLUMNS = 32, CARE_INDENT = 4 };

static bool is_closed(const json_t *incident) { return field_time(incident, "closed") != WHEN_NONE; }
static bool is_watched(const json_t *incident) { return strcmp(field_text(incident, "mode"), "enforce") != 0; }

/* ---- who, since when */

static void show_title(const json_t *incident, struct terminal *t)
{
	bool over = is_closed(incident);

	terminal_put(t, SHADE_BOLD, show_name(SHOWN, field_text(incident, "account"), NAME_COLUMNS));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_put(t, over ? SHADE_GREEN : SHADE_RED, asked_state(incident));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_print(t, SHADE_PLAIN, _("%s bits"), show_bits(SHOWN, field_bits(incident, "bits"), false));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_print(t, SHADE_DIM, _("incident %llu"), (unsigned long long)field_count(incident, "id"));
	terminal_end(t);
}

static const char *what_was_done(const json_t *incident)
{
	if (is_watched(incident))
		return _("nothing was done: this domain is only watched");
	if (field_flag(incident, "braked"))
		return _("not locked, for a person has to decide; unfamiliar mail is held");
	if (is_closed(incident))
		return _("the account was locked, and is open again");
	return field_flag(incident, "locked") ? _("the account is locked") : _("the account was locked");
}

static void show_times(const json_t *incident, struct terminal *t)
{
	int64_t began_us = field_time(incident, "began"), found_us = field_time(incident, "detected_at");

	asked_fact(t, _("First sign"), show_time(SHOWN, began_us));
	if (began_us != WHEN_NONE && found_us > began_us)
		asked_fact_of(t, _("Found"), show_format(_("%s (%s later)"), show_time(SHOWN, found_us), show_span(SHOWN, found_us - began_us)));
	else
		asked_fact(t, _("Found"), show_time(SHOWN, found_us));
	asked_fact(t, _("Done"), what_was_done(incident));
	if (is_closed(incident))
		asked_fact(t, _("Closed"), show_time(SHOWN, field_time(incident, "closed")));
}

/* ---- how many */

/* "12 messages to 30 recipients" and how many of them before anybody knew */
static char *got_away(const json_t *incident)
{
	uint64_t before = field_count(incident, "leaked_before_detection");
	char *mail = asked_mail(json_object_get(incident, "passed")), *text;

	if (!before)
		return mail;
	text = show_format(ngettext("%s, %s of them before it was found", "%s, %s of them before it was found", before), mail,
			   show_count(SHOWN, before));
	free(mail);
	return text;
}

static void show_held(const json_t *incident, struct terminal *t)
{
	static const char *const fates[] = { "waiting", "condemned", "releasing", "released", "deleted", "gone" };
	static const char *const words[] = { N_("Held, waiting"), N_("Held, condemned"), N_("Held, going out"), N_("Held, released"),
					     N_("Held, deleted"), N_("Held, gone") };
	const json_t *held = json_object_get(incident, "held");

	for (size_t i = 0; i < sizeof fates / sizeof *fates; i++)
		if (json_object_get(held, fates[i]))
			asked_fact_of(t, _(words[i]), asked_mail(json_object_get(held, fates[i])));
}

/* "to the owner: sent 2026-…" */
static void show_notices(const json_t *notices, struct terminal *t)
{
	const json_t *one;
	size_t i;

	json_array_foreach(notices, i, one) {
		const char *state = field_text(one, "state"), *kind = field_text(one, "kind");
		bool sent = strcmp(state, "sent") == 0, owner = strcmp(field_text(one, "to"), "owner") == 0;

		asked_fact_of(t, i ? "" : _("Told"), show_format("%s (%s): %s", owner ? _("owner") : _("operator"), kind,
								 sent ? show_time(SHOWN, field_time(one, "sent"))
								 : strcmp(state, "failed") == 0 ? _("could not be sent") : _("on its way")));
	}
}

static void show_flood(const json_t *flood, struct terminal *t)
{
	uint64_t moved = field_count(flood, "moved");

	if (moved)
		asked_fact_of(t, _("Came back"), show_format(ngettext("%s mail, moved out of INBOX to '%s'", "%s mails, moved out of INBOX to '%s'", moved),
							       show_count(SHOWN, moved), show_name(SHOWN, field_text(flood, "folder"), NAME_COLUMNS)));
}

static void show_mail(const json_t *incident, struct terminal *t)
{
	const json_t *refused = json_object_get(incident, "refused");
	uint64_t turned_away = field_count(incident, "turned_away"), owner = field_count(incident, "owner_messages");

	asked_fact_of(t, is_watched(incident) ? _("Passed") : _("Got away"), got_away(incident));
	show_held(incident, t);
	if (field_count(refused, "messages"))
		asked_fact_of(t, _("Refused"), asked_mail(refused));
	if (turned_away)
		asked_fact_of(t, _("Turned away"),
			      show_format(ngettext("%s login or message, the last at %s", "%s logins and messages, the last at %s",
						   turned_away),
					  show_count(SHOWN, turned_away), show_time(SHOWN, field_time(incident, "last_turned_away"))));
	if (owner)
		asked_fact_of(t, _("Owner"), show_format(ngettext("%s message of the owner's own at the same time, not counted above",
								  "%s messages of the owner's own at the same time, not counted above",
								  owner), show_count(SHOWN, owner)));
	show_flood(json_object_get(incident, "flood"), t);
	show_notices(json_object_get(incident, "notices"), t);
	if (field_flag(incident, "partial"))
		asked_fact(t, _("Note"), _("there is too much mail to count all of it: these are the latest messages"));
}

/* ---- from where */

static const char *whose(const json_t *source)
{
	struct incident_source known = { .attacker = field_flag(source, "attacker"), .familiar = field_flag(source, "familiar") };

	return words_whose(&known);
}

static void show_source(struct grid *grid, const json_t *source)
{
	const char *ip = field_text(source, "ip"), *country = field_text(source, "country");

	grid_cell(grid, "%s", *ip ? ip : _("unknown"));
	grid_cell(grid, "%s", *country ? country : "-");
	grid_cell(grid, "%s", show_count(SHOWN, field_count(source, "messages")));
	grid_cell(grid, "%s", show_count(SHOWN, field_count(source, "recipients")));
	grid_cell(grid, "%s", show_range(SHOWN, field_time(source, "first"), field_time(source, "last")));
	grid_cell(grid, "%s", whose(source));
	grid_cell(grid, "%s", show_name(SHOWN, field_text(source, "network"), NETWORK_COLUMNS));
}

static void show_sources(const json_t *incident, struct terminal *t)
{
	const char *head[] = { _("address"), _("in"), _("messages"), _("recipients"), _("first and last"), _("whose"), _("network") };
	const json_t *sources = json_object_get(incident, "sources");
	size_t count = json_array_size(sources);
	struct grid grid;
	char *more;

	if (!count)
		return;
	asked_heading(t, _("From"));
	grid_init(&grid, "llrrlll");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		grid_cell(&grid, "%s", head[i]);
	for (size_t i = 0; i < count && i < SOURCES; i++)
		show_source(&grid, json_array_get(sources, i));
	grid_done(&grid, t, INDENT);
	more = words_more(count > SOURCES ? count - SOURCES : 0);
	if (more) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_DIM, more);
		terminal_end(t);
	}
	free(more);
}

/* ---- why, what happened, what now */

static void show_why(const json_t *incident, struct terminal *t)
{
	const json_t *evidence = json_object_get(incident, "evidence");

	if (!json_array_size(evidence))
		return;
	asked_heading(t, _("Why (each bit doubles the odds)"));
	asked_evidence(t, evidence);
}

static void show_story(const json_t *incident, struct terminal *t)
{
	const json_t *notes = json_object_get(incident, "notes");

	if (json_array_size(notes))
		asked_heading(t, _("What happened"));
	for (size_t i = 0; i < json_array_size(notes); i++) {
		const json_t *note = json_array_get(notes, i);

		terminal_pad(t, INDENT);
		terminal_print(t, SHADE_PLAIN, _("%s  %s: %s"), show_time(SHOWN, field_time(note, "at")), field_text(note, "who"),
			       *field_text(note, "text") ? _(field_text(note, "text")) : "");
		terminal_end(t);
	}
}

/* "2026-11-22 09:10  example.net (abuse)" */
static void show_complaints(const json_t *incident, struct terminal *t)
{
	const json_t *complaints = json_object_get(incident, "complaints"), *one;
	size_t i, count = json_array_size(complaints);
	char *heading;

	if (!count)
		return;
	heading = show_format(ngettext("%zu complaint", "%zu complaints", count), count);
	asked_heading(t, heading);
	free(heading);
	json_array_foreach(complaints, i, one) {
		const char *reporter = field_text(one, "reporter"), *about = field_text(one, "about");

		if (i == COMPLAINTS_SHOWN)
			break;
		terminal_pad(t, INDENT);
		terminal_print(t, SHADE_PLAIN, "%s  %s%s%s%s", show_time(SHOWN, field_time(one, "at")),
			       *reporter ? show_name(SHOWN, reporter, NAME_COLUMNS) : _("unknown"), *about ? " (" : "", about, *about ? ")" : "");
		terminal_end(t);
	}
}

static void show_closure(const json_t *incident, struct terminal *t)
{
	const json_t *closure = json_object_get(incident, "closure");

	if (!json_array_size(json_object_get(closure, "steps")))
		return;
	asked_heading(t, field_flag(incident, "locked") ? _("How it is shut") : _("What was shut"));
	steps_show(closure, false, t, INDENT);
}

char *incident_next(const json_t *incident)
{
	const char *account = field_text(incident, "account"), *at = strrchr(account, '@'), *domain = at ? at + 1 : "''";
	unsigned long long number = (unsigned long long)json_integer_value(json_object_get(incident, "id"));

	if (is_closed(incident))
		return show_format("%s", _("Nothing: it is closed. Should the same happen again, a new incident is opened."));
	if (is_watched(incident))
		return show_format(_("Give the account a new password now, for nothing stops its mail; to have sekisho stop such mail from "
				     "now on: sekisho mode %s enforce"), show_name(SHOWN, domain, NAME_COLUMNS));
	if (field_flag(incident, "braked"))
		return show_format("%s", _("Decide: too many accounts were locked within an hour, or much came back of what the owner may have sent, so "
					   "sekisho does not go on alone. If these addresses are not the owner's, give the account a new password; "
					   "what is held from them waits until then."));
	return show_format(_("Give the account a new password, end its open sessions, and look for forwards and filter rules that the thief left; "
			     "then: sekisho incident release %llu. If it was the owner after all, with --false-alarm: then all mail that is "
			     "held goes out."), number);
}

/* "[x] sentence" */
static void show_item(const json_t *one, struct terminal *t)
{
	const struct care_item *item = care_find(text_of(field_text(one, "item")));
	const char *state = field_text(one, "state"), *sentence = item ? _(item->sentence) : field_text(one, "text");

	terminal_pad(t, INDENT);
	terminal_put(t, strcmp(state, "open") == 0 ? SHADE_YELLOW : SHADE_DIM,
		     strcmp(state, "open") == 0 ? "[ ] " : strcmp(state, "done") == 0 ? "[x] " : "[-] ");
	terminal_print(t, SHADE_BOLD, "%s", field_text(one, "item"));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_wrap(t, INDENT + CARE_INDENT, sentence);
}

void incident_show_care(const json_t *care, struct terminal *t)
{
	const json_t *one;
	size_t i, open = 0;
	char *heading;

	json_array_foreach(care, i, one)
		open += strcmp(field_text(one, "state"), "open") == 0;
	if (!json_array_size(care))
		return;
	heading = show_format(ngettext("After-care: %zu item is open", "After-care: %zu items are open", open), open);
	asked_heading(t, heading);
	free(heading);
	json_array_foreach(care, i, one)
		show_item(one, t);
}

/* while it is open the owner has other things to do */
static void show_after(const json_t *incident, struct terminal *t)
{
	const json_t *guide = json_object_get(incident, "guide");
	struct guide_figures figures;
	char says[600];

	if (!is_closed(incident))
		return;
	incident_show_care(json_object_get(incident, "care"), t);
	guide_from_json(guide, &figures);
	guide_say(&figures, says, sizeof says);
	if (!*says)
		return;
	asked_heading(t, _("What still comes back"));
	terminal_pad(t, INDENT);
	terminal_wrap(t, INDENT, says);
	terminal_pad(t, INDENT);
	terminal_wrap(t, INDENT, guide_advice(guide_cause_of(&figures)));
}

void incident_show(const struct asked *asked, struct terminal *t)
{
	const json_t *incident = asked->answer;

	show_title(incident, t);
	show_times(incident, t);
	show_mail(incident, t);
	show_sources(incident, t);
	show_why(incident, t);
	show_closure(incident, t);
	show_complaints(incident, t);
	show_story(incident, t);
	show_after(incident, t);
	asked_heading(t, _("What now"));
	terminal_pad(t, INDENT);
	terminal_wrap(t, INDENT, json_string_value(json_array_get(json_object_get(incident, "advice"), 0)));
}
