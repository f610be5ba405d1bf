import { LecternError } from '@lectern/contract/client.ts';
import { Box } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import i18next from 'i18next';
import { useEffect, useState } from 'react';
import { hasOtherBuild } from '../api/client.ts';
import { ErrorAlert } from './error-alert.tsx';
import { NotFound } from './not-found.tsx';
import { isNotLoaded } from './not-loaded.ts';
import { ToldError } from './told-error.ts';

/** A screen whose data could not be read, or that failed: it says why and tries again. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const retry = async () => {
    queries.reset();
    reset();
    await router.invalidate();
  };
  if (error instanceof LecternError && error.status === 404) return <NotFound />;
  if (isNotLoaded(error)) return <PartMissing error={error} onRetry={retry} />;
  return (
    <Box p="lg" maw={720} mx="auto">
      <ErrorAlert error={error} onRetry={retry} />
    </Box>
  );
}

const reloadedKey = 'lectern-reloaded';
/** In milliseconds. */
const reloadAgainAfter = 60_000;

/** Loads the page anew, but not again and again, as where servers with different builds answer by turns. */
function reloadByItself(): void {
  try {
    const last = Number(sessionStorage.getItem(reloadedKey));
    if (Date.now() - last < reloadAgainAfter) return;
    sessionStorage.setItem(reloadedKey, String(Date.now()));
  } catch {
    // Nothing can be remembered: whoever reads it reloads the page.
    return;
  }
  window.location.reload();
}

/** How often the same page has tried in vain to load a part of itself. */
let failures = 0;

/** In sight on every screen, and on none of them in the way of the notices. */
const over = {
  pos: 'fixed',
  bottom: 16,
  left: 0,
  right: 0,
  p: 0,
  w: 'calc(100% - 32px)',
  maw: 480,
  bg: 'body',
  style: { zIndex: 400, borderRadius: 'var(--mantine-radius-md)' },
} as const;

interface PartMissingProps {
  error: unknown;
  onRetry: () => Promise<void>;
  /** It is no screen but something beside one: the screen stays, for there may be work on it. */
  beside?: boolean;
}

/**
 * A part of the console did not load. After an update, when what it names is gone, the page is loaded anew, unless there
 * is a screen that could lose something; while nobody answers it stays, for the browser would put an error of its own in
 * its place.
 */
export function PartMissing({ error, onRetry, beside = false }: PartMissingProps) {
  const [busy, setBusy] = useState(false);
  const [gone, setGone] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every failure may have another reason
  useEffect(() => {
    hasOtherBuild().then(
      (other) => {
        if (beside) setGone(true);
        else if (other) reloadByItself();
      },
      () => setGone(false),
    );
  }, [error, beside]);
  const tryAgain = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const other = await hasOtherBuild();
      failures += 1;
      // Some browsers remember what did not load for as long as the page is open.
      if (other || failures > 1) window.location.reload();
      else await onRetry();
    } catch {
      // Still away.
    } finally {
      setBusy(false);
    }
  };
  const shown = gone ? new ToldError(i18next.t('error.partGone')) : error;
  return (
    <Box p="lg" maw={720} mx="auto" {...(beside && over)}>
      <ErrorAlert error={shown} onRetry={() => void tryAgain()} />
    </Box>
  );
}
