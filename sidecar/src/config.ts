/** Every setting of the sidecar, in one table: read and checked here once, printed in docs/settings.md from here. */
import { z } from 'zod';
import type { Retention } from './domain/retention.js';

const DAY_MS = 24 * 3_600_000;

const days = z.coerce.number().positive().max(36_500);
const port = z.coerce.number().int().min(0).max(65_535);
const safeUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => url.startsWith('https:') || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(url));
const publicUrl = safeUrl.transform((url) => url.replace(/\/+$/, ''));

/** Never told in a sentence, a log line or a page: it holds a password. */
const databaseUrl = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
});

interface Setting {
  schema: z.ZodType;
  /** As it would be written in the environment; null when there is none. */
  fallback: string | null;
  about: string;
  /** Completes "TALLYMAN_PORT has to be ...". */
  expects: string;
  example: string;
}

export const SETTINGS = {
  TALLYMAN_DATA_DIR: {
    schema: z.string().min(1),
    fallback: './tallyman-data',
    about:
      'Folder of the SQLite database, the key file and the token file; each sidecar has its own. Made when it is missing, readable by its user alone.',
    expects: 'the path of a folder',
    example: '/var/lib/tallyman',
  },
  TALLYMAN_DATABASE_URL: {
    schema: databaseUrl,
    fallback: null,
    about:
      'PostgreSQL database that several sidecars share ([when and how](postgresql.md)). Without it the database is one SQLite file in the data folder, for one sidecar.',
    expects: 'an address that starts with postgres:// or postgresql:// and names a database',
    example: '`postgres://tallyman:password@db.example:5432/tallyman`',
  },
  TALLYMAN_HOST: {
    schema: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')]),
    fallback: '127.0.0.1',
    about: 'Address to listen on. Keep the loopback and put a TLS proxy in front: the sidecar speaks plain HTTP.',
    expects: 'an IP address to listen on, or localhost',
    example: '127.0.0.1',
  },
  TALLYMAN_PORT: {
    schema: port,
    fallback: '7890',
    about: 'Port to listen on. 0 takes a free one and prints it.',
    expects: 'a number from 0 to 65535',
    example: '7890',
  },
  TALLYMAN_PUBLIC_URL: {
    schema: publicUrl,
    fallback: null,
    about:
      'Address under which the warehouse reaches the sidecar, for webhooks. Without it nothing is registered there and the warehouse is polled every 5 minutes.',
    expects: 'an https:// address (http:// only for this machine itself)',
    example: 'https://tallyman.example.com',
  },
  TALLYMAN_SECRET_KEY: {
    schema: z
      .string()
      .refine((text) => /^[0-9a-f]{64}$/i.test(text.trim()) || Buffer.from(text, 'base64').length === 32),
    fallback: null,
    about:
      'Key that seals the credentials in the database: 32 bytes. Without it the sidecar makes one and keeps it in `secret.key` in the data folder. Losing it means entering the credentials again.',
    expects: '32 bytes, written as 64 hex digits or in base64',
    example: 'output of `openssl rand -hex 32`',
  },
  TALLYMAN_SECRET_KEY_OLD: {
    schema: z
      .string()
      .refine((text) => /^[0-9a-f]{64}$/i.test(text.trim()) || Buffer.from(text, 'base64').length === 32),
    fallback: null,
    about: 'The key before, while keys are changed: it opens what it sealed, and seals nothing new.',
    expects: '32 bytes, written as 64 hex digits or in base64',
    example: 'the former TALLYMAN_SECRET_KEY',
  },
  TALLYMAN_ALERT_QUEUE_DEPTH: {
    schema: z.coerce.number().int().min(1),
    fallback: '1000',
    about: 'An alert opens when more jobs than this wait at one connection.',
    expects: 'a whole number from 1',
    example: '5000',
  },
  TALLYMAN_ALERT_OLDEST_MINUTES: {
    schema: z.coerce.number().min(1),
    fallback: '15',
    about: 'An alert opens when the oldest job of a connection that works has been waiting for longer than this.',
    expects: 'a number of minutes, at least 1',
    example: '30',
  },
  TALLYMAN_ALERT_LATE_JOBS: {
    schema: z.coerce.number().int().min(1),
    fallback: '10',
    about: 'An alert opens when this many jobs of a shop are past the time they should be done by.',
    expects: 'a whole number from 1',
    example: '1',
  },
  TALLYMAN_ALERT_WEBHOOK_URL: {
    schema: safeUrl,
    fallback: null,
    about:
      'Address that is told when an alert opens and when it is over ([what it gets](metrics.md#alerts)). Shops are told through their plugin in any case.',
    expects: 'an https:// address (http:// only for this machine itself)',
    example: 'https://ops.example.com/tallyman',
  },
  TALLYMAN_ALERT_WEBHOOK_SECRET: {
    schema: z.string().regex(/^whsec_[A-Za-z0-9+/=]{22,}$/),
    fallback: null,
    about: 'What calls to TALLYMAN_ALERT_WEBHOOK_URL are signed with (Standard Webhooks). Needed with that address.',
    expects: 'whsec_ and at least 16 bytes in base64',
    example: '`whsec_` and the output of `openssl rand -base64 32`',
  },
  TALLYMAN_RETENTION_DONE_JOBS_DAYS: {
    schema: days,
    fallback: '7',
    about: 'How long jobs that ended by themselves are kept. What a person ended stays.',
    expects: 'a number of days above 0, fractions too',
    example: '30',
  },
  TALLYMAN_RETENTION_ACTIVITY_DAYS: {
    schema: days,
    fallback: '365',
    about: 'How long it is kept who did what, and when.',
    expects: 'a number of days above 0, fractions too',
    example: '730',
  },
  TALLYMAN_RETENTION_DELIVERY_BODIES_DAYS: {
    schema: days,
    fallback: '30',
    about: 'How long the bodies of webhooks and hand-overs are kept, to be worked through again if need be.',
    expects: 'a number of days above 0, fractions too',
    example: '14',
  },
  TALLYMAN_RETENTION_DELIVERY_KEYS_DAYS: {
    schema: days,
    fallback: '365',
    about: 'How long a webhook that comes again is known. Never shorter than its body is kept.',
    expects: 'a number of days above 0, fractions too',
    example: '365',
  },
  TALLYMAN_RETENTION_RECORD_BODIES_DAYS: {
    schema: days,
    fallback: '90',
    about: 'How long what is known of an order is kept after it has ended on both sides. Ids and mappings stay.',
    expects: 'a number of days above 0, fractions too',
    example: '180',
  },
  TALLYMAN_METRICS: {
    schema: z.enum(['token', 'open', 'off']),
    fallback: 'token',
    about:
      '`/metrics` for Prometheus: for tokens with the role viewer (each sees its own organisation), open to whoever reaches the port, or off.',
    expects: 'one of token, open, off',
    example: 'open',
  },
  TALLYMAN_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: 'info',
    about: 'How much is logged, as lines of JSON on standard output. Bodies and secrets are never logged.',
    expects: 'one of debug, info, warn, error, silent',
    example: 'info',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export interface Config {
  dataDir: string;
  /** Holds a password; null means SQLite in the data folder. */
  databaseUrl: string | null;
  host: string;
  port: number;
  publicUrl: string | null;
  secretKey: string | null;
  secretKeyOld: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  alerts: {
    queueDepth: number;
    oldestWaitingMs: number;
    lateJobs: number;
    webhook: { url: string; secret: string } | null;
  };
  metrics: 'token' | 'open' | 'off';
  retention: Retention;
  /** Sentences about settings that do not exist: a misspelt one would silently leave the default standing. */
  warnings: string[];
}

export class SettingsFailure extends Error {
  /** One sentence a setting. */
  readonly sentences: readonly string[];
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'SettingsFailure';
    this.sentences = sentences;
  }
}

