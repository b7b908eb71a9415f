/** How the simulators call the sidecar: plain requests on kept connections, so that a storm of them costs the storm's own program little. */
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

export interface Posted {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** Idle connections do not keep a program alive. */
const plain = new PlainAgent({ keepAlive: true });
const tls = new TlsAgent({ keepAlive: true });

/** @throws when nobody answered in time. */
export function post({ url, headers, body, timeoutMs, signal }: Posted): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const length = String(Buffer.byteLength(body));
    const options = {
      method: 'POST',
      agent: secure ? tls : plain,
      headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
      timeout: timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    };
    const request = (secure ? tlsRequest : plainRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.once('timeout', () => request.destroy(new Error(`No answer within ${timeoutMs} ms`)));
    request.once('error', reject);
    request.end(body);
  });
}
