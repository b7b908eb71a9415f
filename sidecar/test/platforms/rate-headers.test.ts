import { rateWord } from '../../src/platforms/rate-headers.js';

const NOW = Date.parse('2026-03-02T08:00:00Z');

test.each([
  [{ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '30' }, [100, 7, 30_000]],
  [{ 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(NOW / 1000 + 12) }, [null, 7, 12_000]],
  [{ 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(NOW + 1_500) }, [null, 7, 1_500]],
  [{ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '5' }, [100, 0, 5_000]],
  [{ ratelimit: 'limit=100, remaining=20, reset=30' }, [100, 20, 30_000]],
  [{ ratelimit: '"default";r=20;t=30', 'ratelimit-policy': '"default";q=100;w=60' }, [null, 20, 30_000]],
])('%j is understood', (headers, [limit, remaining, resetInMs]) => {
  expect(rateWord(headers, NOW)).toEqual({ limit, remaining, resetInMs });
});

test.each([
  [{}],
  [{ 'x-ratelimit-limit': '100' }],
  [{ 'x-ratelimit-remaining': 'plenty' }],
  [{ ratelimit: '"default"' }],
])('%j says nothing', (headers: Record<string, string>) => {
  expect(rateWord(headers, NOW)).toBeNull();
});
