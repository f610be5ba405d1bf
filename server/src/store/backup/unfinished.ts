import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreStartError } from '../errors.ts';

/** Where a restore gathers what it is about to put into the directory. */
export const restoringFolder = 'restoring';

/** A server on half of an installation would begin a new, empty one. */
export function refuseUnfinishedRestore(dataDir: string): void {
  if (!existsSync(join(dataDir, restoringFolder))) return;
  throw new StoreStartError({
    en: `A restore into ${dataDir} was interrupted. Run it again: npm run lectern -- restore --from PATH --data ${dataDir} --replace`,
    zh: `向 ${dataDir} 的恢复曾被中断，请重新执行：npm run lectern -- restore --from PATH --data ${dataDir} --replace`,
  });
}
