/* SPDX-License-Identifier: Apache-2.0 */
/* What notices say: a block is a row, and stands in the texts that its first field names. A row that names a fact that is not known is
 * left out. No link, no attachment, no password: not even a name of a page that could be mistaken for one. */
#include "base/i18n.h"
#include "notice/draft.h"

#define OF(kind) (1u << NOTICE_##kind)
#define LOCKED OF(LOCKED)
#define RELEASED OF(RELEASED)
#define AGAIN OF(AGAIN)
#define CARE OF(CARE)
#define WEAK OF(WEAK)
#define CODE OF(CODE)
#define CHANGED OF(CHANGED)
#define OPERATOR (1u << NOTICE_TEXT_OPERATOR)
#define SUMMARY (1u << NOTICE_TEXT_SUMMARY)
#define PRECAUTION (1u << NOTICE_TEXT_PRECAUTION)
#define REOPENED (1u << NOTICE_TEXT_REOPENED)
#define OWNERS (LOCKED | PRECAUTION | RELEASED | REOPENED | AGAIN | CARE | WEAK | CODE | CHANGED)
#define MARKED (OWNERS & ~CODE) /* whose code tells that they are ours */
#define ALL (OWNERS | OPERATOR | SUMMARY)

#define ALWAYS (-1)
#define HEADING BLOCK_HEADING
#define TEXT_BLOCK BLOCK_PARAGRAPH
#define ITEM BLOCK_ITEM
#define STEP BLOCK_STEP

const char *const notice_subjects[NOTICE_TEXTS] = {
	[NOTICE_LOCKED] = N_("[{server}] Important: somebody else has sent mail with your account {account}"),
	[NOTICE_OBSERVED] = N_("[{server}] {account}: {what}"),
	[NOTICE_BRAKED] = N_("[{server}] {account}: {what}"),
	[NOTICE_RELEASED] = N_("[{server}] Your mail account {account} can be used again"),
	[NOTICE_AGAIN] = N_("[{server}] Mail from your account {account} still comes back"),
	[NOTICE_CARE] = N_("[{server}] What is still open for your account {account}"),
	[NOTICE_WEAK] = N_("[{server}] Please give your account {account} another password"),
	[NOTICE_CODE] = N_("[{server}] Your code for {account}"),
	[NOTICE_CHANGED] = N_("[{server}] The password of your account {account} was changed"),
	[NOTICE_TEXT_OPERATOR] = N_("[{server}] {account}: {what}"),
	[NOTICE_TEXT_SUMMARY] = N_("[{server}] {count} incidents"),
	[NOTICE_TEXT_PRECAUTION] = N_("[{server}] Your mail account {account} was locked as a precaution"),
	[NOTICE_TEXT_REOPENED] = N_("[{server}] Your mail account {account} can be used again"),
};

