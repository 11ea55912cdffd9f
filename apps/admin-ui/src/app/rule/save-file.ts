/** Hands a JSON document to the browser as a file. */
export function saveFile(name: string, document: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' }));
  const link = Object.assign(window.document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => { URL.revokeObjectURL(url); });
}

/** A name that every file system takes: `Acme → Vendor: a` becomes `acme-vendor-a.json`. */
export const fileNameOf = (name: string): string => `${name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 80) || 'rule'}.json`;
