import { AppError, fail } from '../../kernel/errors.ts';
import type { App } from '../context.ts';
import { invalid } from '../models/address.ts';

/**
 * Checks the address of a page or file before it is stored, as far as that goes without a name server; each connection
 * is checked again. Answers it as it will be used. Throws validation or modelAddressForbidden, which name the field.
 */
export function checkedWebAddress(app: Pick<App, 'guard'>, field: string, given: string): string {
  let url: URL;
  try {
    url = app.guard.inspect(given.trim());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { params } = error.details;
    throw fail('modelAddressForbidden', {
      params: { ...params, field, advice: '' },
      param: field,
      cause: error,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(field, { en: 'must hold no user name or password', zh: '不得包含用户名或密码' });
  }
  url.hash = '';
  return url.href;
}
