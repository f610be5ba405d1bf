import type { ChatVariable } from '@lectern/contract/workflow.ts';
import { useMemo, useState } from 'react';

/** What an app asks before a chat begins, and what was given. */
export interface Variables {
  /** Those that a person fills in; an app can have others that only programs set. */
  asked: readonly ChatVariable[];
  values: Record<string, unknown>;
  set: (key: string, value: unknown) => void;
  /** Everything that is required is there. */
  complete: boolean;
}

const hidden = new Set(['custom', 'external', 'internal']);
const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** The values of the variables of an app: those of the chat, else what the app begins with. */
export function useVariables(
  declared: readonly ChatVariable[],
  stored: Record<string, unknown> | undefined,
): Variables {
  const [given, setGiven] = useState<Record<string, unknown>>({});
  return useMemo(() => {
    const asked = declared.filter(({ type }) => !hidden.has(type ?? 'input'));
    const values: Record<string, unknown> = {};
    for (const { key, defaultValue } of asked) {
      const value = given[key] ?? stored?.[key] ?? defaultValue;
      if (!isEmpty(value)) values[key] = value;
    }
    return {
      asked,
      values,
      set: (key, value) => setGiven((now) => ({ ...now, [key]: value })),
      complete: asked.every(({ key, required }) => !required || !isEmpty(values[key])),
    };
  }, [declared, stored, given]);
}
