import type { CallerKind } from './endpoint.ts';
import type { Text } from './lang.ts';

/** Each kind of caller in words. */
export const callerNames: Record<CallerKind, Text> = {
  global: { en: 'global key', zh: '全局密钥' },
  app: { en: 'app key', zh: '应用密钥' },
  session: { en: 'login session', zh: '登录会话' },
  share: { en: 'share-link visitor', zh: '分享链接访客' },
  public: { en: 'anyone', zh: '任何人' },
};

/** The introduction of the API documentation. */
export const introduction: Text = {
  en: `Lectern answers questions from your documents, over an API. It speaks the FastGPT OpenAPI: a program written for FastGPT works when only its base URL and key change.

## Base URL
\`http://localhost:3000/api\` — or wherever your server is, followed by \`/api\`. The OpenAI-shaped routes also answer without \`/api\` (\`http://localhost:3000/v1\`).

## API keys
Send \`Authorization: Bearer fastgpt-…\`. There are two kinds:

- A **global key** opens datasets, search test, chat histories and lists of apps. It cannot chat by itself: name an app with the body field \`appId\`, or send \`<key>-<appId>\`. Make one in the console under *API keys*, or with \`npm run lectern -- keys create --name my-key\`.
- An **app key** opens chat, history, records and logs of its one app, and \`/v1/*\`. Make one in the console on the app's *API* tab, or with \`npm run lectern -- keys create --name my-key --app <appId>\`.

A key is shown once, when it is made. Each endpoint below says which kinds it takes; \`x-callers\` has it as data. Endpoints of a *login session* take the cookie that \`loginByPassword\` sets, or its token in the header \`token\`.

## Answers and errors
Every JSON answer but the OpenAI-shaped ones is an envelope: \`{"code":200,"statusText":"","message":"","data":…}\`. An error has the same four keys, \`data:null\`, and a true HTTP status: 400 invalid (with \`zodError\` naming each field), 401 no or unknown credential, 403 known but not allowed, 404 not found, 409 conflict, 413 too large, 429 too many (with \`Retry-After\`), 502/504 the model behind failed. Switch on \`code\` or \`statusText\`, never on \`message\`: it comes in English or Chinese by \`Accept-Language\`. On \`/v1/*\` the body also carries \`error:{message,type,param,code}\`, so that OpenAI SDKs raise their own exceptions. Every answer has an \`x-request-id\`; the server's log has the same.

## Streaming
With \`stream: true\` the answer is server-sent events in OpenAI's shape, ended by \`data: [DONE]\`. With \`detail: true\` as well, every message has an \`event:\` name and the run's nodes are reported. A comment line (\`: keep-alive\`) comes after 10 seconds of silence. An error after the first event is \`event: error\`, then the stream ends.

## Your end users
\`customUid\` names the end user of a chat; it is kept with the chat, shown in histories, records and logs, and can be filtered by. \`user\`, OpenAI's field, is the same.

## Parameters
Fields may come in the query or in the body. Numbers and booleans may be strings; \`null\` on an optional field means absent; unknown fields are ignored. PUT and DELETE routes of FastGPT's own paths also answer POST.`,
  zh: `Lectern 通过 API 基于您的文档回答问题。它兼容 FastGPT OpenAPI：为 FastGPT 编写的程序只需更换基础地址和密钥即可使用。

## 基础地址
\`http://localhost:3000/api\`，或您的服务器地址加 \`/api\`。OpenAI 形式的接口也可不带 \`/api\`（\`http://localhost:3000/v1\`）。

## API 密钥
发送 \`Authorization: Bearer fastgpt-…\`。密钥有两种：

- **全局密钥**：可用于知识库、检索测试、对话历史、应用列表。不能单独对话：需在请求体中提供 \`appId\`，或发送 \`<密钥>-<appId>\`。在控制台的“API 密钥”页面创建，或运行 \`npm run lectern -- keys create --name my-key\`。
- **应用密钥**：可用于所属应用的对话、历史、记录和日志，以及 \`/v1/*\`。在控制台该应用的“API”页面创建，或运行 \`npm run lectern -- keys create --name my-key --app <appId>\`。

密钥只在创建时显示一次。下面每个接口都注明可用的密钥种类，\`x-callers\` 为其数据形式。需要*登录会话*的接口使用 \`loginByPassword\` 设置的 Cookie，或在请求头 \`token\` 中传入其令牌。

## 响应与错误
除 OpenAI 形式的接口外，所有 JSON 响应都是信封：\`{"code":200,"statusText":"","message":"","data":…}\`。错误具有相同的四个字段，\`data:null\`，并使用真实的 HTTP 状态码：400 输入无效（\`zodError\` 指明各字段），401 无凭证或凭证未知，403 已识别但不允许，404 不存在，409 冲突，413 过大，429 过于频繁（带 \`Retry-After\`），502/504 后端模型失败。请依据 \`code\` 或 \`statusText\` 判断，而不是 \`message\`：其语言由 \`Accept-Language\` 决定。\`/v1/*\` 的响应体还带有 \`error:{message,type,param,code}\`，OpenAI SDK 会据此抛出自己的异常。每个响应都有 \`x-request-id\`，与服务器日志一致。

## 流式响应
\`stream: true\` 时以 OpenAI 形式的服务器推送事件返回，以 \`data: [DONE]\` 结束。再加 \`detail: true\` 时每条消息带有 \`event:\` 名称，并报告运行的各节点。静默 10 秒后会发送注释行（\`: keep-alive\`）。首个事件之后的错误以 \`event: error\` 发送，随后流结束。

## 您的最终用户
\`customUid\` 标识对话的最终用户，随对话保存，在历史、记录和日志中显示，并可用于筛选。OpenAI 的 \`user\` 字段含义相同。

## 参数
字段可以放在查询串或请求体中。数字和布尔值可以是字符串；可选字段的 \`null\` 表示未提供；未知字段被忽略。FastGPT 自有路径的 PUT 与 DELETE 接口也接受 POST。`,
};
