/**
 * Fakes of GitHub, Render, Qovery and a server with a deploy command. Each listens on 127.0.0.1.
 */
@NullMarked
package dev.slipway.fakes;

import org.jspecify.annotations.NullMarked;
