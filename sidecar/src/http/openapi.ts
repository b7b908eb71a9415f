/**
 * The management API as an OpenAPI document: paths, bodies and queries from the routes themselves, answers from the types in api.ts
 * (api-schemas.ts) by the table below. Answers get no schemas at the routes: those would cut fields the table forgot.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { API_SCHEMAS } from './api-schemas.js';
import type { Api } from './api-scope.js';

const PREFIX = '/api/v1';

interface Answer {
  about: string;
  /** A type of api.ts, or a list of rows of it; null for a few plain fields. */
  answers: string | readonly [row: string] | null;
  status?: 201;
  /** A type of api.ts that is answered with 200 beside it. */
  or?: string;
}

/** Every route of the management API. A test finds those that are missing here. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /capabilities': { about: 'Protocol, version, features, and the role of the caller.', answers: 'Capabilities' },
  'GET /openapi.json': { about: 'This document.', answers: null },
  'GET /overview': { about: 'How everything is: one call a refresh.', answers: 'Overview' },
  'GET /alerts': { about: 'What a person should know now, and what was over lately.', answers: 'AlertList' },
  'GET /jobs': { about: 'The queue, a page at a time.', answers: 'JobList' },
  'GET /jobs/{id}': { about: 'One job with its attempts and activity.', answers: 'JobDetail' },
  'GET /jobs/{id}/remote-check': { about: 'Whether the other side has it already.', answers: 'RemoteCheck' },
  'POST /jobs/{id}/actions': { about: 'Presses what the row of a job offers.', answers: 'JobDetail' },
  'GET /batches': { about: 'Presses on many jobs, newest first.', answers: 'BatchList' },
  'POST /batches': {
    about: 'Presses on all jobs that match, or says what that would do.',
    answers: 'BatchRow',
    status: 201,
    or: 'BatchDraft',
  },
  'GET /batches/{id}': { about: 'How far a batch is.', answers: 'BatchRow' },
  'POST /batches/{id}/stop': { about: 'Sets no more of its jobs going.', answers: 'BatchRow' },
  'POST /batches/{id}/resume': { about: 'Goes on where it was stopped.', answers: 'BatchRow' },
  'GET /failures': { about: 'Jobs that need attention, by kind, connection and cause.', answers: 'FailureList' },
  'GET /deliveries': { about: 'What came in, newest first.', answers: 'DeliveryList' },
  'GET /deliveries/{id}': { about: 'One delivery, and what became of it.', answers: 'DeliveryDetail' },
  'POST /deliveries/{id}/replay': { about: 'Works through a delivery again.', answers: 'ReplayAnswer' },
  'GET /platforms': { about: 'The form of each platform, as data.', answers: ['PlatformForm'] },
  'GET /connections': { about: 'Every connection the caller may see.', answers: ['ConnectionRow'] },
  'GET /connections/{id}': { about: 'One connection.', answers: 'ConnectionRow' },
  'POST /connections': { about: 'Connects a warehouse.', answers: 'ConnectionRow', status: 201 },
  'PUT /connections/{id}': {
    about: 'Changes a connection; an empty secret stays as it was.',
    answers: 'ConnectionRow',
  },
  'POST /connections/{id}/test': { about: 'Asks the other side and answers its words.', answers: 'TestAnswer' },
  'POST /connections/{id}/pause': { about: 'Its jobs wait.', answers: 'ConnectionRow' },
  'POST /connections/{id}/resume': { about: 'Its jobs go on.', answers: 'ConnectionRow' },
  'GET /connections/{id}/articles': { about: 'Products and their articles; open ones first.', answers: 'ArticleList' },
  'POST /connections/{id}/articles': { about: 'Matches a product with an article.', answers: 'ArticleList' },
  'GET /orders/{orderId}': { about: 'Where an order is, and why it was not sent.', answers: 'OrderView' },
  'POST /orders/{orderId}/send': { about: 'Sends an order although it is not due.', answers: 'OrderView' },
  'GET /schedules': { about: 'What is done by the clock.', answers: ['ScheduleRow'] },
  'POST /schedules/run': { about: 'Runs one now.', answers: null },
  'GET /tokens': { about: 'Tokens of this API, without the tokens themselves.', answers: null },
  'POST /tokens': { about: 'Makes a token; it is shown once.', answers: null },
  'DELETE /tokens/{id}': { about: 'Ends a token.', answers: null },
  'POST /pairing-codes': { about: 'A one-time code for pairing a shop.', answers: null },
};

interface Operation {
  summary?: string;
  responses?: object;
}
export interface OpenApiDocument {
  openapi: string;
  info: object;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
}

/** Before any route is added: it listens to them. */
export function openApi(server: FastifyInstance, version: string): void {
  void server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tallyman, management API',
        description: 'What the screen in wp-admin uses, for scripts as well. See docs/api.md.',
        version,
      },
      security: [{ token: [] }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Made by `tallyman token create`.' },
        },
      },
    },
    transform: (asked) => {
      // Doors for signed calls have a wire format of their own, and no caller who would read this.
      if (!asked.url.startsWith(`${PREFIX}/`)) return { schema: { ...asked.schema, hide: true }, url: asked.url };
      const { schema, url } = jsonSchemaTransform(asked);
      const role = asked.route.config?.role ?? 'viewer';
      return { schema: { ...(schema as object), description: `Needs the role "${role}".` }, url };
    },
  });
}

export function openApiRoutes(api: Api): void {
  let made: OpenApiDocument | null = null;
  api.get('/openapi.json', async () => (made ??= openApiDocument(api)));
}

/** @param server ready. */
export function openApiDocument(server: Pick<FastifyInstance, 'swagger'>): OpenApiDocument {
  const document = structuredClone(server.swagger()) as unknown as OpenApiDocument;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const answer = ANSWERS[`${method.toUpperCase()} ${path.slice(PREFIX.length)}`];
      operation.summary = answer?.about ?? '';
      operation.responses = responses(answer);
    }
  }
  document.components.schemas = { ...API_SCHEMAS };
  return document;
}

function responses(answer: Answer | undefined): object {
  const { answers = null, status = 200, or } = answer ?? {};
  return {
    ...(or === undefined ? {} : { 200: { description: 'Nothing was done.', content: json({ $ref: reference(or) }) } }),
    [status]: { description: 'Done.', content: json(schemaOf(answers)) },
    default: { description: 'Not done, and why.', content: json({ $ref: reference('ApiError') }) },
  };
}

function schemaOf(answers: Answer['answers']): object {
  if (answers === null) return { type: 'object' };
  if (typeof answers === 'string') return { $ref: reference(answers) };
  const rows = { type: 'array', items: { $ref: reference(answers[0]) } };
  return { type: 'object', properties: { rows }, required: ['rows'] };
}

const reference = (name: string): string => `#/components/schemas/${name}`;
const json = (schema: object) => ({ 'application/json': { schema } });
