/** Loads the sources of the Redis package: `require`, with which core finds it, would load the build, with another core. */
import '@carillon/redis';
