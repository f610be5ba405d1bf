/** A target and what was measured. */
export interface Check {
  name: string;
  target: string;
  measured: string;
  met: boolean;
}

/** What one part of the bench has to say. */
export interface Section {
  id: string;
  title: string;
  /** How it was measured, in one or two sentences. */
  method: string;
  columns: string[];
  rows: string[][];
  checks: Check[];
}

/** How large the runs are. */
export interface Scale {
  quick: boolean;
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
export const mb = (value: number) => `${Math.round(value)} MB`;
export const times = (value: number) => `${value.toFixed(2)}×`;
