import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { DocumentParser } from './ports.ts';
import { type CallOptions, createWorkerClient } from './worker/client.ts';
import { childProcess, MemoryLimitError, ProcessEndError } from './worker/launch.ts';
import type { ParserCalls } from './worker/protocol.ts';

export interface ParserOptions {
  /** Where formats may put temporary files; none does yet. */
  tempDir: string;
  log: Logger;
  /** Longest time for one file or one text, in milliseconds. */
  timeLimitMs?: number;
  /** Most memory of a process's heap, in MB; what it holds outside of it may be as much again. */
  memoryLimitMb?: number;
  /** A process ends after so long without work, in milliseconds, and gives its memory back. */
  idleMs?: number;
}

const tooSlow = (seconds: number): Text => ({
  en: `reading it took longer than ${seconds} seconds. Split it into smaller files.`,
  zh: `读取超过 ${seconds} 秒，请拆分为较小的文件。`,
});
const tooBig: Text = {
  en: 'reading it needs more memory than is allowed. Split it into smaller files.',
  zh: '读取所需内存超出限制，请拆分为较小的文件。',
};
const crashed: Text = {
  en: 'the program that reads files broke down on it. It may be damaged.',
  zh: '读取程序在处理该文件时异常退出，文件可能已损坏。',
};

/** A text of so many characters is split within a second; longer ones wait for their turn among the files. */
const shortText = 500_000;

/**
 * Reads and splits documents in processes of their own: a hostile file can neither stop the server nor eat its
 * memory. A file that is too slow, too large or breaks the process fails with fileUnreadable, and the next one gets a
 * new process. Files are read one at a time; short texts are split in a lane beside them and never wait for a file.
 */
export function createDocumentParser(options: ParserOptions): DocumentParser {
  const files = createLane('parser', options);
  const texts = createLane('splitter', options);
  return {
    parse: (file, { signal, onProgress }) =>
      files.run('parse', file, { signal, ...(onProgress ? { onProgress } : {}) }),
    chunk: (markdown, settings, { signal }) =>
      (markdown.length > shortText ? files : texts).run('chunk', { markdown, settings }, { signal }),
    async close() {
      await Promise.all([files.close(), texts.close()]);
    },
  };
}

interface Lane {
  run<K extends keyof ParserCalls & string>(
    call: K,
    input: ParserCalls[K]['input'],
    options: CallOptions & { signal: AbortSignal },
  ): Promise<ParserCalls[K]['output']>;
  close(): Promise<void>;
}

/** A process that does one thing after the other. */
function createLane(name: string, options: ParserOptions): Lane {
  const { timeLimitMs = 120_000, memoryLimitMb = 512, idleMs = 20_000, log } = options;
  const client = createWorkerClient<ParserCalls>({
    name,
    launch: childProcess(new URL('./worker/parser-worker.ts', import.meta.url), { memoryLimitMb }),
    log,
  });
  let line: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const unreadable = (details: Text, cause: unknown) =>
    fail('fileUnreadable', { params: { details }, cause });

  const run: Lane['run'] = async (call, input, { signal, onProgress }) => {
    signal.throwIfAborted();
    clearTimeout(idle);
    const late = AbortSignal.timeout(timeLimitMs);
    const stop = AbortSignal.any([signal, late]);
    try {
      return await client.call(call, input, { signal: stop, ...(onProgress ? { onProgress } : {}) });
    } catch (error) {
      if (stop.aborted) await client.kill();
      signal.throwIfAborted();
      if (late.aborted) throw unreadable(tooSlow(timeLimitMs / 1000), error);
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof MemoryLimitError) throw unreadable(tooBig, error);
      throw cause instanceof ProcessEndError ? unreadable(crashed, error) : error;
    } finally {
      idle = setTimeout(() => void client.kill(), idleMs);
      idle.unref();
    }
  };

  return {
    /** Takes its turn behind the work that was asked for earlier. */
    run(call, input, callOptions) {
      const result = line.then(() => run(call, input, callOptions));
      line = result.catch(() => undefined);
      return result;
    },
    async close() {
      clearTimeout(idle);
      await client.close();
    },
  };
}
