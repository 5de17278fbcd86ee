// typedoc's pages as pages of the site: the ways back to its other parts; an index for searching, heavier than
// everything else together, that is loaded at the first click or key; and a tree of names whose folds have no links.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** typedoc writes links of `navigationLinks` (typedoc.json) as they are; this stands for the site's root. */
const ROOT = 'site:';

const SEARCH = /<script async src="([^"]+)" id="tsd-search-script"><\/script>/;
const LATER = `<script async data-src="$1" id="tsd-search-script"></script>
<script>
for (const kind of ['pointerdown', 'keydown'])
  addEventListener(kind, () => {
    const index = document.getElementById('tsd-search-script');
    index.src ||= index.dataset.src;
  }, { once: true });
</script>`;

/** typedoc hides its pages until its script has run; they can be read before. */
const HIDING = /document\.body\.style\.display="none";setTimeout\(.*?,500\)(?=<\/script>)/;

/** A link in a summary is a control in a control, which readers of screens do not find. */
const withoutLink = (summary: string) => summary.replaceAll(/<a [^>]*class="tsd-anchor-icon".*?<\/a>/g, '');

/**
 * Where typedoc's script puts the link of a name that has others below it: into its fold, a control in a control again.
 * It becomes the first of the names below, and the fold has its text.
 */
const LINK_IN_FOLD =
  /(\w+)\((\w+),(\w+)\);(let \w+=\w+\.appendChild\(document\.createElement\("div"\)\);\w+\.className="tsd-accordion-details";let (\w+)=[^;]+;\w+\.className="tsd-nested-navigation";)/;
const LINK_BELOW = '$3.append($2.text);$4$2.path&&$1($2,$5.appendChild(document.createElement("li")));';

/** @throws where typedoc writes it in a way that is not known */
function mended(text: string, pattern: RegExp, by: string, what: string): string {
  if (!pattern.test(text)) throw new Error(`site: typedoc's ${what} in a way that is not known`);
  return text.replace(pattern, by);
}

/** Mends the pages under a folder of the site. */
export function mendReference(out: string, folder: string): void {
  const script = join(out, folder, 'assets/main.js');
  const tree = mended(readFileSync(script, 'utf8'), LINK_IN_FOLD, LINK_BELOW, 'main.js makes its tree');
  writeFileSync(script, tree);
  const names = readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    const path = join(out, folder, name);
    const up = posix.relative(posix.dirname(posix.join(folder, name)), '.');
    const html = readFileSync(path, 'utf8');
    const shown = mended(html, HIDING, '', `${name} hides itself`);
    const page = mended(shown, SEARCH, LATER, `${name} loads its search`)
      .replaceAll(/<summary.*?<\/summary>/gs, withoutLink)
      .replaceAll(`"${ROOT}`, `"${up}/`);
    writeFileSync(path, page);
  }
}
