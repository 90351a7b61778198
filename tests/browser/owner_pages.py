#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An owner's way back, in Chromium, on the real daemon: from a code to the new password and the after-care, in Japanese and English, on a
telephone and on a desk, light and dark. Each page is looked at as an eye does and as a screen reader does, and photographed.

usage: owner_pages.py SEKISHO SCREENSHOT_FOLDER
Needs Debian's chromium and chromium-driver. Prints "ok" and "not ok" lines; exit status 1 if anything was not ok, 77 where there is no browser.
"""
import base64
import os
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "web"))
import framed  # noqa: E402
from pages import OWNERS, Gate, Site, wait_for  # noqa: E402
from report_page import CHROMIUM, CONTRAST, DRIVER, Browser, Tally  # noqa: E402

PHONE, DESK = (390, 844), (1200, 900)
GOOD, WEAK = {"ja": "Kx7-tqRm.92pf", "en": "vB4.mzWq-81hk"}, "owner123"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

LOOK = r"""
const seen = e => { const s = getComputedStyle(e); return s.display !== 'none' && s.visibility !== 'hidden'; };
const found = [], small = [];
for (const e of document.body.querySelectorAll('*')) {
  const r = e.getBoundingClientRect();
  if (e.matches('.skip') || e.closest('.progress')) continue;
  if (seen(e) && r.width && (r.right > innerWidth + 1 || r.left < -1)) found.push(e.tagName + '.' + e.className + ' ' + Math.round(r.right));
}
for (const e of document.querySelectorAll('button, a.button, header a, .owner a, .field input'))
  if (seen(e) && e.getBoundingClientRect().height < 43) small.push(e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 20));
const sizes = [...document.querySelectorAll('p,dd,dt,li,label,a,button,.field input')].filter(seen).map(e => parseFloat(getComputedStyle(e).fontSize));
return { wide: document.documentElement.scrollWidth, window: innerWidth, height: document.documentElement.scrollHeight, found, small,
         least: Math.min(...sizes), language: document.documentElement.lang, scripts: document.scripts.length,
         headings: [...document.querySelectorAll('h1')].length, title: document.title };
