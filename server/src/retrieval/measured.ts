import type { Metrics } from '../kernel/metrics.ts';
import type { SearchService } from './ports.ts';

/** The same search, counted by the mode it was done in (of a failed one, the mode that was asked for). */
export function measuredSearch(service: SearchService, metrics: Metrics): SearchService {
  return {
    async search(request, options) {
      const started = performance.now();
      let mode: string = request.mode;
      let failed = true;
      try {
        const result = await service.search(request, options);
        mode = result.mode;
        failed = false;
        return result;
      } finally {
        metrics.search({ mode, failed, ms: performance.now() - started });
      }
    },
  };
}
