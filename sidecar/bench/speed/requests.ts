/**
 * P1 to P3: what a webhook costs that is verified, known by its key, kept, on the disk, and answered. Beside it one about an order,
 * which in the same commit becomes a version of the order's record and a job.
 */
import { figure, ratios, type Figure } from './figures.ts';
import { interleaved, type Lab } from './lab.ts';

const MANY = { connections: 64, requests: 6_000 } as const;
/** One commit each is slow: fewer say as much. */
const ONE_EACH = { connections: 64, requests: 1_500 } as const;
const FEW = { connections: 8, requests: 3_000 } as const;

export async function requests(lab: Lab): Promise<Figure[]> {
  const server = await lab.program('webhook-server', { file: lab.file('requests.sqlite') });
  const load = await lab.program('load');
  const { port } = await server.ask<{ port: number }>('address');
  const send = async (
    door: 'webhook' | 'verify',
    size: typeof MANY | typeof FEW | typeof ONE_EACH,
    about: 'stock' | 'order' = 'stock',
  ): Promise<number> =>
    (await load.ask<{ requestsPerSecond: number }>('send', { port, door, about, ...size })).requestsPerSecond;
  const speeds = await interleaved(lab.sizes.rounds, {
    kept: () => send('webhook', MANY),
    orders: () => send('webhook', MANY, 'order'),
    verified: () => send('verify', MANY),
    async oneEach() {
      await server.ask('commits', 'one each');
      const speed = await send('webhook', ONE_EACH);
      await server.ask('commits', 'shared');
      return speed;
    },
    keptFew: () => send('webhook', FEW),
    ordersFew: () => send('webhook', FEW, 'order'),
    verifiedFew: () => send('verify', FEW),
  });
  await server.ask('stop');
  const relative = (
    id: string,
    title: string,
    values: number[],
    bounds: { must?: number; aim?: number } = {},
  ): Figure => figure({ id, title, unit: 'x', better: 'higher', values, ...bounds });
  const absolute = (id: string, title: string, values: number[]): Figure =>
    figure({ id, title, unit: 'requests/s', better: 'higher', values });
  return [
    relative(
      'P1',
      'signed webhook kept and answered ÷ only verified, 64 connections',
      ratios(speeds.kept, speeds.verified),
      { must: 0.45, aim: 0.65 },
    ),
    relative('P2', 'the same, 8 connections', ratios(speeds.keptFew, speeds.verifiedFew), { must: 0.25, aim: 0.4 }),
    relative(
      'P1-order',
      'signed webhook about an order, kept with its record and job ÷ only verified, 64 connections',
      ratios(speeds.orders, speeds.verified),
    ),
    relative('P2-order', 'the same, 8 connections', ratios(speeds.ordersFew, speeds.verifiedFew)),
    relative('P3', 'group commit ÷ one commit a request, 64 connections', ratios(speeds.kept, speeds.oneEach), {
      must: 3,
      aim: 5,
    }),
    absolute('P1-kept', 'kept and answered, 64 connections', speeds.kept),
    absolute('P1-verified', 'only verified, 64 connections', speeds.verified),
    absolute('P2-kept', 'kept and answered, 8 connections', speeds.keptFew),
    absolute('P2-verified', 'only verified, 8 connections', speeds.verifiedFew),
    absolute('P3-one-each', 'one commit a request, 64 connections', speeds.oneEach),
  ];
}
