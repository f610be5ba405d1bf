import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { Progress } from '../store/backup/layout.ts';

const quietMs = 1_000;
const betweenMs = 2_000;

/**
 * Says what is being done to who waits: nothing during the first second, then a line when the step changes and every
 * two seconds.
 */
export function slowProgress(
  say: (text: Text) => void,
  now: () => number = () => performance.now(),
): Progress {
  const begun = now();
  let said = { time: begun + quietMs - betweenMs, step: '' };
  return (step, done, of) => {
    const time = now();
    if (time - begun < quietMs) return;
    if (said.step === step.en && time - said.time < betweenMs) return;
    said = { time, step: step.en };
    const share = (lang: Lang) =>
      done === undefined || of === undefined
        ? ''
        : lang === 'zh'
          ? `（${done}/${of}）`
          : ` (${done} of ${of})`;
    say({ en: `${step.en}${share('en')} …`, zh: `${step.zh}${share('zh')} …` });
  };
}
