/**
 * Sends signed webhooks of new orders over kept-alive connections, each its next as soon as the last is answered. Plain sockets
 * and requests made beforehand: whoever measures must not be slower than what is measured.
 */
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { answer } from './answering.ts';
import { WAREHOUSE, WEBHOOK_SECRET } from '../secrets.ts';

interface Storm {
  port: number;
  door: 'webhook' | 'verify';
  connections: number;
  requests: number;
}

let orders = 0;

answer({
  async send({ port, door, connections, requests }: Storm) {
    const bodies = Array.from({ length: requests }, () => request(door, ++orders));
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

function request(door: Storm['door'], order: number): Buffer {
  const body = JSON.stringify({
    group: 'order',
    action: 'updated',
    body: {
      id: `6f2d8c1e-0000-4000-8000-${String(order).padStart(12, '0')}`,
      reference: `W${order}`,
      external_reference: `OAK-${order}`,
      status: 'processing',
      order_lines: [
        { article_code: 'WH-GREEN-JACKET', quantity: 1 },
        { article_code: 'WH-OAK-CHAIR', quantity: 2 },
      ],
      modified_at: '2026-11-23T08:00:00+00:00',
    },
  });
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64');
  const head = [
    `POST /${door}/wms/${WAREHOUSE} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-webhook-id: delivery-${process.pid}-${order}`,
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
