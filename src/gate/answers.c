/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/answers.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

struct cell {
	uint64_t key; /* 0: empty */
	int64_t t_us;
	char action[ANSWER_MAX];
};

struct answers {
	uint64_t seed;
	struct cell cells[ANSWERS_CELLS];
};

struct answers *answers_new(void)
{
	struct answers *answers = memory_zero(1, sizeof *answers);

	answers->seed = hash_seed();
	return answers;
}

void answers_free(struct answers *answers) { free(answers); }

static uint64_t key_of(const struct answers *answers, struct text instance, struct text id)
{
	return hash_pair(hash_text(answers->seed, instance), hash_text(answers->seed, id)) | 1;
}

void answers_put(struct answers *answers, struct text instance, struct text id, struct text action, int64_t now_us)
{
	uint64_t key = key_of(answers, instance, id);
	struct cell *cell = &answers->cells[(key >> 8) % ANSWERS_CELLS];

	if (!instance.n)
		return;
	cell->key = key;
	cell->t_us = now_us;
	text_copy(cell->action, sizeof cell->action, action);
}

const char *answers_find(const struct answers *answers, struct text instance, struct text id, int64_t now_us)
{
	uint64_t key = key_of(answers, instance, id);
	const struct cell *cell = &answers->cells[(key >> 8) % ANSWERS_CELLS];

	return cell->key == key && now_us >= cell->t_us && now_us - cell->t_us < ANSWER_US ? cell->action : NULL;
}
