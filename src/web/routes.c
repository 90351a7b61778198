/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked for: a page is a row, or two where it has a form. */
#include "web/visit.h"

/* path, method, needs a session, may be posted from elsewhere, who answers */
const struct route routes[] = {
	{ "/", HTTP_GET, false, false, page_start },
	{ "/", HTTP_POST, false, false, page_send },
	{ "/code", HTTP_GET, false, false, page_code },
	{ "/code", HTTP_POST, false, false, page_try },
	{ "/panel", HTTP_GET, false, false, page_panel },
	{ "/panel", HTTP_POST, false, true, page_enter },
	{ "/account", HTTP_GET, true, false, page_account },
	{ "/password", HTTP_GET, true, false, page_password },
	{ "/password", HTTP_POST, true, false, page_choose },
	{ "/password/new", HTTP_POST, true, false, page_generate },
	{ "/care", HTTP_GET, true, false, page_care },
	{ "/care", HTTP_POST, true, false, page_tick },
	{ "/leave", HTTP_POST, false, false, page_leave },
	{ "/notice", HTTP_GET, false, false, page_notice },
	{ "/notice", HTTP_POST, false, false, page_check },
	{ "/style.css", HTTP_GET, false, false, site_style },
	{ "/icon.svg", HTTP_GET, false, false, site_icon },
	{ "/robots.txt", HTTP_GET, false, false, site_robots },
};

const size_t route_count = sizeof routes / sizeof *routes;
