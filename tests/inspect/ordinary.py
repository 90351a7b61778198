# SPDX-License-Identifier: Apache-2.0
"""Ordinary mails, made up from seeds: each family is what some honest sender writes, with all that phishing copies from it."""
from phishing_mails import HOMES, ME, address, failed, mail, passed

TRACKERS = ["click.mailtrack.example", "t.newsletter-cdn.example", "u1234567.ct.sendgrid.net", "example.us8.list-manage.com", "links.crm-tool.example",
            "r.hm-f.jp", "clicks.campaign-service.example", "e.customeriomail.com"]


def tracked(rng):
    return f"https://{rng.choice(TRACKERS)}/{rng.choice(['ls/click', 'c', 'track/click', 'e3t/Ctc', 'r'])}/{rng.randbytes(18).hex()}"


def maybe_passed(rng, domain, much=0.7):
    return passed(rng, domain) if rng.random() < much else []


def newsletter(rng):
    home = rng.choice(HOMES)
    fields = maybe_passed(rng, home)
    if rng.random() < 0.85:
        fields = [*fields, ("List-Unsubscribe", f"<https://{rng.choice(TRACKERS)}/unsub/{rng.randint(1, 10**6)}>")]
    subject, text = rng.choice([
        ("Spring sale: 20 % off until Sunday", ["Dear customer,", "our spring collection is here. Click here and save 20 % until Sunday.", "Pay with PayPal, Apple Pay or VISA."]),
        ("【本日限り】ポイント10倍キャンペーン", ["いつもご利用いただきありがとうございます。", "本日23:59までポイント10倍!今すぐチェック。", "お支払いはPayPay、楽天ペイもご利用いただけます。"]),
        ("秋の新作ができました", ["こんにちは。工房からのお知らせです。", "秋の新作が揃いました。詳しくはこちらからご覧ください。"]),
        ("Your monthly digest", ["Here is what happened this month.", "Log in to read the articles that were saved for you."]),
        ("ポイント失効のお知らせ", ["会員様各位", "お持ちの300ポイントが今月末で失効します。お早めにご利用ください。"]),
        ("セミナーのご案内 Microsoft 365 活用講座", ["Microsoft 365 の活用講座を開きます。", "お申し込みは下記リンクからお願いいたします。"]),
        ("Amazonで本が出ました", ["新刊がAmazonで発売になりました。", "感想をお聞かせください。"]),
        ("Reminder: membership renewal", ["Your membership ends on 31 March.", "Renew online in two minutes."]),
    ])
    shown = rng.choice([f"https://www.{home}/", f"www.{home}", "詳しくはこちら", "Read more", home])
    links = [(shown, tracked(rng))] + [(rng.choice(["Read more", "続きを読む", "Shop now", "配信停止はこちら"]), tracked(rng)) for _ in range(rng.randint(1, 12))]
    links += [("Instagram", "https://www.instagram.com/studio_example/")] * rng.randint(0, 1)
    return mail(rng, (rng.choice(["Studio Ume", "工房うめ", "News", "株式会社ひかり電機", "Team Example"]), f"news@{home}"), subject, text, links, fields=fields, html=True)


def order(rng):
    home = rng.choice(HOMES)
    number = rng.randint(10**5, 10**7)
    subject, text = rng.choice([
        (f"Order {number} confirmed", ["Thank you for your order.", f"Total: 48.20 EUR, paid with PayPal.", "We will tell you when your parcel is on its way."]),
        (f"ご注文ありがとうございます(注文番号{number})", ["この度はご注文いただき誠にありがとうございます。", "お支払い方法:クレジットカード(VISA)", "ヤマト運輸の宅急便でお届けいたします。"]),
        ("商品発送のお知らせ", ["ご注文の商品を発送いたしました。", f"配送業者:佐川急便 お問い合わせ番号 {number}", "ご不在の場合は再配達をご依頼ください。"]),
        ("Your parcel has been shipped", ["Your order left our house today with DHL.", f"Track it: number {number}"]),
        ("お支払いのご確認", ["ご入金を確認いたしました。商品の準備ができ次第発送いたします。"]),
        ("領収書の送付", ["領収書を添付いたします。ご確認ください。"]),
    ])
    links = [(f"https://{home}/orders/{number}", f"https://{home}/orders/{number}"), rng.choice([
        ("追跡", "https://toi.kuronekoyamato.co.jp/cgi-bin/tneko"), ("Track", f"https://www.dhl.com/track?id={number}"),
        ("お荷物を探す", f"https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={number}"), ("Shop", f"https://{home}/")])]
    return mail(rng, address(rng, home), subject, text, links, fields=maybe_passed(rng, home))


