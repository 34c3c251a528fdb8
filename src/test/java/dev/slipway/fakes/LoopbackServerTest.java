package dev.slipway.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeResponse.Transmission;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopbackServerTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final LoopbackClient client = new LoopbackClient();

  @AfterEach
  void close() {
    client.close();
  }

  private FakeResponse answer(FakeRequest request) {
    requests.add(request.method() + " " + request.uri());
    return FakeResponse.text(200, "done");
  }

  private LoopbackClient.Response call(NetworkBehavior network) throws InterruptedException {
    try (LoopbackServer server = new LoopbackServer(this::answer, network)) {
      return client.post(server.address().resolve("/do?it=now"), Map.of(), new byte[0]);
    }
  }

  @Test
  void over_a_reliable_network_every_call_is_answered() throws Exception {
    assertThat(call(NetworkBehavior.RELIABLE)).isEqualTo(new LoopbackClient.Response(200, "done"));
    assertThat(requests).containsExactly("POST /do?it=now");
  }

  @ParameterizedTest
  @EnumSource(names = {"TRUNCATED", "DROPPED"})
  void a_response_that_is_lost_on_its_way_is_none_though_the_server_has_acted(Transmission how)
      throws Exception {
    assertThat(call((request, server) -> server.handle(request).with(how)).status()).isZero();
    assertThat(requests).hasSize(1);
  }

  @Test
  void a_request_that_is_lost_on_its_way_does_nothing() throws Exception {
    FakeResponse dropped = FakeResponse.text(200, "").with(Transmission.DROPPED);

    assertThat(call((_, _) -> dropped).status()).isZero();
    assertThat(requests).isEmpty();
  }
}
