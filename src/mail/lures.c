/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/lures.h"

#include "base/i18n.h"

const struct lure_row lure_rows[] = {
	{ LURE_ACCOUNT, 4,
	  "account has been suspended|account has been limited|account has been locked|account has been restricted|account is suspended|"
	  "account is limited|account will be suspended|account will be closed|account will be terminated|account will be deactivated|"
	  "account will be disabled|account will be locked|account will be deleted|account will be limited|account was suspended|"
	  "account suspended|account suspension|account has been temporarily|access has been limited|access has been suspended|"
	  "access to your account has been|restore your account|restore access|restore full access|reactivate your account|"
	  "unlock your account|avoid suspension|avoid account closure|avoid service interruption|avoid interruption|account on hold|"
	  "your account is on hold|account deactivation|account is at risk|account has been flagged|account has been disabled|"
	  "service will be suspended|services will be suspended|domain will be suspended|domain has been suspended|card has been suspended|"
	  "card has been blocked|card has been temporarily|account limited|account restricted|mailbox will be closed|アカウントを停止|"
	  "アカウントの停止|アカウントが停止|アカウントは停止|アカウントを一時停止|アカウントの利用を停止|アカウントの利用制限|"
	  "アカウントを制限|アカウントの利用を制限|アカウントが制限|アカウントをロック|アカウントがロック|アカウントは一時的に|"
	  "アカウントが凍結|アカウントを凍結|アカウントが無効|アカウントを無効|アカウントの使用を停止|アカウントが一時的に|"
	  "アカウントを一時的に|アカウントの一時停止|アカウントロック|アカウントを閉鎖|アカウントが閉鎖|アカウントを削除|利用停止|利用を停止|"
	  "利用を制限|利用を一部制限|利用が制限|利用を一時的に|使用を停止|使用を一時停止|ご利用制限|利用制限の|カードのご利用を一部|"
	  "カードの利用を停止|カードが停止|カードを停止|口座を凍結|口座の利用を|口座が凍結|取引を制限|お取引を制限|取引を停止|送電停止|"
	  "電気の供給を停止|強制解約|アカウントを復元|アカウントの復元|停止を解除|停止させていただ|restrict some|restricted some|"
	  "limited some|some features of your account|service will be interrupted|closed for good|closed permanently|permanently closed|"
	  "permanently disabled|permanently deleted|機能を制限|一部の機能|利用をお断り|ご利用いただけなく|制限が継続|継続して制限|"
	  "制限させていただ|凍結され|一時保留|保留させていただ|アカウントの異常|アカウントに異常|アカウントに問題|we have locked|"
	  "we have blocked|we locked your|we blocked your|we suspended your|we have suspended|have blocked online access|blocked access to|"
	  "membership is paused|membership is on hold|membership on hold|subscription is on hold|locked out of|avoid being locked|退会処理|"
	  "自動退会|解約予告|サービス休止|お取引規制|取引規制|異常検知|会員サービスのご提供|見合わせることが|アカウントは順次|"
	  "プライム会員資格" },
	{ LURE_ACCOUNT, 1.5f,
	  "利用できなくな|停止されま|停止しました|停止いたしました|停止しております|停止されました|停止いたします|サービスの停止|サービスが停止|"
	  "サービスを停止|使用制限|契約を解除|無効となります|無効になります|ロックを解除|制限を解除|利用再開|service interruption|"
	  "avoid any interruption|アカウント停止|停止される|会員資格" },
	{ LURE_INTRUDER, 3.5f,
	  "unusual sign-in|unusual sign in|unusual login|unusual activity|suspicious activity|suspicious sign-in|suspicious login|"
	  "unauthorized access|unauthorized login|unauthorized transaction|unauthorised transaction|unauthorised access|someone tried to|"
	  "someone else has|login attempt from|logged in from an unknown|unrecognized device|unrecognised device|unknown device|"
	  "your password has been reset|was accessed from|fraudulent activity|has been compromised|was not made by you|if this was not you|"
	  "if you did not make this|if you did not authorize|不正ログイン|不正利用|不正なアクセス|不正なログイン|不正使用|第三者に利用|"
	  "異常なログイン|異常なアクセス|異常なアクティビティ|異常を検出|異常が検出|異常が検知|不審なログイン|不審なアクセス|不審な取引|"
	  "不審な利用|見知らぬデバイス|別の端末から|疑わしい取引|疑わしいアクティビティ|セキュリティ上の問題|セキュリティ警告|"
	  "パスワードが変更され|パスワードを強制的に変更|異常な取引|他人に利用|情報が漏洩|情報が流出|something strange|sign in from another|"
	  "sign-in from another|tried to sign in|attempt to sign in|used your password|unusual attempt|secure your account|普段と異なる|"
	  "いつもと異なる|通常と異なる|普段とは異なる|以外の場所から|ログインが検出|アクセスが確認され|ログインが確認され|端末からのアクセス|"
	  "危険にさらされ|do not recognise this|do not recognize this|did not recognise|did not recognize|didn't recognize|"
	  "not recognise this|dispute this|cancel this order|cancel the order|cancel this payment|覚えがない|覚えのない|お取り消し|"
	  "取引をキャンセル|注文をキャンセル|異常ログイン|不正取引" },
	{ LURE_INTRUDER, 2,
	  "不正に|海外からのアクセス|ログインがありました|サインインがありました|第三者による|第三者からの|security alert|身に覚えのない|"
	  "心当たりのない|お心当たりのない|新しいデバイスから|別のデバイス|new sign-in from|password was changed|password has been changed|情報漏洩|"
	  "不正アクセス|protect your account|signed in from|乗っ取り" },
	{ LURE_IDENTITY, 3,
	  "verify your identity|confirm your identity|verify your information|verify your email address to avoid|"
	  "update your account information|confirm your information|confirm your details|verify your details|validate your account|"
	  "validate your email|re-validate|revalidate|verify your mailbox|confirm ownership|verify now|confirm your password|"
	  "verify your payment|verify your card|update your billing|update your payment|update payment|update your card|update your security|"
	  "complete the verification|本人確認|ご本人様確認|ご本人確認|個人情報の確認|お客様情報の確認|お客様情報の更新|会員情報の更新|"
	  "個人情報を更新|情報を更新し|アカウント情報を更新|アカウント情報の更新|アカウント情報の確認|アカウントを確認し|アカウントを更新|"
	  "アカウントの更新|アカウントの検証|アカウントを検証|支払い方法を更新|支払い方法の更新|お支払い方法の更新|お支払い方法に問題|"
	  "お支払い情報を更新|お支払い情報の更新|支払い情報を更新|カード情報を更新|カード情報の更新|カード情報をご確認|ご利用確認|"
	  "ご利用内容の確認|利用確認のお願い|お取引目的等|再認証|認証手続き|確認のため、ログイン|情報をご確認いただ|check your details|"
	  "confirm your data|update your details|current billing information|ご登録内容|登録内容をご確認|お支払い方法をご変更|"
	  "お支払い方法を変更|支払い方法を変更|confirm that it is you|confirm it is you|confirm it's you|confirm that it's you|"
	  "enter another card|add another card|session expired|security update required|確認が必要な事項|確認事項がございます|"
	  "アカウント情報検証|情報検証|パスワードの再登録|再登録をお願い|認証のお願い|認証期限" },
	{ LURE_IDENTITY, 1.5f,
	  "payment method|payment details|billing details|billing information|update your information|パスキー|多要素認証|セキュリティの強化|"
	  "セキュリティ強化|本人認証|登録情報の更新|登録内容の確認|情報更新|口座情報|アカウントの確認|アカウント確認|確認手続き|更新手続き|"
	  "会員情報の確認|取引目的等の確認|identity verification|verification required|登録情報を更新|verify your account|confirm your account|"
	  "電話番号認証" },
	{ LURE_PAYMENT, 3.5f,
	  "payment was declined|payment has been declined|payment declined|payment could not be|could not process your payment|"
	  "unable to process your payment|problem with your payment|problem with your billing|billing problem|outstanding balance|"
	  "unpaid toll|unpaid customs|customs fee|tax refund|eligible for a refund|refund is pending|claim your refund|"
	  "subscription has been suspended|auto-renewal failed|we were unable to renew|未払い|支払いが確認でき|お支払いの確認が取れ|"
	  "お支払いに失敗|決済ができません|お支払いが完了していません|お支払いを承認できません|支払いを承認でき|自動更新設定を解除|"
	  "自動引き落とし|引き落としができ|口座振替ができ|差し押さえ|最終通告|最終通知|最終警告|還付|返金手続|給付金|料金の未|料金未|"
	  "請求書の未|税金のお支払い|カードが利用できません|更新できませんでした|receive a refund|collection agency|legal action|法的措置|"
	  "法的手続|お引き落とし|お支払いの確認ができ|手続きが完了していません|not able to charge|unable to charge|could not charge|"
	  "couldn't process|could not be charged|card was declined|card has been declined|will be debited|未払い税金|税金のお支払いのお願い|"
	  "財産を|料金のお支払いが確認|解約手数料|督促|催促" },
	{ LURE_PAYMENT, 1.5f,
	  "お支払い期限|overdue|overdue invoice|past due|unpaid invoice|請求金額|会費|失効|customs|納付|電気料金|有効期限が切れ|有効期限切れ|debt|"
	  "会員期限|返金の|返金のお知らせ|支払い予定金額|お支払いができません|お支払いができ|お支払いが確認でき|ご入金が確認|差押|滞納|final notice|"
	  "your refund|shipping fee|ご利用料金の|membership has expired|subscription has expired|subscription will expire|未納|更新に失敗|"
	  "wire transfer details|payment failed|payment has failed|決済に失敗" },
	{ LURE_PARCEL, 3.5f,
	  "failed delivery attempt|delivery attempt failed|attempted to deliver your|attempted delivery|missed delivery|missed your delivery|"
	  "missed parcel|missed package|re-delivery|redeliver|reschedule your delivery|reschedule delivery|reschedule the delivery|"
	  "confirm your delivery|confirm delivery address|delivery address is|update your delivery|update delivery|held at our|"
	  "held at the depot|pending package|package pending|parcel pending|package is waiting|parcel is waiting|package is on hold|"
	  "parcel is on hold|package has been held|parcel has been held|package is being held|parcel is being held|shipment is on hold|"
	  "shipment on hold|package could not be delivered|parcel could not be delivered|shipment could not be delivered|"
	  "item could not be delivered|deliver your parcel|deliver your shipment|delivery of your package|delivery of your parcel|"
	  "incomplete address|address is incomplete|address was incorrect|incorrect delivery address|colis est en attente|paket konnte nicht|"
	  "livraison a échoué|荷物をお届けすることができません|荷物をお届けできません|お届け出来ませんでした|お届けできませんでした|"
	  "荷物を配達できません|荷物の配達ができません|荷物を配送できません|荷物の配送ができません|配達できませんでした|配達に失敗|"
	  "配送に失敗|不在でしたので|持ち帰りました|持ち戻り|お荷物を保管|荷物が保管|荷物を発送できません|住所不明|住所が不完全|住所が間違|"
	  "住所に誤り|住所不備|宛先不明のため荷物|お届け先の住所|配達住所|配送先住所|tried to deliver|nobody was at home|nobody was home|"
	  "no one was home|no one was available|choose a new date|choose a new delivery|collect your parcel|collect your package|parcel fee|"
	  "お荷物をお預かり|荷物をお預かり|受け取りの手続き|お届け先が不明|配達ができません|stuck in our|stuck at our|"
	  "house number is missing|second attempt|second delivery|complete your address|shipment is stuck|parcel is stuck|宛先に不備|"
	  "住所に不備|宛名不備|倉庫へ戻|倉庫に戻|もう一度配達|配達をお申し込み|配達をお申込|営業所に戻" },
	{ LURE_PARCEL, 2.5f,
	  "関税|通関|荷物のお届け|お荷物のお届け|お荷物の配送|schedule your delivery|update your address|ご不在の|不在のため|不在でした|customs fee|"
	  "delivery fee|お客様のお荷物|お荷物が届いて|荷物が届いております|pending delivery|再配達|再配送|redelivery|deliver your package|"
	  "deliver your item" },
	{ LURE_MAILBOX, 4,
	  "mailbox is full|mailbox is almost full|mailbox full|mailbox is nearly full|mailbox has exceeded|exceeded the storage|"
	  "exceeded its storage|exceeded your storage|storage is full|quota exceeded|exceeded your quota|quota limit|email quota|"
	  "mailbox quota|upgrade your mailbox|upgrade your email|increase your storage|mailbox storage|mail storage|password expires|"
	  "password will expire|password has expired|password is due to expire|password expiration|password expiry|password expired|"
	  "keep the same password|keep current password|keep your current password|keep same password|undelivered incoming messages|"
	  "messages are pending|pending incoming|held messages|messages on hold|emails on hold|quarantined messages|release messages|"
	  "release pending|retrieve messages|failed to sync|email account will be|your email will be|email deactivation|email termination|"
	  "mailbox upgrade|email upgrade|migrate your mailbox|deactivation request|request to shut down|request to terminate|"
	  "document shared with you|メールボックスがいっぱい|メールボックスの容量|メールボックス容量|容量が上限|容量を超え|ストレージ容量|"
	  "ストレージがいっぱい|パスワードの有効期限|パスワードが期限|パスワードの期限|パスワードが失効|現在のパスワードを保持|"
	  "同じパスワードを|パスワードを維持|保留中のメッセージ|保留中のメール|受信できないメール|未配信のメールがあり|メールが保留|"
	  "メールの受信が停止|メールサービスが停止|メールアカウントが停止|メールアカウントを停止|メールアカウントの認証|メールの認証|"
	  "メールボックスを更新|メールボックスの更新|メールボックスを認証|サーバーのアップグレード|サーバーアップグレード|ウェブメールの更新|"
	  "webメールの更新|メールの送受信が行えません|of its quota|of your quota|of your storage|not arrive any more|"
	  "will not be able to receive|unable to receive|can no longer send|no longer receive|mailbox expires|mailbox will expire|"
	  "password of your mailbox|password of your email|password for your email|expire in 24|mailbox almost full|mailbox nearly full|"
	  "メールを受信できな|送受信ができな|送受信できな|容量を使用|メールボックスの認証|メールボックスが|could not reach your inbox|"
	  "sync error|synchronization error|recover messages|restore messages|recover them before|messages could not reach|"
	  "delivery of messages failed|同期エラー|受信トレイの|検疫|隔離されたメール|webメールのアップデート|メールアドレスを認証|"
	  "メールアドレスは認証|メールサービス認証" },
	{ LURE_MAILBOX, 1.5f,
	  "almost full|nearly full|storage limit|more space|shared a document|shared a file|voice message|voicemail|expire soon|will expire in|"
	  "expires today|容量不足|容量が不足|使用量が|容量制限|容量の上限|保存容量|email password|new fax|secure document|encrypted message|"
	  "expiration notice|expiry notice|server upgrade|view shared document|review the document" },
	{ LURE_SENDING, 4.2f,
	  "大量メール送信|大量のメール送信|大量に配信されている|大量にメールが|大量のメールが|迷惑メールが送信|スパムメールが送信|"
	  "スパムと思われるメール|不審なsmtp接続|メールアカウントの不正|パスワードを強制的に変更|強制的にパスワード|sending spam|large amount of spam|"
	  "mass mail|sent a large number of|bulk mail from your|spam from your account|outgoing messages have been blocked" },
	{ LURE_PRIZE, 3,
	  "you have won|you've won|you have been selected|you've been selected|claim your prize|claim your reward|claim your gift|gift card|"
	  "free gift|congratulations! you|exclusive reward|lottery|inheritance|当選しました|当選おめでとう|ご当選|当選者|プレゼントに当選|"
	  "ポイントを受け取|ポイント受取|ポイントの受け取り|ポイント進呈|マイナポイント第|給付金の申請|ギフトカードを受け取|ギフト券を受け取|"
	  "無料で受け取|ポイントが当たり|が当たりました|当たりました" },
	{ LURE_DEADLINE, 1.5f,
	  "within 24 hours|within 24hours|within 48 hours|within 12 hours|within 72 hours|24 hours|48 hours|immediately|as soon as possible|"
	  "urgent action|act now|action required|immediate action|final warning|last warning|before it is too late|or your account|permanently|"
	  "24時間以内|48時間以内|12時間以内|72時間以内|時間以内に|日以内に|至急|直ちに|今すぐ|お早めに|速やかに|できるだけ早く|ただちに|期限までに|"
	  "緊急|重要なお知らせ|■重要■|【重要】|【緊急】|【最終" },
	{ LURE_CALL, 1,
	  "click here|click below|click the link|click on the link|click the button|click the following|follow the link|log in|login|sign in|sign-in|"
	  "log-in|follow this link|verify|ログイン|サインイン|クリック|下記url|下記のurl|以下のurl|下記リンク|以下のリンク|下記のリンク|こちらから|"
	  "こちらへ|リンクから|へアクセス|にアクセス|ボタンを押|タップ|手続きを行|お手続き" },
	/* Verbs, nouns and times as the languages have them, not as anybody's mail has: each is in honest mails, too. */
	{ LURE_SECRET, 1,
	  "password|passwords|passphrase|passcode|pin|pin code|credentials|credential|login details|sign-on|staff id|campus id|user id|"
	  "security code|security number|social security|card number|your card|a card|another card|valid card|new card|bank account|bank data|bank details|"
	  "account number|account details|recovery phrase|seed phrase|private key|passport|driving licence|driver's license|id card|"
	  "one-time code|second device|date of birth|work login|company login|company account|usual login|employee portal|passwort|kennwort|zugangsdaten|tan-app|"
	  "kartendaten|ihre angaben|mot de passe|contraseña|パスワード|暗証番号|認証番号|認証コード|セキュリティコード|カード番号|カードの番号|"
	  "カードを|別のカード|新しいカード|カード情報|口座|社員番号|学籍番号|会員番号|基礎番号|基礎年金番号|マイナンバー|証明書|身分証|免許証|生年月日|"
	  "ログイン情報|idと|支払い手段|お支払い手段|支払い方法|秘密の質問|社内アカウント|登録情報" },
	{ LURE_ENTER, 1,
	  "enter|re-enter|reenter|enters|re-enters|entering|type in|fill in|provide|submit|upload|register|give us|send us|tell us|sign in|sign in with|log on|log in with|"
	  "confirm|verify|validate|renew|restore|update|correct|correct it|use your|with your|open it with|unlock|eingeben|anmelden|melden sie sich|bestätigen|"
	  "erneuern|aktualisieren|saisir|confirmer|入力|入れて|入れ直|入り、|ご登録|再登録|登録し|登録を|ご照合|照合し|"
	  "お知らせください|ご確認ください|更新を|更新し|が必要です|お済ませ|解除|取り下げ|切り替え|移行を|開き、|操作が必要" },
	{ LURE_MONEY, 1,
	  "fee|fees|fine|charge|charges|amount|payment|pay|paid|invoice|duties|duty|toll|penalty|owed|settle|settled|refund|price|bill|salary|payout|payouts|"
	  "renew it|renewal|gebühr|rechnung|zahlung|料金|代金|請求|ご請求|お支払|支払い|保管料|手数料|延滞金|損害金|反則金|納め|納付|納税|返金|還付|還元|引き落と|残高|給与|円" },
	{ LURE_SOON, 1,
	  "today|tonight|tomorrow|midnight|noon|at once|right away|this week|ends today|ends tomorrow|by monday|by tuesday|by wednesday|by thursday|by friday|by saturday|"
	  "by sunday|before monday|before friday|before sunday|before noon|on sunday|on monday|on friday|on saturday|end of the day|end of day|close of business|"
	  "within the hour|within an hour|within 12|within 24|within 36|within 48|within 72|within one day|within two days|within three days|"
	  "in three days|in two days|after two days|after three days|after five days|few days|12 hours|72 hours|heute|morgen|sofort|umgehend|"
	  "本日|今日中|今夜|明日|翌日|翌営業日|今週|来週|週末|日曜日|月曜日|金曜日|一日以内|二日以内|三日以内|五日以内|七日以内|時間以内|日以内|時間で|まもなく|期日|期限|"
	  "すぐに|ただちに|直ちに|時までに|日までに|までに更新" },
	{ LURE_THREAT, 1,
	  "otherwise|unless|or else|failure to|if you do not|if you don't|if it is not|if not|to avoid|will be lost|may be lost|be lost|lose|loses|will be removed|"
	  "will be deleted|will be erased|be erased|is removed|will be closed|will be stopped|will be taken|be taken down|go offline|goes back|moves to|doubles|will go|"
	  "be returned|expire|expires|ends|end today|stops|stopped|was not released|cannot leave|fees apply|a fine|no longer|not possible|"
	  "gesperrt|sonst|andernfalls|läuft ab|nicht mehr|ない場合|なければ|ませんと|いただけませんと|いただかないと|れない場合|じられない|未対応|"
	  "使えなく|使えません|できなく|できません|消去|削除|消滅|消えます|失われ|失い|失効|空になり|停止|止まって|止めました|遅れ|延滞|差し引か|差し押さえ|返送|"
	  "効力を|お控え|鍵をかけ|制限|ロック" },
	{ LURE_GREETING, 1,
	  "dear customer|dear client|dear user|dear member|dear owner|dear account holder|dear valued|dear subscriber|dear email user|dear sir|dear colleague|all staff|valued customer|"
	  "hello user|sehr geehrter kunde|お客様各位|お客様へ|お客さま各位|会員様|会員各位|ご利用者様|利用者各位|ユーザー様|ユーザ各位|社員各位|教職員の皆様|学生・教職員" },
};

