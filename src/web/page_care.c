/* SPDX-License-Identifier: Apache-2.0 */
/* What is still to be done after a hijack, to be ticked off. */
#include "base/i18n.h"
#include "recovery/care.h"
#include "web/frame.h"

static const char *state_of(const json_t *care, const char *item)
{
	for (size_t i = 0; i < json_array_size(care); i++) {
		const json_t *one = json_array_get(care, i);
		const char *id = json_string_value(json_object_get(one, "item")), *state = json_string_value(json_object_get(one, "state"));

		if (id && state && strcmp(id, item) == 0)
			return state;
	}
	return "open";
}

static void write_item(const struct care_item *item, const char *state, FILE *to)
{
	bool done = strcmp(state, "done") == 0, idle = strcmp(state, "not_applicable") == 0;

	fprintf(to, "<li class=\"%s\"><label class=\"tick\"><input type=\"checkbox\" name=\"done\" value=\"%s\"%s aria-describedby=\"%s-why\"><span>",
		done || idle ? "settled" : "open", item->id, done ? " checked" : "", item->id);
	page_text(to, _(item->sentence));
	fprintf(to, "</span></label>\n<p class=\"hint\" id=\"%s-why\">", item->id);
	page_text(to, _(item->why));
	fprintf(to, "</p>\n<label class=\"idle\"><input type=\"checkbox\" name=\"idle\" value=\"%s\"%s> <span>%s</span></label></li>\n", item->id,
		idle ? " checked" : "", _("Does not concern me"));
}

static void write_list(struct visit *visit, FILE *to)
{
	const json_t *care = json_object_get(visit->story, "care");

	frame_steps(to, 3);
	if (visit->request->method == HTTP_POST)
		frame_message(to, visit->failed ? "bad" : "good",
			      visit->failed ? _("Not all of it could be saved. Please try once more.") : _("Saved. You can come back to this list whenever you like."));
	frame_heading(to, _("After-care"), _("So that nobody takes the account a second time. Tick off what is done; support sees the same list and can help."));
	frame_form(visit, to, "/care");
	fprintf(to, "<ul class=\"care\" aria-label=\"%s\">\n", _("What is to be done"));
	for (size_t i = 0; i < care_item_count; i++)
		write_item(&care_items[i], state_of(care, care_items[i].id), to);
	fputs("</ul>\n", to);
	frame_button(to, "main", _("Save"));
	frame_form_close(to);
}

static void write_nothing(struct visit *visit, FILE *to)
{
	frame_heading(to, _("After-care"), _("There is nothing to be done: nothing happened to your account."));
	frame_link_button(to, "/account", _("To your account"));
}

static void tell(struct visit *visit)
{
	visit_page(visit, 200, N_("After-care"), json_is_object(json_object_get(visit->story, "incident")) ? write_list : write_nothing);
}

void page_care(struct visit *visit) { visit_story(visit, tell); }

/* ---- what was ticked */

static bool is_ticked(const struct form *form, const char *name, const char *item)
{
	for (size_t i = 0; i < form->count; i++)
		if (text_is(form->fields[i].name, text_of(name)) && text_is(form->fields[i].value, text_of(item)))
			return true;
	return false;
}

static const char *wanted(const struct visit *visit, const char *item)
{
	return is_ticked(&visit->form, "done", item) ? "done" : is_ticked(&visit->form, "idle", item) ? "not_applicable" : "open";
}

static void drop_story(struct visit *visit)
{
	json_decref(visit->story);
	visit->story = NULL;
}

static void told_ticked(struct visit *visit, enum ask_result result, const json_t *answer)
{
	visit->failed |= result != ASK_ANSWERED;
	if (--visit->asked)
		return;
	drop_story(visit);
	visit_story(visit, tell);
}

static void tick(struct visit *visit, json_t *incident, const char *item, const char *state)
{
	json_t *question = visit_question(visit, "owner care", visit->account);

	json_object_set(question, "incident", incident);
	json_object_set_new(question, "item", json_string(item));
	json_object_set_new(question, "state", json_string(state));
	visit->asked++;
	visit_ask(visit, question, told_ticked);
}

static void compare(struct visit *visit)
{
	const json_t *care = json_object_get(visit->story, "care");
	json_t *incident = json_object_get(json_object_get(visit->story, "incident"), "id");
	const char *states[16];
	size_t count = care_item_count < 16 ? care_item_count : 16;

	for (size_t i = 0; i < count; i++)
		states[i] = incident ? state_of(care, care_items[i].id) : NULL;
	for (size_t i = 0; i < count; i++)
		if (incident && strcmp(states[i], wanted(visit, care_items[i].id)) != 0)
			tick(visit, incident, care_items[i].id, wanted(visit, care_items[i].id));
	if (!visit->asked)
		tell(visit);
}

void page_tick(struct visit *visit)
{
	if (visit_allowed(visit, LIMIT_CHANGE))
		visit_story(visit, compare);
}
