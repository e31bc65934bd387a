// The TextMate grammar on every policy of the repository: no word is left without a colour, and no region is left open.

import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';

import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type StateStack } from 'vscode-textmate';

const root = path.resolve('../..');

function* policies(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const below = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* policies(below);
    else if (entry.name.endsWith('.role')) yield below;
  }
}

test('every word of every policy has a colour, and every region ends', async () => {
  await loadWASM(fs.readFileSync('node_modules/vscode-oniguruma/release/onig.wasm'));
  const file = 'syntaxes/role.tmLanguage.json';
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: patterns => new OnigScanner(patterns),
      createOnigString: text => new OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(file, 'utf8'), file),
  });
  const grammar = await registry.loadGrammar('source.role');
  assert.ok(grammar);
  let words = 0;
  const files = [...policies(path.join(root, 'policies')), ...policies(path.join(root, 'tests', 'corpus'))];
  assert.ok(files.length > 25, `${files.length} policies only`);
  for (const file of files) {
    let state: StateStack = INITIAL;
    for (const [index, line] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      for (const token of tokens) {
        const text = line.slice(token.startIndex, token.endIndex);
        if (!/[A-Za-z0-9_]/.test(text)) continue;
        words += 1;
        assert.ok(token.scopes.length > 1, `${path.relative(root, file)}:${index + 1}: \`${text.trim()}\` has no colour`);
      }
    }
    assert.equal(state.depth, 1, `${path.relative(root, file)}: a region is open at its end`);
  }
  assert.ok(words > 3000, `${words} words only`);
});
