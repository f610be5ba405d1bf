/** What the server writes down, in the order of the filter. An event that is not known here is shown by its name. */
export const auditEvents = [
  'key.create',
  'key.import',
  'key.update',
  'key.delete',
  'member.create',
  'member.update',
  'member.remove',
  'member.restore',
  'password.change',
  'team.create',
  'team.update',
  'model.change',
  'share.change',
  'webhook.change',
  'backup.create',
  'backup.delete',
  'backup.download',
  'backup.restore',
  'backup.cancel',
  'backup.restored',
] as const;

export const isAuditEvent = (event: string): event is (typeof auditEvents)[number] =>
  (auditEvents as readonly string[]).includes(event);
