import type { Text } from '@lectern/contract/lang.ts';
import { AppError } from '../../kernel/errors.ts';
import { StoreError, StoreStartError } from '../errors.ts';
import { shownDatabase } from './url.ts';

type Problem = (database: string, reason: string) => Text;

const unreachable: Problem = (database, reason) => ({
  en: `The database ${database} cannot be reached (${reason}). Start it, or correct DATABASE_URL; the data directory was not touched.`,
  zh: `无法连接数据库 ${database}（${reason}）。请启动数据库，或更正 DATABASE_URL；数据目录未被改动。`,
});
const refused: Problem = (database, reason) => ({
  en: `The database ${database} refuses this user (${reason}). Correct the user and password in DATABASE_URL, or allow the user in pg_hba.conf.`,
  zh: `数据库 ${database} 拒绝该用户登录（${reason}）。请更正 DATABASE_URL 中的用户名和密码，或在 pg_hba.conf 中放行该用户。`,
});
const noDatabase: Problem = (database) => ({
  en: `There is no database ${database}. Create it (createdb) or correct DATABASE_URL.`,
  zh: `数据库 ${database} 不存在。请先创建（createdb），或更正 DATABASE_URL。`,
});
const mayNotCreate: Problem = (database, reason) => ({
  en: `The user of DATABASE_URL may not create tables in ${database} (${reason}). Make this user the owner of the database.`,
  zh: `DATABASE_URL 的用户无权在 ${database} 中建表（${reason}）。请将该用户设为数据库的所有者。`,
});
const busy: Problem = (database, reason) => ({
  en: `The database ${database} takes no connection or no change at the moment (${reason}). Wait, make room there, or raise its limit of connections, and start again.`,
  zh: `数据库 ${database} 目前无法接受连接或写入（${reason}）。请稍候、释放空间或提高其连接数上限，然后重新启动。`,
});

const bySqlState: [RegExp, Problem][] = [
  [/^28/, refused],
  [/^3D000$/, noDatabase],
  [/^(42501|3F000)$/, mayNotCreate],
  [/^(53|25006)/, busy],
  [/^(57P|58|08)/, unreachable],
];

/** What an operator can do about a database that does not open; anything else is handed back as it is. */
export function explainPostgresStart(thrown: unknown, url: string): unknown {
  if (thrown instanceof StoreStartError) return thrown;
  const cause = thrown instanceof AppError ? (thrown.details.cause ?? thrown) : thrown;
  if (!(cause instanceof Error)) return thrown;
  const code = cause instanceof StoreError ? cause.sqlState : ((cause as { code?: string }).code ?? '');
  const known = bySqlState.find(([pattern]) => pattern.test(code));
  // The system's own errors (ECONNREFUSED, ENOTFOUND …) come before anybody has answered.
  const nobody = thrown instanceof AppError || /^E[A-Z_]+$/.test(code);
  const problem = known?.[1] ?? (nobody ? unreachable : undefined);
  if (problem === undefined) return thrown;
  return new StoreStartError(problem(shownDatabase(url), reasonOf(cause)), cause);
}

/** Several addresses of one name fail together, with no text of their own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(String).join('; ');
  return error.message;
}
