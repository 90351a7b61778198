/* SPDX-License-Identifier: Apache-2.0 */
#include "report/risk_names.h"

#include <stdlib.h>

enum { NAME_MAX_BYTES = 64, TRIED = RISK_NAME_TRIED, SHARED = RISK_NAME_SHARED, BOTH = TRIED | SHARED };

/* sorted */
static const struct named {
	const char *name;
	unsigned says;
} names[] = {
	{ "abuse", TRIED }, { "account", BOTH }, { "accounting", BOTH }, { "accounts", BOTH }, { "admin", TRIED },
	{ "administrator", TRIED }, { "all", SHARED }, { "backup", TRIED }, { "billing", BOTH }, { "booking", BOTH },
	{ "career", BOTH }, { "careers", BOTH }, { "catalog", BOTH }, { "contact", BOTH }, { "contactus", BOTH },
	{ "copier", BOTH }, { "customer", BOTH }, { "customerservice", BOTH }, { "demo", TRIED }, { "desk", SHARED },
	{ "eigyo", BOTH }, { "eigyou", BOTH }, { "email", TRIED }, { "enquiries", BOTH }, { "enquiry", BOTH },
	{ "fax", BOTH }, { "finance", BOTH }, { "frontdesk", BOTH }, { "ftp", TRIED }, { "guest", BOTH }, { "hello", BOTH },
	{ "help", BOTH }, { "helpdesk", BOTH }, { "honbu", SHARED }, { "honsha", SHARED }, { "hostmaster", TRIED },
	{ "hr", BOTH }, { "info", BOTH }, { "information", BOTH }, { "inquiry", BOTH }, { "it", BOTH }, { "jimu", BOTH },
	{ "jimukyoku", BOTH }, { "jinji", SHARED }, { "job", BOTH }, { "jobs", BOTH }, { "keiri", BOTH },
	{ "koho", SHARED }, { "kouhou", SHARED }, { "kyujin", SHARED }, { "mail", TRIED }, { "mailer", TRIED },
	{ "mailman", TRIED }, { "manager", BOTH }, { "marketing", BOTH }, { "master", TRIED }, { "media", BOTH },
	{ "news", BOTH }, { "newsletter", BOTH }, { "no-reply", TRIED }, { "noreply", TRIED }, { "office", BOTH },
	{ "operator", TRIED }, { "order", BOTH }, { "orders", BOTH }, { "otoiawase", BOTH }, { "pc", TRIED },
	{ "postmaster", TRIED }, { "pr", BOTH }, { "press", BOTH }, { "printer", BOTH }, { "purchase", BOTH },
	{ "reception", BOTH }, { "recruit", BOTH }, { "recruitment", BOTH }, { "reservation", BOTH },
	{ "reservations", BOTH }, { "root", TRIED }, { "saiyo", SHARED }, { "saiyou", SHARED }, { "sales", BOTH },
	{ "scan", BOTH }, { "scanner", BOTH }, { "secretary", BOTH }, { "server", TRIED }, { "service", BOTH },
	{ "services", BOTH }, { "shop", BOTH }, { "somu", BOTH }, { "soumu", BOTH }, { "spam", TRIED }, { "staff", BOTH },
	{ "store", BOTH }, { "student", BOTH }, { "support", BOTH }, { "system", TRIED }, { "team", SHARED },
	{ "tech", BOTH }, { "temp", TRIED }, { "tenpo", SHARED }, { "test", TRIED }, { "tester", TRIED },
	{ "testuser", TRIED }, { "toiawase", BOTH }, { "uketsuke", BOTH }, { "user", TRIED }, { "web", TRIED },
	{ "webadmin", TRIED }, { "webmail", TRIED }, { "webmaster", TRIED }, { "www", TRIED }, { "yoyaku", BOTH },
};

static int by_name(const void *key, const void *row) { return strcmp(key, ((const struct named *)row)->name); }

static unsigned says(struct text name)
{
	char copy[NAME_MAX_BYTES];
	const struct named *found;

	if (!name.n || name.n >= sizeof copy)
		return 0;
	memcpy(copy, name.p, name.n);
	copy[name.n] = '\0';
	found = bsearch(copy, names, sizeof names / sizeof *names, sizeof *names, by_name);
	return found ? found->says : 0;
}

static struct text without_number(struct text name)
{
	while (name.n && (strchr("-_.", name.p[name.n - 1]) || (unsigned)(name.p[name.n - 1] - '0') < 10))
		name.n--;
	return name;
}

unsigned risk_name(struct text account)
{
	struct text domain = account, name = account;
	unsigned found;

	if (!text_cut(&domain, '@', &name))
		domain = TEXT_NONE;
	found = says(name) | says(without_number(name));
	if (domain.n && text_is(name, text_head(domain, text_find(domain, '.'))))
		found |= RISK_NAME_TRIED;
	return found;
}
