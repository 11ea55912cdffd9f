# Parley in one image. Alone:  docker run -p 8080:8080 -v parley:/data parley
# With stores of its own choice: -e DATABASE_URL=postgres://… -e REDIS_URL=redis://…   (see compose.yaml)
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/admin-ui/package.json apps/admin-ui/
RUN npm ci
COPY . .
RUN node scripts/build.mjs

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/admin-ui/package.json apps/admin-ui/
# The image has its own Node: the one among the packages is for machines with an older one.
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM ${NODE_IMAGE}
# PostgreSQL wants its user to have a name.
RUN groupadd --gid 10001 parley \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin parley \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/apps/admin-ui/dist apps/admin-ui/dist
COPY package.json LICENSE ./
COPY scripts scripts
ENV NODE_ENV=production PARLEY_DATA_DIR=/data HOST=0.0.0.0 PORT=8080
VOLUME /data
EXPOSE 8080
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "scripts/health.mjs"]
# Writes to /data and nowhere else: works with --read-only.
CMD ["node", "scripts/serve.mjs"]
