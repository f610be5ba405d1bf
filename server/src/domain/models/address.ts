import { AppError, fail } from '../../kernel/errors.ts';
import type { Guard } from '../../kernel/outbound-guard.ts';

/**
 * Checks an address before it is stored, as far as that goes without a name server; each connection is checked again by the
 * guard that belongs to its use. Answers it without a slash at the end. Throws validation or modelAddressForbidden.
 */
export function checkedAddress(guard: Guard, field: string, given: string): string {
  const url = inspect(guard, field, given.trim());
  if (url.username !== '' || url.password !== '') {
    throw invalid(field, {
      en: 'must hold no user name or password; send them as the credential',
      zh: '不得包含用户名或密码，请以凭证形式提供',
    });
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(field, { en: 'must hold no query', zh: '不得包含查询参数' });
  }
  return url.href.replace(/\/+$/, '');
}

function inspect(guard: Guard, field: string, given: string): URL {
  try {
    return guard.inspect(given);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { params } = error.details;
    // What is no address of the web cannot be trusted either.
    const advice = /^https?:$/.test(URL.parse(given)?.protocol ?? '') ? trustIt : '';
    throw fail('modelAddressForbidden', { params: { ...params, field, advice }, param: field, cause: error });
  }
}

const trustIt = {
  en: ' If it is meant, the user root can trust its origin first (POST /api/core/ai/trustedOrigin; with "reach": "all" for anything but models).',
  zh: '如确需使用，请 root 用户先将其来源设为可信（POST /api/core/ai/trustedOrigin；除模型外的用途需 "reach": "all"）。',
};

/** A 400 that names the field. */
export function invalid(field: string, what: { en: string; zh: string }): AppError {
  const details = { en: `${field}: ${what.en}`, zh: `${field}：${what.zh}` };
  return fail('validation', {
    params: { details },
    param: field,
    problems: [{ path: field.split('.'), message: what.en, code: 'custom' }],
  });
}
