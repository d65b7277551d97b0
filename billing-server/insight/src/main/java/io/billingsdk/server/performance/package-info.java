/**
 * Performance: executions and their steps, and the analytics of time and cost over HTTP. It owns
 * the steps, the sketches of their durations, the sums of costs and the dismissals of advice. For
 * the assembly of the server alone.
 */
@NullMarked
package io.billingsdk.server.performance;

import org.jspecify.annotations.NullMarked;
