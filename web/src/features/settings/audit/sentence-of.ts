import type audit from '../../../locales/en/audit.json';
import type { Entry } from './queries.ts';

/** Texts without the endings of their plural forms. */
type SentenceKey = keyof (typeof audit)['say'] extends infer Key
  ? Key extends `${infer Base}_${'one' | 'other'}`
    ? Base
    : Key
  : never;
type FieldKey = keyof (typeof audit)['field'];
type PurposeKey = keyof (typeof audit)['purpose'];
type Role = 'owner' | 'admin' | 'editor' | 'viewer';

/** What a sentence names besides who did it and to what: a text as it is, or a role to be said in words. */
export type Named = { text: string } | { role: Role };

export interface Sentence {
  key: SentenceKey;
  count?: number;
  from?: Named;
  to?: Named;
}

/** What a line adds to the sentence, in the order in which it is shown. */
export type Addition =
  | { kind: 'changed'; fields: FieldKey[] }
  | { kind: 'purpose'; purpose: PurposeKey; model: string }
  | { kind: 'config'; change: 'added' | 'changed' | 'removed'; names: string }
  | { kind: 'overlap'; hours: number }
  | { kind: 'message'; text: string };

type Detail = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const isRole = (value: unknown): value is Role =>
  value === 'owner' || value === 'admin' || value === 'editor' || value === 'viewer';
const named = (value: unknown): Named => (isRole(value) ? { role: value } : { text: textOf(value) });

const changes: readonly unknown[] = ['create', 'update', 'delete'];
const modelKeys = {
  model: ['modelCreate', 'modelUpdate', 'modelDelete'],
  channel: ['channelCreate', 'channelUpdate', 'channelDelete'],
  origin: ['originTrust', 'originTrust', 'originDistrust'],
} as const satisfies Record<string, readonly SentenceKey[]>;

/** Which sentence says what an entry of the audit log is about. */
export function sentenceOf(entry: Entry): Sentence {
  const { event, metadata: detail } = entry;
  const [kind] = event.split('.');
  if (kind === 'login') return loginSentence(entry);
  if (kind === 'key') return keySentence(entry);
  if (kind === 'member') return memberSentence(entry);
  if (kind === 'model') return modelSentence(entry);
  if (kind === 'backup') return backupSentence(event, detail);
  if (event === 'password.change')
    return { key: entry.object.id === entry.sourceMember.tmbId ? 'passwordOwn' : 'passwordReset' };
  if (event === 'team.create') return { key: 'teamCreate' };
  if (event === 'team.update')
    return detail.name === undefined
      ? { key: 'teamUpdate' }
      : { key: 'teamRename', from: named(detail.from), to: named(detail.name) };
  if (event === 'share.change') return { key: 'shareChange' };
  if (event === 'webhook.change')
    return { key: detail.change === 'delete' ? 'webhookDelete' : 'webhookCreate' };
  return { key: deletionKeys[event] ?? 'other' };
}

function loginSentence({ event, metadata: detail, sourceMember }: Entry): Sentence {
  if (event === 'login.success') return { key: 'loginSuccess' };
  if (event === 'login.logout') return { key: 'logout' };
  const known = sourceMember.tmbId !== null;
  if (event === 'login.failed')
    return { key: known ? 'loginFailed' : 'loginUnknown', count: Math.max(1, numberOf(detail.count)) };
  const count = Math.ceil(numberOf(detail.seconds) / 60);
  if (detail.of === 'address') return { key: 'blockedAddress', count };
  return { key: known ? 'blockedAccount' : 'blockedUnknown', count };
}

function keySentence({ event, metadata: detail, app }: Entry): Sentence {
  if (event === 'key.create') return { key: app ? 'keyCreateApp' : 'keyCreate' };
  if (event === 'key.import') return { key: app ? 'keyImportApp' : 'keyImport' };
  if (event === 'key.delete') return { key: app ? 'keyDeleteApp' : 'keyDelete' };
  if (event === 'key.rotate') return { key: 'keyRotate' };
  // Until names were written down with each change, a new name stood there alone.
  return detail.name !== undefined && detail.key !== undefined
    ? { key: 'keyRename', from: named(detail.key), to: named(detail.name) }
    : { key: 'keyUpdate' };
}

