/* SPDX-License-Identifier: Apache-2.0 */
/* A new password: chosen, or made here and shown once. What the policy asks is said before anybody types; what speaks against one,
 * afterwards, with no piece of it; that it was the password before only whoever keeps the hashes can say, when it is to be set. Once it is good
 * the account is open again. */
#include "base/i18n.h"
#include "base/log.h"
#include "web/frame.h"

static void write_demands(struct visit *visit, FILE *to)
{
	char sentences[PASSWORD_DEMANDS_MAX][PASSWORD_SENTENCE_MAX];
	size_t count = password_policy_demands(visit_policy(visit), sentences);

	fputs("<ul class=\"demands\" id=\"demands\">\n", to);
	for (size_t i = 0; i < count; i++)
		page_element(to, "li", sentences[i]);
	fputs("</ul>\n", to);
}

static void write_choice(struct visit *visit, FILE *to)
{
	static const char attributes[] = "required autocomplete=\"new-password\" aria-describedby=\"demands\" autocapitalize=\"none\" spellcheck=\"false\"";

	frame_section(to, _("Choose one yourself"));
	write_demands(visit, to);
	frame_form(visit, to, "/password");
	fputs("<input type=\"text\" name=\"username\" autocomplete=\"username\" hidden readonly value=\"", to);
	page_text(to, visit->account);
	fputs("\">\n", to);
	frame_field(to, &(struct frame_field){ "password", _("New password"), NULL, "password", NULL, attributes });
	frame_field(to, &(struct frame_field){ "again", _("Once more"), NULL, "password", NULL, attributes });
	frame_button(to, "main", _("Set this password"));
	frame_form_close(to);
	frame_section_close(to);
	frame_section(to, _("Or have one made"));
	frame_paragraph(to, _("A random one that nobody can guess is set at once and shown to you, once. Have paper and pencil at hand, or a password manager."));
	frame_form(visit, to, "/password/new");
	frame_button(to, "second", _("Make and set a random password"));
	frame_form_close(to);
	frame_section_close(to);
}

/* after a first try the story is not asked for again, and nothing is promised */
static const char *promise(const json_t *story)
{
	if (!story)
		return _("As soon as it is set the old password is good for nothing any more.");
	if (json_is_true(json_object_get(story, "by_person")))
		return _("As soon as it is set the old password is good for nothing any more. Your account was locked by a person who runs this server; they open it themselves.");
	if (json_is_true(json_object_get(story, "locked")))
		return _("As soon as it is set your account is open again, and the old password is good for nothing any more.");
	return promise(NULL);
}

static void write_password(struct visit *visit, FILE *to)
{
	frame_steps(to, 2);
	frame_heading(to, _("Choose a new password"), promise(visit->story));
	write_choice(visit, to);
}

static void tell(struct visit *visit) { visit_page(visit, 200, N_("Choose a new password"), write_password); }

void page_password(struct visit *visit) { visit_story(visit, tell); }

/* ---- what speaks against it */

static void write_objections(struct visit *visit, FILE *to)
{
	fprintf(to, "<div class=\"message bad\" role=\"alert\"><p><b>%s</b></p>\n<ul>\n", _("Please choose another one. Nothing was changed yet."));
	for (size_t i = 0; i < visit->verdict.count; i++) {
		char why[PASSWORD_SENTENCE_MAX], mend[PASSWORD_SENTENCE_MAX];

		password_objection_why(&visit->verdict.objections[i], visit_policy(visit), why);
		password_objection_mend(&visit->verdict.objections[i], visit_policy(visit), mend);
		fputs("<li>", to);
		page_print(to, "%s %s", why, mend);
		fputs("</li>\n", to);
	}
	fputs("</ul></div>\n", to);
	write_password(visit, to);
}

static void write_different(struct visit *visit, FILE *to)
{
	frame_message(to, "bad", _("The two fields are not the same, or are empty. Nothing was changed yet: please type both once more."));
	write_password(visit, to);
}

static void write_failed(struct visit *visit, FILE *to)
{
	frame_message(to, "bad", _("The password could not be changed just now. The old one is still in force. Please try again in a few minutes; if it goes on, ask support."));
	write_password(visit, to);
}

