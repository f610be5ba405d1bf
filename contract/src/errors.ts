import type { Text } from './lang.ts';

/** OpenAI's `error.type` values, which the SDKs of that interface understand. */
export type OpenAiErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'rate_limit_error'
  | 'insufficient_quota'
  | 'api_error';

/** One entry of the closed catalogue: what a client can count on for this failure. */
export interface ErrorSpec {
  /** FastGPT's number (spec 0.4), or the HTTP status where FastGPT has none. */
  readonly code: number;
  /** FastGPT's machine-readable name; clients switch on it. */
  readonly statusText: string;
  /** The true HTTP status. */
  readonly status: number;
  readonly type: OpenAiErrorType;
  /** Plain words with `{placeholders}` filled from the thrown error's parameters. */
  readonly message: Text;
}

function spec(
  code: number,
  statusText: string,
  status: number,
  type: OpenAiErrorType,
  en: string,
  zh: string,
): ErrorSpec {
  return { code, statusText, status, type, message: { en, zh } };
}

/**
 * Every error Lectern can answer. Names are ours, numbers and `statusText` are FastGPT's (spec 0.4).
 * Add an entry rather than writing a text at the place that fails.
 */
// biome-ignore format: one line per error reads as a table
export const errors = {
  // --- input ---
  validation: spec(400, 'error', 400, 'invalid_request_error', 'Invalid input: {details}', '输入无效：{details}'),
  missingParams: spec(507004, 'missingParams', 400, 'invalid_request_error', 'Missing parameter: {field}', '缺少参数：{field}'),
  malformedJson: spec(400, 'error', 400, 'invalid_request_error', 'The request body is not valid JSON: {details}', '请求体不是有效的 JSON：{details}'),
  unsupportedMediaType: spec(415, 'error', 415, 'invalid_request_error', 'Content-Type {given} is not supported here. Send {wanted}.', '此处不支持 Content-Type {given}，请使用 {wanted}。'),
  bodyTooLarge: spec(413, 'error', 413, 'invalid_request_error', 'The request is larger than the limit of {limit} for this route.', '请求超过此接口的大小上限 {limit}。'),
  routeNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no {method} {path}. Nearest: {nearest}. All endpoints: {docs}', '不存在 {method} {path}。最接近的接口：{nearest}。全部接口见 {docs}'),
  methodNotAllowed: spec(405, 'error', 405, 'invalid_request_error', '{path} does not take {method}. Use {allow}.', '{path} 不接受 {method}，请使用 {allow}。'),
  // --- who is calling ---
  unauthorized: spec(403, 'unAuthorization', 401, 'authentication_error', 'No credential was sent. Send "Authorization: Bearer fastgpt-…" or log in.', '未提供凭证。请发送 "Authorization: Bearer fastgpt-…" 或先登录。'),
  keyMalformed: spec(403, 'unAuthorization', 401, 'authentication_error', 'The Authorization header has no API key in it. Send "Authorization: Bearer fastgpt-…".', 'Authorization 请求头中没有 API 密钥，请发送 "Authorization: Bearer fastgpt-…"。'),
  sessionNeeded: spec(403, 'unAuthorization', 403, 'permission_error', 'This endpoint needs a login session; an API key cannot be used here.', '此接口需要登录会话，不能使用 API 密钥。'),
  keyUnknown: spec(514, 'unAuthApiKey', 401, 'authentication_error', 'This API key does not exist or was deleted.', '该 API 密钥不存在或已删除。'),
  keyExpired: spec(514, 'unAuthApiKey', 401, 'authentication_error', 'This API key expired on {date}.', '该 API 密钥已于 {date} 过期。'),
  keyOverBudget: spec(514, 'unAuthApiKey', 403, 'insufficient_quota', 'This API key has used up its {points} points.', '该 API 密钥的 {points} 积分已用完。'),
  keyAddressForbidden: spec(514, 'unAuthApiKey', 403, 'permission_error', 'This API key may not be used from address {address}.', '该 API 密钥不允许从地址 {address} 使用。'),
  keyRouteForbidden: spec(514, 'unAuthApiKey', 403, 'permission_error', 'This API key is limited to other routes.', '该 API 密钥仅限于其他接口使用。'),
  keyScopeMissing: spec(514, 'unAuthApiKey', 403, 'permission_error', 'This API key lacks the scope {scope}. Someone who may manage keys can add it.', '该 API 密钥缺少权限范围 {scope}，可由密钥管理者添加。'),
  wrongKeyKind: spec(514, 'unAuthApiKey', 403, 'permission_error', 'This endpoint needs {needed}; the request came with {given}.', '此接口需要{needed}，而请求使用的是{given}。'),
  appRequiredForKey: spec(514, 'unAuthApiKey', 403, 'permission_error', 'A global key cannot chat by itself. Use an app key, name an app by "appId" or by "model" (its id or its name, if no other app has it) in the body, or send "<key>-<appId>".', '全局密钥本身不能对话。请使用应用密钥，或在请求体中用 "appId" 或 "model"（应用 id 或唯一的应用名称）指定应用，或发送 "<密钥>-<appId>"。'),
  keyAppMismatch: spec(514, 'unAuthApiKey', 403, 'permission_error', 'This key belongs to another app than the appId of the request.', '该密钥所属应用与请求中的 appId 不一致。'),
  originForbidden: spec(403, 'unAuthorization', 403, 'permission_error', 'This request with a session cookie comes from another site, or from a link or form, and was refused.', '带有会话 Cookie 的跨站请求，或通过链接、表单发起的请求已被拒绝。'),
  loginRequired: spec(403, 'unAuthorization', 401, 'authentication_error', 'The session is unknown or has ended. Log in again.', '会话不存在或已结束，请重新登录。'),
  passwordChangeRequired: spec(403, 'unAuthorization', 403, 'permission_error', 'The password must be changed first (POST /api/support/user/account/resetExpiredPsw).', '必须先修改密码（POST /api/support/user/account/resetExpiredPsw）。'),
  loginCodeWrong: spec(400, 'error', 400, 'invalid_request_error', 'The login code is wrong or older than 30 seconds. Call preLogin again.', '登录验证码错误或已超过 30 秒，请重新调用 preLogin。'),
  accountOrPasswordWrong: spec(503002, 'account_psw_error', 401, 'authentication_error', 'Wrong user name or password.', '用户名或密码错误。'),
  oldPasswordWrong: spec(503002, 'account_psw_error', 400, 'invalid_request_error', 'The old password is wrong.', '原密码错误。'),
  passwordUnchanged: spec(400, 'error', 400, 'invalid_request_error', 'The new password is the same as the old one.', '新密码与旧密码相同。'),
  passwordTooWeak: spec(400, 'error', 400, 'invalid_request_error', 'The new password is one that everybody tries first. Choose another.', '新密码过于常见，请更换。'),
  passwordNotExpired: spec(400, 'error', 400, 'invalid_request_error', 'The password has not expired. Use updatePasswordByOld to change it.', '密码尚未过期，请使用 updatePasswordByOld 修改。'),
  teamForbidden: spec(500003, 'unAuthTeam', 403, 'permission_error', 'Your role ({role}) may not do this. It needs: {needed}.', '您的角色（{role}）无权执行此操作，需要：{needed}。'),
  tooManyRequests: spec(429, 'tooManyRequest', 429, 'rate_limit_error', 'Rate limit exceeded. Maximum {limit} requests per {window} seconds. Please try again in {retry} seconds.', '请求过于频繁，每 {window} 秒最多 {limit} 次，请在 {retry} 秒后重试。'),
  tooManyAttempts: spec(429, 'tooManyRequest', 429, 'rate_limit_error', 'Too many attempts. Try again in {wait}.', '尝试次数过多，请在 {wait}后重试。'),
  tooManyListeners: spec(429, 'tooManyRequest', 429, 'rate_limit_error', 'At most {limit} listeners of a team can follow its jobs at the same time.', '每个团队最多同时 {limit} 个订阅者。'),
  keyLimitReached: spec(506002, 'openapiExceedLimit', 409, 'conflict_error', 'There are already {limit} keys, which is the limit. Delete one first.', '已有 {limit} 个密钥，达到上限，请先删除一个。'),
  // --- objects: another team's id answers exactly as one that does not exist ---
  keyForbidden: spec(506001, 'openapiUnAuth', 403, 'permission_error', "This API key belongs to another member. Only its maker and the team's managers may change it.", '该 API 密钥属于其他成员，只有创建者和团队管理员可以更改。'),
  userExists: spec(503001, 'userExist', 409, 'conflict_error', 'There is already a user named {name}.', '用户 {name} 已存在。'),
  memberNotFound: spec(500016, 'orgMemberNotExist', 404, 'not_found_error', 'There is no member with this id in the team.', '团队中没有此成员。'),
  lastOwner: spec(500001, 'unPermission', 409, 'conflict_error', 'A team needs an owner, and this is the last one. Make somebody else an owner first.', '团队至少需要一位所有者，而这是最后一位。请先将其他成员设为所有者。'),
  rootStays: spec(500001, 'unPermission', 409, 'conflict_error', 'The user root manages this installation and stays an owner of its team.', 'root 用户管理整个系统，始终是其团队的所有者。'),
  memberOfOthers: spec(500001, 'unPermission', 409, 'conflict_error', 'This user is a member of other teams too, so only the operator may set a new password: npm run lectern -- users password {name}', '该用户同时属于其他团队，只能由系统管理员重设密码：npm run lectern -- users password {name}'),
  memberLeft: spec(500015, 'userNotActive', 409, 'conflict_error', 'This member has left the team. Take them back first.', '该成员已离开团队，请先恢复。'),
  keyRotationForbidden: spec(506001, 'openapiUnAuth', 403, 'permission_error', "This API key belongs to another member, as whom it acts. Only they may rotate it; the team's managers may limit or delete it.", '该 API 密钥属于其他成员，并以其身份操作，只有本人可以轮换；团队管理员可以加以限制或删除。'),
  keyWideningForbidden: spec(506001, 'openapiUnAuth', 403, 'permission_error', "{field}: this API key belongs to another member, as whom it acts. The team's managers may narrow what it can do, not widen it.", '{field}：该 API 密钥属于其他成员，并以其身份操作。团队管理员只能收紧其权限与限制，不能放宽。'),
  avatarUnknown: spec(507002, 'fileNotFound', 400, 'invalid_request_error', 'avatar: this is no picture that you uploaded. Upload one first (POST /api/common/file/uploadImage).', 'avatar：不是您上传的图片，请先上传（POST /api/common/file/uploadImage）。'),
  avatarElsewhere: spec(400, 'validation', 400, 'invalid_request_error', 'avatar: pictures of other servers are not shown. Upload the picture (POST /api/common/file/uploadImage), or give the name or relative path of an icon.', 'avatar：不显示其他服务器的图片。请上传图片（POST /api/common/file/uploadImage），或提供图标名称或相对路径。'),
  tooManyPictures: spec(409, 'error', 409, 'conflict_error', 'You have uploaded {limit} pictures that nothing shows, which is the limit. Unused pictures are deleted after a day.', '您上传的未使用图片已达上限 {limit} 张。未使用的图片会在一天后删除。'),
  backupNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no backup of this name.', '没有此名称的备份。'),
  backupRunning: spec(409, 'error', 409, 'conflict_error', 'A backup is being made already.', '正在创建备份。'),
  backupStaged: spec(409, 'error', 409, 'conflict_error', 'The next start restores this backup. Cancel the restore first, then delete it.', '下次启动时将恢复此备份。请先取消恢复，再删除。'),
  backupUnusable: spec(409, 'error', 409, 'conflict_error', 'This backup cannot be restored: {details}', '无法恢复该备份：{details}'),
  backupFailed: spec(500, 'error', 500, 'api_error', 'The backup could not be made: {details}', '无法创建备份：{details}'),
  restoreElsewhere: spec(409, 'error', 409, 'conflict_error', 'The data is in PostgreSQL, into which the server cannot restore by itself. Restore into an empty database: {commands}', '数据位于 PostgreSQL 中，服务器无法自行恢复。请恢复到空数据库：{commands}'),
  userNotFound: spec(503000, 'notUser', 404, 'not_found_error', 'There is no user named {name}.', '用户 {name} 不存在。'),
  keyNotFound: spec(506000, 'openapiUnExist', 404, 'not_found_error', 'There is no such API key.', 'API 密钥不存在。'),
  keyOfDeletedApp: spec(506000, 'openapiUnExist', 409, 'conflict_error', 'The key “{name}” is of an app that was deleted, “{app}”. It does not work; it comes back if the app is restored, and goes for good when the app is cleared away.', '密钥“{name}”属于已删除的应用“{app}”。该密钥不再可用；恢复应用后重新生效，应用彻底清除后随之删除。'),
  keyShownOnce: spec(506001, 'openapiUnAuth', 409, 'conflict_error', 'A key is shown once, when it is made: the server keeps only its hash and cannot show it again. To get a new one for the same programs, rotate it (POST /api/support/openapi/rotate); the old one goes on working for as long as you say.', '密钥只在创建时显示一次，服务器仅保存其哈希值，无法再次显示。如需为同一程序获取新密钥，请轮换（POST /api/support/openapi/rotate），旧密钥可在您指定的时间内继续使用。'),
  keyReplaced: spec(514, 'unAuthApiKey', 401, 'authentication_error', 'This API key was replaced by a new one and stopped working on {date}.', '该 API 密钥已被新密钥替换，并于 {date} 停止使用。'),
  keyLabelNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no label of keys with the id {id}.', '不存在 id 为 {id} 的密钥标签。'),
  appNotFound: spec(502000, 'appUnExist', 404, 'not_found_error', 'There is no app with this id.', '应用不存在。'),
  appForbidden: spec(502001, 'unAuthApp', 403, 'permission_error', 'You may not do this with this app.', '您无权对该应用执行此操作。'),
  datasetNotFound: spec(501002, 'unExistDataset', 404, 'not_found_error', 'There is no dataset with this id.', '知识库不存在。'),
  collectionNotFound: spec(501003, 'unExistCollection', 404, 'not_found_error', 'There is no collection with this id.', '集合不存在。'),
  dataNotFound: spec(501006, 'unAuthDatasetData', 404, 'not_found_error', 'There is no data item with this id.', '数据不存在。'),
  webhookNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no webhook with this id.', 'Webhook 不存在。'),
  folderHoldsOthers: spec(500003, 'unAuthTeam', 403, 'permission_error', 'This folder holds what others made: {count}. Only admins and owners of the team may do this; or have it moved out first.', '该文件夹包含其他成员创建的内容（{count} 项），仅团队管理员与所有者可以执行此操作；也可请其先移出。'),
  deletionNotFound: spec(404, 'error', 404, 'not_found_error', 'Nothing with this id can be restored: it was not deleted, or its time is over.', '没有可恢复的内容：该对象未被删除，或已超过可恢复时间。'),
  tooManyWebhooks: spec(409, 'error', 409, 'conflict_error', 'There are already {limit} webhooks, which is the limit. Delete one first.', '已有 {limit} 个 Webhook，达到上限，请先删除一个。'),
  webhookFailed: spec(502, 'error', 502, 'api_error', 'The address answered with status {status}; 2xx is expected.', '该地址返回状态 {status}，应为 2xx。'),
  jobNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no job with this id.', '任务不存在。'),
  jobEnded: spec(409, 'error', 409, 'conflict_error', 'The job has ended already ({state}).', '任务已结束（{state}）。'),
  jobLasting: spec(409, 'error', 409, 'conflict_error', 'This job clears away what was deleted and cannot be cancelled.', '该任务正在清理已删除的内容，无法取消。'),
  archiveBroken: spec(400, 'error', 400, 'invalid_request_error', 'The archive cannot be restored: {details}.', '无法恢复该归档：{details}。'),
  tagNotFound: spec(404, 'error', 404, 'not_found_error', 'The dataset has no tag with this id.', '知识库中不存在该标签。'),
  parentNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no folder with the id given as {field}.', '{field} 指定的文件夹不存在。'),
  chatNotFound: spec(504000, 'unAuthChat', 404, 'not_found_error', 'There is no such chat.', '对话不存在。'),
  recordNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no such message in this chat.', '对话中不存在该消息。'),
  chatGenerating: spec(504001, 'chatIsGenerating', 409, 'conflict_error', 'An answer is still being written in this chat. Wait for it, or stop it (POST /api/v2/chat/stop).', '该对话仍在生成回答，请等待完成或先停止（POST /api/v2/chat/stop）。'),
  eventStreamNeeded: spec(406, 'error', 406, 'invalid_request_error', 'An answer is being written in this chat. Send "Accept: text/event-stream" to read it.', '该对话正在生成回答，请发送 "Accept: text/event-stream" 读取。'),
  versionNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no such version.', '版本不存在。'),
  modelNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no model or app "{model}" that this caller can use.', '不存在此调用方可用的模型或应用“{model}”。'),
  installationForbidden: spec(500003, 'unAuthTeam', 403, 'permission_error', "This belongs to the whole installation. Only owners and admins of root's team may do it.", '此项属于整个系统，仅 root 所在团队的所有者和管理员可以操作。'),
  rootOnly: spec(500003, 'unAuthTeam', 403, 'permission_error', 'Only the user root may do this.', '仅 root 用户可以执行此操作。'),
  modelUnknown: spec(404, 'error', 404, 'not_found_error', 'There is no model "{model}" here.', '此处没有模型“{model}”。'),
  modelOfEnvironment: spec(409, 'error', 409, 'conflict_error', 'The model "{model}" comes from the environment or was found; it cannot be deleted here. To switch it off, add a model of this name with isActive false.', '模型“{model}”来自环境变量或自动发现，不能在此删除。如需停用，请添加同名模型并将 isActive 设为 false。'),
  modelReserved: spec(409, 'error', 409, 'conflict_error', 'The name "{model}" belongs to the product. Choose another.', '名称“{model}”为系统保留，请使用其他名称。'),
  modelWrongType: spec(400, 'error', 400, 'invalid_request_error', '{field}: "{model}" is a model of type {given}; {wanted} is needed.', '{field}：“{model}”的类型为 {given}，此处需要 {wanted}。'),
  modelAddressForbidden: spec(400, 'error', 400, 'invalid_request_error', '{field}: the address {url} is not allowed: {reason}.{advice}', '{field}：不允许访问地址 {url}：{reason}。{advice}'),
  channelNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no such channel.', '渠道不存在。'),
  channelExists: spec(409, 'error', 409, 'conflict_error', 'There is already a channel named "{name}".', '名为“{name}”的渠道已存在。'),
  originNotFound: spec(404, 'error', 404, 'not_found_error', 'This origin is not among the trusted ones.', '该来源不在可信列表中。'),
  secretsUnreadable: spec(409, 'error', 409, 'conflict_error', 'There are credentials in the store that this process cannot decrypt: its SECRET_KEY (or secret.key) is another one. Set the same key for all processes before storing more.', '存储中有本进程无法解密的凭证：其 SECRET_KEY（或 secret.key）不同。请先为所有进程设置相同的密钥，再保存新的凭证。'),
  conflict: spec(409, 'error', 409, 'conflict_error', '{details}', '{details}'),
  changedMeanwhile: spec(409, 'changedMeanwhile', 409, 'conflict_error', '{field}: this was changed at {time}, after it was read, so nothing was overwritten. Read it again, or leave out {field} to overwrite what is there.', '{field}：读取之后，此内容已于 {time} 被修改，因此未覆盖任何内容。请重新读取，或省略 {field} 以直接覆盖。'),
  // --- knowledge ---
  fileNotFound: spec(507002, 'fileNotFound', 404, 'not_found_error', 'There is no such file, or it has expired.', '文件不存在或已过期。'),
  linkExpired: spec(507003, 'unAuthFile', 403, 'permission_error', 'This link is not valid or has expired. Ask for a new one.', '该链接无效或已过期，请重新获取。'),
  notCited: spec(501007, 'unAuthDatasetFile', 403, 'permission_error', 'This is not cited in that answer, and the caller may not read the dataset by itself.', '该回答没有引用此内容，且调用方无权直接读取该知识库。'),
  uploadOffset: spec(409, 'error', 409, 'conflict_error', 'The upload goes on at byte {offset}, or another request has begun to send it. Ask for its state and send the rest.', '上传应从第 {offset} 字节继续，或已有其他请求开始发送。请查询进度后发送其余部分。'),
  visionModelMissing: spec(501010, 'invalidVectorModelOrQAModel', 400, 'invalid_request_error', 'The dataset has no vision model, which pictures need. Set its vlmModel first.', '该知识库未设置图片所需的视觉模型，请先设置 vlmModel。'),
  notAPicture: spec(510000, 'InvalidUploadFileType', 400, 'invalid_request_error', '{name} is not a picture of a known kind (PNG, JPEG, GIF, WebP, BMP).', '{name} 不是可识别的图片（PNG、JPEG、GIF、WebP、BMP）。'),
  noOriginal: spec(400, 'error', 400, 'invalid_request_error', 'The collection has no document that it could be made of again: its data was pushed item by item, or it is a folder.', '该集合没有可重新处理的原文：其数据为逐条写入，或它是文件夹。'),
  notSupportSync: spec(501001, 'notSupportSync', 400, 'invalid_request_error', 'Only collections of a link or of a file of an API dataset can be synchronised; this one is of type {type}.', '仅链接集合与 API 知识库文件集合可以同步，该集合类型为 {type}。'),
  sameApiCollection: spec(501000, 'sameApiCollection', 409, 'conflict_error', 'The file {id} is in this dataset already.', '文件 {id} 已在该知识库中。'),
  noApiServer: spec(501012, 'noApiServer', 400, 'invalid_request_error', 'This dataset has no API server. Set apiDatasetServer.apiServer with dataset/update.', '该知识库未配置 API 文件服务，请用 dataset/update 设置 apiDatasetServer.apiServer。'),
  apiServerFailed: spec(502, 'error', 502, 'api_error', 'The API server of the dataset failed: {details}', '知识库的 API 文件服务出错：{details}'),
  robotsForbid: spec(400, 'error', 400, 'invalid_request_error', 'The robots.txt of the site does not allow {url} to be read by programs.', '该网站的 robots.txt 不允许程序读取 {url}。'),
  siteElsewhere: spec(400, 'error', 400, 'invalid_request_error', 'The website leads to another host: {url}. Use that address.', '该网站跳转到其他主机：{url}，请使用该地址。'),
  noWebsite: spec(400, 'error', 400, 'invalid_request_error', 'This dataset has nothing to synchronise: neither a website (websiteConfig) nor an API server.', '该知识库没有可同步的来源：未配置网站（websiteConfig），也未配置 API 文件服务。'),
  fileEmpty: spec(400, 'error', 400, 'invalid_request_error', 'The file {name} is empty: it has no bytes.', '文件 {name} 为空（0 字节）。'),
  textEmpty: spec(400, 'error', 400, 'invalid_request_error', 'text is empty: there is nothing to store.', 'text 为空，没有可保存的内容。'),
  csvHeaderMissing: spec(400, 'error', 400, 'invalid_request_error', '{name} is no CSV of questions and answers: its first line must begin with the names of the columns, q,a,indexes or index,content.', '{name} 不是问答 CSV：首行必须以列名开头，即 q,a,indexes 或 index,content。'),
  moreThanAnnounced: spec(413, 'error', 413, 'invalid_request_error', 'The upload was announced with {size} bytes, and more came. Ask for a new address with the right size, or leave size out.', '该上传声明的大小为 {size} 字节，实际发送的更多。请以正确的 size（或不提供 size）重新获取上传地址。'),
  fileFormatUnknown: spec(400, 'error', 400, 'invalid_request_error', 'Files of type {type} cannot be read. Supported are {supported}.', '无法读取 {type} 类型的文件，支持：{supported}。'),
  fileUnreadable: spec(400, 'error', 400, 'invalid_request_error', 'The file could not be read: {details}', '无法读取文件：{details}'),
  fileEncrypted: spec(400, 'error', 400, 'invalid_request_error', 'The file is protected by a password. Remove the protection and upload it again.', '文件受密码保护，请解除保护后重新上传。'),
  noTextFound: spec(400, 'error', 400, 'invalid_request_error', 'No text was found in {name}. It may be a scan or an empty file.', '在 {name} 中未找到文字，可能是扫描件或空文件。'),
  selectorInvalid: spec(400, 'error', 400, 'invalid_request_error', '"{selector}" is not a CSS selector that can be used.', '“{selector}”不是可用的 CSS 选择器。'),
  selectorUnmatched: spec(400, 'error', 400, 'invalid_request_error', 'The selector "{selector}" matches nothing on {url}.', '选择器“{selector}”在 {url} 上没有匹配的内容。'),
  noTextRecognised: spec(400, 'error', 400, 'invalid_request_error', 'No text was recognised in {name}: it shows none, or it is too small, blurred or in letters that are not known (English and Chinese are).', '未能在 {name} 中识别出文字：可能没有文字、过小、模糊，或不是英文或中文。'),
  ocrOff: spec(400, 'error', 400, 'invalid_request_error', '{name} has no text of its own, only pictures, and recognising text in them (OCR) was switched off. Import it with "ocr": "auto".', '{name} 本身没有文字，只有图像，而文字识别（OCR）已关闭，请使用 "ocr": "auto" 重新导入。'),
  ocrUnavailable: spec(500, 'error', 500, 'api_error', 'The program that recognises text in pictures (OCR) does not start. The packages @tesseract.js-data/* may be missing: run npm ci.', '文字识别（OCR）程序无法启动，可能缺少 @tesseract.js-data/* 包，请运行 npm ci。'),
  tooManyItems: spec(400, 'error', 400, 'invalid_request_error', 'Data is too long, max {limit} items per call; {given} were sent.', '数据过多，每次最多 {limit} 条，本次为 {given} 条。'),
  dataRepeated: spec(409, 'error', 409, 'conflict_error', 'The collection already holds a data item with exactly this q and a: {id}.', '集合中已有 q 与 a 完全相同的数据：{id}。'),
  dataTooLong: spec(400, 'error', 400, 'invalid_request_error', 'Content over max chunk size: {limit} tokens. Split it into several data items.', '内容超过单条数据的上限 {limit} token，请拆分为多条数据。'),
  indexNotFound: spec(404, 'error', 404, 'not_found_error', 'This data item has no index with this id.', '该数据没有此 id 的索引。'),
  tooManyIndexes: spec(400, 'error', 400, 'invalid_request_error', 'A data item can have at most {limit} indexes of its own.', '每条数据最多可有 {limit} 个自定义索引。'),
  savedQuestionNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no saved question with this id.', '评测问题不存在。'),
  evaluationNotFound: spec(404, 'error', 404, 'not_found_error', 'There is no evaluation with this id.', '检索评测不存在。'),
  rebuildRunning: spec(409, 'error', 409, 'conflict_error', 'A second index of this dataset is being built already, with the model {model}. Switch to it or cancel it first (PUT /api/core/dataset/training/rebuildEmbedding).', '该知识库正在用模型 {model} 建立第二个索引，请先切换或取消（PUT /api/core/dataset/training/rebuildEmbedding）。'),
  rebuildWrongState: spec(409, 'error', 409, 'conflict_error', 'This cannot be done with the second index of the dataset, which is in the state {state}.', '该知识库的第二个索引处于 {state} 状态，无法执行此操作。'),
  noQuestions: spec(409, 'error', 409, 'conflict_error', 'The dataset has no saved question with something expected. Add some by POST /api/core/dataset/savedQuestion first.', '该知识库没有带预期结果的评测问题，请先通过 POST /api/core/dataset/savedQuestion 添加。'),
  notAvailableYet: spec(400, 'error', 400, 'invalid_request_error', '{field}: {value} is not available yet. {hint}', '{field}：暂不支持 {value}。{hint}'),
  embeddingMismatch: spec(409, 'error', 409, 'conflict_error', 'The model {model} gives vectors of {given} dimensions, but the vectors of this dataset have {stored}. One dataset cannot mix them: connect the model that made them again, or embed the dataset anew: npm run lectern -- index rebuild --all --dataset {dataset}', '模型 {model} 返回 {given} 维向量，而该知识库的向量为 {stored} 维。同一知识库不能混用：请重新连接原模型，或重新建立向量：npm run lectern -- index rebuild --all --dataset {dataset}'),
  embeddingRefused: spec(422, 'error', 422, 'invalid_request_error', 'The model {model} refused to embed {count} data items; keyword search still finds them. {details}', '模型 {model} 拒绝为 {count} 条数据建立向量；关键词检索仍可找到它们。{details}'),
  embeddingRefusesAll: spec(422, 'error', 422, 'invalid_request_error', 'The model {model} refuses to embed anything, even a single word, so this was given up; the data is kept and keyword search finds it. {details}', '模型 {model} 拒绝为任何内容建立向量，连一个词也不接受，因此已停止；数据已保留，关键词检索仍可找到。{details}'),
  jobInterrupted: spec(500, 'error', 500, 'api_error', 'The server stopped {count} times while it worked on this.', '处理此任务时，服务器已中断 {count} 次。'),
  trainingFailed: spec(422, 'error', 422, 'invalid_request_error', 'Models could not work on {count} items, which failed for good. The last of them: {details}', '{count} 条数据经模型处理后最终失败。最近一条的原因：{details}'),
  // --- workflow ---
  workflowInvalid: spec(400, 'error', 400, 'invalid_request_error', 'The workflow cannot run: {details}', '工作流无法运行：{details}'),
  nodeDatasetNotFound: spec(501002, 'unExistDataset', 404, 'not_found_error', 'The node {node} names the dataset {id}, which does not exist. Choose one of your datasets or leave the list empty.', '节点 {node} 使用的知识库 {id} 不存在，请选择您的知识库或将列表留空。'),
  nodeFailed: spec(500, 'error', 500, 'api_error', 'The node "{node}" failed because of an error in the server.', '节点“{node}”因服务器内部错误而失败。'),
  workflowTooLong: spec(400, 'error', 400, 'invalid_request_error', 'The workflow was stopped after {limit} node runs, the limit for one answer (WORKFLOW_MAX_RUN_TIMES).', '工作流已运行 {limit} 个节点，达到单次回答上限（WORKFLOW_MAX_RUN_TIMES），已停止。'),
  questionEmpty: spec(400, 'error', 400, 'invalid_request_error', 'User question is empty', '用户问题为空'),
  messagesEmpty: spec(400, 'error', 400, 'invalid_request_error', 'messages is empty', 'messages 为空'),
  // --- outside ---
  languageModelNeeded: spec(501010, 'invalidVectorModelOrQAModel', 400, 'invalid_request_error', '{what} needs a language model, and none is connected. Add one (POST /api/core/ai/channel, or the setting CHAT_MODEL), or leave it out.', '{what}需要语言模型，但尚未连接任何语言模型。请添加模型（POST /api/core/ai/channel 或设置 CHAT_MODEL），或不使用该参数。'),
  promptNeedsModel: spec(400, 'error', 400, 'invalid_request_error', 'The built-in answer can only quote passages; it cannot rewrite a prompt. Connect a language model (in the console: Settings, Models) and choose it here.', '内置回答只能摘录原文，无法改写提示词。请先连接语言模型（控制台：设置 → 模型），再在此选择。'),
  visionModelNeeded: spec(501010, 'invalidVectorModelOrQAModel', 400, 'invalid_request_error', '{what} needs a model that looks at pictures. Give the dataset a vlmModel, or choose a default (datasetImageLLM).', '{what}需要能识别图片的模型。请为知识库设置 vlmModel，或设置默认模型（datasetImageLLM）。'),
  trainingItemNotFound: spec(501006, 'unAuthDatasetData', 404, 'not_found_error', 'There is no such item in the queue of this collection: it may be trained or deleted.', '该集合的队列中没有此数据：可能已处理完成或已删除。'),
  modelFailed: spec(502, 'error', 502, 'api_error', 'The model {model} failed: {details}', '模型 {model} 调用失败：{details}'),
  modelTimeout: spec(504, 'error', 504, 'api_error', 'The model {model} did not answer within {seconds} seconds.', '模型 {model} 在 {seconds} 秒内未响应。'),
  addressForbidden: spec(400, 'error', 400, 'invalid_request_error', 'The address {url} is not allowed.', '不允许访问地址 {url}。'),
  hostNotAllowed: spec(403, 'error', 403, 'permission_error', 'Pictures from {host} are not shown: the host is not among the allowed hosts of the app.', '不显示来自 {host} 的图片：该主机不在应用的允许列表中。'),
  addressFailed: spec(502, 'error', 502, 'api_error', 'The address {url} could not be read: {details}', '无法读取地址 {url}：{details}'),
  addressAnswered: spec(400, 'error', 400, 'invalid_request_error', 'The address {url} cannot be read: it answered with status {status}{words}.', '无法读取地址 {url}：返回状态 {status}{words}。'),
  addressTooLarge: spec(400, 'error', 400, 'invalid_request_error', 'The answer of {url} is larger than {limit} bytes, which is the limit.', '地址 {url} 返回的内容超过 {limit} 字节上限。'),
  remoteRefused: spec(502, 'error', 502, 'api_error', 'The other server did not do as asked: {details}', '对方服务器未按要求响应：{details}'),
  stillCleared: spec(409, 'error', 409, 'conflict_error', '"{name}" was deleted here and is still being cleared away. Try again in a minute.', '“{name}”已在此处删除，正在清理，请一分钟后重试。'),
  storeUnavailable: spec(503, 'error', 503, 'api_error', 'The store is not available at the moment. Try again shortly.', '存储暂时不可用，请稍后重试。'),
  diskFull: spec(503, 'error', 503, 'api_error', 'The disk of the server is full, so nothing can be stored. Its operator has to make room; then it goes on by itself.', '服务器磁盘已满，无法保存数据。请管理员腾出空间，之后会自动恢复。'),
  diskReadOnly: spec(503, 'error', 503, 'api_error', 'The disk of the server is read-only, so nothing can be stored. Its operator has to make it writable again; then it goes on by itself.', '服务器磁盘为只读，无法保存数据。请管理员恢复其写入，之后会自动恢复。'),
  shuttingDown: spec(503, 'error', 503, 'api_error', 'The server is shutting down.', '服务器正在关闭。'),
  notReady: spec(503, 'error', 503, 'api_error', 'The server is not ready: {details}', '服务器尚未就绪：{details}'),
  metricsForbidden: spec(403, 'unAuthorization', 403, 'permission_error', 'Metrics are for programs on the machine of the server. To read them from elsewhere, set METRICS_TOKEN and send it as "Authorization: Bearer …".', '指标仅供服务器本机的程序读取。如需从其他位置读取，请设置 METRICS_TOKEN，并以 "Authorization: Bearer …" 发送。'),
  metricsTokenWrong: spec(403, 'unAuthorization', 401, 'authentication_error', 'Metrics are read with the token of METRICS_TOKEN, sent as "Authorization: Bearer …".', '读取指标须以 "Authorization: Bearer …" 发送 METRICS_TOKEN 中的令牌。'),
  callerLeft: spec(499, 'error', 499, 'api_error', 'The caller left before the answer was complete.', '请求方在回答完成前已断开。'),
  interrupted: spec(500, 'error', 500, 'api_error', 'The server stopped during this answer.', '服务器在回答过程中停止。'),
  internal: spec(500, 'error', 500, 'api_error', 'Internal error. Tell the operator the request id {requestId}.', '内部错误，请将请求编号 {requestId} 告知管理员。'),
} as const satisfies Record<string, ErrorSpec>;

/** A name of the catalogue. */
export type ErrorName = keyof typeof errors;

/** Fills `{placeholders}` of a text; an unknown placeholder becomes empty. */
export function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/**
 * OpenAI's `error.code` of an entry: FastGPT's machine-readable name where it says something, else ours in the
 * manner of that interface (`model_failed`).
 */
export function openAiCode(name: ErrorName): string {
  const { statusText } = errors[name];
  return statusText !== '' && statusText !== 'error'
    ? statusText
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
