import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { modelRegistryEndpoints } from '@lectern/contract/model-registry.ts';
import { fail } from '../../kernel/errors.ts';
import { probe } from '../../models/probe.ts';
import type { App, Caller } from '../context.ts';
import { typeOfFound } from './default-models.ts';
import { authorizeModels } from './manage.ts';
import { findModel, requireChannel, servedModels } from './queries.ts';

type Answer = OutputOf<typeof modelRegistryEndpoints.testModel>;

/** Calls a model for real on each of its channels, or on one. Throws modelUnknown or channelNotFound. */
export async function testModel(
  app: Pick<App, 'store' | 'models'>,
  caller: Caller,
  { model, channelId }: { model: string; channelId?: string | undefined },
  { signal, lang }: { signal: AbortSignal; lang: Lang },
): Promise<Answer> {
  await authorizeModels(app, caller);
  const { db } = app.store;
  const type = (await findModel(db, model))?.type ?? typeOfFound(app, model);
  if (!type) throw fail('modelUnknown', { params: { model }, param: 'model' });
  const asked = channelId === undefined ? undefined : await requireChannel(db, channelId);
  if (asked && !servedModels(asked).some((served) => served.model === model))
    return { ok: false, model, type, message: notServed(asked.name, model)[lang], channels: [] };
  const channels = await Promise.all(
    app.models.probe(model, channelId).map(async (target) => {
      const checks = await probe(type, target, signal);
      return {
        channelId: target.channel,
        channelName: target.name ?? target.channel,
        ok: checks.every(({ ok }) => ok),
        checks: checks.map((check) => ({ ...check, message: check.message[lang] })),
      };
    }),
  );
  const builtin = channels.length === 0 && app.models.chat(model).model.provider === 'builtin';
  const ok = builtin || (channels.length > 0 && channels.every((channel) => channel.ok));
  return { ok, model, type, message: summaryOf(channels, builtin)[lang], channels };
}

const notServed = (channel: string, model: string): Text => ({
  en: `The channel "${channel}" does not serve "${model}": the model is not among its models.`,
  zh: `渠道“${channel}”不提供“${model}”：其模型列表中没有该模型。`,
});

function summaryOf(channels: Answer['channels'], builtin: boolean): Text {
  if (builtin) return { en: 'The built-in answer needs no connection.', zh: '内置回答无需连接。' };
  if (channels.length === 0) {
    return {
      en: 'No channel serves this model, or the stored credential cannot be decrypted. Add a channel for it (POST /api/core/ai/channel), or give the credential again.',
      zh: '没有渠道提供该模型，或其凭证无法解密。请添加渠道（POST /api/core/ai/channel），或重新提供凭证。',
    };
  }
  const good = channels.filter(({ ok }) => ok).length;
  return {
    en: `The model works on ${good} of ${channels.length} channels.`,
    zh: `该模型在 ${channels.length} 个渠道中的 ${good} 个上工作正常。`,
  };
}
