import { pairShop, startSidecar } from './sidecar.js';

test('a connection that goes more slowly because the other side asked for it says so', async () => {
  let perMinute = 60;
  const sidecar = await startSidecar({ rate: () => ({ perMinute, limit: 60, usedShare: 0.333 }) });
  const { connectionId } = await pairShop(sidecar);
  const rate = async () => (await sidecar.api('GET', `/connections/${connectionId}`)).json.rate as unknown;
  expect(await rate()).toEqual({ perMinute: 60, limit: 60, learned: false, usedShare: 0.33, sentence: null });
  perMinute = 30;
  expect(await rate()).toMatchObject({
    learned: true,
    sentence: expect.stringMatching(/^Goes at 30 calls a minute instead of 60/),
  });
  await sidecar.stop();
});
