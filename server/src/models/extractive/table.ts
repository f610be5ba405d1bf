/** Names of the column that says what the first cell of a row means. */
const meaning =
  /^(?:meanings?|descriptions?|definitions?|explanations?|purpose|what it (?:is|does|means)|含义|意义|意思|说明|描述|定义|解释|作用|用途)$/i;

/** The cells of a Markdown table row. A `\|` is a character of its cell. */
export function readRow(line: string): string[] {
  const inner = line.trim().replace(/^\||(?<!\\)\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

/**
 * A table row as a person would read it aloud: `key: lets a program call the API (Wire: apikey)`. The first cell is
 * what the row is about; the others carry the name of their column where there are several.
 */
export function renderRow(cells: string[], header: string[] = []): string {
  const [subject = '', ...others] = cells;
  const named = others
    .map((text, i) => ({ text, name: header[i + 1] ?? '' }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  const main = named.find(({ name }) => meaning.test(name)) ?? (named.length === 1 ? named[0] : undefined);
  const rest = named
    .filter((cell) => cell !== main)
    .map(({ name, text }) => (name === '' ? text : `${name}${colon(text, name)}${text}`))
    .join('; ');
  if (subject === '') return [main?.text, rest].filter(Boolean).join('; ');
  if (!main) return rest === '' ? subject : `${subject}${header.length > 0 ? ' – ' : colon(rest)}${rest}`;
  return `${subject}${colon(main.text)}${main.text}${rest === '' ? '' : ` (${rest})`}`;
}

function colon(text: string, name = ''): string {
  return /\p{Script=Han}/u.test(text) && !/^\p{Script=Latin}/u.test(name) ? '：' : ': ';
}
