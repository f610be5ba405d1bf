import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { DocumentParser } from './ports.ts';
import { type CallOptions, createWorkerClient } from './worker/client.ts';
import { childProcess, MemoryLimitError } from './worker/launch.ts';
import type { ParserCalls } from './worker/protocol.ts';

export interface ParserOptions {
  /** Where formats may put temporary files; none does yet. */
  tempDir: string;
  log: Logger;
  /** Longest time for one file or one text, in milliseconds. */
  timeLimitMs?: number;
  /** Most memory of the process's heap, in MB. */
  memoryLimitMb?: number;
  /** The process ends after so long without work, in milliseconds, and gives its memory back. */
  idleMs?: number;
}

const tooSlow = (seconds: number): Text => ({
  en: `reading it took longer than ${seconds} seconds. Split it into smaller files`,
  zh: `读取超过 ${seconds} 秒，请拆分为较小的文件`,
});
const tooBig: Text = {
  en: 'reading it needs more memory than is allowed. Split it into smaller files',
  zh: '读取所需内存超出限制，请拆分为较小的文件',
};

/**
 * Reads and splits documents in a process of its own, one at a time: a hostile file can neither stop the
 * server nor eat its memory. A file that is too slow or too large fails with fileUnreadable and takes only the
 * process with it.
 */
export function createDocumentParser(options: ParserOptions): DocumentParser {
  const { timeLimitMs = 120_000, memoryLimitMb = 512, idleMs = 20_000 } = options;
  const client = createWorkerClient<ParserCalls>({
    name: 'parser',
    launch: childProcess(new URL('./worker/parser-worker.ts', import.meta.url), { memoryLimitMb }),
    log: options.log,
  });
  let line: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function run<K extends keyof ParserCalls & string>(
    call: K,
    input: ParserCalls[K]['input'],
    { signal, onProgress }: CallOptions & { signal: AbortSignal },
  ): Promise<ParserCalls[K]['output']> {
    signal.throwIfAborted();
    clearTimeout(idle);
    const late = AbortSignal.timeout(timeLimitMs);
    const stop = AbortSignal.any([signal, late]);
    try {
      return await client.call(call, input, { signal: stop, ...(onProgress ? { onProgress } : {}) });
    } catch (error) {
      if (stop.aborted) await client.kill();
      signal.throwIfAborted();
      if (late.aborted)
        throw fail('fileUnreadable', { params: { details: tooSlow(timeLimitMs / 1000) }, cause: error });
      const cause = error instanceof Error ? error.cause : undefined;
      throw cause instanceof MemoryLimitError
        ? fail('fileUnreadable', { params: { details: tooBig }, cause: error })
        : error;
    } finally {
      idle = setTimeout(() => void client.kill(), idleMs);
      idle.unref();
    }
  }
  /** Takes its turn behind the work that was asked for earlier. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = line.then(task);
    line = result.catch(() => undefined);
    return result;
  }

  return {
    parse: (file, { signal, onProgress }) =>
      inTurn(() => run('parse', file, { signal, ...(onProgress ? { onProgress } : {}) })),
    chunk: (markdown, settings, { signal }) => inTurn(() => run('chunk', { markdown, settings }, { signal })),
    async close() {
      clearTimeout(idle);
      await client.close();
    },
  };
}
