/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/quiet.h"

#include "base/i18n.h"

static bool read_time(struct text words, int *minutes)
{
	struct text hour;
	uint64_t hours, of_hour;

	if (!text_cut(&words, ':', &hour) || !text_number(text_trim(hour), 24, &hours) || words.n < 2 ||
	    !text_number(text_trim(words), 59, &of_hour) || (hours == 24 && of_hour))
		return false;
	*minutes = (int)(hours % 24 * 60 + of_hour);
	return true;
}

bool quiet_read(struct text words, struct quiet *quiet, struct error *error)
{
	struct text from, to = words;
	struct quiet read;

	if (!text_trim(words).n) {
		*quiet = (struct quiet){ 0, 0 };
		return true;
	}
	if (!text_cut(&to, '-', &from) || !read_time(from, &read.from_minutes) || !read_time(to, &read.to_minutes))
		return error_set(error, _("'%.*s' is no span of hours, such as 22:00-07:00"), TEXT_ARG(words));
	*quiet = read;
	return true;
}

bool quiet_is(const struct quiet *quiet, int64_t t_us, int offset_s)
{
	int64_t of_day_us = (t_us + offset_s * SECOND_US) % DAY_US;
	int minutes = (int)((of_day_us + DAY_US) % DAY_US / MINUTE_US);

	if (quiet->from_minutes <= quiet->to_minutes)
		return minutes >= quiet->from_minutes && minutes < quiet->to_minutes;
	return minutes >= quiet->from_minutes || minutes < quiet->to_minutes;
}
