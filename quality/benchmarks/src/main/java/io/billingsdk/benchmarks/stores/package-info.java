/** The stores that are measured, behind one interface that asks the same work of each. */
@NullMarked
package io.billingsdk.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
