package dev.slipway.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error response, as RFC 9457 defines it. It has no {@code instance}: addresses of
 * log pages hold keys.
 *
 * @param type always {@code about:blank}: {@code error} tells problems apart
 * @param detail what is wrong and what to do, for people
 * @param error a code that programs may go by, where there is one
 * @param errors everything that is wrong, where it is more than one thing
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    @Nullable String error,
    List<String> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String NO_TYPE = "about:blank";

  /** A problem whose title is the status's own. */
  public static Problem of(int status, @Nullable String detail, @Nullable String error) {
    return new Problem(
        NO_TYPE, HttpStatus.valueOf(status).getReason(), status, detail, error, List.of());
  }

  /** A problem with several things wrong. */
  public static Problem of(int status, String title, String detail, List<String> errors) {
    return new Problem(NO_TYPE, title, status, detail, null, errors);
  }

  /** A response with a problem that has a title of its own. */
  public static MutableHttpResponse<Problem> response(int status, String title, String detail) {
    return of(status, title, detail, List.of()).response();
  }

  /** The response with this problem. */
  public MutableHttpResponse<Problem> response() {
    return HttpResponse.<Problem>status(HttpStatus.valueOf(status))
        .body(this)
        .contentType(MEDIA_TYPE);
  }
}
