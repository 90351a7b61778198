/* SPDX-License-Identifier: Apache-2.0 */
#include "report/words.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "report/show.h"
#include "report/tally.h"

/* the form that ngettext chose, with the count in it */
static char *counted(const char *form, uint64_t count)
{
	return show_format(form, show_count(SHOWN, count));
}

const char *words_verdict(const struct incident *incident)
{
	return incident->verdict == INCIDENT_HIJACKED ? _("hijacked") : _("suspected");
}

const char *words_opening(enum incident_opening opening)
{
	switch (opening) {
	case OPENING_BLUE:
		return _(
			"out of the blue: the first attempt worked, so the password was already known (phishing, malware, the same password elsewhere)");
	case OPENING_GUESSED:
		return _("guessed: wrong passwords for this account, then the right one");
	case OPENING_SPRAYED:
		return _("sprayed: the same network tried many accounts, and this one opened");
	default:
		return _("not to be seen: the log begins too late");
	}
}

const char *words_whose(const struct incident_source *source)
{
	if (source->attacker)
		return source->familiar ? _("both") : _("attacker");
	return source->familiar ? _("owner") : _("unclear");
}

char *words_more(uint64_t count)
{
	return count ? counted(ngettext("and %s more", "and %s more", count), count) : NULL;
}

char *words_names(const char *const *names, size_t count)
{
	size_t shown = count > WORDS_NAMES_MAX ? WORDS_NAMES_MAX : count;
	char *text = show_format("%s", ""), *more = words_more(count - shown);

	for (size_t i = 0; i < shown + (more != NULL); i++) {
		/* TRANSLATORS: between the names of a list */
		const char *comma = i ? _(", ") : "";
		char *longer =
			show_format("%s%s%s", text, comma, i < shown ? show_name(SHOWN, names[i], NAME_COLUMNS) : more);

		free(text);
		text = longer;
	}
	free(more);
	return text;
}

char *words_weight(uint64_t addresses, uint64_t messages)
{
	char *hosts = counted(ngettext("%s address", "%s addresses", addresses), addresses), *mail, *both;

	if (!messages)
		return hosts;
	mail = counted(ngettext("%s message", "%s messages", messages), messages);
	both = show_format(_("%s, %s"), hosts, mail);
	free(hosts);
	free(mail);
	return both;
}

char *words_spoofed(const struct report_spoofed *spoofed)
{
	return show_format(ngettext("spoofed, not hijacked: %s bounce for mail that never passed here (%s)",
				    "spoofed, not hijacked: %s bounces for mail that never passed here (%s)",
				    spoofed->bounces),
			   show_count(SHOWN, spoofed->bounces), show_range(SHOWN, spoofed->first_us, spoofed->last_us));
}

/* mail stays in the queues of others for five days, and may come back for as long */
#define QUEUE_LIFETIME_US (5 * DAY_US)

const char *words_spoofed_limit(const struct report *report)
{
	for (size_t i = 0; i < report->spoofed_count; i++)
		if (report->first_us != WHEN_NONE && report->spoofed[i].first_us < report->first_us + QUEUE_LIFETIME_US)
			return _(
				"As far as this log tells: it begins less than five days before the first of these bounces, and what left earlier cannot be seen in it.");
	return NULL;
}

/* ---- the answer */

static size_t incidents_of(const struct report *report, enum incident_verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < report->incident_count; i++)
		count += report->incidents[i].verdict == verdict;
	return count;
}

static void headline(const struct report *report, struct answer *answer)
{
	size_t hijacked = incidents_of(report, INCIDENT_HIJACKED);
	size_t suspected = report->incident_count - hijacked;

	if (hijacked) {
		answer->tone = ANSWER_HIJACKED;
		answer->headline = counted(ngettext("%s account is hijacked.",
						    "%s accounts are hijacked.",
						    hijacked), hijacked);
	} else if (suspected) {
		answer->tone = ANSWER_SUSPECTED;
		answer->headline = counted(ngettext("%s account is suspected to be hijacked.",
						    "%s accounts are suspected to be hijacked.",
						    suspected), suspected);
	} else if (!report->events && report->first_us == WHEN_NONE && report->lines > report->foreign) {
		answer->tone = ANSWER_BLIND;
		answer->headline =
			show_format("%s", _("Nothing can be said: no line of the input is of the time that was asked for."));
	} else if (!report->events) {
		answer->tone = ANSWER_BLIND;
		answer->headline =
			show_format("%s", _("Nothing can be said: the input holds no mail log that was understood."));
	} else {
		answer->tone = ANSWER_CLEAR;
		answer->headline = counted(ngettext("No sign of a hijacked account in %s line.",
						    "No sign of a hijacked account in %s lines.",
						    report->lines), report->lines);
	}
}

