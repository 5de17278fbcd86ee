// The site of documents and course that the page may be a part of. `npm run site` says where it is, in the page's head.

/** The address of a file of the site; undefined where the page stands alone. */
export function inSite(path: string): string | undefined {
  const root = document.querySelector<HTMLMetaElement>('meta[name=site]')?.content;
  return root === undefined ? undefined : root + path;
}
