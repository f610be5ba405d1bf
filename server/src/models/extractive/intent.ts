/** What a question wants beside the words it names. */
export interface Intent {
  /** The term whose meaning is asked for, as in "What is X?". */
  term?: string;
  /** Asks for a command, code or an example of it. */
  code: boolean;
  /** Asks how something is done. */
  howTo: boolean;
}

const code =
  /\b(?:commands?|curl|code|snippets?|scripts?|shell|terminal|cli|sql|example (?:call|request)|request body|json)\b|命令|代码|脚本|示例|例子|样例|终端/i;
const howTo =
  /\bhow (?:do|can|should|would|to|does (?:one|a))\b|\b(?:steps|way) to\b|如何|怎么|怎样|咋|步骤|方法/i;

const terms = [
  /^\W*(?:what(?:'s|’s|\s+is|\s+are|\s+does|\s+do)|define|explain|describe|(?:what is )?the meaning of)\s+(?:an?\s+|the\s+)?(.+?)(?:\s+(?:mean|stand for|do))?\W*$/iu,
  /^(?:请问)?(?:什么是|什么叫做?|何谓|何为|啥是|请?解释(?:一下)?)\s*(.+?)[\s?？。！!]*$/u,
  /^(?:请问)?(.+?)\s*(?:到底|究竟)?(?:是什么(?:意思|东西)?|是啥|是做什么的|是干什么的|是指什么|指的是什么|的(?:含义|定义|意思)(?:是什么)?)[\s?？。！!]*$/u,
];

/** Longer texts are no such questions, and these patterns are not made for them. */
const longestPattern = 200;

/** What kind of passage a question asks for, by its wording in English or Chinese. */
export function intentOf(question: string): Intent {
  const asked = question.trim();
  if (asked.length > longestPattern) return { code: code.test(asked), howTo: howTo.test(asked) };
  const term = terms
    .map((pattern) => pattern.exec(asked)?.[1])
    .find((found) => found !== undefined)
    ?.replace(/["'“”「」『』《》`]/g, '')
    .trim();
  const short = term !== undefined && term !== '' && term.split(/\s+/).length <= 4 && term.length <= 40;
  return { ...(short && { term }), code: code.test(asked), howTo: howTo.test(asked) };
}

/** Whether a text only greets, or asks who is there. */
export function isGreeting(text: string): boolean {
  const said = text.trim();
  if (said.length > 40) return false;
  return /^(?:hi|hello|hey|hi there|hello there|good (?:morning|afternoon|evening|day)|who are you|what (?:can|do) you do|help(?: me)?|你好|您好|嗨|哈喽|早上好|下午好|晚上好|在吗|你是谁|您是谁|你[能会]做什么|您[能会]做什么|帮助)[\p{P}\p{S}\s啊呀吗]*$/iu.test(
    said,
  );
}
