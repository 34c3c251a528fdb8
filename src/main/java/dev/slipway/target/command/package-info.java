/** Commands: here (shell) and on your server (SSH). */
@NullMarked
package dev.slipway.target.command;

import org.jspecify.annotations.NullMarked;
