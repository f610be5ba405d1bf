/** The widths of the records that a delimiter makes of the sample. */
type Widths = (delimiter: string) => number[];

const usual = [',', ';', '\t', '|'];

/** So many of the first lines may stand above the table. */
const maxTitles = 20;

/**
 * What stands between the fields of the sample. What divides every line evenly but is seldom used for it, such as a
 * colon, is taken only where none of the usual ones divides the lines from the first on.
 */
export function delimiterOf(sample: string, widthsOf: Widths, tabsFirst: boolean): string {
  if (tabsFirst && widthsOf('\t').some((width) => width > 1)) return '\t';
  const control = evenCandidates(sample, controls, widthsOf);
  if (control) return control;
  const best = bestOf(usual.map((delimiter) => judge(delimiter, widthsOf(delimiter))));
  if (best && best.above === 0 && best.evenness > 0.5) return doubled(best.delimiter, widthsOf);
  const rare = evenCandidates(sample, rareMarks, widthsOf);
  return doubled(rare ?? best?.delimiter ?? ',', widthsOf);
}

interface Verdict {
  delimiter: string;
  /** Lines above the table, as this delimiter shows it: those until the last at the start that it does not divide. */
  above: number;
  /** Share of the records after them that have the most frequent width. */
  evenness: number;
  width: number;
}

/** Undefined where it makes no table. */
function judge(delimiter: string, widths: number[]): Verdict | undefined {
  const above = widths.slice(0, maxTitles).lastIndexOf(1) + 1;
  const table = widths.slice(above);
  const [width, count] = mostFrequent(table);
  if (width < 2 || (count < 2 && count * 2 < widths.length)) return undefined;
  return { delimiter, above, evenness: count / table.length, width };
}

/** The most frequent width and how often it occurs; of equally frequent ones the first. */
export function mostFrequent(widths: number[]): [number, number] {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  return [...counts].reduce<[number, number]>((most, entry) => (entry[1] > most[1] ? entry : most), [1, 0]);
}

/**
 * Among those that divide about evenly, the one that leaves the fewest lines above the table: what does not divide
 * the header, such as a decimal comma, stands within the fields. Then the wider table.
 */
function bestOf(verdicts: (Verdict | undefined)[]): Verdict | undefined {
  const known = verdicts.filter((verdict) => verdict !== undefined);
  const even = Math.max(...known.map((verdict) => verdict.evenness)) * 0.8;
  const score = (verdict: Verdict) => verdict.evenness ** 2 * Math.log2(verdict.width);
  return known
    .filter((verdict) => verdict.evenness >= even)
    .sort((a, b) => a.above - b.above || score(b) - score(a))[0];
}

/** Characters that no text has. */
const controls = /(?![\t\n\v\f\r])\p{Cc}/gu;
/** Not what stands within words, numbers, names and addresses, nor brackets and quotation marks. */
const rareMarks = /(?![-./@_"'`\\|,;])[\p{Po}\p{S}]/gu;

/** The character that divides every record into equally many fields, and the first into none that is empty. */
function evenCandidates(sample: string, kind: RegExp, widthsOf: Widths): string | undefined {
  const first = sample.slice(0, sample.indexOf('\n') + 1).trimEnd();
  let best: { mark: string; width: number } | undefined;
  for (const mark of new Set(first.match(kind))) {
    if (!names(first, mark)) continue;
    const widths = widthsOf(mark);
    const width = widths[0] ?? 1;
    if (widths.length < 2 || width < 2 || widths.some((other) => other !== width)) continue;
    if (!best || width > best.width) best = { mark, width };
  }
  return best?.mark;
}

/** Whether these may be the names of columns: a list of times or addresses has none. */
function names(line: string, mark: string): boolean {
  if (/\p{Cc}/u.test(mark)) return true;
  const fields = line.split(mark === line[line.indexOf(mark) + 1] ? mark + mark : mark);
  if (mark === ':' && (line.includes('://') || !/\p{L}/u.test(line))) return false;
  return fields.every((field) => /[\p{L}\p{N}]/u.test(field));
}

/** The mark twice, where it always stands so. Empty fields between commas are more likely than two commas as one. */
function doubled(mark: string, widthsOf: Widths): string {
  if (mark === ',' || mark === ';' || mark === '\t') return mark;
  const once = widthsOf(mark);
  const twice = widthsOf(mark + mark);
  const always = once.every((width, i) => width === 2 * (twice[i] ?? 0) - 1);
  return always && twice.some((width) => width > 1) ? mark + mark : mark;
}
