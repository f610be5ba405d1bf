import type { Worker } from 'tesseract.js';
import { fail } from '../../../kernel/errors.ts';
import { languageFolder, languages } from './languages.ts';
import { busiestStrip, enlarged, fileOf, type Picture } from './picture.ts';
import { type Recognised, textOf } from './words.ts';

/** Recognises the letters in pictures. */
export interface TextReader {
  /** The lines of text in a picture, none where it shows no text or takes too long. */
  read(picture: Picture): Promise<Recognised>;
  close(): Promise<void>;
}

/** Which data is used together: letters of the first language are tried first. */
type Script = 'eng' | 'chi_sim+eng' | 'chi_tra+eng';

/** Longest time to make the recogniser ready, and to read one picture, in milliseconds. */
const startLimitMs = 60_000;
const pictureLimitMs = 60_000;
/** Part of a picture that is read to find out its script. */
const stripShare = 0.15;
/** Share of Chinese among the letters that makes a text a Chinese one; below it they are misread Latin ones. */
const leastChinese = 0.15;
/** Below this confidence the manner is chosen anew: the document may have another script on this page. */
const doubtful = 70;
/** Lines less high than this, in points, are enlarged to the height that the recogniser reads best. */
const smallLine = 17;
const legibleLine = 20;
const mostEnlarged = 2;
/** Points of an enlarged picture at most. */
const mostPoints = 12e6;

/**
 * What the recogniser is set to. Chinese data ask for data of upright text, which we do not have; its own messages go
 * where nobody reads them, as what fails is answered too.
 */
const settings = 'tessedit_load_sublangs \ndebug_file /dev/null\n';

/** How the pictures of a document are read: letters of which script, and how many times enlarged. */
interface Manner {
  script: Script;
  scale: number;
}

const none: Recognised = { lines: [], confidence: 0, lineHeight: 0 };

/** The recogniser is started by the first picture. It never asks the network for anything. */
export function createTextReader(tempDir: string): TextReader {
  let running: Promise<Recogniser> | undefined;
  let manner: Manner | undefined;

  async function read(picture: Picture): Promise<Recognised> {
    running ??= startRecogniser(tempDir);
    const recogniser = await running;
    const timer = AbortSignal.timeout(pictureLimitMs);
    try {
      return await Promise.race([readWith(recogniser, picture), rejection(timer)]);
    } catch {
      // It may be in the middle of anything: the next picture gets a new one.
      running = undefined;
      await recogniser.close();
      return none;
    }
  }
  async function readWith(recogniser: Recogniser, picture: Picture): Promise<Recognised> {
    const known = manner;
    const result = known && (await recogniser.read(picture, known));
    if (result && result.confidence >= doubtful && (known.scale > 1 || scaleFor(picture, result) === 1))
      return result;
    const look = await lookAt(recogniser, picture);
    if (known && isSame(look.manner, known)) return result ?? none;
    const again = look.whole ?? (await recogniser.read(picture, look.manner));
    if (result && again.confidence <= result.confidence) return result;
    manner = look.manner;
    return again;
  }

  return {
    read,
    close: async () => void (await (await running)?.close()),
  };
}

/** How a picture is best read, by a strip of it; and what was read so, where the strip is all of it. */
async function lookAt(
  recogniser: Recogniser,
  picture: Picture,
): Promise<{ manner: Manner; whole?: Recognised }> {
  const strip = busiestStrip(picture, stripShare);
  const read = (script: Script, scale: number) => recogniser.read(strip, { script, scale });
  const asItIs = await read('chi_sim+eng', 1);
  const scale = scaleFor(picture, asItIs);
  const simplified = scale > 1 ? await read('chi_sim+eng', scale) : asItIs;
  if (!isChinese(simplified)) return { manner: { script: 'eng', scale } };
  const traditional = await read('chi_tra+eng', scale);
  const [script, best]: [Script, Recognised] =
    traditional.confidence > simplified.confidence
      ? ['chi_tra+eng', traditional]
      : ['chi_sim+eng', simplified];
  return { manner: { script, scale }, ...(strip.height === picture.height && { whole: best }) };
}

function isChinese({ lines }: Recognised): boolean {
  const text = lines.map((line) => line.text).join('');
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return chinese > leastChinese * (text.match(/\p{L}/gu)?.length ?? 0);
}

const isSame = (a: Manner, b: Manner): boolean => a.script === b.script && a.scale === b.scale;

function scaleFor({ width, height }: Picture, { lineHeight }: Recognised): number {
  if (lineHeight === 0 || lineHeight >= smallLine) return 1;
  const wanted = Math.min(mostEnlarged, legibleLine / lineHeight, Math.sqrt(mostPoints / (width * height)));
  return Math.max(1, wanted);
}

interface Recogniser {
  read(picture: Picture, manner: Manner): Promise<Recognised>;
  close(): Promise<void>;
}

async function startRecogniser(tempDir: string): Promise<Recogniser> {
  const folder = await languageFolder(tempDir);
  const timer = AbortSignal.timeout(startLimitMs);
  let worker: Worker;
  try {
    worker = await Promise.race([createWorker(folder.path), rejection(timer)]);
  } catch (cause) {
    await folder.remove();
    throw fail('ocrUnavailable', { cause });
  }
  let current: Script | undefined;
  return {
    async read(picture, { script, scale }) {
      if (current !== script) await worker.reinitialize(script);
      current = script;
      const options = { rotateAuto: true };
      const shown = fileOf(scale === 1 ? picture : enlarged(picture, scale));
      const { data } = await worker.recognize(shown, options, { text: false, blocks: true });
      return textOf(data.blocks ?? [], scale);
    },
    async close() {
      await worker.terminate();
      await folder.remove();
    },
  };
}

async function createWorker(langPath: string): Promise<Worker> {
  const tesseract = await import('tesseract.js');
  return await new Promise((resolve, reject) => {
    tesseract
      .createWorker(
        [...languages],
        tesseract.OEM.LSTM_ONLY,
        {
          // Without a folder the data would be fetched from elsewhere; without `none` it would be written to where we run.
          langPath,
          cacheMethod: 'none',
          // Without a handler a failure ends the process, and with one the promise stays open.
          errorHandler: reject,
        },
        settings,
      )
      .then(resolve, reject);
  });
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
