import type { z } from 'zod';

/** The state that is kept in the job store, as this process has it, and the part that is not written yet. */
export class Kept {
  readonly #fields: ReadonlyMap<string, string>;
  readonly #sections = new Map<string, Pick<Section<unknown>, 'entries'>>();
  #unwritten = new Map<string, string>();

  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
  }

  /** Returns the fields that begin with a word and a blank. Fields that cannot be read are removed. */
  section<T>(word: string, schema: z.ZodType<T>): Section<T> {
    const prefix = `${word} `;
    const values = new Map<string, T>();
    for (const [field, text] of [...this.#fields].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (!field.startsWith(prefix)) continue;
      const { data, success } = schema.safeParse(jsonOf(text));
      if (success) values.set(field.slice(prefix.length), data);
      else this.#unwritten.set(field, '');
    }
    const section = new Section(values, (key, value) => {
      this.#unwritten.set(prefix + key, value === undefined ? '' : JSON.stringify(value));
    });
    this.#sections.set(prefix, section);
    return section;
  }

  /** The whole state, by field. */
  get all(): ReadonlyMap<string, string> {
    const all = [...this.#sections].flatMap(([prefix, section]) =>
      section.entries().map(([key, value]) => [prefix + key, JSON.stringify(value)] as const),
    );
    return new Map(all);
  }

  /** Marks all of it as not written: the job store has lost what was written before. */
  writeAll(): void {
    for (const [field, text] of this.all) this.#unwritten.set(field, text);
  }

  /** Returns the fields to write, and marks them as written. */
  takeUnwritten(): ReadonlyMap<string, string> {
    const taken = this.#unwritten;
    this.#unwritten = new Map();
    return taken;
  }
}

/** Values of one kind, by key. */
export class Section<T> {
  readonly #values: Map<string, T>;
  readonly #changed: (key: string, value: T | undefined) => void;

  constructor(values: Map<string, T>, changed: (key: string, value: T | undefined) => void) {
    this.#values = values;
    this.#changed = changed;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    this.#changed(key, value);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#changed(key, undefined);
  }

  entries(): readonly (readonly [string, T])[] {
    return [...this.#values];
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
