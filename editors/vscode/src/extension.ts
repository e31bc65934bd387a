// Starts `rolec lsp` and hands the editor over to it. Knows nothing of the language: what is right, what is shown and
// what is offered is the server's.

import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import { find, policyFolder, testArguments, testRun } from './program';

let client: LanguageClient | undefined;
let output: vscode.LogOutputChannel;
/** Starts and stops one after the other, however often they are asked for. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel('rolec', { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand('rolec.restart', restart),
    vscode.commands.registerCommand('rolec.output', () => output.show()),
    vscode.commands.registerCommand('rolec.runTest', runTest),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('rolec.path')) void restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void restart()),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  turn = turn.then(stop);
  await turn;
}

function restart(): Promise<void> {
  turn = turn.then(stop).then(start).catch(error => {
    output.error(String(error));
    void complain(`rolec: the language server did not start: ${String(error)}`);
  });
  return turn;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(): Promise<void> {
  const program = lookUp();
  if (!program) return;
  output.info(`starting ${program} lsp`);
  // Over stdio. Said as a transport, the client would add an argument of its own.
  const server: ServerOptions = { command: program, args: ['lsp'] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: 'file', language: 'role' },
      { scheme: 'untitled', language: 'role' },
    ],
    outputChannel: output,
  };
  client = new LanguageClient('rolec', 'rolec', server, options);
  await client.start();
}

/** The program that is configured; where there is none, says so and how to mend it. */
function lookUp(): string | undefined {
  const configured = vscode.workspace.getConfiguration('rolec').get<string>('path', 'rolec');
  const found = find(configured, workspaceFolder(), process.env);
  if ('path' in found) return found.path;
  output.error(found.missing);
  void complain(`rolec: ${found.missing}. Colours and snippets work without it, findings and all else do not.`);
  return undefined;
}

async function complain(message: string): Promise<void> {
  const settings = 'Set its path';
  const log = 'Show output';
  const chosen = await vscode.window.showErrorMessage(message, settings, log);
  if (chosen === settings) await vscode.commands.executeCommand('workbench.action.openSettings', 'rolec.path');
  if (chosen === log) output.show();
}

function workspaceFolder(uri?: vscode.Uri): string | undefined {
  const folder = uri ? vscode.workspace.getWorkspaceFolder(uri) : vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}

/** The server's lens above a test. `rolec test` runs this one, and says why where it fails. */
async function runTest(...values: unknown[]): Promise<void> {
  const test = testArguments(values);
  const program = lookUp();
  if (!test || !program) return;
  const uri = vscode.Uri.parse(test.uri);
  await vscode.workspace.saveAll(false);
  const folder = policyFolder(uri.fsPath, workspaceFolder(uri));
  const task = new vscode.Task(
    { type: 'rolec', command: 'test' },
    vscode.workspace.getWorkspaceFolder(uri) ?? vscode.TaskScope.Workspace,
    `${test.organization}: ${test.title}`,
    'rolec',
    new vscode.ProcessExecution(program, testRun(folder, test), { cwd: folder }),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true, showReuseMessage: false };
  await vscode.tasks.executeTask(task);
}
