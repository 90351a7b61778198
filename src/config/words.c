/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/i18n.h"
#include "config/config.h"

const char *config_language(void)
{
	/* TRANSLATORS: the tag of your own language */
	return _("en");
}

struct config_words config_words(const struct config *config, const char *language)
{
	bool english = strcmp(language, "en") == 0;

#define OWN(name) (english && *config->name##_en ? config->name##_en : config->name)
	return (struct config_words){ OWN(server_name), OWN(panel_name), OWN(support_words), OWN(notice_name) };
#undef OWN
}
