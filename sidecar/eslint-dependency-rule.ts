import type { Rule } from 'eslint';
import { dirname, join, relative, sep } from 'node:path';
import { forbidden } from './dependency-rule.ts';

const SRC = join(import.meta.dirname, 'src');

function pathUnderSrc(path: string): string {
  return relative(SRC, path).split(sep).join('/').replace(/\.js$/, '.ts');
}

/** Reports an import under sidecar/src that dependency-rule.ts does not allow. */
export const dependencyRule: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], messages: { forbidden: '{{reason}}' } },
  create(context) {
    function check(node: Rule.Node & { source?: unknown }): void {
      const path = (node.source as { value?: unknown } | null | undefined)?.value;
      if (typeof path !== 'string' || !path.startsWith('.')) return;
      const imported = pathUnderSrc(join(dirname(context.filename), path));
      const reason = forbidden(pathUnderSrc(context.filename), imported);
      if (reason !== null) context.report({ node, messageId: 'forbidden', data: { reason } });
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
