#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries `sekisho judge` as programs use it: one line in, one line out, before the next is read; whatever comes.

  judge.py SEKISHO
"""
import json
import os
import select
import signal
import subprocess
import sys

SEKISHO = sys.argv[1]
ENGLISH = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
TICK = b'{"t":1000,"ev":"tick"}\n'
LINE_MAX = 8 << 20
PATIENCE_S = 300  # only what never ends takes so long
results = []


def judge(given, *options, **more):
    return run([SEKISHO, "judge", *options], given, **more)


def run(words, given, **more):
    return subprocess.run(words, input=given, capture_output=True, timeout=PATIENCE_S, check=False, env={**ENGLISH, **more})


def start(**more):
    return subprocess.Popen([SEKISHO, "judge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENGLISH, **more)


def case(function):
    """a test is a function that asserts; its name is told"""
    name = function.__name__.replace("_", " ")
    try:
        function()
        results.append(True)
        print(f"ok judge: {name}")
    except (AssertionError, subprocess.SubprocessError, OSError, ValueError) as error:
        results.append(False)
        print(f"not ok judge: {name}: {error!r:.300}")


def wants(done, status, replies, said=b""):
    """exit status, how many replies, and what stands on standard error"""
    assert done.returncode == status, f"exit status {done.returncode}: {done.stderr[:200]}"
    came = done.stdout.count(b"\n")
    assert came == replies and done.stdout[-1:] in (b"\n", b""), f"{came} replies"
    assert said in done.stderr, done.stderr[:200]
    assert bool(done.stderr) == bool(said), done.stderr[:200]
    return [json.loads(line) for line in done.stdout.splitlines()]


@case
def empty_input():
    wants(judge(b""), 0, 0)


@case
def one_line():
    assert wants(judge(TICK), 0, 1) == [{}]


@case
def line_without_an_end():
    wants(judge(TICK + TICK[:-1]), 0, 2)


@case
def bad_lines_are_named_and_on_it_goes():
    replies = wants(judge(TICK + b"hello\n" + TICK + b"\n" + b'{"t":1,"ev":"tock"}\n' + TICK), 3, 6, b"sekisho: line 2: ")
    assert [reply.get("line") for reply in replies] == [None, 2, None, 4, 5, None]
    assert all(reply["verdict"] == "pass" and reply["error"] for reply in replies if "line" in reply)
    assert "tock" in replies[4]["error"]


@case
def every_kind_of_bad_line_has_one_reply():
    lines = [b"", b"[]", b"null", b"7", b'"a"', b"{", b"}", b'{"t":1}', b'{"ev":"tick"}', b'{"t":-1,"ev":"tick"}', b"\xff\xfe", b"\x00",
             b'{"t":1,"ev":"tick"}\x00', b"\r", b"\xef\xbb\xbf{}", b'{"t":1,"ev":"submit"}', b"[" * 100000, b'{"t":1e999,"ev":"tick"}',
             b'{"t":1,"ev":"\\ud800"}', b'{"t":1,"ev":"\x1b[2J"}', b'{"t":1,"ev":"auth","account":"a","ok":1}']
    done = judge(b"\n".join(lines) + b"\n")
    replies = wants(done, 3, len(lines), b"line 1: ")
    assert [reply["line"] for reply in replies] == [*range(1, len(lines) + 1)]
    assert b"\x1b" not in done.stderr


@case
def nul_bytes_everywhere():
    wants(judge(b"\0" * 100000 + b"\n" + b"\0\n" * 10), 3, 11, b"line 1: no JSON")


@case
def a_line_of_just_the_limit():
    head, tail = b'{"t":1000,"ev":"tick","x":"', b'"}'
    for more, status in ((0, 0), (1, 3)):
        line = head + b"x" * (LINE_MAX - len(head) - len(tail) + more) + tail
        replies = wants(judge(TICK + line + b"\n" + TICK), status, 3, b"line 2: longer than 8388608 bytes" if status else b"")
        assert ("error" in replies[1]) == bool(status)


@case
def a_huge_line_has_one_reply_and_little_memory():
    line = b'{"t":1,"ev":"tick","x":"' + b"x" * (200 << 20) + b'"}\n'
    little = [] if "san" in SEKISHO else ["prlimit", f"--as={512 << 20}"]  # sanitizers map terabytes
    done = run([*little, SEKISHO, "judge"], TICK + line + TICK + line[:-1])
    replies = wants(done, 3, 4, b"line 2: longer than 8388608 bytes")
    assert [reply.get("line") for reply in replies] == [None, 2, None, 4]


@case
def reply_comes_before_the_next_line():
    process = start()
    for n in range(200):
        process.stdin.write(b'{"t":%d,"ev":"submit","id":"m%d","account":"a@x","rcpt":["b@y"]}\n' % (1000 + n, n))
        process.stdin.flush()
        assert b"verdict" in process.stdout.readline()
    process.stdin.write(b'{"t":2000,"ev":')  # half a line has no answer yet
    process.stdin.flush()
    assert not select.select([process.stdout], [], [], 0.2)[0]
    process.stdin.write(b'"tick"}\n' + TICK)
    process.stdin.flush()
    assert isinstance(json.loads(process.stdout.readline()), dict) and json.loads(process.stdout.readline()) == {}
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0


@case
def reply_to_a_line_that_is_too_long_comes_before_its_end():
    process = start()
    process.stdin.write(b"x" * (LINE_MAX + 70000))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["line"] == 1
    process.stdin.write(b"x\n" + TICK)
    process.stdin.close()
    assert process.stdout.read() == b"{}\n"
    assert process.wait(PATIENCE_S) == 3


@case
def byte_by_byte():
    process = start()
    for byte in TICK * 3:
        process.stdin.write(bytes([byte]))
        process.stdin.flush()
    process.stdin.close()
    assert process.stdout.read() == b"{}\n" * 3 and process.wait(PATIENCE_S) == 0


@case
def closed_output():
    process = start()
    process.stdout.close()
    process.stderr.close()
    try:
        for _ in range(100):
            process.stdin.write(TICK * 1000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.wait(PATIENCE_S) in (3, -signal.SIGPIPE)


@case
def no_output_at_all():
    done = subprocess.run(["sh", "-c", '"$0" judge >&-', SEKISHO], input=TICK, stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False, env=ENGLISH)
    assert done.returncode == 3 and b"cannot write the output" in done.stderr, done


@case
def no_input_at_all():
    done = subprocess.run(["sh", "-c", '"$0" judge <&-', SEKISHO], capture_output=True, timeout=PATIENCE_S, check=False, env=ENGLISH)
    assert done.returncode == 3 and b"cannot read the input" in done.stderr, done
    assert done.stdout == b"", done.stdout[:100]  # a database that was opened in its place is no input


@case
def a_full_disk():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([SEKISHO, "judge"], input=TICK, stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False, env=ENGLISH)
    assert done.returncode == 3 and b"cannot write the output" in done.stderr, done


@case
def wrong_usage():
    for options, status, said in ((["--nonsense"], 2, b"usage"), (["trace.jsonl"], 2, b"standard input"), (["-c"], 2, b"usage"),
                                  (["-c", "no-such.conf"], 1, b"no-such.conf"), (["--geo", "no-such.db"], 2, b"no-such.db"),
                                  (["-c", "/dev/null/x"], 1, b"/dev/null/x")):
        done = judge(TICK, *options)
        assert done.returncode == status and said in done.stderr and done.stdout == b"", (options, done)
    assert b"--geo" in judge(b"", "--help").stdout


@case
def settings_are_heard():
    path = f"/tmp/sekisho-judge-{os.getpid()}.conf"
    try:
        with open(path, "w", encoding="utf-8") as conf:
            conf.write('default_domain = "example.jp"\nlocks_an_hour = 0\n')
        reply, = wants(judge(b'{"t":9,"ev":"submit","id":"a","account":"alice"}\n', "-c", path), 0, 1)
        assert reply["verdict"] == "pass"
        with open(path, "w", encoding="utf-8") as conf:
            conf.write("locks_an_hour = many\n")
        done = judge(TICK, "-c", path)
        assert done.returncode == 1 and b"locks_an_hour" in done.stderr and done.stdout == b""
    finally:
        os.unlink(path)


@case
def killed():
    process = start()
    process.stdin.write(TICK)
    process.stdin.flush()
    assert process.stdout.readline() == b"{}\n"
    process.kill()
    assert process.wait(PATIENCE_S) == -signal.SIGKILL and process.stdout.read() == b""
    assert wants(judge(TICK), 0, 1) == [{}]  # nothing is left behind that would hinder the next


def town(accounts, days):
    for day in range(days):
        for n in range(accounts):
            t = 1774000000 + day * 86400 + n
            who = b"user%d@d%d.example" % (n, n % 50)
            ip = b"198.51.%d.%d" % (n >> 8 & 255, n & 255)
            yield b'{"t":%d,"ev":"auth","account":"%s","ip":"%s","country":"JP","asn":%d,"ok":true,"protocol":"imap"}\n' % (t, who, ip, n % 9)
            yield b'{"t":%d.5,"ev":"submit","id":"%d-%d","account":"%s","ip":"%s","country":"JP","rcpt":["f%d@z"]}\n' % (t, day, n, who, ip, n)


@case
def ten_thousand_accounts():
    lines = b"".join(town(10000, 3))
    replies = wants(judge(lines), 0, 60000)
    assert all(reply.get("verdict", "pass") == "pass" and "lock" not in reply for reply in replies)


@case
def same_lines_same_replies():
    lines = b"".join(town(300, 4))
    for n in range(40):
        lines += (b'{"t":%d,"ev":"submit","id":"x%d","account":"user7@d7.example","ip":"203.0.113.%d","country":"%s","asn":%d,"client":"py",'
                  b'"rcpt":["v%d@q"],"spam":true}\n' % (1774400000 + n, n, n, b"VN BR RU NG TH".split()[n % 5], 60000 + n, n))
    one, other = judge(lines), judge(lines)
    assert one.stdout == other.stdout and b'"lock":["user7@d7.example"]' in one.stdout
    wants(one, 0, 2 * 300 * 4 + 40)


@case
def invented_names_make_no_accounts():
    lines = b"".join(b'{"t":%d,"ev":"auth","account":"n%d@x","ip":"203.0.113.7","ok":false}\n' % (1000 + n, n) for n in range(100000))
    wants(judge(lines), 0, 100000)


@case
def in_japanese():
    done = judge(b"hello\n", LANGUAGE="ja")
    assert done.returncode == 3 and "JSON として読めません" in done.stderr.decode() and "error" in json.loads(done.stdout)


print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
sys.exit(0 if all(results) else 1)
