/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: the address of the connection, and behind proxies that are believed the last address of X-Forwarded-For that is not
 * one of theirs. What else stands there anybody can write. */
#ifndef SEKISHO_WEB_HTTP_PEER_H
#define SEKISHO_WEB_HTTP_PEER_H
#include <sys/socket.h>

#include "base/ip.h"
#include "config/config.h"

/* `local`: over a unix socket, whose other end is believed. All zero where nothing is known. */
void http_peer(const struct config_addresses *proxies, const struct sockaddr *address, bool local, struct text forwarded, struct ip *ip);
/* whether whoever connects from there is a proxy that is believed, and so speaks for many; and its address */
bool http_peer_believed(const struct config_addresses *proxies, const struct sockaddr *address, bool local, struct ip *ip);
#endif
