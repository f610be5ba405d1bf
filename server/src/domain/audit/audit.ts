import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import type { AuditRow, Database } from '../../store/schema.ts';
import type { Caller } from '../context.ts';

/** What is written down. Add a name rather than a free text. */
export type AuditAction =
  | 'key.create'
  | 'key.rotate'
  | 'key.import'
  | 'key.update'
  | 'key.delete'
  | 'team.create'
  | 'team.update'
  | 'member.create'
  | 'member.update'
  | 'member.remove'
  | 'member.restore'
  | 'password.change'
  | 'login.success'
  | 'login.failed'
  | 'login.blocked'
  | 'login.logout'
  | 'model.change'
  | 'share.change'
  | 'webhook.change'
  | 'dataset.delete'
  | 'dataset.restore'
  | 'dataset.clear'
  | 'app.delete'
  | 'app.restore'
  | 'app.clear'
  | 'backup.create'
  | 'backup.delete'
  | 'backup.download'
  | 'backup.restore'
  | 'backup.cancel'
  | 'backup.restored';

export interface AuditEntry {
  action: AuditAction;
  objectType:
    | 'key'
    | 'team'
    | 'member'
    | 'user'
    | 'model'
    | 'share'
    | 'webhook'
    | 'backup'
    | 'dataset'
    | 'app';
  objectId: string;
  /** What changed, for a person to read later. Never a secret, nor a hash of one. */
  detail?: Record<string, unknown>;
}

/**
 * Who did it: a caller, the server itself in a team (`actor` names what part of it), or, with `memberId`, whoever gave
 * themselves out as that member.
 */
export type Actor = Caller | { teamId: string; actor: string; memberId?: string; address?: string };

/** Writes one row; call it with the transaction of the change, so that neither exists without the other. */
export async function audit(trx: Kysely<Database>, by: Actor, entry: AuditEntry): Promise<void> {
  await trx.insertInto('audit').values(auditRow(by, entry)).execute();
}

/** The row of an entry, of now. */
export function auditRow(by: Actor, entry: AuditEntry): AuditRow {
  const isCaller = 'kind' in by;
  const commandLine = isCaller && by.commandLine === true;
  return {
    id: newId(),
    teamId: by.teamId,
    memberId: (!commandLine && by.memberId) || null,
    actor: !isCaller ? by.actor : commandLine ? 'command line' : by.name,
    action: entry.action,
    objectType: entry.objectType,
    objectId: entry.objectId,
    detail: toJson(entry.detail ?? {}),
    address: by.address ?? '',
    time: Date.now(),
  };
}
