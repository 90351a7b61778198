/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people: English here, Japanese in po/ja.po. _() translates now, N_() marks for later. */
#ifndef SEKISHO_BASE_I18N_H
#define SEKISHO_BASE_I18N_H
#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)
#endif
