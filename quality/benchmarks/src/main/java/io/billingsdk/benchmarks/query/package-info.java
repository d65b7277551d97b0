/** What questions to the billing server cost. */
@NullMarked
package io.billingsdk.benchmarks.query;

import org.jspecify.annotations.NullMarked;
