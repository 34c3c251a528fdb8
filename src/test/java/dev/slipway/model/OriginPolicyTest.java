package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginPolicyTest {
  @Test
  void nobody_elses_deployments_are_taken_unless_the_route_says_so() {
    Origin job = new Origin(true, "github-actions", "mia", false);
    Origin pages = new Origin(true, "", "github-pages[bot]", true);
    Origin render = new Origin(false, "", "render[bot]", true);
    Origin app = new Origin(false, "chat-ops", "chat-ops[bot]", true);

    assertThat(OriginPolicy.NONE.objection(new Origin(false, "", "mia", false))).isEmpty();
    assertThat(OriginPolicy.NONE.objection(job))
        .hasValueSatisfying(why -> assertThat(why).contains("workflow run"));
    assertThat(OriginPolicy.NONE.objection(pages)).isPresent();
    assertThat(OriginPolicy.NONE.objection(render))
        .hasValueSatisfying(why -> assertThat(why).contains("render[bot]"));
    assertThat(OriginPolicy.NONE.objection(app))
        .hasValueSatisfying(why -> assertThat(why).contains("chat-ops"));
    assertThat(new OriginPolicy(false, Set.of("chat-ops"), Set.of()).objection(app)).isEmpty();
    assertThat(new OriginPolicy(false, Set.of(), Set.of("render[bot]")).objection(render))
        .isEmpty();
    assertThat(new OriginPolicy(true, Set.of("github-actions"), Set.of()).objection(job)).isEmpty();
    assertThat(new OriginPolicy(true, Set.of(), Set.of()).objection(job)).isPresent();
  }
}