static void say(struct answer *answer, char *line)
{
	if (answer->count < WORDS_LINES_MAX)
		answer->lines[answer->count++] = line;
	else
		free(line);
}

/* what was deleted from the queue is not finished either, but cannot be stopped any more */
static uint32_t queued_of(const struct incident *incident)
{
	if (!incident->queue_id_count)
		return 0;
	return incident->queued < incident->unfinished ? incident->queued : incident->unfinished;
}

static void say_incidents(const struct report *report, struct answer *answer)
{
	size_t suspected = incidents_of(report, INCIDENT_SUSPECTED);
	uint64_t queued = 0;

	if (answer->tone == ANSWER_HIJACKED && suspected)
		say(answer, counted(ngettext("%s more is suspected.", "%s more are suspected.", suspected), suspected));
	for (size_t i = 0; i < report->incident_count; i++)
		queued += queued_of(&report->incidents[i]);
	if (queued)
		say(answer,
		    counted(ngettext(
				    "The attacker's mail to %s recipient had not been finished when the log ended: it may still be in the queue, and can still be stopped.",
				    "The attacker's mail to %s recipients had not been finished when the log ended: it may still be in the queue, and can still be stopped.",
				    queued),
			    queued));
}

static void say_others(const struct report *report, struct answer *answer)
{
	size_t scripts = 0, unread = 0;

	for (size_t i = 0; i < report->local_sender_count; i++)
		scripts += report->local_senders[i].suspected;
	if (scripts)
		say(answer, counted(ngettext("%s sender without a login looks broken into: a web script, perhaps.",
					     "%s senders without a login look broken into: web scripts, perhaps.",
					     scripts), scripts));
	if (report->spoofed_count)
		say(answer,
		    counted(ngettext(
				    "%s account is spoofed, not hijacked: others write in its name from elsewhere.",
				    "%s accounts are spoofed, not hijacked: others write in their names from elsewhere.",
				    report->spoofed_count),
			    report->spoofed_count));
	if (report->undecided_count)
		say(answer,
		    counted(ngettext(
				    "Bounces came in for %s account, but nobody sends with a login in this log: only the log of the server that takes its mail tells whether it is spoofed or hijacked.",
				    "Bounces came in for %s accounts, but nobody sends with a login in this log: only the log of the server that takes their mail tells whether they are spoofed or hijacked.",
				    report->undecided_count),
			    report->undecided_count));
	for (size_t i = 0; i < report->file_count; i++)
		unread += report->files[i].error[0] != '\0';
	if (unread)
		say(answer,
		    counted(ngettext("%s file could not be read to its end, so something may be missing here.",
				     "%s files could not be read to their end, so something may be missing here.",
				     unread),
			    unread));
}

void words_answer(const struct report *report, struct answer *answer)
{
	*answer = (struct answer){ 0 };
	headline(report, answer);
	say_incidents(report, answer);
	say_others(report, answer);
}

void words_answer_done(struct answer *answer)
{
	free(answer->headline);
	for (size_t i = 0; i < answer->count; i++)
		free(answer->lines[i]);
	*answer = (struct answer){ 0 };
}

/* ---- the facts of an incident */

static char *fact_mail(const struct incident *incident)
{
	int64_t first = incident->first_abuse_us, last = incident->last_abuse_us;
	const char *range = show_range(SHOWN, first, last);

	if (first == WHEN_NONE && last == WHEN_NONE)
		return show_format("%s", incident->messages ? _("at an unknown time") : _("none so far"));
	if (first == WHEN_NONE || last == WHEN_NONE || last <= first)
		return show_format("%s", range);
	return show_format(_("%s (%s)"), range, show_span(SHOWN, last - first));
}

