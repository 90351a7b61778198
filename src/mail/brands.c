/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/brands.h"

/* title, names, domains, labels, common labels, everywhere: providers, shops, parcels, money, the state in Japan; the world */
const struct brand_row brand_rows[] = {
	{ "Xserver",
	  "xserver|エックスサーバー",
	  "xserver.ne.jp|xserver.jp|xserver.co.jp|xdomain.ne.jp|wpx.ne.jp",
	  "xserver", "xdomain", false },
	{ "さくらインターネット",
	  "さくらインターネット|sakura internet|さくらのレンタルサーバ|さくらの会員メニュー",
	  "sakura.ad.jp|sakura.ne.jp|sakura-internet.jp|sakuravps.jp",
	  "sakurainternet|sakura-internet", "sakura", false },
	{ "ロリポップ",
	  "ロリポップ|ムームードメイン|gmoペパボ|lolipop",
	  "lolipop.jp|muumuu-domain.com|muumuu-mail.com|pepabo.com|heteml.jp|lolipop.io",
	  "lolipop|muumuu-domain|muumuudomain", "", false },
	{ "お名前.com",
	  "お名前.com|onamae.com|お名前ドットコム|conoha",
	  "onamae.com|gmo.jp|gmo.media|conoha.jp|onamae-server.com",
	  "onamae|conoha", "gmo", false },
	{ "バリュードメイン",
	  "value domain|value-domain|コアサーバー|coreserver",
	  "value-domain.com|coreserver.jp|valuessl.net",
	  "valuedomain|value-domain|coreserver", "", false },
	{ "カゴヤ",
	  "カゴヤ・ジャパン|kagoya",
	  "kagoya.jp|kagoya.com|kagoya.net",
	  "kagoya", "", false },
	{ "KDDI",
	  "au pay|aupay|auかんたん決済|au id|kddi|auじぶん銀行|auウェブポータル|povo",
	  "au.com|kddi.com|auone.jp|auone-net.jp|ezweb.ne.jp|jibunbank.co.jp|kddi.jp|povo.jp|"
	  "uqwimax.jp|au-payment.co.jp|aupay-card.co.jp",
	  "kddi|aupay|jibunbank|auone", "povo|uq", false },
	{ "NTTドコモ",
	  "nttドコモ|ntt docomo|ドコモオンライン|dアカウント|dカード|dポイント|docomo|"
	  "ドコモお客様センター|d払い",
	  "docomo.ne.jp|docomo-de.net|nttdocomo.co.jp|nttdocomo.com|dcard.docomo.ne.jp|ocn.ne.jp|"
	  "d-card.jp|ahamo.com|nttdocomo-ssw.com|dpoint.jp",
	  "docomo|nttdocomo|ahamo", "dcard|dpoint", false },
	{ "ソフトバンク",
	  "softbank|ソフトバンク|ワイモバイル|my softbank",
	  "softbank.jp|softbank.ne.jp|ymobile.jp|ymobile.ne.jp|i.softbank.jp|vodafone.ne.jp|"
	  "mb.softbank.jp|softbank.co.jp|linemo.jp|group.softbank|softbankhawks.co.jp",
	  "softbank|ymobile|linemo", "", false },
	{ "OCN",
	  "ocn会員|ocn マイページ|nttコミュニケーションズ|ocn(ntt",
	  "ocn.ne.jp|ocn.jp|ntt.com|ntt.co.jp|nttcom.co.jp",
	  "nttcom", "ocn|ntt", false },
	{ "ニフティ",
	  "nifty|ニフティ|@nifty",
	  "nifty.com|nifty.ne.jp|nifty.co.jp",
	  "", "nifty", false },
	{ "BIGLOBE",
	  "biglobe|ビッグローブ",
	  "biglobe.ne.jp|biglobe.co.jp|biglobe.net",
	  "biglobe", "", false },
	{ "So-net",
	  "so-net|ソネット",
	  "so-net.ne.jp|so-net.jp|sonynetwork.co.jp|nuro.jp|so-net.net.tw",
	  "so-net|sonet", "nuro", false },
	{ "Amazon",
	  "amazon|アマゾン|amazon.co.jp|amazonプライム|amazon web services",
	  "amazon.co.jp|amazon.com|amazonaws.com|amazon.jp|amazon-adsystem.com|media-amazon.com|"
	  "primevideo.com|amazon.dev|awscloud.com|amazonpay.com|amzn.to|amzn.asia|awstrack.me|"
	  "audible.co.jp|audible.com|aboutamazon.com|kindle.com|a2z.com|amazontrust.com|"
	  "ssl-images-amazon.com|amazonses.com|aws",
	  "amazon", "aws|prime|amzn", true },
	{ "楽天",
	  "rakuten|楽天市場|楽天カード|楽天銀行|楽天モバイル|楽天証券|楽天",
	  "rakuten.co.jp|rakuten.com|rakuten-card.co.jp|rakuten-bank.co.jp|rakuten-sec.co.jp|"
	  "rakuten.ne.jp|rakuten-edy.co.jp|rakuten-mobile.com|rakuten-insurance.co.jp|rakuten.tv|"
	  "rakuten.today|rakuten-static.com|r10s.jp|rmagazine.jp|infoseek.co.jp|rakuteneagles.jp|"
	  "rakuten-bank.jp|rakuten-life.co.jp|rakuten-wallet.co.jp|rakuten-trade.jp|viber.com|fril.jp|"
	  "linksynergy.com|edy.jp",
	  "rakuten|rakutencard|rakuten-card", "", true },
	{ "メルカリ",
	  "メルカリ|mercari|メルペイ",
	  "mercari.jp|mercari.com|merpay.com|mercari-shops.com|mercari-ship.com|merc.li|mercoin.com",
	  "mercari|merpay", "", false },
	{ "PayPay",
	  "paypay",
	  "paypay.ne.jp|paypay-card.co.jp|paypay-bank.co.jp|paypay-sec.co.jp|paypay-corp.co.jp|"
	  "paypay-am.co.jp|japannetbank.co.jp|paypay-insurance.co.jp|paypay.jp",
	  "paypay", "", false },
	{ "LINE",
	  "line pay|line公式|line株式会社|lineヤフー|line corporation",
	  "line.me|line-apps.com|linecorp.com|line.biz|lycorp.co.jp|lin.ee|line-scdn.net|linepay.tw",
	  "linepay|linecorp", "line", false },
	{ "Yahoo! JAPAN",
	  "yahoo! japan|yahoo!ウォレット|ヤフー株式会社|yahoo japan",
	  "yahoo.co.jp|yahoo.com|yahoo.jp|yimg.jp|yahoo.ne.jp|ybb.ne.jp|lycorp.co.jp|geocities.jp|"
	  "yahooapis.jp|yahooinc.com|aol.com|ymail.com|yahoo-net.jp",
	  "yahoo|yahoojapan|yahoo-japan", "", true },
	{ "えきねっと",
	  "えきねっと|viewカード|ビューカード|jr東日本|eki-net",
	  "eki-net.com|jreast.co.jp|jreastmall.com|jrepoint.jp|viewcard.co.jp|jre-pass.com|jreast.jp|"
	  "eki-net.biz|jre-bank.co.jp|viewsnet.jp",
	  "eki-net|ekinet|viewcard|jreast|viewsnet", "", false },
	{ "エクスプレス予約",
	  "エクスプレス予約|スマートex|jr東海",
	  "expy.jp|jr-central.co.jp|smart-ex.jp|jr-odekake.net|westjr.co.jp",
	  "smart-ex|smartex", "expy", false },
	{ "ETC利用照会サービス",
	  "etc利用照会|etcサービス|etcマイレージ|etc利用",
	  "etc-meisai.jp|smile-etc.jp|etc-user.jp|go-etc.jp|driveplaza.com",
	  "etc-meisai|etcmeisai|smile-etc", "etc", false },
	{ "ZOZOTOWN",
	  "zozotown",
	  "zozo.jp|zozo.com|wear.jp|zozo.email",
	  "zozotown|zozo", "", false },
	{ "DMM",
	  "dmm.com|dmm株式会社",
	  "dmm.com|dmm.co.jp|fanza.co.jp|dmm-corp.com|dmm.hk",
	  "", "dmm", false },
	{ "イオン",
	  "イオンカード|イオン銀行|イオンフィナンシャル|aeon card|イオンクレジット|イオンマーケット",
	  "aeon.co.jp|aeonbank.co.jp|aeon.info|aeonretail.jp|waon.net|aeoncredit.co.jp|aeonsquare.net|"
	  "aeon.com|aeonfinancial.co.jp|aeon-finance.co.jp|aeonpay.jp|smartwaon.com|aeonmall.com|"
	  "aeonmember.com|aeonnet.jp",
	  "aeonbank|aeoncard|aeon-card|aeoncredit", "aeon", false },
	{ "セブン",
	  "セブン銀行|セブンカード|7&i|nanaco",
	  "sevenbank.co.jp|7card.co.jp|7andi.com|omni7.jp|nanaco-net.jp|sej.co.jp|7id.omni7.jp|"
	  "711net.jp",
	  "sevenbank|nanaco|7card", "", false },
	{ "TEPCO",
	  "東京電力|tepco|くらしtepco",
	  "tepco.co.jp|tepco.jp|kakehashi-tepco.jp",
	  "tepco", "", false },
	{ "関西電力",
	  "関西電力|関電|kepco",
	  "kepco.co.jp|kepco.jp|kanden.ne.jp|kandenmail.jp",
	  "kepco", "", false },
	{ "東京ガス",
	  "東京ガス|大阪ガス",
	  "tokyo-gas.co.jp|osakagas.co.jp|tokyogas.bz",
	  "tokyogas|tokyo-gas|osakagas", "", false },
	{ "日本郵便",
	  "日本郵便|日本郵政|japan post|ゆうパック|郵便局",
	  "japanpost.jp|post.japanpost.jp|jp-bank.japanpost.jp|yu-cho.jp|jp-life.japanpost.jp|yuucho.jp",
	  "japanpost|japan-post|yubin|jppost|jp-post", "post|yucho", false },
	{ "ゆうちょ銀行",
	  "ゆうちょ銀行|ゆうちょダイレクト|ゆうちょ",
	  "japanpost.jp|jp-bank.japanpost.jp|yuchopay.jp|yucho-bank.jp",
	  "jpbank|jp-bank|yuucho|yucho-bank", "", false },
	{ "ヤマト運輸",
	  "ヤマト運輸|クロネコヤマト|クロネコメンバーズ|kuroneko|宅急便",
	  "kuronekoyamato.co.jp|yamato-hd.co.jp|yamato-credit-finance.co.jp|kuronekomail.jp|"
	  "yamatofinancial.jp|kuroneko-payment.jp|kms.kuronekoyamato.co.jp|nekoposu.jp|yamatosystem.com",
	  "kuroneko|kuronekoyamato|yamatounyu|yamato-unyu", "yamato|neko", false },
	{ "佐川急便",
	  "佐川急便|sagawa express",
	  "sagawa-exp.co.jp|sg-hldgs.co.jp|sagawa-exp.net|e-service.sagawa-exp.co.jp|sgx.co.jp",
	  "sagawa-exp|sagawaexp|sagawaexpress", "sagawa", false },
	{ "DHL",
	  "dhl",
	  "dhl.com|dhl.co.jp|dhl.de|dpdhl.com|deutschepost.de|dhl.fr|dhlparcel.nl|dhlecommerce.co.uk|"
	  "dhl.co.uk|dhlexpress.com",
	  "dhl", "", true },
	{ "FedEx",
	  "fedex",
	  "fedex.com|tnt.com|fedexcarepoint.com",
	  "fedex", "", true },
	{ "UPS",
	  "ups delivery|ups express|united parcel service|ups my choice",
	  "ups.com|upsemail.com",
	  "upsdelivery|ups-delivery", "ups", false },
	{ "USPS",
	  "usps|u.s. postal service|us postal service",
	  "usps.com|usps.gov|uspis.gov",
	  "usps", "", false },
	{ "New Zealand Post",
	  "new zealand post|nz post|nzpost",
	  "nzpost.co.nz|nzpost.com",
	  "nzpost|newzealandpost|nz-post", "", false },
	{ "Royal Mail",
	  "royal mail|royalmail",
	  "royalmail.com|parcelforce.com|postoffice.co.uk",
	  "royalmail|royal-mail", "", false },
	{ "Australia Post",
	  "australia post|auspost",
	  "auspost.com.au|auspost.com",
	  "auspost|australiapost", "", false },
	{ "Canada Post",
	  "canada post|postes canada",
	  "canadapost.ca|canadapost-postescanada.ca|postescanada.ca",
	  "canadapost|postescanada", "", false },
	{ "La Poste",
	  "la poste|colissimo|chronopost",
	  "laposte.fr|laposte.net|colissimo.fr|chronopost.fr|laposte.info|labanquepostale.fr",
	  "laposte|colissimo|chronopost", "", false },
	{ "Hermes",
	  "evri|hermes delivery|hermes parcel",
	  "evri.com|myhermes.co.uk|myhermes.de|hermesworld.com",
	  "myhermes", "evri|hermes", false },
	{ "PostNL",
	  "postnl|dpd delivery|gls parcel",
	  "postnl.nl|dpd.com|dpd.de|dpd.co.uk|gls-group.eu|postnl.post",
	  "postnl", "dpd|gls", false },
	{ "三井住友カード",
	  "三井住友カード|三井住友銀行|smbcダイレクト|smbc|vpass|三井住友",
	  "smbc-card.com|vpass.ne.jp|smbc.co.jp|smfg.co.jp|contact.vpass.ne.jp|smbcnikko.co.jp|"
	  "smbc-gp.co.jp|smcc.ne.jp|olive-smbc.jp|smbc-cf.com|cr.mufg.jp|smtb.jp|vpoint.jp",
	  "smbc|vpass|smbc-card|smbccard|smcc", "", false },
	{ "三菱UFJ",
	  "三菱ufj|mufg|三菱ufjニコス|三菱ufj銀行",
	  "mufg.jp|bk.mufg.jp|cr.mufg.jp|nicos.co.jp|bk.mufg.co.jp|direct.bk.mufg.jp|muit.co.jp|"
	  "mufgcard.com|mufg.com|sc.mufg.jp|mufgcard.jp|ufjcard.com",
	  "mufg|mufgcard|mitsubishiufj", "nicos", false },
	{ "みずほ銀行",
	  "みずほ銀行|みずほダイレクト|mizuho bank",
	  "mizuhobank.co.jp|mizuho-fg.co.jp|mizuho.co.jp|mizuho-sc.com|mizuhobank.com|mizuho-tb.co.jp|"
	  "mizuhogroup.com",
	  "mizuhobank|mizuho-bank", "mizuho", false },
	{ "JCB",
	  "jcb|myjcb|jcbカード|ジェーシービー",
	  "jcb.co.jp|jcb.jp|qa.jcb.co.jp|my.jcb.co.jp|jcb-global.com|global.jcb|mail.jcb.co.jp|"
	  "cj.jcb.co.jp|j-debit.jp",
	  "jcb|myjcb|jcbcard", "", false },
	{ "セゾンカード",
	  "セゾンカード|クレディセゾン|ucカード|saison",
	  "saisoncard.co.jp|a-q-f.com|uccard.co.jp|saison-am.co.jp|saisoncard-mail.jp|"
	  "mail.saisoncard.co.jp|creditsaison.co.jp|atu.co.jp|epsilon.jp|netanswer.co.jp",
	  "saisoncard|saison-card|creditsaison|uccard", "saison", false },
	{ "エポスカード",
	  "エポスカード|epos card|eposカード|エポスnet",
	  "eposcard.co.jp|01epos.jp|0101.co.jp|epos-card.net|01epos.co.jp",
	  "eposcard|epos-card|eposnet", "epos", false },
	{ "オリコ",
	  "オリコカード|オリコ株式会社|オリエントコーポレーション|eオリコ",
	  "orico.co.jp|orico.jp|orico-mail.jp|my.orico.co.jp",
	  "orico|oricocard", "", false },
	{ "アプラス",
	  "アプラス株式会社|新生銀行|sbi新生銀行|ライフカード|ポケットカード|ジャックス",
	  "aplus.co.jp|sbishinseibank.co.jp|shinseibank.com|lifecard.co.jp|pocketcard.co.jp|jaccs.co.jp",
	  "sbishinsei|lifecard|pocketcard|jaccs", "aplus", false },
	{ "TS CUBIC",
	  "ts cubic|tscubic|トヨタファイナンス",
	  "tscubic.com|toyota-finance.co.jp",
	  "tscubic|ts-cubic", "", false },
	{ "SBI証券",
	  "sbi証券|住信sbiネット銀行|sbi securities|sbiネット銀行|野村證券|マネックス証券|松井証券|"
	  "大和証券",
	  "sbisec.co.jp|netbk.co.jp|sbigroup.co.jp|sbi-sec.jp|nomura.co.jp|monex.co.jp|matsui.co.jp|"
	  "daiwa.jp|daiwa.co.jp|nomuraholdings.com",
	  "sbisec|sbi-sec|netbk|nomurasec|monex", "sbi|nomura|daiwa|matsui", false },
	{ "りそな銀行",
	  "りそな銀行|マイゲート|埼玉りそな|横浜銀行|千葉銀行|静岡銀行|イオン銀行|ソニー銀行",
	  "resonabank.co.jp|resona-gr.co.jp|resona-group.co.jp|saitamaresona.co.jp|boy.co.jp|"
	  "chibabank.co.jp|shizuokabank.co.jp|sonybank.net|moneykit.net|aeonbank.co.jp|sonybank.jp",
	  "resonabank|resona|sonybank|moneykit", "boy", false },
	{ "アメリカン・エキスプレス",
	  "american express|アメリカン・エキスプレス|アメックス|amex",
	  "americanexpress.com|aexp.com|amex.com|americanexpress.co.jp|aexp-static.com|aexp.co.jp",
	  "americanexpress|amex", "", true },
	{ "VISA",
	  "visaカード|visa card|verified by visa|visa secure",
	  "visa.com|visa.co.jp|visaonline.com",
	  "visacard|visa-card", "visa", false },
	{ "Mastercard",
	  "mastercard|マスターカード",
	  "mastercard.com|mastercard.co.jp|mastercard.us|priceless.com|mastercard.org",
	  "mastercard", "", true },
	{ "国税庁",
	  "国税庁|e-tax|国税電子申告|税務署",
	  "nta.go.jp|e-tax.nta.go.jp|go.jp|lg.jp",
	  "etax|e-tax|ntago", "nta", false },
	{ "マイナポータル",
	  "マイナポータル|マイナポイント|デジタル庁|総務省|厚生労働省|日本年金機構|ねんきんネット",
	  "myna.go.jp|digital.go.jp|soumu.go.jp|mhlw.go.jp|nenkin.go.jp|go.jp",
	  "mynaportal|mynapoint|nenkin", "myna", false },
	{ "NHK",
	  "nhkプラス|nhkオンデマンド|nhk放送受信料|日本放送協会|nhk放送",
	  "nhk.or.jp|nhk.jp|nhk-ondemand.jp|nhk-ep.co.jp|nhk-g.co.jp",
	  "nhkplus", "nhk", false },
	{ "Apple",
	  "apple id|apple support|apple store|icloud|アップル株式会社|app store|itunes|apple account|"
	  "appleサポート|apple サポート|apple pay|apple music",
	  "apple.com|icloud.com|me.com|mac.com|itunes.com|mzstatic.com|apple.news|apple.co|"
	  "appleid.apple.com|apple-mapkit.com|apple.co.jp|aaplimg.com|icloud.com.cn|apple.com.cn|"
	  "cdn-apple.com",
	  "icloud|appleid|apple-id|itunes|applestore|applesupport", "apple", false },
	{ "Microsoft",
	  "microsoft|マイクロソフト|office 365|office365|outlook team|outlook web|outlook support|"
	  "onedrive|sharepoint",
	  "microsoft.com|office.com|office365.com|live.com|outlook.com|hotmail.com|microsoftonline.com|"
	  "windows.com|sharepoint.com|onedrive.com|msn.com|skype.com|azure.com|microsoft365.com|"
	  "xbox.com|linkedin.com|aka.ms|1drv.ms|office.net|windows.net|azurewebsites.net|msftauth.net|"
	  "windowsazure.com|cloud.microsoft|outlook.jp|hotmail.co.jp|live.jp|bing.com|microsoft|"
	  "visualstudio.com|microsoftemail.com|azure.net|powerbi.com|dynamics.com|yammer.com|"
	  "msftconnecttest.com|onmicrosoft.com|microsoftstore.com|surface.com|forms.office.com|"
	  "github.com|windowsupdate.com|microsoft.co.jp|msn.co.jp|office.co.jp|teams.microsoft.com|"
	  "mail.onmicrosoft.com|exchange.microsoft.com|activedirectory.windowsazure.com|"
	  "sway.office.com|microsoftedge.com|msedge.net|vsassets.io|nuget.org|azureedge.net|"
	  "azurefd.net|cloudapp.net|trafficmanager.net",
	  "microsoft|office365|microsoftonline|onedrive|sharepoint|outlook|microsoft365|hotmail|"
	  "office-365", "office|azure|teams", true },
	{ "Google",
	  "google|gmail|グーグル|google drive|google play|youtube",
	  "google.com|gmail.com|googlemail.com|youtube.com|google.co.jp|goo.gl|googleusercontent.com|"
	  "googleapis.com|google.dev|gstatic.com|googlegroups.com|appspot.com|withgoogle.com|youtu.be|"
	  "google.org|doubleclick.net|googleadservices.com|googletagmanager.com|google-analytics.com|"
	  "chrome.com|android.com|blogger.com|blogspot.com|forms.gle|app.goo.gl|page.link|"
	  "firebaseapp.com|web.app|gvt1.com|google|googlesource.com|goo.gle|g.page|g.co|gle|"
	  "youtube-nocookie.com|googlevideo.com|looker.com|waze.com|fitbit.com|nest.com|recaptcha.net|"
	  "chromium.org|run.app|cloudfunctions.net|googledomains.com|youtubekids.com|ggpht.com|"
	  "ampproject.org|translate.goog|goog|firebase.com|kaggle.com|thinkwithgoogle.com|"
	  "googleblog.com|golang.org|go.dev|dart.dev|flutter.dev|tensorflow.org|g.dev|web.dev|"
	  "business.site|googlestore.com|chromebook.com|googleworkspace.com|googlecloud.com",
	  "google|gmail|googledrive|google-drive", "", true },
	{ "PayPal",
	  "paypal|ペイパル",
	  "paypal.com|paypal.me|paypalobjects.com|paypal-corp.com|venmo.com|paypal.jp|"
	  "braintreegateway.com|paypal-brasil.com.br|xoom.com|joinhoney.com|paypal-communication.com|"
	  "paypal-community.com|paypal-marketing.com|paypalcredit.com|zettle.com|"
	  "paypal-techsupport.com|paypal-knowledge.com|paypal-prepaid.com|paypal-notice.com|"
	  "epl.paypal-communication.com",
	  "paypal", "", true },
	{ "Netflix",
	  "netflix|ネットフリックス",
	  "netflix.com|nflxext.com|netflix.net|nflxso.net|nflximg.com|netflix.shop|nflxvideo.net",
	  "netflix", "", true },
	{ "Facebook",
	  "facebook|フェイスブック|meta business|meta for business|meta support",
	  "facebook.com|fb.com|facebookmail.com|fb.me|meta.com|messenger.com|whatsapp.com|"
	  "instagram.com|fbcdn.net|metamail.com|threads.net|oculus.com|workplace.com|fb.gg|"
	  "cdninstagram.com|metaemail.com",
	  "facebook|facebookmail", "meta", true },
	{ "Instagram",
	  "instagram|インスタグラム",
	  "instagram.com|facebook.com|ig.me|cdninstagram.com|mail.instagram.com|igsonar.com|instagr.am",
	  "instagram", "", true },
	{ "WhatsApp",
	  "whatsapp",
	  "whatsapp.com|wa.me|whatsapp.net|facebook.com",
	  "whatsapp", "", false },
	{ "X",
	  "twitter support|twitter",
	  "twitter.com|x.com|t.co|twimg.com",
	  "twitter", "", false },
	{ "LinkedIn",
	  "linkedin|リンクトイン",
	  "linkedin.com|licdn.com|lnkd.in|linkedin.cn|linkedin-ei.com",
	  "linkedin", "", false },
	{ "TikTok",
	  "tiktok|ティックトック",
	  "tiktok.com|tiktokv.com|bytedance.com|tiktokcdn.com|tiktokshop.com",
	  "tiktok", "", false },
	{ "eBay",
	  "ebay|イーベイ",
	  "ebay.com|ebay.co.uk|ebay.de|ebayimg.com|ebay.co.jp|ebayinc.com|ebaystatic.com",
	  "ebay", "", true },
	{ "DocuSign",
	  "docusign|ドキュサイン",
	  "docusign.com|docusign.net|docusign.co.jp|docusign.jp|dse.docusign.net|docusign.co.uk|"
	  "docusign.eu",
	  "docusign", "", false },
	{ "Adobe",
	  "adobe|adobe acrobat|adobe sign|adobe document",
	  "adobe.com|adobesign.com|adobelogin.com|acrobat.com|echosign.com|behance.net|adobe.io|"
	  "typekit.net|omtrdc.net|adobecc.com|adobesystems.com|frame.io",
	  "adobe", "", true },
	{ "Dropbox",
	  "dropbox|ドロップボックス",
	  "dropbox.com|dropboxmail.com|dropboxusercontent.com|db.tt|hellosign.com|dropboxbusiness.com|"
	  "dropbox-mail.com|getdropbox.com|docsend.com",
	  "dropbox", "", false },
	{ "WeTransfer",
	  "wetransfer",
	  "wetransfer.com|we.tl|wetransfer.net",
	  "wetransfer", "", false },
	{ "Zoom",
	  "zoom video|zoom meeting",
	  "zoom.us|zoom.com|zoomgov.com|zoom.com.cn",
	  "", "zoom", false },
	{ "GoDaddy",
	  "godaddy",
	  "godaddy.com|secureserver.net|godaddy.net|wsimg.com",
	  "godaddy", "", false },
	{ "OVH",
	  "ovhcloud|ovh.com",
	  "ovh.com|ovh.net|ovhcloud.com|ovh.co.uk|ovh.fr|ovh.us",
	  "ovhcloud", "ovh", true },
	{ "IONOS",
	  "ionos|1&1 ionos|strato ag|gandi.net",
	  "ionos.com|ionos.de|1and1.com|ionos.co.uk|strato.de|gandi.net|ionos.fr|ionos.es|1und1.de|"
	  "kundenserver.de",
	  "ionos", "strato|gandi", false },
	{ "cPanel",
	  "webmail support|webmail admin|webmail team|ウェブメール管理者",
	  "cpanel.net|cpanel.com|roundcube.net|zimbra.com|synacor.com|webpros.com",
	  "cpanel|roundcube|zimbra", "webmail", false },
	{ "Steam",
	  "steam support|steampowered",
	  "steampowered.com|steamcommunity.com|valvesoftware.com|steamgames.com|steamstatic.com",
	  "steampowered|steamcommunity", "steam", false },
	{ "Spotify",
	  "spotify|スポティファイ",
	  "spotify.com|spotifymail.com|scdn.co|spoti.fi|spotify.link|spotifyjobs.com|byspotify.com",
	  "spotify", "", false },
	{ "Coinbase",
	  "coinbase|コインチェック|coincheck|bitflyer",
	  "coinbase.com|coincheck.com|bitflyer.com|bitflyer.jp|coinbasepayments.com|cb-info.com",
	  "coinbase|coincheck|bitflyer", "", false },
	{ "Binance",
	  "binance|バイナンス|metamask|ledger live|trezor|kraken",
	  "binance.com|binance.us|metamask.io|ledger.com|trezor.io|kraken.com|bnbstatic.com|"
	  "binance.co.jp|consensys.io|consensys.net|binance.vision|binance.org|bnbchain.org",
	  "binance|metamask|trezor", "ledger|kraken", false },
	{ "Chase",
	  "chase bank|jpmorgan chase|jpmorgan",
	  "chase.com|jpmorganchase.com|jpmorgan.com|chase.co.uk",
	  "jpmorgan|chasebank|chase-bank", "chase", false },
	{ "Wells Fargo",
	  "wells fargo|wellsfargo",
	  "wellsfargo.com|wf.com|wellsfargoemail.com|wellsfargoadvisors.com",
	  "wellsfargo|wells-fargo", "", false },
	{ "Bank of America",
	  "bank of america|bankofamerica",
	  "bankofamerica.com|bofa.com|bofaml.com|ml.com|bac.com|merrilledge.com",
	  "bankofamerica|bofa", "", false },
	{ "Citibank",
	  "citibank|citi bank|citi cards",
	  "citi.com|citibank.com|citibankonline.com|citicards.com|citigroup.com|accountonline.com",
	  "citibank|citigroup", "citi", true },
	{ "HSBC",
	  "hsbc",
	  "hsbc.com|hsbc.co.uk|hsbc.com.hk|hsbcnet.com|hsbc.fr|firstdirect.com|about.hsbc|hsbc",
	  "hsbc", "", true },
	{ "Barclays",
	  "barclays",
	  "barclays.co.uk|barclays.com|barclaycard.co.uk|barclaycardus.com|barclays.net|home.barclays",
	  "barclays|barclaycard", "", false },
	{ "Lloyds",
	  "lloyds bank|natwest|santander|halifax bank|nationwide building",
	  "lloydsbank.com|lloydsbank.co.uk|lloydsbankinggroup.com|natwest.com|santander.co.uk|"
	  "santander.com|halifax.co.uk|nationwide.co.uk|natwestgroup.com|rbs.co.uk|santander.es|"
	  "santander.com.br|bancosantander.es",
	  "lloydsbank|natwest|santander", "lloyds|halifax|nationwide", true },
	{ "Sparkasse",
	  "sparkasse|volksbank|commerzbank|deutsche bank|postbank",
	  "sparkasse.de|volksbank.de|vr.de|commerzbank.de|commerzbank.com|deutsche-bank.de|db.com|"
	  "postbank.de|s-payment.com|deutschebank.com|atruvia.de|dsv-gruppe.de|sparkasse.at",
	  "sparkasse|volksbank|commerzbank|postbank", "", false },
	{ "ING",
	  "ing bank|ing-diba|rabobank|abn amro|credit agricole|crédit agricole|bnp paribas|"
	  "societe generale|société générale",
	  "ing.com|ing.de|ing.nl|rabobank.nl|rabobank.com|abnamro.nl|abnamro.com|credit-agricole.fr|"
	  "credit-agricole.com|bnpparibas.com|bnpparibas.net|bnpparibas|societegenerale.fr|"
	  "societegenerale.com|mabanque.bnpparibas|ing.es|ing.be|ing.it|ing.fr|bnpparibasfortis.be|"
	  "ca-paris.fr",
	  "rabobank|abnamro|bnpparibas|societegenerale|creditagricole|credit-agricole", "ing", false },
	{ "Ameli",
	  "ameli|l'assurance maladie|impots.gouv|antai",
	  "ameli.fr|gouv.fr|antai.gouv.fr|service-public.fr",
	  "ameli", "", false },
	{ "HMRC",
	  "hmrc|hm revenue|gov.uk|dvla",
	  "gov.uk",
	  "hmrc|govuk|gov-uk|dvla", "", false },
	{ "IRS",
	  "internal revenue service|irs.gov|social security administration",
	  "irs.gov|ssa.gov|treasury.gov|usa.gov",
	  "irsgov|irs-gov", "irs", false },
	{ "Norton",
	  "norton lifelock|norton antivirus|norton 360|mcafee|geek squad",
	  "norton.com|nortonlifelock.com|mcafee.com|symantec.com|bestbuy.com|geeksquad.com|"
	  "lifelock.com|gendigital.com|broadcom.com",
	  "nortonlifelock|mcafee|geeksquad", "norton", false },
	{ "Walmart",
	  "walmart|costco|target circle|コストコ|コストコホールセール",
	  "walmart.com|costco.com|costco.co.jp|target.com|walmart.ca|walmartlabs.com",
	  "walmart|costco", "target", false },
	{ "Airbnb",
	  "airbnb|booking.com|expedia",
	  "airbnb.com|airbnb.jp|booking.com|expedia.com|expedia.co.jp|airbnbmail.com|muscache.com|"
	  "agoda.com|expediamail.com|bstatic.com|hotels.com|airbnb.co.uk|airbnb.co.kr|expediagroup.com|"
	  "expediapartnercentral.com|bookingholdings.com",
	  "airbnb|expedia", "booking", true },
	{ "NTT東日本",
	  "ntt東日本|ntt西日本|フレッツ光",
	  "ntt-east.co.jp|ntt-west.co.jp|flets.com|flets-w.com|ntt-east.jp|ntteast.co.jp|nttwest.co.jp",
	  "ntteast|nttwest|ntt-east|ntt-west", "flets", false },
	{ "ヨドバシカメラ",
	  "ヨドバシ|ビックカメラ|ヤマダデンキ|ユニクロ|無印良品|マクドナルド",
	  "yodobashi.com|biccamera.com|yamada-denkiweb.com|uniqlo.com|muji.com|mcdonalds.co.jp|"
	  "yamada-denki.jp|biccamera.co.jp|fastretailing.com|muji.net|ryohin-keikaku.jp",
	  "yodobashi|biccamera|uniqlo", "muji|bic", false },
};

