import { setImmediate as turn } from 'node:timers/promises';
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Names of fonts that are bold, behind the sign of a part of a font; Chinese titles are set in 黑体 (SimHei) instead. */
const boldName = /bold|black|heavy|demi|medi(?!um)|^(?:[A-Z]{6}\+)?(?:cm|sf)bx?\d|simhei|heiti|黑体/i;
/** Fonts are only known once the drawing of a page was looked at, which takes as long as reading it. */
const mostLooks = 40;

/** What of a font is used. */
interface Font {
  name?: string;
  bold?: boolean;
  black?: boolean;
}

/** Which of the fonts of a page are bold, by the names that its text gives them. */
export type BoldFonts = (page: PDFPageProxy, names: Iterable<string>) => Promise<ReadonlySet<string>>;

/** For one document, whose pages share their fonts. */
export function createBoldFonts(): BoldFonts {
  const known = new Set<string>();
  const bold = new Set<string>();
  let looks = 0;
  return async (page, names) => {
    const unknown = [...names].filter((name) => !known.has(name));
    if (unknown.length === 0 || looks >= mostLooks) return bold;
    looks += 1;
    await page.getOperatorList();
    // Fonts that came with it are entered one turn later.
    await turn();
    for (const name of unknown) {
      known.add(name);
      const font = page.commonObjs.has(name) ? (page.commonObjs.get(name) as Font | null) : null;
      if (font?.bold || font?.black || boldName.test(font?.name ?? '')) bold.add(name);
    }
    return bold;
  };
}
