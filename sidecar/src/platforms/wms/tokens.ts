/** Who we are at the warehouse: log in once, renew in good time, and never twice at the same moment. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PlatformFailure } from '../failure.js';
import { readBody, type HttpAnswer } from '../http.js';
import type { AdapterWorld, CallContext } from '../platform.js';
import { failureOf, unreadable } from './errors.js';
import type { WmsSettings } from './settings.js';

const AUTH_TIMEOUT_MS = 20_000;
const RENEW_AFTER = 0.75;
/** Used when the answer names no life we can believe. */
const USUAL_LIFE_SECONDS = 3600;

export interface Tokens {
  /** The token to send, renewed first when three quarters of its life are over. */
  current(call: CallContext): Promise<string>;
  /** Another token than `refused`, by the way given; somebody else's newer one counts. */
  instead(refused: string, way: RenewalWay, call: CallContext): Promise<string>;
}

export type RenewalWay = 'refresh' | 'login';

/** What the credentials hold beside user name and password. Times are epoch ms of our own clock. */
interface Held {
  token: string;
  refreshToken: string;
  renewAt: number;
  expiresAt: number;
}

type Values = Readonly<Record<string, string>>;
type Post = (path: string, body: unknown, call: CallContext) => Promise<HttpAnswer>;
interface Auth {
  post: Post;
  now: () => number;
}

const grantSchema = z.object({
  token: z.string().min(1),
  refresh_token: z.string().nullish(),
  iat: z.number().nullish(),
  exp: z.number().nullish(),
});

export function createTokens(settings: WmsSettings, world: AdapterWorld): Tokens {
  const auth = { post: poster(settings, world), now: () => world.now() };
  let underWay: Promise<string> | null = null;
  /** All who need a token meanwhile get the same one. */
  const singly = (renew: () => Promise<string>): Promise<string> => {
    underWay ??= renew().finally(() => (underWay = null));
    return underWay;
  };

  const grant = async (way: RenewalWay, call: CallContext): Promise<string> => {
    const { values, version } = await world.credentials.read();
    const held = heldIn(values, settings);
    const token = way === 'refresh' && held !== null ? await refreshed(auth, held, call) : null;
    const granted = token ?? (await loggedIn(auth, values, call));
    const kept = keep(values, granted, settings, world.now());
    if (await world.credentials.replace(kept, version)) return granted.token;
    // Somebody renewed or edited the credentials meanwhile; where the warehouse takes a refresh token once only, theirs is the one.
    return heldIn((await world.credentials.read()).values, settings)?.token ?? granted.token;
  };

  return {
    async current(call) {
      const held = heldIn((await world.credentials.read()).values, settings);
      if (held === null) return singly(() => grant('login', call));
      if (world.now() < held.renewAt) return held.token;
      const renewal = singly(() => grant('refresh', call));
      if (world.now() >= held.expiresAt) return renewal;
      // Still good for a while: trouble with the renewal is no reason to hold up an order.
      return renewal.catch(() => held.token);
    },
    async instead(refused, way, call) {
      const held = heldIn((await world.credentials.read()).values, settings);
      if (held !== null && held.token !== refused) return held.token;
      return singly(() => grant(way, call));
    },
  };
}

type Grant = z.infer<typeof grantSchema>;

/** @returns null when the refresh token is not taken (any more): then a login is the way. */
async function refreshed({ post, now }: Auth, held: Held, call: CallContext): Promise<Grant | null> {
  if (held.refreshToken === '') return null;
  const answer = await post('wms/auth/refresh/', { refresh_token: held.refreshToken }, call);
  if ([400, 401, 403, 404].includes(answer.status)) return null;
  return readGrant(answer, now());
}

async function loggedIn(
  { post, now }: Auth,
  { username = '', password = '' }: Values,
  call: CallContext,
): Promise<Grant> {
  if (username === '' || password === '') {
    throw new PlatformFailure({
      kind: 'unauthorized',
      code: 'no_credentials',
      summary: 'The user name or password for the warehouse is missing.',
    });
  }
  return readGrant(await post('wms/auth/login/', { username, password }, call), now());
}

function readGrant(answer: HttpAnswer, now: number): Grant {
  if (answer.status < 200 || answer.status > 299) throw failureOf(answer, 'read', now);
  const body = readBody(answer);
  const parsed = grantSchema.safeParse(body.form === 'json' ? body.value : null);
  if (!parsed.success) throw unreadable(answer, 'read');
  return parsed.data;
}

function poster({ baseUrl, wmsCode, customerCode }: WmsSettings, { http }: AdapterWorld): Post {
  return async (path, body, { signal }) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-wms-code': wmsCode,
      'x-customer-code': customerCode,
    };
    try {
      const sent = { method: 'POST', url: baseUrl + path, headers, body: JSON.stringify(body) } as const;
      return await http({ ...sent, timeoutMs: AUTH_TIMEOUT_MS, signal, remote: 'The warehouse' });
    } catch (error) {
      // A login changes nothing there: a lost answer to it leaves nothing in doubt.
      if (error instanceof PlatformFailure && error.kind === 'unknown_outcome') {
        throw new PlatformFailure({
          kind: 'unavailable',
          code: error.code,
          summary: `The warehouse did not answer our login (${error.code ?? 'lost'}).`,
        });
      }
      throw error;
    }
  };
}

function keep(values: Values, { token, refresh_token, iat, exp }: Grant, settings: WmsSettings, now: number): Values {
  const named = (exp ?? 0) - (iat ?? 0);
  // The life counts, on our own clock: the two clocks may be far apart.
  const lifeMs = (named > 0 ? named : USUAL_LIFE_SECONDS) * 1000;
  return {
    ...values,
    token,
    refreshToken: refresh_token ?? '',
    tokenRenewAt: String(now + lifeMs * RENEW_AFTER),
    tokenExpiresAt: String(now + lifeMs),
    tokenFor: accountOf(values, settings),
  };
}

function heldIn(values: Values, settings: WmsSettings): Held | null {
  const { token = '', refreshToken = '', tokenRenewAt, tokenExpiresAt, tokenFor } = values;
  if (token === '' || tokenFor !== accountOf(values, settings)) return null;
  return { token, refreshToken, renewAt: Number(tokenRenewAt ?? 0), expiresAt: Number(tokenExpiresAt ?? 0) };
}

/** A token belongs to one account at one address: after either was changed it must not be sent, least of all elsewhere. */
function accountOf({ username = '', password = '' }: Values, { baseUrl, wmsCode }: WmsSettings): string {
  return createHash('sha256').update([baseUrl, wmsCode, username, password].join('\n')).digest('hex').slice(0, 16);
}
