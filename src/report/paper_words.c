/* SPDX-License-Identifier: Apache-2.0 */
#include "report/paper_words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "recovery/care.h"
#include "report/steps.h"

/* ---- lists */

static void add(struct paper_lines *lines, char *line)
{
	if (lines->count < PAPER_LINES_MAX)
		lines->items[lines->count++] = line;
	else
		free(line);
}

static void say(struct paper_lines *lines, const char *sentence) { add(lines, show_format("%s", sentence)); }

void paper_lines_done(struct paper_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i]);
	*lines = (struct paper_lines){ .count = 0 };
}

static char *mail_of(const struct paper_count *count)
{
	char *mail = show_format(ngettext("%s message", "%s messages", count->messages), show_count(SHOWN, count->messages));
	char *to = show_format(ngettext("to %s recipient", "to %s recipients", count->recipients), show_count(SHOWN, count->recipients));
	/* TRANSLATORS: "4,210 messages" "to 63,150 recipients" */
	char *both = show_format(_("%s %s"), mail, to);

	free(mail);
	free(to);
	return both;
}

/* ---- the head */

static bool is_over(const struct paper *paper) { return paper->closed_us != WHEN_NONE; }
static bool is_watched(const struct paper *paper) { return paper->mode != PAPER_ENFORCED; }

/* a person locked it, and nothing speaks against it */
static bool is_precaution(const struct paper *paper)
{
	bool by_hand = false;

	for (size_t i = 0; i < paper->note_count; i++)
		by_hand |= strncmp(paper->notes[i].text, "locked by hand", strlen("locked by hand")) == 0;
	return by_hand && !paper->false_alarm && paper->incident.bits < 1 && !paper->incident.evidence_count;
}

const char *paper_state_word(const struct paper *paper)
{
	static const char *const words[PAPER_STATES] = { N_("open"), N_("contained"), N_("released"), N_("closed") };

	return paper->false_alarm ? _("a false alarm") : _(words[paper->state]);
}

char *paper_headline(const struct paper *paper)
{
	const char *account = show_name(SHOWN, paper->account, NAME_COLUMNS);

	if (paper->false_alarm)
		return show_format(_("Mail account %s: a false alarm, the mail was its owner's."), account);
	if (is_precaution(paper))
		return show_format(_("Mail account %s was locked by hand, as a precaution: nothing was seen that speaks against it."), account);
	return show_format(_("Mail account %s was used by somebody else."), account);
}

static const char *what_was_done(const struct paper *paper)
{
	if (is_watched(paper))
		return _("Nothing was stopped, for the server only watches this domain.");
	if (paper->braked && !paper->locked)
		return _("Sending from places that are not the owner's was held for a person to decide.");
	return _("Sending was stopped at once. Incoming mail is not touched by that.");
}

static char *when_it_was(const struct paper *paper)
{
	int64_t began_us = paper->incident.began_us, found_us = paper->incident.detected_us;

	if (began_us == WHEN_NONE || found_us <= began_us)
		return show_format(_("It was noticed at %s."), show_time(SHOWN, found_us));
	return show_format(_("The first sign was at %s; it was noticed at %s, %s later."), show_time(SHOWN, began_us),
			   show_time(SHOWN, found_us), show_span(SHOWN, found_us - began_us));
}

void paper_lead(const struct paper *paper, struct paper_lines *lines)
{
	*lines = (struct paper_lines){ .count = 0 };
	add(lines, when_it_was(paper));
	say(lines, what_was_done(paper));
	if (is_over(paper))
		add(lines, show_format(_("The incident was closed at %s."), show_time(SHOWN, paper->closed_us)));
	else
		say(lines, _("The incident is not closed: what is left to do stands at the end."));
	if (paper->full)
		say(lines, _("This copy names the owner's own addresses and those who worked on it: it is not for handing on."));
	else
		say(lines, _("It may be handed on: no recipient, no other account, and none of the owner's own addresses stands in it."));
}

/* ---- the facts */

struct facts {
	struct fact *items;
	size_t count;
};

static void fact(struct facts *facts, const char *label, char *value)
{
	if (facts->count < PAPER_FACTS_MAX)
		facts->items[facts->count++] = (struct fact){ label, value };
	else
		free(value);
}

