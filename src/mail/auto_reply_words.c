/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/auto_reply_words.h"

#include <stddef.h>

const char *const auto_reply_subjects[AUTO_REPLY_WORDS][AUTO_REPLY_PHRASES_MAX] = {
	[AUTO_REPLY_SAYS_SO] = {
		"automatic reply", "automatic response", "automated reply", "automated response", "automatic answer", "auto reply", "auto-reply", "autoreply",
		"auto response", "auto-response", "autoresponse", "auto-responder", "autoresponder", "auto respond", "autoanswer", "auto-antwort", "out of office:",
		"out of office autoreply", "out of office auto-reply", "out of office reply", "out of office response", "out of office notice",
		"out of office notification", "out of office message", "out of office (", "out-of-office:", "out of the office:", "vacation reply", "vacation response",
		"vacation auto", "automatische antwort", "automatische abwesenheit", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung",
		"abwesenheitsbenachrichtigung", "autom. antwort", "réponse automatique", "reponse automatique", "réponse d'absence", "message d'absence",
		"absence du bureau", "respuesta automática", "respuesta automatica", "respuesta de fuera de", "mensaje automático", "resposta automática",
		"resposta automatica", "risposta automatica", "risposta automática", "automatisch antwoord", "automatische beantwoording", "afwezigheidsbericht",
		"autosvar", "automatiskt svar", "automatisk svar", "frånvaromeddelande", "automaattinen vastaus", "automatyczna odpowied", "autoodpowied",
		"автоответ", "автоматический ответ", "автоматична відповідь", "automatická odpov", "automatická odpove", "automatikus válasz", "răspuns automat",
		"otomatik yanıt", "αυτόματη απάντηση", "自動応答", "自動返信", "不在通知", "不在応答", "自動送信", "自动回复", "自动答复", "自動回覆", "자동 회신", "자동응답",
		"부재중", "تلقائي", NULL },
	[AUTO_REPLY_AWAY] = {
		"out of office", "out-of-office", "out of the office", "ooo:", "auto:", "away from my mail", "away from office", "away from the office", "i am away",
		"i'm away", "away until", "on vacation", "vacation", "on holiday", "on leave", "annual leave", "maternity leave", "abwesenheit", "abwesend",
		"nicht im büro", "im urlaub", "urlaub", "absent", "absence", "en vacances", "en congé", "congés", "fuera de la oficina", "fuera de oficina", "ausente",
		"ausencia", "ausência", "fora do escritório", "férias", "fuori sede", "fuori ufficio", "assente", "assenza", "afwezig", "frånvaro", "på semester",
		"poissa", "nieobecno", "poza biurem", "нет на месте", "отсутств", "в отпуске", "mimo kancelá", "休暇", "不在", "ただいま不在", "休業", "お休み", "外出中", "出張中",
		"育児休業", "产假", "休假", "外出", "不在辦公室", "不在办公室", "하계휴가", NULL },
	[AUTO_REPLY_MOVED] = {
		"new email address", "new e-mail address", "my new email", "my new e-mail", "my new address", "email address change", "e-mail address change",
		"change of email", "change of e-mail", "change of address", "address changed", "address has changed", "changed email", "email has changed",
		"neue e-mail", "neue email", "neue mailadresse", "nouvelle adresse", "changement d'adresse", "nueva dirección", "novo e-mail", "nuovo indirizzo",
		"メールアドレス変更", "メールアドレスの変更", "メールアドレスが変", "メールアドレスを変", "アドレス変更", "アドレスの変更", "アドレスが変", "アドレスを変", "アドレス変わり", "メアド変更",
		"新しいメールアドレス", "新メールアドレス", "新アドレス", "no longer with", "no longer at", "no longer work", "退職", "异动", "更换邮箱", NULL },
	[AUTO_REPLY_THANKS] = { NULL },
};

