import { useEffect, useRef, useState } from 'react';
import { notifyError } from '../ui/notify.ts';
import { newId, type SentFile } from './conversation/messages.ts';
import type { FileRules } from './file-rules.ts';

/** What takes files loads with an app that takes some, or with the first file: most have none. */
export const loadAttaching = () => import('./take-files.ts');

/** A file of a question: on its way, there, or not got through. */
export interface Upload {
  key: string;
  file: File;
  /** How much of it is there, from 0 to 1. */
  share: number;
  sent: SentFile | undefined;
  /** Why it did not get through. */
  error: unknown;
}

/** The files of a question that is being written. */
export interface UploadedFiles {
  shown: readonly Upload[];
  files: readonly SentFile[];
  /** Some are on their way or did not get through: the question would go without them. */
  incomplete: boolean;
  add: (files: readonly File[]) => void;
  retry: (upload: Upload) => void;
  remove: (key: string) => void;
  clear: () => void;
}

/** Uploads files as they are chosen; the server keeps them for a week. */
export function useUploads(appId: string, rules: FileRules | undefined): UploadedFiles {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const { current } = running;
    return () => {
      for (const controller of current.values()) controller.abort();
    };
  }, []);
  const change = (key: string, changes: Partial<Upload>) =>
    setUploads((now) => now.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  const remove = (key: string) => {
    running.current.get(key)?.abort();
    setUploads((now) => now.filter((one) => one.key !== key));
  };
  const upload = async ({ key, file }: Pick<Upload, 'key' | 'file'>) => {
    const { signal } = setRunning(running.current, key);
    try {
      const { watchedApi } = await import('../api/watched.ts');
      const { previewUrl: url } = await watchedApi((share) => change(key, { share })).uploadFile(
        { bucketName: 'chat', appId },
        { files: [{ name: file.name, content: file }], signal },
      );
      const type = file.type.startsWith('image/') ? 'image' : 'file';
      change(key, { share: 1, sent: { type, name: file.name, url } });
    } catch (error) {
      if (!signal.aborted) change(key, { error });
    } finally {
      running.current.delete(key);
    }
  };
  const add = async (files: readonly File[]) => {
    const { takeFiles } = await loadAttaching();
    const added = takeFiles(files, rules, uploads.length).map((file): Upload => {
      return { key: newId(), file, share: 0, sent: undefined, error: undefined };
    });
    setUploads((now) => [...now, ...added]);
    for (const one of added) void upload(one);
  };
  return {
    shown: uploads,
    files: uploads.flatMap(({ sent }) => sent ?? []),
    incomplete: uploads.some(({ sent }) => !sent),
    add: (files) => {
      if (files.length > 0) void add(files).catch(notifyError);
    },
    retry: (one) => {
      change(one.key, { share: 0, error: undefined });
      void upload(one);
    },
    remove,
    clear: () => setUploads([]),
  };
}

function setRunning(running: Map<string, AbortController>, key: string): AbortController {
  const controller = new AbortController();
  running.set(key, controller);
  return controller;
}
