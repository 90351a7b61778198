#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tries the commands as people type them: words in, words and exit status out.
#
#   commands.sh SEKISHO
set -uo pipefail

sekisho=$1
sample=share/sample/incident.log
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0
export TZ=Asia/Tokyo

# expect WHAT STATUS [PATTERN] -- COMMAND…: the exit status, and a pattern in what was said on either stream
expect() {
	local what=$1 wanted=$2 pattern='' status=0
	shift 2
	if [[ $1 != -- ]]; then
		pattern=$1
		shift
	fi
	shift
	"$@" >"$folder/said" 2>&1 </dev/null || status=$?
	if [[ $status -eq $wanted ]] && { [[ -z $pattern ]] || grep -qE -- "$pattern" "$folder/said"; }; then
		passed=$((passed + 1))
		echo "ok $what"
	else
		failed=$((failed + 1))
		echo "not ok $what: exit status $status, wanted $wanted${pattern:+ and \"$pattern\"}"
		head -n 5 "$folder/said" | cut -c 1-200
	fi
}

# every line of the report that the README quotes, as it stands
readme_shows_it() {
	local line
	TZ=UTC "$sekisho" scan "$sample" >"$folder/report.txt"
	while IFS= read -r line; do
		grep -qxF -- "${line:4}" "$folder/report.txt" || { echo "not in the report: $line" && return 1; }
	done < <(sed -n '/^    1 account is hijacked/,/^In Japanese/p' README.md | grep '^    ' | grep -v '…')
}
json_says() { python3 -c "import json, sys; r = json.load(open(sys.argv[1])); sys.exit(0 if $1 else 1)" "$2"; }
piped_archive() { "$sekisho" scan - <"$folder/tar/logs.tgz"; }
from_compressed_input() { "$sekisho" scan - <"$folder/mail.log.gz"; }
from_input() { "$sekisho" scan -f json - <"$sample"; }
in_japanese() { LC_ALL=C.UTF-8 LANGUAGE=ja "$sekisho" scan "$sample"; }
without_colour() { ! "$sekisho" scan "$sample" | grep -q $'\e'; }
over_its_input() {
	local status=0
	cp "$sample" "$folder/input.log"
	exec 9<"$folder/input.log"
	"$sekisho" scan -o "$folder/input.log" - <&9 || status=$?
	cmp "$sample" "$folder/input.log" || status=99
	return $status
}
to_a_full_disk() { ! "$sekisho" scan "$sample" >/dev/full; }
how_often_it_is_said() { "$sekisho" scan -f "$1" "$sample" 2>&1 >/dev/full | wc -l; }
beyond_a_limit() { (ulimit -f 2; "$sekisho" scan -f html -o "$folder/limited.html" "$sample"); }

expect "help" 0 'scan' -- "$sekisho" --help
expect "version" 0 '[0-9]+\.[0-9]+\.[0-9]+' -- "$sekisho" --version
expect "help of scan" 0 '--since' -- "$sekisho" scan --help
help_to_a_full_disk() { "$sekisho" "$1" >/dev/full; }
for words in --help help -h --version; do
	expect "$words to a full disk" 5 'cannot write the output' -- help_to_a_full_disk "$words"
