/* SPDX-License-Identifier: Apache-2.0 */
#include "report/complaint_reply.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "mail/address.h"
#include "mail/defang.h"
#include "mail/trail.h"
#include "report/paper_words.h"
#include "report/utf8.h"

enum { SUBJECT_BYTES_MAX = 300, LANGUAGE_BYTES = 4096 };

/* ---- the language */

/* hiragana and katakana, U+3040 to U+30FF: nobody else writes them */
static bool has_kana(struct text text)
{
	for (size_t i = 0; i + 2 < text.n; i++)
		if (text.p[i] == '\xe3' && (unsigned char)text.p[i + 1] >= 0x81 && (unsigned char)text.p[i + 1] <= 0x83)
			return true;
	return false;
}

const char *complaint_reply_language(struct message *message)
{
	struct text body = message_body(message);

	body = text_head(body, body.n < LANGUAGE_BYTES ? body.n : LANGUAGE_BYTES);
	return has_kana(body) || has_kana(message_field(message, "Subject")) ? "ja" : "en";
}

/* ---- the head */

static bool takes_no_mail(struct text address)
{
	static const char *const names[] = { "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon@", NULL };

	for (const char *const *name = names; *name; name++)
		if (address.n > strlen(*name) && text_seek(text_head(address, strlen(*name)), *name))
			return true;
	return false;
}

static bool is_plain(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] <= ' ' || text.p[i] == '\x7f')
			return false;
	return text.n > 0;
}

static bool find_complainant(struct message *message, struct text *address, struct error *error)
{
	struct arena *arena = message_arena(message);

	if (!address_in(arena, message_field(message, "Reply-To"), address))
		address_in(arena, message_field(message, "From"), address);
	if (!is_plain(*address))
		return error_set(error, _("the complaint names nobody to answer to"));
	if (takes_no_mail(*address))
		return error_set(error, _("nobody reads what is sent to %.*s"), TEXT_ARG(*address));
	return true;
}

/* without what could end the line, encoded where it has to be (RFC 2047) */
static char *encoded_subject(struct text subject)
{
	char line[SUBJECT_BYTES_MAX + 8] = "";
	char *encoded;
	size_t n = subject.n < SUBJECT_BYTES_MAX ? subject.n : SUBJECT_BYTES_MAX;

	while (n < subject.n && n && ((unsigned char)subject.p[n] & 0xc0) == 0x80) /* not within a character */
		n--;
	if (!text_seek(text_head(subject, n < 3 ? n : 3), "re:"))
		memcpy(line, "Re: ", 4);
	for (size_t i = 0, at = strlen(line); i < n; i++)
		line[at++] = (unsigned char)subject.p[i] < ' ' || subject.p[i] == '\x7f' ? ' ' : subject.p[i];
	encoded = g_mime_utils_header_encode_text(NULL, line, "utf-8");
	return encoded;
}

static void write_head(struct message *message, struct text complainant, FILE *to)
{
	char *subject = encoded_subject(defang(message_arena(message), message_field(message, "Subject")));
	struct text id = message_field(message, "Message-ID");

	fprintf(to, "X-Unsent: 1\nTo: %.*s\nSubject: %s\n", TEXT_ARG(complainant), subject);
	if (is_plain(id) && id.n <= TRAIL_ID_MAX && id.p[0] == '<' && id.p[id.n - 1] == '>')
		fprintf(to, "In-Reply-To: %.*s\nReferences: %.*s\n", TEXT_ARG(id), TEXT_ARG(id));
	fputs("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n", to);
	g_free(subject);
}

/* ---- what he said */

/* one line of it, whatever it holds */
static void write_said(const char *label, struct text said, FILE *to)
{
	char line[SUBJECT_BYTES_MAX];
	struct utf8_step step;

	if (!said.n)
		return;
	fprintf(to, "  %s ", label);
	text_copy(line, sizeof line, said);
	for (const char *at = line; utf8_step(at, &step), step.used; at += step.used)
		fputs(step.shown, to);
	fputc('\n', to);
}

