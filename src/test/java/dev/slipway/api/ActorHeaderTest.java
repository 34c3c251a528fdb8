package dev.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Actor;
import dev.slipway.model.Caller;
import dev.slipway.model.Scope;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** For whom a caller says that it acts. */
class ActorHeaderTest {
  private static final Caller CALLER = new Caller("ci", Set.of(Scope.CONTROL), List.of());
  private static final ActorHeader HEADER =
      new ActorHeader(new Redactor(List.of(new Secret("hunter22-and-more"))));

  private static String name(@Nullable String header) {
    Actor actor = HEADER.actor(CALLER, header);
    assertThat(actor.via()).isEqualTo(Actor.Via.API);
    return actor.name();
  }

  @Test
  void the_name_of_the_token_stands_behind_or_alone() {
    assertThat(name("ann\t of ops")).isEqualTo("ann of ops (token ci)");
    assertThat(name(" ")).isEqualTo("token ci");
    assertThat(name(null)).isEqualTo("token ci");
  }

  @Test
  void a_secret_is_taken_out_before_the_name_is_cut() {
    assertThat(name("a".repeat(200))).isEqualTo("a".repeat(99) + "… (token ci)");
    assertThat(name("a".repeat(90) + "hunter22-and-more"))
        .isEqualTo("a".repeat(90) + "*** (token ci)");
  }
}
