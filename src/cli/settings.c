/* SPDX-License-Identifier: Apache-2.0 */
/* What settings mean to the rooms that judge. */
#include <grp.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "gate/modes.h"

struct verdict_limits cli_limits(const struct config *config)
{
	return (struct verdict_limits){
		(float)config->suspect_bits, (float)config->hold_bits, (float)config->lock_bits
	};
}

static bool check_mode(const struct config *config)
{
	char place[CONFIG_PLACE_MAX];
	enum desk_mode mode;

	if (modes_parse(text_of(config->mode), &mode))
		return true;
	cli_complain(_("%s: '%s' is none of learn, observe, enforce"), config_place(config, "mode", place), config->mode);
	return false;
}

static bool check_groups(const struct config *config, const char *name, const struct config_texts *groups)
{
	char place[CONFIG_PLACE_MAX];

	for (size_t i = 0; i < groups->count; i++) {
		if (getgrnam(groups->items[i]))
			continue;
		cli_complain(_("%s: there is no group '%s'"), config_place(config, name, place), groups->items[i]);
		return false;
	}
	return true;
}

static bool check_folder(const struct config *config)
{
	char place[CONFIG_PLACE_MAX];

	if (*config->state_folder == '/')
		return true;
	cli_complain(_("%s: '%s' is no path from the root"), config_place(config, "state_folder", place), config->state_folder);
	return false;
}

bool cli_check_groups(const struct config *config)
{
	return check_groups(config, "operators", &config->operators) && check_groups(config, "support", &config->support);
}

bool cli_read_config(struct config *config, const char *file, struct evidence_weights *weights)
{
	char place[CONFIG_PLACE_MAX];
	struct error error;

	evidence_weights_init(weights);
	if (!config_read(config, file, &error)) {
		cli_complain("%s", error.text);
		return false;
	}
	for (size_t i = 0; i < config->weights.count; i++) {
		if (evidence_weights_take(weights, text_of(config->weights.items[i]), &error))
			continue;
		cli_complain("%s: %s", config_place(config, "weights", place), error.text);
		return false;
	}
	return check_mode(config) && check_folder(config);
}
