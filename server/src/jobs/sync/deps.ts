import type { Config } from '../../config.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { ModelRegistry } from '../../models/ports.ts';
import type { SourceDeps } from '../import/deps.ts';
import type { JobQueue } from '../job.ts';

/** What a synchronisation works with. */
export interface SyncDeps extends SourceDeps {
  config: Pick<Config, 'website'>;
  jobs: JobQueue;
  models: ModelRegistry;
  log: Logger;
}
