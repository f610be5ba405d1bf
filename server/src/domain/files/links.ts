import { extname } from 'node:path';
import type { FileRow } from '../../store/schema.ts';
import type { App } from '../context.ts';

const minutes = 60_000;
const day = 24 * 60 * minutes;

/** How long links work, in milliseconds. */
export const linkLifetimes = { document: 30 * minutes, chat: 7 * day, picture: day } as const;

/** What a token of a link says: one file of one team. */
export interface FileClaims {
  teamId: string;
  id: string;
}

const purpose = 'file';

/** A token that lets whoever holds it fetch one file until its time is over. */
export function signFile(app: Pick<App, 'tokens'>, file: FileClaims, lifetimeMs: number): string {
  return app.tokens.sign(purpose, { teamId: file.teamId, id: file.id }, lifetimeMs);
}

/** What a token says, or undefined when it is none of ours or too old. A file extension behind it is ignored. */
export function openFileToken(app: Pick<App, 'tokens'>, token: string): FileClaims | undefined {
  const bare = token.replace(/^([^.]*\.[^.]*)\.\w{1,10}$/, '$1');
  const claims = app.tokens.open(purpose, bare);
  if (typeof claims?.teamId !== 'string' || typeof claims.id !== 'string') return undefined;
  return { teamId: claims.teamId, id: claims.id };
}

/** The signed link of a file, with its name for people. `origin` as the caller reaches the server. */
export function fileLink(
  app: Pick<App, 'tokens'>,
  origin: string,
  file: Pick<FileRow, 'id' | 'teamId' | 'name'>,
  lifetimeMs: number,
): string {
  return `${origin}/api/common/file/read/${pathName(file.name)}?token=${signFile(app, file, lifetimeMs)}`;
}

/** Short enough for a path; the whole name is in the answer's own header. */
function pathName(name: string): string {
  const extension = extname(name).slice(0, 20);
  const base = name.slice(0, name.length - extname(name).length).slice(0, 60);
  const plain = `${base}${extension}`.replace(/[/\\\0]/g, '_').toWellFormed();
  return encodeURIComponent(/^\.*$/.test(plain) ? 'file' : plain);
}
