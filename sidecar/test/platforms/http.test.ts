import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { PlatformFailure } from '../../src/platforms/failure.js';
import {
  assertAllowedUrl,
  createHttp,
  readBody,
  retryAfterSeconds,
  type HttpClient,
  type HttpRequest,
} from '../../src/platforms/http.js';

let client: HttpClient;
const servers: Server[] = [];

beforeEach(() => {
  client = createHttp({ maxAnswerBytes: 1000 });
});
afterEach(async () => {
  await client.close();
  for (const server of servers.splice(0)) server.close();
});

async function listen<Kind extends Server>(server: Kind): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createHttpServer(listener));
/** A server that speaks no HTTP: the socket is the test's. */
const plug = (onSocket: (socket: Socket) => void): Promise<string> => listen(createTcpServer(onSocket));

function ask(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  const signal = new AbortController().signal;
  return { method: 'GET', url, headers: {}, timeoutMs: 5000, signal, remote: 'The warehouse', ...changes };
}

async function failureOf(work: Promise<unknown>): Promise<PlatformFailure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PlatformFailure) return error;
  throw new Error(`Expected a PlatformFailure, got ${String(error)}`);
}

const post = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } } as const;

describe('an answer', () => {
  test('comes back whatever its status, with lower-case header names and its exact bytes', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(418, { 'X-Thing': 'Yes' }).end(Buffer.from([0, 255, 1])),
    );
    const answer = await client.http(ask(url));
    expect(answer.status).toBe(418);
    expect(answer.headers['x-thing']).toBe('Yes');
    expect([...answer.body]).toEqual([0, 255, 1]);
  });

  test('to a write carries what was sent, byte by byte', async () => {
    const url = await serve((request, response) => void echo(request, response));
    const body = new TextEncoder().encode('{"note":"Grüne Tür"}');
    expect((await client.http(ask(url, { ...post, body }))).body).toEqual(Buffer.from(body));
  });

  test('comes over a connection that is kept', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    for (let index = 0; index < 20; index += 1) await client.http(ask(url));
    expect(ports.size).toBeLessThan(4);
  });

  test.each([301, 302, 307, 308])('%i is not followed, and its target is named', async (status) => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(status, { location: 'https://www.shop.example/wp-json/' }).end();
    });
    const failure = await failureOf(client.http(ask(url, post)));
    expect(failure).toMatchObject({ kind: 'rejected', status, code: 'redirected' });
    expect(failure.summary).toContain('https://www.shop.example');
    expect(calls).toBe(1);
  });

  test('that is too long is not read to its end', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      response.write('x'.repeat(2000));
    });
    expect(await failureOf(client.http(ask(url)))).toMatchObject({ kind: 'unexpected', code: 'answer_too_large' });
    expect(await failureOf(client.http(ask(url, post)))).toMatchObject({
      kind: 'unknown_outcome',
      code: 'answer_too_large',
    });
  });
});

describe('nothing was sent, so even a write is only unavailable', () => {
  test('when nobody listens', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const failure = await failureOf(client.http(ask(url, post)));
    expect(failure).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    expect(failure.summary).toBe('The warehouse refused the connection: nothing listens at that address.');
  });

  test('when the host name does not exist', async () => {
    expect(await failureOf(client.http(ask('http://no-such-host.invalid/', post)))).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('when the TLS handshake fails', async () => {
    const url = await plug((socket) => socket.end('this is no TLS'));
    expect(await failureOf(client.http(ask(url.replace('http:', 'https:'), post)))).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('when the call was stopped before the connection stood, and then nothing leaves later either', async () => {
    let bytes = 0;
    const url = await plug((socket) => socket.on('data', (chunk) => (bytes += chunk.length)));
    const stop = new AbortController();
    const own = createHttp();
    const work = failureOf(own.http(ask(url, { ...post, signal: stop.signal })));
    stop.abort();
    expect(await work).toMatchObject({ kind: 'unavailable', code: 'aborted' });
    // Closing waits for whatever is still under way.
    await own.close();
    expect(bytes).toBe(0);
  });
});

describe('a write may have arrived, so its outcome is unknown', () => {
  test('when the connection breaks after it was sent', async () => {
    const url = await plug((socket) => socket.once('data', () => socket.destroy()));
    expect(await failureOf(client.http(ask(url, post)))).toMatchObject({ kind: 'unknown_outcome' });
    expect(await failureOf(client.http(ask(url)))).toMatchObject({ kind: 'unavailable' });
  });

  test('when the answer does not come in time', async () => {
    const url = await serve(() => undefined);
    expect(await failureOf(client.http(ask(url, { ...post, timeoutMs: 60 })))).toMatchObject({
      kind: 'unknown_outcome',
      code: 'timeout',
    });
    const read = await failureOf(client.http(ask(url, { timeoutMs: 60 })));
    expect(read).toMatchObject({ kind: 'unavailable', code: 'timeout' });
    expect(read.summary).toBe('The warehouse did not answer in time.');
  });

  test('when the answer breaks off in its middle', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(201, { 'content-length': '50' });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(client.http(ask(url, post)))).toMatchObject({ kind: 'unknown_outcome' });
  });

  test('when the worker stops waiting for it', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort());
    expect(await failureOf(client.http(ask(url, { ...post, signal: stop.signal })))).toMatchObject({
      kind: 'unknown_outcome',
      code: 'aborted',
    });
  });
});