static void fact_times(const struct paper *paper, struct facts *facts)
{
	const struct incident *incident = &paper->incident;
	int64_t first_us = incident->first_abuse_us, last_us = incident->last_abuse_us;

	fact(facts, _("First sign"), show_format("%s", show_time(SHOWN, incident->began_us)));
	fact(facts, _("Noticed"), show_format("%s", show_time(SHOWN, incident->detected_us)));
	if (first_us == WHEN_NONE)
		fact(facts, _("Attacker's mail"), show_format("%s", _("none so far")));
	else if (last_us > first_us)
		fact(facts, _("Attacker's mail"),
		     show_format(_("%s (%s)"), show_range(SHOWN, first_us, last_us), show_span(SHOWN, last_us - first_us)));
	else
		fact(facts, _("Attacker's mail"), show_format("%s", show_time(SHOWN, first_us)));
}

static void fact_passed(const struct paper *paper, struct facts *facts)
{
	uint32_t before = paper->incident.leaked_before_detection;
	char *mail = mail_of(&paper->passed);

	if (before)
		fact(facts, _("Let through"),
		     show_format(ngettext("%s, %s of them before it was noticed", "%s, %s of them before it was noticed", before), mail,
				 show_count(SHOWN, before)));
	else
		fact(facts, _("Let through"), show_format("%s", mail));
	free(mail);
}

static void fact_held(const struct paper *paper, struct facts *facts)
{
	static const char *const labels[PAPER_HELD] = { N_("Held, waiting"),  N_("Held, going out"), N_("Held, released"),
							N_("Held, condemned"), N_("Held, deleted"),  N_("Held, gone") };

	for (int i = 0; i < PAPER_HELD; i++)
		if (paper->held[i].messages)
			fact(facts, _(labels[i]), mail_of(&paper->held[i]));
}

static void fact_outcome(const struct paper *paper, struct facts *facts)
{
	const struct incident *incident = &paper->incident;
	uint64_t told = (uint64_t)incident->sent + incident->bounced;

	if (paper->outcomes_told)
		fact(facts, _("Delivered"), show_format(_("%s delivered, %s bounced (%s), %s still being tried"), show_count(SHOWN, incident->sent),
							show_count(SHOWN, incident->bounced), show_share(SHOWN, incident->bounced, told),
							show_count(SHOWN, incident->deferred)));
}

static void fact_shut_out(const struct paper *paper, struct facts *facts)
{
	if (paper->refused.messages)
		fact(facts, _("Refused"), mail_of(&paper->refused));
	if (paper->turned_away)
		fact(facts, _("Shut out"),
		     show_format(ngettext("%s login or message, the last at %s", "%s logins and messages, the last at %s", paper->turned_away),
				 show_count(SHOWN, paper->turned_away), show_time(SHOWN, paper->last_turned_away_us)));
}

size_t paper_facts(const struct paper *paper, struct fact items[PAPER_FACTS_MAX])
{
	struct facts facts = { items, 0 };
	uint32_t owner = paper->incident.owner_messages;

	fact(&facts, _("Account"), show_format("%s", show_name(SHOWN, paper->account, NAME_COLUMNS)));
	fact_times(paper, &facts);
	fact_passed(paper, &facts);
	fact_outcome(paper, &facts);
	fact_held(paper, &facts);
	fact_shut_out(paper, &facts);
	if (paper->returned_moved)
		fact(&facts, _("Came back"),
		     show_format(ngettext("%s mail that the attack brought back, moved out of the owner's INBOX",
					  "%s mails that the attack brought back, moved out of the owner's INBOX", paper->returned_moved),
				 show_count(SHOWN, paper->returned_moved)));
	if (paper->complaints)
		fact(&facts, _("Complaints"),
		     show_format(ngettext("%s, which came in at %s", "%s, the first of which came in at %s", paper->complaints),
				 show_count(SHOWN, paper->complaints), show_time(SHOWN, paper->first_complaint_us)));
	if (owner)
		fact(&facts, _("Owner"), show_format(ngettext("%s message of the owner's own at the same time, not counted above",
							      "%s messages of the owner's own at the same time, not counted above", owner),
						     show_count(SHOWN, owner)));
	if (paper->part_counted)
		fact(&facts, _("Note"), show_format("%s", _("there is too much mail to count all of it: these are the latest messages")));
	return facts.count;
}

/* ---- the cause: a guide from what was seen to what is to be done about it */

