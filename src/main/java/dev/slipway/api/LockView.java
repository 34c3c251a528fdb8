package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.model.EnvironmentLock;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.time.Instant;

/**
 * A lock as the API shows it. A part of the scope that is left out stands for all.
 *
 * @param scope in words
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record LockView(
    long id,
    String scope,
    String host,
    String repository,
    String environment,
    String owner,
    String reason,
    @JsonProperty("created_at") String createdAt,
    @JsonProperty("expires_at") String expiresAt) {
  static LockView of(EnvironmentLock lock) {
    Instant end = lock.expiresAt();
    return new LockView(
        lock.id(),
        lock.scope().description(),
        lock.scope().host(),
        lock.scope().repository(),
        lock.scope().environment(),
        lock.owner(),
        lock.reason(),
        lock.createdAt().toString(),
        end == null ? "" : end.toString());
  }
}
