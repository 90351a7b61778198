/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho account code: a code for an owner who is on the telephone. */
#include "base/i18n.h"
#include "cli/asked.h"
#include "report/field.h"
#include "report/show.h"

static const char *usage(void)
{
	return _("usage: sekisho account code ACCOUNT [options]\n"
		 "Makes a one-time code for an owner whom you know to be the owner, and who cannot read their contact address: tell it to them, and\n"
		 "they type it in on the owner's pages. It is shown once, and the one before is void. That you took it is recorded.\n\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

static void show_code(const struct asked *asked, struct terminal *t)
{
	const char *code = field_text(asked->answer, "code");

	terminal_print(t, SHADE_BOLD, "%.4s-%s", code, code[0] ? code + 4 : "");
	terminal_print(t, SHADE_PLAIN, "  ");
	terminal_print(t, SHADE_PLAIN, _("for %s: good for %s minutes, and once"), show_name(SHOWN, field_text(asked->answer, "account"), NAME_COLUMNS),
		       show_count(SHOWN, field_count(asked->answer, "minutes")));
	terminal_end(t);
	if (field_flag(asked->answer, "known"))
		return;
	terminal_put(t, SHADE_YELLOW, _("Nobody of this name was ever seen here: is it written as the owner writes it? The code opens nothing else."));
	terminal_end(t);
}

int cli_code(int argc, char **argv)
{
	struct asked asked = { 0 };
	bool ended;
	int status = asked_begin(&asked, argc, argv, usage(), false, &ended);

	if (!ended && asked.word_count != 2)
		status = asked_misused(usage());
	else if (!ended)
		status = asked_ask_and_tell(&asked, asked_question("account code", asked.words[1]), show_code);
	asked_done(&asked);
	return status;
}
