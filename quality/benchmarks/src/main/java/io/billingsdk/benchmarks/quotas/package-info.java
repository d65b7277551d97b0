/** What it costs to admit a call and to settle it. */
@NullMarked
package io.billingsdk.benchmarks.quotas;

import org.jspecify.annotations.NullMarked;