def reset(rng):
    home = rng.choice(HOMES)
    site = rng.choice([home, home, f"accounts.{home}", f"id.{home}"])
    path = rng.choice(["login", "reset", "account/verify", "password/new", "signin"])
    subject, text = rng.choice([
        ("Reset your password", ["Somebody asked to reset your password. If it was you, follow the link within 24 hours.", "If you did not make this request, do nothing."]),
        ("パスワード再設定のご案内", ["パスワード再設定のお申し込みを受け付けました。24時間以内に下記URLから手続きを行ってください。", "お心当たりのない場合は破棄してください。"]),
        ("Verify your email address", ["Please verify your email address to finish the sign-up."]),
        ("【ログイン通知】新しい端末からのログイン", ["新しいデバイスからのログインがありました。身に覚えのない場合はパスワードを変更してください。"]),
        ("メールアドレスの確認", ["会員登録ありがとうございます。以下のURLから本人確認を完了してください。"]),
        ("Your payment failed", ["We could not process your payment. Please update your payment method."]),
        ("お支払い方法の更新のお願い", ["クレジットカードの有効期限が切れています。マイページから更新してください。"]),
    ])
    target = f"https://{site}/{path}?token={rng.randbytes(12).hex()}"
    return mail(rng, (rng.choice(["", "Support", "カスタマーサポート"]), f"no-reply@{home}"), subject, text, [(rng.choice([target, "こちら", "Reset password"]), target)],
                fields=maybe_passed(rng, home, 0.8))


GENUINE = [
    ("Amazon.co.jp", "amazon.co.jp", "ご注文の確認", ["Amazon.co.jpをご利用いただきありがとうございます。", "ご注文内容はこちらからご確認いただけます。"], "https://www.amazon.co.jp/gp/css/order-details"),
    ("PayPal", "paypal.com", "Receipt for your payment", ["You sent a payment of 20.00 EUR.", "Log in to see the details."], "https://www.paypal.com/activity/payment/"),
    ("楽天カード株式会社", "mail.rakuten-card.co.jp", "カード利用のお知らせ(本人ご利用分)", ["楽天カードをご利用いただきありがとうございます。", "身に覚えのないご利用はお問い合わせください。"], "https://www.rakuten-card.co.jp/e-navi/"),
    ("三井住友カード", "contact.vpass.ne.jp", "ご利用のお知らせ【三井住友カード】", ["カードのご利用がありました。", "ご利用内容の確認はVpassから。"], "https://www.smbc-card.com/mem/index.jsp"),
    ("ヤマト運輸株式会社", "kuronekoyamato.co.jp", "ご不在連絡eメール(お届け)", ["ご不在のためお荷物を持ち帰りました。再配達をご希望の方は下記URLから。"], "https://cmypage.kuronekoyamato.co.jp/portal/top"),
    ("日本郵便", "post.japanpost.jp", "【日本郵便】e受取アシスト", ["お荷物が届いております。再配達のお申し込みはこちら。"], "https://trackings.post.japanpost.jp/delivery/deli/"),
    ("Google", "accounts.google.com", "Security alert", ["New sign-in from Linux. If this was not you, check your account."], "https://accounts.google.com/AccountChooser?Email=x"),
    ("Apple", "email.apple.com", "Your receipt from Apple", ["Apple Account: your receipt."], "https://support.apple.com/billing"),
    ("Microsoft アカウント チーム", "accountprotection.microsoft.com", "Microsoft アカウントの不審なサインイン", ["普段とは異なるサインインがありました。"], "https://account.live.com/activity"),
    ("Netflix", "mailer.netflix.com", "Update your payment", ["Your payment failed. Please update your payment method."], "https://www.netflix.com/YourAccountPayment"),
    ("えきねっと", "eki-net.com", "えきねっと 予約内容のご確認", ["ご予約ありがとうございます。"], "https://www.eki-net.com/personal/top/index"),
    ("エックスサーバー サポート", "xserver.ne.jp", "【Xserverアカウント】■重要■ お客様ご契約のアカウントにおける大量メール送信について",
     ["不審なSMTP接続が行われ、スパムと思われるメールが大量に配信されていることが確認されております。", "該当メールアカウントのパスワードを強制的に変更しております。",
      "サーバーパネルからパスワードの再設定を行っていただくことで送受信が可能となります。"], "https://secure.xserver.ne.jp/xapanel/login/xserver/"),
    ("さくらインターネット", "sakura.ad.jp", "【重要】メールパスワード変更のお願い", ["複数の不審なホストからSMTP認証が行われております。", "速やかにパスワードを変更してください。"], "https://secure.sakura.ad.jp/auth/login"),
    ("DHL Express", "dhl.com", "Your shipment is on its way", ["Your parcel will be delivered tomorrow. Reschedule delivery if you are away."], "https://delivery.dhl.com/waybill.xhtml"),
    ("NTTドコモ", "docomo.ne.jp", "dアカウント ログイン通知", ["dアカウントへのログインがありました。"], "https://id.smt.docomo.ne.jp/"),
    ("PayPay", "mail.paypay.ne.jp", "PayPayからのお知らせ", ["今月の請求金額が確定しました。"], "https://paypay.ne.jp/"),
]


