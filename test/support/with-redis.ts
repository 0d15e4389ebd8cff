/** Has the sources of the package for Redis loaded: `require`, by which core finds it, would load what was built, with a core of its own. */
import '@carillon/redis';
