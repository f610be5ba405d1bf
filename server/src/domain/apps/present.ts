import type { appEndpoints } from '@lectern/contract/apps.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { AppRow } from '../../store/schema.ts';
import type { Caller } from '../context.ts';
import { presentPermission } from '../policy.ts';
import { fromStored } from './document.ts';
import type { AppFacts } from './facts.ts';
import type { AppSummary } from './queries.ts';

type Detail = OutputOf<typeof appEndpoints.updateApp>;
type ListItem = OutputOf<typeof appEndpoints.listApps>[number];

/** An app in full; the workflow only for those who may change it. */
export function presentApp(caller: Caller, row: AppRow): Detail {
  const permission = presentPermission(caller, 'app', row.memberId);
  const document = fromStored(row);
  return {
    _id: row.id,
    parentId: row.parentId,
    teamId: row.teamId,
    tmbId: row.memberId,
    type: row.type,
    version: 'v2',
    name: row.name,
    avatar: row.avatar,
    intro: row.intro,
    updateTime: new Date(row.updateTime).toISOString(),
    modules: permission.hasWritePer ? document.nodes : [],
    edges: permission.hasWritePer ? document.edges : [],
    chatConfig: document.chatConfig,
    teamTags: [],
    inheritPermission: true,
    permission,
  };
}

/** What a list needs to know of an app besides its row. */
export interface ListedApp {
  row: AppSummary;
  facts: AppFacts;
  /** Of those that the facts name, the ones that are there. */
  datasets: ListItem['datasets'];
  /** Who made it. */
  member: { name: string | null; status: string | null };
}

/** An app as the list shows it. */
export function presentAppListItem(caller: Caller, { row, facts, datasets, member }: ListedApp): ListItem {
  return {
    _id: row.id,
    parentId: row.parentId,
    avatar: row.avatar,
    type: row.type,
    name: row.name,
    intro: row.intro,
    tmbId: row.memberId,
    updateTime: new Date(row.updateTime).toISOString(),
    inheritPermission: true,
    permission: presentPermission(caller, 'app', row.memberId),
    private: false,
    hasInteractiveNode: facts.interactive,
    models: facts.models,
    datasets,
    sourceMember: { name: member.name ?? '', avatar: '', status: member.status ?? 'left' },
  };
}