/* in which texts, what it is, only where this is not known, words */
const struct notice_words notice_words[] = {
	/* ---- to whom, and by whom */
	{ OWNERS, TEXT_BLOCK, ALWAYS, N_("Dear {name},") },
	{ OWNERS, TEXT_BLOCK, ALWAYS,
	  N_("(To the administrator: no address of the owner outside the mailbox {relay} is known. Please hand this on to the owner by a way that you trust.)") },
	{ OWNERS, TEXT_BLOCK, ALWAYS, N_("{company} writes to you about your mail account {account} on the server {server}.") },
	{ OWNERS, TEXT_BLOCK, FACT_COMPANY, N_("This is about your mail account {account} on the server {server}.") },
	{ OWNERS, TEXT_BLOCK, ALWAYS, N_("The phrase that you chose, by which you know that this comes from us:\n{phrase}") },

	/* ---- what it is about */
	{ LOCKED, TEXT_BLOCK, ALWAYS,
	  N_("Somebody else has sent mail with this account. We have stopped that. Please choose a new password; how to do that is said below.") },
	{ PRECAUTION, TEXT_BLOCK, ALWAYS, N_("A person at your provider has locked this account as a precaution.") },
	{ PRECAUTION, TEXT_BLOCK, ALWAYS, N_("We have seen no mail that somebody else sent with it.") },
	{ RELEASED | REOPENED, TEXT_BLOCK, ALWAYS,
	  N_("The account is open again: you can send and receive with it as you always did. Mail of yours that we had kept back is on its way.") },
	{ AGAIN, TEXT_BLOCK, ALWAYS,
	  N_("Mail that was sent with this account after its new password still comes back as undeliverable. So the cause is probably elsewhere, and a new password alone will not help.") },
	{ CARE, TEXT_BLOCK, ALWAYS,
	  N_("The account is yours again. So that nobody takes it a second time, a few things should be done which are still open. This is the only time that we remind you of them.") },
	{ WEAK, TEXT_BLOCK, ALWAYS,
	  N_("The password of this account is one of those that thieves try first. As far as we can see nothing has happened. Please choose another one before it does.") },
	{ CHANGED, TEXT_BLOCK, ALWAYS, N_("The password of this account was changed on {at}.") },
	{ CHANGED, TEXT_BLOCK, ALWAYS,
	  N_("If it was you, or somebody whom you asked, you need not do anything. If not, please tell us at once: then somebody else may be in the account.") },
	{ CODE, TEXT_BLOCK, ALWAYS, N_("Somebody asked for a code by which the owner of this account proves who they are. If it was you, type it into the page that you have open:") },
	{ CODE, BLOCK_CODE, ALWAYS, "{onetime}" },
	{ CODE, TEXT_BLOCK, ALWAYS, N_("It is good for {minutes} minutes, and once.") },
	{ CODE, TEXT_BLOCK, ALWAYS,
	  N_("If it was not you, you need not do anything: without this code nobody gets any further. Tell it to nobody, on the telephone neither. We shall never ask you for it.") },
	{ OPERATOR, TEXT_BLOCK, ALWAYS, N_("{account}: {what}") },
	{ SUMMARY, TEXT_BLOCK, ALWAYS, N_("{count} incidents were opened one after the other. Owners are told one by one; you get this summary.") },
	{ SUMMARY, ITEM, ALWAYS, "{list}" },
	{ SUMMARY, TEXT_BLOCK, ALWAYS, N_("All of them are listed by: sekisho incident list") },

	/* ---- what was seen, what was done */
	{ LOCKED | OPERATOR, HEADING, ALWAYS, N_("What we saw") },
	{ LOCKED | OPERATOR, ITEM, ALWAYS, N_("Since {began} mail was sent with the right password, but in all likelihood not by its owner.") },
	{ LOCKED | OPERATOR, ITEM, ALWAYS, N_("Up to the time of this notice: {mail}, with those that we kept back.") },
	{ LOCKED | OPERATOR, ITEM, ALWAYS, N_("It came from: {countries}") },
	{ OPERATOR, ITEM, ALWAYS, "{why}" },
	{ LOCKED | PRECAUTION | OPERATOR, HEADING, ALWAYS, N_("What we have done") },
	{ LOCKED | PRECAUTION | OPERATOR, ITEM, ALWAYS, "{done}" },
	{ LOCKED | PRECAUTION, ITEM, ALWAYS, N_("Mail that others send to you is still taken in and kept on the server. None of it is lost.") },
	{ LOCKED | PRECAUTION, ITEM, ALWAYS, N_("You need not change your mail address.") },
	{ OPERATOR, TEXT_BLOCK, ALWAYS, N_("More is told by: sekisho incident show {incident}") },
	{ AGAIN, HEADING, ALWAYS, N_("What speaks for it") },
	{ AGAIN, ITEM, ALWAYS, "{why}" },

	/* ---- what to do */
	{ PRECAUTION, HEADING, ALWAYS, N_("What to do") },
	{ PRECAUTION, ITEM, ALWAYS, N_("Please ask us why it was locked; how to reach us is said below.") },
	{ PRECAUTION, ITEM, ALWAYS, N_("A person opens the account again: a new password alone does not.") },
	{ LOCKED | AGAIN | WEAK, HEADING, ALWAYS, N_("What to do, in this order") },
	{ LOCKED | AGAIN, STEP, ALWAYS,
	  N_("Have the computers and telephones with which you use this account scanned for malware first. Otherwise the new password is taken as well.") },
	{ LOCKED | AGAIN | WEAK, STEP, ALWAYS,
	  N_("Open {panel} in the way you always do: by typing its address, or with a bookmark of your own. Choose a new, long password there that you use nowhere else.") },
	{ LOCKED | AGAIN | WEAK, STEP, FACT_PANEL,
	  N_("Open the page on which you manage your mail in the way you always do: by typing its address, or with a bookmark of your own. Choose a new, long password there that you use nowhere else.") },
	{ LOCKED | AGAIN | WEAK, STEP, ALWAYS, N_("Put the new password into the mail programs of all your devices.") },
	{ LOCKED | WEAK, STEP, ALWAYS, N_("If you used the old password elsewhere, change it there too: bank, cards and shops first.") },
	{ LOCKED, STEP, ALWAYS, N_("Change the passwords of other mail accounts that are used on the same computer.") },
	{ AGAIN, STEP, ALWAYS, N_("If you have web space with us, look through its files, too, or have somebody look through them: forms and old programs are often misused to send mail.") },
	{ CARE, HEADING, ALWAYS, N_("Still open") },
	{ CARE, ITEM, ALWAYS, "{open}" },

	/* ---- what comes back */
	{ LOCKED | RELEASED, HEADING, ALWAYS, N_("If mails from MAILER-DAEMON arrive") },
	{ LOCKED | RELEASED, TEXT_BLOCK, ALWAYS,
	  N_("MAILER-DAEMON is the mail system itself. It reports that a message which was sent in your name could not be delivered. These reports do no harm; you need neither answer them nor open what is attached to them. After the new password they become fewer, and still trickle in for some days.") },

	/* ---- how to tell */
	{ MARKED, HEADING, ALWAYS, N_("How you can tell that this notice is ours") },
	{ MARKED, TEXT_BLOCK, ALWAYS,
	  N_("Imitations copy our notices word for word. Ours has no link on which to log in and no attachment, and we never ask for your password. This one has the code") },
	{ MARKED, BLOCK_CODE, ALWAYS, "{code}" },
	{ MARKED, TEXT_BLOCK, ALWAYS,
	  N_("which is worth something only together with the address {address}, to which we sent it. With both, you can see at {panel}, or hear from our support, about which account we wrote and when.") },
	{ MARKED, TEXT_BLOCK, FACT_PANEL,
	  N_("which is worth something only together with the address {address}, to which we sent it. With both, our support can tell you about which account we wrote and when.") },
	{ MARKED, TEXT_BLOCK, ALWAYS,
	  N_("If you only looked at an imitation or its page, nothing has leaked. If you typed your password in there, choose a new one at once.") },

	/* ---- whom to ask */
	{ OWNERS, HEADING, ALWAYS, N_("Whom to ask") },
	{ OWNERS, TEXT_BLOCK, ALWAYS, "{support}" },
	{ OWNERS, TEXT_BLOCK, ALWAYS, N_("This mail was sent by itself; nobody reads answers to it. ({server}, {at})") },
	{ OPERATOR | SUMMARY, TEXT_BLOCK, ALWAYS, N_("Code of this notice: {code}") },
};

const size_t notice_words_count = sizeof notice_words / sizeof *notice_words;