static void write_reported(const struct inspection *inspection, FILE *to)
{
	const struct complaint *complaint = &inspection->complaint;
	char ip[IP_TEXT_MAX];

	if (!inspection->original.message_id.n && !complaint->has_ip && complaint->arrival_us == WHEN_NONE)
		return;
	fprintf(to, "%s\n", _("This is what you told us of:"));
	write_said("Message-ID:", inspection->original.message_id, to);
	if (complaint->has_ip)
		write_said(_("From the address:"), text_of(ip_format(&complaint->source_ip, ip)), to);
	if (complaint->arrival_us != WHEN_NONE)
		write_said(_("Time:"), text_of(show_time(SHOWN, complaint->arrival_us)), to);
	fputc('\n', to);
}

/* ---- what was done */

static bool may_be_told(const struct paper_step *step)
{
	static const char *const actions[] = { "gate", "logins", "deny_list", "sessions", "password", "queue", NULL };

	if (step->done_us == WHEN_NONE && step->state != PAPER_STEP_DONE)
		return false;
	for (const char *const *action = actions; *action; action++)
		if (strcmp(step->action, *action) == 0)
			return true;
	return false;
}

static void write_steps(const struct paper_closure *closure, FILE *to)
{
	bool any = false;

	for (size_t i = 0; i < closure->count; i++) {
		const struct paper_step *step = &closure->steps[i];

		if (!may_be_told(step))
			continue;
		if (!any)
			fprintf(to, "\n%s\n", _("What we did:"));
		any = true;
		fprintf(to, "  - %s", paper_action(step));
		if (step->done_us != WHEN_NONE)
			fprintf(to, " (%s)", show_time(SHOWN, step->done_us));
		fputc('\n', to);
	}
}

static const char *how_it_stands(const struct paper *paper)
{
	if (paper->state == PAPER_CLOSED || paper->state == PAPER_RELEASED)
		return _("The account is back with its owner.");
	if (paper->locked && paper->mode == PAPER_ENFORCED)
		return _("Whoever did this can no longer send from here.");
	return _("We are still working on it.");
}

static void write_gap(FILE *to) { fprintf(to, "%s\n", _("[To be filled in before this is sent: what was found, and what is done about it.]")); }

static void write_incident(const struct paper *paper, FILE *to)
{
	int64_t found_us = paper->incident.detected_us;

	if (paper->false_alarm) {
		fprintf(to, "%s\n", _("We found no sign that somebody else used the account: the mail was its owner's."));
		write_gap(to);
		return;
	}
	fprintf(to, "%s\n", _("A mail account on our server was used by somebody who is not its owner."));
	if (found_us != WHEN_NONE) {
		fprintf(to, _("We noticed it at %s."), show_time(SHOWN, found_us));
		fputc('\n', to);
	}
	write_steps(&paper->closure, to);
	fprintf(to, "\n%s\n", how_it_stands(paper));
}

static void write_end(const struct inspection *inspection, FILE *to)
{
	if (strcmp(inspection->complaint.type, "fraud") == 0 || strcmp(inspection->complaint.type, "virus") == 0)
		fprintf(to, "\n%s\n", _("Please do not open links or attachments of that mail, and give no password on a page that it leads to."));
	fprintf(to, "\n%s\n%s\n", _("Should you get more that was sent after this answer, please tell us, with all of its header lines."),
		_("We ask for your understanding that we name neither the account nor its owner."));
}

bool complaint_reply(struct message *message, const struct inspection *inspection, const struct paper *paper, FILE *to, struct error *error)
{
	struct text complainant;

	if (inspection->kind != MAIL_COMPLAINT)
		return error_set(error, _("this mail is no complaint"));
	if (!find_complainant(message, &complainant, error))
		return false;
	write_head(message, complainant, to);
	fprintf(to, "%s\n\n", _("Thank you for your report. We have looked into it."));
	write_reported(inspection, to);
	if (paper)
		write_incident(paper, to);
	else
		write_gap(to);
	write_end(inspection, to);
	if (fflush(to) || ferror(to))
		return error_set(error, _("cannot write the answer: %s"), strerror(errno));
	return true;
}
