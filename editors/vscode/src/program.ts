// Which program is started and where: without the editor's API, so that it is tested without an editor.

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** What `rolec.path` leads to. */
export type Found = { path: string } | { missing: string };

/** The file that a configured path names, or in words where it was looked for. */
export function find(configured: string, folder: string | undefined, environment: NodeJS.ProcessEnv): Found {
  const wanted = configured.trim() || 'rolec';
  const spelt = wanted === '~' || /^~[\\/]/.test(wanted) ? path.join(os.homedir(), wanted.slice(1)) : wanted;
  if (path.isAbsolute(spelt) || /[\\/]/.test(spelt)) {
    const full = path.resolve(folder ?? os.homedir(), spelt);
    const file = executable(full);
    return file ? { path: file } : { missing: `there is no program \`${full}\`` };
  }
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter).filter(Boolean);
  // What `cargo install` writes, where an editor was started without the shell's PATH.
  folders.push(path.join(environment['CARGO_HOME'] ?? path.join(os.homedir(), '.cargo'), 'bin'));
  for (const candidate of folders) {
    const file = executable(path.join(candidate, spelt));
    if (file) return { path: file };
  }
  return { missing: `there is no \`${spelt}\` on the PATH` };
}

function executable(file: string): string | undefined {
  const names = process.platform === 'win32' ? [file, `${file}.exe`] : [file];
  return names.find(name => {
    try {
      fs.accessSync(name, fs.constants.X_OK);
      return fs.statSync(name).isFile();
    } catch {
      return false;
    }
  });
}

/** The name of the file that marks the root of a policy. */
const CONFIG = 'rolec.toml';

/** The folder of the policy that a file belongs to: the nearest with a `rolec.toml`, else that of the workspace. */
export function policyFolder(file: string, workspace: string | undefined): string {
  const own = path.dirname(file);
  let folder = own;
  for (;;) {
    if (fs.existsSync(path.join(folder, CONFIG))) return folder;
    const above = path.dirname(folder);
    if (folder === workspace || above === folder) return workspace ?? own;
    folder = above;
  }
}

/** A test that the server's lens "run this test" names. */
export interface Test {
  uri: string;
  title: string;
  organization: string;
}

/** What that lens hands over; undefined where it is something else. */
export function testArguments(values: unknown[]): Test | undefined {
  const [uri, title, organization] = values;
  if (typeof uri !== 'string' || typeof title !== 'string' || typeof organization !== 'string') return undefined;
  return { uri, title, organization };
}

/** The arguments of `rolec` to run a test and no other, whatever its title begins with. */
export function testRun(folder: string, test: Test): string[] {
  return ['test', folder, `--org=${test.organization}`, '--exact', `--filter=${test.title}`];
}