done
expect "no command" 2 -- "$sekisho"
expect "unknown command" 2 'nonsense' -- "$sekisho" nonsense
expect "unknown option" 2 -- "$sekisho" scan --nonsense
expect "no log" 2 -- "$sekisho" scan
expect "a password" 0 '^[A-Za-z0-9.,-]{16}$' -- "$sekisho" password generate
expect "its strength" 0 '^strength: 9[0-9]\.[0-9] bits$' -- "$sekisho" password generate
expect "for a panel" 0 '^[A-Za-z0-9.,-]{8}$' -- "$sekisho" password generate --length 8
expect "of words" 0 '^([A-Z][a-z]{2,6}-){4}[A-Z][a-z]{2,6}[0-9]$' -- "$sekisho" password generate --words 5 --classes upper,digits,symbols
expect "of words that fit" 0 '^.{1,20}$' -- "$sekisho" password generate --words 4 --length 20
expect "a password as JSON" 0 '"bits": 9[0-9]' -- "$sekisho" password generate -f json --count 3
expect "a password in Japanese" 0 '強さ：' -- env LC_ALL=C.UTF-8 LANGUAGE=ja "$sekisho" password generate
expect "one that would be too weak" 2 '8 characters of 10 are 26.5 bits, less than 60' -- "$sekisho" password generate --length 8 --classes digits --bits 60
expect "one that is weak without a word" 2 'less than 40' -- "$sekisho" password generate --length 6
expect "digits of nothing" 2 -- "$sekisho" password generate --length 0
expect "a password of no kind" 2 -- "$sekisho" password
expect "a good password" 0 "^This password may be used" -- sh -c "echo k7-Tw.9x | '$sekisho' password check"
expect "a bad one, in Japanese" 1 "真っ先に試される" -- env LC_ALL=C.UTF-8 LANGUAGE=ja sh -c "echo 1qaz2wsx | '$sekisho' password check"
expect "a bad one as JSON" 1 "\"fault\": \"row\"" -- sh -c "echo 1qaz2wsx | '$sekisho' password check -f json --profile basic"
expect "no password" 3 "the password is empty" -- sh -c "echo | '$sekisho' password check"
expect "a password as an argument" 2 -- "$sekisho" password check k7-Tw.9x
expect "what a password has to be" 0 "^- 20 to 72 characters" -- "$sekisho" password check --demands --profile long
expect "one that a profile accepts" 0 "^.{20}$" -- "$sekisho" password generate --profile long
expect "a profile that there is not" 2 "basic, long or four" -- "$sekisho" password generate --profile best
expect "a policy and a length of its own" 2 -- "$sekisho" password generate --profile long --length 9
expect "nothing of a password in what is said of it" 0 "nothing of them was said" -- python3 .ci/passwords.py "$sekisho"

# passwords that have leaked, in lists of every form: the same file comes of all of them
leaked() { printf '%s:%d\n' 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8 52579 7C4A8D09CA3762AF61E59520943DC26494F8941B 9 F3BBBD66A63D4BF1747940578EC3D0103530E21D 1; }
of_words() { printf 'password\n123456\r\nhunter2\npassword\n' | "$sekisho" password breached build --plain -o "$folder/words.sek" -; }
complaints() { { "$sekisho" password breached build -o "$folder/complaints.sek" "$1" 2>&1 || true; } | grep -c "$2"; }
same_file() { cmp "$folder/leaked.sek" "$1"; }
old_one_stays() { (trap "" XFSZ; ulimit -f 0; ! "$sekisho" password breached build -o "$folder/leaked.sek" "$folder/leaked.txt") && same_file "$folder/words.sek"; }
mkdir "$folder/ranges"
leaked >"$folder/leaked.txt"
while IFS= read -r line; do echo "${line:5}" >"$folder/ranges/${line:0:5}"; done < <(leaked)
gzip "$folder/ranges/5BAA6"
xz -k "$folder/leaked.txt"
expect "breached passwords" 0 'leaked.sek: 3 passwords in 160 bytes' -- "$sekisho" password breached build -o "$folder/leaked.sek" "$folder/leaked.txt"
expect "breached passwords as words" 0 '3 passwords' -- of_words
expect "which is the same file" 0 -- same_file "$folder/words.sek"
expect "breached passwords of ranges" 0 '3 passwords' -- "$sekisho" password breached build -o "$folder/ranges.sek" "$folder/ranges"
expect "which is the same file, too" 0 -- same_file "$folder/ranges.sek"
expect "breached passwords, compressed, and twice" 0 '3 passwords' -- "$sekisho" password breached build -o "$folder/xz.sek" "$folder/leaked.txt.xz" "$folder/leaked.txt"
expect "which is the same file as well" 0 -- same_file "$folder/xz.sek"
expect "only those that were seen often" 0 '"passwords": 2,' -- "$sekisho" password breached build --at-least 9 -f json -o "$folder/often.sek" "$folder/leaked.txt"
expect "and it says so" 0 'seen 9 times or more' -- "$sekisho" password breached show "$folder/often.sek"
expect "breached passwords in Japanese" 0 'パスワード 3 個' -- env LC_ALL=C.UTF-8 LANGUAGE=ja "$sekisho" password breached show "$folder/leaked.sek"
printf 'secret-word\n%s:x\n' 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8 >>"$folder/leaked.txt"
expect "a bad line" 3 'leaked.txt:4: this is no SHA-1' -- "$sekisho" password breached build -o "$folder/bad.sek" "$folder/leaked.txt"
expect "what stands there is not said" 1 '^0$' -- complaints "$folder/leaked.txt" secret
expect "the rest was taken" 0 '3 passwords' -- "$sekisho" password breached show "$folder/bad.sek"
seq 100 >"$folder/wrong.txt"
expect "many bad lines" 3 '100 lines and 0 files in all' -- "$sekisho" password breached build -o "$folder/wrong.sek" "$folder/wrong.txt"
expect "of which twenty are named" 0 '^20$' -- complaints "$folder/wrong.txt" wrong.txt:
expect "and nothing was written" 1 -- test -e "$folder/wrong.sek"
expect "a list that would be overwritten" 2 'one of the lists' -- "$sekisho" password breached build -o "$folder/wrong.txt" "$folder/wrong.txt"
expect "no list" 3 "cannot open '/nowhere'" -- "$sekisho" password breached build -o "$folder/none.sek" /nowhere
expect "a full disk" 0 -- old_one_stays
expect "no such file" 3 "'$folder/wrong.txt' is no file of breached passwords" -- "$sekisho" password breached show "$folder/wrong.txt"
truncate -s -1 "$folder/leaked.sek"
expect "a damaged file" 3 'is damaged: build it anew' -- "$sekisho" password breached show "$folder/leaked.sek"
expect "build without a file" 2 -- "$sekisho" password breached build "$folder/leaked.txt"
expect "plain words have no counts" 2 'at-least' -- "$sekisho" password breached build --plain --at-least 2 -o "$folder/none.sek" "$folder/wrong.txt"
expect "unknown format" 2 -- "$sekisho" scan -f csv "$sample"
expect "time that is none" 2 -- "$sekisho" scan --since yesterdayish "$sample"
expect "log that is not there" 3 'no-such.log' -- "$sekisho" scan no-such.log
expect "one log missing, the other read" 3 'hanako@example.jp' -- "$sekisho" scan no-such.log "$sample"
expect "sample as text" 0 'hanako@example.jp' -- "$sekisho" scan "$sample"
expect "sample in Japanese" 0 'の|を|から' -- in_japanese
expect "something found" 1 -- "$sekisho" scan --exit-code "$sample"
expect "no colours into a pipe" 0 -- without_colour
expect "a full disk is said" 0 -- to_a_full_disk
expect "and said once" 5 '^1$' -- how_often_it_is_said text
expect "of JSON, too" 5 '^1$' -- how_often_it_is_said json
expect "a limit on files is said" 5 'limited.html' -- beyond_a_limit
expect "and leaves nothing behind" 1 -- grep -q limited <(ls "$folder")
expect "sample as JSON" 0 -- "$sekisho" scan -f json -o "$folder/report.json" "$sample"
expect "its schema" 0 -- json_says 'r["schema"] == "sekisho.scan/1"' "$folder/report.json"
expect "its one hijacked account" 0 -- json_says \
	'[i["account"] for i in r["incidents"] if i["verdict"] == "hijacked"] == ["hanako@example.jp"]' "$folder/report.json"