/** @throws SettingsFailure that names every setting that is wrong, never the value of a secret. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const wrong: string[] = [];
  const read = <Name extends SettingName>(name: Name): z.output<(typeof SETTINGS)[Name]['schema']> | null => {
    const { schema, fallback, expects } = SETTINGS[name];
    const text = env[name]?.trim() || fallback;
    if (text === null) return null;
    const parsed = schema.safeParse(text);
    if (!parsed.success) wrong.push(`${name} has to be ${expects}.`);
    return (parsed.success ? parsed.data : null) as z.output<(typeof SETTINGS)[Name]['schema']> | null;
  };
  const config = {
    dataDir: read('TALLYMAN_DATA_DIR') ?? '',
    databaseUrl: read('TALLYMAN_DATABASE_URL'),
    host: read('TALLYMAN_HOST') ?? '',
    port: read('TALLYMAN_PORT') ?? 0,
    publicUrl: read('TALLYMAN_PUBLIC_URL'),
    secretKey: read('TALLYMAN_SECRET_KEY'),
    secretKeyOld: read('TALLYMAN_SECRET_KEY_OLD'),
    logLevel: read('TALLYMAN_LOG_LEVEL') ?? 'info',
    alerts: {
      queueDepth: read('TALLYMAN_ALERT_QUEUE_DEPTH') ?? 0,
      oldestWaitingMs: (read('TALLYMAN_ALERT_OLDEST_MINUTES') ?? 0) * 60_000,
      lateJobs: read('TALLYMAN_ALERT_LATE_JOBS') ?? 0,
      webhook: webhookOf(read('TALLYMAN_ALERT_WEBHOOK_URL'), read('TALLYMAN_ALERT_WEBHOOK_SECRET'), wrong),
    },
    metrics: read('TALLYMAN_METRICS') ?? 'token',
    retention: {
      doneJobsMs: (read('TALLYMAN_RETENTION_DONE_JOBS_DAYS') ?? 0) * DAY_MS,
      activityMs: (read('TALLYMAN_RETENTION_ACTIVITY_DAYS') ?? 0) * DAY_MS,
      deliveryBodyMs: (read('TALLYMAN_RETENTION_DELIVERY_BODIES_DAYS') ?? 0) * DAY_MS,
      dedupeKeyMs: (read('TALLYMAN_RETENTION_DELIVERY_KEYS_DAYS') ?? 0) * DAY_MS,
      recordBodyMs: (read('TALLYMAN_RETENTION_RECORD_BODIES_DAYS') ?? 0) * DAY_MS,
    },
    warnings: unknownSettings(env),
  };
  if (wrong.length > 0) throw new SettingsFailure(wrong);
  return config;
}

/** Unsigned, its receiver could not tell our word from anybody's. */
function webhookOf(url: string | null, secret: string | null, wrong: string[]): Config['alerts']['webhook'] {
  if (url === null) return null;
  if (secret !== null) return { url, secret };
  if (!wrong.some((sentence) => sentence.startsWith('TALLYMAN_ALERT_WEBHOOK_SECRET'))) {
    wrong.push('TALLYMAN_ALERT_WEBHOOK_SECRET has to be set together with TALLYMAN_ALERT_WEBHOOK_URL.');
  }
  return null;
}

