/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/survey.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"
#include "event/event.h"

struct wish {
	uint32_t account, next; /* next: the place + 1 of another wish for the same account, 0 for none */
	void (*each)(void *context, const struct queue_message *message);
	void (*end)(void *context, const struct error *error);
	void *context;
};

struct wishes {
	struct wish *items;
	size_t count, room;
	struct table of_account; /* -> place + 1 of the last */
};

struct survey {
	struct queue *queue;
	const struct accounts *accounts;
	struct wishes waiting, served;
	bool looking;
};

static void wishes_done(struct wishes *wishes)
{
	free(wishes->items);
	table_done(&wishes->of_account);
	*wishes = (struct wishes){ 0 };
}

struct survey *survey_new(struct queue *queue, const struct accounts *accounts)
{
	struct survey *survey = memory_zero(1, sizeof *survey);

	survey->queue = queue;
	survey->accounts = accounts;
	return survey;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	wishes_done(&survey->waiting);
	wishes_done(&survey->served);
	free(survey);
}

static void on_message(void *context, const struct queue_message *message)
{
	struct survey *survey = context;
	uint64_t key;
	uint32_t account = message->login.n ? accounts_find(survey->accounts, message->login, &key) : ACCOUNT_NONE;
	uint32_t *last = account ? table_find(&survey->served.of_account, table_key(account)) : NULL;

	for (uint32_t at = last ? *last : 0; at; at = survey->served.items[at - 1].next)
		survey->served.items[at - 1].each(survey->served.items[at - 1].context, message);
}

static void look(struct survey *survey);

static void on_end(void *context, const struct error *error)
{
	struct survey *survey = context;
	struct wishes served = survey->served;

	survey->served = (struct wishes){ 0 };
	survey->looking = false;
	for (size_t i = 0; i < served.count; i++)
		served.items[i].end(served.items[i].context, error);
	wishes_done(&served);
	look(survey);
}

static void look(struct survey *survey)
{
	if (survey->looking || !survey->waiting.count)
		return;
	survey->served = survey->waiting;
	survey->waiting = (struct wishes){ 0 };
	survey->looking = true;
	queue_list(survey->queue, on_message, on_end, survey);
}

void survey_ask(struct survey *survey, uint32_t account,
		void (*each)(void *context, const struct queue_message *message),
		void (*end)(void *context, const struct error *error), void *context)
{
	struct wishes *waiting = &survey->waiting;
	uint32_t *last = table_put(&waiting->of_account, table_key(account), 0, NULL);

	MEMORY_ROOM(waiting->items, waiting->count, waiting->room);
	waiting->items[waiting->count++] = (struct wish){ account, *last, each, end, context };
	*last = (uint32_t)waiting->count;
	look(survey);
}
