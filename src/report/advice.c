/* SPDX-License-Identifier: Apache-2.0 */
#include "report/advice.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/shell.h"
#include "report/show.h"
#include "report/tally.h"
#include "report/words.h"

enum {
	IDS_SHOWN = 20,        /* more queue ids than these come by way of the JSON report */
	PATHS_SHOWN = 3,       /* more files than these are not spelled out in a command */
	OTHERS_MAX = 64,       /* related accounts looked at */
	HOMES_MAX = 3,         /* countries of the owner */
	MTA_ANY = -1,
};

struct theft {
	const struct report *report;
	const struct incident *incident;
};

/* one step: it is given where `applies` (NULL: always) and the server is `mta`'s */
struct row {
	int mta;
	bool expect;
	bool (*applies)(const struct theft *theft);
	const char *text;                            /* with one %s where there is a detail */
	char *(*detail)(const struct theft *theft);
	void (*command)(const struct theft *theft, FILE *to);
};

/* ---- when a step applies */

static bool if_suspected(const struct theft *theft) { return theft->incident->verdict == INCIDENT_SUSPECTED; }
static bool if_dovecot(const struct theft *theft) { return theft->report->dovecot; }
static bool if_no_dovecot(const struct theft *theft) { return !theft->report->dovecot; }
static bool if_queued(const struct theft *theft) { return theft->incident->queue_id_count > 0; }
static bool if_same_source(const struct theft *theft) { return theft->incident->same_source; }
static bool if_other_source(const struct theft *theft) { return !theft->incident->same_source; }
static bool if_mailed(const struct theft *theft) { return theft->incident->messages > 0; }

static bool opened_it(const struct report_guess *guess, const struct incident *incident)
{
	for (size_t i = 0; i < guess->opened_count; i++)
		if (strcmp(guess->opened[i], incident->name) == 0)
			return true;
	return false;
}

