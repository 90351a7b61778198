/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keeper_inside.h"

enum { IMAGE_VERSION = 1 };

void keeper_save(const struct keeper *keeper, struct image_out *out)
{
	accounts_save(keeper->accounts, out);
	engine_save(keeper->engine, out);
	guard_save(keeper->guard, out);
	image_begin(out, "marks", IMAGE_VERSION, sizeof *keeper->marks, keeper->mark_count);
	image_put(out, keeper->marks, keeper->mark_count * sizeof *keeper->marks);
}

static bool load_marks(struct keeper *keeper, struct image_in *in, struct error *error)
{
	struct keeper_mark mark;
	uint64_t left;

	if (!image_open(in, "marks", IMAGE_VERSION, sizeof mark, KEEPER_MARKS, &left, error))
		return false;
	for (; left; left--) {
		if (!image_get(in, &mark, 1, error))
			return false;
		if (mark.name_bytes > KEEPER_MARK_MAX || mark.value_bytes > KEEPER_MARK_MAX)
			return image_wrong(in, error);
		keeper_note_mark(keeper, (struct text){ mark.name, mark.name_bytes }, (struct text){ mark.value, mark.value_bytes });
	}
	return true;
}

static bool load(struct keeper *keeper, struct image_in *in, struct error *error)
{
	return accounts_load(keeper->accounts, in, error) &&
	       engine_load(keeper->engine, in, accounts_count(keeper->accounts), error) &&
	       guard_load(keeper->guard, in, error) && load_marks(keeper, in, error) && image_ended(in, error);
}

bool keeper_load(struct keeper *keeper, struct image_in *in, struct error *error)
{
	if (load(keeper, in, error))
		return true;
	accounts_clear(keeper->accounts);
	engine_clear(keeper->engine);
	guard_clear(keeper->guard);
	keeper->mark_count = 0;
	return false;
}
