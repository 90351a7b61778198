/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/format.h"

#include <stddef.h>

const struct format *const formats[] = {
	&format_postfix,
	&format_dovecot,
	&format_exim,
	&format_sendmail,
	NULL,
};
