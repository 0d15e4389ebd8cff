import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Column<T> {
  readonly id: string;
  readonly head: ComponentChildren;
  readonly cell: (row: T) => ComponentChildren;
  /** `wide`: not on a phone; `end`: numbers; or a class with a width of its own. */
  readonly class?: string;
}

/** Each row of a virtual table has this height, as `.table.fixed td` says: 3.125rem. */
const ROW_PX = 50;
const BEYOND = 8;

interface TableProps<T> {
  /** For screen readers: what the table has. */
  readonly name: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly isSelected?: (row: T) => boolean;
}

/** A table whose rows are all there. For long lists: `VirtualTable`. */
export function Table<T>({ name, columns, rows, keyOf }: TableProps<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="table-frame" aria-label={`${name}, table`} tabIndex={0}>
      <table class="table" aria-label={name}>
        <Head columns={columns} />
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <Cells columns={columns} row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A table of which only the rows in sight are there. It scrolls by itself; `onEnd` is called as its end comes near. */
export function VirtualTable<T>({
  name,
  columns,
  rows,
  keyOf,
  isSelected,
  onEnd,
  onSight,
}: TableProps<T> & { readonly onEnd?: () => void; readonly onSight?: (rows: readonly T[]) => void }) {
  const frame = useRef<HTMLElement>(null);
  const [sight, setSight] = useState({ first: 0, last: 40 });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / ROW_PX) - BEYOND);
      const last = Math.ceil((element.scrollTop + element.clientHeight) / ROW_PX) + BEYOND;
      setSight((old) => (old.first === first && old.last === last ? old : { first, last }));
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const sized = new ResizeObserver(look);
    sized.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      sized.disconnect();
    };
  }, []);
  // Where the list became shorter, its end is in sight: rows that are gone would hold its place open.
  const first = Math.min(sight.first, Math.max(0, rows.length - (sight.last - sight.first)));
  const shown = rows.slice(first, sight.last);
  const keys = shown.map(keyOf).join('\n');
  useEffect(() => onSight?.(shown), [keys]);
  useEffect(() => {
    if (sight.last >= rows.length) onEnd?.();
  }, [sight.last, rows.length]);
  const after = rows.length - first - shown.length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="table-frame fills" ref={frame} aria-label={`${name}, table`} tabIndex={0}>
      <table class="table fixed" aria-label={name} aria-rowcount={rows.length + 1}>
        <Head columns={columns} />
        <tbody>
          <Spacer rows={first} />
          {shown.map((row, place) => (
            <tr key={keyOf(row)} aria-rowindex={first + place + 2} class={isSelected?.(row) ? 'selected' : ''}>
              <Cells columns={columns} row={row} />
            </tr>
          ))}
          <Spacer rows={after} />
        </tbody>
      </table>
    </section>
  );
}

function Head<T>({ columns }: { readonly columns: readonly Column<T>[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column.id} scope="col" class={column.class ?? ''}>
            {column.head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Cells<T>({ columns, row }: { readonly columns: readonly Column<T>[]; readonly row: T }) {
  return (
    <>
      {columns.map((column) => (
        <td key={column.id} class={column.class ?? ''}>
          {column.cell(row)}
        </td>
      ))}
    </>
  );
}

/** In place of rows out of sight. Its height is set through the CSSOM, which the CSP allows. */
function Spacer({ rows }: { readonly rows: number }) {
  if (rows === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr class="spacer" aria-hidden="true">
      <td style={{ height: `${rows * ROW_PX}px` }} />
    </tr>
  );
}