static const char *how_it_was_opened(enum incident_opening opening)
{
	switch (opening) {
	case OPENING_SPRAYED:
		return _("The password was guessed: the same network tried passwords on many accounts, and on this one it succeeded.");
	case OPENING_GUESSED:
		return _("The password was guessed: wrong ones were tried on this account, then the right one.");
	case OPENING_BLUE:
		return _("Nobody was seen guessing: the password was known. Usually it was typed into a forged page, taken by malware, or used at "
			 "another service that lost it. Which of these it was cannot be seen from a mail server.");
	default: return _("How the password became known cannot be seen: nothing is recorded of the time before.");
	}
}

static const char *what_that_means(enum incident_opening opening)
{
	if (opening == OPENING_SPRAYED || opening == OPENING_GUESSED)
		return _("A long, random password ends that. It does not show that a computer is infected or that data were taken elsewhere.");
	return _("So a new password alone may not be enough: the devices are to be looked at as well, and every service with the same password.");
}

void paper_cause(const struct paper *paper, struct paper_lines *lines)
{
	const struct incident *incident = &paper->incident;

	*lines = (struct paper_lines){ .count = 0 };
	if (paper->false_alarm) {
		say(lines, _("There was none: whoever runs the server found that the mail was the owner's."));
		return;
	}
	if (is_precaution(paper)) {
		say(lines, _("Nothing was seen that somebody else did with this account."));
		return;
	}
	if (incident->same_source) {
		say(lines, _("The mail came from the owner's own place: most likely malware on a computer or phone there sends it, or reads the password."));
		say(lines, _("That device has to be cleaned before a new password is typed on it: whoever is on it reads the next one, too."));
	} else {
		say(lines, how_it_was_opened(incident->opening));
		say(lines, what_that_means(incident->opening));
	}
	say(lines, _("If mail goes out again after a long, random password was set, the password was not the leak: then look at the owner's devices "
		     "first, and at the server itself after that."));
}

/* ---- to how many */

static char *told_apart(const struct paper *paper)
{
	if (!paper->reached)
		return show_format("%s", _("How many different people these were is not known any more."));
	if (paper->reached_complete)
		return show_format(ngettext("They are %s person.", "They are %s different people.", paper->reached), show_count(SHOWN, paper->reached));
	return show_format(ngettext("They are at least %s person; not all of them can be told apart.",
				    "They are at least %s different people; not all of them can be told apart.", paper->reached),
			   show_count(SHOWN, paper->reached));
}

void paper_reach(const struct paper *paper, struct paper_lines *lines)
{
	char *mail = mail_of(&paper->passed);

	*lines = (struct paper_lines){ .count = 0 };
	if (!paper->passed.messages) {
		say(lines, _("Nobody: none of the attacker's mail left this server."));
	} else {
		add(lines, show_format(_("What left this server: %s."), mail));
		if (paper->reached_told)
			add(lines, told_apart(paper));
		say(lines, _("This server keeps no readable list of recipients, so neither addresses nor domains stand here."));
		say(lines, _("Whoever got such a mail should not open its links or attachments, and should give no password on a page that it leads to."));
	}
	if (paper->held[PAPER_LET_GO].messages && !paper->false_alarm)
		say(lines, _("Held mail that was released afterwards is not counted in this."));
	free(mail);
}

/* ---- what is left */

struct row {
	enum paper_part part;
	bool (*applies)(const struct paper *paper);
	const char *text;
	const char *care; /* the item of the after-care that it is: not left where that is settled; NULL: none */
};

static bool if_locked(const struct paper *paper) { return !is_over(paper) && paper->locked; }
static bool if_braked(const struct paper *paper) { return !is_over(paper) && paper->braked && !paper->locked; }
static bool if_watched(const struct paper *paper) { return !is_over(paper) && is_watched(paper); }
static bool if_condemned(const struct paper *paper) { return paper->held[PAPER_CONDEMNED].messages > 0; }
static bool if_stolen(const struct paper *paper) { return !paper->false_alarm && !is_precaution(paper); }
static bool if_same_source(const struct paper *paper) { return if_stolen(paper) && paper->incident.same_source; }
static bool if_other_source(const struct paper *paper) { return if_stolen(paper) && !paper->incident.same_source; }
static bool if_left(const struct paper *paper) { return if_stolen(paper) && paper->passed.messages > 0; }
static bool if_false(const struct paper *paper) { return paper->false_alarm; }
static bool if_open(const struct paper *paper) { return !is_over(paper); }

static bool if_unproved(const struct paper *paper)
{
	return if_stolen(paper) && !is_over(paper) && !is_watched(paper) && !paper->braked && paper->closure.proved_us == WHEN_NONE;
}

