/* SPDX-License-Identifier: Apache-2.0 */
#include "password/policy_config.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"

/* the setting of two that stands in the file, or else the first: what the other one says comes from the profile */
static const char *whichever_is_set(const struct config *config, const char *one, const char *other)
{
	return !config_is_set(config, one) && config_is_set(config, other) ? other : one;
}

/* the sentence, behind the line of the file where the setting stands */
static bool refuse(const struct config *config, const char *setting, const char *why, struct error *error)
{
	char place[CONFIG_PLACE_MAX];

	return error_set(error, "%s: %s", config_place(config, setting, place), why);
}

static bool choose_profile(struct policy_config *of, const struct config *config, const char *profile, struct error *error)
{
	const struct password_policy *found = password_profile_find(text_of(profile ? profile : config->password_profile));

	if (!found && profile)
		return error_set(error, _("there is no profile '%.40s': basic, long or four"), profile);
	if (!found)
		return refuse(config, "password_profile", _("'password_profile' must be basic, long or four"), error);
	of->policy = *found;
	return true;
}

static bool is_symbol(char c)
{
	return c >= ' ' && c <= '~' && !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
}

static bool take_symbols(struct policy_config *of, const struct config *config, struct error *error)
{
	const char *symbols = config->password_symbols;

	if (!*symbols)
		return true;
	of->policy.symbols = strcmp(symbols, "any") == 0 ? NULL : strcmp(symbols, "none") == 0 ? "" : symbols;
	for (const char *c = of->policy.symbols; c && *c; c++)
		if (!is_symbol(*c))
			return refuse(config, "password_symbols", _("'password_symbols' must be any, none, or printable symbols of ASCII"), error);
	return true;
}

static void take_numbers(struct policy_config *of, const struct config *config)
{
	struct password_policy *policy = &of->policy;

	policy->least = config->password_least ? (unsigned)config->password_least : policy->least;
	policy->most = config->password_most ? (unsigned)config->password_most : policy->most;
	policy->classes = config->password_classes ? (unsigned)config->password_classes : policy->classes;
	policy->bits = config->password_bits > 0 ? config->password_bits : policy->bits;
}

/* would anything be accepted? */
static bool check(const struct policy_config *of, const struct config *config, struct error *error)
{
	struct password_recipe recipe = password_policy_recipe(&of->policy);
	struct password_made made;
	bool can = of->policy.least <= of->policy.most;

	if (!can)
		return refuse(config, whichever_is_set(config, "password_most", "password_least"), _("'password_most' is less than the least number of characters"), error);
	if (of->policy.classes > (unsigned)__builtin_popcount(recipe.classes))
		return refuse(config, whichever_is_set(config, "password_classes", "password_symbols"), _("'password_classes' asks for symbols, and none may be used"), error);
	can = password_generate(&recipe, &made, error);
	if (can && made.bits < of->policy.bits)
		can = refuse(config, "password_bits", _("'password_bits' asks for more than so many characters can have"), error);
	explicit_bzero(&made, sizeof made);
	return can;
}

const char **policy_config_names(const struct config *config)
{
	const struct config_texts *lists[] = { &config->password_names, &config->official_names, &config->official_domains };
	const char **names = memory_zero(lists[0]->count + lists[1]->count + lists[2]->count + 1, sizeof *names);
	size_t count = 0;

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			names[count++] = lists[i]->items[j];
	return names;
}

/* ---- the filter of breached passwords */

static bool open_breached(struct policy_config *of, const struct config *config, struct error *error)
{
	struct breached *opened;
	struct error why;

	if (!*config->password_breached)
		return true;
	opened = breached_open(config->password_breached, &why);
	if (!opened) {
		of->policy.breached_away = !of->breached;
		return refuse(config, "password_breached", why.text, error);
	}
	breached_close(of->breached);
	of->policy.breached = of->breached = opened;
	of->policy.breached_away = false;
	return true;
}

bool policy_config_verify(const struct policy_config *of, const struct config *config, struct error *error)
{
	struct error why;

	return !of->breached || breached_verify(of->breached, &why) || refuse(config, "password_breached", why.text, error);
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

enum policy_look policy_config_look(struct policy_config *of, const struct config *config, struct error *error)
{
	struct stat now;

	if (!*config->password_breached || stat(config->password_breached, &now) != 0 || is_same_file(&now, &of->seen))
		return POLICY_LIST_SAME;
	of->seen = now;
	return open_breached(of, config, error) ? POLICY_LIST_NEWER : POLICY_LIST_FAULTY;
}

/* ---- all of it */

static bool init(struct policy_config *of, const struct config *config, const char *profile, struct error *error)
{
	*of = (struct policy_config){ .breached = NULL };
	if (!choose_profile(of, config, profile, error))
		return false;
	if (!profile || strcmp(profile, config->password_profile) == 0) {
		take_numbers(of, config);
		if (!take_symbols(of, config, error))
			return false;
	}
	of->policy.names = of->names = policy_config_names(config);
	return check(of, config, error);
}

bool policy_config_init(struct policy_config *of, const struct config *config, const char *profile, struct error *error)
{
	return init(of, config, profile, error) && open_breached(of, config, error);
}

bool policy_config_init_anyway(struct policy_config *of, const struct config *config, const char *profile, struct error *away, struct error *error)
{
	*away = (struct error){ "" };
	if (!init(of, config, profile, error))
		return false;
	/* before it is opened: one that is put there meanwhile is another one, then */
	if (*config->password_breached && stat(config->password_breached, &of->seen) != 0)
		of->seen = (struct stat){ 0 };
	return open_breached(of, config, away) || of->policy.breached_away;
}

void policy_config_done(struct policy_config *of)
{
	breached_close(of->breached);
	free(of->names);
	*of = (struct policy_config){ .breached = NULL };
}
