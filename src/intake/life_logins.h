/* SPDX-License-Identifier: Apache-2.0 */
/* What the life room remembers of logins: who is logged in in which process, and which failures were told by
 * the backend or the server and will be told again by the other. Two fixed tables in which the newest wins: what it
 * displaces costs at most a login counted twice. */
#ifndef SEKISHO_INTAKE_LIFE_LOGINS_H
#define SEKISHO_INTAKE_LIFE_LOGINS_H
#include "base/ip.h"
#include "base/when.h"

struct life_logins;

struct life_logins *life_logins_new(void);
void life_logins_free(struct life_logins *logins);
/* true where this is a new login; false where the same account goes on in the same session */
bool life_logins_begin(struct life_logins *logins, uint32_t host, uint32_t pid, uint32_t account, const struct ip *ip);
void life_logins_end(struct life_logins *logins, uint32_t host, uint32_t pid);
/* the account logged in in that process, or 0; *ip where it is one */
uint32_t life_logins_who(const struct life_logins *logins, uint32_t host, uint32_t pid, struct ip *ip);
/* Wrong passwords over SMTP are told twice, by the backend that knows the name and by the server, in either order.
 * `name`: the local part's hash, 0 where the server does not say it.
 * true where the other one told it before: it is counted already. */
bool life_logins_backend_told(struct life_logins *logins, int64_t t_us, const struct ip *ip, uint64_t name);
bool life_logins_server_told(struct life_logins *logins, int64_t t_us, const struct ip *ip, uint64_t name);
#endif
