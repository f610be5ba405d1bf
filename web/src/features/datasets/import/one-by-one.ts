import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../ui/describe-error.ts';

export interface SentFile {
  file: File;
  state: 'chosen' | 'sending' | 'sent' | 'failed';
  message?: string;
}

/** Files that are sent whole, one after the other; one that is refused says why and stops none of the others. */
export function useOneByOne(send: (file: File) => Promise<unknown>, onDone: (sent: number) => void) {
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const mark = (file: File, change: Partial<SentFile>) =>
    setFiles((before) => before.map((each) => (each.file === file ? { ...each, ...change } : each)));
  const run = useMutation({
    mutationFn: async () => {
      let sent = 0;
      for (const { file } of files.filter(({ state }) => state !== 'sent')) {
        mark(file, { state: 'sending' });
        try {
          await send(file);
          sent++;
          mark(file, { state: 'sent' });
        } catch (error) {
          mark(file, { state: 'failed', message: describeError(error).message });
        }
      }
      return sent;
    },
    onSuccess: (sent) => {
      setFiles((before) => before.filter(({ state }) => state !== 'sent'));
      onDone(sent);
    },
  });
  return {
    files,
    add: (added: readonly File[]) =>
      setFiles((before) => [...before, ...added.map((file): SentFile => ({ file, state: 'chosen' }))]),
    remove: (file: File) => setFiles((before) => before.filter((each) => each.file !== file)),
    run,
  };
}
