/** Commands: here (shell) and on your server (SSH). */
@NullMarked
package dev.slipway.targets.command;

import org.jspecify.annotations.NullMarked;
