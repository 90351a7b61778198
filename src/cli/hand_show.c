/* SPDX-License-Identifier: Apache-2.0 */
/* What came of it: of a single account each step, of many how many, and what is missing. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/hand.h"
#include "report/show.h"
#include "report/steps.h"

struct sums {
	uint64_t acted, settled, lacking, failed, already;
};

static struct sums sums_of(const struct hand *hand)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < hand->count; i++) {
		const struct hand_target *target = &hand->targets[i];

		sums.failed += target->status != CLI_DONE;
		sums.acted += target->acted;
		sums.already += !target->acted && !target->status && target->was_locked && hand->act != HAND_UNLOCK;
		sums.lacking += target->acted && (target->lacking || (!target->settled && !hand->no_wait));
		sums.settled += target->acted && target->settled && !target->lacking;
	}
	return sums;
}

/* ---- JSON */

static json_t *target_json(const struct hand_target *target)
{
	json_t *one = json_pack("{s:s%, s:b, s:b, s:b, s:I}", "account", target->name.p, target->name.n, "was_locked", target->was_locked,
				"done", target->acted, "settled", target->acted && target->settled, "lacking", (json_int_t)target->lacking);

	json_object_set_new(one, "known", json_boolean(!target->unknown));
	json_object_set_new(one, "incident", target->incident ? json_integer((json_int_t)target->incident) : json_null());
	json_object_set_new(one, "error", target->why ? json_string(target->why) : json_null());
	return one;
}

static json_t *document(const struct hand *hand)
{
	json_t *accounts = json_array();

	for (size_t i = 0; i < hand->count; i++)
		json_array_append_new(accounts, target_json(&hand->targets[i]));
	return json_pack("{s:s, s:b, s:b, s:b, s:o, s:o, s:O}", "act", hand->act == HAND_UNLOCK ? "unlock" : "lock", "dry_run", hand->dry_run,
			 "away", hand->away, "stopped", hand->stopped, "bulk", hand->bulk ? json_integer((json_int_t)hand->bulk) : json_null(),
			 "accounts", accounts, "closure", hand->closure ? hand->closure : json_null());
}

/* ---- text */

static void line(struct terminal *t, enum shade shade, char *text)
{
	terminal_put(t, shade, text);
	terminal_end(t);
	free(text);
}

static void show_away(const struct hand *hand, struct terminal *t)
{
	if (!hand->away)
		return;
	if (hand->act == HAND_UNLOCK)
		terminal_wrap(t, 0, _("The daemon is away. What it knows about the account it forgets as soon as it is back."));
	else
		terminal_wrap(t, 0, _("The daemon is away: Postfix and Dovecot refuse by the lists that they read themselves, and the gate refuses as "
				      "soon as it is back. Open again: sekisho account unlock, at any time."));
}

static const char *outcome_of(const struct hand *hand, const struct hand_target *target)
{
	bool whole = target->settled && !target->lacking;

	if (hand->act == HAND_UNLOCK)
		return whole ? _("open again") : hand->no_wait ? _("being opened") : _("not wholly open yet");
	return whole ? _("locked") : hand->no_wait ? _("being locked") : _("locked, but not wholly shut yet");
}

static void show_single(const struct hand *hand, struct terminal *t)
{
	const struct hand_target *target = &hand->targets[0];
	char *name = show_format("%.*s", TEXT_ARG(target->name));
	bool whole = (target->settled && !target->lacking) || hand->no_wait;

	terminal_put(t, SHADE_BOLD, show_name(SHOWN, name, NAME_COLUMNS));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_put(t, !whole ? SHADE_YELLOW : hand->act == HAND_UNLOCK ? SHADE_GREEN : SHADE_RED, outcome_of(hand, target));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_print(t, SHADE_DIM, _("incident %llu"), (unsigned long long)target->incident);
	terminal_end(t);
	if (target->unknown)
		line(t, SHADE_YELLOW, show_format("  %s", _("Nothing was ever seen of an account of this name: is it spelt right?")));
	steps_show(hand->closure, hand->away, t, 2);
	show_away(hand, t);
	if (!whole && !hand->away)
		line(t, SHADE_PLAIN, show_format(_("What failed is tried again by itself; how far it is: sekisho incident show %llu"),
						 (unsigned long long)target->incident));
	free(name);
}

