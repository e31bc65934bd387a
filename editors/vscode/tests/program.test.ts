// Finding the program and the folder of a policy.

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';

import { find, policyFolder, testArguments } from '../src/program';

let scratch: string;
before(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rolec-'));
  fs.mkdirSync(path.join(scratch, 'bin'));
  fs.writeFileSync(path.join(scratch, 'bin', 'rolec'), '#!/bin/sh\n', { mode: 0o755 });
  fs.writeFileSync(path.join(scratch, 'bin', 'plain'), 'no program\n', { mode: 0o644 });
  fs.mkdirSync(path.join(scratch, 'work', 'policies', 'acme'), { recursive: true });
});
after(() => fs.rmSync(scratch, { recursive: true }));

test('a name is looked for on the PATH, and where cargo installs', () => {
  const bin = path.join(scratch, 'bin');
  const none = { CARGO_HOME: path.join(scratch, 'nowhere') };
  assert.deepEqual(find('rolec', undefined, { ...none, PATH: `/nowhere${path.delimiter}${bin}` }), { path: path.join(bin, 'rolec') });
  assert.deepEqual(find(' ', undefined, { PATH: '', CARGO_HOME: scratch }), { path: path.join(bin, 'rolec') });
  assert.deepEqual(find('rolec', undefined, { ...none, PATH: '' }), { missing: 'there is no `rolec` on the PATH' });
});

test('a path is taken as it is, or from the workspace folder', () => {
  const file = path.join(scratch, 'bin', 'rolec');
  assert.deepEqual(find(file, undefined, {}), { path: file });
  assert.deepEqual(find('bin/rolec', scratch, {}), { path: file });
  assert.deepEqual(find('./bin/../bin/rolec', scratch, {}), { path: file });
  const home = `~/${path.relative(os.homedir(), file)}`;
  assert.deepEqual(find(home, '/elsewhere', {}), { path: file });
});

test('what is no program is said with its whole path', () => {
  for (const name of ['plain', 'missing', '.']) {
    const found = find(`bin/${name}`, scratch, {});
    assert.ok('missing' in found && found.missing.includes(path.join(scratch, 'bin', name)), JSON.stringify(found));
  }
});

test('the nearest rolec.toml tells the policy, else the workspace', () => {
  const work = path.join(scratch, 'work');
  const file = path.join(work, 'policies', 'acme', 'a.role');
  assert.equal(policyFolder(file, work), work);
  assert.equal(policyFolder(file, undefined), path.dirname(file));
  fs.writeFileSync(path.join(work, 'policies', 'rolec.toml'), '');
  assert.equal(policyFolder(file, work), path.join(work, 'policies'));
});

test('only what the lens hands over is a test', () => {
  assert.deepEqual(testArguments(['file:///a.role', 'who', 'acme']), { uri: 'file:///a.role', title: 'who', organization: 'acme' });
  for (const wrong of [[], ['file:///a.role'], ['file:///a.role', 1, 'acme'], [null, 'who', 'acme']]) {
    assert.equal(testArguments(wrong), undefined);
  }
});
