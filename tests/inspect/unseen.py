# SPDX-License-Identifier: Apache-2.0
"""Words that no table knew when they were written, for `phishing.py --words unseen` and `held_out`: of phishing, and of honest mails that look like it.
What is held out was not looked at while signs were weighed; whoever takes words or weights from it writes new ones."""
from phishing_mails import HOMES, ME, address, mail, passed

UNSEEN = [
    ("Payroll correction for March", ["Good morning,", "our records show an error in the bank data on file for you, so this month's salary was not released.",
                                      "Sign in to the employee portal before Friday noon and correct it, or the payout moves to next month."]),
    ("You have (1) unheard recording", ["A caller left a message of 0:47 on your line.", "Listen with your work password. The recording is removed after two days."]),
    ("IT: migration of your profile tonight", ["All staff,", "we are moving everybody to a new mail cluster. Profiles that were not confirmed by 18:00 lose their folders.", "Log on once to keep yours."]),
    ("Parking charge PCN-55201", ["A vehicle registered to you was seen in a restricted zone.", "The charge doubles if it is not settled by tomorrow. See the photographs and pay here."]),
    ("Storage of your cloud photos", ["Your plan ran out last night and backups stopped.", "All pictures will be erased on Sunday unless the plan is renewed."]),
    ("Wallet synchronisation needed", ["A network update requires that each holder re-enters the recovery phrase.", "Coins in wallets that are not synchronised may be lost."]),
    ("Your domain is about to lapse", ["Dear owner,", "the registration of your domain ends today and your website will go offline.", "Renew it now with your card."]),
    ("Copyright complaint against your page", ["Content on your page was reported by its owner.", "If you do not appeal within 12 hours the page will be taken down for good."]),
    ("New document for signature", ["Your manager has sent you an agreement.", "It must be signed with your company login by the end of the day."]),
    ("Tax office: difference in your favour", ["After the yearly review 418.20 are owed to you.", "Give us the card to which it should be sent."]),
    ("Ihr Kundenkonto", ["Sehr geehrter Kunde,", "wir haben ungewöhnliche Vorgänge festgestellt und den Zugang vorsorglich gesperrt.", "Bitte melden Sie sich an und bestätigen Sie Ihre Angaben."]),
    ("Toll road invoice", ["You passed a gate without a valid tag.", "The open amount of 6.99 must be paid today to avoid a fine of 50.00."]),
    ("電子証明書の期限切れについて", ["ご利用者様", "お使いのメールソフトの証明書が本日で期限を迎えます。", "このままですと明日から受信ができませんので、下記ページで更新をお済ませください。"]),
    ("【至急】給与明細の訂正について", ["社員各位", "3月分の給与計算に誤りがありました。", "本日17時までに社員番号とパスワードで入り、振込口座をご確認ください。"]),
    ("お支払い金額のお知らせ", ["ご請求額 48,600円", "口座から引き落とすことができませんでした。翌営業日までにお手続きがない場合は遅延損害金が発生いたします。"]),
    ("会員ステータス変更のご連絡", ["会員様", "登録情報に一致しない項目が見つかったため、現在ご利用をお控えいただいております。", "再開するには次のページで情報を入力してください。"]),
    ("電気料金の還元について", ["このたび燃料費の調整により、お客様に12,300円を返金いたします。", "受け取り口座の登録を本日中にお済ませください。"]),
    ("ログイン試行のご報告", ["別の地域からお客様のIDで入ろうとする動きが見られたため、念のため鍵をかけました。", "解除にはご本人の操作が必要です。"]),
    ("共有ファイルが届いています", ["佐藤様より「見積書_最終.xlsx」が共有されました。", "閲覧には会社のメールアドレスとパスワードが必要です。48時間で消えます。"]),
    ("保険料のお支払いに関する大切なご案内", ["ご契約のカードが使えなくなっているようです。", "今週中に別のカードをご登録いただかないと、ご契約は効力を失います。"]),
    ("送信メールが戻っています", ["管理者より", "あなたのメール12通が相手に届かず、サーバーに溜まっています。", "確認して送り直すには、いつものパスワードを入れてください。"]),
    ("マイレージ有効期限", ["8,400マイルがまもなく消滅します。", "今夜までに交換手続きを行えば商品券にお取り替えできます。"]),
    ("ETCご利用照会の確認", ["直近の走行データが照合できませんでした。", "お車の情報とお支払い手段を再度ご入力ください。未対応の場合カードは使えなくなります。"]),
    ("住民税に関する通知書", ["あなたの納税額に不足が見つかりました。", "期日を過ぎますと延滞金が加わり、給与から差し引かれることがあります。"]),
]
HELD_OUT = [
    ("Benefits enrolment closes today", ["Hello,", "you have not chosen a plan yet, and coverage stops at midnight for those who have not.", "Use your staff credentials to choose."]),
    ("Fax: 3 pages from 0203 555 0141", ["A fax arrived for you. Because it is confidential, open it with the password of your mailbox.", "It can be read until tomorrow."]),
    ("Action on your seller profile", ["We could not match the papers that you sent us. Payouts are stopped for now.", "Upload your passport and card again to go on selling."]),
    ("Message from the library", ["Your borrowing rights end this week.", "Renew them with your campus ID and password, otherwise fees apply."]),
    ("Antivirus licence ended", ["Protection of your computer stopped, and 4 threats were found.", "Renew within the hour to remove them at half the price."]),
    ("Bank: new rules for transfers", ["Dear client,", "from Monday on transfers work only for customers who have registered a second device.", "Register it here, it takes two minutes."]),
    ("Web hosting: invoice not settled", ["Our attempts to collect the fee were not successful.", "The files of your site will be removed in three days."]),
    ("Your streaming plan", ["Something went wrong with the last bill.", "Watch on by entering a valid card."]),
    ("Compliance training overdue", ["You are among the few who have not finished the mandatory course.", "Access to all systems ends tomorrow. Start with your usual sign-on."]),
    ("Meldung Ihrer Bank", ["Guten Tag,", "Ihre TAN-App läuft in wenigen Tagen ab.", "Erneuern Sie sie jetzt, sonst ist kein Online-Banking mehr möglich."]),
    ("Customs office", ["A letter with goods for you cannot leave our office before the duties of 2.40 are paid.", "After five days it goes back to the sender."]),
    ("Someone requested to close your mailbox", ["We received a wish to remove your address from our servers.", "If it was not you, cancel it here at once."]),
    ("年金記録の照合について", ["記録に漏れがある可能性がございます。", "至急マイページより基礎番号と口座をご照合ください。応じられない場合は支給が遅れます。"]),
    ("配送センターより", ["お客様宛の小包を預かっておりますが、部屋番号が読み取れません。", "三日以内にご入力がなければ差出人へ返送いたします。"]),
    ("メールシステム入れ替えのお知らせ", ["今週末にメールの仕組みを新しくします。", "引き続きお使いになる方は、事前に下のページでIDとパスワードをお知らせください。手続きがない箱は空になります。"]),
    ("証券口座のご利用について", ["お客様の口座で身元の分からない注文がありました。", "ただちに取引暗証番号を入れ直し、注文を取り下げてください。"]),
    ("ポイント二重付与のお詫び", ["システムの不具合により、お客様のポイントに誤りがございます。", "明日までに訂正のお手続きをいただけませんと全て失われます。"]),
    ("駐車違反の反則金", ["お車が違反区域で撮影されました。", "写真をご覧のうえ、本日中にカードでお納めください。"]),
    ("動画サービスからのご連絡", ["先月分の料金をいただくことができませんでした。", "視聴を続けるには新しいカードをご入力ください。"]),
    ("不在票番号 4471", ["本日お伺いしましたがお留守でした。", "ご希望の日時を選び、保管料120円をお納めください。"]),
    ("役員報酬資料の閲覧依頼", ["機密資料が一件届いています。", "社内アカウントで開き、今日中に承認をお願いします。"]),
    ("クラウドのプランが終わりました", ["写真と書類の控えが止まっています。", "日曜日までに更新されなければ全てのデータが消去されます。"]),
    ("学認アカウント更新", ["学生・教職員の皆様", "来週から古い認証は使えません。", "学籍番号と現在のパスワードで移行をお済ませください。"]),
    ("カードの安全確認", ["普段と違う買い物の跡がありました。", "ご自身のものでなければ、画面で番号と暗証番号を入れて止めてください。"]),
]