expect "its honest accounts" 0 -- json_says 'len(r["incidents"]) == 1' "$folder/report.json"
expect "its spoofed account" 0 -- json_says 'any(s["account"] == "taro@example.jp" for s in r["spoofed"])' "$folder/report.json"
expect "the README shows it" 0 -- readme_shows_it
expect "its own truth" 0 -- share/sample/make.py --against "$folder/report.json"
expect "standard input" 0 '"sekisho.scan/1"' -- from_input
expect "sample as HTML" 0 -- "$sekisho" scan -f html -o "$folder/report.html" "$sample"
expect "the page is one file" 1 '^0$' -- grep -cE '(src|href)="https?:' "$folder/report.html"
gzip -c "$sample" >"$folder/mail.log.gz"
expect "never over its own input" 2 'destroy' -- over_its_input
expect "compressed log" 0 'hanako@example.jp' -- "$sekisho" scan "$folder/mail.log.gz"
expect "compressed log on standard input" 0 '1 account is hijacked' -- from_compressed_input
expect "folder of logs" 0 'hanako@example.jp' -- "$sekisho" scan "$folder"
expect "nothing before it began" 0 -- "$sekisho" scan --exit-code --until 2026-03-01 "$sample"
expect "what went on after a time" 0 -- "$sekisho" scan -f json --since 2026-03-16T03:30:00+09:00 -o "$folder/since.json" "$sample"
expect "is told in full, learnt from what lies before" 0 -- share/sample/make.py --against "$folder/since.json"
expect "what ended before is not reported" 0 'No sign of a hijacked account' -- "$sekisho" scan --exit-code --since 2026-03-17 "$sample"
expect "a time that the log does not reach" 0 'the time that was asked for' -- "$sekisho" scan --until 2026-03-01 "$sample"
mkdir "$folder/tar" "$folder/members"
head -n 700 "$sample" | gzip -c >"$folder/members/mail.log.1.gz"
tail -n +701 "$sample" >"$folder/members/mail.log"
cp "$sample" "$folder/members/syslog"
tar -C "$folder/members" -czf "$folder/tar/logs.tgz" mail.log mail.log.1.gz syslog
expect "an archive: compressed members, the newest first" 0 -- "$sekisho" scan -f json -o "$folder/tar.json" "$folder/tar/logs.tgz"
expect "in order of time, each line once" 0 -- share/sample/make.py --against "$folder/tar.json"
expect "the members are named" 0 -- json_says \
	'[f["path"].rsplit("/", 2)[1:] for f in r["input"]["files"]] == [["logs.tgz", n] for n in ("mail.log.1.gz", "syslog", "mail.log")]' \
	"$folder/tar.json"
