/* SPDX-License-Identifier: Apache-2.0 */
/* What happened to the account, and what is to be done, in order. */
#include "base/i18n.h"
#include "web/frame.h"

enum { COUNTRIES_SHOWN = 8 };

static uint64_t count_in(const json_t *object, const char *field)
{
	json_int_t count = json_integer_value(json_object_get(object, field));

	return count > 0 ? (uint64_t)count : 0;
}

static bool is_state(const json_t *incident, const char *state)
{
	const char *said = json_string_value(json_object_get(incident, "state"));

	return said && strcmp(said, state) == 0;
}

/* "Vietnam, Brazil, Russia and 5 others" */
static const char *countries_of(struct shown *to, const json_t *countries)
{
	size_t n = 0, count = json_array_size(countries), shown = count > COUNTRIES_SHOWN ? COUNTRIES_SHOWN : count;

	*to->text = '\0';
	for (size_t i = 0; i < shown && n < sizeof to->text; i++) {
		const char *code = json_string_value(json_array_get(countries, i)), *name = code && strlen(code) == 2 ? country_name(code) : NULL;

		n += (size_t)snprintf(to->text + n, sizeof to->text - n, "%s%s", i ? _(", ") : "", name ? name : code ? code : "?");
	}
	if (count > shown && n < sizeof to->text)
		snprintf(to->text + n, sizeof to->text - n, _(" and %zu others"), count - shown);
	return to->text;
}

static const char *mail_of(struct shown *to, const json_t *incident)
{
	uint64_t messages = count_in(incident, "messages");

	*to->text = '\0';
	if (messages)
		snprintf(to->text, sizeof to->text, ngettext("%s mail, to %s addresses in all", "%s mails, to %s addresses in all", messages),
			 show_count(SHOWN, messages), show_count(SHOWN, count_in(incident, "recipients")));
	return to->text;
}

static const char *held_of(struct shown *to, const json_t *incident)
{
	const json_t *held = json_object_get(incident, "held"), *one;
	uint64_t count = 0;
	const char *state;

	json_object_foreach((json_t *)held, state, one)
		count += strcmp(state, "released") != 0 ? count_in(one, "messages") : 0;
	*to->text = '\0';
	if (count)
		snprintf(to->text, sizeof to->text, _("%s of them did not leave this server"), show_count(SHOWN, count));
	return to->text;
}

static const char *done_of(const json_t *incident, bool locked, bool by_person)
{
	if (is_state(incident, "released"))
		return _("The account was locked, and is open again.");
	if (is_state(incident, "closed"))
		return _("The account was watched. The case is closed.");
	if (by_person)
		return _("A person who runs this server has locked the account.");
	if (locked)
		return _("We have locked the account: whoever has the old password gets no further with it.");
	return _("The account is watched. It is not locked.");
}

static const char *zone_of(struct shown *to, const json_t *time)
{
	const char *text = json_string_value(time);

	snprintf(to->text, sizeof to->text, _("Times are those of the time zone UTC%s."), text && strlen(text) >= 25 ? text + 19 : "");
	return to->text;
}

static void write_facts(const json_t *incident, bool locked, bool by_person, FILE *to)
{
	frame_section(to, by_person ? _("What was done") : _("What was seen"));
	fputs("<dl class=\"facts\">\n", to);
	frame_fact(to, _("Since"), frame_moment(SHOWN, json_object_get(incident, "began")));
	if (!by_person) {
		frame_fact(to, _("Noticed"), frame_moment(SHOWN, json_object_get(incident, "detected_at")));
		frame_fact(to, _("Mail that was not yours"), mail_of(SHOWN, incident));
		frame_fact(to, _("Stopped"), held_of(SHOWN, incident));
		frame_fact(to, _("It came from"), countries_of(SHOWN, json_object_get(incident, "countries")));
	}
	frame_fact(to, _("What was done"), done_of(incident, locked, by_person));
	frame_fact(to, _("Your incoming mail"), _("arrives, and is kept for you. Nothing of it is lost, and your address stays as it is."));
	fputs("</dl>\n", to);
	if (json_is_string(json_object_get(incident, "detected_at")))
		page_element(to, "p class=\"small\"", zone_of(SHOWN, json_object_get(incident, "detected_at")));
	frame_section_close(to);
}

