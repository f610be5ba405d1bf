import { api } from './client.ts';
import { passwordHash } from './password.ts';
import { sessionEnded } from './session-ended.ts';

/** Begins a session; the server sets its cookie. */
export async function logIn(username: string, password: string): Promise<void> {
  const { code } = await api.preLogin({ username });
  await api.loginByPassword({ username, password: passwordHash(password), code });
  sessionEnded.forget();
}
