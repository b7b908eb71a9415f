import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { dependencyRule } from './sidecar/eslint-dependency-rule.ts';

const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];

const NO_ENUM = { selector: 'TSEnumDeclaration', message: 'A closed set is a union.' };

/** Now, ids and chance are handed in, so that a test or a simulation can hand in its own. */
const SIDECAR_SYNTAX = [
  NO_ENUM,
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the clock as an argument.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the clock as an argument.' },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Take chance as an argument.',
  },
  { selector: "CallExpression[callee.name='randomUUID']", message: 'Take ids as an argument.' },
];

export default defineConfig(
  {
    ignores: ['**/node_modules/', '**/dist/', 'plugin/', '**/coverage/', '**/test-results/', '**/playwright-report/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true, caughtErrors: 'none' },
      ],
      // The store port is asynchronous because PostgreSQL is; the memory and SQLite stores keep the signature without an await.
      '@typescript-eslint/require-await': 'off',
      // Ports are objects made by functions, not classes: taking a method out of one loses no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Numbers and unions in a sentence are safe; objects stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': ['error', NO_ENUM],
      // A function is one story: past this length it is two.
      'max-lines-per-function': ['warn', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['clearTimeout', 'console', 'performance', 'process', 'setTimeout', 'URL'].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    // wp-scripts reads its configuration as CommonJS.
    files: ['admin-ui/*.config.js'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
  },
  {
    files: ['sidecar/src/**/*.ts'],
    plugins: { tallyman: { rules: { 'dependency-rule': dependencyRule } } },
    rules: { 'tallyman/dependency-rule': 'error' },
  },
  {
    files: ['sidecar/src/{domain,queue,handlers,platforms,stores,secrets,http}/**/*.ts', 'sidecar/src/schedule.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...SIDECAR_SYNTAX],
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Outgoing HTTP goes through platforms/http.ts.' }],
    },
  },
  {
    // The one place that calls out, so that time limits, size limits and redaction are said once.
    files: ['sidecar/src/platforms/http.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['sidecar/src/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        // A hash is a pure function of its input; everything else of Node does I/O or keeps time.
        { patterns: [{ regex: '^node:(?!crypto$)', message: 'domain/ does no I/O.' }] },
      ],
    },
  },
  {
    files: ['admin-ui/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'sidecar/(?!src/http/api(\\.js|\\.ts)?$)',
              message: 'The screen knows the sidecar by the types of src/http/api.ts.',
            },
            {
              regex: 'sidecar/src/http/api',
              allowTypeImports: true,
              message: 'Types only: no code of the sidecar belongs in the browser.',
            },
            {
              regex: '^@wordpress/dataviews$',
              message:
                "Import '@wordpress/dataviews/wp': the plain entry needs script handles that WordPress before 6.8 lacks.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/test/**/*.ts', 'e2e/**/*.ts', 'sidecar/bench/**/*.ts'],
    rules: {
      // What a fake or an answer holds is said by the assertion that follows.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
    },
  },
);
