package dev.slipway.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The facts of the last attempt at one target of the chain.
 *
 * @param all the facts of the attempt, oldest first; none when the target was not tried
 * @param isRepeated whether there was an attempt at this target before
 */
public record AttemptFacts(List<Fact.OfTarget> all, boolean isRepeated) {
  public AttemptFacts {
    all = List.copyOf(all);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** The newest fact; null when the target was not tried. */
  public Fact.@Nullable OfTarget last() {
    return all.isEmpty() ? null : all.getLast();
  }

  /** The newest fact of a kind. */
  public <T extends Fact> Optional<T> last(Class<T> kind) {
    for (Fact fact : all.reversed()) {
      if (kind.isInstance(fact)) {
        return Optional.of(kind.cast(fact));
      }
    }
    return Optional.empty();
  }

  /** The oldest fact of a kind. */
  public <T extends Fact> Optional<T> first(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** Whether the target was called, and all that is known is that it was busy. */
  public boolean isWaiting() {
    return last() instanceof Fact.Busy;
  }

  /** The last verdict; null while there is none. */
  public @Nullable Verdict verdict() {
    return last(Fact.Judged.class).map(Fact.Judged::verdict).orElse(null);
  }

  /** When the attempt began; empty when the target was not tried. */
  public Optional<Instant> since() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst().at());
  }

  /** Where the command of the attempt was to run; null when it is no command of one host. */
  public @Nullable CommandHost host() {
    return last(Fact.Intended.class).map(Fact.Intended::host).orElse(null);
  }

  /** Whether a call that nothing came of is to be made once more. */
  public boolean isRestart() {
    return isRepeated
        || all.stream()
            .anyMatch(one -> !(one instanceof Fact.Busy || one instanceof Fact.Intended));
  }
}
