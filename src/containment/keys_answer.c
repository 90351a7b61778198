/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/keys_answer.h"

#include "base/quoted.h"

/* quoted, or a lone dash */
static bool read_account(struct text word, char room[KEYS_LINE_MAX], struct text *account)
{
	if (quoted_read(word, room, KEYS_LINE_MAX, account))
		return true;
	*account = word;
	return text_is(word, TEXT("-"));
}

static bool read_print(struct text line, struct keys_answer *answer)
{
	answer->result = KEYS_DONE;
	answer->says = text_is(line, TEXT("-")) ? TEXT_NONE : line;
	for (size_t i = 0; i < answer->says.n; i++)
		if (answer->says.p[i] <= ' ' || answer->says.p[i] > '~')
			return false;
	return line.n > 0 && line.n < KEYS_PRINT_MAX;
}

static bool read_refusal(struct text line, struct keys_answer *answer)
{
	static const struct text reasons[] = {
		[KEYS_ABSENT] = { "absent", 6 }, [KEYS_CANNOT] = { "cannot", 6 }, [KEYS_FAILED] = { "failed", 6 }, [KEYS_FORMER] = { "former", 6 },
	};
	struct text reason = text_word(&line, ' ');

	answer->result = KEYS_FORMER;
	while (answer->result != KEYS_DONE && !text_is(reason, reasons[answer->result]))
		answer->result--;
	if (answer->result == KEYS_DONE)
		return false;
	answer->says = TEXT_NONE;
	return !line.n || quoted_read(line, answer->says_room, KEYS_LINE_MAX, &answer->says);
}

bool keys_answer_parse(struct text line, struct keys_answer *answer)
{
	struct text word = text_word(&line, ' ');

	if (line.n >= KEYS_LINE_MAX || !read_account(text_word(&line, ' '), answer->account_room, &answer->account))
		return false;
	if (text_is(word, TEXT("ok")))
		return read_print(line, answer);
	return text_is(word, TEXT("no")) && read_refusal(line, answer);
}

bool keys_account_parse(struct text line, char room[KEYS_LINE_MAX], struct text *account)
{
	struct text word = text_word(&line, ' ');

	return text_is(word, TEXT("account")) && quoted_read(text_word(&line, ' '), room, KEYS_LINE_MAX, account) && account->n > 0;
}
