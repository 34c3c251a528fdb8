package dev.slipway.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedLogLinksTest {
  private static final Instant EXPIRES = Instant.parse("2027-02-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");

  private final SignedLogLinks links = new SignedLogLinks(new Secret("the key of the links"));
  private final String key =
      links.path(17, 3, EXPIRES).orElseThrow().substring("/deployments/17/".length());

  @Test
  void a_link_opens_its_deployment_until_it_expires() {
    assertThat(links.path(17, 3, EXPIRES).orElseThrow()).isEqualTo("/deployments/17/" + key);
    assertThat(key).matches("[\\w-]{38}");
    assertThat(links.generation(17, key, NOW)).hasValue(3);
    assertThat(links.generation(17, key, EXPIRES.minusMillis(1))).hasValue(3);
    assertThat(links.generation(17, key, EXPIRES)).isEmpty();
    assertThat(links.generation(17, key, EXPIRES.plusSeconds(1))).isEmpty();
  }

  @Test
  void a_link_opens_no_other_deployment() {
    assertThat(links.generation(18, key, NOW)).isEmpty();
    assertThat(links.generation(1, key, NOW)).isEmpty();
    assertThat(links.generation(-17, key, NOW)).isEmpty();
  }

  @Test
  void a_link_of_a_former_secret_opens_while_new_ones_are_signed_with_the_new() {
    SignedLogLinks renewed =
        new SignedLogLinks(new Secret("new key"), new Secret("the key of the links"));

    assertThat(renewed.generation(17, key, NOW)).hasValue(3);
    assertThat(renewed.generation(17, key, EXPIRES)).isEmpty();
    assertThat(renewed.path(17, 3, EXPIRES))
        .isEqualTo(new SignedLogLinks(new Secret("new key")).path(17, 3, EXPIRES));
  }

  @Test
  void a_link_of_another_secret_opens_nothing() {
    assertThat(new SignedLogLinks(new Secret("another key")).generation(17, key, NOW)).isEmpty();
  }

  @Test
  void a_key_tells_its_generation_and_each_has_another() {
    String next = links.path(17, 4, EXPIRES).orElseThrow().substring("/deployments/17/".length());

    assertThat(next).isNotEqualTo(key);
    assertThat(links.generation(17, next, NOW)).hasValue(4);
  }

  @Test
  void without_links_none_is_made_and_none_opens() {
    assertThat(SignedLogLinks.off().path(17, 3, EXPIRES)).isEmpty();
    assertThat(SignedLogLinks.off().generation(17, key, NOW)).isEmpty();
  }

  @Test
  void no_bit_of_a_key_can_be_changed() {
    byte[] bytes = Base64.getUrlDecoder().decode(key);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] = (byte) (changed[bit / 8] ^ 1 << bit % 8);
      assertThat(links.generation(17, Base64.getUrlEncoder().encodeToString(changed), NOW))
          .isEmpty();
    }
  }

  @Test
  void a_key_cannot_be_made_to_live_longer() {
    byte[] bytes = Base64.getUrlDecoder().decode(key);
    ByteBuffer.wrap(bytes).putLong(EXPIRES.plusSeconds(86_400).getEpochSecond());
    String longer = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

    assertThat(links.generation(17, longer, NOW)).isEmpty();
  }

  @Test
  void an_expiry_beyond_all_time_opens_nothing() {
    for (long seconds : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 0}) {
      byte[] bytes = ByteBuffer.allocate(28).putLong(seconds).array();
      String odd = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertThat(links.generation(17, odd, NOW)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "=", "A", "AAAA", "../../etc/passwd", "%00", "ключ", "\u0000", "a b", "A+/="})
  void garbage_opens_nothing(String garbage) {
    assertThat(links.generation(17, garbage, NOW)).isEmpty();
    assertThat(links.generation(17, key + garbage + "x", NOW)).isEmpty();
    assertThat(links.generation(17, "x" + garbage + key, NOW)).isEmpty();
  }

  @Test
  void a_key_is_spelled_in_one_way_only() {
    assertThat(links.generation(17, key + "=", NOW)).isEmpty();
    assertThat(links.generation(17, key.substring(1), NOW)).isEmpty();
    assertThat(links.generation(17, key.substring(0, 37), NOW)).isEmpty();
    assertThat(links.generation(17, "A".repeat(4096), NOW)).isEmpty();
  }
}
