#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens pages of `scan -f html` in Chromium, at three widths, light and dark, and looks whether they can be read.

usage: report_page.py PAGE.html [PAGE.html ...] SCREENSHOT_FOLDER
Needs Debian's chromium and chromium-driver, and nothing else. Prints "ok" and "not ok" lines; exit status 1 if
anything was not ok, 77 (skipped, for Meson) where there is no browser.
"""
import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
SHOT_HEIGHT_MAX = 12000

# what only the page itself can tell; a rectangle is [left, top, right, bottom]
LOOK = r"""
const seen = e => { const s = getComputedStyle(e); return s.display !== 'none' && s.visibility !== 'hidden'; };
const box = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
const found = [];
const root = document.documentElement;
for (const e of document.body.querySelectorAll('*')) {
  const r = e.getBoundingClientRect();
  if (seen(e) && r.width && !e.closest('thead') && (r.right > innerWidth + 1 || r.left < -1))
    found.push('sticks out: ' + e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + Math.round(r.right));
  if (!e.closest('svg, thead') && seen(e) && getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1)
    found.push('cut off: ' + e.tagName);
}
const plots = [...document.querySelectorAll('svg[role=img]')].map(svg => {
  const texts = [...svg.querySelectorAll('text')].filter(seen).map(t => ({ text: t.textContent, box: box(t) }));
  const bars = [...svg.querySelectorAll('rect.bar')].map(b => b.getBBox()).filter(b => b.width > 0 && b.height > 0);
  return { label: svg.getAttribute('aria-label') || '', kind: svg.getAttribute('class'), box: box(svg), texts, bars: bars.length };
});
return { wide: root.scrollWidth, window: innerWidth, height: root.scrollHeight, language: root.lang, found: found.slice(0, 9), plots,
         sizes: [...document.querySelectorAll('p,dd,td,li,text')].filter(seen).map(e => parseFloat(getComputedStyle(e).fontSize)) };
"""

# contrast of every text against what is behind it (WCAG 2.1), worst first
CONTRAST = r"""
const light = c => { const v = c.map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
                     return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const colour = t => { const m = t.match(/[\d.]+/g).map(Number); return m.length < 4 || m[3] > 0 ? m.slice(0, 3) : null; };
const behind = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); if (c) return c; }
                      return [255, 255, 255]; };