const char *const role_names[ROLES] = {
	[ROLE_NONE] = "",
	[ROLE_NOBODY] = "support|service|services|customer service|customer support|customer care|help center|help centre|security|security team|security center|account|accounts|"
			"account team|team|notification|notifications|notice|billing|payment|payments|admin|info|no-reply|noreply|no reply|delivery|voice mail|voicemail|fax|scanner|"
			"human resources|hr|payroll|サポート|サポートセンター|カスタマーサポート|カスタマーセンター|お客様センター|お客様サポート|サービスセンター|サービス|スキャナー|通知|"
			"お知らせ|セキュリティ|セキュリティセンター|請求|総務|事務局|配送センター",
	[ROLE_HOUSE] = ("web admin|webmaster|it|it helpdesk|it help desk|helpdesk|help desk|it support|it department|it service|it team|it admin|administrator|"
		       "system administrator|sysadmin|system admin|server admin|管理者|システム管理者|ヘルプデスク|情報システム部|情報システム課|情報システム|システム管理|"
		       "サーバー管理者|サーバ管理者"),
	[ROLE_MAIL] = "mail admin|mail administrator|email admin|email administrator|webmail|webmail admin|mailbox|mailbox admin|mail server|mail service|mail system|"
		      "email service|mail support|email support|postmaster|メール管理者|メール管理|メールサーバー|メールサービス|ウェブメール",
};

