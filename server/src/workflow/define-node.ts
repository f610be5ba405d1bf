import type { Text } from '@lectern/contract/lang.ts';
import type { NodeContext, NodeResult } from './ports.ts';

/** Types of values as the workflow document names them (spec 4.3). */
export type ValueType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | 'arrayString'
  | 'arrayNumber'
  | 'arrayBoolean'
  | 'arrayObject'
  | 'arrayAny'
  | 'any'
  | 'chatHistory'
  | 'datasetQuote'
  | 'dynamic'
  | 'selectDataset'
  | 'selectApp';

/** What a node knows of one of its inputs, whatever the document says. */
export interface InputSpec {
  readonly valueType: ValueType;
  /** Taken when the resolved value is undefined or null. */
  readonly default?: unknown;
  /** The text is JSON: what is filled into it stays one value, whatever characters it has. */
  readonly template?: 'json';
}

export interface OutputSpec {
  readonly valueType: ValueType;
  /** `error` outputs are set by the engine when a node that catches errors fails. */
  readonly type?: 'static' | 'error';
}

interface Values {
  string: string;
  number: number;
  boolean: boolean;
  object: Record<string, unknown>;
  arrayString: unknown[];
  arrayNumber: unknown[];
  arrayBoolean: unknown[];
  arrayObject: unknown[];
  arrayAny: unknown[];
  any: unknown;
  chatHistory: unknown;
  datasetQuote: unknown;
  dynamic: unknown;
  selectDataset: unknown;
  selectApp: unknown;
}

type InputsOf<I extends Record<string, InputSpec>> = {
  readonly [K in keyof I]: I[K] extends { readonly default: unknown }
    ? Values[I[K]['valueType']]
    : Values[I[K]['valueType']] | undefined;
};

/** A node type: everything the engine, the validation and the editor's palette know of it. */
export interface NodeDefinition {
  readonly type: string;
  readonly label: Text;
  /** A run starts at these nodes. */
  readonly entry?: boolean;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  /** May throw; an `AppError` keeps its name, anything else is reported as a bug. */
  run(context: NodeContext): NodeResult | Promise<NodeResult>;
}

/** Declares a node type; `context.inputs` is typed by the declared inputs. */
export function defineNode<const I extends Record<string, InputSpec>>(declared: {
  readonly type: string;
  readonly label: Text;
  readonly entry?: boolean;
  readonly inputs: I;
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  run(context: Omit<NodeContext, 'inputs'> & { inputs: InputsOf<I> }): NodeResult | Promise<NodeResult>;
}): NodeDefinition {
  return declared as NodeDefinition;
}
