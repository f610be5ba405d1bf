import type { ExpressionBuilder } from 'kysely';
import type { Database } from '../../store/schema.ts';

/** So much of a stored question is read for the list of chats: it may be as long as a book. */
const readLength = 2_000;

/** The beginning of the first question of a chat, as it is stored: for `beginningOf`. */
export function firstValue(eb: ExpressionBuilder<Database, 'chats'>) {
  return eb
    .selectFrom('chat_items')
    .select((item) =>
      item.fn<string>('substr', ['chat_items.value', item.lit(1), item.lit(readLength)]).as('beginning'),
    )
    .whereRef('chat_items.chatRowId', '=', 'chats.id')
    .where('chat_items.obj', '=', 'Human')
    .orderBy('chat_items.time')
    .orderBy('chat_items.id')
    .limit(1);
}

const shownLength = 120;
/** A JSON text behind `content`, to its end or to where it was cut off, but never with half of an escape. */
const content = /"content":"((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)/;

/** The beginning of the text of a stored question, of which only the first part may be given. */
export function beginningOf(stored: string): string {
  const [, text] = content.exec(stored) ?? [];
  if (text === undefined) return '';
  const said = (JSON.parse(`"${text}"`) as string).trim().replace(/\s+/g, ' ').toWellFormed();
  return Array.from(said).slice(0, shownLength).join('');
}
