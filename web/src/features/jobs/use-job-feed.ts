import { readEvents } from '@lectern/contract/client.ts';
import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { applyEvent, type FeedJobs, hasEnded, isAway, mayComeBack } from './job-feed.ts';

/** Milliseconds between two pictures of the feed on the screen. */
const paintEvery = 250;

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

interface Listener {
  onJobs: (jobs: FeedJobs) => void;
  /** A job ended or is gone, or may have while nobody listened: lists are to be read again. */
  onEnd: () => void;
  /** The server cannot be reached, or it can again. */
  onAway: (away: boolean) => void;
}

/** Listens until `signal` is aborted, and comes back by itself when the way breaks. */
async function follow(datasetId: string | undefined, listener: Listener, signal: AbortSignal): Promise<void> {
  let jobs: FeedJobs = new Map();
  let due = false;
  const paint = () => {
    due = false;
    if (!signal.aborted) listener.onJobs(jobs);
  };
  let wait = 1000;
  let away = false;
  const setAway = (now: boolean) => {
    if (away === now) return;
    away = now;
    listener.onAway(now);
    if (!now) listener.onEnd();
  };
  while (!signal.aborted) {
    let isOpen = false;
    try {
      const response = await api.open('streamJobs', { ...(datasetId && { datasetId }) }, { signal });
      isOpen = true;
      setAway(false);
      for await (const event of readEvents(response)) {
        wait = 1000;
        const before = jobs;
        jobs = applyEvent(jobs, event);
        if (!due) setTimeout(paint, paintEvery);
        due = true;
        if (hasEnded(before, jobs)) listener.onEnd();
      }
    } catch (error) {
      if (signal.aborted || !mayComeBack(error)) return;
      // What only breaks off is there again in a moment.
      if (!isOpen && isAway(error)) setAway(true);
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, 30_000);
  }
}

/**
 * The unfinished jobs of the team or of one dataset as they go on, and those that ended since this was opened. The
 * feed rests while nobody looks: browsers allow few connections to a server. While the server is away they stand as
 * they were.
 */
export function useJobFeed(datasetId?: string): { jobs: FeedJobs; away: boolean } {
  const [jobs, setJobs] = useState<FeedJobs>(new Map());
  const [away, setAway] = useState(false);
  const queries = useQueryClient();
  const visible = useDocumentVisibility() === 'visible';
  useEffect(() => {
    if (!visible) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      clearTimeout(timer);
      timer = undefined;
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      void queries.invalidateQueries({ queryKey: ['datasets'] });
    };
    const onEnd = () => {
      timer ??= setTimeout(readAgain, 500);
    };
    onEnd();
    void follow(datasetId, { onJobs: setJobs, onEnd, onAway: setAway }, controller.signal);
    return () => {
      controller.abort();
      setAway(false);
      // Who leaves at once for the list of what was made must find it there.
      if (timer) readAgain();
    };
  }, [datasetId, visible, queries]);
  return { jobs, away };
}
