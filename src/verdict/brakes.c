/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/brakes.h"

#include "base/when.h"

void brakes_init(struct brakes *brakes, const struct brakes_limits *limits)
{
	*brakes = (struct brakes){ .limits = *limits };
}

static void refill(struct brakes_bucket *bucket, float an_hour, int64_t t_us)
{
	int64_t passed_us = t_us - bucket->at_us;

	if (passed_us <= 0)
		return; /* a clock that goes back refills nothing */
	bucket->used -= (double)an_hour * (double)passed_us / (double)HOUR_US;
	bucket->used = bucket->used < 0 ? 0 : bucket->used;
	bucket->at_us = t_us;
}

bool brakes_allow(struct brakes *brakes, uint64_t domain_hash, int64_t t_us)
{
	struct brakes_bucket *domain = &brakes->domains[domain_hash % BRAKES_DOMAINS];

	refill(&brakes->all, brakes->limits.locks_an_hour, t_us);
	refill(domain, brakes->limits.locks_an_hour_of_domain, t_us);
	if (brakes->all.used + 1 > (double)brakes->limits.locks_an_hour ||
	    domain->used + 1 > (double)brakes->limits.locks_an_hour_of_domain)
		return false;
	brakes->all.used++;
	domain->used++;
	return true;
}

/* ---- to a picture and back: buckets that were ever used; the one of all stands behind those of the domains */

enum { IMAGE_VERSION = 1 };

struct bucket_image {
	uint64_t number;
	struct brakes_bucket bucket;
};

static const struct brakes_bucket *bucket_at(const struct brakes *brakes, uint64_t number)
{
	return number < BRAKES_DOMAINS ? &brakes->domains[number] : &brakes->all;
}

void brakes_save(const struct brakes *brakes, struct image_out *out)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i <= BRAKES_DOMAINS; i++)
		count += bucket_at(brakes, i)->at_us != 0;
	image_begin(out, "brakes", IMAGE_VERSION, sizeof(struct bucket_image), count);
	for (uint64_t i = 0; i <= BRAKES_DOMAINS; i++) {
		struct bucket_image image = { i, *bucket_at(brakes, i) };

		if (image.bucket.at_us)
			image_put(out, &image, sizeof image);
	}
}

bool brakes_load(struct brakes *brakes, struct image_in *in, struct error *error)
{
	struct bucket_image image;
	uint64_t count;

	if (!image_open(in, "brakes", IMAGE_VERSION, sizeof image, BRAKES_DOMAINS + 1, &count, error))
		return false;
	while (count--) {
		if (!image_get(in, &image, 1, error))
			return false;
		if (image.number > BRAKES_DOMAINS || !image_is_time(image.bucket.at_us) || !image_is_amount(image.bucket.used))
			return image_wrong(in, error);
		*(image.number < BRAKES_DOMAINS ? &brakes->domains[image.number] : &brakes->all) = image.bucket;
	}
	return true;
}
