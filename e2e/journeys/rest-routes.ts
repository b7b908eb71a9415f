import type { Stack } from '../stack/stack.ts';
import type { Employee } from '../stack/staff.ts';

type Index = { readonly routes: Readonly<Record<string, { readonly methods: readonly string[] }>> };

const NAMESPACE = '/tallyman/v1';

/** "POST /pair" for every route and method the shop's REST index lists, with something in the place of each pattern. */
export async function namesOfRoutes(stack: Pick<Stack, 'url'>): Promise<readonly string[]> {
  const { routes } = (await (await fetch(`${stack.url}/wp-json${NAMESPACE}`)).json()) as Index;
  return Object.entries(routes)
    .filter(([route]) => route !== NAMESPACE)
    .flatMap(([route, { methods }]) => methods.map((method) => `${method} ${sampleOf(route)}`));
}

/** Patterns can hold brackets, so the two that there are are named. */
const sampleOf = (route: string): string =>
  route
    .slice(NAMESPACE.length)
    .replace(/\/proxy\(.*$/, '/proxy/api/v1/jobs')
    .replace(/\(\?P<id>[^)]*\)/, '1');

/** @returns the status. */
export async function tryRoute(person: Employee, route: string): Promise<number> {
  const [method, path] = route.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE', string];
  const refusal = await person.rest(method, `${NAMESPACE}${path}`, BODY).then(
    () => 'answered 200',
    (error: Error) => error.message,
  );
  return Number(/answered (\d+)/.exec(refusal)?.[1]);
}

/** Enough for every route, so that what is refused is the person and not the question. */
const BODY = { sidecar_url: 'http://127.0.0.1:1', code: 'x', store_code: 'OAK' };
