# Carillon's servers: `docker build -t carillon .`, then `docker run carillon coordinator --help`.
FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/core/package.json packages/core/
COPY packages/coordinator/package.json packages/coordinator/
COPY packages/worker/package.json packages/worker/
COPY packages/carillon/package.json packages/carillon/

FROM manifests AS build
RUN npm install
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
RUN npm run build

FROM manifests
ENV NODE_ENV=production
RUN npm install --omit=dev && npm cache clean --force
COPY --from=build /app/packages/core/lua packages/core/lua
COPY --from=build /app/packages/core/dist packages/core/dist
COPY --from=build /app/packages/coordinator/dist packages/coordinator/dist
COPY --from=build /app/packages/worker/dist packages/worker/dist
COPY --from=build /app/packages/carillon/dist packages/carillon/dist
USER node
ENV CARILLON_HEALTH_SOCKET=/tmp/carillon.sock
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["node", "packages/carillon/dist/cli/main.js", "health"]
ENTRYPOINT ["node", "packages/carillon/dist/cli/main.js"]
