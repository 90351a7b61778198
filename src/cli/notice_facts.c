/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to say of one incident, for people who may know nothing of mail servers. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "recovery/care.h"
#include "recovery/guide.h"
#include "cli/asked.h"
#include "cli/notice.h"
#include "report/show.h"

enum { COUNTRIES_TOLD = 8, WHY_TOLD = 5, LINES_MAX = 8 * 1024 };

size_t notice_languages(const char *wanted, const char *languages[2])
{
	bool both = strcmp(wanted, "ja") != 0 && strcmp(wanted, "en") != 0;

	languages[0] = both || strcmp(wanted, "ja") == 0 ? "ja" : "en";
	languages[1] = "en";
	return both ? 2 : 1;
}

/* ---- lists: a line each */

struct lines {
	char text[LINES_MAX];
	size_t n;
};

static void add(struct lines *lines, const char *between, const char *line)
{
	int n = snprintf(lines->text + lines->n, sizeof lines->text - lines->n, "%s%s", lines->n ? between : "", line);

	if (n > 0 && lines->n + (size_t)n < sizeof lines->text)
		lines->n += (size_t)n;
	else
		lines->text[lines->n] = '\0';
}

/* ---- times: as a reader of that language writes them */

static void put_time(struct notice_facts *facts, enum notice_fact fact, int64_t t_us)
{
	struct civil c;
	int offset_s = t_us == WHEN_NONE ? 0 : when_local_offset(t_us), minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
	char text[120];

	if (t_us == WHEN_NONE)
		return;
	when_to_civil(t_us + offset_s * SECOND_US, &c);
	/* TRANSLATORS: year, month, day, hour, minute, and how far it is from UTC */
	snprintf(text, sizeof text, _("%04d-%02d-%02d %02d:%02d (UTC%c%02d:%02d)"), c.year, c.month, c.day, c.hour, c.minute,
		 offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
	notice_fact_set(facts, fact, text);
}

/* ---- where it came from */

static void put_countries(struct notice_facts *facts, const json_t *incident)
{
	const json_t *one;
	struct lines lines = { "", 0 };
	char told[COUNTRIES_TOLD][3];
	size_t i, count = 0;
	bool more = false;

	json_array_foreach(json_object_get(incident, "sources"), i, one) {
		const char *code = field_text(one, "country"), *name = strlen(code) == 2 ? country_name(code) : NULL;
		size_t at = 0;

		if (!field_flag(one, "attacker") || strlen(code) != 2)
			continue;
		while (at < count && strcmp(told[at], code) != 0)
			at++;
		if (at < count)
			continue;
		more |= count == COUNTRIES_TOLD;
		if (count == COUNTRIES_TOLD)
			continue;
		text_copy(told[count++], 3, text_of(code));
		add(&lines, _(", "), name ? name : code);
	}
	if (more)
		add(&lines, _(", "), _("and others"));
	notice_fact_set(facts, FACT_COUNTRIES, lines.text);
}

/* ---- what was done */

static bool is_proved(const json_t *closure, const char *action)
{
	const json_t *step;
	size_t i;

	json_array_foreach(json_object_get(closure, "steps"), i, step) {
		if (strcmp(field_text(step, "action"), action) == 0)
			return field_flag(step, "wanted") && json_is_string(json_object_get(step, "proved_at"));
	}
	return false;
}

/* only what is proved: what is not set up, failed or still waits was not done as far as anybody knows */
static void put_done(struct notice_facts *facts, const json_t *incident)
{
	const json_t *closure = json_object_get(incident, "closure");
	const char *scope = field_text(closure, "scope");
	bool whole = strcmp(scope, "account") == 0, sending = strcmp(scope, "sending") == 0;
	bool logins = is_proved(closure, "logins") || (whole && is_proved(closure, "deny_list"));
	struct lines lines = { "", 0 };

	if (!json_is_object(closure))
		return;
	if (is_proved(closure, "gate") && (whole || sending))
		add(&lines, "\n", _("No mail can be sent with this account until it is opened again."));
	else if (is_proved(closure, "gate"))
		add(&lines, "\n", _("No mail is taken from places from which the account was not used before."));
	if (logins && !whole && !sending)
		add(&lines, "\n", _("Nobody can log in from such places."));
	if (is_proved(closure, "password"))
		add(&lines, "\n", _("The password was replaced by one that nobody knows. The old one is void: until you choose a new one you cannot send or read mail."));
	else if (logins && whole)
		add(&lines, "\n", field_flag(incident, "precaution") ? _("Nobody can log in until the account is opened again.")
								     : _("Nobody can log in until a new password is chosen."));
	if (is_proved(closure, "sessions"))
		add(&lines, "\n", _("Connections that were open were ended."));
	if (is_proved(closure, "queue"))
		add(&lines, "\n", _("Mail of the account that had not gone out yet is kept back."));
	notice_fact_set(facts, FACT_DONE, lines.text);
}

static void put_why(struct notice_facts *facts, const json_t *incident)
{
	struct lines lines = { "", 0 };
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(incident, "evidence"), i, one) {
		char *line;

		if (i == WHY_TOLD)
			break;
		line = show_format("%s (%s)", field_text(one, "text"), show_bits(SHOWN, json_number_value(json_object_get(one, "bits")), true));
		add(&lines, "\n", line);
		free(line);
	}
	notice_fact_set(facts, FACT_WHY, lines.text);
}

