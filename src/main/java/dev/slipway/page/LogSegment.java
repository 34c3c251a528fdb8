package dev.slipway.page;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;

/**
 * A piece of a log line.
 *
 * @param t its text
 * @param c its style classes; may be empty
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
public record LogSegment(String t, String c) {}
