package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.Lease;
import dev.slipway.time.SettableTime;
import org.junit.jupiter.api.Test;

/** So many commands at once, first come first served. */
class CommandSlotsTest {
  private final CommandSlots slots = new CommandSlots(2);
  private final RunWaiter patience = patience();

  private static Lease run(long id) {
    return new Lease(id, id, 1, "me", 1);
  }

  private static RunWaiter patience() {
    return new RunWaiter(new SettableTime(), () -> false);
  }

  @Test
  void so_many_have_a_slot_and_may_ask_again() {
    assertThat(slots.take(run(1), patience)).isTrue();
    assertThat(slots.take(run(2), patience)).isTrue();
    assertThat(slots.take(run(1), patience)).isTrue();
    assertThat(slots.take(run(3), patience)).isFalse();
  }

  @Test
  void who_came_first_is_nudged_and_nobody_overtakes() {
    RunWaiter first = patience();
    RunWaiter second = patience();
    slots.take(run(1), patience);
    slots.take(run(2), patience);
    assertThat(slots.take(run(3), first)).isFalse();
    assertThat(slots.take(run(4), second)).isFalse();

    slots.leave(run(1));
    assertThat(first.hasNews()).isTrue();
    assertThat(second.hasNews()).isFalse();
    assertThat(slots.take(run(4), second)).isFalse();
    assertThat(slots.take(run(3), first)).isTrue();
    assertThat(second.hasNews()).isFalse();
  }

  @Test
  void who_is_called_off_while_it_waits_lets_the_next_one_forward() {
    RunWaiter second = patience();
    slots.take(run(1), patience);
    slots.take(run(2), patience);
    slots.take(run(3), patience);
    slots.take(run(4), second);
    slots.leave(run(2));
    slots.leave(run(3));
    assertThat(second.hasNews()).isTrue();
    assertThat(slots.take(run(4), second)).isTrue();
  }

  @Test
  void what_is_taken_up_after_a_restart_counts_without_waiting() {
    slots.hold(run(1));
    slots.hold(run(2));
    slots.hold(run(3));
    assertThat(slots.take(run(4), patience)).isFalse();
    slots.leave(run(1));
    assertThat(slots.take(run(4), patience)).as("one over the limit has ended").isFalse();
    slots.leave(run(2));
    assertThat(slots.take(run(4), patience)).isTrue();
  }
}
