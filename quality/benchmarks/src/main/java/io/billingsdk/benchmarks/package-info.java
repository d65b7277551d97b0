/** Benchmarks of the journal beside other stores, and their runner. Never published. */
@NullMarked
package io.billingsdk.benchmarks;

import org.jspecify.annotations.NullMarked;
