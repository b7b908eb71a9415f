#!/usr/bin/env node
/** The one entry point. Nothing else may be imported before Node's version is known: the database's library crashes on older ones. */
import { nodeComplaint } from './cli/node-version.js';

const complaint = nodeComplaint(process.versions.node);
if (complaint === null) {
  const { tallyman } = await import('./cli/tallyman.js');
  process.exitCode = await tallyman(process.argv.slice(2));
} else {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}
