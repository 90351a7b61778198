/* SPDX-License-Identifier: Apache-2.0 */
#include "report/bulletin_words.h"

#include <libintl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/show.h"

static void add(struct paper_lines *lines, char *line)
{
	if (lines->count < PAPER_LINES_MAX)
		lines->items[lines->count++] = line;
	else
		free(line);
}

static void say(struct paper_lines *lines, const char *sentence) { add(lines, show_format("%s", sentence)); }

/* ---- days */

char *bulletin_day(int64_t t_us)
{
	static const char *const months[] = { N_("%d January %d"), N_("%d February %d"), N_("%d March %d"),	  N_("%d April %d"),
					      N_("%d May %d"),     N_("%d June %d"),	 N_("%d July %d"),	  N_("%d August %d"),
					      N_("%d September %d"), N_("%d October %d"), N_("%d November %d"), N_("%d December %d") };
	struct civil civil;

	when_to_civil(t_us + when_local_offset(t_us) * SECOND_US, &civil);
	return show_format(_(months[(civil.month + 11) % 12]), civil.day, civil.year);
}

/* ---- the head */

void bulletin_lead(const struct bulletin *bulletin, struct paper_lines *lines)
{
	*lines = (struct paper_lines){ .count = 0 };
	add(lines, show_format(ngettext("%s kind of fake mail is known so far; %s of them were handed to us.",
					"%s kinds of fake mails are known so far; %s of them were handed to us.", bulletin->count),
			       show_count(SHOWN, bulletin->count), show_count(SHOWN, bulletin->mails + bulletin->left_out)));
	say(lines, _("Please do not follow the links in them, do not open what is attached, and do not answer them."));
}

const char *bulletin_reading(void)
{
	return _("Addresses on this page are written so that nobody can follow them by mistake (hxxps instead of https, [.] instead of a dot). What could tell who received such a mail is blacked out.");
}

/* ---- one kind of fake */

const char *bulletin_title(const struct bulletin_fake *fake)
{
	return fake->subjects.count ? fake->subjects.items[0].text : _("(without a subject)");
}

size_t bulletin_facts(const struct bulletin_fake *fake, struct bulletin_fact facts[BULLETIN_FACTS_MAX])
{
	const struct bulletin_fact all[BULLETIN_FACTS_MAX] = {
		{ _("Subjects"), &fake->subjects },
		{ _("Claims to come from"), &fake->names },
		{ _("Sender's address"), &fake->addresses },
		{ _("Leads to"), &fake->hosts },
		{ _("Links also to"), &fake->covers },
	};
	size_t count = 0;

	for (size_t i = 0; i < BULLETIN_FACTS_MAX; i++)
		if (all[i].list->count > (all[i].list == &fake->subjects)) /* one subject is the title */
			facts[count++] = all[i];
	return count;
}

char *bulletin_seen(const struct bulletin_fake *fake)
{
	const char *count = show_count(SHOWN, fake->mails);
	char *first, *last, *seen;

	if (fake->first_us == WHEN_NONE)
		return show_format(ngettext("%s mail", "%s mails", fake->mails), count);
	first = bulletin_day(fake->first_us);
	last = bulletin_day(fake->last_us);
	if (strcmp(first, last) == 0)
		seen = show_format(ngettext("%s mail, of %s", "%s mails, of %s", fake->mails), count, first);
	else
		seen = show_format(ngettext("%s mail, from %s to %s", "%s mails, from %s to %s", fake->mails), count, first, last);
	free(first);
	free(last);
	return seen;
}

size_t bulletin_shown(const struct bulletin_list *list, char **more)
{
	size_t shown = list->count < BULLETIN_SHOWN ? list->count : BULLETIN_SHOWN;

	*more = words_more(list->count - shown + list->others);
	return shown;
}

/* ---- what everybody should know */

const char *bulletin_part_title(enum bulletin_part part)
{
	static const char *const titles[BULLETIN_PARTS] = {
		[BULLETIN_TELL] = N_("How to tell our notices from fakes"),
		[BULLETIN_DO] = N_("What to do with such a mail"),
		[BULLETIN_ASK] = N_("Whom to ask"),
	};

	return _(titles[part]);
}

/* "example.jp, example.ne.jp" */
static char *joined(const struct config_texts *texts)
{
	char *all = show_format("%s", "");

	for (size_t i = 0; i < texts->count; i++) {
		char *longer = show_format("%s%s%s", all, *all ? _(", ") : "", texts->items[i]);

		free(all);
		all = longer;
	}
	return all;
}

static void say_official(const struct config *config, struct paper_lines *lines)
{
	char *domains;

	if (!config->official_domains.count)
		return;
	domains = joined(&config->official_domains);
	add(lines, show_format(_("Our own addresses end in: %s. What counts is where a link leads, not the text that stands on it: that can show our address and lead elsewhere."),
			       domains));
	free(domains);
}

static void say_code(const struct config *config, struct paper_lines *lines)
{
	const char *panel = config_words(config, config_language()).panel_name;

	if (*panel)
		add(lines, show_format(_("Each of our notices has a code. With this code and the address to which it came, you can see at %s, or hear from our support, whether it is ours, about which account it is, and when we wrote it."),
				       panel));
	else
		say(lines, _("Each of our notices has a code. With this code and the address to which it came, our support can tell you whether it is ours, about which account it is, and when we wrote it."));
}

static void say_how_to_tell(const struct config *config, struct paper_lines *lines)
{
	say(lines, _("Fakes copy our notices word for word, and the sender's name with them. Neither tells whether a mail is ours."));
	say(lines, _("Notices of ours about your mail account have no link on which to log in and no attachment, and we never ask for your password in a mail."));
	say_code(config, lines);
	say_official(config, lines);
	say(lines, _("For administrators: notices of ours bear a mark that cannot be copied to another mail (the header field Sekisho-Notice), which sekisho inspect checks; sekisho notice verify CODE ADDRESS tells of a code."));
}

static void say_what_to_do(const struct config *config, struct paper_lines *lines)
{
	const char *panel = config_words(config, config_language()).panel_name;

	say(lines, _("If you only received such a mail: delete it. Nothing has happened."));
	say(lines, _("If you followed the link and only looked: close the page. Nothing of your login has leaked by looking."));
	if (*panel)
		add(lines, show_format(_("If you typed your password in there: choose a new one at once. Open %s in the way you always do, by typing its address or with a bookmark of your own, never by the link in the mail. Then tell us."),
				       panel));
	else
		say(lines, _("If you typed your password in there: choose a new one at once. Open the page on which you manage your mail in the way you always do, by typing its address or with a bookmark of your own, never by the link in the mail. Then tell us."));
	say(lines, _("If you use the same password elsewhere, change it there too: bank, cards and shops first. If you typed in the number of a card, call its company at once."));
	say(lines, _("If you opened what was attached: have the device scanned for malware before you type a password on it again."));
}

void bulletin_part(const struct bulletin *bulletin, enum bulletin_part part, struct paper_lines *lines)
{
	const char *support = config_words(bulletin->config, config_language()).support_words;

	*lines = (struct paper_lines){ .count = 0 };
	if (part == BULLETIN_TELL)
		say_how_to_tell(bulletin->config, lines);
	else if (part == BULLETIN_DO)
		say_what_to_do(bulletin->config, lines);
	else if (*support)
		say(lines, support);
	else
		say(lines, _("If you are not sure whether a mail is ours, ask our support, in the way you always do, before you do anything that it says."));
}
