/**
 * For people at the command line: {@code ./billing demo}, and the parts that it is put together
 * from.
 */
@NullMarked
package io.billingsdk.examples.demo;

import org.jspecify.annotations.NullMarked;