describe('a configured address', () => {
  const refused = [
    'not an address',
    'ftp://warehouse.example/',
    'file:///etc/passwd',
    'https://user:word@warehouse.example/',
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.0.1/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://0xA9FEA9FE/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://169.16689662/',
    'http://169.254.169.254./',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[::]/',
    'http://0.0.0.0:7890/',
    'http://0/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://100.100.100.200/',
  ];
  test.each(refused)('%s is refused before anything is sent', async (url) => {
    expect(() => assertAllowedUrl(url)).toThrow(PlatformFailure);
    expect(await failureOf(client.http(ask(url)))).toMatchObject({ kind: 'invalid', code: 'address_refused' });
  });

  const inside = [
    'http://127.0.0.1/',
    'http://10.0.0.8/',
    'http://192.168.1.4/',
    'http://[::1]/',
    'http://[fd12::1]/',
    'http://0x7f.1/',
    'http://[::ffff:10.0.0.8]/',
  ];
  test.each(inside)('%s is a private one: allowed unless the sidecar is set to refuse it', (url) => {
    expect(() => assertAllowedUrl(url)).not.toThrow();
    expect(() => assertAllowedUrl(url, { privateNetworks: 'refused' })).toThrow(/private network/);
  });

  test('of the public internet is allowed', () => {
    expect(
      assertAllowedUrl('https://eu.middleware.ewarehousing-solutions.com/', { privateNetworks: 'refused' }).protocol,
    ).toBe('https:');
  });

  test('whose host name points inwards is refused at look-up', async () => {
    const strict = createHttp({ privateNetworks: 'refused' });
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.end();
    });
    const failure = await failureOf(strict.http(ask(url.replace('127.0.0.1', 'localhost'))));
    expect(failure).toMatchObject({ kind: 'invalid', code: 'address_refused' });
    expect(calls).toBe(0);
    await strict.close();
  });
});

describe('reading', () => {
  const bodyOf = (text: string) => readBody({ body: new TextEncoder().encode(text) });

  test('tells data, web pages, text and nothing apart', () => {
    expect(bodyOf('\ufeff {"a":1}')).toEqual({ form: 'json', value: { a: 1 } });
    expect(bodyOf('\n<!DOCTYPE html><title>Attention\n Required!</title>')).toEqual({
      form: 'html',
      title: 'Attention Required!',
    });
    expect(bodyOf('<h1>503</h1>')).toEqual({ form: 'html', title: '503' });
    expect(bodyOf('upstream request timeout')).toEqual({ form: 'text', text: 'upstream request timeout' });
    expect(bodyOf('  ')).toEqual({ form: 'empty' });
  });

  test.each([
    ['120', 120],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('Retry-After "%s" means %p seconds', (value, seconds) => {
    expect(retryAfterSeconds({ headers: { 'retry-after': value } }, Date.parse('2026-11-23T10:00:00Z'))).toBe(seconds);
  });
});

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  response.end(Buffer.concat(chunks));
}
