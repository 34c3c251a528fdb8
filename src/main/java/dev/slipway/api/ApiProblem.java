package dev.slipway.api;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;

/**
 * An error as RFC 9457 wants it.
 *
 * @param errors everything that is wrong, where it is more than one thing
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
record ApiProblem(String type, String title, int status, String detail, List<String> errors) {
  static final String MEDIA_TYPE = "application/problem+json";

  static MutableHttpResponse<ApiProblem> response(int status, String title, String detail) {
    return response(status, title, detail, List.of());
  }

  static MutableHttpResponse<ApiProblem> response(
      int status, String title, String detail, List<String> errors) {
    return HttpResponse.<ApiProblem>status(HttpStatus.valueOf(status))
        .body(new ApiProblem("about:blank", title, status, detail, errors))
        .contentType(MEDIA_TYPE);
  }
}
