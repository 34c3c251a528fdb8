package dev.slipway.secret;

/**
 * A part of a text.
 *
 * @param from index of its first character
 * @param to index after its last character
 */
public record TextSpan(int from, int to) {}
