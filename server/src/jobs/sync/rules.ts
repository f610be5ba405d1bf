import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as robotsPackage from 'robots-parser';
import { fail } from '../../kernel/errors.ts';
import type { Outbound } from '../../kernel/outbound.ts';
import type { DocumentParser } from '../../retrieval/ports.ts';

/** What a site asks of crawlers (robots.txt), and what it says it has (sitemap.xml). */
export interface SiteRules {
  allows(url: string): boolean;
  /** Milliseconds between two requests. */
  delayMs: number;
  sitemaps: string[];
}

/** By which rules in robots.txt apply. */
export const userAgent = 'Lectern';

/** Its types and what it exports disagree about a default. */
const robotsParser = robotsPackage.default as unknown as (url: string, text: string) => Robots;

interface Robots {
  isAllowed(url: string, userAgent: string): boolean | undefined;
  getCrawlDelay(userAgent: string): number | undefined;
  getSitemaps(): string[];
}

const robotsBytes = 500_000;
const sitemapBytes = 10_000_000;
const mostSitemaps = 50;
/** A site that asks for more is asked this often all the same. */
const longestDelayMs = 10_000;

/**
 * Reads robots.txt. A site without one allows everything; one that cannot say at the moment (5xx, no answer) is left
 * alone, and this throws addressFailed.
 */
export async function readRules(
  outbound: Outbound,
  origin: string,
  options: { delayMs: number; signal: AbortSignal },
): Promise<SiteRules> {
  const url = `${origin}/robots.txt`;
  const answer = await outbound.fetch(url, { maxBytes: robotsBytes, signal: options.signal });
  if (answer.status >= 500 || answer.status === 429) {
    const details = { en: `it answered with status ${answer.status}`, zh: `返回状态 ${answer.status}` };
    throw fail('addressFailed', { params: { url, details } });
  }
  const robots = robotsParser(url, answer.status < 300 ? answer.body.toString() : '');
  const asked = (robots.getCrawlDelay(userAgent) ?? 0) * 1000;
  const sitemaps = robots.getSitemaps();
  return {
    allows: (page) => robots.isAllowed(page, userAgent) !== false,
    delayMs: Math.min(longestDelayMs, Math.max(options.delayMs, asked)),
    sitemaps: sitemaps.length > 0 ? sitemaps : [`${origin}/sitemap.xml`],
  };
}

/** The pages that the sitemaps name; what cannot be read is left out, as links lead to pages, too. */
export async function readSitemaps(
  deps: { outbound: Outbound; parser: DocumentParser; tempDir: string },
  { sitemaps, delayMs }: SiteRules,
  options: { signal: AbortSignal; pause: (ms: number) => Promise<void>; limit: number },
): Promise<string[]> {
  const open = [...sitemaps];
  const seen = new Set<string>();
  const pages = new Set<string>();
  const folder = await mkdtemp(join(deps.tempDir, 'sitemap-'));
  try {
    for (let url = open.shift(); url !== undefined && pages.size < options.limit; url = open.shift()) {
      if (seen.has(url) || seen.size >= mostSitemaps) continue;
      seen.add(url);
      const path = join(folder, `${seen.size}.xml`);
      try {
        const answer = await deps.outbound.download(url, path, {
          maxBytes: sitemapBytes,
          signal: options.signal,
        });
        if (answer.status !== 200) continue;
        const found = await deps.parser.sitemap(path, { signal: options.signal });
        open.push(...found.sitemaps);
        for (const page of found.pages) pages.add(page);
      } catch {
        options.signal.throwIfAborted();
      }
      await options.pause(delayMs);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return [...pages].slice(0, options.limit);
}
