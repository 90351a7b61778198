/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/signs.h"

#include <ctype.h>
#include <stdarg.h>

#include "mail/defang.h"

extern const struct sign sign_look_alike, sign_mixed_script, sign_user_in_link, sign_link_text, sign_brand_name, sign_address_in_name, sign_letters,
	sign_lure, sign_authentication, sign_login, sign_address_link, sign_hired, sign_form, sign_reply_to, sign_attachment, sign_own_notice,
	sign_demand, sign_office;

const struct sign *const signs[] = {
	&sign_look_alike,
	&sign_mixed_script,
	&sign_user_in_link,
	&sign_link_text,
	&sign_brand_name,
	&sign_address_in_name,
	&sign_office,
	&sign_letters,
	&sign_lure,
	&sign_demand,
	&sign_authentication,
	&sign_login,
	&sign_address_link,
	&sign_hired,
	&sign_form,
	&sign_reply_to,
	&sign_attachment,
	&sign_own_notice,
};

const size_t signs_count = sizeof signs / sizeof *signs;

_Static_assert(sizeof signs / sizeof *signs <= SIGNS_MAX, "there is room for each sign");

float sign_group_most(enum sign_group group)
{
	static const float most[SIGN_GROUPS] = {
		[SIGN_GROUP_HOST] = 13, [SIGN_GROUP_TARGET] = 11, [SIGN_GROUP_BRAND] = 9,
		[SIGN_GROUP_WORDS] = 5.5f, [SIGN_GROUP_SENDER] = 6,  [SIGN_GROUP_CONTENT] = 7,
	};

	return most[group];
}

void sign_say(struct sign_found *found, float bits, const char *format, ...)
{
	va_list args;

	if (bits <= found->bits)
		return;
	found->bits = bits;
	va_start(args, format);
	vsnprintf(found->text, sizeof found->text, format, args);
	va_end(args);
}

/* U+202A to U+202E, U+2066 to U+2069 turn the direction of writing; C1 control characters; broken off at the end of a character */
static size_t unfit(const unsigned char *p, size_t left)
{
	if (p[0] < ' ' || p[0] == 0x7f)
		return 1;
	if (left >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return 2;
	if (left < 3 || p[0] != 0xe2)
		return 0;
	if (p[1] == 0x80 && ((p[2] >= 0xaa && p[2] <= 0xae) || p[2] == 0x8e || p[2] == 0x8f))
		return 3;
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

const char *sign_quoted(const struct phishing_view *view, struct text text)
{
	enum { SHOWN_MAX = 80 };
	char *to = arena_take(view->arena, SHOWN_MAX + 4);
	size_t n = 0, i = 0, skip;

	while (i < text.n && n < SHOWN_MAX) {
		skip = unfit((const unsigned char *)text.p + i, text.n - i);
		if (skip)
			to[n++] = ' ';
		else
			to[n++] = text.p[i];
		i += skip ? skip : 1;
	}
	if (i < text.n) {
		while (n && ((unsigned char)text.p[i] & 0xc0) == 0x80)
			i--, n--;
		memcpy(to + n, "…", 3);
		n += 3;
	}
	return defang(view->arena, (struct text){ to, n }).p;
}

const char *sign_host(const struct phishing_view *view, struct text host)
{
	struct text shown = url_host_shown(view->arena, host), name = defang(view->arena, host), look;
	char *both;

	if (text_is(shown, host))
		return name.p;
	look = defang(view->arena, shown);
	both = arena_take(view->arena, name.n + look.n + 8);
	snprintf(both, name.n + look.n + 8, "%s (%s)", look.p, name.p);
	return both;
}

bool sign_at_home(const struct phishing_view *view, const struct host *host)
{
	if (view->from_host && text_is(host->site, view->from_host->site))
		return true;
	if (view->to_host && text_is(host->site, view->to_host->site))
		return true;
	return host->domain && host->domain->role != DOMAIN_FREE && host->domain->role != DOMAIN_SHORTENER;
}

bool sign_poses(const struct phishing_view *view)
{
	return view->name_brand != BRAND_NONE || view->subject_brand != BRAND_NONE ||
	       (view->from_host && view->from_host->lookalike.kind != LOOKALIKE_NONE);
}
