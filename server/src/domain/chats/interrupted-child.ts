import { loadConfig } from '../../config.ts';
import { createLogger } from '../../kernel/logger.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import type { Caller } from '../context.ts';
import { createKeyUsage } from '../keys/usage.ts';
import { complete } from './complete.ts';
import { chatWorld, context, hangingAfter } from './test-world.ts';

/*
 * A server process of a test that is killed in the middle of an answer. Arguments: data directory, caller as JSON,
 * app id. Says "streaming" when what it streamed so far is on disk.
 */
const [dataDir = '', callerJson = '', appId = ''] = process.argv.slice(2);
const caller = JSON.parse(callerJson) as Caller;
const log = createLogger('silent');
const store = await openSqliteStore({ dataDir, log });
const app = { store, config: loadConfig({ DATA_DIR: dataDir }), keyUsage: createKeyUsage({ store, log }) };
const chats = chatWorld({ app });
chats.setScript(hangingAfter('What was said ', 'before the crash'));
const messages = [{ role: 'user', content: 'Will you finish?' }];
const run = await complete(
  chats.app,
  caller,
  { appId, chatId: 'crash', responseChatItemId: 'a', messages },
  context(),
);
const reading = (async () => {
  for await (const _ of run.events);
})();
while ((await store.db.selectFrom('run_events').select('seq').execute()).length === 0) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
process.stdout.write('streaming\n');
await reading;
