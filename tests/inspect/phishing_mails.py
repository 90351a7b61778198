# SPDX-License-Identifier: Apache-2.0
"""What the made-up mails of phishing.py and ordinary.py are put together with: header fields, bodies in several encodings, invented people."""
import email.message
import email.policy
import email.utils

PEOPLE = ["Alice Martin", "Bob Keller", "Carol Jensen", "David Okafor", "Emma Rossi", "佐藤 健", "鈴木 一郎", "高橋 美咲", "田中 花子", "Kenji Watanabe",
          "Maria Lopez", "渡辺 翔", "Sofia Novak", "伊藤 さくら", "Peter Berg"]
HOMES = ["kitami-farm.example", "blue-harbor.example", "tanaka-shoten.example", "hikari-denki.example", "smallbiz.example", "studio-ume.example",
         "north-clinic.example", "apple-tree-cafe.example", "sakura-hoikuen.example", "matsuda-law.example", "visa-sapporo.example", "line-art.example",
         "kumo.example.jp", "pension-yama.example.jp", "office-amano.example.co.jp", "post-card-shop.example", "etc-parts.example"]
ME = "info@kaze.example.jp"


def address(rng, home=None):
    name = rng.choice(PEOPLE)
    word = rng.choice(["info", "sales", "contact", "office", "support", "a.mori", "yuki", "news", "shop", "noreply"])
    return name, f"{word}@{home or rng.choice(HOMES)}"


def page(paragraphs, links, rng):
    """HTML of paragraphs; links are (text, target)."""
    parts = [f"<p>{p}</p>" for p in paragraphs]
    for text, target in links:
        style = rng.choice(['<p><a href="{}">{}</a></p>', "<div><a target=_blank href='{}'><span>{}</span></a></div>",
                            '<table><tr><td bgcolor="#0055aa"><a style="color:#fff" href="{}"><b>{}</b></a></td></tr></table>'])
        parts.insert(rng.randint(max(1, len(parts) - 2), len(parts)), style.format(target.replace("&", "&amp;"), text))
    return "<html><body>" + "\n".join(parts) + "</body></html>"


def plain(paragraphs, links):
    return "\n\n".join(paragraphs) + "\n\n" + "\n".join(f"{text}\n{target}" if text != target else target for text, target in links) + "\n"


def mail(rng, sender, subject, paragraphs, links, *, to=ME, fields=(), html=None, both=None, attachments=(), raw_html=None, quoted=""):
    """One mail as bytes. `links` are (text, target); HTML, text or both, in whatever character set and encoding comes up."""
    message = email.message.EmailMessage(policy=email.policy.SMTP.clone(max_line_length=200))
    html = rng.random() < 0.6 if html is None else html
    both = rng.random() < 0.5 if both is None else both
    message["Received"] = f"from mail.{rng.choice(HOMES)} (mail.example [192.0.2.{rng.randint(1, 254)}]) by mx.kaze.example.jp with ESMTPS id {rng.randint(10**6, 10**7)}"
    message["From"] = email.utils.formataddr(sender) if isinstance(sender, tuple) else sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = email.utils.formatdate(1790000000 + rng.randint(0, 5000000))
    message["Message-ID"] = f"<{rng.randint(10**9, 10**10)}@{rng.choice(HOMES)}>"
    for name, value in fields:
        message[name] = value
    charset = "utf-8"
    text = plain(paragraphs, links) + quoted
    if rng.random() < 0.25:
        try:
            text.encode("iso-2022-jp")
            charset = "iso-2022-jp"
        except UnicodeEncodeError:
            pass
    encoding = rng.choice(["base64", "quoted-printable"]) if charset == "utf-8" else "7bit"
    if html or raw_html:
        body = raw_html or page(paragraphs, links, rng)
        if both and not raw_html:
            message.set_content(text, charset=charset, cte=encoding)
            message.add_alternative(body, subtype="html", charset="utf-8", cte=rng.choice(["base64", "quoted-printable"]))
        else:
            message.set_content(body, subtype="html", charset="utf-8", cte=rng.choice(["base64", "quoted-printable"]))
    else:
        message.set_content(text, charset=charset, cte=encoding)
    for name, kind, content in attachments:
        main, sub = kind.split("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def passed(rng, domain):
    return [("Authentication-Results", rng.choice([
        f"mx.kaze.example.jp; dkim=pass header.d={domain} header.s=s1; spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain}",
        f"mx.kaze.example.jp; dmarc=pass (p=none dis=none) header.from={domain}; spf=pass smtp.mailfrom=bounce@{domain}",
        f"mx.kaze.example.jp; dkim=pass (2048-bit key) header.d={domain} header.i=@{domain}"]))]


def failed(rng, domain):
    return [("Authentication-Results", rng.choice([
        f"mx.kaze.example.jp; dkim=none; spf=fail smtp.mailfrom={domain}; dmarc=fail (p=none) header.from={domain}",
        f"mx.kaze.example.jp; spf=softfail smtp.mailfrom=x@{domain}; dmarc=fail header.from={domain}"]))]