/* what the daemon told of alone */
static bool if_cared(const struct paper *paper) { return if_stolen(paper) && paper->care_told; }

static const struct row rows[] = {
	{ PAPER_BY_SERVER, if_braked, N_("Decide whether these places are the owner's: that is not left to a machine here.") },
	{ PAPER_BY_SERVER, if_watched, N_("Stop sending from this account: nothing does so yet.") },
	{ PAPER_BY_SERVER, if_unproved, N_("Shut the account wholly, and prove it: end open sessions, empty caches of passwords, and try the old password.") },
	{ PAPER_BY_SERVER, if_locked, N_("Give the owner a new password outside this mailbox, and open the account again.") },
	{ PAPER_BY_SERVER, if_condemned, N_("Look at the held mail before it is deleted after seven days, should some of it be the owner's after all.") },
	{ PAPER_BY_SERVER, if_stolen, N_("Look for what was left behind: forwards, filter rules (Sieve), automatic replies, application passwords, another address for resets.") },
	{ PAPER_BY_SERVER, if_left, N_("Look up this server's address on the common blocklists, and ask to be taken off once the account is shut, not before.") },
	{ PAPER_BY_OWNER, if_same_source, N_("Clean the computer or phone that the mail came from, or set it up anew, before anything else."), "devices" },
	{ PAPER_BY_OWNER, if_other_source, N_("Scan every computer and phone that knows the password for malware."), "devices" },
	{ PAPER_BY_OWNER, if_open, N_("Use a new password, long and random, that was never used anywhere; not the old one with a change.") },
	{ PAPER_BY_OWNER, if_stolen, N_("Change the password wherever the same or a similar one is used: bank and cards first, then shops, then the rest."), "passwords" },
	{ PAPER_BY_OWNER, if_stolen, N_("Change the passwords of other mail accounts on the same devices, and look after websites and FTP with the same password."), "other_accounts" },
	{ PAPER_BY_OWNER, if_stolen, N_("Look through the settings of the mailbox: forwards, filters and automatic replies that nobody there set."), "settings" },
	{ PAPER_BY_OWNER, if_cared, N_("Download the files of the web space, and look through them for what nobody there put in."), "web_space" },
	{ PAPER_BY_OWNER, if_cared, N_("Allow sending from the owner's country alone, if nobody sends from abroad."), "country_rule" },
	{ PAPER_BY_OWNER, if_cared, N_("Tell those who got mail in the owner's name not to open its links."), "recipients" },
	{ PAPER_BY_OWNER, if_stolen, N_("Think of what stood in the mailbox: whoever had the password could read it. Codes and reset links that came by mail count as seen.") },
	{ PAPER_BY_OWNER, if_stolen, N_("Notices like this one are copied: never type a password on a page that a mail leads to.") },
	{ PAPER_EXPECT, if_left, N_("Bounces and automatic replies for the attacker's mail go on coming, fewer each day; mostly they end within two days, at the latest after five. They are harmless.") },
	{ PAPER_EXPECT, if_left, N_("Bounces of mail that was sent after the account was shut are not harmless: report them, for then something is still open.") },
	{ PAPER_EXPECT, if_left, N_("Some other servers may refuse mail from here for a while.") },
	{ PAPER_EXPECT, if_stolen, N_("The mail address stays as it is, and incoming mail keeps arriving.") },
	{ PAPER_EXPECT, if_false, N_("Nothing: mail that was held went out.") },
};

static bool is_settled(const struct paper *paper, const char *care)
{
	const struct care_item *item = care ? care_find(text_of(care)) : NULL;

	return item && paper->care_settled & 1u << (item - care_items);
}

static void say_guide(const struct paper *paper, struct paper_lines *lines)
{
	char says[600];

	guide_say(&paper->guide, says, sizeof says);
	if (*says)
		say(lines, says);
	if (*says)
		say(lines, guide_advice(guide_cause_of(&paper->guide)));
}

void paper_left(const struct paper *paper, enum paper_part part, struct paper_lines *lines)
{
	*lines = (struct paper_lines){ .count = 0 };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].part == part && rows[i].applies(paper) && !is_settled(paper, rows[i].care))
			say(lines, _(rows[i].text));
	if (part == PAPER_EXPECT && paper->guide_told)
		say_guide(paper, lines);
}

const char *paper_part_title(enum paper_part part)
{
	static const char *const titles[PAPER_PARTS] = { N_("Left to do: whoever runs the server"), N_("Left to do: the owner"),
							 N_("What to expect") };

	return _(titles[part]);
}