const size_t lure_rows_count = sizeof lure_rows / sizeof *lure_rows;

static const char *const sentences[LURE_MATTERS] = {
	[LURE_ACCOUNT] = N_("it threatens that an account is or will be shut, and has a link to elsewhere (%s): real notices are answered by going to the site oneself"),
	[LURE_INTRUDER] = N_("it frightens with a break-in or a misuse, and has a link to elsewhere (%s)"),
	[LURE_IDENTITY] = N_("it wants you to confirm who you are or how you pay, behind a link to elsewhere (%s)"),
	[LURE_PAYMENT] = N_("it tells of a payment that failed or is due, and has a link to elsewhere (%s)"),
	[LURE_PARCEL] = N_("it tells of a parcel that could not be delivered, and has a link to elsewhere (%s)"),
	[LURE_MAILBOX] = N_("it tells of a full mailbox, an expiring password or mail held back, and has a link to elsewhere (%s)"),
	[LURE_SENDING] = N_("it tells of mass mail from your account, and has a link to elsewhere (%s)"),
	[LURE_PRIZE] = N_("it promises a prize or a gift, and has a link to elsewhere (%s)"),
};

const char *lure_sentence(enum lure_matter matter) { return sentences[matter]; }

const char *const notice_phrases[] = {
	"大量メール送信について",   "不審なsmtp接続",           "大量に配信されていることが確認", "強制的に変更しております", "これまでのパスワードは無効", "対象メールアカウント",
	"メールの送受信が行えません", "サーバーに保存されておりますので", "パスワードの再設定を行っていただく", "smtp認証の国外アクセス制限", "メールパスワード変更方法",
	"パスワードが推測された",   "お客様ご契約のアカウント", "サーバーパネル", "your mail account was locked", "suspicious smtp connections",
	"mail account has been locked", "we have changed the password", "the old password no longer works", "incoming mail is kept", "set a new password to send mail again",
};

const size_t notice_phrases_count = sizeof notice_phrases / sizeof *notice_phrases;