static char *fact_counts(const struct incident *incident)
{
	char *mail = counted(ngettext("%s message", "%s messages", incident->messages), incident->messages);
	char *to = counted(ngettext("to %s recipient", "to %s recipients", incident->recipients), incident->recipients);
	/* TRANSLATORS: "4,210 messages" "to 63,150 recipients" */
	char *both = show_format(_("%s %s"), mail, to);

	free(mail);
	free(to);
	return both;
}

static char *fact_outcome(const struct incident *incident)
{
	const char *sent = show_count(SHOWN, incident->sent), *bounced = show_count(SHOWN, incident->bounced);
	const char *share = show_share(SHOWN, incident->bounced, (uint64_t)incident->sent + incident->bounced);
	uint32_t queued = queued_of(incident);

	if (!incident->unfinished)
		return show_format(_("%s sent, %s bounced (%s), none left in the queue"), sent, bounced, share);
	if (!queued) /* deleted from the queue, or the log does not say */
		return show_format(_("%s sent, %s bounced (%s), the log does not say what became of %s"), sent, bounced,
				   share, show_count(SHOWN, incident->unfinished));
	if (queued < incident->unfinished)
		return show_format(
			_("%s sent, %s bounced (%s), %s still in the queue, the log does not say what became of %s"), sent,
			bounced, share, show_count(SHOWN, queued), show_count(SHOWN, incident->unfinished - queued));
	return show_format(_("%s sent, %s bounced (%s), %s still in the queue (%s of them deferred)"), sent, bounced,
			   share, show_count(SHOWN, incident->unfinished), show_count(SHOWN, incident->deferred));
}

static char *fact_guard(const struct incident *incident)
{
	if (incident->detected_us == WHEN_NONE)
		return show_format("%s", _("would not have been sure in time: this shows only in hindsight"));
	if (!incident->leaked_before_detection)
		return show_format(_("would have stopped it at %s, before the first message"),
				   show_time(SHOWN, incident->detected_us));
	return show_format(ngettext("would have stopped it at %s, after %s message",
				    "would have stopped it at %s, after %s messages",
				    incident->leaked_before_detection),
			   show_time(SHOWN, incident->detected_us),
			   show_count(SHOWN, incident->leaked_before_detection));
}

static char *fact_places(const struct incident *incident)
{
	struct tally countries, networks;
	char *hosts, *from, *text;

	tally_make(incident, TALLY_COUNTRY, &countries);
	tally_make(incident, TALLY_NETWORK, &networks);
	hosts = counted(ngettext("%s address", "%s addresses", countries.addresses + incident->sources_omitted),
			countries.addresses + incident->sources_omitted);
	from = counted(ngettext("%s country", "%s countries", countries.known), countries.known);
	if (!countries.addresses)
		text = show_format("%s", _("unknown addresses"));
	else if (!countries.known && !networks.known)
		text = show_format("%s", hosts);
	else if (!countries.known)
		text = show_format(ngettext("%s in %s network", "%s in %s networks", networks.known), hosts,
				   show_count(SHOWN, networks.known));
	else
		text = show_format(ngettext("%s in %s, %s network", "%s in %s, %s networks", networks.known), hosts,
				   from, show_count(SHOWN, networks.known));
	free(hosts);
	free(from);
	tally_done(&countries);
	tally_done(&networks);
	return text;
}

static size_t facts_of_mail(const struct incident *incident, struct fact *facts)
{
	size_t n = 0;

	facts[n++] = (struct fact){ _("Attacker's mail"), fact_mail(incident) };
	if (!incident->messages)
		return n;
	facts[n++] = (struct fact){ _("How many"), fact_counts(incident) };
	facts[n++] = (struct fact){ _("Outcome"), fact_outcome(incident) };
	facts[n++] = (struct fact){ _("Live guard"), fact_guard(incident) };
	return n;
}

