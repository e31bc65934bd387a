// A stand-in for the editor: what the extension itself uses is written out, and remembers what was asked of it. The
// client for language servers uses far more; what it finds here beyond that is a class that does nothing.

import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Command = (...values: unknown[]) => unknown;

export interface Run {
  name: string;
  program: string;
  args: string[];
  cwd: string;
}

export class Editor {
  settings: Record<string, string> = {};
  errors: string[] = [];
  /** What the person chooses in a message. */
  answer: string | undefined;
  executed: unknown[][] = [];
  tasks: Run[] = [];
  readonly commands = new Map<string, Command>();
  readonly api: object;
  private folder = '/';

  constructor() {
    this.api = anything(this.surface());
  }

  reset(folder: string): void {
    this.folder = folder;
    this.settings = {};
    this.errors = [];
    this.answer = undefined;
    this.executed = [];
    this.tasks = [];
    this.commands.clear();
  }

  private surface(): Record<string, unknown> {
    const uri = (file: string) => ({ scheme: 'file', fsPath: file, toString: () => String(pathToFileURL(file)) });
    const workspaceFolder = () => ({ uri: uri(this.folder), name: path.basename(this.folder), index: 0 });
    class Task {
      presentationOptions = {};
      constructor(readonly definition: object, readonly scope: unknown, readonly name: string, readonly source: string, readonly execution: { program: string; args: string[]; options: { cwd: string } }) {}
    }
    class ProcessExecution {
      constructor(readonly program: string, readonly args: string[], readonly options: { cwd: string }) {}
    }
    class EventEmitter<T> {
      private readonly listeners = new Set<(event: T) => void>();
      readonly event = (listener: (event: T) => void) => {
        this.listeners.add(listener);
        return { dispose: () => this.listeners.delete(listener) };
      };
      fire(event: T) {
        for (const listener of this.listeners) listener(event);
      }
      dispose() {}
    }
    return {
      EventEmitter,
      Task,
      ProcessExecution,
      TaskScope: { Workspace: 2 },
      TaskRevealKind: { Always: 1 },
      Uri: { parse: (text: string) => uri(fileURLToPath(text)), file: uri },
      env: anything({ language: 'en', appName: 'stand-in' }),
      version: '1.91.0',
      window: anything({
        createOutputChannel: () => anything({ info() {}, error() {}, show() {}, dispose() {}, logLevel: 3, name: 'rolec' }),
        showErrorMessage: async (message: string) => {
          this.errors.push(message);
          return this.answer;
        },
        visibleTextEditors: [],
        tabGroups: anything({ all: [] }),
        activeTextEditor: undefined,
      }),
      workspace: anything({
        getConfiguration: (section?: string) => anything({
          get: (name: string, without: unknown) => this.settings[[section, name].filter(Boolean).join('.')] ?? without,
        }),
        getWorkspaceFolder: workspaceFolder,
        get workspaceFolders() {
          return [workspaceFolder()];
        },
        saveAll: async () => true,
        textDocuments: [],
        notebookDocuments: [],
      }),
      commands: anything({
        registerCommand: (name: string, command: Command) => {
          this.commands.set(name, command);
          return { dispose: () => this.commands.delete(name) };
        },
        executeCommand: async (...call: unknown[]) => void this.executed.push(call),
      }),
      tasks: anything({
        executeTask: async ({ name, execution }: Task) => {
          const { program, args, options } = execution;
          this.tasks.push({ name, program, args, cwd: options.cwd });
        },
      }),
    };
  }
}

/** What is written out, and for any other name a class, a function and a namespace in one that does nothing. */
function anything<T extends object>(known: T): T {
  return new Proxy(known, {
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol' || name === 'then') return Reflect.get(target, name, receiver);
      const nothing = nobody();
      Object.defineProperty(target, name, { value: nothing, configurable: true });
      return nothing;
    },
  });
}

function nobody(): object {
  class Nobody {
    dispose() {}
    static dispose() {}
  }
  return new Proxy(Nobody, {
    apply: () => anything({ dispose() {} }),
    get(target, name, receiver) {
      if (name in target || typeof name === 'symbol' || name === 'then') return Reflect.get(target, name, receiver);
      const below = nobody();
      Object.defineProperty(target, name, { value: below, configurable: true });
      return below;
    },
  });
}
