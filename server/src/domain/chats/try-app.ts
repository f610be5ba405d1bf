import type { ChatConfig, WorkflowDocument, WorkflowEdge, WorkflowNode } from '@lectern/contract/workflow.ts';
import { fail } from '../../kernel/errors.ts';
import type { SimpleAppSettings } from '../../workflow/simple-app.ts';
import { checkDatasets, givenNodes, simpleDocument } from '../apps/document.ts';
import { requireApp } from '../apps/queries.ts';
import type { Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import {
  type ChatApp,
  type ChatRun,
  type CompleteContext,
  type CompleteInput,
  complete,
} from './complete.ts';
import { preparedOf } from './prepared-app.ts';

/** A question to an app as it stands in its editor. */
export interface TryInput extends CompleteInput {
  appId: string;
  modules?: WorkflowNode[] | undefined;
  nodes?: WorkflowNode[] | undefined;
  edges?: WorkflowEdge[] | undefined;
  chatConfig?: ChatConfig | undefined;
  simple?: SimpleAppSettings | undefined;
}

/**
 * Answers with a workflow that is not stored. The chat has the source `test`. Throws what {@link complete} throws,
 * teamForbidden, and nodeDatasetNotFound for a dataset of another team.
 */
export async function tryApp(
  app: ChatApp,
  caller: Caller,
  input: TryInput,
  context: CompleteContext,
): Promise<ChatRun> {
  authorize(caller, 'app:write');
  const { name, type } = await requireApp(app, caller.teamId, input.appId);
  if (type === 'folder') throw fail('appNotFound', { param: 'appId' });
  const document: WorkflowDocument = input.simple
    ? simpleDocument(input, context.lang)
    : { nodes: givenNodes(input) ?? [], edges: input.edges ?? [], chatConfig: input.chatConfig ?? {} };
  await checkDatasets(app, caller.teamId, document.nodes);
  const trial = preparedOf(document, { state: 'trial', name, versionId: null });
  return complete(app, caller, input, context, { trial });
}