/* ---- the story */

struct story {
	struct paper_event *items;
	size_t count, room;
};

static void tell(struct story *story, int64_t at_us, const char *who, char *what)
{
	MEMORY_ROOM(story->items, story->count, story->room);
	story->items[story->count++] = (struct paper_event){ at_us, what, show_format("%s", who) };
}

/* only where it was at some time */
static void tell_if(struct story *story, int64_t at_us, const char *who, char *what)
{
	if (at_us == WHEN_NONE)
		free(what);
	else
		tell(story, at_us, who, what);
}

static const char *who_it_was(const struct paper_note *note)
{
	if (note->who == PAPER_SEKISHO)
		return "sekisho";
	return *note->name ? note->name : _("whoever runs the server");
}

static void tell_notes(const struct paper *paper, struct story *story)
{
	for (size_t i = 0; i < paper->note_count; i++) {
		const struct paper_note *note = &paper->notes[i];

		tell(story, note->at_us, who_it_was(note), show_format("%s", *note->text ? _(note->text) : ""));
	}
}

/* done, and taken back later: the time line tells of what was done, that it was taken back is told once for all */
static bool was_undone(const struct paper_step *step) { return step->state == PAPER_STEP_UNDONE && step->done_us != WHEN_NONE; }

static void tell_steps(const struct paper *paper, struct story *story)
{
	for (size_t i = 0; i < paper->closure.count; i++) {
		const struct paper_step *step = &paper->closure.steps[i];

		tell_if(story, was_undone(step) ? step->done_us : step->at_us, "sekisho",
			show_format(_("%s: %s"), paper_action(step), was_undone(step) ? _("done") : paper_step_word(step)));
	}
}

static int by_time(const void *left, const void *right)
{
	const struct paper_event *a = left, *b = right;

	if ((a->at_us == WHEN_NONE) != (b->at_us == WHEN_NONE))
		return a->at_us == WHEN_NONE ? 1 : -1;
	return (a->at_us > b->at_us) - (a->at_us < b->at_us);
}

size_t paper_story(const struct paper *paper, struct paper_event **events)
{
	const struct incident *incident = &paper->incident;
	struct story story = { 0 };

	tell_if(&story, incident->began_us, "", show_format("%s", _("the first sign")));
	tell_if(&story, incident->first_abuse_us, "", show_format("%s", _("the first message of the attacker")));
	tell_if(&story, incident->detected_us, "sekisho", show_format("%s", _("it was noticed")));
	tell_notes(paper, &story);
	tell_if(&story, paper->closure.began_us, "sekisho", show_format("%s", _("shutting the account began")));
	tell_steps(paper, &story);
	tell_if(&story, paper->closure.closed_us, "sekisho", show_format("%s", _("the account was shut")));
	tell_if(&story, paper->closure.proved_us, "sekisho", show_format("%s", _("that it is shut was proved")));
	tell_if(&story, incident->last_abuse_us, "", show_format("%s", _("the last message of the attacker")));
	tell_if(&story, paper->last_turned_away_us, "", show_format("%s", _("the last login or message that was turned away")));
	tell_if(&story, paper->closed_us, "sekisho", show_format("%s", _("the incident was closed")));
	for (size_t i = 1; i < story.count; i++) /* insertion: those of one time stay in the order of this page */
		for (size_t k = i; k && by_time(&story.items[k - 1], &story.items[k]) > 0; k--) {
			struct paper_event later = story.items[k - 1];

			story.items[k - 1] = story.items[k];
			story.items[k] = later;
		}
	*events = story.items;
	return story.count;
}

void paper_story_done(struct paper_event *events, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(events[i].what);
		free(events[i].who);
	}
	free(events);
}

/* ---- words */

struct word {
	const char *name, *word;
};

static const char *find(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].name, name) == 0)
			return _(words[i].word);
	return NULL;
}
#define FIND(words, name) find(words, sizeof(words) / sizeof *(words), name)

