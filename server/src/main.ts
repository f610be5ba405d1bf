import { parseArgs } from 'node:util';
import type { Text } from '@lectern/contract/lang.ts';
import { slowProgress } from './cli/progress.ts';
import { type Composed, compose } from './compose.ts';
import { type Config, loadConfig, SettingsError } from './config.ts';
import { recordRestore } from './domain/backups/record-restore.ts';
import { firstRun } from './domain/first-run/first-run.ts';
import { argumentProblem } from './kernel/argument-problem.ts';
import { createLogger, type Logger } from './kernel/logger.ts';
import { terminalLang } from './kernel/terminal-lang.ts';
import { startMessage } from './start-message.ts';
import { applyStagedRestore } from './store/backup/staged.ts';
import { StoreStartError } from './store/errors.ts';

const lang = terminalLang(process.env);
const say = (text: Text) => text[lang];

const usage = say({
  en: `Lectern: npm start -- [options]
  --port 8080        port to listen on (PORT, default 3000; 0 = any free one)
  --host 0.0.0.0     address to listen on (HOST, default 127.0.0.1)
  --data ./elsewhere directory that holds everything (DATA_DIR, default ./data)
  --no-demo          do not make the demo dataset and app on an empty directory
  --help             this text`,
  zh: `Lectern：npm start -- [选项]
  --port 8080        监听端口（PORT，默认 3000；0 表示任意空闲端口）
  --host 0.0.0.0     监听地址（HOST，默认 127.0.0.1）
  --data ./elsewhere 保存全部数据的目录（DATA_DIR，默认 ./data）
  --no-demo          空目录首次启动时不创建演示知识库和应用
  --help             显示本说明`,
});

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
    const problem = thrown instanceof SettingsError ? thrown.text : argumentProblem(thrown);
    stopWith(`${say(problem)}\n\n${usage}`);
  }
}

const listenProblems: Record<string, (config: Config) => Text> = {
  EADDRINUSE: ({ port, host }) => ({
    en: `Port ${port} on ${host} is taken. Choose another: npm start -- --port 3001`,
    zh: `${host} 的端口 ${port} 已被占用，请换一个：npm start -- --port 3001`,
  }),
  EACCES: ({ port }) => ({
    en: `This user may not listen on port ${port}. Choose one above 1023: npm start -- --port 3000`,
    zh: `当前用户无权监听端口 ${port}，请选择 1023 以上的端口：npm start -- --port 3000`,
  }),
  EADDRNOTAVAIL: ({ host }) => ({
    en: `${host} is not an address of this machine. Use 127.0.0.1 or 0.0.0.0.`,
    zh: `${host} 不是本机地址，请使用 127.0.0.1 或 0.0.0.0。`,
  }),
};

async function listen(composed: Composed, config: Config): Promise<number> {
  try {
    await composed.http.listen({ port: config.port, host: config.host });
  } catch (thrown) {
    await composed.close();
    const explain = listenProblems[(thrown as NodeJS.ErrnoException).code ?? ''];
    if (explain) stopWith(say(explain(config)));
    throw thrown;
  }
  const address = composed.http.server.address();
  return typeof address === 'object' && address ? address.port : config.port;
}

function stopOnSignals(composed: Composed, log: Logger): void {
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

/** A server without its store can only refuse: it ends, so that whoever supervises it starts a new one. */
function stopWhenStoreDies(composed: Composed, log: Logger): void {
  void composed.storeDied.then((err) => {
    log.error({ err }, 'the store is gone; the server ends and has to be started again');
    process.exit(1);
  });
}

/** Puts back the backup that somebody chose while the last server ran. A database of its own is restored by hand. */
async function restoreStaged(config: Config): Promise<void> {
  if (config.databaseUrl !== undefined) return;
  const result = await applyStagedRestore(
    config.dataDir,
    slowProgress((text) => process.stderr.write(`${say(text)}\n`)),
  );
  if (result) process.stdout.write(`\n  ${say(result.message)}\n`);
}

/** Listens before the first run makes anything: a port that is taken must not cost the password that is shown once. */
async function start(config: Config, log: Logger): Promise<void> {
  await restoreStaged(config);
  const composed = await compose(config, log);
  stopOnSignals(composed, log);
  stopWhenStoreDies(composed, log);
  const port = await listen(composed, config);
  const shownHost = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const url = config.publicUrl ?? `http://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${port}`;
  await composed.announce(url);
  await recordRestore(composed.app);
  const first = await firstRun(composed.app);
  const models = composed.app.models.summary(lang);
  const vectors =
    composed.app.store.searcher === undefined || composed.app.store.searcher.vectors !== undefined;
  const unreadable = composed.app.liveModels.unreadable();
  process.stdout.write(startMessage({ url, config, first, models, unreadable, vectors, lang }));
  log.info({ url, dataDir: config.dataDir, models: composed.app.models.summary('en') }, 'listening');
}

const config = readSettings();
try {
  await start(config, createLogger(config.logLevel));
} catch (thrown) {
  if (thrown instanceof StoreStartError) stopWith(say(thrown.text));
  throw thrown;
}