const worst = {};
for (const e of document.body.querySelectorAll('*')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.tagName === 'title') continue;
  const s = getComputedStyle(e), ink = colour(e.closest('svg') ? s.fill : s.color), paper = behind(e);
  const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
  const key = e.tagName + '.' + (e.getAttribute('class') || '');
  if (!(worst[key] <= ratio)) worst[key] = ratio;
}
return Object.entries(worst).filter(([, ratio]) => ratio < 4.5).map(([key, ratio]) => key + ' ' + ratio.toFixed(2));
"""


class Browser:
    """One session by the WebDriver protocol; gone with everything it made when the `with` block ends."""
    insecure = False  # certificates that nobody vouches for are taken

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="sekisho-browser-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen([DRIVER, f"--port={port}", "--log-level=SEVERE"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.folder})
        try:
            self.wait_for_driver()
            self.open_session()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            if "/session/" in self.url:
                self.call("DELETE", "")
        except OSError:
            pass
        self.driver.terminate()
        try:
            self.driver.wait(10)
        except subprocess.TimeoutExpired:
            self.driver.kill()
            self.driver.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode(errors="replace")[:600]) from None

    def wait_for_driver(self):
        for _ in range(150):
            try:
                self.call("GET", "/status")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("chromedriver does not answer")

    def open_session(self):
        options = {"binary": CHROMIUM, "args": FLAGS + [f"--user-data-dir={self.folder}/profile"]}
        wanted = {"browserName": "chrome", "acceptInsecureCerts": self.insecure, "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.url += "/session/" + session["sessionId"]

    def devtools(self, command, **params):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def script(self, text):
        return self.call("POST", "/execute/sync", {"script": text, "args": []})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def show(self, page, width, scheme):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.log("browser"), self.log("performance")
        self.call("POST", "/url", {"url": page.resolve().as_uri()})

    def requests(self):
        seen = []
        for entry in self.log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                seen.append(message["params"]["request"]["url"])
        return seen

    def shoot(self, to, width, height):
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, SHOT_HEIGHT_MAX), "scale": 1}
        shot = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        to.write_bytes(base64.b64decode(shot["data"]))


class Tally:
    def __init__(self):
        self.bad = self.count = 0

    def check(self, good, name, why=""):
        self.count += 1
        self.bad += not good
        print(("ok" if good else "not ok") + f" {self.count} {name}" + ("" if good else f": {why}"), flush=True)


def overlapping(texts):
    for i, one in enumerate(texts):
        for other in texts[i + 1:]:
            a, b = one["box"], other["box"]
            if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 2:
                yield f'{one["text"]!r} over {other["text"]!r}'


def outside(plot, window):
    for text in plot["texts"]:
        left, top, right, bottom = text["box"]
        if left < -0.5 or right > window + 0.5 or top < plot["box"][1] - 4 or bottom > plot["box"][3] + 4:
            yield repr(text["text"])


def check_plots(tally, name, look):
    plots = look["plots"]
    tally.check(all(p["bars"] and p["label"] for p in plots), f"{name}: each plot has bars and a label",
                [p["kind"] for p in plots if not p["bars"] or not p["label"]])
    clash = [text for p in plots for text in overlapping(p["texts"])]
    tally.check(not clash, f"{name}: no text of a plot over another", clash[:3])
    out = [text for p in plots for text in outside(p, look["window"])]
    tally.check(not out, f"{name}: no text of a plot cut off", out[:3])


def check_page(tally, browser, page, width, scheme, shots):
    name = f"{page.stem} {width} {scheme}"
    browser.show(page, width, scheme)
    look = browser.script(LOOK)
    tally.check(look["wide"] <= look["window"] == width, f"{name}: no sideways scrolling", f'{look["wide"]} of {look["window"]}')
    tally.check(not look["found"], f"{name}: nothing sticks out or is cut off", look["found"])
    tally.check(min(look["sizes"]) >= 12, f"{name}: no text below 12 px", min(look["sizes"]))
    check_plots(tally, name, look)
    faint = browser.script(CONTRAST)
    tally.check(not faint, f"{name}: contrast of 4.5 to 1 (WCAG AA)", faint)
    said = [entry["message"] for entry in browser.log("browser")]
    tally.check(not said, f"{name}: nothing on the console", said[:3])
    asked = [url for url in browser.requests() if not url.startswith("data:")]
    tally.check(asked == [page.resolve().as_uri()], f"{name}: nothing asked for over the network", asked[:3])
    browser.shoot(shots / f"{page.stem}-{width}-{scheme}.png", width, look["height"])
    return look


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if not (os.path.exists(CHROMIUM) and os.path.exists(DRIVER)):
        print("1..0 # SKIP no chromium here")
        sys.exit(77)
    pages, shots = [pathlib.Path(a) for a in sys.argv[1:-1]], pathlib.Path(sys.argv[-1])
    for page in pages:
        if not page.is_file():
            sys.exit(f"report_page.py: there is no {page}")
    shots.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with Browser() as browser:
        for page in pages:
            for scheme in SCHEMES:
                looks = [check_page(tally, browser, page, width, scheme, shots) for width in WIDTHS]
            incidents = b'class="incident' in page.read_bytes()
            tally.check(bool(looks[0]["plots"]) or not incidents, f"{page.stem}: there are plots")
            tally.check(looks[0]["language"] in ("en", "ja"), f"{page.stem}: the language is said", looks[0]["language"])
    print(f"1..{tally.count}")
    sys.exit(1 if tally.bad else 0)


if __name__ == "__main__":
    main()
