import type { Text } from '@lectern/contract/lang.ts';
import type { JobError } from '../../jobs/failure.ts';
import type { JobRow } from '../../store/schema.ts';

/** What to do about an error of this name. */
const byName: Partial<Record<JobError['name'], Text>> = {
  fileFormatUnknown: {
    en: 'Save the file as PDF, DOCX, XLSX, PPTX, HTML, Markdown or plain text and upload it again.',
    zh: '请将文件另存为 PDF、DOCX、XLSX、PPTX、HTML、Markdown 或纯文本后重新上传。',
  },
  fileEncrypted: {
    en: 'Remove the password of the file and upload it again.',
    zh: '请移除文件密码后重新上传。',
  },
  noTextFound: {
    en: 'Open the file and see whether it has text at all.',
    zh: '请打开文件确认其中是否有文字。',
  },
  noTextRecognised: {
    en: 'Scan it anew, upright and with at least 200 dots per inch, or type its text.',
    zh: '请以不低于 200 dpi 的分辨率、方向端正地重新扫描，或手工录入文字。',
  },
  ocrOff: {
    en: 'Import it again with ocr set to auto.',
    zh: '请将 ocr 设为 auto 后重新导入。',
  },
  fileUnreadable: {
    en: 'Open the file in the program that made it, save it anew (or split it, if it is large) and upload it again.',
    zh: '请用原程序打开文件并重新保存（文件较大时可拆分）后再上传。',
  },
  fileEmpty: { en: 'Upload the file again: nothing of it arrived.', zh: '文件内容为空，请重新上传。' },
  csvHeaderMissing: {
    en: 'Write q,a,indexes (or index,content) as the first line of the CSV and upload it again. Other tables go to create/localFile.',
    zh: '请将 CSV 首行改为 q,a,indexes（或 index,content）后重新上传；其他表格请用 create/localFile 导入。',
  },
  selectorInvalid: {
    en: 'Correct the selector (metadata.webPageSelector) or leave it out, and add the link again.',
    zh: '请修正选择器（metadata.webPageSelector）或不使用选择器，然后重新添加该链接。',
  },
  selectorUnmatched: {
    en: 'Look at the page for a selector that is there (metadata.webPageSelector), or leave it out, and add the link again.',
    zh: '请根据网页内容修改选择器（metadata.webPageSelector）或不使用选择器，然后重新添加该链接。',
  },
  addressTooLarge: {
    en: 'Name the address of something smaller, or download the file, split it and upload the parts.',
    zh: '请使用内容较小的地址，或自行下载后拆分上传。',
  },
  addressAnswered: {
    en: 'Open the address in a browser without logging in, correct it, and add it again.',
    zh: '请在未登录的浏览器中打开该地址，修正后重新添加。',
  },
  apiServerFailed: {
    en: 'Look at the API server of the dataset: whether it still has this file, and whether its address and key are right. Then retry.',
    zh: '请检查知识库的 API 文件服务：该文件是否仍存在，地址与密钥是否正确，然后重试。',
  },
  noApiServer: {
    en: 'Set the API server of the dataset (dataset/update), then retry.',
    zh: '请先为知识库配置 API 文件服务（dataset/update），然后重试。',
  },
  robotsForbid: {
    en: 'Ask the owner of the site, or upload the content as a file.',
    zh: '请联系网站所有者，或将内容以文件形式上传。',
  },
  addressForbidden: {
    en: 'Addresses inside the private network are not read. Use a public address, upload the content as a file, or let the user root trust the origin (POST /api/core/ai/trustedOrigin with "reach": "all").',
    zh: '不读取内网地址。请使用公网地址、将内容以文件形式上传，或请 root 用户将其来源设为可信（POST /api/core/ai/trustedOrigin，并设 "reach": "all"）。',
  },
  addressFailed: {
    en: 'Open the address in a browser. If it opens there without logging in, retry.',
    zh: '请在浏览器中打开该地址。如果无需登录即可打开，请重试。',
  },
  tooManyItems: {
    en: 'Split the document, or choose larger chunks.',
    zh: '请拆分文档，或增大分块大小。',
  },
  modelNotFound: {
    en: 'Connect the model again, or choose another one in the settings of the dataset, then retry.',
    zh: '请重新接入该模型，或在知识库设置中选择其他模型，然后重试。',
  },
  modelTimeout: {
    en: 'Test the model (POST /api/core/ai/model/test). A local model may need longer to load: retry, or raise MODEL_TIMEOUT_SECONDS.',
    zh: '请测试该模型（POST /api/core/ai/model/test）。本地模型可能加载较慢：请重试，或调大 MODEL_TIMEOUT_SECONDS。',
  },
  embeddingMismatch: {
    en: 'Connect the model again that made the vectors of this dataset, or embed the dataset anew.',
    zh: '请重新接入生成该知识库向量的模型，或重新建立该知识库的向量。',
  },
  jobInterrupted: {
    en: 'Retrying is safe: what is stored is not done twice. If the server stops again whenever this job runs, give it more memory or split the file, and tell the operator the id of this job.',
    zh: '可以放心重试：已写入的内容不会重复处理。如果每次运行此任务时服务器都会中断，请增加内存或拆分文件，并将任务编号告知管理员。',
  },
  embeddingRefusesAll: {
    en: 'Test the model (POST /api/core/ai/model/test): its name or an option of its channel may be wrong. Mend it, then retry.',
    zh: '请测试该模型（POST /api/core/ai/model/test）：模型名称或渠道设置可能有误。修正后重试。',
  },
  embeddingRefused: {
    en: 'Shorten or correct the items that the model refused; keyword search finds them meanwhile.',
    zh: '请缩短或修正被模型拒绝的数据；在此期间仍可通过关键词检索找到。',
  },
};

