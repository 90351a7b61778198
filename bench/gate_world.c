/* SPDX-License-Identifier: Apache-2.0 */
#include "gate_world.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum { LETTERS = 2 * WORLD_FRIENDS, STAMP_MAX = 32, DAY_S = 86400 };

uint64_t world_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void world_account(uint32_t account, char name[WORLD_NAME_MAX])
{
	snprintf(name, WORLD_NAME_MAX, "user%u@d%u.example.com", account, account % 997);
}

void world_address(uint32_t account, uint32_t place, char address[WORLD_NAME_MAX])
{
	uint32_t at = account * 2654435761u;

	snprintf(address, WORLD_NAME_MAX, "100.%u.%u.%u", at >> 16 & 63, at >> 8 & 255, (at & 254) + place % WORLD_PLACES);
}

void world_friend(uint32_t account, uint32_t number, char name[WORLD_NAME_MAX])
{
	snprintf(name, WORLD_NAME_MAX, "friend%u.of%u@far%u.example.net", number % WORLD_FRIENDS, account, account % 2000);
}

void world_stranger(uint32_t number, char name[WORLD_NAME_MAX])
{
	snprintf(name, WORLD_NAME_MAX, "r%u@far%u.example.net", number % WORLD_STRANGERS, number % 2000);
}

/* ---- the past */

static void line(time_t at, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(time_t at, const char *format, ...)
{
	char stamp[STAMP_MAX];
	struct tm local;
	va_list words;

	strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", localtime_r(&at, &local));
	printf("%s mx postfix/", stamp);
	va_start(words, format);
	vprintf(format, words);
	va_end(words);
	putchar('\n');
}

static void letter(time_t at, uint32_t account, uint32_t number)
{
	char name[WORLD_NAME_MAX], address[WORLD_NAME_MAX], friend[WORLD_NAME_MAX], id[WORLD_NAME_MAX];
	unsigned pid = 1000 + (account + number) % 30000;

	world_account(account, name);
	world_address(account, number, address);
	world_friend(account, number, friend);
	snprintf(id, sizeof id, "3h%07u%02uzZ", account, number);
	line(at, "submission/smtpd[%u]: connect from unknown[%s]", pid, address);
	line(at, "submission/smtpd[%u]: %s: client=unknown[%s], sasl_method=PLAIN, sasl_username=%s", pid, id, address, name);
	line(at, "cleanup[%u]: %s: message-id=<%u.%u@client.example>", pid + 1, id, account, number);
	line(at, "qmgr[77]: %s: from=<%s>, size=733, nrcpt=1 (queue active)", id, name);
	line(at, "submission/smtpd[%u]: disconnect from unknown[%s] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6", pid, address);
	line(at, "smtp[%u]: %s: to=<%s>, relay=far.example.net[192.0.2.9]:25, delay=0.4, delays=0.1/0/0.1/0.2, dsn=2.0.0, "
	     "status=sent (250 2.0.0 Ok: queued)", pid + 2, id, friend);
	line(at, "qmgr[77]: %s: removed", id);
}

void world_history(uint32_t accounts, uint32_t days)
{
	uint64_t letters = (uint64_t)accounts * LETTERS;
	time_t began = time(NULL) - (time_t)(days + 1) * DAY_S;

	for (uint64_t i = 0; i < letters; i++)
		letter(began + (time_t)(i * days * DAY_S / letters), (uint32_t)(i % accounts), (uint32_t)(i / accounts));
}