CALLS = ["Go to portal", "Listen", "Open document", "Pay now", "Proceed", "Review", "続ける", "手続きへ進む", "詳細を見る", "今すぐ更新"]
HELD_OUT_CALLS = ["Start here", "To the form", "Keep it", "Settle", "Read", "こちらをクリック", "登録する", "開く", "お客様ページへ", "進む"]

# Written after sign_demand.c and its words were done (the sets above before them, but by the same hand), and no word was taken from it: 86 of 100 bore a right sign
# without sign_demand.c, 93 with it, 96 once signs that need no words had been weighed anew.
AFTERWARDS = [
    ("Refund for your cancelled flight", ["We cancelled a leg of your journey.", "To get the fare back, hand in the details of the card you booked with before the claim lapses."]),
    ("Hotel: problem with the booking", ["The property could not check your card.", "Your room is given away in 12 hours if the check is not repeated."]),
    ("Withdrawal of 0.84 BTC requested", ["A withdrawal was started from a phone in another city.", "Stop it by logging in with your two-factor code."]),
    ("Summons to court", ["You failed to appear as a witness.", "Read the file with your citizen number before the bailiff is sent."]),
    ("Blue badge", ["Your profile qualifies for a badge.", "Hand over your handle, mail and passphrase to apply; the round is over at noon."]),
    ("Password manager: your vault leaked", ["Copies of your vault were offered for sale.", "Move to a new vault with the master password right now."]),
    ("Scholarship 2027", ["You are on the list for a grant of 2,000.", "Send your account for the transfer, the list is final on Thursday."]),
    ("Water works: meter reading", ["Your reading is missing and the supply is cut next Monday.", "Type the reading and pay the deposit."]),
    ("Anonymous staff survey", ["The board would like to hear from you.", "Open it with the same name and password as your computer."]),
    ("Mail storage: 2 GB for nothing", ["We give each user more room this month.", "Claim it with your mail and password."]),
    ("Unpaid reminder no. 3", ["Our bookkeeping still lacks 212.00 from you.", "The matter goes to lawyers next week. The statement is in our cloud."]),
    ("VPN certificate", ["Your access certificate runs out.", "Renew it with your domain account so that you can work tomorrow."]),
    ("受信料のお支払い確認", ["ご契約の受信料が二期分確認できておりません。", "裁判の手続きに入る前に、カードでお納めください。"]),
    ("水道局からのお知らせ", ["検針の結果、過払いがございました。", "振り込み先を本ページにご記入ください。受付は明後日で終わります。"]),
    ("裁判所出頭命令", ["あなたに対する訴えが出されました。", "内容の閲覧にはマイナンバーの入力が必要です。"]),
    ("健康保険証の切り替え", ["現在の保険証は来月から使えません。", "写しと口座番号をお送りください。"]),
    ("フリマアプリ運営事務局", ["あなたの商品に違反の通報がありました。", "身分証の提出がないと売上金は没収されます。"]),
    ("ワンタイムパスワード再発行", ["機種変更の記録がありました。", "ご本人でなければ、契約者番号と暗証で取り消してください。"]),
    ("ふるさと納税返礼品の配送", ["返礼品が宛先不明で戻りました。", "配送先と連絡先を入れ、送料をお支払いください。"]),
    ("年末調整の差額", ["計算の結果、15,200円が戻ります。", "会社のIDで入り、受け取り方法を選んでください。締め切りは明日です。"]),
    ("メールの引っ越しが終わっていません", ["古い受信箱は今夜止まります。", "残りの3,120通を移すには、いつもの鍵(パスワード)を入れてください。"]),
    ("株主様へ", ["優待の権利が月末で消えます。", "住所と証券番号をお知らせください。"]),
    ("旅行予約サイトより", ["ご予約のお支払いが通りませんでした。", "六時間以内に別のお支払いを行わないと取り消されます。"]),
    ("大切なお知らせ(ガス)", ["ガス機器の点検に応じていただけていません。", "供給を止める前に、日時を選び点検料をお支払いください。"]),
]
AFTERWARDS_CALLS = ["Go on", "Claim", "To the file", "Stop it", "Apply", "申し込む", "回答", "次へ", "取り消す", "ご案内"]

