package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notifications as the API lists them, newest first.
 *
 * @param next what {@code before} has to be to go on; null at the end
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record NotificationList(List<NotificationState> notifications, @Nullable Long next) {}
