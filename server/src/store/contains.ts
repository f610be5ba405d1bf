import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * Whether a column contains a text (or several, in this order), letter by letter: `%` and `_` of a user are ordinary characters. Upper and lower
 * case of ASCII letters count as the same on both engines.
 */
export function containsText(column: Expression<string | null>, ...texts: string[]): RawBuilder<SqlBool> {
  const pattern = `%${texts.map((text) => lower(text).replace(/[!%_]/g, '!$&')).join('%')}%`;
  return sql<SqlBool>`lower(${column}) like ${pattern} escape '!'`;
}