expect "an archive that is piped may not hold what is compressed itself" 3 "mail.log.1.gz', which is compressed" -- piped_archive
expect "never over an archive that is read" 2 'destroy' -- "$sekisho" scan -o "$folder/tar/logs.tgz" "$folder/tar"
mkdir "$folder/others"
echo '2026/11/22 a log of something else' >"$folder/others/else.log"
expect "a log of something else is named" 3 "else.log' holds no line" -- "$sekisho" scan "$sample" "$folder/others/else.log"
expect "also in JSON" 3 '"error": ".*else.log' -- "$sekisho" scan -f json "$sample" "$folder/others/else.log"
expect "also where there is nothing else" 3 "else.log: 'else.log' holds no line" -- env -C "$folder/others" "$(realpath "$sekisho")" scan else.log
expect "a folder may hold others" 0 'hanako@example.jp' -- "$sekisho" scan "$sample" "$folder/others"
cp "$sample" "$folder/mail.log"
cp "$sample" "$folder/syslog"
expect "the same lines in three files" 0 -- "$sekisho" scan -f json -o "$folder/once.json" "$folder/mail.log.gz" "$folder/mail.log" "$folder/syslog"
expect "count once" 0 -- share/sample/make.py --against "$folder/once.json"
expect "and the report says so" 0 'syslog: [0-9,]+ lines stand in another file' -- "$sekisho" scan "$folder/mail.log" "$folder/syslog"
"$sekisho" config sample >"$folder/sample.conf"
expect "sample settings are sound" 0 -- "$sekisho" config check "$folder/sample.conf"
expect "settings are shown" 0 'suspect_bits' -- "$sekisho" config show "$folder/sample.conf"
echo 'no_such_setting = 1' >"$folder/faulty.conf"
expect "faulty settings" 1 'no_such_setting' -- "$sekisho" config check "$folder/faulty.conf"
while read -r field line; do
	printf '\n%s\n' "$line" >"$folder/faulty.conf"
	expect "a fault of $line" 1 "faulty.conf:2: $field" -- "$sekisho" config check "$folder/faulty.conf"
done <<'END'
notice_quiet notice_quiet = "25:00-07:00"
notice_smtp notice_smtp = "smtp://localhost:99999"
notice_templates notice_templates = "/nope"
notice_ca_file notice_ca_file = "/nope"
notice_login_file notice_login_file = "/nope"
notice_public_key notice_public_key = "/nope"
notice_command notice_command = { "/nope" }
notice_webhook notice_webhook = "https://hooks.example/sekisho"
web_listen web_listen = { "xx" }
END
echo 'official_domains = { "provider.example", "other.example" } notice_from = "x@notprovider.example"' >"$folder/faulty.conf"
expect "notices from elsewhere are warned of" 0 "faulty.conf:1: notice_from: 'x@notprovider.example'" -- "$sekisho" config check "$folder/faulty.conf"
echo short >"$folder/short.key"
while read -r field rest; do
	printf 'web_listen = { "inet:127.0.0.1:8443" }\n%s\nweb_certificate = "/nope/cert.pem" web_key = "/nope/key.pem"\n' "$rest" >"$folder/faulty.conf"
	expect "a fault of $rest" 1 "faulty.conf:$field" -- "$sekisho" config check "$folder/faulty.conf"
	expect "and the pages are not served" 1 "faulty.conf:$field" -- "$sekisho" web -c "$folder/faulty.conf"