static bool listed(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* what else was opened by those who guessed this account's password */
static size_t related(const struct theft *theft, const char *names[OTHERS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < theft->report->guess_count; i++) {
		const struct report_guess *guess = &theft->report->guessing[i];

		if (!opened_it(guess, theft->incident))
			continue;
		for (size_t k = 0; k < guess->opened_count && count < OTHERS_MAX; k++)
			if (strcmp(guess->opened[k], theft->incident->name) != 0 &&
			    !listed(names, count, guess->opened[k]))
				names[count++] = guess->opened[k];
	}
	return count;
}

static uint32_t tried(const struct theft *theft)
{
	uint32_t most = 0;

	for (size_t i = 0; i < theft->report->guess_count; i++) {
		const struct report_guess *guess = &theft->report->guessing[i];

		if (guess->accounts_tried > most && opened_it(guess, theft->incident))
			most = guess->accounts_tried;
	}
	return most;
}

static bool if_related(const struct theft *theft)
{
	const char *names[OTHERS_MAX];

	return related(theft, names) > 0;
}

static bool if_tried(const struct theft *theft)
{
	return !if_related(theft) && (theft->incident->opening == OPENING_SPRAYED || tried(theft) > 1);
}

/* countries that the owner works from; none where the attacker is in one of them, or nothing is known */
static size_t homes(const struct incident *incident, const struct event_place *places[HOMES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < incident->source_count; i++) {
		const struct event_place *place = &incident->sources[i].place;
		size_t k = 0;

		if (!incident->sources[i].familiar || !place->country[0])
			continue;
		while (k < count && memcmp(places[k]->country, place->country, 2) != 0)
			k++;
		if (k == HOMES_MAX)
			return 0;
		places[k] = place;
		count += k == count;
	}
	for (size_t i = 0; i < incident->source_count; i++)
		for (size_t k = 0; k < count; k++)
			if (incident->sources[i].attacker &&
			    memcmp(places[k]->country, incident->sources[i].place.country, 2) == 0)
				return 0;
	return count;
}

static bool if_from_abroad(const struct theft *theft)
{
	const struct event_place *places[HOMES_MAX];

	return theft->incident->messages && homes(theft->incident, places) > 0;
}

/* ---- what the text of a step names */

static char *detail_mail(const struct theft *theft)
{
	const struct incident *incident = theft->incident;
	int64_t first = incident->first_abuse_us == WHEN_NONE ? incident->began_us : incident->first_abuse_us;

	if (!incident->messages)
		return show_format(_("logins since %s"), show_time(SHOWN, incident->began_us));
	return show_format(ngettext("%s message, %s", "%s messages, %s", incident->messages),
			   show_count(SHOWN, incident->messages), show_range(SHOWN, first, incident->last_abuse_us));
}

static char *detail_related(const struct theft *theft)
{
	const char *names[OTHERS_MAX];
	size_t count = related(theft, names);

	return words_names(names, count);
}

static char *detail_homes(const struct theft *theft)
{
	const struct event_place *places[HOMES_MAX];
	struct shown shown[HOMES_MAX];
	const char *names[HOMES_MAX];
	size_t count = homes(theft->incident, places);

	for (size_t i = 0; i < count; i++)
		names[i] = show_country(&shown[i], places[i]);
	return words_names(names, count);
}

/* ---- commands; a name goes in as one quoted word */

static void command_line(FILE *to, const char *before, const char *name, const char *behind)
{
	fputs(before, to);
	shell_operand(to, name);
	fputs(behind, to);
}

static void shut_postfix(const struct theft *theft, FILE *to)
{
	fputs("printf '%s REJECT this account is locked\\n' ", to);
	shell_word(to, theft->incident->name);
	fputs(" >> /etc/postfix/sasl_access\n"
	      "postmap hash:/etc/postfix/sasl_access\n"
	      "systemctl restart postfix", to);
}

static void shut_dovecot(const struct theft *theft, FILE *to)
{
	fputs("printf '%s\\n' ", to);
	shell_word(to, theft->incident->name);
	command_line(to, " >> /etc/dovecot/deny-users\nsleep 2; doveadm kick ", theft->incident->name, "");
}

static void shut_exim(const struct theft *theft, FILE *to)
{
	fputs("printf '%s\\n' ", to);
	shell_word(to, theft->incident->name);
	fputs(" >> /etc/exim4/locked_logins", to);
}

/* SMTP AUTH of sendmail is mostly that of the system's users, who have no domain */
static void shut_sendmail(const struct theft *theft, FILE *to)
{
	const char *name = theft->incident->name;
	char *user = show_format("%.*s", (int)strcspn(name, "@"), name);

	command_line(to, "passwd -l ", user, "\nsystemctl restart sendmail");
	free(user);
}

static void new_password(const struct theft *theft, FILE *to)
{
	command_line(to, "doveadm auth cache flush ", theft->incident->name, "\n");
	command_line(to, "doveadm auth test ", theft->incident->name, "");
}

static void left_behind(const struct theft *theft, FILE *to)
{
	if (theft->report->dovecot) {
		fputs("doveadm sieve list -u ", to);
		shell_word(to, theft->incident->name);
	} else if (theft->report->mta != REPORT_POSTFIX) {
		command_line(to, theft->report->mta == REPORT_EXIM ? "exim -bt " : "sendmail -bv ",
			     theft->incident->name, "");
	}
}

/* an id that is no more than letters, digits and '-' (Exim) stands as it is */
static void queue_id(FILE *to, const char *id)
{
	const char *p = id;

	while (isalnum((unsigned char)*p) || (*p == '-' && p > id))
		p++;
	if (*p || p == id)
		shell_word(to, id);
	else
		fputs(id, to);
}

static void few_ids(const struct theft *theft, FILE *to)
{
	bool lines = theft->report->mta != REPORT_EXIM;

	fputs(lines ? "printf '%s\\n'" : "exim -Mf", to);
	for (size_t i = 0; i < theft->incident->queue_id_count; i++) {
		fputc(' ', to);
		queue_id(to, theft->incident->queue_ids[i]);
	}
	if (lines)
		fputs(theft->report->mta == REPORT_POSTFIX ? " | postsuper -h -"
							   : " | xargs -I{} sendmail -Qhijacked -qI{}",
		      to);
}

static bool can_read_again(const struct report *report)
{
	for (size_t i = 0; i < report->file_count; i++)
		if (strcmp(report->files[i].path, "-") == 0)
			return false;
	return report->file_count > 0 && report->file_count <= PATHS_SHOWN;
}

static const char *named(const struct report_file *file) { return file->archive ? file->archive : file->path; }

/* the members of an archive are named by it, once */
static bool is_first_of(const struct report *report, size_t at)
{
	for (size_t i = 0; i < at && report->files[at].archive; i++)
		if (strcmp(named(&report->files[i]), report->files[at].archive) == 0)
			return false;
	return true;
}

static void many_ids(const struct theft *theft, FILE *to)
{
	static const char *const hold[] = { "postsuper -h -", "xargs -r exim -Mf",
					    "xargs -I{} sendmail -Qhijacked -qI{}" };

	fputs("sekisho scan -f json", to);
	for (size_t i = 0; can_read_again(theft->report) && i < theft->report->file_count; i++)
		if (is_first_of(theft->report, i))
			command_line(to, " ", named(&theft->report->files[i]), "");
	if (!can_read_again(theft->report))
		fputs(" LOG...", to);
	fputs(" |\n  jq -r --arg a ", to);
	shell_word(to, theft->incident->name);
	fprintf(to, " '.incidents[] | select(.account == $a) | .queue_ids[]' |\n  %s", hold[theft->report->mta]);
}

static void hold(const struct theft *theft, FILE *to)
{
	if (theft->incident->queue_id_count <= IDS_SHOWN)
		few_ids(theft, to);
	else
		many_ids(theft, to);
}

/* ---- the steps, in the order in which they are taken */

static const struct row rows[] = {
	{ MTA_ANY, false, if_suspected,
	  N_("Ask the owner, by phone, whether this is theirs: %s. If it is, nothing else is to be done; if it is not, go on."),
	  detail_mail, NULL },
	{ REPORT_POSTFIX, false, NULL,
	  N_("Shut sending for this account; incoming mail keeps arriving. smtpd_sender_restrictions in main.cf has to begin with check_sasl_access hash:/etc/postfix/sasl_access, "
	     "and so has an -o smtpd_sender_restrictions= of the submission services in master.cf, where there is one; "
	     "the name in it is the one the account logs in with. Restart, for open sessions outlive a reload, and a new password too."),
	  NULL, shut_postfix },
	{ REPORT_EXIM, false, NULL,
	  N_("Shut sending for this account; incoming mail keeps arriving. The ACL of acl_smtp_mail has to begin with a deny of two lines, which open sessions meet as well: authenticated = * and condition = ${lookup{$authenticated_id}lsearch{/etc/exim4/locked_logins}{1}{0}}"),
	  NULL, shut_exim },
	{ REPORT_SENDMAIL, false, NULL,
	  N_("Shut sending and logins for this account; incoming mail keeps arriving. Where logins come from sasldb, saslpasswd2 -d takes the place of passwd. Restart, for open sessions outlive a new password."),
	  NULL, shut_sendmail },
	{ MTA_ANY, false, if_dovecot,
	  N_("Shut its logins in Dovecot too, and end the open ones. The first passdb has to be the deny list: driver = passwd-file, deny = yes, args = /etc/dovecot/deny-users, "
	     "from Dovecot 2.4 on passdb passwd-file with deny = yes, passwd_file_path = /etc/dovecot/deny-users. "
	     "With userdb static, add allow_all_users=yes (2.4: userdb_static_allow_all_users = yes), or incoming mail bounces."),
	  NULL, shut_dovecot },
	{ MTA_ANY, false, if_queued,
	  N_("Hold what is still in the queue, so that nothing more leaves. Held mail is kept: look at it before deleting any."),
	  NULL, hold },
	{ MTA_ANY, false, if_same_source,
	  N_("Clean the owner's computer or phone first (virus scan, or set up anew). The mail came from there, so whoever is on it reads the next password too: a new password alone does not help."),
	  NULL, NULL },
	{ MTA_ANY, false, if_dovecot,
	  N_("Set a new password, long and random, where this server keeps passwords (control panel, SQL table, LDAP, passwd file). Empty the cache, or the old one may go on working. When the owner has the new one, take the locks away and prove it: with the old password the test must fail."),
	  NULL, new_password },
	{ MTA_ANY, false, if_no_dovecot,
	  N_("Set a new password, long and random, where this server keeps passwords (control panel, SQL table, LDAP, passwd file). When the owner has the new one, take the lock away and prove it: a login with the old password must fail."),
	  NULL, NULL },
	{ MTA_ANY, false, NULL,
	  N_("Look for what the attacker left behind: Sieve redirects, forwards, automatic replies, app passwords, another address for password resets."),
	  NULL, left_behind },
	{ MTA_ANY, false, NULL,
	  N_("Tell the owner outside this mailbox, by phone say, for the attacker may read it. Services with the same password need a new one too (bank, cards, shops first), and so do the other mail accounts on the same computer."),
	  NULL, NULL },
	{ MTA_ANY, false, if_related,
	  N_("The same network has opened other accounts, which need the same care: %s."), detail_related,
	  NULL },
	{ MTA_ANY, false, if_tried,
	  N_("The same network tries other accounts as well: see who is guessing passwords, shut those addresses out, and have weak passwords changed before one more opens."),
	  NULL, NULL },
	{ MTA_ANY, false, if_from_abroad,
	  N_("If the owner does not travel, allow SMTP AUTH from here only: %s. All of the attacker's known addresses are elsewhere. IMAP and POP may stay open."),
	  detail_homes, NULL },
	{ MTA_ANY, true,
	  if_mailed, N_("Bounces and automatic replies go on coming as long as mail that has left is in the queues of others, up to five days. Those are harmless and end by themselves. The address need not be changed, and incoming mail keeps arriving."),
	  NULL, NULL },
	{ MTA_ANY, true, if_mailed,
	  N_("Other servers may refuse mail from this one for a while: look up its address on the common blocklists, and ask to be taken off once the account is shut, not before."),
	  NULL, NULL },
	{ MTA_ANY, true, if_other_source,
	  N_("If mail goes out again after a strong new password, the password is not the leak: look at the owner's computer (malware, saved passwords), then at the server itself."),
	  NULL, NULL },
};

static void build(const struct row *row, const struct theft *theft, struct advice *step)
{
	char *detail = row->detail ? row->detail(theft) : NULL, *whole = NULL;
	size_t size = 0, n;
	FILE *to = open_memstream(&whole, &size);

	if (!to)
		abort();
	fprintf(to, _(row->text), detail);
	fflush(to);
	n = size;
	if (row->command) {
		fputc('\n', to);
		row->command(theft, to);
	}
	fclose(to);
	free(detail);
	/* half a command could be worse than none */
	if (size == n + 1 || size >= ADVICE_TEXT_MAX)
		whole[n] = '\0';
	*step = (struct advice){ whole, whole[n] ? whole + n + 1 : NULL, row->expect };
	whole[n] = '\0';
}

size_t advice_steps(const struct report *report, const struct incident *incident, struct advice steps[ADVICE_MAX])
{
	struct theft theft = { report, incident };
	size_t count = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows && count < ADVICE_MAX; i++)
		if ((rows[i].mta == MTA_ANY || rows[i].mta == (int)report->mta) &&
		    (!rows[i].applies || rows[i].applies(&theft)))
			build(&rows[i], &theft, &steps[count++]);
	return count;
}

size_t advice_for(const struct report *report, const struct incident *incident, char *texts[ADVICE_MAX])
{
	struct advice steps[ADVICE_MAX];
	size_t count = advice_steps(report, incident, steps);

	for (size_t i = 0; i < count; i++) {
		texts[i] = steps[i].text;
		if (steps[i].command)
			steps[i].command[-1] = '\n';
	}
	return count;
}
