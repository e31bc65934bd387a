// The extension as it is shipped, in a stand-in for the editor: what it starts, what it says where there is nothing to
// start, what its commands run. The server is a small one that answers and writes down what it is told.

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import Module from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { Editor } from './editor';

const SERVER = `#!${process.execPath}
const fs = require('node:fs');
const note = text => fs.appendFileSync(__dirname + '/heard', text + '\\n');
note('started ' + process.argv.slice(2).join(' '));
let text = Buffer.alloc(0);
process.stdin.on('data', data => {
  text = Buffer.concat([text, data]);
  for (;;) {
    const head = /^Content-Length: (\\d+)\\r\\n(?:.*\\r\\n)*?\\r\\n/.exec(text.toString('latin1'));
    if (!head || text.length < head[0].length + Number(head[1])) return;
    const message = JSON.parse(text.subarray(head[0].length, head[0].length + Number(head[1])));
    text = text.subarray(head[0].length + Number(head[1]));
    note(message.method);
    if (message.method === 'exit') process.exit(0);
    if (message.id === undefined) continue;
    const result = message.method === 'initialize' ? { capabilities: {} } : null;
    const answer = JSON.stringify({ jsonrpc: '2.0', id: message.id, result });
    process.stdout.write('Content-Length: ' + Buffer.byteLength(answer) + '\\r\\n\\r\\n' + answer);
  }
});
`;

interface Extension {
  activate(context: { subscriptions: unknown[] }): Promise<void>;
  deactivate(): Promise<void>;
}

let scratch: string;
let editor: Editor;
let extension: Extension;

before(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rolec-'));
  fs.writeFileSync(path.join(scratch, 'rolec'), SERVER, { mode: 0o755 });
  const load = Module.createRequire(__filename);
  const loader = Module as unknown as { _load(name: string, ...rest: unknown[]): unknown };
  const original = loader._load.bind(Module);
  editor = new Editor();
  loader._load = (name, ...rest) => (name === 'vscode' ? editor.api : original(name, ...rest));
  extension = load(path.resolve('out/extension.js')) as Extension;
});
after(() => fs.rmSync(scratch, { recursive: true }));
beforeEach(() => {
  editor.reset(scratch);
  fs.rmSync(path.join(scratch, 'heard'), { force: true });
});

function heard(): string[] {
  const file = path.join(scratch, 'heard');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** What the server has heard, once it is that much; the server writes it down in its own time. */
async function hears(wanted: string[]): Promise<void> {
  for (let tries = 0; tries < 500 && heard().length < wanted.length; tries += 1) await setTimeout(10);
  assert.deepEqual(heard(), wanted);
}

test('it starts the server, restarts it on demand, and stops it', async () => {
  editor.settings['rolec.path'] = path.join(scratch, 'rolec');
  await extension.activate({ subscriptions: [] });
  assert.deepEqual(editor.errors, []);
  const start = ['started lsp', 'initialize', 'initialized'];
  await hears(start);
  await editor.commands.get('rolec.restart')?.();
  const again = [...start, 'shutdown', 'exit', ...start];
  await hears(again);
  await extension.deactivate();
  await hears([...again, 'shutdown', 'exit']);
});

test('where there is no program it says so once, and how to mend it', async () => {
  editor.settings['rolec.path'] = 'tools/rolec';
  editor.answer = 'Set its path';
  await extension.activate({ subscriptions: [] });
  assert.equal(editor.errors.length, 1);
  assert.match(editor.errors[0] ?? '', new RegExp(`no program .${path.join(scratch, 'tools', 'rolec')}`));
  assert.deepEqual(editor.executed, [['workbench.action.openSettings', 'rolec.path']]);
  await extension.deactivate();
  assert.deepEqual(heard(), []);
});

test('the lens of a test runs it, and no other of its policy', async () => {
  editor.settings['rolec.path'] = path.join(scratch, 'rolec');
  fs.mkdirSync(path.join(scratch, 'policy', 'sub'), { recursive: true });
  fs.writeFileSync(path.join(scratch, 'policy', 'rolec.toml'), '');
  await extension.activate({ subscriptions: [] });
  const uri = `file://${path.join(scratch, 'policy', 'sub', 'a.role')}`;
  await editor.commands.get('rolec.runTest')?.(uri, 'who "may"; rm -rf', 'acme');
  const folder = path.join(scratch, 'policy');
  assert.deepEqual(editor.tasks, [
    {
      name: 'acme: who "may"; rm -rf',
      program: path.join(scratch, 'rolec'),
      args: ['test', folder, '--org=acme', '--exact', '--filter=who "may"; rm -rf'],
      cwd: folder,
    },
  ]);
  await editor.commands.get('rolec.runTest')?.(uri);
  assert.equal(editor.tasks.length, 1);
  await extension.deactivate();
  await hears(['started lsp', 'initialize', 'initialized', 'shutdown', 'exit']);
});