/* What the daemon's own sentences say was said in the daemon's language, and with its numbers; here in the reader's. */
const char *paper_signal(const struct incident_evidence *evidence)
{
	static const struct word words[] = {
		{ "new_country", N_("it came from a country that is new for this account") },
		{ "new_network", N_("it came over networks that are new for this account") },
		{ "spread", N_("it came from more places at once than one person can be in") },
		{ "travel", N_("between two places lay less time than a journey takes") },
		{ "client", N_("it was sent with other software than the owner's") },
		{ "guessed", N_("a login worked after wrong passwords from the same place") },
		{ "rate", N_("much more was sent in an hour than is usual for this account") },
		{ "slow", N_("many more people were written to in a day than is usual for this account") },
		{ "new_recipients", N_("it went to people to whom this account had never written") },
		{ "hour", N_("it was sent at hours at which the owner does not write") },
		{ "sender", N_("it was sent in another name than the account's") },
		{ "filter", N_("the content filter took it for spam") },
		{ "campaign", N_("the same mail came from several accounts") },
		{ "bounces", N_("many of the recipients do not exist") },
		{ "refused", N_("other servers refused it as spam") },
		{ "returned", N_("bounces for it came back from outside") },
		{ "complaint", N_("people who got it complained") },
	};
	const char *word = FIND(words, evidence->signal);

	return word ? word : *evidence->text ? evidence->text : evidence->signal;
}

const char *paper_action(const struct paper_step *step)
{
	static const struct word words[] = {
		{ "gate", N_("the gate refuses the account's mail") },
		{ "logins", N_("logins are turned away") },
		{ "deny_list", N_("logins are denied by Dovecot's deny list") },
		{ "sessions", N_("open sessions are ended") },
		{ "password", N_("the password is changed") },
		{ "queue", N_("the account's mail in the queue is held") },
		{ "cache", N_("remembered passwords are dropped") },
		{ "away", N_("the lock holds while the daemon is away") },
	};
	const char *word = FIND(words, step->action);

	return word ? word : *step->title ? _(step->title) : step->action;
}

const char *paper_step_word(const struct paper_step *step)
{
	static const char *const words[PAPER_STEP_STATES] = { N_("not done yet"), N_("done"), N_("failed, and tried again"),
							      N_("failed, and not to be done here"), N_("not set up here"), N_("undone") };

	if (!step->wanted && (step->state == PAPER_STEP_WAITING || step->state == PAPER_STEP_FAILED))
		return _("not undone yet");
	return _(words[step->state]);
}

char *paper_step_line(const struct paper_step *step)
{
	if (was_undone(step))
		return show_format(_("done, %s; undone, %s"), show_time(SHOWN, step->done_us), show_time(SHOWN, step->at_us));
	if (step->at_us == WHEN_NONE)
		return show_format("%s", paper_step_word(step));
	return show_format(_("%s, %s"), paper_step_word(step), show_time(SHOWN, step->at_us));
}

char *paper_sentence(const struct paper_sentence *sentence) { return steps_sentence(sentence->form, sentence->count); }

const char *paper_scope(const struct paper *paper)
{
	static const struct word words[] = {
		{ "account", N_("The whole account is shut: nobody logs in, nothing is sent.") },
		{ "unfamiliar", N_("The account is shut for everybody who is not at one of its owner's places.") },
		{ "sending", N_("Sending is shut; mail can still be read.") },
	};
	const char *word = FIND(words, paper->closure.scope);

	return word ? word : "";
}

char *paper_closure_word(const struct paper *paper)
{
	const struct paper_closure *closure = &paper->closure;

	if (!closure->known)
		return show_format("%s", paper->locked ? _("The account is locked. No proof of that is kept with the incident.")
						       : _("No steps are kept with the incident."));
	if (is_over(paper) && closure->closed_us == WHEN_NONE)
		return show_format("%s", _("The account is open again: what was done to shut it was taken back."));
	if (is_over(paper) && closure->proved_us != WHEN_NONE)
		return show_format(_("That the account was shut was proved at %s. It is open again."), show_time(SHOWN, closure->proved_us));
	if (closure->proved_us != WHEN_NONE)
		return show_format(_("That the account was shut was proved at %s."), show_time(SHOWN, closure->proved_us));
	if (closure->closed_us != WHEN_NONE)
		return show_format(_("The account was shut at %s. The proof is not complete."), show_time(SHOWN, closure->closed_us));
	return show_format("%s", _("The account is not wholly shut yet: what is missing stands here."));
}

const char *paper_logins(const struct incident_source *source, struct shown *room)
{
	return source->familiar ? "" : show_count(room, source->logins);
}

const char *paper_address(const struct paper *paper, const struct incident_source *source, struct shown *room)
{
	return paper_hides(paper, source) ? _("the owner's places") : show_ip(room, &source->ip, false);
}
