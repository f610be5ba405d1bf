import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { notifyError } from '../ui/notify.ts';
import { ToldError } from '../ui/told-error.ts';
import { newId, type SentFile } from './conversation/messages.ts';
import { documents, type FileRules, sortFiles } from './file-rules.ts';

interface Upload {
  key: string;
  name: string;
  sent: SentFile | undefined;
}

/** The files of a question that is being written. */
export interface UploadedFiles {
  shown: readonly { key: string; name: string; done: boolean }[];
  files: readonly SentFile[];
  busy: boolean;
  add: (files: readonly File[]) => void;
  remove: (key: string) => void;
  clear: () => void;
}

/** Uploads files as they are chosen; the server keeps them for a week. */
export function useUploads(appId: string, rules: FileRules | undefined): UploadedFiles {
  const { t } = useTranslation('chat');
  const [uploads, setUploads] = useState<Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const remove = (key: string) => {
    running.current.get(key)?.abort();
    setUploads((now) => now.filter((one) => one.key !== key));
  };
  const upload = async (file: File) => {
    const key = newId();
    const controller = new AbortController();
    running.current.set(key, controller);
    setUploads((now) => [...now, { key, name: file.name, sent: undefined }]);
    try {
      const { previewUrl: url } = await api.uploadFile(
        { bucketName: 'chat', appId },
        { files: [{ name: file.name, content: file }], signal: controller.signal },
      );
      const type = file.type.startsWith('image/') ? 'image' : 'file';
      const sent: SentFile = { type, name: file.name, url };
      setUploads((now) => now.map((one) => (one.key === key ? { ...one, sent } : one)));
    } catch (error) {
      if (!controller.signal.aborted) notifyError(error);
      remove(key);
    } finally {
      running.current.delete(key);
    }
  };
  return {
    shown: uploads.map(({ key, name, sent }) => ({ key, name, done: sent !== undefined })),
    files: uploads.flatMap(({ sent }) => sent ?? []),
    busy: uploads.some(({ sent }) => !sent),
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
      for (const file of taken.slice(0, room)) void upload(file);
    },
    remove,
    clear: () => setUploads([]),
  };
}
