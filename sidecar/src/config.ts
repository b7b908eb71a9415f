/** Every setting of the sidecar, in one table: read and checked here once, printed in docs/settings.md from here. */
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const publicUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => url.startsWith('https:') || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(url))
  .transform((url) => url.replace(/\/+$/, ''));

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
      'Folder of the database, the key file and the token file. Made when it is missing, readable by its user alone.',
    expects: 'the path of a folder',
    example: '/var/lib/tallyman',
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
  host: string;
  port: number;
  publicUrl: string | null;
  secretKey: string | null;
  secretKeyOld: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
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
    host: read('TALLYMAN_HOST') ?? '',
    port: read('TALLYMAN_PORT') ?? 0,
    publicUrl: read('TALLYMAN_PUBLIC_URL'),
    secretKey: read('TALLYMAN_SECRET_KEY'),
    secretKeyOld: read('TALLYMAN_SECRET_KEY_OLD'),
    logLevel: read('TALLYMAN_LOG_LEVEL') ?? 'info',
    warnings: unknownSettings(env),
  };
  if (wrong.length > 0) throw new SettingsFailure(wrong);
  return config;
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
