import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { createLane, type Lane, LaneFailure } from '../kernel/worker/lane.ts';
import { childProcess } from '../kernel/worker/launch.ts';
import type { DocumentParser } from './ports.ts';
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
  const files = createParserLane('parser', options);
  const texts = createParserLane('splitter', options);
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

/** A process of the parser; what it cannot do is the file's fault. */
function createParserLane(name: string, options: ParserOptions): Lane<ParserCalls> {
  const { timeLimitMs = 120_000, memoryLimitMb = 512, idleMs = 20_000, log } = options;
  const lane = createLane<ParserCalls>({
    name,
    launch: childProcess(new URL('./worker/parser-worker.ts', import.meta.url), { memoryLimitMb }),
    log,
    timeLimitMs,
    idleMs,
    endOnAbort: true,
  });
  const causes = { slow: tooSlow(timeLimitMs / 1000), memory: tooBig, broken: crashed };
  return {
    async run(...call) {
      try {
        return await lane.run(...call);
      } catch (error) {
        if (!(error instanceof LaneFailure)) throw error;
        throw fail('fileUnreadable', { params: { details: causes[error.reason] }, cause: error });
      }
    },
    close: () => lane.close(),
  };
}
