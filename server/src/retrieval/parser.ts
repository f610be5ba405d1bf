import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { createLane, type Lane, LaneFailure } from '../kernel/worker/lane.ts';
import { childProcess } from '../kernel/worker/launch.ts';
import type { DocumentParser } from './ports.ts';
import type { ParserCalls } from './worker/protocol.ts';

export interface ParserOptions {
  /** Where formats may put temporary files. */
  tempDir: string;
  log: Logger;
  /** Longest time for one file or one text, in milliseconds. */
  timeLimitMs?: number;
  /** Most memory of a process's heap, in MB; what it holds outside of it may be as much again. */
  memoryLimitMb?: number;
  /** A process ends after so long without work, in milliseconds, and gives its memory back. */
  idleMs?: number;
  /** Files that are read at the same time, each by a process of its own; default 2. */
  files?: number;
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

const tooManyScans = (pages: number): Text => ({
  en: `${pages} of its pages are scans; the text of at most ${mostScans} can be recognised in one file. Split it into smaller files.`,
  zh: `其中 ${pages} 页为扫描件，单个文件最多可识别 ${mostScans} 页，请拆分为较小的文件。`,
});

const defaultTimeLimitMs = 120_000;
/** What is added to the limit on time for each page whose text is recognised. */
const scanTimeLimitMs = 30_000;
/** Pages of one file whose text is recognised. */
const mostScans = 1000;

/** A text of so many characters is split within a second; longer ones wait for their turn among the files. */
const shortText = 500_000;

/**
 * Reads and splits documents in processes of their own: a hostile file can neither stop the server nor eat its
 * memory. A file that is too slow, too large or breaks the process fails with fileUnreadable, and the next one gets a
 * new process. A few files are read at a time, so that a slow one does not hold up all others; what takes longer is done
 * in a lane beside them, so that it stops nobody: recognising the text of scans; and short texts are split in another one
 * and never wait for a file.
 */
export function createDocumentParser(options: ParserOptions): DocumentParser {
  const files = shared(
    Array.from({ length: options.files ?? 2 }, (_, i) => createParserLane(`parser ${i + 1}`, options)),
  );
  const scans = createParserLane('scan reader', options);
  const texts = createParserLane('splitter', options);
  return {
    async parse(file, { signal, onProgress, onScan }) {
      const progress = (from: number, share: number): void => onProgress?.(from + share / 2);
      const first = await files.run('parse', file, { signal, onProgress: (share) => progress(0, share) });
      const { pagesToRead: total = 0, ...document } = first;
      if (total === 0) {
        onProgress?.(1);
        return document;
      }
      if (total > mostScans) throw fail('fileUnreadable', { params: { details: tooManyScans(total) } });
      onScan?.({ read: 0, total });
      return await scans.run(
        'parse',
        { ...file, tempDir: options.tempDir },
        {
          signal,
          timeLimitMs: (options.timeLimitMs ?? defaultTimeLimitMs) + total * scanTimeLimitMs,
          onProgress(share) {
            progress(0.5, share);
            onScan?.({ read: Math.floor(share * total), total });
          },
        },
      );
    },
    sitemap: (path, { signal }) => files.run('sitemap', path, { signal }),
    chunk: (markdown, settings, { signal, background }) =>
      (background || markdown.length > shortText ? files : texts).run(
        'chunk',
        { markdown, settings },
        { signal },
      ),
    rows: (file, { signal }) => files.run('rows', file, { signal }),
    async close() {
      await Promise.all([files.close(), scans.close(), texts.close()]);
    },
  };
}

/** Several lanes as one: a call is done by the next that is free, in the order of the calls. */
function shared(lanes: Lane<ParserCalls>[]): Lane<ParserCalls> {
  const free = [...lanes];
  const waiting: ((lane: Lane<ParserCalls>) => void)[] = [];
  return {
    async run(...call) {
      // The first free one, so that the processes behind it end when there is little to do.
      const lane = free.shift() ?? (await new Promise<Lane<ParserCalls>>((resolve) => waiting.push(resolve)));
      try {
        return await lane.run(...call);
      } finally {
        const next = waiting.shift();
        if (next) next(lane);
        else free.unshift(lane);
      }
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** A process of the parser; what it cannot do is the file's fault. */
function createParserLane(name: string, options: ParserOptions): Lane<ParserCalls> {
  const { timeLimitMs = defaultTimeLimitMs, memoryLimitMb = 512, idleMs = 20_000, log } = options;
  const lane = createLane<ParserCalls>({
    name,
    launch: childProcess(new URL('./worker/parser-worker.ts', import.meta.url), { memoryLimitMb }),
    log,
    timeLimitMs,
    idleMs,
    endOnAbort: true,
  });
  return {
    async run(call, input, callOptions) {
      try {
        return await lane.run(call, input, callOptions);
      } catch (error) {
        if (!(error instanceof LaneFailure)) throw error;
        const causes = {
          slow: tooSlow((callOptions.timeLimitMs ?? timeLimitMs) / 1000),
          memory: tooBig,
          broken: crashed,
        };
        throw fail('fileUnreadable', { params: { details: causes[error.reason] }, cause: error });
      }
    },
    close: () => lane.close(),
  };
}