const size_t brand_rows_count = sizeof brand_rows / sizeof *brand_rows;

const char carrier_domains[] =
	"sendgrid.net|list-manage.com|mailchimp.com|mailchi.mp|mandrillapp.com|mailgun.org|mailgun.net|"
	"awstrack.me|sparkpostmail.com|cmail19.com|cmail20.com|createsend.com|rs6.net|constantcontact.com|"
	"exct.net|exacttarget.com|salesforce.com|force.com|pardot.com|marketo.com|mktoweb.com|mkt.com|"
	"hubspot.com|hubspotemail.net|hubspotlinks.com|hs-sites.com|klaviyo.com|klclick.com|klclick1.com|"
	"klclick2.com|klclick3.com|sendinblue.com|sendibm1.com|sendibm3.com|brevo.com|mailjet.com|mjt.lu|"
	"benchmarkemail.com|bmetrack.com|getresponse.com|activehosted.com|acemlna.com|acemlnb.com|"
	"activecampaign.com|convertkit-mail.com|convertkit-mail2.com|ck.page|kit.com|beehiiv.com|"
	"substack.com|customeriomail.com|customer.io|intercom-mail.com|intercom-clicks.com|iterable.com|"
	"links.iterable.com|braze.com|responsys.net|rsys2.com|rsgsv.net|mcsv.net|mcdlv.net|emlnk.com|"
	"emlnk1.com|emltrk.com|icptrack.com|vresp.com|postmarkapp.com|pstmrk.it|mlsend.com|mailerlite.com|"
	"omnisend.com|drip.com|getdrip.com|ontraport.com|infusionsoft.com|keap-link001.com|aweber.com|"
	"emarsys.net|cheetahmail.com|epsl1.com|bluehornet.com|dotdigital.com|trackedlink.net|dmtrk.net|"
	"cuenote.jp|webcas.net|combzmail.jp|blayn.jp|bme.jp|bmb.jp|bmd.jp|hm-f.jp|kanjouka.com|clicks.jp|"
	"m-pathy.jp|shanon.co.jp|smp.ne.jp|satori.segs.jp|b-dash.com|kairosmarketing.net|autopilot-mail.jp|"
	"wixmp.com|wix.com|shopify.com|shopifyemail.com|squarespace-mail.com|eventbrite.com|peatix.com|"
	"urldefense.com|urldefense.proofpoint.com|safelinks.protection.outlook.com|protection.outlook.com|"
	"cisco.com|mimecast.com|mimecastprotect.com|barracudanetworks.com|cudasvc.com|"
	"linkprotect.cudasvc.com|trendmicro.com|fireeye.com|sophos.com|forcepoint.com|proofpoint.com|"
	"zendesk.com|freshdesk.com|atlassian.net|atlassian.com|surveymonkey.com|typeform.com|qualtrics.com|"
	"doorkeeper.jp|connpass.com|note.com|stripe.com|github.com|gitlab.com|bitbucket.org|sansan.com|"
	"cybozu.com|kintone.com|chatwork.com|backlog.jp|backlog.com|slack.com|discord.com|notion.so|"
	"asana.com|trello.com|figma.com|miro.com|box.com|freee.co.jp|moneyforward.com|smarthr.jp";

