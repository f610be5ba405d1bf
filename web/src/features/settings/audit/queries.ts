import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../../api/client.ts';
import type { AuditSearch } from '../../../routes/settings.ts';
import { eventsOf } from './audit-events.ts';

export type Entry = Answer<'listAudit'>['list'][number];

export const pageSize = 25;

/** A day as the reader's clock has it, as a moment. */
const moment = (day: string, time: string) => new Date(`${day}T${time}`).toISOString();

export const auditQuery = ({ event, member, from, to, page = 1 }: AuditSearch) =>
  queryOptions({
    queryKey: ['settings', 'audit', { event, member, from, to, page }],
    queryFn: () =>
      api.listAudit({
        pageSize,
        pageNum: page,
        ...(event && { events: [...eventsOf(event)] }),
        ...(member && { tmbIds: [member] }),
        ...(from && { startTime: moment(from, '00:00:00') }),
        ...(to && { endTime: moment(to, '23:59:59.999') }),
      }),
    placeholderData: keepPreviousData,
    // Whoever opens it wants to see what just happened.
    staleTime: 0,
  });