done <<END
2:.web_address web_address = "login.example.jp"
2:.web_address web_address = "http://login.example.jp"
2:.web_frames web_address = "https://login.example.jp" web_frames = { "panel.example.jp" }
2:.panel_key_file web_address = "https://login.example.jp" panel_key_file = "$folder/short.key"
2:.panel_key_file web_address = "https://login.example.jp" panel_key_file = "/nope/panel.key"
3:.web_certificate web_address = "https://login.example.jp"
END
printf 'state_folder = "%s"\nnotice_quiet = "25:00-07:00"\n' "$folder/quiet" >"$folder/faulty.conf"
expect "a gate with faulty settings does not open" 1 'faulty.conf:2: notice_quiet' -- "$sekisho" serve -c "$folder/faulty.conf"
echo 'weights = { "rate=0.5", "hour=0" }' >"$folder/weights.conf"
expect "weights are settings" 0 'hour=0' -- "$sekisho" config show "$folder/weights.conf"
printf '\nweights = { "rates=0.5" }\n' >"$folder/faulty.conf"
expect "weight of no signal" 1 'faulty.conf:2: .*rates' -- "$sekisho" config check "$folder/faulty.conf"

# ---- mails
mkdir -p "$folder/mails" "$folder/box/cur" "$folder/box/new" "$folder/box/tmp"
mails=$folder/mails
bounce() { # NUMBER
	printf '%s\n' 'From: MAILER-DAEMON@mx.example.jp' "To: alice@example.jp" "Subject: Undelivered Mail Returned to Sender" 'MIME-Version: 1.0' \
		'Content-Type: multipart/report; report-type=delivery-status; boundary=b' '' '--b' '' "<bob$1@example.com>: User unknown" '--b' \
		'Content-Type: message/delivery-status' '' 'Reporting-MTA: dns; mx.example.jp' '' "Final-Recipient: rfc822; bob$1@example.com" \
		'Action: failed' 'Status: 5.1.1' '--b' 'Content-Type: text/rfc822-headers' '' 'Message-ID: <1@example.jp>' '--b--' ''
}
separator='From MAILER-DAEMON Sun Nov 22 00:00:00 2026'
bounce 1 >"$mails/b"
printf 'From: alice@example.jp\nSubject: lunch\n\nat noon?\n' >"$mails/a"
{ echo "$separator" && bounce 2 && echo "$separator" && bounce 3; } >"$folder/mbox"
gzip -k "$folder/mbox"
cp "$folder/mbox" "$folder/box/cur/1:2,S"
bounce 4 >"$folder/box/new/2"
: >"$mails/empty"
box_from_input() { "$sekisho" inspect -f json - <"$folder/mbox"; }
kinds() { "$sekisho" inspect -f json "$@" | sed -n 's/.*"file":"\([^"]*\)".*"kind":"\([a-z_]*\)".*/\1 \2/p' | sed "s:$folder/::" | tr '\n' ';'; }
expect "a mail is told" 0 'lunch|Another mail' -- "$sekisho" inspect "$mails/a"
expect "in JSON, one line each" 0 '^\{"file":".*mails/a","kind":"other"' -- "$sekisho" inspect -f json "$mails/a" "$mails/b"
expect "a folder by name, and what is no mail is said" 3 '^mails/a other;mails/b bounce;mails/empty other;$' -- kinds "$mails"
expect "its status" 3 '"error":"it is empty"' -- "$sekisho" inspect -f json "$mails"
expect "an mbox" 0 '"number":2,"kind":"bounce"' -- "$sekisho" inspect -f json "$folder/mbox"
expect "that is packed" 0 '"number":2,"kind":"bounce"' -- "$sekisho" inspect -f json "$folder/mbox.gz"
expect "on the standard input" 0 '"file":"-","number":2,"kind":"bounce"' -- box_from_input
expect "a Maildir, one mail a file" 0 '^box/cur/1:2,S bounce;box/new/2 bounce;$' -- kinds "$folder/box"
expect "the recipient" 0 '"address":"bob1@example.com"' -- "$sekisho" inspect -f json "$mails/b"
expect "and for people" 0 'bob1@example\.com' -- "$sekisho" inspect "$mails/b"
for _ in 1 2 3 4 5 6; do printf 'From MAILER-DAEMON Sun Nov 22 00:00:00 2026\n' && cat fuzz/corpus/bounce/ja-au-unknown.eml && echo; done >"$folder/flood"
expect "how much lies behind a flood" 0 '12 came back so far. Behind them' -- "$sekisho" inspect "$folder/flood"
expect "how many of which kind" 0 'bounces +2$' -- "$sekisho" inspect "$folder/mbox"
expect "in Japanese" 0 'バウンス' -- env LC_ALL=C.UTF-8 LANGUAGE=ja "$sekisho" inspect "$mails/b"
expect "a mail that is not there to be inspected" 3 "\"error\":\".*No such file" -- "$sekisho" inspect -f json "$mails/none"
printf 'From: b@example.com\nTo: abuse@example.jp\nSubject: spam report\nMessage-ID: <c@example.com>\n\nPlease stop the spam from 203.0.113.77, your server.\n' >"$folder/complaint"
expect "an answer to whoever complained" 0 '^In-Reply-To: <c@example.com>' -- "$sekisho" inspect --reply "$folder/complaint"
expect "nothing to answer" 1 'no complaint' -- "$sekisho" inspect --reply "$mails/b"
printf 'From: "Amazon" <a@evil.example>\nContent-Type: text/html\n\n<p>Your account was suspended. Verify your password within 24 hours.</p><a href="http://amazon.co.jp.evil.example/in">https://www.amazon.co.jp/</a>\n' >"$folder/phishing"
expect "the signs of phishing alone" 0 '^[a-z_, ]*link_text_mismatch[a-z_, ]*$' -- "$sekisho" inspect --phishing "$mails/a" "$folder/phishing"
signs_of_none() { [[ -z $("$sekisho" inspect --phishing "$mails/a" "$mails/b") ]]; }
expect "of other mails nothing" 0 -- signs_of_none
expect "one thing at a time" 2 'only one' -- "$sekisho" inspect --phishing --tell "$mails/a"
expect "no report over a mail" 2 'destroy' -- "$sekisho" inspect -o "$mails/a" "$mails/a"
printf 'Subject: \342\200\256txt.exe http://evil.example/ \033[31m\n\nx\n' >"$folder/"$'strange\xff'
strange_is_json() { "$sekisho" inspect -f json "$folder/"$'strange\xff' | python3 -c 'import json, sys; print(json.load(sys.stdin)["file"].endswith("strange\\xff"))'; }
expect "a name that is no UTF-8" 0 'True' -- strange_is_json
# a page on fakes
cat >"$folder/fake.eml" <<'EOF'
From: "Amazon" <x@amaz0n-pay.example.com>
To: Taro Yamada <taro.yamada@kaze.example.org>
Subject: Dear Taro Yamada, your account <b>is suspended</b>
Date: Sat, 21 Nov 2026 10:00:00 +0900
Content-Type: text/html

