import { type ComponentType, useEffect, useState } from 'react';
import { NotLoaded } from './not-loaded.ts';
import { patiently } from './patiently.ts';
import { PartMissing } from './route-error.tsx';

/** A part beside the screens, loaded as often as it takes. While it does not come, that is said over the screen. */
export function Needed({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [Part, setPart] = useState<ComponentType>();
  const [error, setError] = useState<NotLoaded>();
  useEffect(() => {
    void patiently(load, (cause) => setError(new NotLoaded(cause))).then((part) =>
      setPart(() => part.default),
    );
  }, [load]);
  if (Part) return <Part />;
  if (!error) return null;
  const tryAgain = async () => {
    const part = await load();
    setPart(() => part.default);
  };
  return <PartMissing error={error} onRetry={tryAgain} beside />;
}
