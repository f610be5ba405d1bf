import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database, TrainingItemRow } from '../../store/schema.ts';

/** What one or more calls of a model took. */
export interface ModelUse {
  model: string;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  estimated: boolean;
  points: number;
}

type Purpose = Pick<TrainingItemRow, 'teamId' | 'datasetId' | 'collectionId' | 'billId'> & { mode: string };

/** Adds what models took to the account of a collection and its bill. */
export async function addUse(
  db: Kysely<Database>,
  { teamId, datasetId, collectionId, billId, mode }: Purpose,
  uses: readonly ModelUse[],
): Promise<void> {
  const now = Date.now();
  for (const { model, calls, inputTokens, outputTokens, points, estimated } of uses) {
    const key = [teamId, collectionId, billId, mode, model].join('\0');
    const id = createHash('sha256').update(key).digest('hex').slice(0, 24);
    const sums = { calls, inputTokens, outputTokens, points };
    await db
      .insertInto('training_usage')
      .values({
        id,
        teamId,
        datasetId,
        collectionId,
        billId,
        mode,
        model,
        ...sums,
        estimated: estimated ? 1 : 0,
        createTime: now,
        updateTime: now,
      })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          calls: eb('training_usage.calls', '+', calls),
          inputTokens: eb('training_usage.inputTokens', '+', inputTokens),
          outputTokens: eb('training_usage.outputTokens', '+', outputTokens),
          points: eb('training_usage.points', '+', points),
          ...(estimated && { estimated: 1 as const }),
          updateTime: now,
        })),
      )
      .execute();
  }
}

/** What all of them cost, in points. */
export function pointsOf(uses: readonly ModelUse[]): number {
  return uses.reduce((sum, { points }) => sum + points, 0);
}