<p>Your account has been suspended. Confirm your identity within 24 hours.</p><a href="https://amaz0n-pay.example.com/k/889123">https://www.amazon.com/</a>
EOF
bulletin() { "$sekisho" bulletin --date 2026-11-23 "$@" "$folder/fake.eml"; }
tells_nobody() { ! bulletin -f "$1" | grep -iE 'taro|yamada|kaze|889123|https://amaz|href="http'; }
expect "a page on fakes" 0 'Beware of fake mails  23 November 2026' -- bulletin
expect "where it leads" 0 'Leads to +amaz0n-pay\[\.\]example\[\.\]com$' -- bulletin
expect "whom it passed over" 0 '^sekisho: 1 mail is no fake' -- bulletin "$mails/a"
expect "in text it tells nobody" 0 -- tells_nobody text
expect "in HTML it tells nobody" 0 -- tells_nobody html
as_markup() { bulletin -f html | grep -q '<b>is'; }
expect "nothing of theirs is markup" 1 -- as_markup
expect "what is written is well-formed" 0 -- bash -c "'$sekisho' bulletin --lang ja -f html '$folder/fake.eml' | python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin.buffer)'"
expect "a page in Japanese" 0 '^偽メールにご注意ください  2026年11月23日$' -- bulletin --lang ja
expect "no fake, no page" 1 'no fake among these' -- "$sekisho" bulletin "$mails/a"
expect "but where a person says so" 0 'lunch' -- "$sekisho" bulletin --all "$mails/a"
expect "no such day" 2 "'23 Nov' is no day" -- bulletin --date "23 Nov"
expect "no page as JSON" 2 'text or html' -- bulletin -f json
expect "no page over a mail" 2 'destroy' -- bulletin -o "$folder/fake.eml"

expect "which mail" 2 'which mail' -- "$sekisho" inspect
expect "inspect has no pages" 2 'text or json$' -- "$sekisho" inspect -f html "$mails/a"

