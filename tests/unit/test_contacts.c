/* SPDX-License-Identifier: Apache-2.0 */
/* Where owners are reached: what may be written, and that CSV is read as it was meant. */
#include "desk_help.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "notice/contacts.h"
#include "notice/csv.h"

static struct contact contact_of(const char *account, const char *mail)
{
	struct contact contact = { .address_count = *mail ? 1 : 0 };

	snprintf(contact.account, sizeof contact.account, "%s", account);
	snprintf(contact.addresses[0], sizeof contact.addresses[0], "%s", mail);
	return contact;
}

static void what_leads_into_the_mailbox_is_refused(void **state)
{
	static const struct { const char *account, *mail, *alias, *name, *language, *phrase, *fault; } cases[] = {
		{ "alice@example.org", "alice@home.test", "", "", "", "", NULL },
		{ "@example.org", "boss@example.org", "", "", "", "", NULL },
		{ "alice@example.org", "alice@example.org", "", "", "", "", "leads into the mailbox" },
		{ "alice@example.org", "ALICE@Example.ORG", "", "", "", "", "leads into the mailbox" },
		{ "alice@example.org", "alice+news@example.org", "", "", "", "", "leads into the mailbox" },
		{ "alice@example.org", "Info@example.org", "info@example.org", "", "", "", "leads into the mailbox" },
		{ "alice@example.org", "info+x@example.org", "info@example.org", "", "", "", "leads into the mailbox" },
		{ "alice@example.org", "bob@example.org", "info@example.org", "", "", "", NULL },
		{ "alice@example.org", "nobody", "", "", "", "", "is no address" },
		{ "alice@example.org", "a b@home.test", "", "", "", "", "is no address" },
		{ "alice@example.org", "a@home.test\r\nRCPT TO:<x@y.z>", "", "", "", "", "is no address" },
		{ "alice@example.org", "a@b@home.test", "", "", "", "", "is no address" },
		{ "alice@example.org", "<a@home.test>", "", "", "", "", "is no address" },
		{ "alice@example.org", "-oQ/tmp@home.test", "", "", "", "", "is no address" }, /* sendmail gets it behind "--", a command of theirs may not */
		{ "alice@bob@example.org", "a@home.test", "", "", "", "", "is no account" },
		{ "alice@example.org", "a@.home.test", "", "", "", "", "is no address" },
		{ "alice", "a@home.test", "", "", "", "", "is no account" },
		{ "alice@example.org", "a@home.test", "", "山田 花子", "ja", "青い鳥", NULL },
		{ "alice@example.org", "a@home.test", "", "a\nBcc: x@y.z", "", "", "the name is no plain text" },
		{ "alice@example.org", "a@home.test", "", "a\xe2\x80\xae" "b", "", "", "the name is no plain text" },
		{ "alice@example.org", "a@home.test", "", "\x8e\x52", "", "", "the name is no plain text" },
		{ "alice@example.org", "a@home.test", "", "", "fr", "", "none of ja, en" },
		{ "alice@example.org", "a@home.test", "", "", "", "two\nlines", "the phrase is no plain text" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct contact contact = contact_of(cases[i].account, cases[i].mail);
		struct error error = { "" };
		bool good;

		contact.alias_count = *cases[i].alias ? 1 : 0;
		snprintf(contact.aliases[0], sizeof contact.aliases[0], "%s", cases[i].alias);
		snprintf(contact.name, sizeof contact.name, "%s", cases[i].name);
		snprintf(contact.language, sizeof contact.language, "%s", cases[i].language);
		snprintf(contact.phrase, sizeof contact.phrase, "%s", cases[i].phrase);
		good = contact_check(&contact, &error);
		if (good != !cases[i].fault || (!good && !strstr(error.text, cases[i].fault)))
			fail_msg("%s: %s: %s", cases[i].account, cases[i].mail, error.text);
		if (!good && *cases[i].phrase)
			assert_null(strstr(error.text, cases[i].phrase)); /* which is a secret */
	}
}

static void what_was_written_is_found_again(void **state)
{
	struct contacts *contacts;
	struct contact contact = contact_of("alice@example.org", "alice@home.test"), found;
	struct error error;
	struct stat st;
	char path[128];
	bool is;

	contacts = contacts_open(folder, &error);
	assert_non_null(contacts); /* nobody has written any */
	assert_true(contacts_reach(contacts, TEXT("alice@example.org"), &is, &found, &error));
	assert_false(is);
	contacts_close(contacts);
	contacts = contacts_open_to_write(folder, "carol(1000)", &error);
	assert_non_null(contacts);
	snprintf(path, sizeof path, "%s/contacts.db", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	snprintf(contact.phrase, sizeof contact.phrase, "a phrase");
	snprintf(contact.addresses[contact.address_count++], CONTACT_ADDRESS_MAX, "alice@work.test");
	assert_true(contacts_put(contacts, &contact, true, &error));
	*contact.phrase = '\0';
	contact.address_count = 1;
	assert_true(contacts_put(contacts, &contact, true, &error)); /* an import does not know of phrases */
	assert_true(contacts_find(contacts, TEXT("alice@example.org"), &is, &found, &error));
	assert_true(is);
	assert_int_equal(found.address_count, 1);
	assert_string_equal(found.addresses[0], "alice@home.test");
	assert_string_equal(found.phrase, "a phrase");
	assert_true(contacts_put(contacts, &contact, false, &error));
	assert_true(contacts_find(contacts, TEXT("alice@example.org"), &is, &found, &error));
	assert_string_equal(found.phrase, "");
	contact = contact_of("@example.org", "boss@example.com");
	assert_true(contacts_put(contacts, &contact, true, &error));
	assert_true(contacts_reach(contacts, TEXT("bob@example.org"), &is, &found, &error));
	assert_true(is);
	assert_string_equal(found.account, "@example.org");
	assert_int_equal(contacts_count(contacts), 2);
	assert_true(contacts_drop(contacts, TEXT("alice@example.org"), &error));
	assert_true(contacts_reach(contacts, TEXT("alice@example.org"), &is, &found, &error));
	assert_string_equal(found.account, "@example.org");
	assert_true(contacts_begin(contacts, &error));
	assert_true(contacts_drop(contacts, TEXT("@example.org"), &error));
	assert_true(contacts_end(contacts, false, &error)); /* nothing came of it */
	assert_int_equal(contacts_count(contacts), 1);
	contacts_close(contacts);
}

struct changes {
	char text[400];
	size_t n;
};

static void see_change(void *context, int64_t t_us, struct text who, struct text verb)
{
	struct changes *changes = context;

	assert_true(t_us > NOON);
	changes->n += (size_t)snprintf(changes->text + changes->n, sizeof changes->text - changes->n, "%.*s %.*s;", TEXT_ARG(who), TEXT_ARG(verb));
}

static void changes_of(struct contacts *contacts, const char *account, const char *wanted)
{
	struct changes changes = { "", 0 };
	struct error error;

	assert_true(contacts_each_change(contacts, text_of(account), 10, see_change, &changes, &error));
	assert_string_equal(changes.text, wanted);
}

static void who_changed_what_is_put_down(void **state)
{
	struct contact contact = contact_of("alice@example.org", "alice@home.test");
	struct error error;
	struct contacts *contacts = contacts_open_to_write(folder, "carol(1000)", &error);

	assert_non_null(contacts);
	snprintf(contact.source, sizeof contact.source, "csv");
	snprintf(contact.phrase, sizeof contact.phrase, "a phrase");
	assert_true(contacts_put(contacts, &contact, true, &error));
	assert_true(contacts_put(contacts, &contact, true, &error)); /* the same once more is no change */
	*contact.phrase = '\0';
	assert_true(contacts_put(contacts, &contact, true, &error)); /* nor is what an import leaves empty */
	changes_of(contacts, "alice@example.org", "carol(1000) contact import;");
	contacts_close(contacts);
	contacts = contacts_open_to_write(folder, "root(0)", &error);
	assert_non_null(contacts);
	snprintf(contact.source, sizeof contact.source, "hand");
	assert_true(contacts_begin(contacts, &error));
	assert_true(contacts_put(contacts, &contact, false, &error)); /* without the phrase */
	assert_true(contacts_end(contacts, false, &error)); /* nothing came of it */
	changes_of(contacts, "alice@example.org", "carol(1000) contact import;");
	assert_true(contacts_put(contacts, &contact, false, &error));
	assert_true(contacts_drop(contacts, TEXT("alice@example.org"), &error));
	assert_true(contacts_drop(contacts, TEXT("alice@example.org"), &error)); /* it was gone */
	changes_of(contacts, "alice@example.org", "root(0) contact drop;root(0) contact set;carol(1000) contact import;");
	changes_of(contacts, "bob@example.org", "");
	contacts_close(contacts);
}

/* as the first version made it: whoever only reads goes on, and the next change is put down */
static void a_file_of_before_is_read_and_brought_up_to_date(void **state)
{
	static const char before[] = "CREATE TABLE contacts (account TEXT PRIMARY KEY, addresses TEXT NOT NULL, aliases TEXT NOT NULL, name TEXT NOT NULL,"
				     " language TEXT NOT NULL, phrase TEXT NOT NULL, source TEXT NOT NULL, changed_us INTEGER NOT NULL) WITHOUT ROWID;"
				     "INSERT INTO contacts VALUES ('alice@example.org', 'alice@home.test', '', '', '', '', 'csv', 1795176000000000);"
				     "PRAGMA user_version = 1;";
	struct contacts *contacts;
	struct contact found;
	struct error error;
	char path[128];
	sqlite3 *db;
	bool is;

	snprintf(path, sizeof path, "%s/contacts.db", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, before, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	contacts = contacts_open(folder, &error);
	assert_non_null(contacts);
	assert_true(contacts_find(contacts, TEXT("alice@example.org"), &is, &found, &error));
	assert_true(is);
	changes_of(contacts, "alice@example.org", "");
	contacts_close(contacts);
	contacts = contacts_open_to_write(folder, "root(0)", &error);
	assert_non_null(contacts);
	assert_true(contacts_drop(contacts, TEXT("alice@example.org"), &error));
	changes_of(contacts, "alice@example.org", "root(0) contact drop;");
	contacts_close(contacts);
}

/* ---- CSV */

/* "a|b;c|d;" of each record, "!" for one that is none */
static void read_csv(const char *text, size_t n, char *to, size_t room)
{
	static struct csv csv;
	FILE *from = fmemopen((char *)(uintptr_t)text, n ? n : 1, "r");
	enum csv_result result;
	struct error error;
	size_t at = 0;

	*to = '\0';
	if (!n)
		getc(from);
	csv_begin(&csv, from);
	while ((result = csv_next(&csv, &error)) != CSV_END) {
		if (result == CSV_FAULTY) {
			at += (size_t)snprintf(to + at, room - at, "!%lu;", csv.line);
			continue;
		}
		for (size_t i = 0; i < csv.count; i++)
			at += (size_t)snprintf(to + at, room - at, "%s%.*s", i ? "|" : "", TEXT_ARG(csv.fields[i]));
		at += (size_t)snprintf(to + at, room - at, "@%lu;", csv.line);
	}
	fclose(from);
}

static void csv_is_read_as_it_was_meant(void **state)
{
	static const struct { const char *text, *read; } cases[] = {
		{ "a,b\nc,d\n", "a|b@1;c|d@2;" },
		{ "a,b\r\nc,d", "a|b@1;c|d@2;" },
		{ "\xef\xbb\xbf" "a,b\n", "a|b@1;" },
		{ "a;b\nc,d;e\n", "a|b@1;c,d|e@2;" },
		{ "a\tb\n1\t2\n", "a|b@1;1|2@2;" },
		{ "a,b\n\"c,1\",\"say \"\"hi\"\"\"\n", "a|b@1;c,1|say \"hi\"@2;" },
		{ "a,b\n\"two\nlines\",d\ne,f\n", "a|b@1;two\nlines|d@2;e|f@4;" },
		{ "a,b\n\n  \nc,d\n", "a|b@1;c|d@4;" },
		{ "a,b\nc,\n,d\n", "a|b@1;c|@2;|d@3;" },
		{ "a,b\n\"c,d\n", "a|b@1;!2;" },
		{ "", "" },
		{ "a", "a@1;" },
		{ " a , b \n", "a|b@1;" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char read[400];

		read_csv(cases[i].text, strlen(cases[i].text), read, sizeof read);
		if (strcmp(read, cases[i].read) != 0)
			fail_msg("%s: %s", cases[i].text, read);
	}
}

static void a_record_that_is_too_long_is_passed_over(void **state)
{
	static char text[3 * CSV_RECORD_MAX];
	char read[100];
	size_t n = (size_t)snprintf(text, sizeof text, "a,b\n");

	memset(text + n, 'x', CSV_RECORD_MAX + 10);
	n += CSV_RECORD_MAX + 10;
	n += (size_t)snprintf(text + n, sizeof text - n, "\nc,d\n");
	read_csv(text, n, read, sizeof read);
	assert_string_equal(read, "a|b@1;!2;c|d@3;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_leads_into_the_mailbox_is_refused), TEST(what_was_written_is_found_again), TEST(csv_is_read_as_it_was_meant),
		TEST(a_record_that_is_too_long_is_passed_over), TEST(who_changed_what_is_put_down),
		TEST(a_file_of_before_is_read_and_brought_up_to_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
