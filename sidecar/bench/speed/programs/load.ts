/**
 * Sends signed webhooks over kept-alive connections, each its next as soon as the last is answered. Plain sockets
 * and requests made beforehand: whoever measures must not be slower than what is measured.
 */
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { answer } from './answering.ts';
import { WAREHOUSE, WEBHOOK_SECRET } from '../secrets.ts';

interface Storm {
  port: number;
  door: 'webhook' | 'verify';
  /** 'stock': only noted, as nothing of ours follows from it. 'order': becomes a record and a job. */
  about: 'stock' | 'order';
  connections: number;
  requests: number;
}

let sent = 0;

answer({
  async send({ port, door, about, connections, requests }: Storm) {
    const bodies = Array.from({ length: requests }, () => request(door, ++sent, NEWS[about](sent)));
    const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)));
    const startedAt = performance.now();
    let next = 0;
    await Promise.all(
      sockets.map(async (socket) => {
        while (next < bodies.length) await exchange(socket, bodies[next++]!);
      }),
    );
    const tookMs = performance.now() - startedAt;
    for (const socket of sockets) socket.destroy();
    return { requestsPerSecond: (requests * 1000) / tookMs };
  },
});

const NEWS: Readonly<Record<Storm['about'], (number: number) => object>> = {
  stock: (number) => ({
    group: 'stock',
    action: 'updated',
    body: {
      article_code: `WH-${number}`,
      name: 'Green jacket, oiled, with a lining of wool',
      stock_total: 120,
      stock_available: 95,
      stock_reserved: 25,
      locations: [
        { name: 'A-01-03', quantity: 80 },
        { name: 'B-17-01', quantity: 40 },
      ],
      modified_at: '2026-11-23T08:00:00+00:00',
    },
  }),
  order: (number) => ({
    group: 'order',
    action: 'updated',
    body: {
      id: `6f2d8c1e-0000-4000-8000-${String(number).padStart(12, '0')}`,
      reference: `W${number}`,
      external_reference: `OAK-${number}`,
      status: 'processing',
      order_lines: [
        { article_code: 'WH-GREEN-JACKET', quantity: 1 },
        { article_code: 'WH-OAK-CHAIR', quantity: 2 },
      ],
      modified_at: '2026-11-23T08:00:00+00:00',
    },
  }),
};

function request(door: Storm['door'], number: number, news: object): Buffer {
  const body = JSON.stringify(news);
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64');
  const head = [
    `POST /${door}/wms/${WAREHOUSE} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-webhook-id: delivery-${process.pid}-${number}`,
    `x-hmac-sha256: ${signature}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.setNoDelay(true)));
    socket.once('error', reject);
  });
}

/** @throws when it is answered with anything but a success: a refused request would count as a fast one. */
function exchange(socket: Socket, sent: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (part: Buffer): void => {
      text += part.toString('latin1');
      if (!isWhole(text)) return;
      socket.off('data', read);
      if (text.startsWith('HTTP/1.1 20')) resolve();
      else reject(new Error(text.slice(0, 500)));
    };
    socket.on('data', read);
    socket.write(sent);
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return text.length >= end + 4 + Number(length);
}