# mails that want to take all memory or time: each within 512 MB and some seconds, and the next is read
hostile() { # NAME: what it prints is one mail
	case $1 in
	nested) yes $'Content-Type: message/rfc822\n' | head -n 200000 ;;
	fields) yes 'Received: from a by b; Sun, 22 Nov 2026 00:00:00 +0000' | head -n 100000 ;;
	groups) printf 'To: ' && yes 'a:' | head -n 4000000 | tr -d '\n' ;;
	line) printf 'A: b\n\n' && head -c 100000000 /dev/zero | tr '\0' x ;;
	parts) printf 'Content-Type: multipart/mixed; boundary=b\n\n' && yes $'--b\n\nx' | head -n 600000 ;;
	nuls) printf 'A: b\n\n' && head -c 20000000 /dev/zero ;;
	html) printf 'Content-Type: text/html\n\n' && yes '<div><table><tr><td>' | head -n 200000 ;;
	base64) printf 'Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n' && yes '<p><b>' | head -c 6000000 | base64 ;;
	esac
}
# sanitizers want more of both: they reserve terabytes, so only what is really used can be limited
if grep -q __asan_init "$sekisho"; then
	within="ASAN_OPTIONS=${ASAN_OPTIONS:-}:hard_rss_limit_mb=1536; export ASAN_OPTIONS; ulimit -t 120"
else
	within="ulimit -v 524288 -t 10"
fi
for name in nested fields groups line parts nuls html base64; do
	hostile "$name" >"$folder/hostile.eml"
	expect "a hostile mail: $name" 0 'mails/a' -- bash -c "$within; exec '$sekisho' inspect -f json '$folder/hostile.eml' '$mails/a'"
done
rm -f "$folder/hostile.eml"

# ---- the daemon is away
echo "control_socket = \"$folder/nobody\"" >"$folder/away.conf"
for words in "incident list" "incident show 7" "incident report 7" "incident report 7 -f html --lang ja --full" "account show alice" "account forget alice" "mode" "mode example.org enforce" "whose 4Z1xQk2Lzz"; do
	# shellcheck disable=SC2086 # words
	expect "$words, and nobody is there" 4 "daemon is away .*$folder/nobody" -- "$sekisho" $words -c "$folder/away.conf"
done
for words in "incident" "incident show" "incident show seven" "incident show 7 --all" "incident list -f html" "incident report" "incident report 7 --all" \
	"incident report 7 --lang fr" "incident report 7 -f xml" "incident show 7 --full" "incident list --lang ja" "whose a --lang ja" "account show" "account keep alice" \
	"mode example.org sleep" "mode a learn b" "whose" "whose a b"; do
	# shellcheck disable=SC2086 # words
	expect "$words is wrong usage" 2 -- "$sekisho" $words -c "$folder/away.conf"
done
expect "a list is no page" 2 'text or json$' -- "$sekisho" incident list -f xml -c "$folder/away.conf"
expect "a paper can be one" 2 'text, json or html$' -- "$sekisho" incident report 7 -f xml -c "$folder/away.conf"
expect "a mail without ids" 3 'names no queue id' -- "$sekisho" whose "$folder/away.conf" -c "$folder/away.conf"
expect "a mail that is not there" 3 'No such file' -- "$sekisho" whose "$folder/no.eml" -c "$folder/away.conf"
expect "scan does not go on with it" 1 'rates' -- "$sekisho" scan -c "$folder/faulty.conf" "$sample"

