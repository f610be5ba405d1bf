import type { Worker } from 'tesseract.js';
import { fail } from '../../../kernel/errors.ts';
import { languageFolder, languages } from './languages.ts';
import { busiestStrip, fileOf, type Picture } from './picture.ts';
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
/** Below this confidence the script is chosen anew: the document may have another on this page. */
const doubtful = 70;

const none: Recognised = { lines: [], confidence: 0 };

/** The recogniser is started by the first picture. It never asks the network for anything. */
export function createTextReader(tempDir: string): TextReader {
  let running: Promise<Recogniser> | undefined;
  let script: Script | undefined;

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
    const known = script;
    script ??= await scriptOf(recogniser, picture);
    const result = await recogniser.read(picture, script);
    if (known === undefined || result.confidence >= doubtful) return result;
    const other = await scriptOf(recogniser, picture);
    if (other === known) return result;
    const again = await recogniser.read(picture, other);
    if (again.confidence <= result.confidence) return result;
    script = other;
    return again;
  }

  return {
    read,
    close: async () => void (await (await running)?.close()),
  };
}

/** Which script a picture is written in, by a strip of it. */
async function scriptOf(recogniser: Recogniser, picture: Picture): Promise<Script> {
  const strip = busiestStrip(picture, stripShare);
  const simplified = await recogniser.read(strip, 'chi_sim+eng');
  const text = simplified.lines.map((line) => line.text).join('');
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (chinese <= leastChinese * (text.match(/\p{L}/gu)?.length ?? 0)) return 'eng';
  const traditional = await recogniser.read(strip, 'chi_tra+eng');
  return traditional.confidence > simplified.confidence ? 'chi_tra+eng' : 'chi_sim+eng';
}

interface Recogniser {
  read(picture: Picture, script: Script): Promise<Recognised>;
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
    async read(picture, script) {
      if (current !== script) await worker.reinitialize(script);
      current = script;
      const options = { rotateAuto: true };
      const { data } = await worker.recognize(fileOf(picture), options, { text: false, blocks: true });
      return textOf(data.blocks ?? []);
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
      .createWorker([...languages], tesseract.OEM.LSTM_ONLY, {
        // Without a folder the data would be fetched from elsewhere; without `none` it would be written to where we run.
        langPath,
        cacheMethod: 'none',
        // Without a handler a failure ends the process, and with one the promise stays open.
        errorHandler: reject,
      })
      .then(resolve, reject);
  });
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