static void write_todo(FILE *to)
{
	frame_section(to, _("What you should do now, in this order"));
	fputs("<ol class=\"todo\">\n<li>", to);
	page_element(to, "b", _("Let a virus scanner look through the computer."));
	page_print(to, " %s", _("If a program there steals passwords, it would take the new one, too. Best type the new one on another device."));
	fputs("</li>\n<li>", to);
	page_element(to, "b", _("Choose a new password."));
	page_print(to, " %s", _("The account is open again as soon as you have."));
	fputs("</li>\n<li>", to);
	page_element(to, "b", _("Put it into your mail programs."));
	page_print(to, " %s", _("On every computer and telephone that fetches this mail."));
	fputs("</li>\n<li>", to);
	page_element(to, "b", _("See to the rest."));
	page_print(to, " %s", _("Bank, cards and shops with the same password come first. There is a list here that you can tick off."));
	fputs("</li>\n</ol>\n", to);
	frame_link_button(to, "/password", _("Choose a new password"));
	frame_section_close(to);
}

static void write_ask(struct visit *visit, FILE *to)
{
	const char *support = visit_words(visit).support_words;

	frame_section(to, _("What you can do now"));
	fputs("<ol class=\"todo\">\n<li>", to);
	page_element(to, "b", _("Ask why."));
	fputc(' ', to);
	frame_spoken(to, *support ? support : _("Please ask whoever runs this server."));
	fputs("</li>\n<li>", to);
	page_element(to, "b", _("Choose a new password, if they advise it."));
	page_print(to, " %s", _("The account stays locked until they open it: please tell them that the password is new."));
	fputs("</li>\n</ol>\n", to);
	frame_link_button(to, "/password", _("Choose a new password"));
	frame_section_close(to);
}

static void write_bounces(FILE *to)
{
	frame_section(to, _("Mails from MAILER-DAEMON"));
	frame_paragraph(to, _("They say that a mail could not be delivered. They are not an attack on you, and you did not write those mails: it is the mail that was sent in your name, coming back from addresses that do not exist."));
	frame_paragraph(to, _("They trickle in for some days even when nothing is sent any more. You need not answer them, and can delete them."));
	frame_section_close(to);
}

static size_t open_of(const json_t *care)
{
	size_t open = 0;

	for (size_t i = 0; i < json_array_size(care); i++) {
		const char *state = json_string_value(json_object_get(json_array_get(care, i), "state"));

		open += state && strcmp(state, "open") == 0;
	}
	return open;
}

static void write_open_care(const json_t *care, FILE *to)
{
	size_t open = open_of(care);
	char text[300];

	frame_section(to, _("After-care"));
	snprintf(text, sizeof text, ngettext("%zu thing is still open, so that nobody takes the account a second time.",
					     "%zu things are still open, so that nobody takes the account a second time.", open), open);
	frame_paragraph(to, open ? text : _("All is done. Thank you."));
	frame_link_button(to, "/care", _("To the list"));
	frame_section_close(to);
}

static void write_story(struct visit *visit, FILE *to)
{
	const json_t *incident = json_object_get(visit->story, "incident"), *care = json_object_get(visit->story, "care");
	/* and nobody said that anything was sent which is not the owner's */
	bool by_person = json_is_true(json_object_get(visit->story, "by_person")) || json_is_true(json_object_get(incident, "precaution"));
	bool locked = json_is_true(json_object_get(visit->story, "locked")), over = is_state(incident, "released") || is_state(incident, "closed");

	frame_steps(to, over ? 3 : 2);
	if (over)
		frame_heading(to, _("Your account is open again"), _("You can send and receive as you always did. This is what happened."));
	else if (by_person)
		frame_heading(to, _("Your account was locked by a person"),
			      _("Somebody who runs this server has locked it by hand. They open it themselves: a new password alone does not."));
	else if (locked)
		frame_heading(to, _("Somebody else has sent mail with your account"),
			      _("They had the right password. You did nothing wrong by this alone, and you can mend it: it takes a few minutes."));
	else
		frame_heading(to, _("Something is odd with your account"),
			      _("Mail was sent with it in a way that is not yours. If that was not you, please choose a new password."));
	if (over && json_array_size(care))
		write_open_care(care, to);
	if (by_person && !over)
		write_ask(visit, to);
	else if (!over)
		write_todo(to);
	write_facts(incident, locked, by_person, to);
	if (!by_person)
		write_bounces(to);
}

static void write_quiet(struct visit *visit, FILE *to)
{
	frame_heading(to, _("Nothing happened to your account"), _("As far as this server can see, it is yours alone, and open. You can change its password here nonetheless."));
	frame_link_button(to, "/password", _("Choose a new password"));
}

static void tell(struct visit *visit)
{
	bool any = json_is_object(json_object_get(visit->story, "incident"));

	visit_page(visit, 200, N_("What happened"), any ? write_story : write_quiet);
}

void page_account(struct visit *visit) { visit_story(visit, tell); }
