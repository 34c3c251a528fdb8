package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.time.SettableTime;
import dev.slipway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a run waits, and how it meets a stop of Slipway. */
class RunWaiterTest {
  private static final Instant LATER = SettableTime.START.plus(Duration.ofMinutes(1));

  private final SettableTime time = new SettableTime();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final RunWaiter waiter = new RunWaiter(time, stopping::get);

  @AfterEach
  void forgetInterrupts() {
    boolean _ = Thread.interrupted();
  }

  /** Time in which something happens while somebody sleeps; the sleep notices an interrupt. */
  private RunWaiter whileAsleep(Runnable event) {
    return new RunWaiter(
        new Time() {
          @Override
          public Instant instant() {
            return time.instant();
          }

          @Override
          public long nanos() {
            return time.nanos();
          }

          @Override
          public void sleep(Duration duration) throws InterruptedException {
            event.run();
            time.sleep(duration);
          }
        },
        stopping::get);
  }

  @Test
  void it_waits_until_the_instant() throws Exception {
    waiter.awaitUntil(LATER);

    assertThat(time.instant()).isEqualTo(LATER);
    assertThat(waiter.wasWoken()).isFalse();
  }

  @Test
  void who_was_woken_before_does_not_wait_at_all() throws Exception {
    waiter.wake();
    waiter.awaitUntil(LATER);

    assertThat(time.instant()).isEqualTo(SettableTime.START);
    assertThat(waiter.wasWoken()).as("once").isTrue();
    assertThat(waiter.wasWoken()).as("and not again").isFalse();
    waiter.awaitUntil(LATER);
    assertThat(time.instant()).isEqualTo(LATER);
  }

  @Test
  void a_wake_up_ends_the_waiting_early_and_leaves_no_interrupt() throws Exception {
    RunWaiter[] self = new RunWaiter[1];
    self[0] = whileAsleep(() -> self[0].wake());

    self[0].awaitUntil(LATER);

    assertThat(time.instant()).isEqualTo(SettableTime.START);
    assertThat(self[0].wasWoken()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void an_interrupt_that_is_no_wake_up_is_passed_on() {
    RunWaiter self = whileAsleep(() -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> self.awaitUntil(LATER)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void nothing_is_begun_once_slipway_stops() {
    AtomicInteger runs = new AtomicInteger();
    stopping.set(true);

    assertThatThrownBy(() -> waiter.begin(runs::incrementAndGet))
        .isInstanceOf(InterruptedException.class);
    assertThat(runs).hasValue(0);
  }

  @Test
  void a_stop_does_not_interrupt_what_has_passed_the_gate() throws Exception {
    Thread self = Thread.currentThread();

    waiter.begin(() -> assertThat(waiter.interrupt(self)).isFalse());

    assertThat(self.isInterrupted()).isFalse();
    assertThat(waiter.interrupt(self)).as("behind the gate").isTrue();
    assertThat(self.isInterrupted()).isTrue();
  }

  @Test
  void the_gate_is_open_again_when_a_step_fails() {
    assertThatThrownBy(
            () ->
                waiter.begin(
                    () -> {
                      throw new IllegalStateException("a stumble");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(waiter.interrupt(Thread.currentThread())).isTrue();
  }

  @Test
  void a_run_that_was_written_down_as_begun_has_passed_the_gate_before_its_thread_runs() {
    waiter.markBegun();

    assertThat(waiter.interrupt(Thread.currentThread())).isFalse();
  }

  @Test
  void what_was_begun_goes_on_while_slipway_stops_and_not_interrupted() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    stopping.set(true);
    assertThat(waiter.interrupt(Thread.currentThread())).isTrue();

    waiter.resume(
        () -> {
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          runs.incrementAndGet();
        });

    assertThat(runs).hasValue(1);
  }

  @Test
  void nothing_goes_on_when_there_is_no_time_left() {
    AtomicInteger runs = new AtomicInteger();
    stopping.set(true);
    waiter.interruptForGood(Thread.currentThread());

    assertThatThrownBy(() -> waiter.resume(runs::incrementAndGet))
        .isInstanceOf(InterruptedException.class);
    assertThat(runs).hasValue(0);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
