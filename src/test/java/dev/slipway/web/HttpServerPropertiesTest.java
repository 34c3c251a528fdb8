package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.api.ApiAccess;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.server.SlipwayServer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServerPropertiesTest {
  @TempDir Path folder;

  private Map<String, Object> properties(Map<String, String> more) {
    Map<String, String> environment = new java.util.HashMap<>(more);
    environment.put("GITHUB_WEBHOOK_SECRET", SlipwayServer.SECRET);
    environment.put("DEPLOY_CMD", "true");
    return HttpServerProperties.of(
        ((Configuration.Loaded.Good) ConfigurationReader.load(environment, folder))
            .configuration());
  }

  @Test
  void no_idle_limit_cuts_the_longest_wait() {
    try (ApplicationContext context =
        ApplicationContext.builder().properties(properties(Map.of())).start()) {
      var server = context.getBean(NettyHttpServerConfiguration.class);
      assertThat(
              List.of(
                  server.getIdleTimeout(),
                  server.getReadIdleTimeout(),
                  server.getWriteIdleTimeout()))
          .allSatisfy(limit -> assertThat(limit).isGreaterThan(ApiAccess.LONGEST_WAIT));
    }
  }

  @Test
  void it_listens_where_it_is_told_to() {
    assertThat(properties(Map.of())).containsEntry("micronaut.server.host", "0.0.0.0");
    assertThat(properties(Map.of("SLIPWAY_BIND", "127.0.0.1")))
        .containsEntry("micronaut.server.host", "127.0.0.1");
    assertThat(ConfigurationReader.load(Map.of("SLIPWAY_BIND", "proxy.example"), folder))
        .isInstanceOfSatisfying(
            Configuration.Loaded.Bad.class,
            bad ->
                assertThat(bad.problems())
                    .anySatisfy(
                        problem ->
                            assertThat(problem)
                                .contains("SLIPWAY_BIND", "an address of this machine")));
  }
}
