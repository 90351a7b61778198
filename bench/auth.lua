-- SPDX-License-Identifier: Apache-2.0
-- What Dovecot asks, for wrk: allow, allow, report, over 10,000 logins; one report in ten is of a wrong password.
--
--   wrk -t1 -c64 -d5s --latency -s auth.lua http://127.0.0.1:PORT -- KEY
local LOGINS, VARIED = 10000, 3 * 4096
local requests, at = {}, 0

local function body(n, report)
   local login = (n * 7919) % LOGINS
   local text = string.format(
      '{"device_id":"","login":"user%04d@d%03d.example.jp","protocol":"%s","pwhash":"%04x","remote":"100.%d.%d.%d","session_id":"%s","tls":false',
      login, login % 997, n % 3 == 0 and "smtp" or "imap", (login * 40503) % 4096, login % 200, math.floor(login / 200), n % 3 + 1,
      n % 3 == 0 and "" or string.format("/wisltlg%04dAHEf", login))
   if report then
      text = text .. string.format(',"success":%s,"policy_reject":false', n % 10 == 0 and "false" or "true")
   end
   return text .. "}"
end

function init(words)
   local headers = { ["Content-Type"] = "application/json", ["User-Agent"] = "dovecot/auth-policy-client", ["X-Sekisho-Key"] = words[1] }
   for i = 1, VARIED do
      local report = i % 3 == 0
      requests[i] = wrk.format("POST", report and "/?command=report" or "/?command=allow", headers, body(math.floor((i - 1) / 3), report))
   end
end

function request()
   at = at % VARIED + 1
   return requests[at]
end

function done(summary, latency, _)
   local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
   io.write(string.format('{"requests":%d,"seconds":%.3f,"p50_us":%d,"p99_us":%d,"failed":%d}\n', summary.requests, summary.duration / 1e6,
      latency:percentile(50), latency:percentile(99), failed))
end
