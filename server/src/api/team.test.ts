import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientHash } from '../domain/users/password.ts';
import { newJobRow } from '../jobs/job-rows.ts';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

let server: TestServer;
let admin: TestPerson;
let editor: TestPerson;
beforeAll(async () => {
  server = await startTestServer();
  admin = await server.createMember('adam', 'admin');
  editor = await server.createMember('eda', 'editor');
}, 60_000);
afterAll(() => server.close());

const team = '/api/support/user/team';
const call = (method: string, path: string, by: TestPerson, body?: unknown) =>
  server.call(method, path, { sessionToken: by.sessionToken, ...(body !== undefined && { body }) });
const members = async (by: TestPerson, body: object = {}) =>
  (await call('POST', `${team}/member/list`, by, { pageSize: 100, ...body })).json.data;
const idOf = ({ caller }: TestPerson) => caller.memberId;
const roleOf = async (person: TestPerson) =>
  (await members(server.root)).list.find(({ tmbId }: { tmbId: string }) => tmbId === idOf(person))?.role;

async function logIn(username: string, password: string) {
  const { json } = await server.call('GET', `/api/support/user/account/preLogin?username=${username}`);
  const body = { username, password: clientHash(password), code: json.data.code };
  return server.call('POST', '/api/support/user/account/loginByPassword', { body });
}
const invite = async (by: TestPerson, usernames: string[], role?: string) =>
  call('POST', `${team}/member/invite`, by, { usernames, ...(role && { role }) });