/* what the person who locked it said of it */
static void put_notes(struct notice_facts *facts, const json_t *incident)
{
	struct lines lines = { "", 0 };
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(incident, "notes"), i, one) {
		char *line;

		if (i == WHY_TOLD)
			break;
		line = show_format("%s: %s", field_text(one, "who"), *field_text(one, "text") ? _(field_text(one, "text")) : "");
		add(&lines, "\n", line);
		free(line);
	}
	notice_fact_set(facts, FACT_WHY, lines.text);
}

/* what is open of the after-care */
static void put_open(struct notice_facts *facts, const json_t *incident)
{
	struct lines lines = { "", 0 };
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(incident, "care"), i, one) {
		const struct care_item *item = care_find(text_of(field_text(one, "item")));

		if (item && strcmp(field_text(one, "state"), "open") == 0)
			add(&lines, "\n", _(item->sentence));
	}
	notice_fact_set(facts, FACT_OPEN, lines.text);
}

/* why mail still comes back, and what helps */
static void put_guide(struct notice_facts *facts, const json_t *incident)
{
	struct guide_figures figures;
	struct lines lines = { "", 0 };
	char says[600];

	guide_from_json(json_object_get(incident, "guide"), &figures);
	guide_say(&figures, says, sizeof says);
	if (*says)
		add(&lines, "\n", says);
	if (*says)
		add(&lines, "\n", guide_advice(guide_cause_of(&figures)));
	notice_fact_set(facts, FACT_WHY, lines.text);
}

static void put_mail(struct notice_facts *facts, const json_t *incident)
{
	char *mail;

	if (!field_count(incident, "messages"))
		return;
	mail = asked_mail(incident);
	notice_fact_set(facts, FACT_MAIL, mail);
	free(mail);
}

static void put_incident(struct notice_facts *facts, const struct notice *notice, const json_t *incident)
{
	int64_t began_us = field_time(incident, "began"), first_us = field_time(incident, "first_abuse");
	char number[24];

	if (notice->incident) {
		snprintf(number, sizeof number, "%llu", (unsigned long long)notice->incident);
		notice_fact_set(facts, FACT_INCIDENT, number);
	}
	if (!incident)
		return;
	put_done(facts, incident);
	put_open(facts, incident);
	if (!field_flag(incident, "precaution")) { /* then no mail of it is anybody's but the owner's */
		put_time(facts, FACT_BEGAN, first_us != WHEN_NONE ? first_us : began_us);
		put_mail(facts, incident);
		put_countries(facts, incident);
	}
	if (notice->to_operator && field_flag(incident, "precaution"))
		put_notes(facts, incident);
	else if (notice->kind == NOTICE_AGAIN)
		put_guide(facts, incident);
	else if (notice->to_operator)
		put_why(facts, incident);
}

/* ---- to operators */

static const char *what_of(enum notice_kind kind)
{
	switch (kind) {
	case NOTICE_LOCKED: return _("the account was locked");
	case NOTICE_OBSERVED: return _("the account would have been locked");
	case NOTICE_BRAKED: return _("a person has to decide");
	case NOTICE_AGAIN: return _("mail comes back that was sent after the new password");
	default: return kind < NOTICE_KINDS ? notice_kind_names[kind] : "";
	}
}

static void put_members(struct notice_facts *facts, const struct notice *notice)
{
	struct lines lines = { "", 0 };
	const json_t *one;
	char *line;
	size_t i;

	json_array_foreach(notice->members, i, one) {
		line = show_format(_("%s, incident %llu: %s"), field_text(one, "account"), (unsigned long long)field_count(one, "incident"),
				   what_of(notice_kind_find(text_of(field_text(one, "kind")))));
		add(&lines, "\n", line);
		free(line);
	}
	if (notice->count > json_array_size(notice->members)) {
		line = show_format(_("and %llu more"), (unsigned long long)(notice->count - json_array_size(notice->members)));
		add(&lines, "\n", line);
		free(line);
	}
	notice_fact_set(facts, FACT_LIST, lines.text);
	notice_fact_set(facts, FACT_COUNT, show_count(SHOWN, notice->count));
}

/* ---- all */

void notice_gather(const struct delivery *delivery, const struct notice *notice, const json_t *incident, const struct contact *contact,
		   struct notice_facts *facts)
{
	struct config_words words = config_words(&delivery->config, config_language());
	char code[NOTICE_CODE_MAX], minutes[16];

	*facts = (struct notice_facts){ { NULL } };
	notice_fact_set(facts, FACT_ACCOUNT, notice->account);
	notice_fact_set(facts, FACT_SERVER, *words.server_name ? words.server_name : delivery->host);
	notice_fact_set(facts, FACT_COMPANY, words.notice_name);
	notice_fact_set(facts, FACT_PANEL, words.panel_name);
	notice_fact_set(facts, FACT_SUPPORT, words.support_words);
	put_time(facts, FACT_AT, notice->made_us);
	if (!notice->to_operator && contact) {
		notice_fact_set(facts, FACT_NAME, contact->name);
		notice_fact_set(facts, FACT_PHRASE, contact->phrase);
	}
	if (notice->id) {
		notice_code_make(&delivery->keys, notice->id, code);
		notice_fact_set(facts, FACT_CODE, code);
	}
	if (notice->onetime) {
		notice_fact_set(facts, FACT_ONETIME, notice->onetime);
		snprintf(minutes, sizeof minutes, "%d", notice->minutes);
		notice_fact_set(facts, FACT_MINUTES, minutes);
	}
	put_incident(facts, notice, incident);
	if (notice->to_operator)
		notice_fact_set(facts, FACT_WHAT, what_of(notice->kind));
	if (notice->members)
		put_members(facts, notice);
}
