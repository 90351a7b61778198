/* SPDX-License-Identifier: Apache-2.0 */
/* Who are you? By a code to the address where the owner is reached outside the mailbox, by the panel's word, or through support. What is
 * said, and when, is the same for every address: nothing tells whether there is such an account. */
#include "base/i18n.h"
#include "gate/notices.h"
#include "web/frame.h"

#define ADDRESS_ATTRIBUTES "required maxlength=\"254\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" inputmode=\"email\""
#define CODE_ATTRIBUTES \
	"required maxlength=\"20\" autocomplete=\"one-time-code\" autocapitalize=\"characters\" spellcheck=\"false\" class=\"code\""

/* ---- the beginning */

static void write_other_ways(struct visit *visit, FILE *to)
{
	struct config_words words = visit_words(visit);

	frame_section(to, _("Other ways"));
	fputs("<ul>\n<li>", to);
	frame_link(to, "/code", _("You have a code already."));
	fputs("</li>\n", to);
	if (visit_has_panel(visit) && *words.panel_name) {
		fputs("<li>", to);
		page_print(to, _("You can log in to “%s”: open this page from there, and no code is needed."), words.panel_name);
		fputs("</li>\n", to);
	}
	fputs("<li>", to);
	page_text(to, *words.support_words ? _("You cannot read the contact address any more, or nothing comes:") : _("You cannot read the contact address any more, or nothing comes: ask whoever runs this server."));
	if (*words.support_words) {
		fputc(' ', to);
		frame_spoken(to, words.support_words);
	}
	fputs("</li>\n</ul>\n", to);
	frame_section_close(to);
}

static void write_start(struct visit *visit, FILE *to)
{
	frame_steps(to, 1);
	frame_heading(to, _("Get your mailbox back"),
		      _("Your mailbox was locked because somebody else was sending mail with it? Here you prove who you are and choose a new password. Then it is open again at once. Mail that comes in meanwhile is kept."));
	frame_section(to, _("Have a code sent to you"));
	frame_form(visit, to, "/");
	frame_field(to, &(struct frame_field){ "address", _("Your e-mail address"),
					       _("The mailbox that was locked. The code does not go there, but to the contact address that you gave us."), "text",
					       *visit->typed ? visit->typed : NULL, ADDRESS_ATTRIBUTES });
	frame_button(to, "main", _("Send me a code"));
	frame_form_close(to);
	frame_section_close(to);
	write_other_ways(visit, to);
}

void page_start(struct visit *visit)
{
	if (*visit->account)
		visit_go(visit, "/account");
	else
		visit_page(visit, 200, N_("Get your mailbox back"), write_start);
}

/* ---- a code is wanted, and typed in */

static void write_code_form(struct visit *visit, FILE *to)
{
	char hint[300];

	snprintf(hint, sizeof hint, _("%d letters and digits. Capitals do not matter, hyphens neither."), CODE_CHARACTERS);
	frame_form(visit, to, "/code");
	frame_field(to, &(struct frame_field){ "address", _("Your e-mail address"), NULL, "text", *visit->typed ? visit->typed : NULL,
					       ADDRESS_ATTRIBUTES });
	frame_field(to, &(struct frame_field){ "code", _("The code"), hint, "text", NULL, CODE_ATTRIBUTES });
	frame_button(to, "main", _("Go on"));
	frame_form_close(to);
}

static void write_sent(struct visit *visit, FILE *to)
{
	char lead[400];

	snprintf(lead, sizeof lead,
		 _("If we know this mailbox, and a contact address for it, a code is on its way there now. It is good for %d minutes, and once."), CODE_MINUTES);
	frame_steps(to, 1);
	frame_heading(to, _("Look at your contact address"), lead);
	frame_section(to, NULL);
	write_code_form(visit, to);
	frame_section_close(to);
	frame_section(to, _("Nothing came?"));
	fputs("<ul>\n", to);
	page_element(to, "li", _("Wait two minutes, and look into the folder for junk mail."));
	page_element(to, "li", _("Perhaps the address was mistyped: look at it above."));
	page_element(to, "li", _("For your safety we do not say here whether there is such a mailbox, nor where the code goes."));
	fputs("</ul>\n", to);
	frame_section_close(to);
}

static void told_sent(struct visit *visit, enum ask_result result, const json_t *answer)
{
	if (result == ASK_AWAY)
		visit_fault(visit, 503);
	else /* also where too many were asked for: who asks is not told for which address */
		visit_page(visit, 200, N_("Look at your contact address"), write_sent);
}

static void write_again(struct visit *visit, FILE *to)
{
	frame_message(to, "bad", _("This is not an e-mail address. Please write it in full, as in name@example.org."));
	write_start(visit, to);
}

void page_send(struct visit *visit)
{
	if (!visit_take_address(visit, "address") || !strchr(visit->typed, '@')) {
		visit_page(visit, 200, N_("Get your mailbox back"), write_again);
		return;
	}
	if (!visit_allowed(visit, LIMIT_CODE))
		return;
	http_slow(visit->exchange, VISIT_SLOW_MS);
	visit_ask(visit, visit_question(visit, "owner code", visit->typed), told_sent);
}

