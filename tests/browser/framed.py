# SPDX-License-Identifier: Apache-2.0
"""The owner's pages in a frame of a panel: shown by the one that the settings name, by nobody else; and the owner comes in there."""
import http.server
import ssl
import threading

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PAGE = """<!doctype html><title>panel</title><h1>The panel</h1>
<form method=post action="{address}/panel" target=pages><input type=hidden name=token value="{token}"><button>mail account</button></form>
<iframe name=pages src="{address}/" width=800 height=900></iframe>"""


class Panel:
    """an address of its own, at which there is one page; behind the certificate of the pages, which is localhost's"""
    def __init__(self):
        panel = self
        self.page = b""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(panel.page)))
                self.end_headers()
                self.wfile.write(panel.page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"https://localhost:{self.server.server_port}"

    def serve(self, site, account):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(site.certificate, site.root / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.page = PAGE.format(address=site.address, token=site.word(account)).encode()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def in_frame(browser, script):
    browser.call("POST", "/frame", {"id": {ELEMENT: browser.find("iframe")}})
    try:
        return browser.script(script)
    finally:
        browser.call("POST", "/frame", {"id": None})


HEADING = "return document.querySelector('h1') ? document.querySelector('h1').textContent : ''"


def tell(site, browser, tally, account, named, stranger, wait_for):
    """`named` stands in web_frames, `stranger` does not"""
    for panel in (named, stranger):
        panel.serve(site, account)
    try:
        browser.log("browser")
        browser.go(stranger.address + "/")
        tally.check(wait_for(lambda: any("frame-ancestors" in entry["message"] for entry in browser.log("browser")), 15),
                    "framed: the browser says that a stranger may not")
        shown = in_frame(browser, "return location.protocol + document.querySelectorAll('form, header').length")
        tally.check(shown == "chrome-error:0", "framed: a stranger shows nothing of ours", shown)
        browser.go(named.address + "/")
        tally.check(wait_for(lambda: in_frame(browser, HEADING), 15), "framed: the panel that is named shows the pages", browser.log("browser"))
        browser.tick("button")
        inside = "return location.pathname + ' ' + document.querySelectorAll('.owner').length"
        tally.check(wait_for(lambda: in_frame(browser, inside) == "/panel 1", 15), "framed: by the panel's word the owner is in", in_frame(browser, inside))
        browser.script(f"document.querySelector('iframe').src = '{site.address}/account'")
        tally.check(wait_for(lambda: in_frame(browser, inside) == "/account 1", 15), "framed: and stays in", in_frame(browser, inside))
        reached = in_frame(browser, "try { return parent.document.title } catch (error) { return error.name }")
        tally.check(reached == "SecurityError", "framed: neither sees into the other", reached)
    finally:
        for panel in (named, stranger):
            panel.close()
