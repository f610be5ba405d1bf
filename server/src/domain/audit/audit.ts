import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import type { Database } from '../../store/schema.ts';
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
  | 'model.change'
  | 'share.change'
  | 'webhook.change'
  | 'backup.create'
  | 'backup.delete'
  | 'backup.download'
  | 'backup.restore'
  | 'backup.cancel'
  | 'backup.restored';

export interface AuditEntry {
  action: AuditAction;
  objectType: 'key' | 'team' | 'member' | 'user' | 'model' | 'share' | 'webhook' | 'backup';
  objectId: string;
  /** What changed, for a person to read later. Never a secret, nor a hash of one. */
  detail?: Record<string, unknown>;
}

/** Who did it: a caller, or the server itself in a team (`actor` names what part of it). */
export type Actor = Caller | { teamId: string; actor: string };

/** Writes one row; call it with the transaction of the change, so that neither exists without the other. */
export async function audit(trx: Kysely<Database>, by: Actor, entry: AuditEntry): Promise<void> {
  const isCaller = 'kind' in by;
  await trx
    .insertInto('audit')
    .values({
      id: newId(),
      teamId: by.teamId,
      memberId: isCaller && !by.commandLine ? by.memberId : null,
      actor: !isCaller ? by.actor : by.commandLine ? 'command line' : by.name,
      action: entry.action,
      objectType: entry.objectType,
      objectId: entry.objectId,
      detail: toJson(entry.detail ?? {}),
      address: (isCaller && by.address) || '',
      time: Date.now(),
    })
    .execute();
}
