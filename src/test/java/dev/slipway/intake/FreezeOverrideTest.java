package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Why a payload wants to start within freeze windows, as it is kept. */
class FreezeOverrideTest {
  private static String kept(String reason) {
    return FreezeOverride.reason(
            "{\"override_freeze\":\"" + reason + "\"}", text -> text.replace("hush-hush", "***"))
        .orElseThrow();
  }

  @Test
  void a_reason_is_cut_when_its_secrets_are_out() {
    assertThat(kept("a".repeat(495) + "hush-hush")).isEqualTo("a".repeat(495) + "***");
    assertThat(kept("a".repeat(600))).hasSize(500);
  }
}
