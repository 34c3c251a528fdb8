/**
 * Works off the queues: takes a run, asks for the next move, makes it, writes down what happened.
 * Never talks to GitHub.
 */
@NullMarked
package dev.slipway.run;

import org.jspecify.annotations.NullMarked;
