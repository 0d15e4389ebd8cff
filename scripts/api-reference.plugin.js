// A plugin of typedoc. Page names have no folders, and what pages have in common is on one page only.

/** From the path of a module, its name in typedoc, to the name of its page. */
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
