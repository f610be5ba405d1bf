/*
 * Words that carry a question's grammar, not its subject. They are left out of questions only: documents keep every
 * word, so that a title made of such words ("The Who") can still be found.
 */

const english = `
a about above after again all also am an and any are as at be because been before being below between both but by
can could did do does doing down during each few for from further had has have having he her here hers him his how
i if in into is it its itself just me more most my myself no nor not now of off on once only or other our ours out
over own please same she should so some such tell than that the their theirs them then there these they this those
through to too under until up us very was we were what when where which while who whom whose why will with would
you your yours many much name named called give list show explain describe
`;

/** Dropped when the segmenter gives them as a word of their own. */
const chineseWords = `
的 了 着 过 吗 呢 吧 啊 呀 是 在 有 和 与 及 或 被 把 将 由 于 为 从 到 对 以 向 而 且 但 并 也 都 就 还 又 再 很 这 那 其 之 所
我 你 您 他 她 它 们 个 一 不 上 下 中 里 后 前 时 哪 谁 几 何 么 什 怎 请
我们 你们 他们 它们 这个 那个 这些 那些 其中 以及 或者 并且 但是 因为 所以 如果 可以 一个 一些 一下 什么 怎么 怎样 如何 为何
为什么 哪个 哪些 哪里 哪儿 哪一 多少 几个 是否 有没有 请问 告诉 什么样 什么时候
`;

/** Cut out of a Chinese question before it is segmented, longest first. */
const chinesePhrases = [
  '请问一下',
  '什么时候',
  '是什么样的',
  '为什么',
  '是什么',
  '有什么',
  '叫什么',
  '什么样',
  '有哪些',
  '是哪些',
  '哪一个',
  '是哪个',
  '哪几个',
  '有多少',
  '是多少',
  '请问',
  '什么',
  '怎么样',
  '怎么',
  '怎样',
  '如何',
  '为何',
  '哪个',
  '哪些',
  '哪里',
  '哪儿',
  '哪年',
  '哪位',
  '多少',
  '是谁',
  '是否',
  '告诉我',
];

/** Lower-case words, simplified Chinese, as the analyser gives them. */
export const stopWords: ReadonlySet<string> = new Set(
  `${english} ${chineseWords}`.split(/\s+/).filter((word) => word !== ''),
);

/** Matches what a Chinese question says only to be a question. */
export const questionPhrases: RegExp = new RegExp(chinesePhrases.join('|'), 'gu');
