/** One visitor of the shop: fetch with cookies that are kept, and no redirects followed unless asked. */
export type Visitor = {
  get(path: string): Promise<Response>;
  post(path: string, body: URLSearchParams | object, headers?: Record<string, string>): Promise<Response>;
  cookies(): readonly (readonly [name: string, value: string])[];
};

export function visit(url: string): Visitor {
  const cookies = new Map<string, string>();

  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(line);
    return response;
  }

  function keep(setCookie: string): void {
    const pair = setCookie.split(';')[0] ?? '';
    const at = pair.indexOf('=');
    cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }

  return {
    cookies: () => [...cookies],
    get: (path) => send(path, {}),
    post: (path, body, headers = {}) =>
      body instanceof URLSearchParams
        ? send(path, { method: 'POST', body, headers })
        : send(path, {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json', ...headers },
          }),
  };
}

/** The answer's JSON, or an error that shows what was answered instead. */
export async function json<T>(response: Response, what: string): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${what} was answered ${response.status}: ${text.slice(0, 600)}`);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${what} was answered with no JSON: ${text.slice(0, 600)}`);
  }
}
