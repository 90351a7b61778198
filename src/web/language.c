/* SPDX-License-Identifier: Apache-2.0 */
#include "web/language.h"

#include <ctype.h>
#include <locale.h>
#include <stdlib.h>

#include "base/i18n.h"

const struct language_row languages[LANGUAGES] = {
	[LANGUAGE_ENGLISH] = { "en", "English" },
	[LANGUAGE_JAPANESE] = { "ja", "日本語" },
};

static char usual[64]; /* of what is logged */

enum language language_find(struct text tag)
{
	for (unsigned i = 0; i < LANGUAGES; i++)
		if (text_is(tag, text_of(languages[i].tag)))
			return (enum language)i;
	return LANGUAGES;
}

/* in thousandths; what is no weight counts as none */
static unsigned weight_of(struct text parameters)
{
	struct text value;
	unsigned weight = 0, digit = 100;

	if (!text_behind(parameters, TEXT("q="), &value))
		return 1000;
	if (value.n && value.p[0] != '0')
		return value.p[0] == '1' ? 1000 : 0;
	for (size_t i = 2; i < value.n && isdigit((unsigned char)value.p[i]) && digit; i++, digit /= 10)
		weight += (unsigned)(value.p[i] - '0') * digit;
	return weight;
}

static enum language language_of(struct text range)
{
	char tag[3] = "";

	for (size_t i = 0; i < range.n && i < 2; i++)
		tag[i] = (char)tolower((unsigned char)range.p[i]);
	return range.n == 2 || (range.n > 2 && range.p[2] == '-') ? language_find(text_of(tag)) : LANGUAGES;
}

enum language language_accepted(struct text accept, enum language best)
{
	unsigned most = 0;

	while (accept.n) {
		struct text rest = text_word(&accept, ','), range = text_trim(text_word(&rest, ';'));
		enum language language = language_of(range);
		unsigned weight = weight_of(rest);

		if (language != LANGUAGES && weight > most) {
			most = weight;
			best = language;
		}
	}
	return best;
}

void language_begin(void)
{
	const char *locale = setlocale(LC_MESSAGES, NULL), *wanted = getenv("LANGUAGE");

	text_copy(usual, sizeof usual, text_of(wanted ? wanted : ""));
	if (!locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) { /* in which nothing is translated */
		setlocale(LC_ALL, "C.UTF-8");
		setlocale(LC_NUMERIC, "C");
		text_copy(usual, sizeof usual, TEXT("en"));
		language_leave();
	}
}

static void speak(const char *language)
{
	if (*language)
		setenv("LANGUAGE", language, 1);
	else
		unsetenv("LANGUAGE");
	textdomain("sekisho"); /* and what was translated before is forgotten */
}

void language_enter(enum language language) { speak(languages[language].tag); }
void language_leave(void) { speak(usual); }
