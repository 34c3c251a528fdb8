package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.Lease;
import dev.slipway.time.SettableTime;
import org.junit.jupiter.api.Test;

/** So many commands at once, first come first served. */
class CommandSlotsTest {
  private final CommandSlots slots = new CommandSlots(2);
  private final RunWaiter waiter = waiter();

  private static Lease run(long id) {
    return new Lease(id, id, 1, "me", 1);
  }

  private static RunWaiter waiter() {
    return new RunWaiter(new SettableTime(), () -> false);
  }

  @Test
  void so_many_have_a_slot_and_may_ask_again() {
    assertThat(slots.acquire(run(1), waiter)).isTrue();
    assertThat(slots.acquire(run(2), waiter)).isTrue();
    assertThat(slots.acquire(run(1), waiter)).isTrue();
    assertThat(slots.acquire(run(3), waiter)).isFalse();
  }

  @Test
  void who_came_first_is_woken_and_nobody_overtakes() {
    RunWaiter first = waiter();
    RunWaiter second = waiter();
    slots.acquire(run(1), waiter);
    slots.acquire(run(2), waiter);
    assertThat(slots.acquire(run(3), first)).isFalse();
    assertThat(slots.acquire(run(4), second)).isFalse();

    slots.release(run(1));
    assertThat(first.wasWoken()).isTrue();
    assertThat(second.wasWoken()).isFalse();
    assertThat(slots.acquire(run(4), second)).isFalse();
    assertThat(slots.acquire(run(3), first)).isTrue();
    assertThat(second.wasWoken()).isFalse();
  }

  @Test
  void who_is_called_off_while_it_waits_lets_the_next_one_forward() {
    RunWaiter second = waiter();
    slots.acquire(run(1), waiter);
    slots.acquire(run(2), waiter);
    slots.acquire(run(3), waiter);
    slots.acquire(run(4), second);
    slots.release(run(2));
    slots.release(run(3));
    assertThat(second.wasWoken()).isTrue();
    assertThat(slots.acquire(run(4), second)).isTrue();
  }

  @Test
  void what_is_taken_up_after_a_restart_counts_without_waiting() {
    slots.occupy(run(1));
    slots.occupy(run(2));
    slots.occupy(run(3));
    assertThat(slots.acquire(run(4), waiter)).isFalse();
    slots.release(run(1));
    assertThat(slots.acquire(run(4), waiter)).as("one over the limit has ended").isFalse();
    slots.release(run(2));
    assertThat(slots.acquire(run(4), waiter)).isTrue();
  }
}
