// A self-contained HTML page around facts, figures and tables: no script, nothing loaded from elsewhere, light and dark.

import { escapeXml } from './escape';
import { FONT } from './svg';
import { pageVariables } from './theme';

export interface ReportFigure {
  /** From one of the chart functions; it goes into the page as it is. */
  readonly svg: string;
  readonly caption: string;
}

export interface ReportTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface ReportSection {
  readonly heading: string;
  readonly text?: string;
  readonly figures?: readonly ReportFigure[];
  readonly table?: ReportTable;
  /** Shown as it is, in a fixed-width font. */
  readonly pre?: string;
}

export interface ReportOptions {
  readonly title: string;
  readonly subtitle?: string;
  /** Large numbers at the top. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly sections: readonly ReportSection[];
}

const css = `${pageVariables()}
*{box-sizing:border-box}
body{margin:0;background:var(--sg-surface);color:var(--sg-ink);font:16px/1.5 ${FONT}}
main{max-width:1000px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.2rem;margin:40px 0 12px;padding-top:16px;border-top:1px solid var(--sg-grid)}
p{margin:0 0 12px;max-width:70ch}.sub,figcaption,dt{color:var(--sg-muted)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:24px 0 0}
dl div{border:1px solid var(--sg-grid);border-radius:8px;padding:12px 14px}
dt{font-size:.85rem}dd{margin:0;font-size:1.4rem;font-weight:600;font-variant-numeric:tabular-nums}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:20px}
figure{margin:0;border:1px solid var(--sg-grid);border-radius:8px;padding:8px 8px 12px;overflow:hidden}
figure svg{display:block;width:100%;height:auto}figcaption{font-size:.875rem;padding:4px 8px 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--sg-grid);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}thead th{color:var(--sg-muted);font-weight:500}tbody th{font-weight:400}
pre{overflow-x:auto;border:1px solid var(--sg-grid);border-radius:8px;padding:12px 14px;font-size:.85rem}`;

function table({ head, rows }: ReportTable): string {
  const headCells = head.map((cell) => `<th scope="col">${escapeXml(cell)}</th>`).join('');
  const body = rows.map(([first = '', ...rest]) => {
    const cells = rest.map((cell) => `<td>${escapeXml(String(cell))}</td>`).join('');
    return `<tr><th scope="row">${escapeXml(String(first))}</th>${cells}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${headCells}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function section({ heading, text, figures = [], table: rows, pre }: ReportSection): string {
  const parts = [`<h2>${escapeXml(heading)}</h2>`];
  if (text !== undefined) parts.push(`<p>${escapeXml(text)}</p>`);
  if (figures.length > 0) {
    const list = figures.map(
      ({ svg, caption }) => `<figure>${svg}<figcaption>${escapeXml(caption)}</figcaption></figure>`,
    );
    parts.push(`<div class="figures">${list.join('')}</div>`);
  }
  if (rows !== undefined) parts.push(table(rows));
  if (pre !== undefined) parts.push(`<pre>${escapeXml(pre)}</pre>`);
  return `<section>${parts.join('')}</section>`;
}

/** The page as text, ready to be written to a file. All words are escaped; figures are taken as they are. */
export function htmlReport({ title, subtitle, facts, sections }: ReportOptions): string {
  const list = facts.map(
    ({ label, value }) => `<div><dt>${escapeXml(label)}</dt><dd>${escapeXml(value)}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeXml(title)}</title><style>${css}</style></head>
<body><main><header><h1>${escapeXml(title)}</h1>${subtitle === undefined ? '' : `<p class="sub">${escapeXml(subtitle)}</p>`}</header>
${list.length > 0 ? `<dl>${list.join('')}</dl>` : ''}
${sections.map(section).join('\n')}
</main></body></html>
`;
}
