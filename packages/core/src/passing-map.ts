/**
 * A map of what comes and goes, such as the runs that are at work. Once it is empty it starts from the start: a table that a `Map` has
 * outgrown refers to the next one, and one that got old keeps all later ones, with what was in them, until V8 marks the whole heap.
 */
export class PassingMap<Key, Value> implements ReadonlyMap<Key, Value> {
  #map = new Map<Key, Value>();

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  set(key: Key, value: Value): this {
    this.#map.set(key, value);
    return this;
  }

  /** Returns whether the key was there. */
  delete(key: Key): boolean {
    const wasThere = this.#map.delete(key);
    if (wasThere && this.#map.size === 0) this.clear();
    return wasThere;
  }

  clear(): void {
    this.#map = new Map();
  }

  keys(): MapIterator<Key> {
    return this.#map.keys();
  }

  values(): MapIterator<Value> {
    return this.#map.values();
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#map.entries();
  }

  forEach(callback: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    this.#map.forEach(callback);
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#map.entries();
  }
}