size_t words_facts(const struct incident *incident, struct fact facts[WORDS_FACTS_MAX])
{
	size_t n = 0;

	facts[n++] = (struct fact){ _("First sign"), show_format("%s", show_time(SHOWN, incident->began_us)) };
	facts[n++] = (struct fact){ _("Way in"), show_format("%s", words_opening(incident->opening)) };
	n += facts_of_mail(incident, facts + n);
	facts[n++] = (struct fact){ _("From"), fact_places(incident) };
	if (incident->same_source)
		facts[n++] = (struct fact){
			_("Device"),
			show_format("%s",
				    _("the mail came from the owner's own device or network: malware, most likely"))
		};
	if (incident->owner_messages)
		facts[n++] = (struct fact){
			_("Owner"),
			counted(ngettext("%s message of the owner's own at the same time, not counted above",
					 "%s messages of the owner's own at the same time, not counted above",
					 incident->owner_messages),
				incident->owner_messages)
		};
	if (incident->returned)
		facts[n++] = (struct fact){ _("Returned"), counted(ngettext("%s bounce for it came in from outside",
									    "%s bounces for it came in from outside",
									    incident->returned), incident->returned) };
	if (incident->partial)
		facts[n++] = (struct fact){
			_("Note"),
			show_format(
				"%s",
				_("the second look lacked part of the log: these counts are the least, not the whole"))
		};
	return n;
}

void words_facts_done(struct fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(facts[i].value);
}

/* ---- the input */

/* measured against the log, not the clock: an old database is the right one for an old log */
static bool geo_is_old(const struct report *report)
{
	return report->geo.made_us != WHEN_NONE && report->last_us != WHEN_NONE &&
	       report->last_us - report->geo.made_us > GEO_OLD_DAYS * DAY_US;
}

char *words_geo(const struct report *report)
{
	const struct geo_about *geo = &report->geo;
	char *note, *whole;

	if (!geo->file)
		note = show_format("%s", _("There is no geo database, so countries and networks are not told apart."));
	else if (geo_is_old(report))
		note = show_format(
			_("The geo database is of %.10s, %s before the end of the log: some countries and networks may be wrong."),
			show_time(SHOWN, geo->made_us), show_span(SHOWN, report->last_us - geo->made_us));
	else if (!geo->country)
		note = show_format("%s", _("The geo database knows no countries, so only networks are told apart."));
	else
		return NULL;
	if (!geo->mend)
		return note;
	whole = show_format(_("%s Mend: %s"), note, geo->mend);
	free(note);
	return whole;
}

char *words_repeated(const struct report_file *file)
{
	return file->repeated ? counted(ngettext("%s line stands in another file, too, and counts once",
						 "%s lines stand in another file, too, and count once", file->repeated),
					file->repeated)
			      : NULL;
}

static char *understood(const struct report *report)
{
	uint64_t ours = report->lines > report->foreign ? report->lines - report->foreign : 0;
	uint64_t good = ours > report->unparsed ? ours - report->unparsed : 0;

	if (!ours)
		return NULL;
	return show_format(
		_("%s lines are of mail servers: %s of them were understood, %s were not. %s are of other programs."),
		show_count(SHOWN, ours), show_share(SHOWN, good, ours), show_count(SHOWN, report->unparsed),
		show_count(SHOWN, report->foreign));
}

static char *faulty(const struct report *report)
{
	return report->unparsed ? counted(ngettext("%s line is no event, and was passed over.",
						   "%s lines are no events, and were passed over.", report->unparsed),
					  report->unparsed)
				: NULL;
}

size_t words_input(const struct report *report, char *lines[WORDS_LINES_MAX])
{
	char *files = counted(ngettext("%s file", "%s files", report->file_count), report->file_count);
	char *rows = counted(ngettext("%s line", "%s lines", report->lines), report->lines);
	char *accounts = counted(ngettext("%s account", "%s accounts", report->accounts), report->accounts), *note;
	size_t n = 0;

	lines[n++] = show_format(_("Read: %s, %s, %s, %s, in %s s."), files, rows, show_bytes(SHOWN, report->bytes),
				 accounts, show_seconds(SHOWN, report->seconds));
	free(files);
	free(rows);
	free(accounts);
	if (report->first_us != WHEN_NONE)
		lines[n++] =
			show_format(report->trace ? _("The trace goes from %s.") : _("The log goes from %s."),
				    show_range(SHOWN, report->first_us, report->last_us));
	if (report->since_us != WHEN_NONE)
		lines[n++] = show_format(
			_("Reported is what went on after %s; what lies before served to learn what is usual."),
			show_time(SHOWN, report->since_us));
	if ((note = report->trace ? faulty(report) : understood(report)))
		lines[n++] = note;
	if ((note = words_geo(report)))
		lines[n++] = note;
	if (report->partial_hindsight)
		lines[n++] = show_format(
			"%s",
			_("There was no room to keep the whole log for the second look, so what came before a hijack was found may be counted too low."));
	return n;
}