static void write_elsewhere(struct visit *visit, FILE *to)
{
	const char *panel = visit_words(visit).panel_name;

	frame_heading(to, _("This password cannot be changed here"), NULL);
	if (*panel) {
		char text[600];

		snprintf(text, sizeof text, _("Please change it in “%.400s”, as you always do, and tell support afterwards."), panel);
		frame_paragraph(to, text);
	} else {
		frame_paragraph(to, _("Please ask whoever runs this server."));
	}
}

/* ---- it is set */

static void write_done(struct visit *visit, FILE *to)
{
	bool open = json_is_true(json_object_get(visit->story, "open"));

	frame_steps(to, 3);
	if (visit->generated) {
		frame_message(to, "good", _("The new password is set. It is shown here once: write it down now."));
		fputs("<p class=\"secret\"><code>", to);
		page_text(to, visit->password);
		fputs("</code></p>\n", to);
	} else {
		frame_message(to, "good", _("The new password is set."));
	}
	frame_heading(to, open ? _("Your account is open again") : _("The password is changed"),
		      open ? _("You can send and receive at once. Mail of yours that we had kept back is on its way.")
			   : _("The account was locked by a person who runs this server. They will open it: please tell them that the password is new."));
	frame_section(to, _("What to do now"));
	fputs("<ol class=\"todo\">\n<li>", to);
	page_element(to, "b", _("Put it into your mail programs."));
	page_print(to, " %s", _("On every computer and telephone. Until then they ask for it, or say that they cannot log in; that is as it should be."));
	fputs("</li>\n<li>", to);
	page_element(to, "b", _("See to the rest."));
	page_print(to, " %s", _("The same password elsewhere, your computers, your web site: the list waits for you here."));
	fputs("</li>\n<li>", to);
	page_element(to, "b", _("Do not mind mails from MAILER-DAEMON."));
	page_print(to, " %s", _("They trickle in for some days more."));
	fputs("</li>\n</ol>\n", to);
	frame_link_button(to, "/care", _("To the after-care"));
	frame_section_close(to);
}

static void told_changed(struct visit *visit, enum ask_result result, const json_t *answer)
{
	if (result == ASK_ANSWERED) {
		visit->story = json_incref((json_t *)answer);
		visit_renew(visit);
		visit_page(visit, 200, N_("The new password is set"), write_done);
	} else if (result == ASK_FORMER) {
		password_verdict_former(&visit->verdict);
		visit_page(visit, 200, N_("Choose a new password"), write_objections);
	} else if (result == ASK_NO) {
		visit_page(visit, 200, N_("This password cannot be changed here"), write_elsewhere);
	} else {
		visit_page(visit, 503, N_("Choose a new password"), write_failed);
	}
}

static void change(struct visit *visit)
{
	json_t *question = visit_question(visit, "owner password", visit->account);

	json_object_set_new(question, "password", json_string(visit->password));
	visit_ask(visit, question, told_changed);
}

void page_choose(struct visit *visit)
{
	struct text password = form_value(&visit->form, "password"), again = form_value(&visit->form, "again");
	struct password_owner owner = { .address = text_of(visit->account) };

	if (!visit_allowed(visit, LIMIT_CHANGE))
		return;
	if (!password.n || !text_is(password, again)) {
		visit_page(visit, 200, N_("Choose a new password"), write_different);
		return;
	}
	password_judge(visit_policy(visit), &owner, password, &visit->verdict);
	if (visit->verdict.count) {
		visit_page(visit, 200, N_("Choose a new password"), write_objections);
		return;
	}
	text_copy(visit->password, sizeof visit->password, password);
	change(visit);
}

void page_generate(struct visit *visit)
{
	struct password_recipe recipe = password_policy_recipe(visit_policy(visit));
	struct password_made made;
	struct error error;

	if (!visit_allowed(visit, LIMIT_CHANGE))
		return;
	if (!password_generate(&recipe, &made, &error)) {
		log_say(LOG_ERROR, "%s", error.text);
		visit_fault(visit, 503);
		return;
	}
	text_copy(visit->password, sizeof visit->password, text_of(made.text));
	explicit_bzero(&made, sizeof made);
	visit->generated = true;
	change(visit);
}
