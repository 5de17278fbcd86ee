// typedoc's pages as pages of the site: the ways back to its other parts, and an index for searching, heavier than
// everything else together, that is loaded at the first click or key.

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

/** A link in a summary is a control in a control, which readers of screens do not find. */
const withoutLink = (summary: string) => summary.replaceAll(/<a [^>]*class="tsd-anchor-icon".*?<\/a>/g, '');

/** Mends the pages under a folder of the site. */
export function mendReference(out: string, folder: string): void {
  const names = readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    const path = join(out, folder, name);
    const up = posix.relative(posix.dirname(posix.join(folder, name)), '.');
    const html = readFileSync(path, 'utf8');
    if (!SEARCH.test(html))
      throw new Error(`site: typedoc's ${name} loads its search in a way that is not known`);
    const mended = html
      .replaceAll(/<summary.*?<\/summary>/gs, withoutLink)
      .replace(SEARCH, LATER)
      .replaceAll(`"${ROOT}`, `"${up}/`);
    writeFileSync(path, mended);
  }
}
