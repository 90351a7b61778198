/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/guide.h"

#include <libintl.h>
#include <stdio.h>

#include "base/i18n.h"

const char *const guide_cause_names[GUIDE_CAUSES] = { "quiet", "old", "spoofed", "script", "device", "leak" };

/* The owner's own mail goes on, so only a share of it speaks. */
static bool comes_from_home(const struct guide_figures *figures)
{
	return figures->home_bounces >= GUIDE_HOME_LEAST && (uint64_t)figures->home_bounces * GUIDE_HOME_SHARE >= figures->home_sent;
}

/* what can be mended by the password's side first, then what cannot */
enum guide_cause guide_cause_of(const struct guide_figures *figures)
{
	bool home = comes_from_home(figures), strange = figures->strange_bounces >= GUIDE_LEAST;

	if (strange && (!home || figures->strange_bounces >= figures->home_bounces))
		return GUIDE_LEAK;
	if (home)
		return GUIDE_DEVICE;
	if (figures->script_bounces >= GUIDE_LEAST)
		return GUIDE_SCRIPT;
	if (figures->spoofed_bounces >= GUIDE_LEAST)
		return GUIDE_SPOOFED;
	return figures->old_bounces ? GUIDE_OLD : GUIDE_QUIET;
}

bool guide_alarms(enum guide_cause cause) { return cause == GUIDE_SCRIPT || cause == GUIDE_DEVICE || cause == GUIDE_LEAK; }

static void say_leak(const struct guide_figures *figures, char *to, size_t size)
{
	char span[WHEN_TEXT_MAX] = "?";

	if (figures->strange_first_us != WHEN_NONE && figures->strange_first_us > figures->released_us)
		when_format_span(figures->strange_first_us - figures->released_us, span);
	snprintf(to, size,
		 ngettext("%u bounce is of mail that was sent after the release, with the new password, from places that are not the owner's; the first such mail came %s after the release.",
			  "%u bounces are of mail that was sent after the release, with the new password, from places that are not the owner's; the first such mail came %s after the release.",
			  figures->strange_bounces),
		 figures->strange_bounces, span);
}

void guide_say(const struct guide_figures *figures, char *to, size_t size)
{
	*to = '\0';
	switch (guide_cause_of(figures)) {
	case GUIDE_OLD:
		snprintf(to, size,
			 ngettext("%u bounce came since the release, of mail that was sent before.", "%u bounces came since the release, all of mail that was sent before.",
				  figures->old_bounces),
			 figures->old_bounces);
		break;
	case GUIDE_SPOOFED:
		snprintf(to, size,
			 ngettext("%u bounce came since the release, of mail that never passed here: somebody writes in this name from elsewhere.",
				  "%u bounces came since the release, of mail that never passed here: somebody writes in this name from elsewhere.", figures->spoofed_bounces),
			 figures->spoofed_bounces);
		break;
	case GUIDE_SCRIPT:
		snprintf(to, size,
			 ngettext("%u bounce came since the release, of mail that a program on this server sent without any login.",
				  "%u bounces came since the release, of mail that a program on this server sent without any login.", figures->script_bounces),
			 figures->script_bounces);
		break;
	case GUIDE_DEVICE:
		snprintf(to, size,
			 ngettext("%u bounce is of mail that was sent after the release, with the new password, from the owner's own places (%u messages in all).",
				  "%u bounces are of mail that was sent after the release, with the new password, from the owner's own places (%u messages in all).",
				  figures->home_bounces),
			 figures->home_bounces, figures->home_sent);
		break;
	case GUIDE_LEAK: say_leak(figures, to, size); break;
	default: break;
	}
}

const char *guide_advice(enum guide_cause cause)
{
	static const char *const advice[GUIDE_CAUSES] = {
		[GUIDE_OLD] = N_("This is harmless, and fades over two days; nothing is to be done."),
		[GUIDE_SPOOFED] = N_("This is harmless for the mailbox: neither a new password nor another address helps, and it ends by itself. Strict SPF and DMARC records of the domain make it rarer."),
		[GUIDE_SCRIPT] = N_("Look through the files of the web space for what was put there, above all contact forms and old programs, and change the passwords of FTP and of the web site's own administration."),
		[GUIDE_DEVICE] = N_("A device of the owner's is infected: take each off the net, have it scanned, set up anew what was infected, and only then choose another password, on a device that is clean."),
		[GUIDE_LEAK] = N_("The new password is known to others already. Somebody reads where it is kept or typed: an infected device, a password manager or mailbox to which it was sent, a forward, or the provider's own panel. Choose another one on a device that is clean, and change the panel's password, too."),
	};

	return advice[cause] ? _(advice[cause]) : "";
}

/* ---- JSON */

static json_t *moment(int64_t t_us) { return t_us == WHEN_NONE ? json_null() : json_integer(t_us); }

json_t *guide_json(const struct guide_figures *figures)
{
	return json_pack("{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "cause", guide_cause_names[guide_cause_of(figures)], "released",
			 moment(figures->released_us), "old", (json_int_t)figures->old_bounces, "home", (json_int_t)figures->home_bounces, "strange",
			 (json_int_t)figures->strange_bounces, "script", (json_int_t)figures->script_bounces, "spoofed",
			 (json_int_t)figures->spoofed_bounces, "home_sent", (json_int_t)figures->home_sent, "strange_sent",
			 (json_int_t)figures->strange_sent, "strange_first", moment(figures->strange_first_us), "last", moment(figures->last_us));
}

static uint32_t count_in(const json_t *object, const char *field)
{
	json_int_t number = json_integer_value(json_object_get(object, field));

	return number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

static int64_t moment_in(const json_t *object, const char *field)
{
	const json_t *value = json_object_get(object, field);

	return json_is_integer(value) ? json_integer_value(value) : WHEN_NONE;
}

void guide_from_json(const json_t *object, struct guide_figures *figures)
{
	*figures = (struct guide_figures){
		.released_us = moment_in(object, "released"),
		.old_bounces = count_in(object, "old"),
		.home_bounces = count_in(object, "home"),
		.strange_bounces = count_in(object, "strange"),
		.script_bounces = count_in(object, "script"),
		.spoofed_bounces = count_in(object, "spoofed"),
		.home_sent = count_in(object, "home_sent"),
		.strange_sent = count_in(object, "strange_sent"),
		.strange_first_us = moment_in(object, "strange_first"),
		.last_us = moment_in(object, "last"),
	};
}