# ---- honest mails that lead elsewhere, ask for something, or are in a hurry

SAAS = ["app.teamboard.example", "booking-widget.example", "survey-house.example", "invoice-cloud.example", "shop-engine.example.jp", "reserve-now.example.jp", "school-connect.example.jp",
        "ticketdesk.example", "hr-suite.example", "files-share.example"]

HONEST = [
    ("Your appointment on Thursday", ["Hello,", "this is to remind you of your appointment at 10:30. Move or cancel it with the button, at the latest 24 hours before."], ["Move appointment", "Cancel"]),
    ("How was your stay?", ["Dear guest,", "thank you for staying with us. Two minutes of your time would help us a lot. The survey ends on Sunday."], ["Start survey"]),
    ("Invoice 4471 from Blue Harbor", ["Dear customer,", "your invoice is ready. Please pay it until the 30th. You can see and pay it online."], ["View and pay invoice"]),
    ("Alice invited you to a board", ["Alice Martin wants to work with you on the board Spring fair.", "Sign in or make an account to accept."], ["Accept invitation"]),
    ("Payslip for March", ["Your payslip is ready in the staff portal.", "Log in as usual."], ["Open portal"]),
    ("Registration closes on Friday", ["Dear members,", "do not forget to register for the summer camp. We can hold your place until Friday."], ["Register"]),
    ("Ticket #2231 was updated", ["Peter answered your request: Please restart the router and tell us whether the account works again."], ["View ticket"]),
    ("Your files are ready", ["Emma sent you 3 files (48 MB). They will be deleted in 7 days."], ["Download"]),
    ("ご予約の確認", ["お客様", "ご予約ありがとうございます。変更やキャンセルは前日までに下記ページでお手続きください。"], ["予約を確認する"]),
    ("アンケートのお願い", ["先日はご来店ありがとうございました。", "本日中にお答えいただいた方に300円券を差し上げます。"], ["回答する"]),
    ("請求書発行のお知らせ", ["平素よりお世話になっております。", "3月分の請求書を発行いたしました。期限までにお支払いをお願いいたします。"], ["請求書を見る"]),
    ("【保護者の皆様】個人面談の日程", ["面談の希望日を金曜日までにご入力ください。", "入力のない場合はこちらで決めさせていただきます。"], ["入力する"]),
    ("勤怠の締め切りについて", ["社員各位", "今月の勤怠は本日18時までに入力してください。締め切り後は変更できません。"], ["勤怠を入力"]),
    ("見積書をお送りします", ["お世話になっております。見積書をご用意いたしました。", "ログイン不要でご覧いただけます。有効期限は30日です。"], ["見積書を開く"]),
]
HONEST_HELD_OUT = [
    ("Your table for four", ["Dear guest,", "we look forward to Saturday. If you do not confirm by Friday noon we have to give the table to others."], ["Confirm reservation"]),
    ("Contract for signature", ["Dear Mr Keller,", "as discussed the contract is ready. Please sign it within five days."], ["Review and sign"]),
    ("Membership fee", ["Dear member,", "we could not book the yearly fee from your account, perhaps it has changed. Please tell us the new one or pay by card."], ["Pay fee"]),
    ("Welcome to your new school account", ["Hello,", "an account was made for your child. Choose a password to use it."], ["Choose password"]),
    ("Reminder: timesheet", ["You have not filled in last week. Please do so until tonight, otherwise it cannot be paid this month."], ["Fill in"]),
    ("Webinar starts in an hour", ["Join with the button. The link is yours alone, do not pass it on."], ["Join"]),
    ("Parcel locker code", ["Your order is in the locker at the station. The code is 4471. It stays there for three days."], ["Where is it?"]),
    ("Vote on the new statutes", ["Dear members,", "voting ends tomorrow at noon. Each account has one vote."], ["Vote now"]),
    ("ご購入者様へのお願い", ["部品に不具合が見つかりましたので、至急使用を中止し、交換をお申し込みください。"], ["交換を申し込む"]),
    ("受験票のダウンロード", ["受験番号と申込時のパスワードで受験票を印刷してください。当日お持ちでない場合は受験できません。"], ["受験票"]),
    ("会費未納のお知らせ", ["会員各位", "今年度の会費がまだ確認できておりません。月末までにお納めください。行き違いの場合はご容赦ください。"], ["会費を納める"]),
    ("面接日程のご案内", ["応募ありがとうございます。明日17時までにご希望の日時をお選びください。"], ["日程を選ぶ"]),
    ("共有フォルダの期限", ["お送りしたファイルは3日後に消えますので、早めにお受け取りください。"], ["受け取る"]),
    ("宅配ボックスのお知らせ", ["荷物をお預かりしています。暗証番号は4471です。三日以内にお引き取りください。"], ["詳細"]),
]
HONEST_AFTERWARDS = [
    ("Your shift was changed", ["Hello,", "your shift on Monday now starts at 7. Tell us today if that does not work."], ["Answer"]),
    ("Donation receipt", ["Thank you for your gift of 50.00. The receipt can be fetched until the end of the year."], ["Receipt"]),
    ("New password policy", ["From next month passwords need 14 letters. You will be asked when you log in; nothing has to be done now."], ["Read more"]),
    ("Your quote expires soon", ["The price of 480.00 holds until Friday. After that material costs more."], ["Accept quote"]),
    ("Parents' evening", ["Please choose a time by tonight. Without one we cannot keep a place for you."], ["Choose"]),
    ("Your card was charged", ["We charged 12.00 to your card for March. The invoice is online."], ["Invoice"]),
    ("Car ready for inspection", ["The inspection of your car ends this month. Book a date, otherwise a fine may follow."], ["Book"]),
    ("Join our team account", ["Emma has made an account for you. Set a password within two days."], ["Set password"]),
    ("健康診断の予約", ["社員各位", "今週中に受診日を登録してください。登録のない方には総務より連絡します。"], ["登録する"]),
    ("お支払い期限のご案内", ["コンビニ払いの期限は明日です。お支払いがない場合、ご注文は取り消されます。"], ["払込票"]),
    ("契約更新のお願い", ["ご契約は来月末で終わります。継続される方は更新のお手続きをお願いいたします。"], ["更新する"]),
    ("懇親会の出欠", ["明日までに出欠をご回答ください。会費は4,000円です。"], ["回答する"]),
    ("貸出期限", ["お借りの本の期限が過ぎています。返却されない場合、貸出を停止します。"], ["利用状況"]),
    ("会員カード切り替え", ["新しい会員カードをお送りしました。届かない場合はご連絡ください。"], ["会員ページ"]),
]

