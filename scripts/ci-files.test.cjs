// The files that other people's CI reads: the hooks of pre-commit, the action, and the examples of docs/ci.md. They are
// parsed as YAML, held against each other, and the steps of the action are run in a scratch folder with a rolec and a
// cargo that write down how they were called.

'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { parse } = require('yaml');

const root = path.resolve(__dirname, '..');
const read = file => fs.readFileSync(path.join(root, file), 'utf8');
const yaml = text => parse(text, { strict: true, uniqueKeys: true });

const hooks = yaml(read('.pre-commit-hooks.yaml'));
const action = yaml(read('action.yml'));
const examples = [...read('docs/ci.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(match => yaml(match[1]));

test('the hooks are whole, and those of the example', () => {
  for (const hook of hooks) {
    assert.deepEqual(['id', 'name', 'language', 'entry', 'files'].filter(key => typeof hook[key] !== 'string'), [], hook.id);
    assert.equal(hook.language, 'rust');
    assert.equal(hook.entry.replace(' ', '-'), hook.id);
    const files = new RegExp(hook.files);
    assert.ok(files.test('policies/acme/people.role') && !files.test('README.md') && !files.test('roles'), hook.id);
    // What is read as a whole hears of its configuration too; what is written file by file gets the files.
    assert.equal(files.test('policies/rolec.toml'), hook.pass_filenames === false, hook.id);
  }
  const example = examples.find(example => example.repos);
  const named = example.repos[0].hooks.map(hook => hook.id);
  assert.deepEqual(named.toSorted(), hooks.map(hook => hook.id).toSorted());
});

test('the action uses the inputs that it declares, and its example no others', () => {
  const inputs = Object.keys(action.inputs).toSorted();
  const used = new Set([...JSON.stringify(action.runs).matchAll(/inputs\.([a-z-]+)/g)].map(match => match[1]));
  assert.deepEqual([...used].toSorted(), inputs);
  assert.equal(action.runs.using, 'composite');
  for (const step of action.runs.steps) {
    assert.ok(step.uses ? !step.run : step.run && step.shell === 'bash', step.name);
    // What a pull request may write never stands in a script: it goes there by the environment.
    assert.ok(!/\$\{\{/.test(step.run ?? ''), step.name);
  }
  const documented = [...read('docs/ci.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(match => match[1]);
  assert.deepEqual(documented.toSorted(), inputs);
  const example = examples.find(example => example.jobs);
  for (const step of example.jobs.roles.steps) {
    for (const input of Object.keys(step.with ?? {})) assert.ok(inputs.includes(input), input);
  }
});

/** Runs the shell steps of the action. Gives the calls, and the first status that is not 0. */
function run(given, status = 0) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rolec-'));
  try {
    const bin = path.join(scratch, 'temp', 'rolec', 'bin');
    const stand = `#!/bin/sh\nprintf '%s|' "$(basename "$0")" "$@" >> "${scratch}/calls"; echo >> "${scratch}/calls"\n`;
    fs.mkdirSync(path.join(scratch, 'path'));
    // `cargo install … --root ROOT` leaves a rolec there.
    const rolec = `${stand}echo "said by rolec"; case $1 in check) exit ${status};; esac\n`;
    fs.writeFileSync(path.join(scratch, 'rolec'), rolec, { mode: 0o755 });
    fs.writeFileSync(path.join(scratch, 'path', 'cargo'), `${stand}mkdir -p "${bin}"; cp "${scratch}/rolec" "${bin}/rolec"\n`, { mode: 0o755 });
    const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? input.default]));
    const filled = text => String(text)
      .replace(/\$\{\{ runner\.temp \}\}/g, path.join(scratch, 'temp'))
      .replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_, name) => inputs[name]);
    let failed = 0;
    for (const step of action.runs.steps.filter(step => step.run)) {
      if (failed || (step.if === "inputs.test == 'true'" && inputs.test !== 'true')) continue;
      const env = { PATH: `${path.join(scratch, 'path')}:${process.env.PATH}`, GITHUB_ACTION_PATH: '/action' };
      for (const [name, value] of Object.entries(step.env ?? {})) env[name] = filled(value);
      // As the runner starts `shell: bash`.
      const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], { cwd: scratch, env, encoding: 'utf8' });
      assert.equal(stderr, '', step.name);
      failed = status;
    }
    const sarif = inputs.sarif && fs.readFileSync(path.join(scratch, inputs.sarif), 'utf8');
    const calls = fs.readFileSync(path.join(scratch, 'calls'), 'utf8').trim().split('\n');
    return { calls: calls.slice(1), built: calls[0].replace(scratch, ''), failed, sarif };
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

test('the steps of the action build, check and test', () => {
  assert.deepEqual(run({}), {
    built: 'cargo|install|--locked|--path|/action|--root|/temp/rolec|',
    calls: ['rolec|check|--format|github|--|.|', 'rolec|test|--|.|'],
    failed: 0,
    sarif: '',
  });
  // What looks like shell is a path.
  const given = { paths: 'a.role\n  $(touch x) "b c"', 'deny-warnings': 'true', test: 'false' };
  assert.deepEqual(run(given).calls, ['rolec|check|--format|github|--deny|warnings|--|a.role|$(touch|x)|"b|c"|']);
});

test('findings fail the job, after the SARIF file is written; a failure of rolec fails it at once', () => {
  const found = run({ sarif: 'out.sarif' }, 1);
  assert.deepEqual(found.calls, ['rolec|check|--format|sarif|--|.|', 'rolec|check|--format|github|--|.|']);
  assert.deepEqual([found.failed, found.sarif], [1, 'said by rolec\n']);
  const broken = run({ sarif: 'out.sarif' }, 5);
  assert.deepEqual([broken.calls.length, broken.failed], [1, 1]);
});