"""


class Owner(Browser):
    insecure = True

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def write(self, selector, text):
        element = self.find(selector)
        self.call("POST", f"/element/{element}/clear", {})
        self.call("POST", f"/element/{element}/value", {"text": text})

    def tick(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click", {})

    def press(self, selector):
        """and waits for the page to which it leads"""
        self.script("window.before = true")
        self.tick(selector)
        if not wait_for(self.is_new):
            raise RuntimeError(f"{selector} leads nowhere")

    def is_new(self):
        try:
            return self.script("return !window.before && document.readyState === 'complete'")
        except RuntimeError:  # between two pages
            return False

    def text(self, selector="main"):
        return self.call("GET", f"/element/{self.find(selector)}/text")

    def path(self):
        return "/" + self.call("GET", "/url").split("/", 3)[3]

    def at(self, size, scheme):
        width, height = size
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def photograph(self, to, size, height):
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(max(height, size[1]), 6000), "scale": 1}
        shot = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        to.write_bytes(base64.b64decode(shot["data"]))

    def nameless(self):
        """what a screen reader would have no words for, and the landmarks that it finds"""
        nodes = [node for node in self.devtools("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
        role = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if "role" in node]
        wanted = {"textbox", "checkbox", "button", "link", "heading"}
        return [each for each, name in role if each in wanted and not name.strip()], {each for each, _ in role}


class Story:
    def __init__(self, site, browser, tally, shots, language):
        self.site, self.browser, self.tally, self.shots, self.language = site, browser, tally, shots, language
        self.account = site.accounts[0 if language == "ja" else 1]

    def check(self, good, what, why=""):
        self.tally.check(good, f"{self.language}: {what}", why)

    def look(self, name):
        """the page that is shown now, as it is on a telephone and on a desk"""
        browser = self.browser
        for size, kind in ((PHONE, "phone"), (DESK, "desk")):
            for scheme in ("dark", "light"):
                browser.at(size, scheme)
                look, where = browser.script(LOOK), f"{name} {kind} {scheme}"
                self.check(look["wide"] <= look["window"] and not look["found"], f"{where}: nothing sticks out", f'{look["wide"]} {look["found"][:3]}')
                self.check(look["least"] >= 14, f"{where}: no text below 14 px", look["least"])
                self.check(not look["small"], f"{where}: all that is pressed is 44 px high", look["small"][:3])
                faint = browser.script(CONTRAST)
                self.check(not faint, f"{where}: contrast of 4.5 to 1", faint)
            browser.photograph(self.shots / f"{name}-{kind}-{self.language}.png", size, look["height"])
        self.check(look["language"] == self.language and look["scripts"] == 0 and look["headings"] == 1,
                   f"{name}: its language is said, one heading, no script", look)
        nameless, roles = browser.nameless()
        self.check(not nameless and {"banner", "main", "contentinfo"} <= roles, f"{name}: a screen reader finds words and landmarks", nameless or roles)

    def heading(self):
        return self.browser.text("h1")

    def tell(self):
        browser, site, account = self.browser, self.site, self.account
        site.gate.hijack(account)
        self.check(wait_for(lambda: site.gate.is_locked(account)), "the account is locked")
        browser.at(DESK, "light")
        browser.go(site.address + "/")
        browser.go(site.address + f"/?lang={self.language}")
        self.look("start")
        browser.write("#address", account)
        browser.press("main button")
        self.look("sent")
        code = site.code_for(account)
        browser.write("#code", "AAAA-AAAA")
        browser.press("main button")
        self.look("code-wrong")
        browser.write("#address", account)
        browser.write("#code", code.lower())
        browser.press("main button")
        self.check(browser.path() == "/account", "the code opens", browser.path())
        self.look("account")
        self.password()
        self.care()
        self.notice()

    def password(self):
        browser, site, account = self.browser, self.site, self.account
        browser.press("a.button.main")
        self.look("password")
        browser.write("#password", WEAK)
        browser.write("#again", WEAK)
        browser.press("main button.main")
        self.check(len(browser.text(".message.bad")) > 30, "a weak one is refused in words")
        self.check(not site.passwords.opens(account, WEAK) and site.gate.is_locked(account), "and changes nothing")
        self.look("password-refused")
        browser.write("#password", GOOD[self.language])
        browser.write("#again", GOOD[self.language])
        browser.press("main button.main")
        self.check(bool(browser.text(".message.good")), "a good one is taken")
        self.check(site.passwords.opens(account, GOOD[self.language]), "the new one opens")
        self.check(not site.passwords.opens(account, "old"), "the old one does not")
        self.check(not site.gate.is_locked(account), "the account is open again")
        self.look("done")
        browser.go(site.address + "/password")
        browser.press("button.second")
        made = browser.text(".secret code")
        self.check(site.passwords.opens(account, made), "one that was made opens")
        self.look("generated")
        browser.go(site.address + "/account")
        self.look("account-open")

    def care(self):
        browser = self.browser
        browser.go(self.site.address + "/care")
        browser.tick("input[name=done][value=passwords]")
        browser.tick("input[name=idle][value=web_space]")
        browser.press("main button.main")
        self.look("care")
        browser.go(self.site.address + "/care")
        ticked = browser.script("return [...document.querySelectorAll('main input:checked')].map(e => e.name + ' ' + e.value)")
        self.check({"done passwords", "idle web_space"} <= set(ticked) and "done devices" not in ticked, "what was ticked stays so", ticked)

    def notice(self):
        browser, site = self.browser, self.site
        browser.press(".owner button")
        self.check(browser.path() == "/" and not browser.script("return document.querySelectorAll('.owner').length"), "whoever leaves is gone")
        browser.go(site.address + "/account")
        self.look("fault")
        browser.go(site.address + "/notice")
        self.look("notice")
        browser.write("#code", site.notice_code(self.account))
        browser.write("#address", site.contact_of(self.account))
        browser.press("main button.main")
        self.look("notice-ours")
        browser.write("#code", "AAAAA-AAAAA")
        browser.write("#address", site.contact_of(self.account))
        browser.press("main button.main")
        self.look("notice-fake")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if not (os.path.exists(CHROMIUM) and os.path.exists(DRIVER)):
        print("1..0 # SKIP no chromium here")
        sys.exit(77)
    Gate.binary, shots = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    shots.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    named, stranger = framed.Panel(), framed.Panel()
    with Site(list(OWNERS)[:3], web_frames=f'{{ "{named.address}" }}') as site, Owner() as browser:
        for language in ("ja", "en"):
            Story(site, browser, tally, shots, language).tell()
        asked = [url for url in browser.requests() if not url.startswith((site.address, "data:", "chrome", "about:"))]
        tally.check(not asked, "nothing is asked of anybody else", asked[:3])
        said = [entry["message"] for entry in browser.log("browser") if " 403 " not in entry["message"]]
        tally.check(not said, "nothing on the console", said[:3])
        framed.tell(site, browser, tally, site.accounts[2], named, stranger, wait_for)
    tally.check(not site.gate.found, "no sanitizer says anything", site.gate.found)
    print(f"1..{tally.count}")
    sys.exit(1 if tally.bad else 0)


if __name__ == "__main__":
    main()