# Written last of all, after every sign and weight, and only measured: 3,853 and 3,883 of 4,000 bore a right sign, 1 of 16,000 ordinary ones was marked.
LAST = [
    ("Loyalty card: 3 stamps to go", ["Your card was merged with another one.", "Undo the merge by naming the telephone number and PIN of the card."]),
    ("Gym contract", ["Your contract was prolonged by two years.", "To object in time, log in with your member name and password by tonight."]),
    ("Notice 7 from the electricity board", ["Your supplier has left the market.", "Without a new mandate for your bank account you will be without power on the 3rd."]),
    ("Zoom meeting with HR", ["You have been invited to a talk about your position.", "Enter with your company mail and its password; the room closes in ten minutes."]),
    ("Backup codes", ["The codes with which you get back into your account were printed from another computer.", "Declare the old ones void."]),
    ("Inheritance file 20-771", ["A relative of yours left 1.2 million.", "The notary needs a copy of your passport and an account."]),
    ("Recruiter: remote job, 38 an hour", ["We read your CV with pleasure.", "To book you for the first week we need your bank login for the test transfer."]),
    ("Mobile plan", ["Your number is to be moved to another provider at midnight.", "If you did not order this, stop it with your customer PIN."]),
    ("Vaccination record", ["Your record could not be found in the register.", "Hand it in with your insurance number before your rights end."]),
    ("Your cart at the pharmacy", ["The prescription was refused by the insurer.", "Pay the difference of 8.90 so that it is sent today."]),
    ("Printer on floor 2", ["A job of yours is waiting and will be deleted.", "Release it with your computer password."]),
    ("Rent", ["Your landlord changed the bank.", "Set up the new standing order here and confirm it with a TAN."]),
    ("Votre colis", ["Bonjour,", "votre colis est retenu au centre de tri faute d'adresse complète.", "Réglez 1,95 pour une nouvelle livraison sous 24 heures."]),
    ("Aviso de su banco", ["Estimado cliente,", "su tarjeta ha sido bloqueada por seguridad.", "Actualice sus datos para seguir usándola."]),
    ("図書カード当選", ["厳正な抽選の結果、お客様が選ばれました。", "お届け先と生年月日を二日以内にお知らせください。"]),
    ("町内会費の集金について", ["今年から口座での集金に変わります。", "通帳の番号と届け出印の写しをお送りください。"]),
    ("奨学金返還のお願い", ["三回分の返還が滞っております。", "差し押さえを避けるため、本日中にカードでご返還ください。"]),
    ("オンライン診療の結果", ["検査の結果が出ました。", "保険証の番号と生年月日でご覧ください。七日で消えます。"]),
    ("社内ポータル統合", ["月曜から新しいポータルになります。", "古い社員番号とパスワードで一度お入りいただかないと給与明細が見られません。"]),
    ("チケット転売の疑い", ["ご購入の席に転売の疑いがあります。", "ご本人様の確認が取れない場合は席を取り消します。身分証をお出しください。"]),
    ("複合機からの通知", ["スキャンした書類が一件、保管庫にあります。", "開くにはメールと同じパスワードが要ります。"]),
    ("携帯電話番号の乗り換え手続き", ["お客様の番号が他社へ移される手続きが始まりました。", "止めるには今夜までに暗証番号を入れてください。"]),
    ("固定資産の評価替え", ["評価額に誤りがあり、過大な税をお預かりしています。", "返金先の口座を五日以内にご指定ください。"]),
    ("退会を受け付けました", ["お客様のお申し出により明日退会となります。", "お心当たりがない場合は、会員番号とパスワードで取りやめてください。"]),
]
LAST_CALLS = ["Object", "To the room", "Void them", "Hand in", "Release", "Régler", "取りやめる", "指定する", "結果を見る", "お入りください"]
HONEST_LAST = [
    ("Your gym contract ends", ["Hello,", "your contract ends on the 30th. If you wish to stay, prolong it at the desk or online by then."], ["Prolong"]),
    ("Scan from the office printer", ["Three pages were scanned for you. The link works for two days."], ["Fetch scan"]),
    ("Interview on Tuesday", ["We would like to meet you. Please pick a time by tomorrow; after that we offer the places to others."], ["Pick a time"]),
    ("Your prescription is ready", ["It is kept for you for seven days. Please bring your insurance card."], ["Opening hours"]),
    ("Rent statement", ["The yearly statement is online. 84.20 are open; please transfer them within a month."], ["Statement"]),
    ("Unclaimed ticket", ["Your ticket for the fair was not fetched yet. Log in with your order number to print it."], ["Print ticket"]),
    ("Please confirm your subscription", ["You asked for our letter. Confirm within 48 hours, otherwise we forget your address."], ["Confirm"]),
    ("Library: new log-in", ["From June on you log in with your card number and a password of your own. Please choose one until then."], ["Choose"]),
    ("検査結果のご案内", ["先日の検査の結果がまとまりました。診察券の番号でご覧いただけます。"], ["結果を見る"]),
    ("自治会費のお願い", ["今年度の会費を月末までに集金いたします。口座振替をご希望の方は用紙をお送りします。"], ["用紙"]),
    ("座席指定の締め切り", ["明日の正午までに座席をお選びください。選ばれない場合は自動で決まります。"], ["座席を選ぶ"]),
    ("スキャンデータ送付", ["会議資料をスキャンしました。七日間ダウンロードできます。"], ["ダウンロード"]),
    ("退会手続き完了のお知らせ", ["退会のお手続きが完了しました。ご利用ありがとうございました。またのご利用をお待ちしております。"], ["トップページ"]),
    ("奨学金説明会", ["申請を希望する方は金曜日までに登録してください。登録のない方は申請できません。"], ["登録する"]),
]


