# Carillon's servers: `docker build -t carillon .`, then `docker run carillon coordinator --help`.
FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/core/package.json packages/core/
COPY packages/redis/package.json packages/redis/
COPY packages/coordinator/package.json packages/coordinator/
COPY packages/worker/package.json packages/worker/
COPY packages/carillon/package.json packages/carillon/
COPY packages/console/package.json packages/console/
COPY packages/nestjs/package.json packages/nestjs/

FROM manifests AS build
RUN npm ci
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY scripts/build-page.js scripts/
RUN npm run build && chmod +x packages/carillon/dist/cli/main.js

FROM manifests
ENV NODE_ENV=production
# With prom-client, for --metrics-port: the root manifest names it.
# What npm keeps for the next time is removed in the same layer: no layer has it.
RUN npm ci --omit=dev \
  && rm -rf /root/.npm /tmp/node-compile-cache \
  && ln -s /app/packages/carillon/dist/cli/main.js /usr/local/bin/carillon
COPY --from=build /app/packages/core/dist packages/core/dist
COPY --from=build /app/packages/redis/lua packages/redis/lua
COPY --from=build /app/packages/redis/dist packages/redis/dist
COPY --from=build /app/packages/coordinator/dist packages/coordinator/dist
COPY --from=build /app/packages/worker/dist packages/worker/dist
COPY --from=build /app/packages/carillon/dist packages/carillon/dist
COPY --from=build /app/packages/console/dist packages/console/dist
USER node
ENV CARILLON_HEALTH_SOCKET=/tmp/carillon.sock
HEALTHCHECK --interval=10s --timeout=20s --start-period=30s CMD ["carillon", "health"]
ENTRYPOINT ["carillon"]
