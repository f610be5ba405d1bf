import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';

/** How long a file waits for the import that takes it, in milliseconds: as long as anybody may retry it. */
export const waitingFileMs = 7 * 86_400_000;

/** A collection took the file `taken` in place of `dropped`, which is cleared away with others that nobody needs. */
export async function dropFile(
  trx: Kysely<Database>,
  teamId: string,
  dropped: string | null,
  taken: string,
): Promise<void> {
  const of = (id: string | null) =>
    trx.updateTable('files').where('teamId', '=', teamId).where('id', '=', id);
  await of(taken).set({ expireTime: null }).execute();
  if (dropped !== null) await of(dropped).set({ expireTime: Date.now() }).execute();
}
