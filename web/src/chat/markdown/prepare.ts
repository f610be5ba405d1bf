import remend from 'remend';

/** Fenced blocks and code spans: nothing in them is changed. */
const code = /(^(?: {0,3})(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\2[`~]*[ \t]*$|$(?![\s\S]))|`+[^`\n]*`+)/gm;

/** Applies `change` to what stands outside of code. */
function outsideCode(text: string, change: (part: string) => string): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(code)) {
    result += change(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return result + change(text.slice(from));
}

/** A dollar sign mostly means money. Between two there is a formula when it looks like one. */
const inlineFormula = /(?<![\\$\d])\$(?![\s$])([^$\n]{1,200}?)(?<![\s\\])\$(?![\d$])/g;
const looksLikeFormula = (text: string) => /[\\^_={}+<>|]|^[a-zA-Z]$/.test(text);

/** The ways in which models write formulas, as the one that the parser knows: `$$`. */
function unifyFormulas(text: string): string {
  return outsideCode(text, (part) =>
    part
      .replace(/^[ \t]*\$\$([^$\n]+)\$\$[ \t]*$/gm, (_, formula: string) => `$$\n${formula.trim()}\n$$`)
      .replace(/\\\[([\s\S]+?)\\\]/g, (_, formula: string) => `\n$$\n${formula.trim()}\n$$\n`)
      .replace(/\\\(([^\n]+?)\\\)/g, (_, formula: string) => `$$${formula.trim()}$$`)
      .replace(inlineFormula, (whole, formula: string) =>
        looksLikeFormula(formula) ? `$$${formula}$$` : whole,
      ),
  );
}

/** Whether the text has formulas, so that the parser for them has to be loaded. */
export const hasFormulas = (text: string): boolean => text.includes('$$');

/** The beginning of a citation mark whose end is still to come: `[68ad…`, `[68ad…](CI`. */
const halfMark = /\[[0-9a-f]{0,24}(?:\](?:\((?:C(?:I(?:TE?)?)?)?)?)?$/;

/**
 * A text as the parser takes it: formulas written in one way, and of a text that still grows what was opened closed,
 * so that it does not jump when the rest comes.
 */
export function prepareText(text: string, partial: boolean): string {
  const unified = /\$|\\[[(]/.test(text) ? unifyFormulas(text) : text;
  return partial ? remend(unified.replace(halfMark, '')) : unified;
}
