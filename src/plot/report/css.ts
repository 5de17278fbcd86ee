// The style sheet of the HTML report: one column of sections, figures side by side where there is room, light and
// dark by the reader's setting. Sizes are chosen for a phone first.

import { FONT } from '../svg';
import { pageVariables } from '../theme';

/** A whole style sheet; holds no character that HTML or XML would need escaped. */
export const reportCss = `${pageVariables()}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--sg-page);color:var(--sg-ink);font:16px/1.55 ${FONT}}
main{max-width:1120px;margin:0 auto;padding:24px 12px 64px}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:1.15rem;line-height:1.3;margin:34px 0 12px;overflow-wrap:anywhere}
p{margin:0 0 12px;max-width:72ch;overflow-wrap:anywhere}
.subtitle,figcaption,dt{color:var(--sg-muted)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,148px),1fr));gap:10px;margin:20px 0 0}
.facts div,figure,.scroll,pre{background:var(--sg-surface);border:1px solid var(--sg-grid);border-radius:10px}
.facts div{padding:10px 14px}
dt{font-size:.85rem;line-height:1.3}
dd{margin:2px 0 0;font-size:1.3rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figures{columns:2 420px;column-gap:14px}
figure{margin:0 0 14px;padding:2px 2px 12px;overflow:hidden;break-inside:avoid}
figure.wide{column-span:all;margin-top:14px}
figure.wide:first-child{margin-top:0}
.chart{overflow-x:auto}
.chart>svg{display:block;width:100%;min-width:300px;height:auto}
.wide .chart>svg{min-width:600px}
figcaption{font-size:.875rem;line-height:1.45;padding:2px 12px 0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
.scroll+pre,.figures+.scroll{margin-top:14px}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums}
th,td{padding:7px 14px;text-align:left;white-space:nowrap;border-top:1px solid var(--sg-grid)}
thead th{border-top:0;color:var(--sg-muted);font-weight:600}
tbody th{font-weight:500}
.number{text-align:right}
pre{margin:0;overflow-x:auto;padding:12px 14px;font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
:focus-visible{outline:2px solid var(--sg-heat);outline-offset:2px}
@media (min-width:700px){main{padding:40px 24px 80px}h1{font-size:2rem}}
@media print{body{background:none}main{max-width:none;padding:0}figure,tr,.facts div{break-inside:avoid}h2{break-after:avoid}}`;