static void show_missing(const struct hand *hand, struct terminal *t)
{
	unsigned told = 0;

	for (size_t i = 0; i < hand->count && told < HAND_TOLD; i++) {
		const struct hand_target *target = &hand->targets[i];
		bool lacks = target->acted && (target->lacking || (!target->settled && !hand->no_wait));

		if (!target->why && !lacks)
			continue;
		told++;
		if (target->why)
			line(t, SHADE_RED, show_format("  %.*s: %s", TEXT_ARG(target->name), target->why));
		else
			line(t, SHADE_YELLOW, show_format(_("  %.*s: not wholly yet: sekisho incident show %llu"), TEXT_ARG(target->name),
							  (unsigned long long)target->incident));
	}
}

static char *headline(const struct hand *hand, const struct sums *sums)
{
	const char *form = hand->act == HAND_UNLOCK ? ngettext("%s of %s account is open again", "%s of %s accounts are open again", hand->count)
						    : ngettext("%s of %s account is locked", "%s of %s accounts are locked", hand->count);

	return show_format(form, show_count(SHOWN, sums->acted + sums->already), show_count(SHOWN, hand->count));
}

static void show_stopped(const struct hand *hand, struct terminal *t)
{
	if (!hand->stopped)
		return;
	line(t, SHADE_YELLOW, show_format("%s", _("It was stopped before its end.")));
	if (hand->act == HAND_LOCK)
		line(t, SHADE_PLAIN, show_format(_("To go on: the same command with --bulk=%llu; those that are locked are passed over."),
						 (unsigned long long)hand->bulk));
	else
		line(t, SHADE_PLAIN, show_format("%s", _("To go on: the same command.")));
}

static void show_many(const struct hand *hand, struct terminal *t)
{
	struct sums sums = sums_of(hand);
	char *head = headline(hand, &sums);
	const char *proved = hand->act == HAND_UNLOCK ? _("%s; of %s all is open") : _("%s; of %s the closure is proved");

	line(t, sums.failed || sums.lacking || hand->stopped ? SHADE_YELLOW : SHADE_GREEN,
	     hand->no_wait ? show_format("%s", head) : show_format(proved, head, show_count(SHOWN, sums.settled)));
	free(head);
	show_missing(hand, t);
	show_stopped(hand, t);
	if (hand->act == HAND_LOCK && hand->bulk)
		line(t, SHADE_PLAIN, show_format(_("To go back: sekisho account unlock --bulk %llu"), (unsigned long long)hand->bulk));
	show_away(hand, t);
}

static void show(const struct asked *asked, struct terminal *t)
{
	const struct hand *hand = (const struct hand *)((const char *)asked - offsetof(struct hand, asked));

	if (hand->dry_run)
		hand_preview(hand, t);
	else if (hand->count == 1 && !hand_is_many(hand))
		show_single(hand, t);
	else
		show_many(hand, t);
}

/* ---- the status */

static int status_of(const struct hand *hand)
{
	struct sums sums = sums_of(hand);

	if (hand->dry_run)
		return CLI_DONE;
	if (hand->count == 1 && sums.failed)
		return hand->targets[0].status;
	if (sums.failed && !sums.acted)
		return hand->targets[0].status ? hand->targets[0].status : CLI_NO;
	return sums.failed || sums.lacking || hand->stopped ? CLI_PARTLY : CLI_DONE;
}

int hand_tell(struct hand *hand)
{
	int status = status_of(hand);

	if (hand->count == 1 && !hand_is_many(hand) && hand->targets[0].why) {
		cli_complain("%s", hand->targets[0].why);
		return status;
	}
	hand->asked.answer = document(hand);
	hand->asked.show = show;
	return cli_worse(status, asked_tell(&hand->asked));
}
