/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger's thread deletes, piece by piece, between the batches. */
#include "base/memory.h"
#include "store/ledger_writer.h"

void ledger_chore_free(struct ledger_chore *chore)
{
	free(chore->account);
	free(chore->days);
	free(chore);
}

/* ---- the days of a chore, oldest first */

static void pass_on(struct ledger_chore *chore)
{
	chore->left--;
	chore->changed = false;
}

/* A fault of the day that is looked at: one that passes is waited for, others take the day out of reach. */
static bool stumble(struct ledger_writer *writer, struct ledger_chore *chore, const struct ledger_fault *fault)
{
	ledger_writer_fault(writer, chore->days[chore->left - 1].day, fault);
	if (fault->kind == LEDGER_FAULT_PASSING)
		return false;
	pass_on(chore);
	return true;
}

/* ---- an account is forgotten */

struct forgetting {
	struct ledger_writer *writer;
	struct ledger_chore *chore;
};

static void is_gone(void *context, struct text queue_id)
{
	struct forgetting *forgetting = context;

	forgetting->chore->changed = true;
	ledger_recent_drop(&forgetting->writer->recent, queue_id);
}

static bool forget(struct ledger_writer *writer, struct ledger_chore *chore)
{
	struct forgetting forgetting = { writer, chore };
	struct ledger_fault fault = { 0 };
	struct ledger_day *day = ledger_writer_day(writer, chore->days[chore->left - 1].day, LEDGER_WRITE, &fault);
	bool more;

	if (!day && !fault.error.text[0]) {
		pass_on(chore); /* it is gone itself */
		return true;
	}
	if (!day || !ledger_day_forget(day, text_of(chore->account), is_gone, &forgetting, &more, &fault))
		return stumble(writer, chore, &fault);
	if (more)
		return true;
	if (chore->changed)
		ledger_day_settle(day);
	pass_on(chore);
	return true;
}

/* ---- what is too old goes */

/* the last day of which all is older than this */
static int32_t last_before(int64_t now_us, int days) { return ledger_day_of(now_us - days * DAY_US) - 1; }

static void drop_days(struct ledger_writer *writer, int32_t last)
{
	for (size_t i = 0; i < LEDGER_DAYS_OPEN; i++)
		if (writer->days[i] && writer->days[i]->number <= last)
			ledger_writer_close(writer, writer->days[i]->number);
	ledger_unlink_until(writer->folder, last);
}

static bool blank_day(struct ledger_writer *writer, struct ledger_chore *chore, struct ledger_day *day, bool *more,
		      struct ledger_fault *fault)
{
	const int kept[] = { [LEDGER_BLANK_ADDRESSES] = writer->retention.address_days,
			     [LEDGER_BLANK_HASHES] = writer->retention.recipient_days };

	*more = false;
	for (size_t i = 0; i < sizeof kept / sizeof *kept && !*more; i++)
		if (day->number <= last_before(chore->now_us, kept[i]) && !ledger_day_blank(day, i, more, fault))
			return false;
	if (!*more)
		ledger_day_settle(day);
	return true;
}

static bool blank(struct ledger_writer *writer, struct ledger_chore *chore)
{
	const struct ledger_retention *retention = &writer->retention;
	int least = retention->address_days < retention->recipient_days ? retention->address_days : retention->recipient_days;
	struct ledger_fault fault = { 0 };
	struct ledger_day *day;
	bool more = false;

	if (chore->days[chore->left - 1].day > last_before(chore->now_us, least)) {
		chore->left = 0; /* what follows is younger */
		return true;
	}
	day = ledger_writer_day(writer, chore->days[chore->left - 1].day, LEDGER_WRITE, &fault);
	if ((!day && fault.error.text[0]) || (day && !blank_day(writer, chore, day, &more, &fault)))
		return stumble(writer, chore, &fault);
	if (!more)
		pass_on(chore);
	return true;
}

/* ---- at work */

static bool begin(struct ledger_writer *writer, struct ledger_chore *chore)
{
	if (chore->days)
		return true;
	if (!chore->account)
		drop_days(writer, last_before(chore->now_us, writer->retention.ledger_days));
	return ledger_list(writer->folder, &chore->days, &chore->left, &writer->why);
}

bool ledger_writer_chore(struct ledger_writer *writer)
{
	struct ledger_chore *chore = writer->chores;

	/* a row that waits still may be one of those to be forgotten */
	if (!chore || (chore->account && writer->batch.rows) || !begin(writer, chore))
		return false;
	if (chore->left && !(chore->account ? forget : blank)(writer, chore))
		return false;
	if (chore->left == 0) {
		writer->chores = chore->next;
		ledger_chore_free(chore);
	}
	return true;
}