function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>([...Object.keys(SETTINGS), ...ELSEWHERE]);
  return Object.keys(env)
    .filter((name) => name.startsWith('TALLYMAN_') && !known.has(name))
    .map((name) => `${name} is not a setting of Tallyman. The settings are listed in docs/settings.md.`);
}

/** Read by the tests and the demo, not by the sidecar. */
const ELSEWHERE = ['TALLYMAN_WORDPRESS_DIR', 'TALLYMAN_WOOCOMMERCE_DIR'] as const;

/** @returns docs/settings.md, whole. */
export function settingsPage(): string {
  const rows = Object.entries(SETTINGS).map(
    ([name, { about, fallback, expects, example }]) =>
      `| \`${name}\` | ${about} | ${fallback === null ? 'none' : `\`${fallback}\``} | ${expects} | ${example.includes('`') || example.includes(' ') ? example : `\`${example}\``} |`,
  );
  return [
    '# Settings of the sidecar',
    '',
    'All are read from the environment when the sidecar starts. None is needed: an empty environment works on one machine.',
    'A setting with a wrong value stops the start with a sentence that names it. A `TALLYMAN_` name that does not exist is named in the log and by `tallyman doctor`.',
    '',
    '| setting | what it does | default | value | example |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    'This page is made from the table in `sidecar/src/config.ts` (`tallyman settings`); a test compares the two.',
    '',
  ].join('\n');
}