static void write_code(struct visit *visit, FILE *to)
{
	frame_steps(to, 1);
	frame_heading(to, _("Type in your code"), _("It came to your contact address, or support told it to you on the telephone."));
	frame_section(to, NULL);
	write_code_form(visit, to);
	frame_section_close(to);
	fputs("<p>", to);
	frame_link(to, "/", _("Have a new code sent to you"));
	fputs("</p>\n", to);
}

void page_code(struct visit *visit) { visit_page(visit, 200, N_("Type in your code"), write_code); }

static void write_wrong(struct visit *visit, FILE *to)
{
	char text[400];

	snprintf(text, sizeof text,
		 _("This code is not right for this address, or not any more: each is good once, for %d minutes, and for %d tries."), CODE_MINUTES, CODE_TRIES);
	frame_message(to, "bad", text);
	write_code(visit, to);
}

static void told_tried(struct visit *visit, enum ask_result result, const json_t *answer)
{
	if (result == ASK_AWAY) {
		visit_fault(visit, 503);
	} else if (result == ASK_ANSWERED && json_is_true(json_object_get(answer, "good"))) {
		visit_enter(visit, text_of(json_string_value(json_object_get(answer, "account"))));
		visit_go(visit, "/account");
	} else {
		visit_page(visit, 200, N_("Type in your code"), write_wrong);
	}
}

void page_try(struct visit *visit)
{
	json_t *question;

	if (!visit_allowed(visit, LIMIT_TRY))
		return;
	question = visit_question_of_code(visit, "owner open");
	if (question)
		visit_ask(visit, question, told_tried);
	else
		visit_page(visit, 200, N_("Type in your code"), write_wrong);
}

/* ---- the panel's word */

/* not used up by who only looks: programs look at links, too */
static void write_panel(struct visit *visit, FILE *to)
{
	frame_heading(to, _("Welcome"), _("Your panel says that this is your account. Please confirm, and you are signed in here for half an hour."));
	frame_section(to, NULL);
	fputs("<dl class=\"facts\">\n", to);
	frame_fact(to, _("Account"), visit->typed);
	fputs("</dl>\n", to);
	fputs("<form method=\"post\" action=\"/panel\">\n<input type=\"hidden\" name=\"token\" value=\"", to);
	page_text(to, visit->token);
	fputs("\">\n", to);
	frame_button(to, "main", _("Go on"));
	frame_form_close(to);
	frame_section_close(to);
}

static void write_not_entered(struct visit *visit, FILE *to)
{
	frame_heading(to, _("That did not work"),
		      _("What your panel says is good for a minute, and once. Please open this page from your panel once more, or have a code sent to you."));
	frame_link_button(to, "/", _("To the beginning"));
}

/* whose account it is they see: somebody else may have made them bring the word, and wait for what they type in */
static void confirm(struct visit *visit, struct text token)
{
	if (token.n < sizeof visit->token && visit_read_token(visit, token, visit->typed)) {
		text_copy(visit->token, sizeof visit->token, token);
		visit_page(visit, 200, N_("Welcome"), write_panel);
	} else {
		visit_page(visit, 403, N_("That did not work"), write_not_entered);
	}
}

void page_panel(struct visit *visit)
{
	struct text token = http_query(visit->exchange, "token");

	if (!token.n)
		visit_go(visit, "/");
	else
		confirm(visit, token);
}

/* A link, and no redirect: what the panel's site began is still its own visit, and a browser would keep the cookie back. */
static void write_entered(struct visit *visit, FILE *to)
{
	frame_heading(to, _("You are signed in"), _("For half an hour, on this device. The account is named above."));
	frame_link_button(to, "/account", _("To your account"));
}

static void told_entered(struct visit *visit, enum ask_result result, const json_t *answer)
{
	const char *account = json_string_value(json_object_get(answer, "account"));

	if (result == ASK_AWAY) {
		visit_fault(visit, 503);
	} else if (result != ASK_ANSWERED || !account) {
		visit_page(visit, 403, N_("That did not work"), write_not_entered);
	} else {
		visit_enter(visit, text_of(account));
		visit_page(visit, 200, N_("You are signed in"), write_entered);
	}
}

void page_enter(struct visit *visit)
{
	if (!visit_allowed(visit, LIMIT_PANEL))
		return;
	if (!visit_comes_from_panel(visit))
		confirm(visit, form_word(&visit->form, "token"));
	else if (visit_take_token(visit, form_word(&visit->form, "token"), visit->typed))
		visit_ask(visit, visit_question(visit, "owner enter", visit->typed), told_entered);
	else
		visit_page(visit, 403, N_("That did not work"), write_not_entered);
}

void page_leave(struct visit *visit)
{
	visit_leave(visit);
	visit_go(visit, "/");
}
