import { parseArgs } from 'node:util';
import { type Composed, compose } from './compose.ts';
import { type Config, loadConfig } from './config.ts';
import { type FirstRun, firstRun } from './domain/first-run/first-run.ts';
import { createLogger } from './kernel/logger.ts';
import { startMessage } from './start-message.ts';
import { StoreStartError } from './store/errors.ts';

const usage = `Lectern: npm start -- [options]
  --port 8080        port to listen on (PORT, default 3000; 0 = any free one)
  --host 0.0.0.0     address to listen on (HOST, default 127.0.0.1)
  --data ./elsewhere directory that holds everything (DATA_DIR, default ./data)
  --no-demo          do not make the demo dataset and app on an empty directory
  --help             this text`;

/** A failure that the operator can mend: printed as one message, without a stack. */
function stopWith(message: string): never {
  process.stderr.write(`\n${message}\n\n`);
  process.exit(1);
}

function readSettings(): Config {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        'no-demo': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    return loadConfig(process.env, {
      ...(values.port !== undefined && { port: values.port }),
      ...(values.host !== undefined && { host: values.host }),
      ...(values.data !== undefined && { data: values.data }),
      ...(values['no-demo'] !== undefined && { noDemo: values['no-demo'] }),
    });
  } catch (thrown) {
    stopWith(`${(thrown as Error).message}\n\n${usage}`);
  }
}

async function listen(composed: Composed, config: Config): Promise<number> {
  try {
    await composed.http.listen({ port: config.port, host: config.host });
  } catch (thrown) {
    await composed.close();
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      stopWith(`Port ${config.port} on ${config.host} is taken. Choose another: npm start -- --port 3001`);
    if (code === 'EACCES')
      stopWith(
        `This user may not listen on port ${config.port}. Choose one above 1023: npm start -- --port 3000`,
      );
    if (code === 'EADDRNOTAVAIL')
      stopWith(`${config.host} is not an address of this machine. Use 127.0.0.1 or 0.0.0.0.`);
    throw thrown;
  }
  const address = composed.http.server.address();
  return typeof address === 'object' && address ? address.port : config.port;
}

function stopOnSignals(composed: Composed, log: ReturnType<typeof createLogger>): void {
  let stoppingSince: number | undefined;
  const stop = async (signal: string) => {
    if (stoppingSince !== undefined) {
      // Service managers signal the whole group, and npm passes the same signal on: that is one request, not two.
      if (performance.now() - stoppingSince > 1_000) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ signal, running: composed.app.runs.count }, 'stopping: running answers may finish');
    await composed.close();
    log.info({}, 'stopped');
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
}

const config = readSettings();
const log = createLogger(config.logLevel);
let composed: Composed;
let first: FirstRun;
try {
  composed = await compose(config, log);
  first = await firstRun(composed.app);
} catch (thrown) {
  if (thrown instanceof StoreStartError) stopWith(thrown.message);
  throw thrown;
}
stopOnSignals(composed, log);
const port = await listen(composed, config);
const shownHost = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
const url = config.publicUrl ?? `http://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${port}`;
composed.announce(url);
process.stdout.write(startMessage({ url, config, first, models: composed.app.models.summary() }));
log.info({ url, dataDir: config.dataDir, models: composed.app.models.summary() }, 'listening');
