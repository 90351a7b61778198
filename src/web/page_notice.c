/* SPDX-License-Identifier: Apache-2.0 */
/* Is this notice ours? How to tell, and what to do after a fake. */
#include "base/i18n.h"
#include "notice/kinds.h"
#include "web/frame.h"

/* "a•••e@example.org": who has the notice knows the rest */
static const char *masked(struct shown *to, const char *account)
{
	const char *at = strchr(account, '@');
	size_t n = at ? (size_t)(at - account) : strlen(account);

	snprintf(to->text, sizeof to->text, "%.*s•••%.*s%s", n ? 1 : 0, account, n > 2 ? 1 : 0, n > 2 ? account + n - 1 : "", at ? at : "");
	return to->text;
}

static void write_form(struct visit *visit, FILE *to)
{
	frame_section(to, _("Ask us whether a notice is ours"));
	frame_paragraph(to, _("Each of our notices carries a short code. Type it in together with the address to which the notice came. Both are worth nothing to anybody else: no password is asked for here."));
	frame_form(visit, to, "/notice");
	frame_field(to, &(struct frame_field){ "code", _("The code in the notice"), NULL, "text", NULL,
					       "required maxlength=\"20\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" class=\"code\"" });
	frame_field(to, &(struct frame_field){ "address", _("The address to which it came"), NULL, "text", *visit->typed ? visit->typed : NULL,
					       "required maxlength=\"254\" autocomplete=\"email\" autocapitalize=\"none\" spellcheck=\"false\" inputmode=\"email\"" });
	frame_button(to, "main", _("Is it yours?"));
	frame_form_close(to);
	frame_section_close(to);
}

static void write_signs(struct visit *visit, FILE *to)
{
	const char *panel = visit_words(visit).panel_name;

	frame_section(to, _("Our notices …"));
	fputs("<ul class=\"yes\">\n", to);
	page_element(to, "li", _("go to your contact address, not only to the mailbox that they are about;"));
	page_element(to, "li", _("name the mailbox, and carry a code that you can check here;"));
	page_element(to, "li", _("carry the phrase that you chose, if you chose one;"));
	fputs("<li>", to);
	if (*panel)
		page_print(to, _("say in words where to go: “%s”."), panel);
	else
		page_text(to, _("say in words where to go: a place that you know already."));
	fputs("</li>\n</ul>\n", to);
	frame_section_close(to);
	frame_section(to, _("… and they never"));
	fputs("<ul class=\"no\">\n", to);
	page_element(to, "li", _("carry a link on which you are to log in, or a button;"));
	page_element(to, "li", _("ask for a password, or for a card's number;"));
	page_element(to, "li", _("have an attachment that you are to open;"));
	page_element(to, "li", _("say that your mailbox will be deleted unless you do something within hours."));
	fputs("</ul>\n", to);
	frame_section_close(to);
}

static void write_after(FILE *to)
{
	frame_section(to, _("You have met a fake?"));
	fputs("<dl class=\"cases\">\n", to);
	page_element(to, "dt", _("You only looked at it, or opened the page"));
	page_element(to, "dd", _("Close it. By looking alone nothing of your password leaks. Delete the mail."));
	page_element(to, "dt", _("You typed your password in"));
	fputs("<dd>", to);
	page_text(to, _("Change it at once, in your panel or here, and wherever else you use the same one. Every minute counts; then tell support."));
	fputc(' ', to);
	frame_link(to, "/", _("Here you prove who you are, and change it."));
	fputs("</dd>\n", to);
	page_element(to, "dt", _("You opened an attachment"));
	page_element(to, "dd", _("Take the computer off the network, let a virus scanner look through it, and change your passwords from another device."));
	fputs("</dl>\n", to);
	frame_section_close(to);
}

static void write_notice(struct visit *visit, FILE *to)
{
	frame_heading(to, _("How to tell our notices from fakes"),
		      _("Thieves copy real notices word for word, and change the link alone. So do not go by how a mail looks, but by this."));
	write_form(visit, to);
	write_signs(visit, to);
	write_after(to);
}

void page_notice(struct visit *visit) { visit_page(visit, 200, N_("How to tell our notices from fakes"), write_notice); }

/* ---- one is checked */

static const char *kind_said(const char *kind)
{
	static const char *const said[NOTICE_KINDS] = {
		[NOTICE_LOCKED] = N_("that somebody else sent mail with the account, and what was done"),
		[NOTICE_OBSERVED] = N_("that something is odd with the account"),
		[NOTICE_BRAKED] = N_("that something is odd with the account"),
		[NOTICE_RELEASED] = N_("that the account is open again"),
		[NOTICE_AGAIN] = N_("that mail still comes back after a new password"),
		[NOTICE_CARE] = N_("what is still open in the after-care"),
		[NOTICE_WEAK] = N_("that the password can be guessed"),
		[NOTICE_CODE] = N_("a code that was asked for"),
		[NOTICE_CHANGED] = N_("that the password was changed"),
	};
	enum notice_kind found = notice_kind_find(text_of(kind));

	return found < NOTICE_KINDS ? _(said[found]) : "";
}

static void write_ours(struct visit *visit, FILE *to)
{
	const json_t *notice = visit->story;
	const char *account = json_string_value(json_object_get(notice, "account")), *kind = json_string_value(json_object_get(notice, "kind"));

	frame_message(to, "good", _("Yes: this notice is ours."));
	fputs("<section><dl class=\"facts\">\n", to);
	frame_fact(to, _("Account"), masked(SHOWN, account ? account : ""));
	frame_fact(to, _("Written"), frame_moment(SHOWN, json_object_get(notice, "made")));
	frame_fact(to, _("It says"), kind_said(kind ? kind : ""));
	fputs("</dl>\n", to);
	page_element(to, "p class=\"small\"",
		     _("If the date or the account is another than in your mail, somebody has copied one of our notices: then take it for a fake."));
	fputs("</section>\n", to);
	write_notice(visit, to);
}

static void write_not_ours(struct visit *visit, FILE *to)
{
	frame_message(to, "bad", _("No: we know no notice with this code for this address. If you have not mistyped it, take the mail for a fake."));
	write_notice(visit, to);
}

static void told_verified(struct visit *visit, enum ask_result result, const json_t *answer)
{
	bool ours = result == ASK_ANSWERED && json_is_true(json_object_get(answer, "ours"));

	if (result == ASK_AWAY || result == ASK_FAILED) {
		visit_fault(visit, 503);
		return;
	}
	if (ours)
		visit->story = json_incref(json_object_get(answer, "notice"));
	visit_page(visit, 200, N_("How to tell our notices from fakes"), ours ? write_ours : write_not_ours);
}

void page_check(struct visit *visit)
{
	json_t *question;

	if (!visit_allowed(visit, LIMIT_TRY))
		return;
	question = visit_question_of_code(visit, "notice verify");
	if (question)
		visit_ask(visit, question, told_verified);
	else
		visit_page(visit, 200, N_("How to tell our notices from fakes"), write_not_ours);
}