describe('members', () => {
  it('are listed with their roles, found by name, and counted', async () => {
    const { list, total } = await members(editor);
    expect(total).toBe(list.length);
    expect(
      list.slice(0, 3).map(({ username, role }: { username: string; role: string }) => [username, role]),
    ).toEqual([
      ['root', 'owner'],
      ['adam', 'admin'],
      ['eda', 'editor'],
    ]);
    expect(list[1].permission).toMatchObject({ value: 7, hasManagePer: true, isOwner: false });
    expect((await members(editor, { searchKey: 'AD' })).list).toHaveLength(1);
    expect((await members(editor, { searchKey: '%' })).list).toEqual([]);
    const { json } = await call('GET', `${team}/member/count`, editor);
    expect(json.data).toEqual({ count: total });
  });

  it('are added with a one-time password that lets them do nothing but change it', async () => {
    const { json, status } = await invite(admin, ['Maria', 'maria', 'eda', 'two words'], 'viewer');
    expect(status, JSON.stringify(json)).toBe(200);
    const { invite: added, inTeam, inValid } = json.data;
    expect(added).toEqual([expect.objectContaining({ username: 'maria', role: 'viewer' })]);
    expect(inTeam).toEqual([expect.objectContaining({ username: 'eda', tmbId: idOf(editor) })]);
    expect(inValid).toEqual([{ username: 'two words' }]);
    const first = await logIn('maria', added[0].password);
    expect(first.status).toBe(200);
    const sessionToken = first.json.data.token;
    expect((await server.call('GET', `${team}/member/count`, { sessionToken })).status).toBe(403);
    const init = await server.call('GET', '/api/common/system/getInitData', { sessionToken });
    expect(init.json.data.session).toMatchObject({ mustChangePassword: true, setup: null });
    expect((await members(admin, { searchKey: 'maria' })).list[0].mustChangePassword).toBe(true);
    const body = { newPsw: clientHash('a better one') };
    await server.call('POST', '/api/support/user/account/resetExpiredPsw', { sessionToken, body });
    expect((await server.call('GET', `${team}/member/count`, { sessionToken })).status).toBe(200);
  });

  it('do not take over a user of another team, nor tell that there is one', async () => {
    const stranger = await server.createTeam('strangers');
    const { json } = await invite(server.root, [stranger.username]);
    expect(json.data).toEqual({ invite: [], inTeam: [], inValid: [{ username: stranger.username }] });
    for (const tmbId of [idOf(stranger), 'f'.repeat(24)]) {
      for (const [method, path, body] of [
        ['PUT', 'collaborator/update', { members: [tmbId], role: 'viewer' }],
        ['PUT', 'member/updateNameByManager', { tmbId, name: 'mine' }],
        ['POST', 'member/resetPassword', { tmbId }],
        ['DELETE', `member/delete?tmbId=${tmbId}`, undefined],
        ['POST', 'member/restore', { tmbId }],
      ] as const) {
        const answer = await call(method, `${team}/${path}`, server.root, body);
        expect([answer.status, answer.json.statusText], path).toEqual([404, 'orgMemberNotExist']);
      }
    }
    expect((await logIn(stranger.username, stranger.password)).status).toBe(200);
  });

  it('get another role at once, by its name or by the number of FastGPT', async () => {
    const person = await server.createMember('rolf', 'viewer');
    const create = () => call('POST', '/api/core/dataset/create', person, { name: 'of rolf' });
    expect((await create()).status).toBe(403);
    const change = { members: [idOf(person)], permission: 6 };
    expect((await call('PUT', `${team}/collaborator/update`, admin, change)).status).toBe(200);
    expect((await create()).status).toBe(200);
    const odd = await call('PUT', `${team}/collaborator/update`, admin, {
      members: [idOf(person)],
      permission: 5,
    });
    expect([odd.status, odd.json.message]).toEqual([400, expect.stringContaining('permission')]);
    const none = await call('PUT', `${team}/collaborator/update`, admin, { members: [idOf(person)] });
    expect([none.status, none.json.message]).toEqual([400, expect.stringContaining('role')]);
  });

  it('are renamed, by themselves and by those who manage them', async () => {
    const person = await server.createMember('nora', 'viewer');
    await call('PUT', `${team}/member/updateName`, person, { name: 'Nora N.' });
    expect((await members(admin, { searchKey: 'Nora N.' })).total).toBe(1);
    const body = { tmbId: idOf(person), name: 'Nora of the press office' };
    expect(
      (await call('PUT', `${team}/member/updateNameByManager`, editor, { ...body, tmbId: idOf(admin) }))
        .status,
    ).toBe(403);
    await call('PUT', `${team}/member/updateNameByManager`, admin, body);
    expect((await members(admin, { searchKey: 'press office' })).total).toBe(1);
  });

  it('lose sessions and keys when they are removed, and come back as they were', async () => {
    const person = await server.createMember('gone', 'editor');
    const key = await server.createKey({ name: 'of gone' }, person);
    const list = () => server.call('POST', '/api/core/dataset/list', { key, body: {} });
    expect((await list()).status).toBe(200);
    const removed = await call('DELETE', `${team}/member/delete?tmbId=${idOf(person)}`, admin);
    expect(removed.status, removed.text).toBe(200);
    expect((await list()).status).toBe(401);
    expect((await call('GET', `${team}/member/count`, person)).status).toBe(401);
    expect((await logIn('gone', person.password)).status).toBe(401);
    expect((await members(admin, { searchKey: 'gone' })).total).toBe(0);
    expect((await members(admin, { status: 'inactive' })).list[0]).toMatchObject({
      username: 'gone',
      status: 'leave',
    });
    const reset = await call('POST', `${team}/member/resetPassword`, admin, { tmbId: idOf(person) });
    expect(reset.status).toBe(409);
    await call('POST', `${team}/member/restore`, admin, { tmbId: idOf(person) });
    expect((await list()).status).toBe(200);
    expect(await roleOf(person)).toBe('editor');
  });

  it('get a new password that ends the old one and its sessions', async () => {
    const person = await server.createMember('forgetful', 'viewer');
    const { json } = await call('POST', `${team}/member/resetPassword`, admin, { tmbId: idOf(person) });
    expect(json.data.username).toBe('forgetful');
    expect((await call('GET', `${team}/member/count`, person)).status).toBe(401);
    expect((await logIn('forgetful', person.password)).status).toBe(401);
    const first = await logIn('forgetful', json.data.password);
    const { token: sessionToken } = first.json.data;
    const expired = await server.call('GET', '/api/support/user/account/checkPswExpired', { sessionToken });
    expect(expired.json.data).toBe(true);
  });

  it('of several teams get none from one of them', async () => {
    const person = await server.createMember('double', 'viewer');
    const other = await server.createTeam('second');
    await server.app.store.db
      .insertInto('members')
      .values({
        id: 'a'.repeat(24),
        teamId: other.caller.teamId,
        userId: person.caller.userId,
        role: 'owner',
        name: 'double',
        status: 'active',
        createTime: Date.now(),
      })
      .execute();
    const { status, json } = await call('POST', `${team}/member/resetPassword`, admin, {
      tmbId: idOf(person),
    });
    expect([status, json.message]).toEqual([409, expect.stringContaining('users password double')]);
    expect((await logIn('double', person.password)).status).toBe(200);
  });
});

