import type audit from '../../../locales/en/audit.json';

export type AuditKind = keyof (typeof audit)['kinds'];

/** What the server writes down, by kind, in the order of the filter. */
export const auditKinds = {
  login: ['login.success', 'login.failed', 'login.blocked', 'login.logout'],
  password: ['password.change'],
  member: ['member.create', 'member.update', 'member.remove', 'member.restore'],
  key: ['key.create', 'key.rotate', 'key.import', 'key.update', 'key.delete'],
  dataset: ['dataset.delete', 'dataset.restore', 'dataset.clear'],
  app: ['app.delete', 'app.restore', 'app.clear'],
  model: ['model.change'],
  team: ['team.create', 'team.update'],
  share: ['share.change'],
  webhook: ['webhook.change'],
  backup: [
    'backup.create',
    'backup.download',
    'backup.restore',
    'backup.cancel',
    'backup.restored',
    'backup.delete',
  ],
} as const satisfies Record<AuditKind, readonly string[]>;

export type AuditEvent = (typeof auditKinds)[AuditKind][number];

export const isKind = (text: string): text is AuditKind => Object.hasOwn(auditKinds, text);

/** The events that a choice of the filter stands for: those of a kind, or the one. */
export const eventsOf = (choice: string): readonly string[] =>
  isKind(choice) ? auditKinds[choice] : [choice];

/** The kind of an event, by the first part of its name. */
export function kindOf(event: string): AuditKind | undefined {
  const kind = event.split('.')[0] ?? '';
  return isKind(kind) ? kind : undefined;
}