def genuine(rng):
    name, domain, subject, text, target = rng.choice(GENUINE)
    links = [(rng.choice([target, target.split("/")[2], "こちら", "Details"]), target)]
    return mail(rng, (name, f"no-reply@{domain}"), subject, text, links, fields=maybe_passed(rng, domain, 0.6))


def discussion(rng):
    name, sender = address(rng)
    text = rng.choice([
        ["Hi all,", "I pushed the change, please review.", "The login page still fails the tests; see the log."],
        ["皆さま", "例会の議事録を置きました。ご確認ください。"],
        ["On Monday David wrote:", "The account page shows an error when the session expired.", "I can reproduce it."],
        ["Has anybody tried to verify the signature with the new key?", "It says that the key expired."],
    ])
    links = [(x, x) for x in [f"https://lists.{rng.choice(HOMES)}/archives/{rng.randint(1, 9999)}", rng.choice(["https://github.com/example/project/pull/12", "https://wiki.debian.org/Postfix",
                                                                                                                 f"https://{rng.choice(HOMES)}/login", "https://docs.google.com/document/d/1abc/edit"])]]
    fields = [("List-Id", "<talk.lists.example>"), ("List-Post", "<mailto:talk@lists.example>"), ("Reply-To", "talk@lists.example")]
    fields += rng.choice([[], failed(rng, sender.split("@")[1])])
    return mail(rng, (f"{name} via Talk" if rng.random() < 0.3 else name, "talk@lists.example" if rng.random() < 0.3 else sender), f"[talk] Re: {rng.choice(['login page', '議事録', 'key'])}", text, links,
                fields=fields, html=rng.random() < 0.2, quoted="\n> https://old.example/account/login\n> Your account was suspended\n")


def business(rng):
    home = rng.choice(HOMES)
    subject, text = rng.choice([
        ("お見積書送付の件", ["いつもお世話になっております。", "お見積書をお送りいたします。ご確認のほどよろしくお願いいたします。"]),
        ("打ち合わせのお願い", ["お世話になっております。", "来週の打ち合わせですが、Zoomでお願いできますでしょうか。"]),
        ("請求書の件(至急)", ["お世話になっております。", "先月分の請求書を添付いたします。お支払い期限は月末でございます。至急ご確認ください。"]),
        ("Invoice 2026-114", ["Dear Sirs,", "please find our invoice attached. It is overdue by ten days; please pay as soon as possible."]),
        ("共有フォルダのご案内", ["資料を共有フォルダに入れました。ログインの上、ご覧ください。"]),
        ("サーバー移転のご連絡", ["弊社サーバーの移転に伴い、メールの設定変更をお願いいたします。", "パスワードの変更は不要です。"]),
        ("Re: account access", ["Hello,", "your account on our test system is ready. Please log in and change the password."]),
        ("Re: アカウント停止のご連絡について", ["先日ご相談いただいたアカウント停止の件、担当に確認いたしました。", "資料をお送りしますのでご覧ください。"]),
    ])
    links = rng.choice([[], [(f"https://{home}/", f"https://{home}/")], [("Zoom", "https://us02web.zoom.us/j/123456789")],
                        [(f"https://{home}/", f"https://{home}/"), ("資料", "https://drive.google.com/file/d/1abc/view")],
                        [("資料", f"https://files.{rng.choice(HOMES)}/d/{rng.randbytes(6).hex()}")], [("資料", "https://bit.ly/3abcdEf")]])
    attachments = rng.choice([[], [], [("invoice.pdf", "application/pdf", b"%PDF-1.4 made up")], [("data.zip", "application/zip", b"PK\x03\x04")]])
    fields = maybe_passed(rng, home, 0.5)
    if subject.startswith("Re:"):
        fields = [*fields, ("In-Reply-To", f"<{rng.randint(1, 10**9)}@kaze.example.jp>")]
    return mail(rng, address(rng, home), subject, text, links, fields=fields, html=rng.random() < 0.4, attachments=attachments)


