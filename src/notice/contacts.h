/* SPDX-License-Identifier: Apache-2.0 */
/* Where owners are reached outside the mailbox that may be locked: `contacts.db` in the state folder, a row an account (millions of them),
 * written by `sekisho contact`, read by whoever sends. An account that begins with '@' stands for its domain.
 *
 * Addresses in a row are the owner's own, at most CONTACT_ADDRESSES_MAX; the phrase is the owner's, chosen by them to stand in our notices and
 * nowhere else: it is a secret that both share, so it is shown to nobody. A row that names the account itself as its address, or one of its
 * aliases, is refused: whoever sits in the mailbox would read the notice.
 *
 * Each change is put down in the same transaction: when, who, what was done, and to whose row; never what stood in it. An import puts down
 * the rows that it really changed. That is kept for CONTACTS_AUDIT_US. */
#ifndef SEKISHO_NOTICE_CONTACTS_H
#define SEKISHO_NOTICE_CONTACTS_H
#include "base/error.h"
#include "base/text.h"
#include "base/when.h"

enum {
	CONTACT_ADDRESSES_MAX = 8,
	CONTACT_ADDRESS_MAX = 320, /* bytes, with the end */
	CONTACT_NAME_MAX = 200,
	CONTACT_PHRASE_MAX = 200,
	CONTACT_SOURCE_MAX = 64,
	CONTACT_LANGUAGE_MAX = 8,
	CONTACTS_COMMIT = 50000,   /* rows of an import in one transaction at most */
	CONTACTS_WHO_MAX = 96,
};

#define CONTACTS_AUDIT_US (365 * DAY_US)

struct contact {
	char account[CONTACT_ADDRESS_MAX]; /* normal form; "@example.org" */
	char addresses[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX];
	size_t address_count;
	char aliases[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX]; /* that lead into the account's own mailbox */
	size_t alias_count;
	char name[CONTACT_NAME_MAX], language[CONTACT_LANGUAGE_MAX]; /* "ja", "en"; "": as the settings say */
	char phrase[CONTACT_PHRASE_MAX];                             /* "": none; to be wiped */
	char source[CONTACT_SOURCE_MAX];                             /* "csv", "sqlite", "database", "hand" */
	int64_t changed_us;
};

struct contacts;

/* for reading; where there is no file there are no contacts, and that is no failure */
struct contacts *contacts_open(const char *folder, struct error *error) __attribute__((warn_unused_result));
/* for writing, by whom ("carol(1000)"); makes the file, for the folder's owner alone */
struct contacts *contacts_open_to_write(const char *folder, const char *who, struct error *error) __attribute__((warn_unused_result));
void contacts_close(struct contacts *contacts);

/* *found: is there a row of just this account? *contact is empty where not. False where the file cannot be read. */
bool contacts_find(struct contacts *contacts, struct text account, bool *found, struct contact *contact, struct error *error)
	__attribute__((warn_unused_result));
/* the owner's, else the domain's; *found false where there is neither */
bool contacts_reach(struct contacts *contacts, struct text account, bool *found, struct contact *contact, struct error *error)
	__attribute__((warn_unused_result));
size_t contacts_count(struct contacts *contacts);

/* May this be written? A sentence says why not: no address, one that leads into the mailbox itself, … */
bool contact_check(const struct contact *contact, struct error *error) __attribute__((warn_unused_result));
/* is that address the account itself, one with an extension (alice+x@…), or one of its aliases? */
bool contact_is_inside(const struct contact *contact, struct text address);
/* begins a transaction, to be ended */
bool contacts_begin(struct contacts *contacts, struct error *error) __attribute__((warn_unused_result));
bool contacts_end(struct contacts *contacts, bool keep, struct error *error) __attribute__((warn_unused_result));
/* Replaces the account's row, and does nothing where that says the same; an empty phrase or name leaves the one that is there, where `keeps` */
bool contacts_put(struct contacts *contacts, const struct contact *contact, bool keeps, struct error *error) __attribute__((warn_unused_result));
bool contacts_drop(struct contacts *contacts, struct text account, struct error *error) __attribute__((warn_unused_result));

/* What was done to that account's row, newest first, at most `most`: "contact set", "contact import", "contact drop". Nothing where the file
 * was last written by a sekisho that put nothing down. */
bool contacts_each_change(struct contacts *contacts, struct text account, unsigned most,
			  void (*each)(void *context, int64_t t_us, struct text who, struct text verb), void *context, struct error *error)
	__attribute__((warn_unused_result));
#endif
