import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { hashKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ComponentProps, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ChangedMeanwhile, saveUnlessChanged } from '../../../api/save-unless-changed.ts';
import type { ChangedDialog } from '../../../ui/changed-dialog.tsx';
import { readSimpleApp } from '../document/read.ts';
import type { SimpleSettings } from '../document/settings.ts';
import { writeSimpleApp } from '../document/write.ts';
import { type AppDetail, appQuery, forgetApps } from '../queries.ts';

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
  save: (how: SaveKind) => void;
  saving: SaveKind | undefined;
  error: unknown;
  /** That somebody else had stored something meanwhile, and what can be done. */
  conflict: ComponentProps<typeof ChangedDialog>;
}

type SaveKind = 'draft' | 'publish';

/** A save as it was asked for: what is typed while it goes on is no part of it. */
interface SaveOrder {
  how: SaveKind;
  settings: SimpleSettings;
  document: WorkflowDocument;
  /** What it may take the place of. */
  over: AppDetail;
}

/** The cache keeps what did not change, and with it another order of keys: order says nothing. */
const isSame = (a: AppDetail, b: AppDetail) => hashKey([documentOf(a)]) === hashKey([documentOf(b)]);

/** The app with another workflow. */
const withDocument = (app: AppDetail, { nodes, edges, chatConfig }: WorkflowDocument): AppDetail => ({
  ...app,
  ...{ modules: nodes, edges, chatConfig },
});

/** The draft of an app that the form can show. */
export function useDraft(app: AppDetail, stored: SimpleSettings): Draft {
  const { t } = useTranslation('apps');
  const client = useQueryClient();
  // What the changes were made from: what others store meanwhile must not get into it unseen.
  const [base, setBase] = useState({ app, stored });
  const [changes, setChanges] = useState<Partial<SimpleSettings>>({});
  const settings = useMemo(() => ({ ...base.stored, ...changes }), [base, changes]);
  const dirty = JSON.stringify(settings) !== JSON.stringify(base.stored);
  if (!dirty && base.app !== app) setBase({ app, stored });
  const searchName = t('editor.searchNode');
  const document = useMemo(
    () => writeSimpleApp(documentOf(base.app), settings, searchName),
    [base, settings, searchName],
  );
  const appId = base.app._id;
  const { queryKey } = appQuery(appId);
  // A key that is held asks for the next save before the screen knows of the first.
  const busy = useRef(false);
  const save = useMutation({
    mutationFn: ({ how, document, over }: SaveOrder) =>
      saveUnlessChanged({
        base: over,
        // Not into the cache: nothing on the screen changes before somebody has chosen.
        read: () => api.getApp({ appId }),
        isSame,
        write: (ifUpdateTime) => {
          const kind = how === 'publish' ? { isPublish: true } : { autoSave: true };
          return api.publishApp({ appId, ...document, ...kind, ifUpdateTime });
        },
      }),
    onSuccess: async (_, { document, settings, over }) => {
      const sent = withDocument(over, document);
      client.setQueryData(queryKey, sent);
      // The badge beside the buttons says how things stand then.
      await forgetApps(client);
      setBase({ app: sent, stored: settings });
      // What was typed meanwhile stays a change.
      setChanges((now) => changedSince(now, settings));
    },
    onSettled: () => {
      busy.current = false;
    },
  });
  const store = (order: SaveOrder) => {
    if (busy.current || save.isPending) return;
    busy.current = true;
    save.mutate(order);
  };
  const changed = save.error instanceof ChangedMeanwhile ? (save.error as ChangedMeanwhile<AppDetail>) : null;
  return {
    settings,
    document,
    dirty,
    change: (more) => setChanges((before) => ({ ...before, ...more })),
    discard: () => setChanges({}),
    save: (how) => store({ how, settings, document, over: base.app }),
    saving: save.isPending ? save.variables.how : undefined,
    error: changed ? null : save.error,
    conflict: {
      theirs: changed?.theirs,
      onTheirs: () => {
        save.reset();
        setChanges({});
        client.setQueryData(queryKey, changed?.theirs);
      },
      onMine: () => {
        if (changed && save.variables) store({ ...save.variables, over: changed.theirs });
      },
      onClose: save.reset,
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