trace=$folder/trace.jsonl
bench/hijack/run --trace "$trace" --seeds 7 --accounts 120 --days 14 2>/dev/null
replayed="$folder/replay.json"
from_pipe() { gzip -c "$trace" | "$sekisho" replay -f json -; }
from_file() { "$sekisho" replay - <"$sample"; }
replay_in_japanese() { LC_ALL=C.UTF-8 LANGUAGE=ja "$sekisho" replay --against strict --calibrate "$sample"; }
# what judge says to the trace, and what replay counted of it
as_judge() {
	python3 -c '
import json, subprocess, sys
judge = subprocess.Popen([sys.argv[2], "judge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
said, wake = [], None
def tell(line):
    judge.stdin.write(line)
    judge.stdin.flush()
    said.append(json.loads(judge.stdout.readline()))
    return said[-1].get("wake")
for line in open(sys.argv[3], "rb"):
    while wake is not None and wake <= json.loads(line)["t"]:  # woken when it asked
        wake = tell(json.dumps({"t": wake, "ev": "tick"}).encode() + b"\n")
    wake = tell(line) or wake
judge.stdin.close()
verdicts = [word.get("verdict") for word in said]
totals = json.load(open(sys.argv[1]))["configurations"][0]["totals"]
wanted = {"messages_held": verdicts.count("hold"), "messages_refused": verdicts.count("refuse"),
          "locks": sum(len(word.get("lock", [])) for word in said)}
sys.exit(0 if wanted["locks"] and all(totals[name] == count for name, count in wanted.items()) else 1)' "$replayed" "$sekisho" "$trace"
}
expect "help of replay" 0 '--against' -- "$sekisho" replay --help
expect "nothing to replay" 2 -- "$sekisho" replay
expect "unknown option of replay" 2 -- "$sekisho" replay --nonsense "$sample"
expect "unknown format of replay" 2 -- "$sekisho" replay -f csv "$sample"
expect "replay of what is not there" 3 'no-such.log' -- "$sekisho" replay no-such.log
expect "replay against what is not there" 1 'no-such.conf' -- "$sekisho" replay --against no-such.conf "$sample"
expect "replay with faulty settings" 1 'rates' -- "$sekisho" replay -c "$folder/faulty.conf" "$sample"
expect "replay over its input" 2 'destroy' -- "$sekisho" replay -o "$trace" "$trace"
expect "replay into a folder that is not there" 5 -- "$sekisho" replay -o "$folder/no/report" "$sample"
expect "replay of a log" 0 'hanako@example.jp +locked' -- "$sekisho" replay "$sample"
expect "replay of a log from standard input" 0 'hanako@example.jp +locked' -- from_file
expect "replay in Japanese" 0 '保留|停止' -- replay_in_japanese
expect "replay of a log as JSON" 0 -- "$sekisho" replay -f json --against default -o "$folder/log.json" "$sample"
expect "its kind" 0 -- json_says 'r["schema"] == "sekisho.replay/1" and r["input"]["kind"] == "log"' "$folder/log.json"
expect "its locked account" 0 -- json_says \
	'[a["account"] for a in r["configurations"][0]["accounts"] if a["locks"]] == ["hanako@example.jp"]' "$folder/log.json"
expect "its same configuration" 0 -- json_says \
	'r["configurations"][0]["totals"] == r["configurations"][1]["totals"] and r["difference"]["locked_both"] == ["hanako@example.jp"]' \
	"$folder/log.json"
expect "replay of a trace" 0 -- "$sekisho" replay -f json --against strict --calibrate -o "$replayed" "$trace"
expect "says what judge says" 0 -- as_judge
expect "strict locks no fewer" 0 -- json_says \
	'r["difference"]["locked_only_second"] and r["configurations"][1]["settings"]["lock_bits"] == 19' "$replayed"
expect "what is held is let go or discarded" 0 -- json_says \
	'all(c["totals"]["messages_held"] == c["totals"]["messages_released"] + c["totals"]["messages_discarded"] for c in r["configurations"])' \
	"$replayed"
expect "calibrates each signal" 0 -- json_says \
	'r["calibration"]["enough"] and len(r["calibration"]["signals"]) > 9 and all(0 < s["suggested"] <= 1 for s in r["calibration"]["signals"])' \
	"$replayed"
python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["calibration"]["settings"])' "$replayed" >"$folder/calibrated.conf"
expect "its suggestion is a setting" 0 -- "$sekisho" config check "$folder/calibrated.conf"
expect "compressed trace from a pipe" 0 '"sekisho.replay/1"' -- from_pipe
expect "a trace and a log" 2 'one kind' -- "$sekisho" replay "$trace" "$sample"
{ head -n 50 "$trace" && echo '{"t":1,"ev":' && echo; } >"$folder/torn.jsonl"
expect "a line that is torn" 3 'torn.jsonl: line 51' -- "$sekisho" replay "$folder/torn.jsonl"
expect "replay as HTML" 0 -- "$sekisho" replay -f html --against lenient -o "$folder/replay.html" "$trace"
expect "its page is one file" 1 '^0$' -- grep -cE '(src|href)="https?:' "$folder/replay.html"
expect "help of judge" 0 'standard input' -- "$sekisho" judge --help
expect "run builds" 0 -- ./run --build
expect "run scans" 0 'report.html' -- ./run "$sample"
expect "run names the log in the other language" 0 "^  LANG=.*run .*$sample" -- ./run "$sample"
expect "and paths that work where it was called" 0 "^  /.*build/sekisho scan -f html .* /.*$sample" -- env -C / "$PWD/run" "$PWD/$sample"
expect "run does not know it" 2 'usage' -- ./run --nonsense
expect "generated log, against its truth" 0 'exact' -- python3 bench/run.py --truth --megabytes 24 --sekisho "$sekisho"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