function memberSentence({ event, metadata: detail, object, sourceMember }: Entry): Sentence {
  if (event === 'member.create') return { key: 'memberCreate', to: named(detail.role) };
  if (event === 'member.restore') return { key: 'memberRestore' };
  if (event === 'member.remove')
    return { key: object.id === sourceMember.tmbId ? 'memberLeave' : 'memberRemove' };
  if (detail.role !== undefined)
    return { key: 'memberRole', from: named(detail.from), to: named(detail.role) };
  return { key: 'memberRename', from: { text: textOf(detail.username) }, to: { text: textOf(detail.name) } };
}

function modelSentence({ metadata: detail, object }: Entry): Sentence {
  if (detail.change === 'defaults') return { key: 'modelDefaults' };
  if (detail.change === 'config') return { key: 'modelConfig' };
  if (detail.change === 'rotate') return { key: 'secretsRotate', count: numberOf(detail.count) };
  const at = changes.indexOf(detail.change);
  const keys = Object.hasOwn(modelKeys, object.type)
    ? modelKeys[object.type as keyof typeof modelKeys]
    : undefined;
  return { key: keys?.[at] ?? 'other' };
}

const deletionKeys: Readonly<Record<string, SentenceKey>> = {
  'dataset.delete': 'datasetDelete',
  'dataset.restore': 'datasetRestore',
  'dataset.clear': 'datasetClear',
  'app.delete': 'appDelete',
  'app.restore': 'appRestore',
  'app.clear': 'appClear',
};

function backupSentence(event: string, detail: Detail): Sentence {
  if (event === 'backup.create') return { key: 'backupCreate' };
  if (event === 'backup.delete') return { key: 'backupDelete' };
  if (event === 'backup.download') return { key: 'backupDownload' };
  if (event === 'backup.restore') return { key: 'backupRestore' };
  if (event === 'backup.cancel') return { key: 'backupCancel' };
  return { key: detail.ok === false ? 'backupNotRestored' : 'backupRestored' };
}

const fieldKeys: ReadonlySet<string> = new Set<FieldKey>([
  ...(['name', 'labels', 'scopes', 'expiredTime', 'maxUsagePoints', 'maxPerMinute'] as const),
  ...(['allowedAddresses', 'allowedRoutes', 'type', 'provider', 'active', 'requestUrl'] as const),
  ...(['requestAuth', 'baseUrl', 'credential', 'priority', 'weight', 'enabled', 'models'] as const),
  ...(['access', 'maxContext', 'maxResponse', 'maxToken', 'vision', 'toolChoice'] as const),
  ...(['reasoning', 'inputPrice', 'outputPrice'] as const),
]);
const isField = (name: string): name is FieldKey => fieldKeys.has(name);

const purposes = ['chat', 'embedding', 'rerank', 'vision', 'speech', 'transcription'] as const;

/** What else of an entry a reader wants to know, as far as the server wrote it down. */
export function additionsOf({ event, metadata: detail }: Entry): Addition[] {
  if (event === 'key.rotate' && detail.overlapHours !== undefined)
    return [{ kind: 'overlap', hours: numberOf(detail.overlapHours) }];
  if (event === 'key.update') {
    const renamed = detail.key !== undefined;
    const fields = Object.keys(detail).filter((name) => isField(name) && !(renamed && name === 'name'));
    return changed(fields);
  }
  if (event === 'backup.restored' && detail.ok === false)
    return [{ kind: 'message', text: textOf(detail.message) }];
  if (event !== 'model.change') return [];
  if (detail.change === 'update') return changed(listOf(detail.fields));
  if (detail.change === 'defaults') return chosen(detail.defaults as Detail);
  return detail.change === 'config' ? configured(detail) : [];
}

function changed(names: readonly string[]): Addition[] {
  const fields = [...new Set(names.filter(isField))];
  return fields.length > 0 ? [{ kind: 'changed', fields }] : [];
}

const chosen = (defaults: Detail | undefined): Addition[] =>
  purposes.flatMap((purpose): Addition[] => {
    const model = textOf(defaults?.[purpose]);
    return model ? [{ kind: 'purpose', purpose, model }] : [];
  });

function configured(detail: Detail): Addition[] {
  const parts = [detail.models, detail.channels].filter((part) => typeof part === 'object') as Detail[];
  return (['added', 'changed', 'removed'] as const).flatMap((change): Addition[] => {
    const names = parts.flatMap((part) => listOf(part?.[change])).join(', ');
    return names ? [{ kind: 'config', change, names }] : [];
  });
}
