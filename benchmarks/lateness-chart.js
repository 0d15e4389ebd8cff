const SIZE = { width: 900, height: 420 };
const PANEL = { top: 96, width: 350, height: 250, lefts: [78, 524] };
const PANELS = [
  { figure: 'p50', title: 'Half of the runs begin no later than this' },
  { figure: 'p99', title: '99 of 100 runs begin no later than this' },
];
const SERIES = ['a', 'b', 'c'];

/** In light and in dark: the colours around the image are not known, but the colour scheme that its reader prefers is. */
const STYLE = `
  :root { --text: #24292f; --faint: #6e7781; --grid: #d8dee4; --ground: #ffffff; --a: #0550ae; --b: #bc4c00; --c: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    :root { --text: #e6edf3; --faint: #9198a1; --grid: #3d444d; --ground: #0d1117; --a: #79c0ff; --b: #ffa657; --c: #7ee787; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--text); }
  .faint { fill: var(--faint); font-size: 12px; }
  .title { font-weight: 600; }
  .ground { fill: var(--ground); }
  .grid { stroke: var(--grid); }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
  .point { stroke-width: 2; }
${SERIES.map((name) => `  .${name} { stroke: var(--${name}); } .${name}.kept { fill: var(--${name}); } .${name}.lost { fill: var(--ground); }`).join('\n')}
`;

/** Draws how late runs begin under each load. @param ceiling what the benchmark of this name found */
export function latenessChart({ steps, ceilings }) {
  const contenders = ceilings.map(({ what, load }, index) => ({
    what,
    ceiling: load,
    series: SERIES[index],
    steps: oneALoad(steps.filter((step) => step.what === what)),
  }));
  const scale = scales(contenders.flatMap((one) => one.steps));
  const { width, height } = SIZE;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label(contenders)}">
<style>${STYLE}</style>
<rect class="ground" width="${width}" height="${height}"/>
<text class="title" x="16" y="28">How late runs begin, by how many a second are asked for</text>
${contenders.map(legend).join('\n')}
${PANELS.map((panel, index) => drawn(panel, PANEL.lefts[index], scale, contenders)).join('\n')}
<text class="faint" x="16" y="${height - 12}">Full points: it keeps up. Hollow ones: it does not. Both scales are logarithmic.</text>
</svg>
`;
}

/** Keeps the last of the steps with the same load: the earlier ones were tries. */
function oneALoad(steps) {
  return [...new Map(steps.map((step) => [step.load, step])).values()].sort((a, b) => a.load - b.load);
}

const shown = (number) => number.toLocaleString('en-US');
const says = ({ what, ceiling }) => `${what}: up to ${shown(ceiling)} a second`;
const label = (contenders) => `Lateness against load. ${contenders.map(says).join('. ')}.`;

function legend({ what, ceiling, series }, index) {
  const x = 16 + index * 285;
  return `<line class="line ${series}" x1="${x}" y1="52" x2="${x + 26}" y2="52"/><circle class="point ${series} kept" cx="${x + 13}" cy="52" r="4"/><text x="${x + 34}" y="56">${says({ what, ceiling })}</text>`;
}

/** Logarithmic scales: from a load to its share of the width, and from ms to their share of the height. */
function scales(steps) {
  const loads = steps.map(({ load }) => load);
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const top = 10 ** Math.ceil(Math.log10(Math.max(10, ...steps.map(({ p99 }) => p99 ?? 0))));
  const share = (value, from, to) => (from === to ? 0.5 : Math.log(value / from) / Math.log(to / from));
  return {
    x: (load) => share(load, least, most),
    y: (ms) => share(Math.max(1, ms), 1, top),
    loads: TICKS.filter((load) => load >= least && load <= most),
    instants: Array.from({ length: Math.log10(top) + 1 }, (_, power) => 10 ** power),
  };
}

const TICKS = Array.from({ length: 12 }, (_, power) => 125 * 2 ** power);

function drawn({ figure, title }, left, scale, contenders) {
  const { top, width, height } = PANEL;
  const x = (load) => round(left + scale.x(load) * width);
  const y = (ms) => round(top + height - scale.y(ms) * height);
  const across = scale.instants.map(
    (ms) =>
      `<line class="grid" x1="${left}" y1="${y(ms)}" x2="${left + width}" y2="${y(ms)}"/><text class="faint" text-anchor="end" x="${left - 8}" y="${y(ms) + 4}">${shown(ms)} ms</text>`,
  );
  const below = scale.loads.map(
    (load) =>
      `<line class="grid" x1="${x(load)}" y1="${top + height}" x2="${x(load)}" y2="${top + height + 5}"/><text class="faint" text-anchor="middle" x="${x(load)}" y="${top + height + 20}">${shown(load)}</text>`,
  );
  const lines = contenders.map(({ series, steps }) => {
    const seen = steps.filter((step) => step[figure] !== null);
    const points = seen.map((step) => [x(step.load), y(step[figure]), step.keptUp ? 'kept' : 'lost']);
    const circles = points.map(
      ([cx, cy, kept]) => `<circle class="point ${series} ${kept}" cx="${cx}" cy="${cy}" r="4"/>`,
    );
    return `<polyline class="line ${series}" points="${points.map(([cx, cy]) => `${cx},${cy}`).join(' ')}"/>${circles.join('')}`;
  });
  return [
    `<text class="title" x="${left}" y="${top - 14}">${title}</text>`,
    ...across,
    ...below,
    ...lines,
    `<text class="faint" text-anchor="end" x="${left + width}" y="${top + height + 38}">runs a second asked for</text>`,
  ].join('\n');
}

const round = (number) => Number(number.toFixed(1));