def service(texts):
    """Somebody honest writes over a service that others use, whose links lead to the service; or has the page somewhere else altogether."""
    def one(rng):
        subject, text, calls = rng.choice(texts)
        home, host = rng.choice(HOMES), rng.choice(SAAS)
        name, sender = address(rng, home)
        if rng.random() < 0.3:
            sender = f"notice@{host}"
        path = rng.choice(["", f"r/{rng.randbytes(6).hex()}", f"account/{rng.randint(1, 999)}", f"login?next=%2F{rng.randint(1, 99)}", f"e/{rng.randbytes(9).hex()}", "confirm/77"])
        links = [(call, f"https://{host}/{path}") for call in calls] + [(f"https://www.{home}/", f"https://www.{home}/")] * rng.randint(0, 1)
        fields = passed(rng, sender.split("@")[1]) if rng.random() < 0.8 else []
        if rng.random() < 0.2:
            fields = [*fields, ("Reply-To", address(rng, home)[1])]
        return mail(rng, (name, sender), subject, text, links, fields=fields, to=rng.choice([ME, f"Kaze <{ME}>"]))
    one.__name__ = "service"
    return one


SETS = {"unseen": (UNSEEN, CALLS, HONEST), "held_out": (HELD_OUT, HELD_OUT_CALLS, HONEST_HELD_OUT),
        "afterwards": (AFTERWARDS, AFTERWARDS_CALLS, HONEST_AFTERWARDS), "last": (LAST, LAST_CALLS, HONEST_LAST)}
