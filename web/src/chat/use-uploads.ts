import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyError } from '../ui/notify.ts';
import { ToldError } from '../ui/told-error.ts';
import { newId, type SentFile } from './conversation/messages.ts';
import { documents, type FileRules, sortFiles } from './file-rules.ts';

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
  const { t } = useTranslation('chat');
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
  return {
    shown: uploads,
    files: uploads.flatMap(({ sent }) => sent ?? []),
    incomplete: uploads.some(({ sent }) => !sent),
    add: (files) => {
      if (files.length === 0) return;
      if (!rules) return notifyError(new ToldError(t('composer.noFiles')));
      const { taken, refused } = sortFiles(files, rules);
      if (refused.length > 0) {
        const kinds = [rules.pictures && t('composer.pictures'), rules.documents && documents];
        const told = { names: refused.map(({ name }) => name).join(', ') };
        const list = kinds
          .filter(Boolean)
          .join(', ')
          .replaceAll(/,(?=\.)/g, ' ');
        notifyError(new ToldError(t('composer.notTaken', { ...told, kinds: list })));
      }
      const room = Math.max(0, rules.most - uploads.length);
      if (taken.length > room) notifyError(new ToldError(t('composer.tooMany', { count: rules.most })));
      const added = taken.slice(0, room).map((file): Upload => {
        return { key: newId(), file, share: 0, sent: undefined, error: undefined };
      });
      setUploads((now) => [...now, ...added]);
      for (const one of added) void upload(one);
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
