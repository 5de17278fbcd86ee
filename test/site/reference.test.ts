// What is done to typedoc's pages: tried on two that are written as typedoc writes them.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mendReference } from '../../docs/site/api';

const search = (up: string) => `<script async src="${up}assets/search.js" id="tsd-search-script"></script>`;

test('links lead to the site from any depth, and the search index waits for the first click', () => {
  const out = mkdtempSync(join(tmpdir(), 'spikegrad-reference-'));
  for (const name of ['classes', 'assets']) mkdirSync(join(out, 'api', name), { recursive: true });
  copyFileSync('node_modules/typedoc/static/main.js', join(out, 'api/assets/main.js'));
  const heading =
    '<summary><h2>Methods<a href="#methods" class="tsd-anchor-icon"><svg></svg></a></h2></summary>';
  const hiding =
    '<script>let a;document.body.style.display="none";setTimeout(() => app.showPage(),500)</script>';
  const link = `${hiding}<a href="site:docs/index.html">Documents</a>${heading}`;
  writeFileSync(join(out, 'api/index.html'), search('') + link);
  writeFileSync(join(out, 'api/classes/Adam.html'), search('../') + link);
  mendReference(out, 'api');
  const [top, deep] = ['api/index.html', 'api/classes/Adam.html'].map((name) =>
    readFileSync(join(out, name), 'utf8'),
  );
  expect(top).toContain('href="../docs/index.html"');
  expect(deep).toContain('href="../../docs/index.html"');
  expect(deep).toContain('<script>let a;</script>');
  expect(deep).toContain('<summary><h2>Methods</h2></summary>');
  expect(deep).toContain('data-src="../assets/search.js"');
  expect(deep).not.toContain(' src="../assets/search.js"');
  const script = readFileSync(join(out, 'api/assets/main.js'), 'utf8');
  expect(script).toMatch(/\w\.append\(t\.text\);.*t\.path&&\w+\(t,c\.appendChild/);
  new Function(script); // is still JavaScript
  copyFileSync('node_modules/typedoc/static/main.js', join(out, 'api/assets/main.js'));
  writeFileSync(join(out, 'api/index.html'), `${hiding}<script src="search.js"></script>`);
  expect(() => mendReference(out, 'api')).toThrow('in a way that is not known');
  rmSync(out, { recursive: true });
});