const char *const auto_reply_texts[AUTO_REPLY_WORDS][AUTO_REPLY_PHRASES_MAX] = {
	[AUTO_REPLY_SAYS_SO] = {
		"this is an automatic reply", "this is an automatic response", "this is an automated reply", "this is an automated response", "this is an auto reply",
		"this is an auto-reply", "this is an auto response", "this is an auto-response", "this is an autoreply", "this is an autoresponse",
		"this is an automatically generated reply", "this is an automatically generated response", "this is an auto generated reply", "this is an auto-generated reply",
		"this is an auto-generated response", "this automatic reply", "this automated response", "automatic out of office", "automatic out-of-office",
		"automated out of office", "this is a recorded response", "automatic vacation", "this is an automated answer", "automatically generated reply",
		"automatically generated response", "dies ist eine automatische antwort", "dies ist eine automatisch", "diese antwort wurde automatisch",
		"automatisch generierte antwort", "ceci est une réponse automatique", "ceci est un message automatique d'absence", "réponse automatique",
		"esta es una respuesta automática", "respuesta automática", "esta é uma resposta automática", "resposta automática", "questa è una risposta automatica",
		"risposta automatica", "dit is een automatisch antwoord", "detta är ett automatiskt svar", "dette er et automatisk svar", "automatyczna odpowied",
		"это автоматический ответ", "автоматический ответ", "自動返信", "自動応答", "自動的に返信", "自動で返信", "自動送信されて", "自動送信して", "自動送信による返信", "不在応答", "自动回复", "自動回覆", NULL },
	[AUTO_REPLY_AWAY] = {
		"i am out of the office", "i'm out of the office", "i am out of office", "i'm out of office", "i will be out of", "i'll be out of", "i am currently out",
		"i'm currently out", "am currently away", "i am away", "i'm away", "i will be away", "i am on vacation", "i'm on vacation", "i am on holiday",
		"i'm on holiday", "i will be on vacation", "i will be on holiday", "i am on leave", "i'm on leave", "i am on annual leave", "i am on maternity",
		"currently on vacation", "currently on leave", "currently on holiday", "currently out of the office", "currently out of office", "is out of the office",
		"is currently out of", "is on vacation", "away from my desk", "away from the office", "away from my email", "away from email", "i will be traveling", "i will be travelling",
		"i am traveling", "i am travelling", "limited access to email", "limited access to e-mail", "limited access to my email", "no access to email",
		"will respond to your message upon my return", "when i return", "upon my return", "until my return", "will be back in the office", "nicht im büro", "bin im urlaub",
		"nicht im haus", "bin ich nicht erreichbar", "wieder erreichbar", "ich bin ab", "bin vom", "absent du bureau", "je suis absent", "je serai absent", "suis actuellement absent",
		"en congé", "fuera de la oficina", "estaré fuera", "estoy fuera", "estaré ausente", "de vacaciones", "estou ausente", "fora do escritório", "estarei ausente", "de férias",
		"sono fuori ufficio", "fuori sede", "sono assente", "sarò assente", "ik ben afwezig", "niet aanwezig", "på semester", "är inte på kontoret", "нахожусь в отпуске",
		"休暇をいただ", "休暇を頂", "休暇を取", "休暇中", "休業中", "休業をいただ", "休業を頂", "休業とさせ", "休業いたし", "不在にして", "不在とな", "不在のため", "ただいま不在", "出張中", "出張のため", "お休みをいただ", "育児休業", "休假", NULL },
	[AUTO_REPLY_MOVED] = {
		"my new email", "my new e-mail", "my new address", "new email address is", "new e-mail address is", "new address is", "my email address has changed",
		"my e-mail address has changed", "email address has changed", "e-mail address has changed", "email address has been changed", "address has changed to",
		"address has been changed", "have changed my email", "have changed my e-mail", "changed my email address", "this email address is no longer", "this e-mail address is no longer",
		"this address is no longer", "this mailbox is no longer", "is no longer in use", "i am no longer", "i'm no longer", "i no longer work", "i have left", "has left the company",
		"is no longer with", "is no longer at", "is no longer employed", "no longer works", "please update your address", "update your records", "update your contacts", "meine neue e-mail",
		"neue e-mail-adresse", "neue emailadresse", "nouvelle adresse", "a changé d'adresse", "nueva dirección", "novo endereço", "nuovo indirizzo", "アドレスが変わ", "アドレスを変更", "アドレスは変更",
		"アドレスが変更", "アドレスの変更", "アドレス変更", "アドレスに変更", "アドレスは使わ", "アドレスは使用", "アドレスは現在使", "新しいアドレス", "新しいメールアドレス", "新アドレス", "新メールアドレス",
		"下記アドレスに", "下記のアドレスに", "こちらのアドレスに", "退職いたし", "退職しました", "退職致し", "已离职", NULL },
	[AUTO_REPLY_THANKS] = {
		"thank you for your e-mail", "thank you for you e-mail", "thank you for your email", "thank you for your mail", "thank you for your message", "thank you for contacting", "thank you for writing",
		"thanks for your email", "thanks for your e-mail", "thanks for your message", "will reply as soon as", "reply as soon as possible", "get back to you as soon", "respond as soon as",
		"we have received your", "i have received your", "your message has been received", "vielen dank für ihre", "danke für ihre", "merci pour votre", "nous avons bien reçu", "gracias por su",
		"obrigado por", "grazie per", "メールありがとうござ", "ご連絡ありがとうござ", "お問い合わせありがとう", "お問い合わせいただき", "受け付けました", "受付いたしました", "受信いたしました", NULL },
};
