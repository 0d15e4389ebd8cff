// A plugin of typedoc. Pages are named flat, and say once what they have in common with another page.

/** From what typedoc calls a module, its path, to the name of its page. */
const pages = {
  'core/src': 'core',
  'core/src/memory': 'core-memory',
  'coordinator/src': 'coordinator',
  'worker/src': 'worker',
  'worker/src/testing': 'worker-testing',
  'console/src': 'console',
  'nestjs/src': 'nestjs',
  'console/src/node': 'console-node',
  'carillon/src': 'carillon',
  'carillon/src/alerts': 'carillon-alerts',
  'carillon/src/metrics': 'carillon-metrics',
  'carillon/src/node-cron': 'carillon-node-cron',
  'carillon/src/opentelemetry': 'carillon-opentelemetry',
  'carillon/src/testing': 'carillon-testing',
  'carillon/src/local-redis': 'carillon-local-redis',
};

export function load(app) {
  app.converter.on('resolveBegin', ({ project }) => {
    for (const module of project.children) {
      if (!pages[module.name]) throw new Error(`no page is named for ${module.name}`);
      module.name = pages[module.name];
    }
  });
  app.converter.on('resolveEnd', ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      if (reflection.inheritedFrom || reflection.variant === 'reference') project.removeReflection(reflection);
    }
  });
}
