import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { notifyDone } from '../../../ui/notify.ts';
import { readSimpleApp } from '../document/read.ts';
import type { SimpleSettings } from '../document/settings.ts';
import { writeSimpleApp } from '../document/write.ts';
import { type AppDetail, forgetApps } from '../queries.ts';

/** The workflow of an app as the server has it: an answer, so what requests may leave out is there. */
export const documentOf = ({ modules, edges, chatConfig }: AppDetail): WorkflowDocument => ({
  nodes: modules as WorkflowDocument['nodes'],
  edges: edges as WorkflowDocument['edges'],
  chatConfig: chatConfig as WorkflowDocument['chatConfig'],
});

/** What somebody is changing of a simple app, before and while it is stored. */
export interface Draft {
  settings: SimpleSettings;
  change: (changes: Partial<SimpleSettings>) => void;
  /** The workflow with all changes. */
  document: WorkflowDocument;
  /** There are changes that the server does not have. */
  dirty: boolean;
  discard: () => void;
  /** Stores the draft; `publish` also lets it answer from now on. */
  save: (how: 'draft' | 'publish') => void;
  saving: 'draft' | 'publish' | undefined;
  error: unknown;
}

/** The draft of an app that the form can show. */
export function useDraft(app: AppDetail, stored: SimpleSettings): Draft {
  const { t } = useTranslation('apps');
  const client = useQueryClient();
  const [changes, setChanges] = useState<Partial<SimpleSettings>>({});
  const settings = useMemo(() => ({ ...stored, ...changes }), [stored, changes]);
  const searchName = t('editor.searchNode');
  const document = useMemo(
    () => writeSimpleApp(documentOf(app), settings, searchName),
    [app, settings, searchName],
  );
  const save = useMutation({
    mutationFn: (how: 'draft' | 'publish') =>
      api.publishApp({
        appId: app._id,
        ...document,
        ...(how === 'publish' ? { isPublish: true } : { autoSave: true }),
      }),
    onSuccess: async (_done, how) => {
      notifyDone(t(how === 'publish' ? 'done.published' : 'done.saved'));
      await forgetApps(client);
      // What was typed meanwhile stays a change.
      setChanges((now) => changedSince(now, settings));
    },
  });
  return {
    settings,
    document,
    dirty: JSON.stringify(settings) !== JSON.stringify(stored),
    change: (more) => setChanges((before) => ({ ...before, ...more })),
    discard: () => setChanges({}),
    save: (how) => save.mutate(how),
    saving: save.isPending ? save.variables : undefined,
    error: save.error,
  };
}

/** The changes that differ from what was just stored. */
function changedSince(changes: Partial<SimpleSettings>, saved: SimpleSettings): Partial<SimpleSettings> {
  const kept = Object.entries(changes).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name as keyof SimpleSettings]),
  );
  return Object.fromEntries(kept);
}

/** The settings that the form starts from, or nothing when it cannot show the app. */
export function storedSettings(app: AppDetail): SimpleSettings | undefined {
  const shown = readSimpleApp(documentOf(app));
  return shown.simple ? shown.settings : undefined;
}
