/* SPDX-License-Identifier: Apache-2.0 */
/* The style of the owner's pages: one calm column, from a narrow telephone up, light and dark. Whoever comes here is worried: large type,
 * large things to press, one thing to do on each page. All text has a contrast of 4.5 to 1 or more. */
#include "web/frame.h"

/* in parts, for a compiler need not take a longer text than 4,095 bytes */
const char *const frame_style[] = {
	":root{color-scheme:light dark;"
	"--paper:#f4f5f3;--card:#fff;--ink:#1c242b;--soft:#545f69;--line:#dcdfda;--edge:#8a949c;--main:#1f5068;--main-ink:#fff;--main-wash:#e9f0f3;"
	"--bad:#a3341a;--bad-wash:#fcefe9;--good:#1b6a46;--good-wash:#e9f5ee;--focus:#c77700}\n"
	"@media (prefers-color-scheme:dark){:root{"
	"--paper:#14181b;--card:#1c2226;--ink:#e8eae8;--soft:#a9b3ba;--line:#323a40;--edge:#79848c;--main:#8cc4dd;--main-ink:#10222b;--main-wash:#1d2f38;"
	"--bad:#ff9f80;--bad-wash:#35211b;--good:#74cfa2;--good-wash:#162b21;--focus:#ffb84d}}\n"
	"*{box-sizing:border-box}\n"
	"html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
	"body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.65 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\","
	"\"Hiragino Sans\",\"Hiragino Kaku Gothic ProN\",\"Noto Sans JP\",\"Noto Sans CJK JP\",\"BIZ UDPGothic\",Meiryo,sans-serif;overflow-wrap:anywhere}\n"
	":lang(ja){line-height:1.8;line-break:strict}\n"
	":lang(ja) h1,:lang(ja) h2{font-feature-settings:\"palt\";letter-spacing:.02em}:lang(ja) :is(h1,h2,.demands li){word-break:auto-phrase}\n"
	"header,main,footer,.owner{max-width:44rem;margin:0 auto;padding-left:clamp(1rem,5vw,2rem);padding-right:clamp(1rem,5vw,2rem)}\n"
	"a{color:var(--main);text-underline-offset:.18em}\n"
	":focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:.25rem}\n"
	"main{display:flex;flex-direction:column}main:focus{outline:0}.progress{order:-1}\n" /* what went wrong is read first, and stands below */
	".skip{position:absolute;left:-100vw;top:0;padding:.75rem 1rem;background:var(--card)}.skip:focus{left:0;z-index:1}\n",
	/* the head */
	"header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;justify-content:space-between;padding-top:1.1rem;padding-bottom:1.1rem}\n"
	".home{display:inline-flex;align-items:center;gap:.65rem;color:var(--ink);text-decoration:none;font-weight:650;letter-spacing:.01em;min-height:2.75rem}\n"
	".home svg{flex:none;fill:var(--main)}\n"
	".languages{display:flex;gap:.25rem;font-size:.9375rem}\n"
	".languages>*{display:inline-flex;align-items:center;min-height:2.75rem;padding:0 .6rem}\n"
	".languages span{color:var(--soft)}\n"
	".owner{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.25rem 1rem;align-items:center;padding-bottom:1rem}\n"
	".who{margin:0;line-height:1.4}.who span{color:var(--soft);font-size:.9375rem}\n"
	".owner nav{grid-column:1/-1;border-bottom:1px solid var(--line)}\n"
	".owner ul{display:flex;flex-wrap:wrap;gap:0 clamp(.9rem,4vw,1.5rem);font-size:.9375rem;margin:0;padding:0;list-style:none}\n"
	".owner li{margin:0 0 -1px}\n"
	".owner li a{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--soft);text-decoration:none;border-bottom:3px solid transparent}\n"
	".owner li a:hover{color:var(--ink)}\n"
	".owner li a[aria-current]{color:var(--ink);border-bottom-color:var(--main);font-weight:650}\n",
	/* the steps */
	".progress{display:flex;gap:.35rem;margin:.25rem 0 1.75rem;padding:0;list-style:none;font-size:.875rem;line-height:1.4;counter-reset:step}\n"
	".progress li{flex:1 1 0;min-width:0;padding-top:.55rem;border-top:4px solid var(--line);color:var(--soft)}\n"
	".progress .past{border-top-color:var(--main)}\n"
	".progress [aria-current]{border-top-color:var(--main);color:var(--ink);font-weight:650}\n"
	".progress li::before{counter-increment:step;content:counter(step) \" \"}\n",
	/* text */
	"h1{margin:.25rem 0 0;font-size:clamp(1.6rem,1.2rem + 2vw,2.2rem);line-height:1.25;letter-spacing:-.015em;font-weight:700;text-wrap:balance}\n"
	":lang(ja) h1{line-height:1.4;font-size:clamp(1.45rem,1.15rem + 1.5vw,1.95rem);letter-spacing:.01em}\n"
	"h2{margin:0 0 .75rem;font-size:1.2rem;line-height:1.4;font-weight:680}\n"
	"p{margin:0 0 .9rem}.number{white-space:nowrap}\n"
	"main>.lead{margin:.85rem 0 0;font-size:1.125rem;color:var(--soft)}\n"
	".small{margin:.9rem 0 0;font-size:.9375rem;color:var(--soft)}\n"
	"section{margin:1.5rem 0 0;padding:clamp(1.15rem,4vw,1.9rem);background:var(--card);border:1px solid var(--line);border-radius:.75rem}\n"
	"section>:last-child{margin-bottom:0}\n"
	"ul,ol{margin:0;padding-left:1.35rem}li{margin-bottom:.5rem}li:last-child{margin-bottom:0}\n"
	"main>p{margin:1.5rem 0 0}section+h1{margin-top:2.25rem}\n"
	".facts{margin:0}.facts div{display:grid;grid-template-columns:minmax(9rem,13rem) minmax(0,1fr);gap:.1rem 1.5rem;padding:.6rem 0;border-top:1px solid var(--line)}\n"
	".facts div:first-child{border-top:0;padding-top:0}.facts div:last-child{padding-bottom:0}\n"
	".facts dt{color:var(--soft)}.facts dd{margin:0;font-variant-numeric:tabular-nums}\n"
	".cases{margin:0}.cases dt{font-weight:650}.cases dd{margin:.15rem 0 1rem}.cases dd:last-child{margin-bottom:0}\n"
	".todo{list-style:none;margin:0 0 1.4rem;padding:0;counter-reset:todo}\n"
	".todo li{counter-increment:todo;position:relative;margin-bottom:1rem;padding-left:2.75rem;min-height:1.9rem}\n"
	".todo li::before{content:counter(todo);position:absolute;left:0;top:.05rem;width:1.9rem;height:1.9rem;border-radius:50%;background:var(--main-wash);"
	"color:var(--main);font-weight:700;font-size:.9375rem;line-height:1.9rem;text-align:center}\n"
	".yes,.no{list-style:none;padding:0}.yes li,.no li{position:relative;padding-left:1.9rem}\n"
	".yes li::before,.no li::before{position:absolute;left:.2rem;font-weight:700}\n"
	".yes li::before{content:\"✓\" / \"\";color:var(--good)}.no li::before{content:\"✕\" / \"\";color:var(--bad)}\n",
	/* what went well, or wrong */
	".message{margin:0 0 1.5rem;padding:1rem 1.25rem;border-radius:.6rem;border-left:.35rem solid var(--edge);background:var(--card)}\n"
	".message p{margin:0}.message ul{margin-top:.6rem}\n"
	".message.bad{border-color:var(--bad);background:var(--bad-wash)}\n"
	".message.good{border-color:var(--good);background:var(--good-wash)}\n"
	".secret{margin:0 0 1.75rem;padding:1.25rem 1rem;background:var(--card);border:2px solid var(--good);border-radius:.75rem;text-align:center}\n"
	".secret code{font:600 clamp(1.3rem,1rem + 2.5vw,1.9rem)/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;letter-spacing:.06em;"
	"-webkit-user-select:all;user-select:all}\n",
	/* forms */
	"form{margin:0}\n"
	".field{margin:0 0 1.25rem}\n"
	"label{display:block;font-weight:650}\n"
	".hint{margin:.1rem 0 .35rem;color:var(--soft);font-size:.9375rem;line-height:1.55}\n"
	".field input{display:block;width:100%;min-height:3.1rem;margin-top:.4rem;padding:.5rem .85rem;border:1px solid var(--edge);border-radius:.5rem;background:var(--card);"
	"color:var(--ink);font:inherit}\n"
	".field input.code{max-width:18rem;font:600 1.3rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;letter-spacing:.12em;"
	"text-transform:uppercase}\n"
	"button,.button{display:inline-block;min-height:3.1rem;padding:.7rem 1.6rem;border:1px solid var(--main);border-radius:.5rem;background:var(--main);color:var(--main-ink);"
	"font:inherit;font-weight:650;line-height:1.6;text-align:center;text-decoration:none;cursor:pointer}\n"
	"button:hover,.button:hover{filter:brightness(1.12)}\n"
	"button.second{background:transparent;color:var(--main)}button.second:hover{background:var(--main-wash);filter:none}\n"
	"button.quiet{min-height:2.75rem;padding:.4rem .9rem;border-color:var(--line);background:transparent;color:var(--soft);font-weight:400;font-size:.9375rem}\n"
	"button.quiet:hover{color:var(--ink);filter:none}\n"
	".act{margin:0}main>.act{margin-top:1.5rem}\n"
	".demands{margin:0 0 1.4rem;padding:.9rem 1.1rem .9rem 2.4rem;border-radius:.5rem;background:var(--main-wash)}.demands li{margin-bottom:.25rem}\n",
	/* the list that is ticked off */
	".care{list-style:none;margin:1.5rem 0;padding:0}\n"
	".care li{margin:0 0 .85rem;padding:1rem 1.15rem;background:var(--card);border:1px solid var(--line);border-left-width:.35rem;border-radius:.75rem}\n"
	".care label{display:flex;gap:.85rem;align-items:flex-start}\n"
	".care input{flex:none;width:1.5rem;height:1.5rem;margin:.15rem 0 0;accent-color:var(--main)}\n"
	".care .hint,.care .idle{margin:.35rem 0 0 2.35rem}\n"
	".care .idle{font-weight:400;font-size:.9375rem;color:var(--soft);align-items:center}.care .idle input{width:1.15rem;height:1.15rem;margin:0}\n"
	".care .settled .tick span{color:var(--soft)}\n"
	".care li.open{border-left-color:var(--main)}\n"
	"footer{padding-top:2.25rem;padding-bottom:3rem;color:var(--soft);font-size:.9375rem}footer p{margin-bottom:.5rem}\n"
	"@media (max-width:36rem){\n"
	".facts div{grid-template-columns:minmax(0,1fr)}.facts dt{font-size:.9375rem}\n"
	"section button,.button,.care+button{width:100%}.field input.code{max-width:none}\n"
	".progress li:not([aria-current]){flex:0 0 2.2rem;white-space:nowrap;overflow:hidden;text-indent:0;color:var(--soft);font-size:.875rem}\n"
	".progress li:not([aria-current]) span{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
	"}\n"
	"@media (forced-colors:active){section,.message,.care li{border:1px solid}}\n"
	"@media print{body{background:#fff}header nav,.owner,footer,button,.act{display:none}section{border:0;padding:0}}\n",
	NULL,
};
