/** A line to the server that can be cut at a named moment, as a network does. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What becomes of the packet that holds the word: it still reaches the server, or it does not. The answer never comes back. */
export type Cut = { at: string; packet: 'delivered' | 'lost' };

export interface Proxy {
  url: string;
  /** Cuts the first line on which the word is sent from now on. @returns the moment it has happened. */
  cutAt(cut: Cut): Promise<void>;
  /** Lets nobody through until it is opened again. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function proxyTo(url: string): Promise<Proxy> {
  const target = new URL(url);
  const serverPort = Number(target.port);
  const lines = new Set<Socket>();
  let cut: (Cut & { done(): void }) | null = null;
  let isShut = false;

  const server = createServer((client) => {
    if (isShut) return void client.destroy();
    const upstream = connect(serverPort, '127.0.0.1');
    for (const end of [client, upstream]) {
      lines.add(end);
      end.setNoDelay(true);
      end.on('error', () => undefined);
      end.on('close', () => {
        lines.delete(end);
        client.destroy();
        // What was delivered is worked on by the server to its end.
        upstream.end();
      });
    }
    upstream.on('data', (data) => void client.write(data));
    client.on('data', (data: Buffer) => {
      if (cut === null || !data.includes(cut.at)) return void upstream.write(data);
      const { packet, done } = cut;
      cut = null;
      if (packet === 'delivered') upstream.write(data);
      upstream.removeAllListeners('data');
      lines.delete(upstream);
      client.destroy();
      done();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    cutAt: ({ at, packet }) => new Promise((done) => (cut = { at, packet, done })),
    shut() {
      isShut = true;
      for (const line of lines) line.destroy();
    },
    open: () => void (isShut = false),
    async close() {
      for (const line of lines) line.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
