import { readFileSync } from 'node:fs';
import { DEFAULT_RETENTION } from '../../src/queue/services.js';
import { readConfig, SETTINGS, SettingsFailure, settingsPage } from '../../src/config.js';
import { nodeComplaint } from '../../src/cli/node-version.js';

const wrong = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof SettingsFailure) return error.sentences;
    throw error;
  }
  return [];
};

test('without any setting everything has a value', () => {
  expect(readConfig({})).toEqual({
    dataDir: './tallyman-data',
    databaseUrl: null,
    host: '127.0.0.1',
    port: 7890,
    publicUrl: null,
    secretKey: null,
    secretKeyOld: null,
    logLevel: 'info',
    alerts: { queueDepth: 1000, oldestWaitingMs: 900_000, lateJobs: 10, webhook: null },
    metrics: 'token',
    retention: DEFAULT_RETENTION,
    warnings: [],
  });
});

test.each([
  ['TALLYMAN_PORT', 'seventy'],
  ['TALLYMAN_PORT', '70000'],
  ['TALLYMAN_HOST', 'my host'],
  ['TALLYMAN_DATABASE_URL', 'mysql://tallyman:a-planted-secret@db/tallyman'],
  ['TALLYMAN_DATABASE_URL', 'postgres://tallyman:a-planted-secret@db'],
  ['TALLYMAN_PUBLIC_URL', 'tallyman.example.com'],
  ['TALLYMAN_PUBLIC_URL', 'http://tallyman.example.com'],
  ['TALLYMAN_SECRET_KEY', 'a-planted-secret'],
  ['TALLYMAN_LOG_LEVEL', 'loud'],
  ['TALLYMAN_ALERT_QUEUE_DEPTH', '-3'],
  ['TALLYMAN_ALERT_WEBHOOK_URL', 'http://ops.example'],
  ['TALLYMAN_ALERT_WEBHOOK_SECRET', 'a-planted-secret'],
  ['TALLYMAN_METRICS', 'public'],
])('%s=%s is refused with a sentence that names the setting and not its value', (name, value) => {
  const [sentence, ...others] = wrong({ [name]: value });
  expect(others).toEqual([]);
  expect(sentence).toMatch(new RegExp(`^${name} has to be .*\\.$`));
  expect(sentence).not.toContain(value);
});

test('all wrong settings are named at once', () => {
  expect(wrong({ TALLYMAN_PORT: 'x', TALLYMAN_LOG_LEVEL: 'x' })).toHaveLength(2);
});

test('an alert webhook is signed or not set', () => {
  const url = 'https://ops.example/hook/';
  expect(wrong({ TALLYMAN_ALERT_WEBHOOK_URL: url })).toEqual([
    expect.stringContaining('TALLYMAN_ALERT_WEBHOOK_SECRET'),
  ]);
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const set = { TALLYMAN_ALERT_WEBHOOK_URL: url, TALLYMAN_ALERT_WEBHOOK_SECRET: secret };
  expect(readConfig(set).alerts.webhook).toEqual({ url, secret });
});

test('an empty setting is as good as none', () => {
  expect(readConfig({ TALLYMAN_PORT: '', TALLYMAN_PUBLIC_URL: ' ' })).toMatchObject({ port: 7890, publicUrl: null });
});

test('a public address loses its trailing slash; http is good for this machine itself', () => {
  expect(readConfig({ TALLYMAN_PUBLIC_URL: 'https://t.example/' }).publicUrl).toBe('https://t.example');
  expect(readConfig({ TALLYMAN_PUBLIC_URL: 'http://127.0.0.1:7890' }).publicUrl).toBe('http://127.0.0.1:7890');
});

test('a misspelt setting is named', () => {
  expect(readConfig({ TALLYMAN_PROT: '1' }).warnings).toEqual([expect.stringContaining('TALLYMAN_PROT')]);
});

test('docs/settings.md is what the table says', () => {
  const page = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
  expect(page).toBe(settingsPage());
  for (const name of Object.keys(SETTINGS)) expect(page).toContain(`\`${name}\``);
});

test.each([
  ['20.20.2', true],
  ['22.0.0', false],
  ['24.9.0', false],
])('Node %s is complained about: %s', (version, complains) => {
  expect(nodeComplaint(version) !== null).toBe(complains);
});
