import { PlatformFailure } from '../../../src/platforms/failure.js';
import { call, draft, expectFailure, NOW } from '../../contracts/platform/warehouse.js';
import { keyring, startBench, type Bench } from './harness.js';
import { file, json, paths, scripted } from './scripted.js';

const HOUR_MS = 3_600_000;
const noOrders = () => json(200, []);

describe('logging in', () => {
  test("wrong credentials are the account's trouble, said in the warehouse's words", async () => {
    const { port, sent } = scripted({ auth: () => file(401, 'error-401-invalid-credentials.json'), answer: noOrders });
    const failure = await expectFailure(port.readOrder('id-1', call()), 'unauthorized');
    expect(failure.summary).toBe('The warehouse answered 401: Invalid credentials.');
    expect(sent).toHaveLength(1);
    expect(await port.test(call())).toEqual({ ok: false, sentence: failure.summary });
  });

  test('without a password nothing is sent', async () => {
    const { port, sent } = scripted({ answer: noOrders, keys: keyring({ username: 'u' }) });
    await expectFailure(port.readOrder('id-1', call()), 'unauthorized');
    expect(sent).toHaveLength(0);
  });

  test('that got no answer leaves nothing in doubt, even before a write', async () => {
    const lost = new PlatformFailure({ kind: 'unknown_outcome', code: 'ECONNRESET', summary: 'lost' });
    const { port } = scripted({ auth: () => lost, answer: noOrders });
    await expectFailure(port.createOrder(draft(), call()), 'unavailable');
  });

  test('refused again and again ends: refreshed once, logged in once, then the account is in trouble', async () => {
    const { port, sent } = scripted({ answer: () => file(401, 'error-401-invalid-token.json') });
    await expectFailure(port.readOrder('id-1', call()), 'unauthorized');
    expect(paths(sent).filter((path) => path.includes('/auth/'))).toEqual([
      'POST /api/wms/auth/login/',
      'POST /api/wms/auth/refresh/',
      'POST /api/wms/auth/login/',
    ]);
  });

  test('answered with a life of no length is believed for the usual hour', async () => {
    const keys = keyring({ username: 'u', password: 'p' });
    const { port } = scripted({ auth: () => file(200, 'auth-login.response.json'), answer: noOrders, keys });
    await port.test(call());
    expect(keys.values['tokenExpiresAt']).toBe(String(NOW + HOUR_MS));
  });
});

describe('a token', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench.stop());
  const authCalls = (): string[] =>
    bench.simulator.ledger().calls.flatMap(({ path }) => (path.includes('/auth/') ? [path] : []));

  test('is kept with the credentials and used by the next process', async () => {
    await bench.port.test(call());
    await bench.another().test(call());
    expect(authCalls()).toEqual(['/wms/auth/login/']);
    expect(bench.keys.values).toMatchObject({ username: 'demo', password: 'demo-password' });
  });

  test('is renewed when three quarters of its life are over, before it is refused', async () => {
    await bench.port.test(call());
    bench.clock.now += HOUR_MS * 0.74;
    await bench.port.test(call());
    expect(authCalls()).toEqual(['/wms/auth/login/']);
    bench.clock.now += HOUR_MS * 0.02;
    await bench.port.test(call());
    expect(authCalls()).toEqual(['/wms/auth/login/', '/wms/auth/refresh/']);
    expect(bench.simulator.ledger().calls.every(({ status }) => status === 200)).toBe(true);
  });

  test('that is over is replaced by a login when the refresh token is gone too', async () => {
    await bench.port.test(call());
    bench.keys.values = { ...bench.keys.values, refreshToken: 'used' };
    bench.clock.now += 2 * HOUR_MS;
    expect((await bench.port.test(call())).ok).toBe(true);
    expect(authCalls()).toEqual(['/wms/auth/login/', '/wms/auth/refresh/', '/wms/auth/login/']);
  });

  test('renewed by two processes at once ends with one that works, kept once', async () => {
    await bench.port.test(call());
    bench.clock.now += HOUR_MS * 0.8;
    const reports = await Promise.all([bench.port.test(call()), bench.another().test(call())]);
    expect(reports.every(({ ok }) => ok)).toBe(true);
    expect((await bench.port.test(call())).ok).toBe(true);
    expect(bench.keys.version).toBe(3);
  });

  test('is not used for another account: a new password logs in anew', async () => {
    await bench.port.test(call());
    bench.keys.values = { ...bench.keys.values, password: 'wrong' };
    expect((await bench.port.test(call())).ok).toBe(false);
    expect(authCalls()).toEqual(['/wms/auth/login/', '/wms/auth/login/']);
  });
});

test('a token that is still good is used while its renewal fails, and not any longer', async () => {
  const keys = keyring({ username: 'u', password: 'p' });
  let trouble = false;
  const grant = json(200, { token: 't-1', refresh_token: 'r-1', iat: 0, exp: 3600 });
  const { port, sent } = scripted({
    auth: () => (trouble ? file(503, 'error-500.json') : grant),
    answer: noOrders,
    keys,
  });
  await port.test(call());
  trouble = true;
  keys.values['tokenRenewAt'] = String(NOW - 1);
  expect((await port.test(call())).ok).toBe(true);
  expect(paths(sent).slice(-2)).toEqual(['POST /api/wms/auth/refresh/', 'GET /api/wms/orders/']);
  keys.values['tokenExpiresAt'] = String(NOW - 1);
  expect((await port.test(call())).ok).toBe(false);
});
