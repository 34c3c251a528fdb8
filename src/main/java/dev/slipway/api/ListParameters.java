package dev.slipway.api;

import dev.slipway.problem.Problem;
import io.micronaut.http.HttpResponse;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The parameters of lists that are read in parts, newest first. */
final class ListParameters {
  private static final int USUAL = 50;
  private static final int MOST = 200;

  private ListParameters() {}

  /** Reads a part of a list. */
  interface Reading {
    Object read(int limit, long before);
  }

  /** The answer with a part of a list, or with what is wrong with a parameter. */
  static HttpResponse<?> read(@Nullable String limit, @Nullable String before, Reading reading) {
    OptionalLong most = number(limit, USUAL, MOST);
    OptionalLong from = number(before, Long.MAX_VALUE, Long.MAX_VALUE);
    if (most.isEmpty()) {
      return Problem.response(
          400, "Bad limit", "limit is \"%s\"; use a number from 1 to %d".formatted(limit, MOST));
    }
    if (from.isEmpty()) {
      return Problem.response(
          400, "Bad before", "before is \"%s\"; use the next of the list before".formatted(before));
    }
    return HttpResponse.ok(reading.read((int) most.getAsLong(), from.getAsLong()));
  }

  /** What {@code before} has to be to go on; null at the end. */
  static @Nullable Long next(OptionalLong id) {
    return id.isPresent() ? id.getAsLong() : null;
  }

  private static OptionalLong number(@Nullable String text, long otherwise, long most) {
    if (text == null) {
      return OptionalLong.of(otherwise);
    }
    if (!text.matches("[0-9]{1,18}")) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(text);
    return number >= 1 && number <= most ? OptionalLong.of(number) : OptionalLong.empty();
  }
}