describe('owners', () => {
  it('are made, changed, removed and helped by owners only', async () => {
    const { caller } = server.root;
    for (const [method, path, body] of [
      ['PUT', 'collaborator/update', { members: [idOf(editor)], role: 'owner' }],
      ['PUT', 'collaborator/update', { members: [caller.memberId], role: 'viewer' }],
      ['PUT', 'member/updateNameByManager', { tmbId: caller.memberId, name: 'x' }],
      ['DELETE', `member/delete?tmbId=${caller.memberId}`, undefined],
      ['POST', 'member/resetPassword', { tmbId: caller.memberId }],
      ['POST', 'member/invite', { usernames: ['usurper'], role: 'owner' }],
    ] as const) {
      const answer = await call(method, `${team}/${path}`, admin, body);
      expect([answer.status, answer.json.statusText], path).toEqual([403, 'unAuthTeam']);
    }
    expect((await logIn('root', server.root.password)).status).toBe(200);
  });

  it('stay at least one, and root stays one', async () => {
    const owner = await server.createTeam('small');
    const demote = { members: [idOf(owner)], role: 'editor' };
    for (const answer of [
      await call('PUT', `${team}/collaborator/update`, owner, demote),
      await call('DELETE', `${team}/member/delete?tmbId=${idOf(owner)}`, owner),
      await call('DELETE', `${team}/member/leave`, owner),
    ])
      expect([answer.status, answer.json.message]).toEqual([409, expect.stringContaining('owner')]);
    const { json } = await invite(owner, ['second-of-small'], 'owner');
    const second = json.data.invite[0].tmbId;
    expect(
      (
        await call('PUT', `${team}/collaborator/update`, owner, {
          members: [idOf(owner), second],
          role: 'viewer',
        })
      ).status,
    ).toBe(409);
    expect((await call('DELETE', `${team}/member/leave`, owner)).status).toBe(200);
    expect((await call('GET', `${team}/member/count`, owner)).status).toBe(401);

    const other = await server.createMember('other-owner', 'owner');
    const root = { members: [idOf(server.root)], role: 'viewer' };
    expect((await call('PUT', `${team}/collaborator/update`, other, root)).status).toBe(409);
    expect((await call('DELETE', `${team}/member/delete?tmbId=${idOf(server.root)}`, other)).status).toBe(
      409,
    );
    expect(
      (await call('POST', `${team}/member/resetPassword`, other, { tmbId: idOf(server.root) })).status,
    ).toBe(409);
    await call('DELETE', `${team}/member/delete?tmbId=${idOf(other)}`, server.root);
  });

  it('who step down at the same moment leave one behind', async () => {
    const owner = await server.createTeam('twins');
    const { json } = await invite(owner, ['twin-of-twins'], 'owner');
    const { tmbId, password } = json.data.invite[0];
    const first = await logIn('twin-of-twins', password);
    const sessionToken = first.json.data.token;
    const body = { newPsw: clientHash('a better one') };
    await server.call('POST', '/api/support/user/account/resetExpiredPsw', { sessionToken, body });
    const step = (id: string, token: string) =>
      server.call('PUT', `${team}/collaborator/update`, {
        sessionToken: token,
        body: { members: [id], role: 'admin' },
      });
    const answers = await Promise.all([step(idOf(owner), owner.sessionToken), step(tmbId, sessionToken)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('the account', () => {
  const me = '/api/support/user/account';
  it('keeps avatar, time zone, language and contact', async () => {
    const person = await server.createMember('self', 'viewer');
    const base64Img = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    const avatar = (await call('POST', '/api/common/file/uploadImage', person, { base64Img })).json.data;
    const changes = { avatar, timezone: 'Asia/Shanghai', language: 'zh-CN' };
    expect((await call('PUT', `${me}/update`, person, changes)).json.data).toEqual({});
    await call('PUT', `${me}/updateContact`, person, { contact: ' self@example.com ' });
    const { json } = await call('GET', `${me}/tokenLogin`, person);
    expect(json.data).toMatchObject({
      avatar,
      timezone: 'Asia/Shanghai',
      language: 'zh',
      contact: 'self@example.com',
    });
    // Managers see how somebody is reached, others do not.
    const contactFor = async (by: TestPerson) => (await members(by, { searchKey: 'self' })).list[0].contact;
    expect([await contactFor(admin), await contactFor(editor)]).toEqual(['self@example.com', '']);
  });
  it('refuses what is no time zone, and pictures of elsewhere', async () => {
    const stranger = await server.createTeam('painters');
    const base64Img = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    const theirs = (await call('POST', '/api/common/file/uploadImage', stranger, { base64Img })).json.data;
    for (const body of [
      { timezone: 'Mars/Olympus' },
      { avatar: theirs },
      { avatar: 'https://evil.example/track.png' },
      { avatar: 'javascript:alert(1)' },
      { language: 'tlh' },
    ]) {
      const { status, json } = await call('PUT', `${me}/update`, editor, body);
      expect([status, json.message]).toEqual([400, expect.stringContaining(Object.keys(body)[0] ?? '')]);
    }
  });
});

describe('the team', () => {
  it('gets another name from those who manage it', async () => {
    const owner = await server.createTeam('named');
    expect((await call('PUT', `${team}/update`, editor, { name: 'x' })).status).toBe(403);
    await call('PUT', `${team}/update`, owner, { name: 'Renamed' });
    const { json } = await call('GET', '/api/support/user/account/tokenLogin', owner);
    expect(json.data.team.teamName).toBe('Renamed');
  });

  it('is told what it uses', async () => {
    const owner = await server.createTeam('counted');
    const status = async () => (await call('GET', `${team}/plan/getTeamPlanStatus`, owner)).json.data;
    expect(await status()).toMatchObject({
      totalPoints: -1,
      usedPoints: 0,
      usedMember: 1,
      usedDatasetAmount: 0,
    });
    const { json } = await call('POST', '/api/core/dataset/create', owner, { name: 'd' });
    await call('POST', '/api/core/dataset/create', owner, { name: 'f', type: 'folder' });
    const text = { datasetId: json.data, name: 'note', text: 'Herons stand in shallow water.' };
    await call('POST', '/api/core/dataset/collection/create/text', owner, text);
    expect(await status()).toMatchObject({ usedDatasetAmount: 1, usedCollections: 1 });
    await call('DELETE', `/api/core/dataset/delete?id=${json.data}`, owner);
    expect(await status()).toMatchObject({ usedDatasetAmount: 0, usedCollections: 0 });
  });
});

describe('the audit log', () => {
  const audit = async (by: TestPerson, body: object = {}) =>
    (await call('POST', '/api/support/user/audit/list', by, body)).json.data;
  it('tells who did what, filtered and by pages', async () => {
    const owner = await server.createTeam('watched');
    await server.createKey({ name: 'watched key' }, owner);
    await call('PUT', `${team}/update`, owner, { name: 'Watched' });
    await invite(owner, ['colleague-of-watched']);
    const all = await audit(owner, { pageSize: 2 });
    expect([all.total, all.list.length]).toEqual([4, 2]);
    expect(all.list[0]).toMatchObject({
      event: 'member.create',
      sourceMember: { tmbId: idOf(owner), name: owner.username },
      metadata: { username: 'colleague-of-watched' },
    });
    const rest = await audit(owner, { pageSize: 2, pageNum: 2 });
    expect(rest.list.map(({ event }: { event: string }) => event)).toEqual(['key.create', 'login.success']);
    expect((await audit(owner, { events: ['team.update', 'no\0such', '\ud800'] })).total).toBe(1);
    expect((await audit(owner, { tmbIds: ['f'.repeat(24)] })).total).toBe(0);
    const now = Date.now();
    expect((await audit(owner, { startTime: new Date(now + 60_000).toISOString() })).total).toBe(0);
    expect((await audit(owner, { startTime: now - 600_000, endTime: now + 60_000 })).total).toBe(4);
  });
  it('names what an entry is about, as it is called now or was called then, and says whether it is there', async () => {
    const owner = await server.createTeam('naming');
    const appId = (
      await call('POST', '/api/core/app/create', owner, { name: 'Desk', type: 'simple', modules: [] })
    ).json.data;
    await server.createKey({ name: 'of the desk', appId }, owner);
    await invite(owner, ['named-then']);
    const about = async (event: string) => {
      const { object, app } = (await audit(owner, { events: [event] })).list[0];
      return [object.type, object.name, object.exists, app?.name, app?.exists];
    };
    expect(await about('key.create')).toEqual(['key', 'of the desk', true, 'Desk', true]);
    const { tmbId } = (await call('POST', `${team}/member/list`, owner, { searchKey: 'named-then' })).json
      .data.list[0];
    await call('PUT', `${team}/member/updateNameByManager`, owner, { tmbId, name: 'Named now' });
    expect(await about('member.create')).toEqual(['member', 'Named now', true, undefined, undefined]);
    await call('DELETE', `/api/core/app/del?appId=${appId}`, owner);
    // What can still be restored keeps its name; it is not there all the same.
    expect(await about('key.create')).toEqual(['key', 'of the desk', false, 'Desk', false]);
    await call('POST', '/api/core/app/deleted/clear', owner, { ids: [appId] });
    await expect
      .poll(() => about('key.create'), { timeout: 10_000 })
      .toEqual(['key', 'of the desk', false, '', false]);
    // Another team's names stay its own.
    const foreign = await server.createTeam('foreign naming');
    const { db } = server.app.store;
    await db
      .updateTable('audit')
      .set({ teamId: foreign.caller.teamId })
      .where('objectId', '=', tmbId)
      .execute();
    const moved = (await audit(foreign, { events: ['member.create'] })).list[0];
    expect([moved.object.name, moved.object.exists]).toEqual(['named-then', false]);
  });
  it('is for owners and admins', async () => {
    const { status } = await call('POST', '/api/support/user/audit/list', editor, {});
    expect(status).toBe(403);
    expect((await audit(admin)).total).toBeGreaterThan(3);
  });
});

describe('messages', () => {
  const informs = async (by: TestPerson, body: object = {}) =>
    (await call('POST', '/api/support/user/inform/list', by, body)).json.data;
  it('tell of jobs that failed and keys that end, until somebody has read them or the reason is gone', async () => {
    const owner = await server.createTeam('told');
    const { db } = server.app.store;
    const day = 24 * 3_600_000;
    const created = await call('POST', '/api/core/dataset/create', owner, { name: 'birds' });
    const collection = await call('POST', '/api/core/dataset/collection/create', owner, {
      datasetId: created.json.data,
      name: 'heron.pdf',
      type: 'virtual',
    });
    const error = JSON.stringify({ name: 'fileEncrypted', en: 'It is protected.', zh: '受密码保护。' });
    const job = newJobRow(
      {
        kind: 'import',
        teamId: owner.caller.teamId,
        datasetId: created.json.data,
        collectionId: collection.json.data,
        payload: {},
      },
      Date.now(),
    );
    await db
      .insertInto('jobs')
      .values({ ...job, state: 'failed', error, endTime: Date.now() })
      .execute();
    await server.createKey(
      { name: 'ends', limit: { expiredTime: new Date(Date.now() + day).toISOString() } },
      owner,
    );
    await server.createKey(
      { name: 'over', limit: { expiredTime: new Date(Date.now() - day).toISOString() } },
      owner,
    );
    await server.createKey(
      { name: 'later', limit: { expiredTime: new Date(Date.now() + 90 * day).toISOString() } },
      owner,
    );
    const first = await informs(owner);
    expect([first.total, first.unread]).toEqual([3, 3]);
    expect(first.list.map(({ title }: { title: string }) => title)).toEqual([
      'heron.pdf could not be imported',
      'The key "over" has ended',
      'The key "ends" soon ends'.replace('soon ends', 'ends soon'),
    ]);
    expect(first.list[0]).toMatchObject({ content: 'It is protected.', level: 'important', read: false });
    const chinese = await server.call('POST', '/api/support/user/inform/list', {
      sessionToken: owner.sessionToken,
      headers: { 'accept-language': 'zh' },
      body: {},
    });
    expect(chinese.json.data.list[0].content).toBe('受密码保护。');
    await call('GET', `/api/support/user/inform/read?id=${first.list[0]._id}`, owner);
    await call('GET', '/api/support/user/inform/read?id=job-made-up', owner);
    expect((await informs(owner)).unread).toBe(2);
    await call('GET', '/api/support/user/inform/read', owner);
    expect(await informs(owner, { pageSize: 1, pageNum: 2 })).toMatchObject({
      total: 3,
      unread: 0,
      list: [{ read: true }],
    });
    await db.updateTable('jobs').set({ state: 'done' }).where('id', '=', job.id).execute();
    expect((await informs(owner)).total).toBe(2);
  });
  it('are nobody else’s', async () => {
    const stranger = await server.createTeam('untold');
    expect(await informs(stranger)).toEqual({ list: [], total: 0, unread: 0 });
  });
});
