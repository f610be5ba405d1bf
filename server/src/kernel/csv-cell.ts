/*
 * Cells of CSV files that people open in spreadsheets. A cell that begins like a formula would be run there; an
 * apostrophe before it makes it a text, as the spreadsheets themselves write one. Reading takes it away again.
 */

const formula = /^'*[=+\-@\t\r]/;

/** A text as one quoted cell. */
export function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The text that {@link csvCell} made this content of. */
export function fromCsvCell(content: string): string {
  return content.startsWith("'") && formula.test(content) ? content.slice(1) : content;
}
