package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ForeignTest {
  @Test
  void nobody_elses_deployments_are_taken_unless_the_route_says_so() {
    Maker job = new Maker(true, "github-actions", "mia", false);
    Maker pages = new Maker(true, "", "github-pages[bot]", true);
    Maker render = new Maker(false, "", "render[bot]", true);
    Maker app = new Maker(false, "chat-ops", "chat-ops[bot]", true);

    assertThat(Foreign.NONE.objection(Maker.person("mia"))).isEmpty();
    assertThat(Foreign.NONE.objection(job))
        .hasValueSatisfying(why -> assertThat(why).contains("workflow run"));
    assertThat(Foreign.NONE.objection(pages)).isPresent();
    assertThat(Foreign.NONE.objection(render))
        .hasValueSatisfying(why -> assertThat(why).contains("render[bot]"));
    assertThat(Foreign.NONE.objection(app))
        .hasValueSatisfying(why -> assertThat(why).contains("chat-ops"));
    assertThat(new Foreign(false, Set.of("chat-ops"), Set.of()).objection(app)).isEmpty();
    assertThat(new Foreign(false, Set.of(), Set.of("render[bot]")).objection(render)).isEmpty();
    assertThat(new Foreign(true, Set.of("github-actions"), Set.of()).objection(job)).isEmpty();
    assertThat(new Foreign(true, Set.of(), Set.of()).objection(job)).isPresent();
  }
}
