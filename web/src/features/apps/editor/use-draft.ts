import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { hashKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
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
  /** Stores the draft; `publish` also lets it answer from now on. `force` writes over what somebody else stored. */
  save: (how: 'draft' | 'publish', force?: boolean) => void;
  saving: 'draft' | 'publish' | undefined;
  error: unknown;
  /** What could not be stored because somebody else had stored something meanwhile. */
  conflict: 'draft' | 'publish' | undefined;
  /** Takes over what somebody else stored; what was changed here stays a change. */
  takeOver: () => void;
}

/** Somebody else changed the app since this page read it. */
class Overtaken extends Error {}

/** The cache keeps what did not change, and with it another order of keys: order says nothing. */
const isSame = (a: AppDetail, b: AppDetail) => hashKey([documentOf(a)]) === hashKey([documentOf(b)]);

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
    mutationFn: async ({ how, force }: { how: 'draft' | 'publish'; force: boolean }) => {
      const appId = app._id;
      if (!force && !isSame(await api.getApp({ appId }), app)) throw new Overtaken();
      const kind = how === 'publish' ? { isPublish: true } : { autoSave: true };
      return await api.publishApp({ appId, ...document, ...kind });
    },
    // The badge beside the buttons says how things stand then.
    onSuccess: async () => {
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
    save: (how, force = false) => save.mutate({ how, force }),
    saving: save.isPending ? save.variables.how : undefined,
    error: save.error instanceof Overtaken ? null : save.error,
    conflict: save.error instanceof Overtaken ? save.variables?.how : undefined,
    takeOver: () => {
      save.reset();
      void forgetApps(client);
    },
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
