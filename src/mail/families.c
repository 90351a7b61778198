/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/families.h"

extern const struct family family_postfix, family_sendmail, family_exim, family_qmail, family_yahoo, family_courier, family_gmail, family_google_groups,
	family_exchange55, family_exchange, family_exchange_modern, family_smtp_service;

/* Where one server quotes another's words, the one that speaks stands first. */
const struct family *const families[] = {
	&family_google_groups,
	&family_gmail,
	&family_exchange_modern,
	&family_exchange,
	&family_exchange55,
	&family_smtp_service,
	&family_exim,
	&family_yahoo,
	&family_qmail,
	&family_postfix,
	&family_courier,
	&family_sendmail,
	NULL,
};
