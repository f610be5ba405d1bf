import type { ChatConfig } from '@lectern/contract/workflow.ts';

/** Which files an app takes with a question. */
export interface FileRules {
  accept: string;
  most: number;
  pictures: boolean;
  documents: boolean;
}

/** The endings of the documents that can be read. */
export const documents = '.txt,.md,.html,.docx,.pdf,.pptx,.csv,.xlsx';

/** What the settings of an app say of files; undefined = it takes none. */
export function fileRules(config: ChatConfig): FileRules | undefined {
  const settings = config.fileSelectConfig as
    | { canSelectFile?: boolean; canSelectImg?: boolean; maxFiles?: number }
    | null
    | undefined;
  if (!settings?.canSelectFile && !settings?.canSelectImg) return undefined;
  const kinds = [settings.canSelectImg ? 'image/*' : '', settings.canSelectFile ? documents : ''];
  return {
    accept: kinds.filter(Boolean).join(','),
    most: typeof settings.maxFiles === 'number' && settings.maxFiles > 0 ? settings.maxFiles : 10,
    pictures: settings.canSelectImg === true,
    documents: settings.canSelectFile === true,
  };
}

/** Which of these files an app takes, and which it does not. */
export function sortFiles<F extends Pick<File, 'name' | 'type'>>(files: readonly F[], rules: FileRules) {
  const endings = documents.split(',');
  const isTaken = ({ name, type }: F) =>
    type.startsWith('image/')
      ? rules.pictures
      : rules.documents && endings.some((ending) => name.toLowerCase().endsWith(ending));
  return { taken: files.filter(isTaken), refused: files.filter((file) => !isTaken(file)) };
}
