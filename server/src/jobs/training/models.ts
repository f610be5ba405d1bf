import { fail } from '../../kernel/errors.ts';
import type { ChatModel, ModelRegistry, ModelUser } from '../../models/ports.ts';
import type { Store } from '../../store/ports.ts';
import type { DatasetRow, TrainingItemRow } from '../../store/schema.ts';

/** The model that answers without being one; it can quote, and nothing else. */
const builtIn = 'builtin';

/** The language model of a dataset; nothing where none is connected. */
export function languageModel(
  models: Pick<ModelRegistry, 'chat'>,
  dataset: Pick<DatasetRow, 'agentModel'>,
  user: ModelUser | undefined,
): ChatModel | undefined {
  const { model } = models.chat(dataset.agentModel ?? undefined, user);
  return model.provider === builtIn ? undefined : model;
}

/** The same, or languageModelNeeded. */
export function requireLanguageModel(...of: Parameters<typeof languageModel>): ChatModel {
  const model = languageModel(...of);
  if (!model)
    throw fail('languageModelNeeded', { params: { what: { en: 'this training', zh: '该处理方式' } } });
  return model;
}

/** A model that looks at pictures, for a dataset; nothing where none is chosen and none is known to. */
export function visionModel(
  models: Pick<ModelRegistry, 'vision'>,
  dataset: Pick<DatasetRow, 'vlmModel'>,
  user: ModelUser | undefined,
): ChatModel | undefined {
  return models.vision(dataset.vlmModel ?? undefined, user);
}

/** The same, or visionModelNeeded. */
export function requireVisionModel(...of: Parameters<typeof visionModel>): ChatModel {
  const model = visionModel(...of);
  if (!model)
    throw fail('visionModelNeeded', { params: { what: { en: 'this training', zh: '该处理方式' } } });
  return model;
}

/** Whose models may be asked for an item: those of the member who sent it. */
export async function userOf(
  { db }: Pick<Store, 'db'>,
  { teamId, memberId }: Pick<TrainingItemRow, 'teamId' | 'memberId'>,
): Promise<ModelUser | undefined> {
  const member = await db
    .selectFrom('members')
    .select('role')
    .where('teamId', '=', teamId)
    .where('id', '=', memberId)
    .executeTakeFirst();
  return member && { teamId, memberId, role: member.role };
}
