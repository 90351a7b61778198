/* SPDX-License-Identifier: Apache-2.0 */
#include "base/image.h"

#include <assert.h>
#include <math.h>

#include "base/i18n.h"
#include "base/when.h"

#define LATEST_US (30000 * 365 * DAY_US)

/* ---- writing */

void image_begin(struct image_out *out, const char *name, uint32_t version, size_t record_bytes, uint64_t count)
{
	struct image_section section = { .version = version, .record_bytes = (uint32_t)record_bytes, .count = count };

	memcpy(section.name, name, strnlen(name, sizeof section.name));
	image_put(out, &section, sizeof section);
}

void image_put(struct image_out *out, const void *records, size_t bytes)
{
	out->failed = out->failed || (bytes && !out->put(out->context, records, bytes));
}

bool image_finish(struct image_out *out)
{
	image_begin(out, "", 0, 0, 0);
	return !out->failed;
}

/* ---- reading */

static bool is_named(const struct image_in *in, const char *name)
{
	return strnlen(name, IMAGE_NAME_MAX) == strnlen(in->section.name, IMAGE_NAME_MAX) &&
	       strncmp(in->section.name, name, IMAGE_NAME_MAX) == 0;
}

static bool ends_early(const struct image_in *in, struct error *error)
{
	return error_set(error, _("the section '%.*s' ends too early"), IMAGE_NAME_MAX, in->section.name);
}

static bool look_ahead(struct image_in *in, struct error *error)
{
	assert(in->left == 0); /* whoever opened the section before has read it */
	if (!in->known && !in->get(in->context, &in->section, sizeof in->section))
		return ends_early(in, error);
	in->known = true;
	return true;
}

static bool is_newer(struct image_in *in, struct error *error)
{
	in->newer = true;
	return error_set(error, _("the section '%.*s' was written by a newer sekisho"), IMAGE_NAME_MAX, in->section.name);
}

bool image_open(struct image_in *in, const char *name, uint32_t version, size_t record_bytes, uint64_t most, uint64_t *count,
		struct error *error)
{
	*count = 0;
	if (!look_ahead(in, error))
		return false;
	if (!is_named(in, name))
		return true;
	if (in->section.version > version || in->section.record_bytes > record_bytes)
		return is_newer(in, error);
	if (in->section.record_bytes == 0 || in->section.count > most)
		return image_wrong(in, error);
	in->known = false;
	in->record_bytes = record_bytes;
	*count = in->left = in->section.count;
	return true;
}

static bool get_longer(struct image_in *in, char *records, size_t count)
{
	size_t stored = in->section.record_bytes;

	for (; count; count--, records += in->record_bytes) {
		if (!in->get(in->context, records, stored))
			return false;
		memset(records + stored, 0, in->record_bytes - stored);
	}
	return true;
}

bool image_get(struct image_in *in, void *records, size_t count, struct error *error)
{
	assert(count <= in->left);
	in->left -= count;
	if (in->section.record_bytes < in->record_bytes ? get_longer(in, records, count)
							: in->get(in->context, records, count * in->record_bytes))
		return true;
	in->left = 0;
	return ends_early(in, error);
}

bool image_one(struct image_in *in, const char *name, uint32_t version, void *record, size_t record_bytes, bool *there,
	       struct error *error)
{
	uint64_t count;

	if (!image_open(in, name, version, record_bytes, 1, &count, error))
		return false;
	*there = count == 1;
	return count == 0 || image_get(in, record, 1, error);
}

bool image_ended(struct image_in *in, struct error *error)
{
	return look_ahead(in, error) && (is_named(in, "") || is_newer(in, error));
}

bool image_wrong(const struct image_in *in, struct error *error)
{
	return error_set(error, _("the section '%.*s' says what cannot be"), IMAGE_NAME_MAX, in->section.name);
}

bool image_is_time(int64_t t_us) { return t_us > -LATEST_US && t_us < LATEST_US; }
bool image_is_amount(double amount) { return isfinite(amount) && amount >= 0; }
