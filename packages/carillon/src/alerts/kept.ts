import type { z } from 'zod';

/** What is kept in the job store, as it is in this process, and what of it is not written yet. */
export class Kept {
  readonly #fields: ReadonlyMap<string, string>;
  readonly #sections = new Map<string, Pick<Section<unknown>, 'entries'>>();
  #unwritten = new Map<string, string>();

  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
  }

  /** The fields that begin with a word and a blank. What cannot be read is removed. */
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

  /** All that is kept, by field. */
  get all(): ReadonlyMap<string, string> {
    const all = [...this.#sections].flatMap(([prefix, section]) =>
      section.entries().map(([key, value]) => [prefix + key, JSON.stringify(value)] as const),
    );
    return new Map(all);
  }

  /** Has all of it written: the job store has lost what was written before. */
  writeAll(): void {
    for (const [field, text] of this.all) this.#unwritten.set(field, text);
  }

  /** What is to be written, once. */
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
