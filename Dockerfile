# syntax=docker/dockerfile:1

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY src src
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -q -DskipTests package dependency:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory=target/lib \
 && mkdir -p /image/lib \
 && cp target/lib/*.jar /image/lib/ \
 && cp target/original-slipway.jar /image/slipway.jar

FROM eclipse-temurin:25-jre AS train
WORKDIR /opt/slipway
COPY --from=build /image/ ./
# A short life with a database of its own, so that the JVM remembers what it loaded. The class path
# has to be the same, to the letter, as when it runs.
RUN java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:AOTCacheOutput=slipway.aot -cp "slipway.jar:lib/*" dev.slipway.cli.Main train

FROM eclipse-temurin:25-jre
# The first process of a container inherits what commands leave behind; Java would never reap it
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 slipway \
 && useradd --system --uid 10001 --gid slipway --home-dir /data --no-create-home slipway \
 && install -d -o slipway -g slipway -m 0700 /data
WORKDIR /opt/slipway
COPY --from=train /opt/slipway/lib ./lib
COPY --from=train /opt/slipway/slipway.jar /opt/slipway/slipway.aot ./
COPY --chmod=0755 src/main/docker/health.sh ./
# Everything that is written is under /data and /tmp, so the root file system may be read-only:
#   docker run --read-only --tmpfs /tmp -v slipway:/data …
ENV SLIPWAY_DATA=/data \
    SLIPWAY_CONFIG= \
    PORT=8080
USER slipway
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["/opt/slipway/health.sh"]
ENTRYPOINT ["tini", "--", "java", "-XX:AOTCache=slipway.aot", "-XX:+UseSerialGC", "-XX:InitialHeapSize=24m", "-XX:MetaspaceSize=64m", "-Dio.netty.jfr.enabled=false", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-cp", "slipway.jar:lib/*", "dev.slipway.cli.Main"]
CMD ["serve"]
