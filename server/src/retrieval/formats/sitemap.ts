import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { XMLParser } from 'fast-xml-parser';
import type { Sitemap } from '../ports.ts';

const most = 50_000;
/** Unpacked. */
const maxBytes = 50_000_000;

/** The addresses in a sitemap or in a list of sitemaps; none in anything else. */
export async function readSitemap(path: string): Promise<Sitemap> {
  const bytes = await readFile(path);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (packed ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes).toString();
  // Nothing in a sitemap needs entities of its own, which only serve to blow it up.
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return { pages: [], sitemaps: [] };
  const parser = new XMLParser({
    removeNSPrefix: true,
    ignoreAttributes: true,
    parseTagValue: false,
    isArray: (name) => name === 'url' || name === 'sitemap',
  });
  const document: unknown = parser.parse(text);
  return {
    pages: locations(document, 'urlset', 'url'),
    sitemaps: locations(document, 'sitemapindex', 'sitemap'),
  };
}

function locations(document: unknown, root: string, entry: string): string[] {
  const list = at(at(document, root), entry);
  if (!Array.isArray(list)) return [];
  return list.slice(0, most).flatMap((item: unknown) => {
    const place = at(item, 'loc');
    return typeof place === 'string' && /^https?:/.test(place.trim()) ? [place.trim()] : [];
  });
}

const at = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;
