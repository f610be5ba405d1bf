import { stemmer } from 'stemmer';

const stopWords = new Set(
  'a about after all also an and any are as at be been before being between but by can could did do does during each few for from had has have he her here hers him his how i if in into is it its itself just me more most my name named no nor not of off on only or other our out over own same she so some such than that the their them then there these they this those through to too type kind under until up very was we were what when where which while who whom whose why will with would you your'.split(
    ' ',
  ),
);

/** Forms of verbs that no stemmer knows. */
const irregular = new Map(
  'kept:keep held:hold built:build wrote:write written:write sent:send began:begin begun:begin became:become led:lead won:win lost:lose sold:sell bought:buy brought:bring taught:teach thought:think fought:fight spent:spend left:leave met:meet paid:pay chose:choose chosen:choose spoke:speak spoken:speak broke:break broken:break drew:draw drawn:draw grew:grow grown:grow rose:rise risen:rise fell:fall fallen:fall ran:run gave:give given:give took:take taken:take found:find saw:see seen:see knew:know known:know'
    .split(' ')
    .map((pair): [string, string] => {
      const [form = '', verb = ''] = pair.split(':');
      return [form, verb];
    }),
);

/**
 * Words that nearly every text holds and nearly every question may: they say what is to be done, not with what.
 * They count little, and a passage that shares nothing else with the question does not answer it.
 */
const lightWords = new Set(
  'use using used usage work make made get got set change add need want see know tell show give go put take help let try happen mean explain describe define find look start run do done way best good better new many thing please create support possible example question answer different difference command code snippet script'
    .split(' ')
    .map(stemmed),
);
const lightHan = new Set(
  '使用 可以 能够 支持 需要 进行 设置 修改 更改 创建 新建 添加 增加 获取 得到 实现 操作 应该 介绍 说明 解释 意思 方法 步骤 问题 请问 告诉 一下 一个 这个 那个 以及 区别 不同 主要 命令 代码 示例 能否 可否 知道 想要'.split(
    ' ',
  ),
);

/** Whether a term of a question says little about what the question is about. */
export function isLight(term: string): boolean {
  return lightWords.has(term) || lightHan.has(term) || /^\p{Script=Han}$/u.test(term);
}

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
    if (stopWords.has(bare)) continue;
    out.push(stemmed(bare));
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

function stemmed(word: string): string {
  const verb = irregular.get(word) ?? word;
  return /^[a-z]{3,}$/.test(verb) ? stemmer(verb) : verb;
}

/** Whether a text is to be answered in Chinese. */
export function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
}