WARNING = """エックスサーバーを装ったフィッシングメールにご注意ください。
件名:【Xserverアカウント】■重要■ お客様ご契約のアカウントにおける大量メール送信について
不審なSMTP接続が行われ、スパムと思われるメールが大量に配信されていることが確認されております。
パスワードを当サポートにて強制的に変更しております。これまでのパスワードは無効となります。
◇サーバーパネル:hxxps://www.xserver-vpsonc[.]com/
公式サイトのURLは https://www.xserver.ne.jp/ です。"""


def warning(rng):
    home = rng.choice(HOMES)
    subject, text, links = rng.choice([
        ("【注意喚起】フィッシングメールについて", [WARNING], []),
        ("Fwd: 【注意喚起】", ["各位", "このようなメールが来ています。開かないでください。", WARNING], [(f"https://{home}/security", f"https://{home}/security")]),
        ("Beware of fake parcel notices", ["Mails that say \"your package could not be delivered\" and lead to hxxp://dhl-track[.]example/login are fake.",
                                            "Never click on them. See the police's page."], [("https://www.antiphishing.jp/", "https://www.antiphishing.jp/")]),
        ("【情報システム課】不審メールにご注意", ["「アカウントを停止しました」「本人確認」などと書かれたメールのリンクは開かないでください。", "報告はこちらへ。"], [("報告", f"https://{home}/report")]),
    ])
    return mail(rng, address(rng, home), subject, text, links, fields=maybe_passed(rng, home, 0.5))


def machine(rng):
    home = rng.choice(HOMES)
    subject, text, links = rng.choice([
        ("[monitor] disk usage 91 %", ["Filesystem /var is almost full.", "Mailbox quota exceeded for 3 users."], [("dashboard", "http://192.168.10.5:3000/d/disk")]),
        ("Cron <root@web> backup", ["backup finished"], []),
        ("[wiki] page changed", ["The page Login was changed."], [("diff", f"https://wiki.{home}/login?diff=12")]),
        ("Build failed", ["The build of main failed."], [("log", "https://gitlab.com/example/project/-/jobs/1")]),
        ("お問い合わせを受け付けました", ["お問い合わせありがとうございます。担当者よりご連絡いたします。"], [(f"https://{home}/contact", f"https://{home}/contact")]),
        ("Your invoice from hosting", ["Your invoice is ready in the customer area."], [("customer area", f"https://my.{home}/billing/login")]),
        ("Calendar: meeting moved", ["The meeting was moved to 15:00."], [("Teams", "https://teams.microsoft.com/l/meetup-join/19")]),
        ("Delivery Status Notification (Failure)", ["The message could not be delivered to bob@far.example.", "550 5.1.1 The email account that you tried to reach does not exist."],
         [("more", "https://support.google.com/mail/?p=NoSuchUser")]),
        ("メールボックス容量のお知らせ", ["メールボックスの容量が上限の80%に達しました。不要なメールを削除してください。"], [("ウェブメール", f"https://webmail.kaze.example.jp/")]),
    ])
    return mail(rng, rng.choice([("", f"root@{home}"), ("Monitor", f"monitor@{home}"), ("", f"noreply@{home}")]), subject, text, links, fields=maybe_passed(rng, home, 0.4))


def social(rng):
    name, domain, target = rng.choice([("Facebook", "facebookmail.com", "https://www.facebook.com/n/?login=1"), ("LinkedIn", "linkedin.com", "https://www.linkedin.com/comm/mynetwork/"),
                                       ("X", "x.com", "https://x.com/i/redirect?url=https%3A%2F%2Fx.com%2Fhome"), ("GitHub", "github.com", "https://github.com/login"),
                                       ("Dropbox", "dropbox.com", "https://www.dropbox.com/l/AAB"), ("Slack", "slack.com", "https://example.slack.com/archives/C1"),
                                       ("Zoom", "zoom.us", "https://zoom.us/rec/share/1"), ("connpass", "connpass.com", "https://example.connpass.com/event/1/"),
                                       ("Alice via DocuSign", "docusign.net", "https://na3.docusign.net/Signing/EmailStart.aspx?a=1")])
    return mail(rng, (name, f"notify@{domain}"), rng.choice(["You have a new message", "新しいお知らせがあります", "Alice shared a document with you", "Please sign the document"]),
                ["Log in to see it.", "今すぐ確認する"], [(rng.choice(["View", "確認する"]), target)] * rng.randint(1, 3), fields=maybe_passed(rng, domain), html=True)


FAMILIES = [newsletter, order, reset, genuine, discussion, business, warning, machine, social]
