/** Performance: executions, their steps, and the analytics of both time and cost. */
@NullMarked
package io.billingsdk.server.performance;

import org.jspecify.annotations.NullMarked;