/** Errors that tell of a provider's answer. */
const answered = new Set<string>(['modelFailed', 'trainingFailed']);

/** What to do when a provider refused with this HTTP status. */
const byStatus: Record<number, Text> = {
  401: {
    en: 'The provider does not accept the key. Enter a valid one in the channel of the model, then retry.',
    zh: '模型服务不接受该密钥。请在模型渠道中填写有效密钥，然后重试。',
  },
  402: {
    en: "The provider's account has no money left. Top it up, then retry.",
    zh: '模型服务账户余额不足，请充值后重试。',
  },
  403: {
    en: 'The key may not use this model. Enter another key in the channel of the model, or choose another model.',
    zh: '该密钥无权使用此模型。请在模型渠道中更换密钥，或选择其他模型。',
  },
  404: {
    en: 'The provider does not know this model, or the base URL is wrong (it often ends in /v1). Test the model (POST /api/core/ai/model/test), then retry.',
    zh: '模型服务没有该模型，或基础地址有误（通常以 /v1 结尾）。请测试该模型（POST /api/core/ai/model/test），然后重试。',
  },
  429: {
    en: "The provider's quota is used up. Raise it or wait until it begins anew, then retry.",
    zh: '模型服务的配额已用完。请提高配额或等待重置后重试。',
  },
};

const byCause: Record<string, Text> = {
  file: { en: 'Correct what was given and import it again.', zh: '请修正内容后重新导入。' },
  model: {
    en: 'Test the model (POST /api/core/ai/model/test) and look at its channels, then retry.',
    zh: '请测试该模型（POST /api/core/ai/model/test）并检查其渠道，然后重试。',
  },
  limit: {
    en: 'Nothing to do: it goes on by itself when the provider allows more. A higher limit at the provider, or a second channel, makes it faster.',
    zh: '无需处理：模型服务放开限制后会自动继续。提高服务商限额或增加渠道可加快速度。',
  },
  bug: {
    en: 'This is a fault of the server, not yours. Retry; if it comes again, tell the operator the id of this job.',
    zh: '这是服务器的问题，与您无关。请重试；如再次出现，请将任务编号告知管理员。',
  },
};

const cancelled: Text = {
  en: 'What was stored before it was cancelled stays and is found by searches. Retry the job to have the rest.',
  zh: '取消前已写入的内容会保留并可被检索。如需补全，请重试该任务。',
};
const again: Text = {
  en: 'It tries again by itself.',
  zh: '会自动重试。',
};

/** What a person can do about a job, or what happens next; empty where all is well. */
export function hintOf(job: Pick<JobRow, 'state' | 'cause'>, error: JobError | undefined): Text {
  if (job.state === 'cancelled') return cancelled;
  if (job.cause === null) return { en: '', zh: '' };
  const status = error && answered.has(error.name) ? byStatus[error.status ?? 0] : undefined;
  const text =
    job.cause === 'limit' ? byCause.limit : (status ?? (error && byName[error.name]) ?? byCause[job.cause]);
  const hint = text ?? { en: '', zh: '' };
  if (job.state !== 'waiting' || job.cause === 'limit') return hint;
  return { en: `${again.en} ${hint.en}`, zh: `${again.zh}${hint.zh}` };
}