const char ordinary_domains[] =
	"facebook.com|twitter.com|x.com|instagram.com|youtube.com|youtu.be|linkedin.com|pinterest.com|"
	"tiktok.com|line.me|lin.ee|google.com|google.co.jp|apple.com|goo.gl|microsoft.com|wikipedia.org|"
	"w3.org|ietf.org|rfc-editor.org|mozilla.org|adobe.com|go.jp|lg.jp|ac.jp|ed.jp|gov|edu|mil|"
	"wordpress.org|debian.org|kernel.org|gnu.org|python.org|postfix.org|dovecot.org|spamhaus.org|"
	"spamcop.net|antiphishing.jp|jpcert.or.jp|ipa.go.jp|prtimes.jp|nikkei.com|asahi.com|yomiuri.co.jp|"
	"zoom.us|webex.com|archive.org|stackoverflow.com|stackexchange.com|vimeo.com|flickr.com|medium.com|"
	"nhk.or.jp|sourceforge.net|groups.io|apache.org|mail-archive.com";

const char shortener_domains[] =
	"bit.ly|bitly.com|tinyurl.com|ow.ly|is.gd|v.gd|t.ly|rb.gy|cutt.ly|shorturl.at|rebrand.ly|buff.ly|"
	"tiny.cc|s.id|t.cn|qr.ae|bl.ink|x.gd|ux.nu|onl.tw|onl.la|00m.in|urlz.fr|lnk.to|shorturl.asia|2u.pw|"
	"n9.cl|s.yam.com|reurl.cc|ur0.jp|u0u1.net|ul.ink|u.to|clck.ru|vk.cc|goo.su|t2m.io|qrco.de|qrfy.com|"
	"me-qr.com|linktr.ee|tr.ee|l.ead.me|short.gy|shrtco.de|zpr.io|inx.lv|kutt.it|href.li|soo.gd|tny.im|"
	"shorte.st|adf.ly|b.link|surl.li|urlr.me|dub.sh|tr.im";

