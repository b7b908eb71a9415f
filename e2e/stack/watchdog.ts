import { type ChildProcess, spawn } from 'node:child_process';

// Should this process be killed with -9, nobody is left to stop the servers it started and to
// delete its run folders. A small shell, reading a pipe that closes with us, does it then.
const SCRIPT = `
groups=""; folders=""
without() { kept=""; for each in $1; do [ "$each" = "$2" ] || kept="$kept $each"; done; echo "$kept"; }
while read -r word value; do
  case "$word" in
    watch) groups="$groups $value" ;;
    forget) groups=$(without "$groups" "$value") ;;
    folder) folders="$folders $value" ;;
    keep) folders=$(without "$folders" "$value") ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
for folder in $folders; do rm -rf -- "$folder"; done
`;

let shell: ChildProcess | undefined;

function tell(line: string): void {
  shell ??= startShell();
  shell.stdin?.write(`${line}\n`);
}

function startShell(): ChildProcess {
  const child = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  const pipe = child.stdin as unknown as { unref?: () => void } | null;
  pipe?.unref?.();
  return child;
}

export const watch = (groupId: number): void => tell(`watch ${groupId}`);
export const forget = (groupId: number): void => tell(`forget ${groupId}`);

/** The folder is deleted when this process ends in whatever way. Its path must not contain spaces. */
export const deleteAtEnd = (folder: string): void => tell(`folder ${folder}`);
export const alreadyDeleted = (folder: string): void => tell(`keep ${folder}`);
