import { createHmac, randomUUID } from 'node:crypto';
import type { Stack } from '../stack/stack.ts';

export type Key = { readonly consumer: string; readonly secret: string };

/** A WooCommerce REST key of the administrator. */
export async function makeKey(stack: Stack, permissions: 'read' | 'read_write'): Promise<Key> {
  return stack.php<Key>(
    `global $wpdb;
    [ $consumer, $secret ] = [ 'ck_' . wc_rand_hash(), 'cs_' . wc_rand_hash() ];
    $wpdb->insert( $wpdb->prefix . 'woocommerce_api_keys', [
      'user_id' => 1, 'description' => 'Contract', 'permissions' => $args['permissions'], 'consumer_secret' => $secret,
      'consumer_key' => wc_api_hash( $consumer ), 'truncated_key' => substr( $consumer, -7 ),
    ] );
    return compact( 'consumer', 'secret' );`,
    { permissions },
  );
}

/** An address signed by OAuth 1.0a, which WooCommerce wants where there is no TLS. */
export function signed(
  stack: Stack,
  key: Key,
  method: string,
  path: string,
  query: Record<string, string> = {},
): string {
  const address = `${stack.url}/wp-json/wc/v3${path}`;
  const parameters: Record<string, string> = {
    ...query,
    oauth_consumer_key: key.consumer,
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_nonce: randomUUID(),
    oauth_signature_method: 'HMAC-SHA256',
  };
  const pairs = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name]!)}`);
  const text = [method, encode(address), encode(pairs.join('&'))].join('&');
  const signature = createHmac('sha256', `${key.secret}&`).update(text).digest('base64');
  return `${address}?${pairs.join('&')}&oauth_signature=${encode(signature)}`;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
