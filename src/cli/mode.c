/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho mode [DOMAIN [learn|observe|enforce]] */
#include <string.h>

#include "base/i18n.h"
#include "cli/asked.h"
#include "report/show.h"

static const char *usage(void)
{
	return _("usage: sekisho mode [DOMAIN [learn|observe|enforce]] [options]\n"
		 "Shows or sets how far the daemon goes, for one domain; '' stands for all that nothing else is said of.\n\n"
		 "  learn     only what is usual is learned\n"
		 "  observe   everything is judged and recorded, nothing is done\n"
		 "  enforce   mail is held, accounts are locked\n\n"
		 "  -f, --format text|json    how to answer (text)\n"
		 "  -o, --output FILE         where to (standard output)\n"
		 "  -c, --config FILE         settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		 "  -h, --help");
}

static void show_row(struct terminal *t, const char *domain, const char *mode)
{
	char *label = show_format("%s", *domain ? show_name(SHOWN, domain, NAME_COLUMNS) : _("all others"));
	char *value = show_format(_("%s (%s)"), mode, asked_mode(mode));

	asked_fact_of(t, label, value);
	free(label);
}

static void show_one(const struct asked *asked, struct terminal *t)
{
	show_row(t, field_text(asked->answer, "domain"), field_text(asked->answer, "mode"));
}

static void show_all(const struct asked *asked, struct terminal *t)
{
	const json_t *modes = json_object_get(asked->answer, "modes");

	for (size_t i = 0; i < json_array_size(modes); i++) {
		const json_t *one = json_array_get(modes, i);

		if (*field_text(one, "domain"))
			show_row(t, field_text(one, "domain"), field_text(one, "mode"));
	}
	show_row(t, "", field_text(asked->answer, "default"));
}

static json_t *request_of(struct asked *asked)
{
	switch (asked->word_count) {
	case 0: asked->show = show_all; return json_pack("{s:s}", "verb", "mode list");
	case 1: asked->show = show_one; return json_pack("{s:s, s:s}", "verb", "mode show", "domain", asked->words[0]);
	case 2:
		asked->show = show_one;
		return json_pack("{s:s, s:s, s:s}", "verb", "mode set", "domain", asked->words[0], "mode", asked->words[1]);
	default: return NULL;
	}
}

static bool is_mode(const char *name)
{
	return strcmp(name, "learn") == 0 || strcmp(name, "observe") == 0 || strcmp(name, "enforce") == 0;
}

int cli_mode(int argc, char **argv)
{
	struct asked asked = { 0 };
	bool ended;
	int status = asked_begin(&asked, argc, argv, usage(), false, &ended);
	json_t *request;

	if (ended)
		goto out;
	if (asked.word_count == 2 && !is_mode(asked.words[1])) {
		cli_complain(_("'%s' is none of learn, observe, enforce"), asked.words[1]);
		status = CLI_USAGE;
		goto out;
	}
	request = request_of(&asked);
	status = request ? asked_ask(&asked, request) : asked_misused(usage());
	if (!status)
		status = asked_tell(&asked);
out:
	asked_done(&asked);
	return status;
}
