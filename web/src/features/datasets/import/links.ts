/** Addresses of pages as they were pasted, one a line, each once; `wrong` holds what is none. */
export function readLinks(text: string): { links: string[]; wrong: string[] } {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const links = new Set<string>();
  const wrong: string[] = [];
  for (const line of lines) {
    const link = addressOf(line);
    if (link) links.add(link);
    else wrong.push(line);
  }
  return { links: [...links], wrong };
}

/** What is left to do of a text when these links are imported: what was refused, what is no address, what is new. */
export const withoutLinks = (text: string, imported: ReadonlySet<string>): string =>
  text
    .split(/\r?\n/)
    .filter((line) => !imported.has(addressOf(line.trim()) ?? ''))
    .join('\n');

/** A host without `https://` is taken as people mean it; a single word is no address. */
function addressOf(line: string): string | undefined {
  if (/\s/.test(line)) return undefined;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(line);
  const address = hasScheme ? line : `https://${line}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return hasScheme || url.hostname.includes('.') ? address : undefined;
}
