-- SPDX-License-Identifier: Apache-2.0
-- Asks sekisho at a login whether the password, which is right, is one that the policy accepts: known to have leaked, say, or made of the
-- account's name. What is done then says the passdb block in zz-sekisho-ask.conf. Nothing of a password is logged. It needs Debian's packages
-- dovecot-auth-lua and lua-socket.
local unix = require "socket.unix"

local SOCKET, SECONDS = "/run/sekisho-password/socket", 2

local function quoted(text)
	return '"' .. text:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

-- one line each way; nil where nobody answers
local function ask(account, password)
	local server = unix()
	server:settimeout(SECONDS)
	local answer = server:connect(SOCKET)
		and server:send('{"account":' .. quoted(account) .. ',"password":' .. quoted(password) .. ',"language":"en"}\n')
		and server:receive("*l")
	server:close()
	return answer
end

function auth_password_verify(request, password)
	local answer, faults = ask(request.user, password), {}
	if answer and answer:find('"good":true', 1, true) then
		return dovecot.auth.PASSDB_RESULT_OK, ""
	end
	for fault in (answer or ""):gmatch('"fault":"([%w_]+)"') do
		faults[#faults + 1] = fault
	end
	if #faults == 0 then
		return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, "sekisho says nothing of the password"
	end
	-- Dovecot logs what is returned here only with auth_verbose
	dovecot.i_warning("the password of " .. request.user .. " is right, but the policy refuses it: " .. table.concat(faults, ", "))
	return dovecot.auth.PASSDB_RESULT_PASSWORD_MISMATCH, "refused by the policy"
end

-- without a password there is nothing to ask
function auth_passdb_lookup(request)
	return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, ""
end
