import { stemmer } from 'stemmer';

const stopWords = new Set(
  'a about after all also an and any are as at be been before being but by can could did do does during each few for from had has have he her here hers him his how i if in into is it its itself just me more most my name named no nor not of off on only or other our out over own same she so some such than that the their them then there these they this those through to too type kind under until up very was we were what when where which while who whom whose why will with would you your'.split(
    ' ',
  ),
);

/** Characters that only ask or bind in a Chinese question. */
const stopHan =
  /什么|哪些|哪个|哪里|哪儿|哪年|哪位|哪一|多少|几个|如何|怎么|怎样|为何|为什么|是谁|请问|是否|吗|呢|的|了|是|在|和|与|及|被|由|于|哪|几|谁|何|有/g;

/**
 * Terms by which a question and a sentence are compared: stems of Latin words, numbers, and pairs of neighbouring
 * Chinese characters. `question` also takes out the words that only ask.
 */
export function termsOf(text: string, question = false): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const out: string[] = [];
  for (const [word] of plain.matchAll(
    /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]+(?:'\p{L}+)?/gu,
  )) {
    const bare = word.replace(/'s?$/, '');
    if (question && stopWords.has(bare)) continue;
    if (!question && stopWords.has(bare)) continue;
    out.push(/^[a-z]{3,}$/.test(bare) ? stemmer(bare) : bare);
  }
  const han = question ? plain.replace(stopHan, ' ') : plain;
  for (const [run] of han.matchAll(
    /\p{Script=Han}+|[\p{Script=Hiragana}\p{Script=Katakana}ー]+|\p{Script=Hangul}+/gu,
  )) {
    const characters = [...run];
    if (characters.length === 1) out.push(run);
    for (let i = 0; i + 1 < characters.length; i++) out.push(`${characters[i]}${characters[i + 1]}`);
  }
  return out;
}

/** Whether a text is to be answered in Chinese. */
export function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
}
