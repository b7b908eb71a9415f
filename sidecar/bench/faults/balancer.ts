/** One address for several sidecars, as a load balancer in front of them is: a call goes to another one when the first does not answer. */
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  url: string;
  spreadOver(urls: readonly string[]): void;
  stop(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  let urls: readonly string[] = [];
  let turn = 0;
  const serve = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    turn += 1;
    for (let tried = 0; tried < urls.length; tried += 1) {
      const url = urls[(turn + tried) % urls.length];
      if (url !== undefined && (await pass(asked, body, url, agent, answer))) return;
    }
    answer.writeHead(502).end();
  };
  const server = createServer((asked, answer) => void serve(asked, answer).catch(() => answer.destroy()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spreadOver: (to) => void (urls = to),
    stop: () =>
      new Promise((done) => {
        agent.destroy();
        server.close(() => done()).closeAllConnections();
      }),
  };
}

/** @returns false when nobody answered there. */
function pass(
  { method = 'GET', url: path = '/', headers }: IncomingMessage,
  body: Buffer,
  url: string,
  agent: Agent,
  answer: ServerResponse,
): Promise<boolean> {
  return new Promise((resolve) => {
    const call = send(`${url}${path}`, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', () => resolve(false));
      response.once('end', () => {
        answer.writeHead(response.statusCode ?? 502, { 'content-type': 'application/json' }).end(Buffer.concat(chunks));
        resolve(true);
      });
    });
    call.once('error', () => resolve(false));
    call.end(body);
  });
}
