/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft's: Exchange 5.5 and Internet Mail Service, Exchange 2000 and 2003, the SMTP service of Windows, Exchange 2007 and later with
 * Office 365. The older ones show names where they know them; then the address only stands in what was said, if anywhere. */
#include <ctype.h>

#include "mail/address.h"
#include "mail/families.h"

/* ---- 5.5 to 2003: "a@example.com on Thu, 29 Apr 2004 …", "c=US;a= ;p=…;dda:SMTP=a@example.com; on …" */

static bool dated(struct text line, struct text *who)
{
	const char *at = NULL, *next = text_seek(line, " on ");

	for (; next; next = text_seek(text_between(next + 1, line.p + line.n), " on "))
		at = next;
	if (!at || at == line.p)
		return false;
	*who = text_trim(text_between(line.p, at));
	for (const char *c = at + 4; c < line.p + line.n; c++)
		if (isdigit((unsigned char)*c))
			return who->n > 0;
	return false;
}

static struct text smtp_of(struct text who)
{
	const char *at = text_seek(who, "smtp=");

	return at ? text_head(text_between(at + 5, who.p + who.n), text_find(text_between(at + 5, who.p + who.n), ';')) : who;
}

static void read_dated(struct report *report, struct text words)
{
	struct text line, who, address;
	struct returned *returned = NULL;
	const char *from = NULL, *to = NULL;

	while (text_line(&words, &line)) {
		if (dated(line, &who)) {
			report_say(report, returned, from ? text_between(from, to) : TEXT_NONE);
			from = NULL;
			returned = address_in(report->arena, smtp_of(who), &address) ? report_add(report, address) : NULL;
		} else if (text_trim(line).n && returned && (from || !isdigit((unsigned char)line.p[0]))) { /* a date may be broken */
			from = from ? from : line.p;
			to = line.p + line.n;
		}
	}
	report_say(report, returned, from ? text_between(from, to) : TEXT_NONE);
}

static struct text behind_first(const struct report *report, const char *const *marks)
{
	struct text behind = TEXT_NONE;

	for (; *marks && !behind.n; marks++)
		behind = words_behind(report, *marks);
	return behind;
}

static void read_old(struct report *report)
{
	static const char *const marks[] = { "did not reach the following recipient", "following recipient(s) could not be reached", "following recipients could not be reached", "not reached", NULL };
	struct text list = behind_first(report, marks);

	if (list.n)
		read_dated(report, list);
	if (list.n && !report->count)
		listed_read(report, list, NULL);
}

const struct family family_exchange55 = {
	"exchange55",
	{ "mts-id of the original message", "msexch:ims", "msexch:msexchangemta", "did not reach the following recipient(s)", NULL },
	NULL,
	read_old,
};

const struct family family_exchange = {
	"exchange",
	{ "the following recipient(s) could not be reached", "following recipient(s) cannot be reached", "folgende empfänger konnten nicht erreicht werden",
	  "your message did not reach some or all of the intended recipients", NULL },
	NULL,
	read_old,
};

/* ---- the SMTP service: "Delivery to the following recipients failed.", addresses alone on their lines */

static void read_service(struct report *report)
{
	static const char *const marks[] = { "delivery to the following recipients failed", "delivery to the following recipients has been delayed", "delivery to the following recipients was aborted",
					     "delievery to the following recipients failed", "relayed to the following recipients", "delivered to the following recipients", NULL };
	struct text list = behind_first(report, marks);

	if (list.n)
		listed_read(report, list, NULL);
}

const struct family family_smtp_service = {
	"smtp_service",
	{ "delivery to the following recipients failed.", "delivery to the following recipients has been delayed", "successfully relayed to the following recipients", NULL },
	NULL,
	read_service,
};

/* ---- 2007 and later: the diagnostic information is the same in every language */

/* "Taro (taro@example.com)<mailto:taro@example.com>" */
static size_t linked_read(struct report *report, struct text words)
{
	struct text line, address;
	size_t found = 0;

	while (text_line(&words, &line)) {
		const char *at = text_seek(line, "<mailto:");

		if (at && address_in(report->arena, text_between(at + 8, line.p + line.n), &address))
			found += report_add(report, address) != NULL;
	}
	return found;
}

static void read_modern(struct report *report)
{
	static const char *const ends[] = { "original message headers", "original message header", "message headers", "original headers", NULL };
	static const char *const diagnostics[] = { "diagnostic information for administrators:", "generating server:", "diagnoseinformationen f", "informations de diagnostic",
						   "informazioni di diagnostica", "diagnostische gegevens", "es de diagnóstico para", "información de diagnóstico", "管理者向けの診断情報", NULL };
	struct text list = behind_first(report, diagnostics);

	if (list.n && listed_read(report, list, ends))
		return;
	if (!linked_read(report, report->words))
		words_read(report);
}

const struct family family_exchange_modern = {
	"exchange2007",
	{ "diagnostic information for administrators", "generating server:", "delivery has failed to these recipients or", "couldn't be delivered to the following recipients",
	  "delivery is delayed to these recipients", "the following organization rejected your message", "informations de diagnostic pour les administrateurs", "diagnoseinformationen für administratoren",
	  "informazioni di diagnostica per gli amministratori", "diagnostische gegevens voor beheerders", "es de diagnóstico para administradores", "管理者向けの診断情報", NULL },
	NULL,
	read_modern,
};
