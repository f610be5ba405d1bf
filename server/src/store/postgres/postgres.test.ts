import { createLogger } from '../../kernel/logger.ts';
import { openPgliteStore } from '../../testing/pglite-store.ts';
import { openTestStore } from '../../testing/test-store.ts';
import { storeConformance } from '../conformance.ts';

const log = createLogger('silent');

storeConformance('pglite', () => openPgliteStore(log), { sideBySide: false });

if (process.env.TEST_DATABASE_URL) storeConformance('postgres', () => openTestStore({ dataDir: '', log }));
