import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheDir } from './cache.ts';
import { download } from './download.ts';
import { standInStore } from './stand-in-source.ts';
import { atLeast, newestFirst } from './versions.ts';

/** A WordPress tree and a WooCommerce folder that go together, and where they were found. */
export type StoreSource = {
  readonly kind: 'real' | 'stand-in';
  readonly wordpress: Tree;
  readonly woocommerce: Tree;
  readonly found: string;
};

export type Tree = { readonly dir: string; readonly version: string };

type Product = 'wordpress' | 'woocommerce';

/** `any` takes the stand-in when no real WooCommerce can be had. */
export type StoreWish = 'any' | 'real' | 'standin';

const DOWNLOADED_PAIR = { wordpress: '7.1', woocommerce: '11.0.1' } as const satisfies Record<Product, string>;

export async function findStore(wish: StoreWish, say: (line: string) => void): Promise<StoreSource> {
  const real = wish === 'standin' ? undefined : await findRealStore(say);
  if (real !== undefined) return real;
  if (wish === 'real') {
    throw new Error(
      'No real WooCommerce could be had. Put one into the cache folder ' +
        `(${cacheDir()}/wordpress-<version> and woocommerce-<version>), or name its folders in ` +
        'TALLYMAN_WORDPRESS_DIR and TALLYMAN_WOOCOMMERCE_DIR.',
    );
  }
  return standInStore(say);
}

let realStore: Promise<boolean> | undefined;

/** Looked for once a process: a machine without one would try the download again for each test. */
export function hasRealStore(): Promise<boolean> {
  return (realStore ??= findRealStore(() => undefined).then((found) => found !== undefined));
}

/** Folders named by the caller, then the cache, then wordpress.org; undefined when none of them has a store. */
async function findRealStore(say: (line: string) => void): Promise<StoreSource | undefined> {
  return fromNamedFolders() ?? fromCache() ?? (await fromDownload(say));
}

function fromNamedFolders(): StoreSource | undefined {
  const wordpressDir = process.env['TALLYMAN_WORDPRESS_DIR'];
  const woocommerceDir = process.env['TALLYMAN_WOOCOMMERCE_DIR'];
  if (!wordpressDir && !woocommerceDir) return undefined;
  if (!wordpressDir || !woocommerceDir) {
    throw new Error('TALLYMAN_WORDPRESS_DIR and TALLYMAN_WOOCOMMERCE_DIR have to be set together.');
  }
  const source: StoreSource = {
    kind: 'real',
    wordpress: readTree('wordpress', resolve(wordpressDir)),
    woocommerce: readTree('woocommerce', resolve(woocommerceDir)),
    found: 'in the folders named by TALLYMAN_WORDPRESS_DIR and TALLYMAN_WOOCOMMERCE_DIR',
  };
  refuseMismatch(source);
  return source;
}

/** The newest cached WooCommerce with the newest cached WordPress that it runs on, unless versions are asked for. */
function fromCache(): StoreSource | undefined {
  const found = `in the cache folder ${cacheDir()}`;
  for (const woocommerce of cachedTrees('woocommerce')) {
    for (const wordpress of cachedTrees('wordpress')) {
      if (!runsOn(woocommerce, wordpress)) continue;
      return { kind: 'real', wordpress, woocommerce, found };
    }
  }
  return undefined;
}

function cachedTrees(product: Product): readonly Tree[] {
  if (!existsSync(cacheDir())) return [];
  const wanted = wantedVersion(product);
  return readdirSync(cacheDir())
    .filter((folder) => folder.startsWith(`${product}-`))
    .filter((folder) => wanted === undefined || folder === `${product}-${wanted}`)
    .map((folder) => readTree(product, join(cacheDir(), folder)))
    .sort((one, other) => newestFirst(one.version, other.version));
}

function wantedVersion(product: Product): string | undefined {
  return process.env[`TALLYMAN_${product.toUpperCase()}_VERSION`] || undefined;
}

async function fromDownload(say: (line: string) => void): Promise<StoreSource | undefined> {
  try {
    const wordpress = await downloaded('wordpress', say);
    const woocommerce = await downloaded('woocommerce', say);
    const source: StoreSource = { kind: 'real', wordpress, woocommerce, found: 'by download from wordpress.org' };
    refuseMismatch(source);
    return source;
  } catch (error) {
    if (error instanceof MismatchedStore) throw error;
    say(`No real WooCommerce: ${(error as Error).message}`);
    return undefined;
  }
}

async function downloaded(product: Product, say: (line: string) => void): Promise<Tree> {
  const version = wantedVersion(product) ?? DOWNLOADED_PAIR[product];
  const dir = join(cacheDir(), `${product}-${version}`);
  if (!existsSync(dir)) {
    mkdirSync(cacheDir(), { recursive: true });
    say(`Downloading ${product} ${version} from wordpress.org into ${cacheDir()} ...`);
    await download({ url: zipAddress(product, version), folderInZip: product, targetDir: dir });
  }
  return readTree(product, dir);
}

const zipAddress = (product: Product, version: string): string =>
  product === 'wordpress'
    ? `https://downloads.wordpress.org/release/wordpress-${version}.zip`
    : `https://downloads.wordpress.org/plugin/woocommerce.${version}.zip`;

const VERSION_LINE = {
  wordpress: { file: 'wp-includes/version.php', pattern: /\$wp_version = '([^']+)'/ },
  woocommerce: { file: 'woocommerce.php', pattern: /^ \* Version: (.+)$/m },
} as const satisfies Record<Product, { file: string; pattern: RegExp }>;

export function readTree(product: Product, dir: string): Tree {
  const { file, pattern } = VERSION_LINE[product];
  if (!existsSync(join(dir, file))) throw new Error(`${dir} is no ${product}: it has no ${file}.`);
  const version = pattern.exec(readFileSync(join(dir, file), 'utf8'))?.[1]?.trim();
  if (version === undefined) throw new Error(`${join(dir, file)} states no version.`);
  return { dir, version };
}

class MismatchedStore extends Error {}

function refuseMismatch({ woocommerce, wordpress }: StoreSource): void {
  if (runsOn(woocommerce, wordpress)) return;
  throw new MismatchedStore(
    `WooCommerce ${woocommerce.version} wants WordPress ${requiredWordPress(woocommerce)} or newer, ` +
      `this one is ${wordpress.version}.`,
  );
}

const runsOn = (woocommerce: Tree, wordpress: Tree): boolean =>
  atLeast(wordpress.version, requiredWordPress(woocommerce));

function requiredWordPress(woocommerce: Tree): string {
  const header = readFileSync(join(woocommerce.dir, 'woocommerce.php'), 'utf8').slice(0, 4_000);
  return /^ \* Requires at least: (.+)$/m.exec(header)?.[1]?.trim() ?? '0';
}
