/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes choose verbs: four a verb, of which the first says which, the others with what. */
#include "watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct text logins[] = { TEXT(""), TEXT("alice"), TEXT("bob@example.com"), TEXT("not a name") };
static const struct text words[] = {
	TEXT(""), TEXT("m1@x"), TEXT("33"), TEXT("www-data"), TEXT("alice@example.org"), TEXT("c@d"), TEXT("e@f"),
	TEXT("g@h"),
};
static const struct ip clients[] = {
	{ { 0 } },
	{ { [10] = 0xff, 0xff, 127, 0, 0, 1 } },
	{ { [10] = 0xff, 0xff, 203, 0, 113, 7 } },
	{ { [10] = 0xff, 0xff, 10, 0, 0, 9 } },
	{ { [10] = 0xff, 0xff, 10, 0, 0, 80 } },
	{ { 0x20, 1, 0xd, 0xb8, [15] = 7 } },
};

#define PICK(list, byte) list[(byte) % (sizeof list / sizeof *list)]

static void play_login(struct life *life, const struct line *line, const uint8_t *byte)
{
	struct text login = PICK(logins, byte[1]), name;
	struct ip ip = PICK(clients, byte[2]);

	switch (byte[3] % 6) {
	case 0: life_login(life, line, &(struct life_login){ login, ip, byte[3] >> 4, byte[3] & 8, byte[2] }); break;
	case 1: life_backend_failure(life, line, login, &ip); break;
	case 2: life_smtp_failure(life, line, login, &ip); break;
	case 3: life_session_end(life, line); break;
	case 4: life_session_login(life, line, login, &ip); break;
	case 5: assert(!life_session(life, line, &name, &ip) || name.n); break;
	}
}

static void play_message(struct life *life, const struct line *line, const uint8_t *byte)
{
	struct text id = text_head(text_after(TEXT("ABCDEFGH"), byte[1] % 8), 1);
	struct text other = text_head(text_after(TEXT("ABCDEFGH"), byte[2] % 8), 1);
	struct message *message = life_open(life, line, id);
	struct ip ip = PICK(clients, byte[2]);
	struct life_outcome outcome = {
		.rcpt = PICK(words, byte[2]),
		.original = PICK(words, byte[2] >> 3),
		.result = byte[3] % 3,
		.local = byte[3] & 128,
		.program = byte[3] & 64,
	};

	switch (byte[0] % 14) {
	case 0: life_client(life, line, message, TEXT("h"), &ip, PICK(logins, byte[3])); break;
	case 1: life_local(life, line, message, PICK(words, byte[2])); break;
	case 2: life_message_id(life, line, message, PICK(words, byte[2])); break;
	case 3: life_continues(life, line, message, other); break;
	case 4: life_adopt(life, line, message, &ip, PICK(logins, byte[3])); break;
	case 5: life_queued(life, line, message, PICK(words, byte[2]), byte[3]); break;
	case 6: life_returned(life, line, message, other); break;
	case 7: life_expired(life, line, message); break;
	case 8: life_refused(life, line, message); break;
	case 9: life_closes_itself(message); break;
	case 10: life_end(life, line, message); break;
	case 11: life_handed(life, line, message, &ip, other); break;
	default: life_outcome(life, line, message, &outcome); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct watch watch;
	struct line line = { .t_us = 1000 * DAY_US, .host = 1, .pid = 1 };

	watch_begin(&watch);
	for (; size >= 4; data += 4, size -= 4) {
		line.host = 1 + data[0] / 128;
		line.pid = 1 + data[3] / 64;
		if (data[0] % 16 == 15)
			line.t_us += (data[1] - 100) * HOUR_US;
		else if (data[0] % 16 == 14)
			play_login(watch.life, &line, data);
		else
			play_message(watch.life, &line, data);
		watch_look(&watch);
	}
	watch_end(&watch);
	return 0;
}