const char free_domains[] =
	"github.io|gitlab.io|pages.dev|workers.dev|web.app|firebaseapp.com|netlify.app|vercel.app|"
	"herokuapp.com|glitch.me|repl.co|replit.app|onrender.com|surge.sh|weebly.com|weeblysite.com|"
	"wixsite.com|webflow.io|godaddysites.com|square.site|blogspot.com|wordpress.com|yolasite.com|"
	"jimdosite.com|jimdofree.com|strikingly.com|000webhostapp.com|infinityfreeapp.com|rf.gd|epizy.com|"
	"byethost.com|freehostia.com|duckdns.org|ddns.net|no-ip.org|hopto.org|zapto.org|sytes.net|serveo.net|"
	"ngrok.io|ngrok-free.app|ngrok.app|trycloudflare.com|loca.lt|r2.dev|ipfs.io|dweb.link|cf-ipfs.com|"
	"fleek.co|translate.goog|azurewebsites.net|azurestaticapps.net|core.windows.net|cloudfront.net|"
	"s3.amazonaws.com|amplifyapp.com|appspot.com|cloudfunctions.net|run.app|storage.googleapis.com|"
	"sites.google.com|forms.gle|docs.google.com|formstack.com|jotform.com|typeform.com|wufoo.com|"
	"forms.office.com|my.canva.site|framer.website|framer.app|carrd.co|typedream.app|mystrikingly.com|"
	"gitbook.io|notion.site|plesk.page|easywp.com|webcindario.com|altervista.org|atwebpages.com|mypi.co|"
	"myftp.org|servehttp.com|from-mi.com|homeip.net|dyndns.org|fc2.com|web.fc2.com|xrea.com|"
	"moo.jp|bubbleapps.io|softr.app|glideapp.io|tilda.ws|ucoz.com|site123.me|webnode.page|"
	"webadorsite.com|mystagingwebsite.com";

const char risky_endings[] =
	"xyz|top|icu|buzz|cyou|cfd|sbs|rest|click|link|monster|shop|online|site|club|vip|live|work|fit|tk|ml|"
	"ga|cf|gq|cn|su|pw|cc|ws|quest|bond|beauty|hair|skin|makeup|lat|lol|mom|autos|boats|homes|yachts|"
	"motorcycles|zip|mov|country|stream|download|racing|win|bid|loan|date|review|party|trade|science|"
	"accountant|faith|cricket|men|kim|ninja|space|website|store|fun|today|support|host|press|"
	"best|wang|ltd|center|email|services|pics|cam|uno|dev.br|com.ng|rip";
