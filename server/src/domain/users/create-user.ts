import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Role } from '../../store/schema.ts';

/** User names are compared without case. */
export const normalName = (username: string) => username.trim().toLowerCase();

export interface NewUser {
  username: string;
  /** Of hashPassword. */
  passwordHash: string;
  /** Nothing but changing the password works until it is done. */
  mustChange?: boolean;
}

/** Stores a user and answers the id. Throws userExists. */
export async function insertUser(trx: Kysely<Database>, user: NewUser): Promise<string> {
  const username = normalName(user.username);
  const id = newId();
  const now = Date.now();
  const stored = await trx
    .insertInto('users')
    .values({
      id,
      username,
      passwordHash: user.passwordHash,
      passwordTime: now,
      mustChange: user.mustChange ? 1 : 0,
      avatar: '',
      timezone: 'UTC',
      status: 'active',
      createTime: now,
    })
    .onConflict((oc) => oc.column('username').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!stored) throw fail('userExists', { params: { name: username } });
  return id;
}

/** Makes a user a member of a team and answers the member's id. */
export async function insertMember(
  trx: Kysely<Database>,
  member: { teamId: string; userId: string; role: Role; name: string },
): Promise<string> {
  const id = newId();
  await trx
    .insertInto('members')
    .values({ id, ...member, status: 'active', createTime: Date.now() })
    .execute();
  return id;
}

/** Stores a team and answers its id. */
export async function insertTeam(trx: Kysely<Database>, name: string): Promise<string> {
  const id = newId();
  await trx.insertInto('teams').values({ id, name, avatar: '', createTime: Date.now() }).execute();
  return id;
}
