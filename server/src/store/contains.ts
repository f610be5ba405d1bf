import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * Whether a column contains a text, letter by letter: `%` and `_` of a user are ordinary characters. Upper and lower
 * case of ASCII letters count as the same on both engines.
 */
export function containsText(column: Expression<string | null>, text: string): RawBuilder<SqlBool> {
  const pattern = `%${lower(text).replace(/[!%_]/g, '!$&')}%`;
  return sql<SqlBool>`lower(${column}) like ${pattern} escape '!'`;
}
